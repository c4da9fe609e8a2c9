//! The words of the trade: plain values and pure rules.
//!
//! Must never know: the network, files, the clock, SQL, TrueNAS' own field names, HTML.
//! Invariant: everything here can be built, compared and tested without a runtime.

pub mod announcement;
pub mod audit;
pub mod ban;
pub mod calendar;
pub mod caller;
pub mod entry;
pub mod event;
pub mod health;
pub mod incident;
pub mod language;
pub mod maintenance;
pub mod nas;
pub mod notice;
pub mod person;
pub mod secret;
pub mod session;
pub mod setting;
pub mod share;
pub mod signin;
pub mod silence;
pub mod time;

pub use language::Language;
pub use secret::Secret;
pub use setting::Setting;
pub use time::Timestamp;
