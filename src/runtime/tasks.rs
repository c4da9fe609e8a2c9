//! Named, tracked tasks: who is running, a soft stop, a hard stop, and noticing who ended by itself.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument as _, error, info_span};

use crate::runtime::{Clock, Rounds};

/// A task that yields at all ends within moments of being aborted.
const ABORT_LIMIT: Duration = Duration::from_secs(1);

/// Cheap to clone; all clones are one register. A child register stops with its parent, and alone.
#[derive(Debug, Clone)]
pub struct Tasks(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    tracker: TaskTracker,
    stopping: CancellationToken,
    /// Told before all else stops, and waited for.
    closing: CancellationToken,
    doors: TaskTracker,
    running: Mutex<BTreeMap<u64, (&'static str, Option<AbortHandle>)>>,
    next_id: Mutex<u64>,
    /// Of this register and of its children.
    rounds: Rounds,
}

/// Takes its task out of the register however the task ends, a panic included.
struct Registered {
    tasks: Tasks,
    id: u64,
    name: &'static str,
    must_last: bool,
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.tasks.lock().remove(&self.id);
        if self.must_last && !self.tasks.0.closing.is_cancelled() {
            error!(task = self.name, "a task that must last has ended by itself; all beside it stop");
            self.tasks.0.stopping.cancel();
        }
    }
}

impl Default for Tasks {
    fn default() -> Self {
        Self::new(CancellationToken::new(), Rounds::default())
    }
}

impl Tasks {
    fn new(stopping: CancellationToken, rounds: Rounds) -> Self {
        Self(Arc::new(Inner {
            tracker: TaskTracker::new(),
            closing: stopping.child_token(),
            doors: TaskTracker::new(),
            stopping,
            running: Mutex::default(),
            next_id: Mutex::default(),
            rounds,
        }))
    }

    /// A register of its own that also hears this one's stop.
    #[must_use]
    pub fn child(&self) -> Self {
        Self::new(self.0.stopping.child_token(), self.0.rounds.clone())
    }

    /// Starts a task that lasts until the stop. When it ends earlier something is broken, and all of this register and
    /// of its children are asked to stop; its parent hears nothing.
    pub fn keep<F: Future<Output = ()> + Send + 'static>(&self, name: &'static str, work: F) {
        self.start(name, true, work);
    }

    /// The same for one that lets people in: it lasts until [`Tasks::closing`], and until it has ended everything its
    /// people need goes on.
    pub fn keep_door<F: Future<Output = ()> + Send + 'static>(&self, name: &'static str, work: F) {
        self.start(name, true, self.0.doors.track_future(work));
    }

    /// Starts a task that ends when its work is done.
    pub fn run<F: Future<Output = ()> + Send + 'static>(&self, name: &'static str, work: F) {
        self.start(name, false, work);
    }

    fn start<F: Future<Output = ()> + Send + 'static>(&self, name: &'static str, must_last: bool, work: F) {
        let id = {
            let mut next = self.0.next_id.lock().unwrap_or_else(PoisonError::into_inner);
            *next += 1;
            *next
        };
        self.lock().insert(id, (name, None));
        let registered = Registered { tasks: self.clone(), id, name, must_last };
        let task = async move {
            let _registered = registered;
            work.await;
        };
        let task = self.0.rounds.around(name, task);
        let handle = self.0.tracker.spawn(task.instrument(info_span!("task", name)));
        // The task may already have ended and left the register: then there is nothing to abort.
        if let Some(entry) = self.lock().get_mut(&id) {
            entry.1 = Some(handle.abort_handle());
        }
    }

    /// Told when all of this register shall stop: somebody stops it or its parent, or a task that must last has ended.
    pub fn stopping(&self) -> CancellationToken {
        self.0.stopping.clone()
    }

    /// Told when nobody shall be let in any more; at the latest when all shall stop.
    pub fn closing(&self) -> CancellationToken {
        self.0.closing.clone()
    }

    /// What became of the rounds that the tasks make.
    pub fn rounds(&self) -> &Rounds {
        &self.0.rounds
    }

    pub fn running(&self) -> Vec<&'static str> {
        self.lock().values().map(|(name, _)| *name).collect()
    }

    /// Closes the doors, which may take half of the time; asks all to stop, waits, then aborts. Returns the names of those
    /// that had to be aborted. One that never yields cannot be, and is left behind.
    pub async fn stop(&self, clock: &Clock, limit: Duration) -> Vec<&'static str> {
        let end = clock.uptime() + limit;
        self.0.closing.cancel();
        self.0.doors.close();
        let _ = clock.timeout(limit / 2, self.0.doors.wait()).await;
        self.0.stopping.cancel();
        self.0.tracker.close();
        if clock.timeout(end.saturating_sub(clock.uptime()), self.0.tracker.wait()).await.is_ok() {
            return Vec::new();
        }
        let left = self.running();
        for (_, handle) in self.lock().values() {
            if let Some(handle) = handle {
                handle.abort();
            }
        }
        let _ = clock.timeout(ABORT_LIMIT, self.0.tracker.wait()).await;
        left
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, (&'static str, Option<AbortHandle>)>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_heeds_the_stop_ends_and_a_deaf_one_is_named_and_aborted() {
        let (tasks, clock) = (Tasks::default(), Clock::real());
        let stop = tasks.stopping();
        tasks.keep("polite", async move { stop.cancelled().await });
        tasks.run("deaf", std::future::pending());
        assert_eq!(tasks.running(), ["polite", "deaf"]);
        assert_eq!(tasks.stop(&clock, Duration::from_millis(20)).await, ["deaf"]);
        assert_eq!(tasks.running(), Vec::<&str>::new());
    }

    #[tokio::test]
    async fn who_is_inside_when_the_doors_close_finds_everything_as_it_was_but_holds_nothing_up_for_ever() {
        let (tasks, clock) = (Tasks::default(), Clock::real());
        let (closing, stopping) = (tasks.closing(), tasks.stopping());
        let (told, seen) = tokio::sync::oneshot::channel();
        tasks.keep("room", {
            let stopping = stopping.clone();
            async move { stopping.cancelled().await }
        });
        tasks.keep_door("door", async move {
            closing.cancelled().await;
            tokio::task::yield_now().await;
            let _ = told.send(stopping.is_cancelled());
        });
        assert_eq!(tasks.stop(&clock, ABORT_LIMIT).await, Vec::<&str>::new());
        assert_eq!(seen.await, Ok(false));

        let tasks = Tasks::default();
        tasks.keep_door("deaf", std::future::pending());
        let stopping = tasks.stopping();
        tasks.keep("room", async move { stopping.cancelled().await });
        assert_eq!(tasks.stop(&clock, Duration::from_millis(40)).await, ["deaf"]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_task_that_never_yields_does_not_hold_the_stop() {
        let (tasks, clock) = (Tasks::default(), Clock::real());
        let (release, held) = std::sync::mpsc::sync_channel::<()>(0);
        let (running, seen) = tokio::sync::oneshot::channel();
        tasks.run("stuck", async move {
            let _ = running.send(());
            let _ = held.recv();
        });
        seen.await.unwrap();
        let stopped = clock.timeout(ABORT_LIMIT * 5, tasks.stop(&clock, Duration::ZERO)).await;
        drop(release);
        assert_eq!(stopped, Ok(vec!["stuck"]));
    }

    #[tokio::test]
    async fn a_task_that_must_last_takes_everything_down_when_it_ends_or_panics() {
        for panics in [false, true] {
            let tasks = Tasks::default();
            tasks.keep("fragile", async move { assert!(!panics, "a bug") });
            tasks.stopping().cancelled().await;
        }
    }

    #[tokio::test]
    async fn a_child_stops_alone_and_with_its_parent() {
        let (tasks, clock) = (Tasks::default(), Clock::real());
        let (one, two) = (tasks.child(), tasks.child());
        one.stop(&clock, Duration::ZERO).await;
        assert!(!two.stopping().is_cancelled());
        tasks.stop(&clock, Duration::ZERO).await;
        assert!(two.stopping().is_cancelled());
    }
}
