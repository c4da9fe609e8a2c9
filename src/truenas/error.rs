//! What can go wrong between us and the NAS, each cause a variant of its own because each has a different cure.

use std::sync::Arc;
use std::time::Duration;

use crate::truenas::Fingerprint;

/// Shared, because one broken link is told to every caller that waits for it.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    #[error("the NAS cannot be reached")]
    Unreachable(#[source] Cause),
    #[error("the NAS did not answer within {} s", .0.as_secs())]
    TimedOut(Duration),
    #[error("the connection to the NAS broke")]
    Disconnected(#[source] Cause),
    /// Its proxy answers, the service behind it does not: starting, restarting or updating.
    #[error("the NAS is not ready (HTTP {status})")]
    NotReady { status: u16 },
    #[error("the secure connection failed")]
    Tls(#[source] Cause),
    #[error("the certificate has the fingerprint {found}, not the pinned one")]
    WrongCertificate { found: Fingerprint },
    #[error("the authority file could not be used")]
    Authority(#[source] Cause),
    /// Sending a key over plain transport exposes it, and 25.04 and later revoke it at once.
    #[error("refused to send the key over plain HTTP")]
    PlainRefused,
    #[error("the NAS does not accept our address")]
    AddressRefused,
    #[error("the NAS refused the service key ({answer})")]
    KeyRefused { answer: String },
    /// This is the standby half of a pair: the other one answers.
    #[error("this controller is on standby; the active one is at {}", .urls.join(", "))]
    Standby { urls: Vec<String> },
    #[error("the NAS limits how often we may sign in")]
    RateLimited,
    #[error("the NAS has too many calls of ours to answer")]
    Busy,
    /// The NAS forgot our sign-in; a new one settles it unless the key is dead.
    #[error("the session with the NAS ended")]
    SessionEnded,
    #[error("the key may not call {method}")]
    RoleMissing { method: &'static str },
    #[error("{method}: there is no such item")]
    Missing { method: &'static str },
    #[error("{method} failed on the NAS: {reason} (errno {errno})")]
    Refused { method: &'static str, errno: i64, reason: String },
    /// Not what a TrueNAS says: another product, or a release we do not know.
    #[error("{what}: {problem}")]
    Protocol { what: &'static str, problem: String },
}

impl Error {
    pub fn protocol(what: &'static str, problem: impl Into<String>) -> Self {
        Self::Protocol { what, problem: problem.into() }
    }

    /// Says something about the one thing asked for, and nothing about the link: other calls may well succeed.
    pub fn is_about_one_item(&self) -> bool {
        match self {
            Self::RoleMissing { .. } | Self::Missing { .. } | Self::Refused { .. } | Self::Protocol { .. } => true,
            Self::Unreachable(_)
            | Self::TimedOut(_)
            | Self::Disconnected(_)
            | Self::NotReady { .. }
            | Self::Tls(_)
            | Self::WrongCertificate { .. }
            | Self::Authority(_)
            | Self::PlainRefused
            | Self::AddressRefused
            | Self::KeyRefused { .. }
            | Self::Standby { .. }
            | Self::RateLimited
            | Self::Busy
            | Self::SessionEnded => false,
        }
    }
}

/// A NAS tells reasons in free text that may hold anything: one line, bounded.
pub(crate) fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
}
