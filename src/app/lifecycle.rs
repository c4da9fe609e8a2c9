//! From the start to the last task: waiting for the signal, stopping in order.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

use crate::app::Process;

/// Requests in flight get this long to finish; then everything is cut.
pub const STOP_LIMIT: Duration = Duration::from_millis(1_500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Somebody asked for it.
    Asked,
    /// A task that must last ended by itself: a bug, told in the log.
    Broken,
}

/// Waits for SIGINT or SIGTERM, or for a task that breaks, and stops everything. A second signal stops it at once.
pub async fn run_until_stopped(process: &Process) -> std::io::Result<Ending> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let broken = process.tasks.stopping();
    let ending = tokio::select! {
        _ = interrupt.recv() => Ending::Asked,
        _ = terminate.recv() => Ending::Asked,
        () = broken.cancelled() => Ending::Broken,
    };
    info!("stopping");
    let left = tokio::select! {
        left = process.tasks.stop(&process.clock, STOP_LIMIT) => left,
        _ = interrupt.recv() => process.tasks.stop(&process.clock, Duration::ZERO).await,
        _ = terminate.recv() => process.tasks.stop(&process.clock, Duration::ZERO).await,
    };
    if !left.is_empty() {
        warn!(tasks = left.join(", "), "these had to be cut off");
    }
    Ok(ending)
}
