//! Watching the NAS.
//!
//! Must never know: HTTP of our own pages, HTML, SQL.

mod settings;

pub use settings::{PERIOD, Settings};
