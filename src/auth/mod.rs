//! Proving who calls: sign-in, sessions, the break-glass administrator, throttling.
//!
//! Must never know: HTTP, cookies, words for people.
//!
//! Invariants: a password is held no longer than its check lasts; one attempt at the NAS for each sign-in; what a browser
//! holds is kept here as a hash only.

mod settings;

pub use settings::{ADMINISTRATORS_GROUP, Authenticator, IDLE_TIMEOUT, SESSION_TIMEOUT, Settings};
