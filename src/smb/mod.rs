//! Proving a password and a share over SMB, nothing more.
//!
//! Must never know: shares' lists of rights, sessions, HTTP.

mod settings;

pub use settings::{SMB_PORT, Settings};
