//! What people are told: maintenance, announcements, incidents, and what each of them has read of it.
//!
//! Must never know: HTML, the NAS, who looks at which page.
//!
//! Invariants: a thing told has a key, kept together with its line, so that no restart tells it twice or not at all; what is
//! to be told follows from what is kept and from the time alone, so a late start needs no rule of its own.

mod announcements;
mod centre;
mod documents;
mod error;
mod incidents;
mod scheduler;
mod silences;
mod windows;

use std::sync::Arc;

use tokio::sync::{Notify, watch};

use crate::domain::audit::{Action, Deed};
use crate::domain::caller::Caller;
use crate::domain::maintenance::Shown;
use crate::live::Hub;
use crate::runtime::{Clock, Random};
use crate::store::{self, Store};

pub use announcements::{Announcements, Pinned, Published};
pub use centre::{Centre, MOST_UNREAD, Page, Unread};
pub use error::Error;
pub use incidents::Incidents;
pub use scheduler::Scheduler;
pub use silences::Silences;
pub use windows::{Listed, Windows};

/// Every part of the room; cheap to clone.
#[derive(Debug, Clone)]
pub struct Notices {
    pub windows: Windows,
    pub announcements: Announcements,
    pub centre: Centre,
    pub incidents: Incidents,
    pub silences: Silences,
    pub scheduler: Scheduler,
}

/// What the parts share.
#[derive(Debug)]
struct Base {
    store: Store,
    hub: Hub,
    clock: Clock,
    random: Random,
    /// Something is to be told, perhaps.
    owed: Notify,
    /// What a banner says of maintenance. Written by the scheduler.
    shown: watch::Sender<Arc<Vec<Shown>>>,
    /// The announcements on the page. Written by the scheduler.
    pinned: watch::Sender<Vec<String>>,
}

/// What came of a change, and what the audit trail is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done<T> {
    pub value: T,
    pub deed: Deed,
}

impl Notices {
    pub async fn open(store: Store, hub: Hub, clock: Clock, random: Random) -> Result<Self, store::Error> {
        let (owed, shown, pinned) = (Notify::new(), watch::Sender::default(), watch::Sender::default());
        let base = Arc::new(Base { store, hub, clock, random, owed, shown, pinned });
        let scheduler = Scheduler::new(base.clone());
        Ok(Self {
            windows: Windows::new(base.clone()),
            announcements: Announcements::new(base.clone()),
            centre: Centre::new(base.clone()),
            incidents: Incidents::new(base.clone()),
            silences: Silences::open(base).await?,
            scheduler,
        })
    }
}

impl Base {
    /// Nobody can guess it, and it fits a calendar.
    fn new_id(&self) -> String {
        self.random.token().chars().take(32).collect()
    }
}

impl<T> Done<T> {
    fn by(caller: &Caller, action: Action, subject: &str, detail: String, value: T) -> Self {
        Self { value, deed: Deed::by(caller, action, subject, detail) }
    }
}

#[cfg(test)]
mod tests;
