//! How the storage is, in one word, what was seen when it was looked at, and what differs from one look to the next.

mod compare;
mod tally;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::nas::{Alert, AlertLevel, BootId, Pool, Release};

pub use compare::compare;
pub use tally::Tally;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
    pub const ALL: [Self; 7] = [
        Self::Unknown,
        Self::Online,
        Self::Attention,
        Self::Planned,
        Self::Restarting,
        Self::Unreachable,
        Self::KeyRefused,
    ];

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

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }

    /// It answers, says that it is ready, and nothing worse than an alert is known.
    pub const fn is_up(self) -> bool {
        matches!(self, Self::Online | Self::Attention)
    }

    /// Nobody can use it now, whether somebody said so beforehand or not.
    pub const fn is_away(self) -> bool {
        matches!(self, Self::Planned | Self::Restarting | Self::Unreachable)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why the level is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nobody has looked yet.
    NotLooked,
    Well,
    /// Somebody should look at an alert.
    Alerts,
    /// Somebody should look at a pool.
    Pools,
    /// It came and went too often of late.
    Unsteady,
    /// It has too much to do to answer, or answers something else than it was asked.
    Hindered,
    /// Nothing listens there, or no way leads there.
    Refused,
    NoAnswer,
    LinkLost,
    Certificate,
    /// Our own settings would send the key in the clear.
    PlainRefused,
    /// Our address is not on its list.
    AddressRefused,
    /// Its proxy answers, the service behind it does not.
    Proxy,
    Booting,
    Rebooting,
    ShuttingDown,
    /// This half of a pair stands by.
    Standby,
    /// It will not have us sign in that often.
    RateLimited,
    Key,
    /// Not what a TrueNAS says.
    Strange,
}

impl Reason {
    pub const ALL: [Self; 20] = [
        Self::NotLooked,
        Self::Well,
        Self::Alerts,
        Self::Pools,
        Self::Unsteady,
        Self::Hindered,
        Self::Refused,
        Self::NoAnswer,
        Self::LinkLost,
        Self::Certificate,
        Self::PlainRefused,
        Self::AddressRefused,
        Self::Proxy,
        Self::Booting,
        Self::Rebooting,
        Self::ShuttingDown,
        Self::Standby,
        Self::RateLimited,
        Self::Key,
        Self::Strange,
    ];

    /// As it is kept and as texts are named after it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotLooked => "not_looked",
            Self::Well => "well",
            Self::Alerts => "alerts",
            Self::Pools => "pools",
            Self::Unsteady => "unsteady",
            Self::Hindered => "hindered",
            Self::Refused => "refused",
            Self::NoAnswer => "no_answer",
            Self::LinkLost => "link_lost",
            Self::Certificate => "certificate",
            Self::PlainRefused => "plain_refused",
            Self::AddressRefused => "address_refused",
            Self::Proxy => "proxy",
            Self::Booting => "booting",
            Self::Rebooting => "rebooting",
            Self::ShuttingDown => "shutting_down",
            Self::Standby => "standby",
            Self::RateLimited => "rate_limited",
            Self::Key => "key",
            Self::Strange => "strange",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// One look at the NAS, with what was last known where this look could not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub level: Level,
    pub reason: Reason,
    /// Since when the level has been this one.
    pub since: Timestamp,
    /// Since when the NAS itself has said that it goes down or comes up, until it is ready again.
    pub going_down_since: Option<Timestamp>,
    /// What the NAS said it goes down for; empty when it said nothing.
    pub words: String,
    /// A planned window is running, whatever the level is.
    pub planned: bool,
    /// When this look ended; `None` before the first one.
    pub checked_at: Option<Timestamp>,
    pub latency_ms: Option<u64>,
    /// Alerts that nobody dismissed, from warning upwards.
    pub open_alerts: u32,
    /// When alerts and pools were last read; `None` when they never were.
    pub details_at: Option<Timestamp>,
    pub alerts: Vec<Alert>,
    pub pools: Vec<Pool>,
    /// Only 25.10 and later tell.
    pub boot_id: Option<BootId>,
    /// When the NAS was started, as it says itself; `None` when the key may not ask.
    pub started_at: Option<Timestamp>,
    /// `None` when the key may not ask.
    pub release: Option<Release>,
}

impl Snapshot {
    pub fn unknown(now: Timestamp) -> Self {
        Self {
            level: Level::Unknown,
            reason: Reason::NotLooked,
            since: now,
            going_down_since: None,
            words: String::new(),
            planned: false,
            checked_at: None,
            latency_ms: None,
            open_alerts: 0,
            details_at: None,
            alerts: Vec::new(),
            pools: Vec::new(),
            boot_id: None,
            started_at: None,
            release: None,
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
        reason: Reason,
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
    /// An empty word where there was no such pool before, or is none now.
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
    /// It goes down for an update.
    UpdateBegan,
    /// It came back as another release.
    Updated {
        before: String,
        after: String,
    },
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
