//! The sign-ins people watch: one progress each, kept as long as somebody watches or something runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::domain::signin::{AttemptId, Outcome, Progress, Step};

/// Several times what an office does at eight in the morning.
const MOST: usize = 2_000;

/// Ids come back from browsers, who may send anything.
const LONGEST_ID: usize = 128;

/// Cheap to clone; all clones know the same attempts.
#[derive(Debug, Clone, Default)]
pub struct Attempts(Arc<Mutex<HashMap<AttemptId, Attempt>>>);

#[derive(Debug)]
struct Attempt {
    progress: watch::Sender<Progress>,
    running: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    AlreadyUnderWay,
    TooMany,
    UnusableId,
}

/// One sign-in under way. Dropping it ends that, whatever came of it.
#[derive(Debug)]
pub struct Running {
    attempts: Attempts,
    id: AttemptId,
    progress: watch::Sender<Progress>,
}

impl Attempts {
    /// `None`: too many are being watched, or the id is none of ours.
    pub fn watch(&self, id: &AttemptId) -> Option<watch::Receiver<Progress>> {
        let mut attempts = self.room_for(id).ok()?;
        Some(attempt(&mut attempts, id).progress.subscribe())
    }

    pub fn begin(&self, id: &AttemptId) -> Result<Running, Busy> {
        let mut attempts = self.room_for(id)?;
        let attempt = attempt(&mut attempts, id);
        if attempt.running {
            return Err(Busy::AlreadyUnderWay);
        }
        attempt.running = true;
        attempt.progress.send_replace(Progress::IDLE);
        let progress = attempt.progress.clone();
        Ok(Running { attempts: self.clone(), id: id.clone(), progress })
    }

    /// Forgets those nobody watches.
    pub fn purge(&self) {
        forget_idle(&mut self.lock());
    }

    fn room_for(&self, id: &AttemptId) -> Result<MutexGuard<'_, HashMap<AttemptId, Attempt>>, Busy> {
        if id.as_str().is_empty() || id.as_str().len() > LONGEST_ID {
            return Err(Busy::UnusableId);
        }
        let mut attempts = self.lock();
        if attempts.len() >= MOST && !attempts.contains_key(id) {
            forget_idle(&mut attempts);
        }
        if attempts.len() >= MOST && !attempts.contains_key(id) {
            return Err(Busy::TooMany);
        }
        Ok(attempts)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AttemptId, Attempt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn attempt<'a>(attempts: &'a mut HashMap<AttemptId, Attempt>, id: &AttemptId) -> &'a mut Attempt {
    let idle = || Attempt { progress: watch::Sender::new(Progress::IDLE), running: false };
    attempts.entry(id.clone()).or_insert_with(idle)
}

fn forget_idle(attempts: &mut HashMap<AttemptId, Attempt>) {
    attempts.retain(|_, attempt| attempt.running || attempt.progress.receiver_count() > 0);
}

impl Running {
    pub fn waits_at(&self, place: u32) {
        self.progress.send_replace(Progress { step: Some(Step::Queue), place: Some(place), ..Progress::IDLE });
    }

    pub fn is_at(&self, step: Step) {
        self.progress.send_modify(|progress| *progress = Progress { step: Some(step), place: None, ..*progress });
    }

    pub fn checks_code(&self) {
        let checking = Progress { step: Some(Step::Check), code: true, ..Progress::IDLE };
        self.progress.send_replace(checking);
    }

    pub fn reached_in(&self, reach_ms: u64) {
        self.progress.send_modify(|progress| progress.reach_ms = Some(reach_ms));
    }

    pub fn ended(&self, outcome: Outcome) {
        self.progress.send_modify(|progress| *progress = Progress { outcome: Some(outcome), place: None, ..*progress });
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut attempts = self.attempts.lock();
        if let Some(attempt) = attempts.get_mut(&self.id) {
            attempt.running = false;
            if attempt.progress.receiver_count() == 0 {
                attempts.remove(&self.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> AttemptId {
        AttemptId::new(text)
    }

    #[test]
    fn one_attempt_runs_once_at_a_time_and_its_watcher_sees_the_whole_state() {
        let attempts = Attempts::default();
        let watcher = attempts.watch(&id("a")).unwrap();
        let running = attempts.begin(&id("a")).unwrap();
        assert_eq!(attempts.begin(&id("a")).unwrap_err(), Busy::AlreadyUnderWay);
        running.waits_at(2);
        assert_eq!(watcher.borrow().place, Some(2));
        running.is_at(Step::Reach);
        running.reached_in(12);
        running.ended(Outcome::Refused);
        let (step, outcome) = (Some(Step::Reach), Some(Outcome::Refused));
        let expected = Progress { step, reach_ms: Some(12), outcome, ..Progress::IDLE };
        assert_eq!(*watcher.borrow(), expected);
        drop(running);
        let _again = attempts.begin(&id("a")).unwrap();
        assert_eq!(*watcher.borrow(), Progress::IDLE);
    }

    #[test]
    fn what_nobody_watches_makes_room_and_what_runs_does_not() {
        let attempts = Attempts::default();
        let running: Vec<Running> = (0..MOST - 1).map(|n| attempts.begin(&id(&n.to_string())).unwrap()).collect();
        let watcher = attempts.watch(&id("watched")).unwrap();
        assert!(attempts.watch(&id("one more")).is_none());
        assert_eq!(attempts.begin(&id("one more")).unwrap_err(), Busy::TooMany);
        drop(watcher);
        assert!(attempts.watch(&id("one more")).is_some());
        drop(running);
        attempts.purge();
        assert_eq!(attempts.lock().len(), 0);
    }

    #[test]
    fn an_id_no_page_of_ours_gave_is_refused() {
        for text in [String::new(), "a".repeat(129)] {
            assert_eq!(Attempts::default().begin(&id(&text)).unwrap_err(), Busy::UnusableId);
        }
    }
}
