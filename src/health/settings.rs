//! How often we look.

use std::time::Duration;

/// Often enough that a page is never older than a glance.
pub const PERIOD: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub period: Duration,
}
