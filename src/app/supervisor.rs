//! What whoever started us is told: that we listen, that we live, that we look at our certificate again, that we stop.
//! Without systemd nobody is told, and nothing is missing.

use std::time::Duration;

use sd_notify::NotifyState;
use tracing::warn;

use crate::app::Process;
use crate::runtime::{Clock, Pulse};

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

/// Says that we live, twice as often as is asked for, and each time only once the loop that lets people in has had another
/// turn: where it has none any more, or a task that must last has ended, nothing is said, and we are started again.
pub fn watch(process: &Process, pulse: Pulse) {
    if let Some(interval) = sd_notify::watchdog_enabled() {
        let (clock, stop) = (process.clock.clone(), process.tasks.stopping());
        process.tasks.keep("watchdog", async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = feed(interval / 2, pulse, clock) => {}
            }
        });
    }
}

async fn feed(pause: Duration, pulse: Pulse, clock: Clock) {
    loop {
        pulse.felt().await;
        tell(&[NotifyState::Watchdog]);
        clock.sleep(pause).await;
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        warn!(error = &error as &dyn std::error::Error, "the service manager could not be told how we are");
    }
}
