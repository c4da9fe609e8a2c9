//! Who hears of a line: by the rights of the moment it is told.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};

use crate::domain::caller::{Account, AccountId, Role};
use crate::domain::event::{Audience, Listener};
use crate::runtime::Clock;
use crate::shares::Board;
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
        let known = match needs_rights {
            true => self.board.current_within(by.saturating_sub(self.clock.uptime()), account).await,
            false => None,
        };
        let (groups, shares) = known.map(|known| (known.group_names(), known.share_ids())).unwrap_or_default();
        audience.admits(&Listener { account, groups: &groups, shares: &shares })
    }
}
