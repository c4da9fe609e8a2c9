//! What a person may reach, and why; which drives it becomes, and the script that maps them.
//!
//! Must never know: HTTP of our own pages, HTML, how TrueNAS names its fields. The rule itself lives in `domain::share`.
//!
//! Invariants: what the NAS would not show about one folder gives no right there and leaves the other shares alone;
//! trouble with the link is an error, never an empty table; no list of rights is believed longer than its lifetime.

mod access;
mod board;
mod error;
mod letters;
mod script;
mod settings;

pub use access::{Access, PersonAccess, ShareAccess};
pub use board::{Board, Following, Known, Offer};
pub use error::Error;
pub use letters::hand_out;
pub use script::{FILE_NAME, Order};
pub use settings::{InvalidLetters, LETTERS, Settings};

#[cfg(test)]
mod tests;
