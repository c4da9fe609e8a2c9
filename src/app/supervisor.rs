//! What whoever started us is told: that we listen, that we live, that we look at our certificate again, that we stop.
//! Without systemd nobody is told, and nothing is missing.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::app::Process;
use crate::runtime::Clock;

/// We listen. `status` is for people who ask how the service is.
pub fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// We look at our files again, until [`reloaded`].
pub fn reloading() {
    let moment = NotifyState::monotonic_usec_now().ok();
    let states: Vec<_> = [NotifyState::Reloading].into_iter().chain(moment).collect();
    tell(&states);
}

pub fn reloaded() {
    tell(&[NotifyState::Ready]);
}

pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Says that we live, twice as often as is asked for. It is said by a task like any other: where tasks have no turn any
/// more, or one that must last has ended, nothing is said, and we are started again.
pub fn watch(process: &Process) {
    if let Some(interval) = sd_notify::watchdog_enabled() {
        let clock = process.clock.clone();
        process.tasks.keep("watchdog", feed(interval / 2, clock, process.tasks.stopping()));
    }
}

async fn feed(pause: Duration, clock: Clock, stop: CancellationToken) {
    loop {
        tell(&[NotifyState::Watchdog]);
        tokio::select! {
            () = stop.cancelled() => return,
            () = clock.sleep(pause) => {}
        }
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        warn!(error = &error as &dyn std::error::Error, "the service manager could not be told how we are");
    }
}
