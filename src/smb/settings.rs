//! Where the file server listens.

use std::time::Duration;

/// The port Windows maps drives through.
pub const SMB_PORT: u16 = 445;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub host: String,
    pub port: u16,
    /// For the sign-in, for opening all shares, and for the goodbye: each of the three.
    pub timeout: Duration,
}

impl Settings {
    pub(super) fn address(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') && !host.starts_with('[') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}
