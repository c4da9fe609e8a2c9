//! Failures that were counted, and the waiting they earned.

use crate::domain::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    /// Who or what has to wait; whoever counts gives it its name.
    pub key: String,
    pub failures: u32,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// Nothing is tried before this. Not later than `last_at` when no wait has been earned yet.
    pub until: Timestamp,
}
