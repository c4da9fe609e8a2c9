//! Which database keeps our own records.

use crate::domain::Secret;

#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite://`, `postgres://` or `mysql://`; may hold a password.
    pub url: Secret<String>,
}
