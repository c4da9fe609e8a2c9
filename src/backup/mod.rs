//! Everything an installation needs to live again elsewhere, in one archive: making it, judging it, putting it back.
//!
//! Must never know: settings and their keys, the NAS, words for people.
//!
//! Invariants: a file appears under its name whole or not at all; nothing is put back before all of the archive was found
//! sound; what was there before is put aside, never removed; an archive says where nothing goes, only what its parts are;
//! nothing is given to another account by the name of a file, and nothing is read into an archive through a link that another
//! account can have put there.

mod archive;
mod error;
mod folder;
mod manifest;
mod owner;
mod pack;
mod place;
mod restore;
mod settle;
mod small;
#[cfg(test)]
mod tests;

pub use archive::Archive;
pub use error::Error;
pub use folder::{find_newest, name_at, remove_old};
pub use manifest::{Manifest, Part, Role};
pub use pack::{Job, create};
pub use restore::{Plan, Restored, restore};
pub use settle::Ended;

/// Below the folder of the data, where the server keeps a certificate of its own making.
const CERTIFICATE_FOLDER: &str = "tls";
const CERTIFICATE_FILES: [&str; 2] = ["certificate.pem", "key.pem"];
