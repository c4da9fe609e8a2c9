//! HTTP: pages and interfaces.
//!
//! Must never know: store, truenas, smb. It asks the rooms of floors 2 to 4.

mod settings;
pub mod words;

pub use settings::Settings;
