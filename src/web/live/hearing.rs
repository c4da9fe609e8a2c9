//! Who hears of a line: by the rights of the moment it is told. No line waits for rights that have to be read first: it is
//! told to the others, and to these once they are known.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::caller::{Account, AccountId, Role};
use crate::domain::event::{Audience, Listener, Told};
use crate::shares::Board;
use crate::web::live::registry::Registry;

/// More than an office has people. Forgotten, a line is merely found among the notices.
const MOST_PEOPLE: usize = 2_000;

/// Cheap to clone; all clones remember the same.
#[derive(Debug, Clone)]
pub struct Hearing {
    board: Board,
    /// The first line of each person that hangs on rights to be read first.
    withheld: Arc<Mutex<HashMap<AccountId, u64>>>,
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
    pub fn new(board: Board) -> Self {
        Self { board, withheld: Arc::default() }
    }

    /// Of those who look.
    pub fn hearers(&self, told: &Told, registry: &Registry) -> Hearers {
        match &told.audience {
            Audience::Everybody => Hearers::All,
            Audience::Administrators => Hearers::Administrators,
            Audience::Account(account) => Hearers::Of(account.clone()),
            Audience::AccountReaching(..) | Audience::Group(_) | Audience::Reaching(_) => {
                let people = registry.people().into_iter().map(|person| person.account.clone());
                let hears = |account: &Account| {
                    let hears = self.may_hear(account, &told.audience);
                    if hears.is_none() {
                        self.withhold(&account.id, told.seq);
                    }
                    hears.unwrap_or(false)
                };
                Hearers::These(Arc::new(people.filter(hears).map(|account| account.id).collect()))
            }
        }
    }

    /// `None`: that hangs on rights that have to be read first.
    pub fn may_hear(&self, account: &Account, audience: &Audience) -> Option<bool> {
        let needs_rights = match audience {
            Audience::Everybody | Audience::Administrators | Audience::Account(_) => false,
            Audience::AccountReaching(of, _) => account.id == *of,
            Audience::Group(_) | Audience::Reaching(_) => !account.id.is_local(),
        };
        let known = if needs_rights { Some(self.board.current(&account.id)?) } else { None };
        let (groups, shares) = known.map(|known| (known.group_names(), known.share_ids())).unwrap_or_default();
        Some(audience.admits(&Listener { account, groups: &groups, shares: &shares }))
    }

    /// This line, and perhaps others after it, is for the person to have once their rights are known.
    pub fn withhold(&self, account: &AccountId, seq: u64) {
        let mut withheld = self.withheld();
        if withheld.len() >= MOST_PEOPLE {
            withheld.clear();
        }
        let first = withheld.entry(account.clone()).or_insert(seq);
        *first = seq.min(*first);
    }

    /// The first line they lack, if their rights are known by now. From here on they have it.
    pub fn take_withheld(&self, account: &AccountId) -> Option<u64> {
        let is_withheld = self.withheld().contains_key(account);
        (is_withheld && self.board.current(account).is_some()).then(|| self.withheld().remove(account)).flatten()
    }

    /// A plain map: a panic elsewhere leaves it whole.
    fn withheld(&self) -> MutexGuard<'_, HashMap<AccountId, u64>> {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
