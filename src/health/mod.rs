//! Watching the NAS.
//!
//! Must never know: HTTP of our own pages, HTML, SQL.
//!
//! Invariants: one round looks, nobody else does; readers see the last look and its time, never wait for one.

mod look;
mod settings;

use std::sync::Arc;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::domain::health::Snapshot;
use crate::domain::nas::Change;
use crate::runtime::{Clock, Poke, periodic};
use crate::truenas::Client;

pub use settings::{PERIOD, Settings};

/// Cheap to clone; all clones share the last look.
#[derive(Debug, Clone)]
pub struct Health(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    client: Client,
    clock: Clock,
    poke: Poke,
    /// Written by the round alone.
    latest: watch::Sender<Snapshot>,
}

impl Health {
    pub fn new(settings: Settings, client: Client, clock: Clock) -> Self {
        let latest = watch::Sender::new(Snapshot::unknown(clock.now()));
        Self(Arc::new(Inner { settings, client, clock, poke: Poke::default(), latest }))
    }

    pub fn latest(&self) -> Snapshot {
        self.0.latest.borrow().clone()
    }

    /// Hears of every look from now on.
    pub fn watch(&self) -> watch::Receiver<Snapshot> {
        self.0.latest.subscribe()
    }

    /// Looks every period, and whenever the NAS says that something changed.
    pub async fn run(self, stop: CancellationToken) {
        let Inner { settings, client, clock, poke, .. } = &*self.0;
        let mut changes = client.changes();
        let listening = async {
            while let Some(change) = changes.next().await {
                if concerns_health(&change) {
                    poke.now();
                }
            }
            // The client is gone; the stop is on its way.
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = periodic::every(settings.period, clock, poke, stop, || self.round()) => {}
            () = listening => {}
        }
    }

    async fn round(&self) {
        let Inner { client, clock, latest, .. } = &*self.0;
        let before = latest.borrow().clone();
        let seen = look::look(client, clock, &before).await;
        if seen.level != before.level {
            info!(before = %before.level, after = %seen.level, "the state of the NAS changed");
        }
        latest.send_replace(seen);
    }
}

/// A round reads the state, the alerts and the pools. A directory being synchronised tells thousands of other changes.
fn concerns_health(change: &Change) -> bool {
    match change {
        Change::Shares | Change::People | Change::Directory | Change::Services | Change::RebootRequired => false,
        Change::Connected
        | Change::Disconnected
        | Change::Unclear
        | Change::Alerts
        | Change::Pools
        | Change::Failover
        | Change::Ready
        | Change::Rebooting { .. }
        | Change::ShuttingDown { .. } => true,
    }
}
