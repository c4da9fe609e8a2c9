//! The NAS as we see it: its release, state, alerts, pools and services.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;

/// The first dotted number of a version text such as `TrueNAS-SCALE-24.10.2` or `25.10.1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    pub year: u16,
    pub month: u16,
    rest: Vec<u16>,
}

impl Release {
    /// `26` is read as `26.0`: from that release on the month is gone.
    pub fn parse(text: &str) -> Option<Self> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let end = text[start..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(text.len(), |n| start + n);
        let mut numbers = text[start..end].split('.').map_while(|part| part.parse().ok());
        Some(Self { year: numbers.next()?, month: numbers.next().unwrap_or(0), rest: numbers.collect() })
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Up to 25 the second number is a month: 25.04.
        let digits = if self.year < 26 { 2 } else { 1 };
        write!(f, "{}.{:0digits$}", self.year, self.month)?;
        self.rest.iter().try_for_each(|part| write!(f, ".{part}"))
    }
}

/// The two interfaces a NAS may offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// JSON-RPC over a WebSocket: 25.04 and later.
    Rpc,
    /// REST over HTTPS: up to 24.10.
    Rest,
}

impl fmt::Display for Road {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rpc => "JSON-RPC",
            Self::Rest => "REST",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemState {
    Booting,
    Ready,
    ShuttingDown,
}

/// Changes at every start of the NAS: tells a reboot from a network blip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootId(pub String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    Info,
    Notice,
    Warning,
    Error,
    Critical,
    Alert,
    Emergency,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub id: String,
    pub class: String,
    pub level: AlertLevel,
    /// Plain text: markup of the NAS is already gone.
    pub text: String,
    pub raised_at: Option<Timestamp>,
    pub dismissed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    pub name: String,
    /// As the NAS says it (`ONLINE`, `DEGRADED`, …); an unknown word is shown, not lost.
    pub status: String,
    pub healthy: bool,
    pub warning: bool,
    /// In bytes; `None` while the NAS cannot read the pool.
    pub size: Option<u64>,
    pub allocated: Option<u64>,
    /// How far its check of all data has come; `None` while none runs.
    pub scrub_percent: Option<u8>,
}

/// What the NAS says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    pub release: Release,
    pub started_at: Option<Timestamp>,
    /// What its clock says.
    pub now: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub name: String,
    pub running: bool,
    pub enabled: bool,
}

/// What the NAS says has changed. It carries no state on purpose: whoever cares reads the present afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The link was (re)established: everything may have changed meanwhile.
    Connected,
    /// The link broke, or there has been none and the NAS now refuses the service key.
    Disconnected,
    /// Something changed and we could not tell what: read everything again.
    Unclear,
    Alerts,
    Pools,
    Services,
    Shares,
    People,
    Directory,
    Failover,
    Ready,
    RebootRequired,
    Rebooting {
        reason: Option<String>,
    },
    ShuttingDown {
        reason: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_every_release_are_read() {
        for (text, shown) in [
            ("TrueNAS-SCALE-22.12.4.2", "22.12.4.2"),
            ("TrueNAS-SCALE-24.10.2", "24.10.2"),
            ("TrueNAS-25.04.1", "25.04.1"),
            ("25.10.1", "25.10.1"),
            ("TrueNAS-26", "26.0"),
            ("v26.0.0-BETA.1", "26.0.0"),
        ] {
            assert_eq!(Release::parse(text).unwrap().to_string(), shown, "{text}");
        }
        assert_eq!(Release::parse("MASTER"), None);
    }
}
