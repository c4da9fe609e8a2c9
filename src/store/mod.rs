//! SQL, and it alone.
//!
//! Must never know: TrueNAS, HTTP, who may do what.

mod settings;

pub use settings::Settings;
