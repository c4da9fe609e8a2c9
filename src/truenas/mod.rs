//! Speaking to the NAS over either road.
//!
//! Must never know: SQL, HTTP of our own pages, who may do what.

mod settings;

pub use settings::{CALL_TIMEOUT, Fingerprint, InvalidUrl, Settings, Trust};
