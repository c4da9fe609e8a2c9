//! How the storage is, in one word, and what was seen when it was looked at.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::nas::AlertLevel;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nobody has looked yet.
    Unknown,
    Online,
    /// It works, and somebody should look at an alert or a pool.
    Attention,
    /// Somebody said beforehand that it may be away now.
    Planned,
    /// It said so itself: going down, or coming up again.
    Restarting,
    Unreachable,
    /// The NAS answers, but no longer accepts our service key.
    KeyRefused,
}

impl Level {
    /// The word of the public interface: never changes once released.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Online => "online",
            Self::Attention => "attention",
            Self::Planned => "planned",
            Self::Restarting => "restarting",
            Self::Unreachable => "unreachable",
            Self::KeyRefused => "key_refused",
        }
    }

    /// It answers, says that it is ready, and nothing worse than an alert is known.
    pub const fn is_up(self) -> bool {
        matches!(self, Self::Online | Self::Attention)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One look at the NAS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub level: Level,
    /// Since when the level has been this one.
    pub since: Timestamp,
    /// Since when the NAS itself has said that it goes down or comes up, until it says that it is ready.
    pub going_down_since: Option<Timestamp>,
    /// When this look ended; `None` before the first one.
    pub checked_at: Option<Timestamp>,
    pub latency_ms: Option<u64>,
    /// Alerts that nobody dismissed, from warning upwards.
    pub open_alerts: u32,
}

impl Snapshot {
    pub fn unknown(now: Timestamp) -> Self {
        Self {
            level: Level::Unknown,
            since: now,
            going_down_since: None,
            checked_at: None,
            latency_ms: None,
            open_alerts: 0,
        }
    }
}

/// One line of the health feed: something that was seen to be different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    LevelChanged {
        before: Level,
        after: Level,
        /// In the words of whoever gave it; empty when nobody did.
        reason: String,
    },
    AlertRaised {
        level: AlertLevel,
        text: String,
    },
    AlertDismissed {
        text: String,
    },
    AlertCleared {
        text: String,
    },
    PoolChanged {
        name: String,
        before: String,
        after: String,
        healthy: bool,
    },
    /// It came back as another start of the system.
    Restarted,
    /// It came back as the same start: only the way to it was broken.
    LinkMended,
    /// The NAS says that it goes down.
    GoesDown {
        restarts: bool,
        reason: String,
    },
    UpdateBegan,
    ScrubBegan {
        pool: String,
    },
    ScrubEnded {
        pool: String,
    },
    MaintenanceBegan {
        title: String,
    },
    MaintenanceEnded {
        title: String,
    },
    KeyRefused,
    KeyAccepted,
    /// Our own clock was set: figures around this moment say little.
    ClockJumped {
        by_s: i64,
    },
}
