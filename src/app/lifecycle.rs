//! From the start to the last task: waiting for the signal, stopping in order.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{info, warn};

use crate::app::{Process, supervisor};
use crate::web::Keeper;

/// Requests in flight get this long to finish; then everything is cut.
pub const STOP_LIMIT: Duration = Duration::from_millis(1_500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Somebody asked for it.
    Asked,
    /// A task that must last ended by itself: a bug, told in the log.
    Broken,
}

/// SIGINT, SIGTERM and SIGHUP, which stop us, and SIGUSR1, which asks for another look at our files; heard from the moment this is made: make it before anybody is told that we run.
#[derive(Debug)]
pub struct Signals {
    stop: Stop,
    look_again: Signal,
}

#[derive(Debug)]
struct Stop {
    interrupt: Signal,
    terminate: Signal,
    /// `None` when we were started to outlive the terminal.
    hang_up: Option<Signal>,
}

impl Signals {
    pub fn listen() -> std::io::Result<Self> {
        let stop = Stop {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: if ignores_hang_up() { None } else { Some(signal(SignalKind::hangup())?) },
        };
        Ok(Self { stop, look_again: signal(SignalKind::user_defined1())? })
    }

    /// Waits for a signal that stops us.
    pub async fn asked_to_stop(mut self) {
        self.stop.next().await;
    }

    /// Waits for a signal, or for a task that breaks, and stops everything. A second signal stops it at once.
    pub async fn run_until_stopped(mut self, process: &Process, keeper: Option<&Keeper>) -> Ending {
        let broken = process.tasks.stopping();
        let ending = loop {
            tokio::select! {
                () = self.stop.next() => break Ending::Asked,
                () = broken.cancelled() => break Ending::Broken,
                _ = self.look_again.recv() => {}
            }
            supervisor::reloading();
            if let Some(keeper) = keeper {
                tokio::select! {
                    () = keeper.look_now() => {}
                    () = broken.cancelled() => {}
                }
            }
            supervisor::reloaded();
        };
        supervisor::stopping();
        info!("stopping");
        let left = tokio::select! {
            left = process.tasks.stop(&process.clock, STOP_LIMIT) => left,
            () = self.stop.next() => process.tasks.stop(&process.clock, Duration::ZERO).await,
        };
        if !left.is_empty() {
            warn!(tasks = left.join(", "), "these had to be cut off");
        }
        ending
    }
}

impl Stop {
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            Some(()) = async { self.hang_up.as_mut()?.recv().await } => {}
        }
    }
}

/// As `nohup` starts us: listening would undo it, and only the kernel remembers.
fn ignores_hang_up() -> bool {
    const BIT: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & BIT != 0)
}
