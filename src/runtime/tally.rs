//! Counting by kind. The kinds are few and known beforehand: a count is never forgotten.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Tally<K>(Arc<Mutex<BTreeMap<K, u64>>>);

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Ord + Clone> Tally<K> {
    pub fn count(&self, kind: K) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default() += 1;
    }

    pub fn all(&self) -> Vec<(K, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|(kind, count)| (kind.clone(), *count)).collect()
    }
}
