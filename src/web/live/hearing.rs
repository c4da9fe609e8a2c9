//! Who hears of a line: by the rights of the moment it is told.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};

use crate::domain::caller::{Account, AccountId, Role};
use crate::domain::event::{Audience, Listener};
use crate::runtime::Clock;
use crate::shares::{Board, Known};
use crate::web::live::registry::{Person, Registry};

/// Lines wait no longer for rights that are being read anew, however many people there are. Who is not known by then does
/// not hear them.
const PATIENCE: Duration = Duration::from_secs(2);
const READS_AT_ONCE: usize = 8;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hearing {
    board: Board,
    clock: Clock,
}

/// Who among those who look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hearers {
    All,
    Administrators,
    Of(AccountId),
    These(Arc<HashSet<AccountId>>),
}

impl Hearers {
    pub fn among(&self, registry: &Registry) -> Vec<AccountId> {
        let people = registry.people().into_iter().map(|person| person.account.clone());
        let hears = |account: &Account| match self {
            Self::All => true,
            Self::Administrators => account.role == Role::Administrator,
            Self::Of(id) => account.id == *id,
            Self::These(ids) => ids.contains(&account.id),
        };
        people.filter(hears).map(|account| account.id).collect()
    }
}

impl Hearing {
    pub fn new(board: Board, clock: Clock) -> Self {
        Self { board, clock }
    }

    pub async fn hearers(&self, audience: &Audience, registry: &Registry) -> Hearers {
        match audience {
            Audience::Everybody => Hearers::All,
            Audience::Administrators => Hearers::Administrators,
            Audience::Account(account) => Hearers::Of(account.clone()),
            Audience::AccountReaching(..) | Audience::Group(_) | Audience::Reaching(_) => {
                let by = self.by();
                let admitted = |person: Arc<Person>| async move {
                    self.may_hear(&person.account, audience, by).await.then(|| person.account.id.clone())
                };
                let people = stream::iter(registry.people()).map(admitted).buffer_unordered(READS_AT_ONCE);
                Hearers::These(Arc::new(people.filter_map(std::future::ready).collect().await))
            }
        }
    }

    /// Up to which moment of [`Clock::uptime`] rights are waited for from now on.
    pub fn by(&self) -> Duration {
        self.clock.uptime() + PATIENCE
    }

    pub async fn may_hear(&self, account: &Account, audience: &Audience, by: Duration) -> bool {
        let needs_rights = match audience {
            Audience::Everybody | Audience::Administrators | Audience::Account(_) => false,
            Audience::AccountReaching(of, _) => account.id == *of,
            Audience::Group(_) | Audience::Reaching(_) => true,
        };
        let holding = || self.board.known(&account.id).filter(|known| self.board.holds(known));
        let known = match holding() {
            // Told of a change since, or never read: only what is read now can be believed.
            None if needs_rights && !account.id.is_local() => self.read_anew(account, by).await,
            known => known,
        };
        let (groups, shares) = known.map(|known| (known.group_names(), known.share_ids())).unwrap_or_default();
        audience.admits(&Listener { account, groups: &groups, shares: &shares })
    }

    async fn read_anew(&self, account: &Account, by: Duration) -> Option<Known> {
        let left = by.checked_sub(self.clock.uptime()).filter(|left| !left.is_zero())?;
        let read = self.clock.timeout(left, Box::pin(self.board.refresh(&account.username))).await;
        read.ok().and_then(Result::ok).flatten().and_then(|_| self.board.known(&account.id))
    }
}
