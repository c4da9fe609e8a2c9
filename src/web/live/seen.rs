//! Which toasts a person has seen, in whichever browser: another one that comes back need not show them again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::caller::AccountId;

/// More than come while a browser sleeps that is not told everything anew.
const MOST_OF_PERSON: usize = 200;
/// More than an office has people. Forgotten, a toast is merely shown again.
const MOST_PEOPLE: usize = 2_000;

/// Cheap to clone; all clones remember the same.
#[derive(Debug, Clone, Default)]
pub struct Seen(Arc<Mutex<HashMap<AccountId, VecDeque<u64>>>>);

impl Seen {
    /// `false`: that is not new.
    pub fn mark(&self, account: &AccountId, seq: u64) -> bool {
        let mut people = self.people();
        if people.len() >= MOST_PEOPLE && !people.contains_key(account) {
            people.clear();
        }
        let seen = people.entry(account.clone()).or_default();
        if seen.contains(&seq) {
            return false;
        }
        if seen.len() >= MOST_OF_PERSON {
            seen.pop_front();
        }
        seen.push_back(seq);
        true
    }

    pub fn contains(&self, account: &AccountId, seq: u64) -> bool {
        self.people().get(account).is_some_and(|seen| seen.contains(&seq))
    }

    /// A plain map: a panic elsewhere leaves it whole.
    fn people(&self) -> MutexGuard<'_, HashMap<AccountId, VecDeque<u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toast_is_seen_once_and_memory_is_bounded() {
        let seen = Seen::default();
        let ana = AccountId::of_uid(1);
        assert!(seen.mark(&ana, 7));
        assert!(!seen.mark(&ana, 7));
        assert!(seen.contains(&ana, 7) && !seen.contains(&AccountId::of_uid(2), 7));
        for seq in 8..8 + MOST_OF_PERSON as u64 {
            seen.mark(&ana, seq);
        }
        assert!(!seen.contains(&ana, 7));
        for uid in 0..=u32::try_from(MOST_PEOPLE).unwrap() {
            seen.mark(&AccountId::of_uid(uid), 1);
        }
        assert!(seen.people().len() <= MOST_PEOPLE);
    }
}
