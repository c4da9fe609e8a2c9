//! What became of the rounds: the last one of each kind, for administrators.
//!
//! A round writes itself down in the register of the task it runs in, so that nobody hands a register around. Work that is
//! begun anew in a loop of its own, because what comes next hangs on what it found, says so with a [`Turn`].

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task_local;

use crate::domain::Timestamp;
use crate::runtime::Clock;

task_local! {
    static OWN: (Rounds, &'static str);
}

/// Cheap to clone; all clones are one register.
#[derive(Debug, Clone, Default)]
pub struct Rounds(Arc<Mutex<BTreeMap<&'static str, Entry>>>);

#[derive(Debug, Default)]
struct Entry {
    last: Option<Round>,
    /// Of the round under way.
    failure: Option<String>,
}

/// The last round of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Of the task, or its own where a task makes several kinds.
    pub name: &'static str,
    pub started_at: Timestamp,
    pub took: Duration,
    /// Why it came to nothing, if it did.
    pub failure: Option<String>,
    /// When the next one is due, unless somebody pokes it before.
    pub next_at: Timestamp,
    /// Since the start of the process.
    pub rounds: u64,
    pub failures: u64,
}

impl Rounds {
    /// In the order of their names.
    pub fn list(&self) -> Vec<Round> {
        self.lock().values().filter_map(|entry| entry.last.clone()).collect()
    }

    /// The rounds of `work` are written down here, by this name.
    pub(super) fn around<F: Future>(&self, name: &'static str, work: F) -> impl Future<Output = F::Output> + use<F> {
        OWN.scope((self.clone(), name), work)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A round under way. One that is dropped before its end is not written down.
#[derive(Debug)]
pub struct Turn {
    started_at: Timestamp,
    started: Duration,
}

impl Turn {
    pub fn begin(clock: &Clock) -> Self {
        Self { started_at: clock.now(), started: clock.uptime() }
    }

    /// Well, unless it said otherwise meanwhile; the next one comes after `wait`.
    pub fn end(self, clock: &Clock, wait: Duration) {
        let Self { started_at, started } = self;
        let (took, next_at) = (clock.uptime().saturating_sub(started), clock.now().plus(wait));
        own(|name, entry| {
            let failure = entry.failure.take();
            let (rounds, failures) = entry.last.as_ref().map_or((0, 0), |last| (last.rounds, last.failures));
            let failures = failures + u64::from(failure.is_some());
            entry.last = Some(Round { name, started_at, took, failure, next_at, rounds: rounds + 1, failures });
        });
    }
}

/// The rounds of `work` are written down by a name of their own, apart from others of the same task.
pub fn under<F: Future>(name: &'static str, work: F) -> impl Future<Output = F::Output> + use<F> {
    let register = OWN.try_with(|(rounds, _)| rounds.clone()).unwrap_or_default();
    register.around(name, work)
}

/// The round under way comes to nothing, and why. Outside of a round it says nothing.
pub fn failed(why: &dyn std::error::Error) {
    own(|_, entry| entry.failure = Some(why.to_string()));
}

fn own(change: impl FnOnce(&'static str, &mut Entry)) {
    // Whoever makes rounds outside of a named task has no register.
    let _ = OWN.try_with(|(rounds, name)| change(name, rounds.lock().entry(name).or_default()));
}
