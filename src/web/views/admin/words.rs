//! The keys of what is tried on the way to the NAS, of what goes wrong there, and of what helps.

use crate::health::{Layer, LinkError, Need};

pub const fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::Name => "layer-name",
        Layer::Tcp => "layer-tcp",
        Layer::Certificate => "layer-certificate",
        Layer::Road => "layer-road",
        Layer::Key => "layer-key",
        Layer::Rights => "layer-rights",
        Layer::Power => "layer-power",
    }
}

/// What a call tells.
pub const fn call_of(need: Need) -> &'static str {
    match need {
        Need::People => "need-people",
        Need::Shares => "need-shares",
        Need::ShareRights => "need-share-rights",
        Need::FolderRights => "need-folder-rights",
        Need::State => "need-state",
        Need::Alerts => "need-alerts",
        Need::Pools => "need-pools",
        Need::Services => "need-services",
        Need::Release => "need-release",
    }
}

pub const fn lost_without(need: Need) -> &'static str {
    match need {
        Need::People => "lost-people",
        Need::Shares => "lost-shares",
        Need::ShareRights => "lost-share-rights",
        Need::FolderRights => "lost-folder-rights",
        Need::State => "lost-state",
        Need::Alerts => "lost-alerts",
        Need::Pools => "lost-pools",
        Need::Services => "lost-services",
        Need::Release => "lost-release",
    }
}

pub const fn cause(error: &LinkError) -> &'static str {
    match error {
        LinkError::Unreachable(_) => "link-unreachable",
        LinkError::TimedOut(_) => "link-timed-out",
        LinkError::Disconnected(_) => "link-disconnected",
        LinkError::NotReady { .. } => "link-not-ready",
        LinkError::Tls(_) => "link-tls",
        LinkError::WrongCertificate { .. } => "link-wrong-certificate",
        LinkError::Authority(_) => "link-authority",
        LinkError::PlainRefused => "link-plain",
        LinkError::AddressRefused => "link-address",
        LinkError::KeyRefused { .. } => "link-key",
        LinkError::Standby { .. } => "link-standby",
        LinkError::RateLimited => "link-rate",
        LinkError::Busy => "link-busy",
        LinkError::SessionEnded => "link-session",
        LinkError::RoleMissing { .. } => "link-role",
        LinkError::Missing { .. } => "link-missing",
        LinkError::Refused { .. } => "link-refused",
        LinkError::Protocol { .. } => "link-strange",
    }
}

pub const fn cure(error: &LinkError) -> &'static str {
    match error {
        LinkError::Unreachable(_) => "cure-unreachable",
        LinkError::TimedOut(_) => "cure-timed-out",
        LinkError::Disconnected(_) => "cure-disconnected",
        LinkError::NotReady { .. } => "cure-not-ready",
        LinkError::Tls(_) => "cure-tls",
        LinkError::WrongCertificate { .. } => "cure-wrong-certificate",
        LinkError::Authority(_) => "cure-authority",
        LinkError::PlainRefused => "cure-plain",
        LinkError::AddressRefused => "cure-address",
        LinkError::KeyRefused { .. } | LinkError::SessionEnded => "cure-key",
        LinkError::Standby { .. } => "cure-standby",
        LinkError::RateLimited | LinkError::Busy => "cure-wait",
        LinkError::RoleMissing { .. } => "cure-role",
        LinkError::Missing { .. } | LinkError::Refused { .. } => "cure-refused",
        LinkError::Protocol { .. } => "cure-strange",
    }
}

#[cfg(test)]
pub fn errors() -> Vec<LinkError> {
    use std::sync::Arc;
    use std::time::Duration;

    let cause = || Arc::new(std::io::Error::other("\"><img src=x onerror=1>"));
    let text = || "\"><img src=x onerror=1>".to_owned();
    vec![
        LinkError::Unreachable(cause()),
        LinkError::TimedOut(Duration::from_secs(10)),
        LinkError::Disconnected(cause()),
        LinkError::NotReady { status: 502 },
        LinkError::Tls(cause()),
        LinkError::Authority(cause()),
        LinkError::PlainRefused,
        LinkError::AddressRefused,
        LinkError::KeyRefused { answer: text() },
        LinkError::Standby { urls: vec![text()] },
        LinkError::RateLimited,
        LinkError::Busy,
        LinkError::SessionEnded,
        LinkError::RoleMissing { method: "pool.query" },
        LinkError::Missing { method: "pool.query" },
        LinkError::Refused { method: "pool.query", errno: 13, reason: text() },
        LinkError::protocol("pool.query", text()),
    ]
}
