//! Keeping a road to the NAS open: probe, open, hold, and after a break the same again, ever more patiently.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::sync::{Notify, broadcast, watch};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::domain::nas::{BootId, Change, Road};
use crate::runtime::{Backoff, Clock, Random, Tasks};
use crate::truenas::transport::{Opened, Transport};
use crate::truenas::{Error, Settings, probe, rest, rpc};

/// The NAS counts sign-ins: a burst of tries after a restart must not use them up.
const FIRST_DELAY: Duration = Duration::from_secs(2);
const LONGEST_DELAY: Duration = Duration::from_mins(1);
/// Trying a dead key more often only fills the log of the NAS.
const DEAD_KEY_DELAY: Duration = Duration::from_mins(1);
/// A road that held this long was a good one: its end starts the count of tries anew.
const HELD_WELL: Duration = Duration::from_secs(10);

/// How things stand with the road. Written by the link task alone.
#[derive(Debug, Clone)]
pub enum Link {
    /// The first try, or the one right after a sign-in ran out: worth waiting for.
    Opening,
    Up(Arc<dyn Transport>, Option<BootId>),
    Down(Error),
}

/// Everything that is needed to keep the link, waiting to be started.
pub struct LinkTask {
    pub(super) settings: Settings,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) link: watch::Sender<Link>,
    pub(super) changes: broadcast::Sender<Change>,
    pub(super) retry: Arc<Notify>,
}

impl LinkTask {
    pub fn start(self, tasks: &Tasks) {
        tasks.keep("truenas-link", self.run(tasks.stopping()));
    }

    async fn run(self, stop: CancellationToken) {
        let mut backoff = Backoff::new(FIRST_DELAY, LONGEST_DELAY, self.random.clone());
        loop {
            let (error, held) = tokio::select! {
                () = stop.cancelled() => return,
                ended = self.open_and_hold() => ended,
            };
            if held >= HELD_WELL {
                backoff.reset();
            }
            let mut delay = delay(&error, &mut backoff);
            if matches!(error, Error::KeyRefused { .. }) && self.settings.api_key.read_again().await {
                delay = Duration::ZERO;
            }
            self.announce_down(&error, delay);
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.clock.sleep(delay) => {}
                () = self.retry.notified() => {}
            }
        }
    }

    /// Why there is no road, and how long there was one.
    async fn open_and_hold(&self) -> (Error, Duration) {
        let (Opened { transport, life }, boot_id) = match self.open().await {
            Ok(opened) => opened,
            Err(error) => return (error, Duration::ZERO),
        };
        let opened_at = self.clock.uptime();
        info!(road = %transport.road(), "the link to the NAS is up");
        self.link.send_replace(Link::Up(transport, boot_id));
        // Without listeners there is nobody to tell.
        let _ = self.changes.send(Change::Connected);
        let error = life.await;
        (error, self.clock.uptime().saturating_sub(opened_at))
    }

    async fn open(&self) -> Result<(Opened, Option<BootId>), Error> {
        let offer = probe::offer(&self.settings, &self.tls, &self.clock).await?;
        let opened = match offer.road {
            Road::Rpc => {
                Box::pin(rpc::open(&self.settings, self.tls.clone(), &self.clock, self.changes.clone())).await?
            }
            Road::Rest => rest::open(&self.settings, self.tls.clone(), &self.clock).await?,
        };
        Ok((opened, offer.boot_id))
    }

    fn announce_down(&self, error: &Error, delay: Duration) {
        let news = match &*self.link.borrow() {
            Link::Up(..) => true,
            Link::Down(Error::KeyRefused { .. }) => false,
            // Whatever broke the link before: that the key is dead is another matter.
            Link::Opening | Link::Down(_) => matches!(error, Error::KeyRefused { .. }),
        };
        warn!(error = error as &(dyn std::error::Error + 'static), "the link to the NAS is down");
        self.link.send_replace(if delay.is_zero() { Link::Opening } else { Link::Down(error.clone()) });
        if news {
            let _ = self.changes.send(Change::Disconnected);
        }
    }
}

fn delay(error: &Error, backoff: &mut Backoff) -> Duration {
    let delay = backoff.next_delay();
    if matches!(error, Error::KeyRefused { .. } | Error::PlainRefused) {
        return DEAD_KEY_DELAY;
    }
    // The NAS is well, only our sign-in is over, and callers are waiting for the next one.
    let first_try = delay <= FIRST_DELAY;
    if first_try && matches!(error, Error::SessionEnded) { Duration::ZERO } else { delay }
}
