//! Where we listen and how long a session lasts.

use std::net::SocketAddr;
use std::time::Duration;

use crate::domain::Secret;

/// The customer's eight hours.
pub const SESSION_TIMEOUT: Duration = Duration::from_hours(8);

#[derive(Debug, Clone)]
pub struct Settings {
    pub listen: SocketAddr,
    /// At least 32 characters nobody else knows.
    pub secret_key: Secret<String>,
    pub session_timeout: Duration,
}
