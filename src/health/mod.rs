//! Watching the NAS: how it is now, what changed, how it was.
//!
//! Must never know: HTTP of our own pages, HTML, SQL.
//!
//! Invariants: one round looks, nobody else does; readers see the last look and its time, never wait for one. A round never
//! waits for the store: what cannot be kept is lost, what is seen is shown all the same. Of several processes on one
//! database each looks for its own pages, and one keeps and tells.

mod error;
mod history;
mod inspection;
mod look;
mod memory;
mod records;
mod settings;
mod silenced;
mod watcher;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::domain::health::Snapshot;
use crate::domain::nas::Road;
use crate::live::Hub;
use crate::runtime::{Clock, Random, rounds};
use crate::store::Store;
use crate::truenas::Client;

pub use crate::truenas::{Error as LinkError, Need};
pub use error::Error;
pub use history::{Day, Point, Trouble};
pub use inspection::{Found, Inspector, Known, Layer, Outcome, PAUSE, Step, Test};
pub use settings::{PERIOD, Settings};
pub use silenced::Silenced;

/// What is seen and not yet kept. When the store takes nothing for so long, the rest is lost.
const QUEUE: usize = 512;

/// Cheap to clone; all clones share the last look.
#[derive(Debug, Clone)]
pub struct Health(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    parts: Parts,
    /// Written by the watcher alone.
    latest: watch::Sender<Snapshot>,
}

/// What watching needs of the house.
#[derive(Debug, Clone)]
pub struct Parts {
    pub client: Client,
    pub clock: Clock,
    pub random: Random,
    pub store: Store,
    pub hub: Hub,
    /// Whether a planned window is running.
    pub planned: watch::Receiver<bool>,
    pub silenced: Silenced,
}

impl Health {
    pub fn new(settings: Settings, parts: Parts) -> Self {
        let latest = watch::Sender::new(Snapshot::unknown(parts.clock.now()));
        Self(Arc::new(Inner { settings, parts, latest }))
    }

    pub fn latest(&self) -> Snapshot {
        self.0.latest.borrow().clone()
    }

    /// Over which road the NAS is asked; `None` while there is none.
    pub fn road(&self) -> Option<Road> {
        self.0.parts.client.open_road()
    }

    /// Hears of every look from now on.
    pub fn watch(&self) -> watch::Receiver<Snapshot> {
        self.0.latest.subscribe()
    }

    /// Looks every period and whenever the NAS says that something changed, and keeps what is seen, until the stop.
    pub async fn run(self, stop: CancellationToken) {
        let Inner { settings, parts, latest } = &*self.0;
        let (entries, waiting) = mpsc::channel(QUEUE);
        let watcher = watcher::Watcher::new(settings, parts, latest, entries);
        let watching = async {
            tokio::select! {
                () = stop.cancelled() => {}
                () = watcher.run() => {}
            }
        };
        let keeping = rounds::under("history", records::Records::new(parts).run(waiting, stop.clone()));
        tokio::join!(watching, keeping);
    }
}
