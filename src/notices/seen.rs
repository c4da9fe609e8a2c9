//! Which notices a browser of a person has shown already. Kept in memory only: after a restart one may show twice, none is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::caller::AccountId;

/// Older ones are on no screen any more.
const OF_ONE_PERSON: usize = 200;
const PEOPLE: usize = 2_000;

#[derive(Debug, Clone, Default)]
pub(super) struct Seen(Arc<Mutex<BTreeMap<AccountId, BTreeSet<u64>>>>);

impl Seen {
    pub(super) fn add(&self, account: &AccountId, seq: u64) {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if people.len() >= PEOPLE && !people.contains_key(account) {
            // Whoever has heard nothing for the longest time.
            let longest =
                people.iter().min_by_key(|(_, seen)| seen.last().copied()).map(|(account, _)| account.clone());
            longest.and_then(|account| people.remove(&account));
        }
        let seen = people.entry(account.clone()).or_default();
        seen.insert(seq);
        if seen.len() > OF_ONE_PERSON {
            seen.pop_first();
        }
    }

    pub(super) fn has(&self, account: &AccountId, seq: u64) -> bool {
        let people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        people.get(account).is_some_and(|seen| seen.contains(&seq))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_of_toasts_is_bounded_and_each_persons_own() {
        let seen = Seen::default();
        let (ana, bruno) = (AccountId::of_uid(1), AccountId::of_uid(2));
        for seq in 1..=201 {
            seen.add(&ana, seq);
        }
        assert_eq!([1, 2, 201].map(|seq| seen.has(&ana, seq)), [false, true, true]);
        assert!(!seen.has(&bruno, 201));
        for uid in 10..10 + u32::try_from(PEOPLE).unwrap() {
            seen.add(&AccountId::of_uid(uid), 300);
        }
        assert!(!seen.has(&ana, 201), "the one who heard nothing for the longest time is forgotten");
        assert!(seen.has(&AccountId::of_uid(10), 300));
    }
}
