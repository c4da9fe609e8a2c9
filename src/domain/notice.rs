//! What a person is told once, and may read again for thirty days. No sentences here: they are made where people are spoken to.

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::health::Level;
use crate::domain::language::Texts;
use crate::domain::nas::AlertLevel;
use crate::domain::share::Right;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    StorageChanged {
        before: Level,
        after: Level,
    },
    ShareGained {
        name: String,
        right: Right,
    },
    ShareChanged {
        name: String,
        right: Right,
    },
    ShareLost {
        name: String,
    },
    /// A window begins in so many minutes.
    MaintenanceAhead {
        window: Planned,
        minutes: u32,
    },
    MaintenanceBegan(Planned),
    MaintenanceEnded(Planned),
    /// Its time is over, and the storage is still away.
    MaintenanceOverdue(Planned),
    MaintenanceMoved(Planned),
    MaintenanceCalledOff(Planned),
    Announced {
        announcement: String,
        title: Texts,
        text: Texts,
    },
    IncidentUpdated {
        incident: String,
        title: Texts,
        text: Texts,
        resolved: bool,
    },
    // For administrators.
    AlertRaised {
        level: AlertLevel,
        text: String,
    },
    AlertCleared {
        text: String,
    },
    KeyRefused,
    KeyAccepted,
    /// Somebody who knows the password of an administrator.
    CodesGuessed {
        username: String,
    },
    MessageUndelivered {
        channel: String,
    },
}

/// A maintenance window as people are told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    pub window: String,
    pub title: Texts,
    pub starts_at: Timestamp,
    /// `None`: the NAS itself began it, and nobody knows how long it takes.
    pub ends_at: Option<Timestamp>,
}
