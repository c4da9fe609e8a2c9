//! Speaking to the NAS over either road: JSON-RPC from 25.04 on, REST up to 24.10.
//!
//! Must never know: SQL, HTTP of our own pages, who may do what. Only `decode` knows how the NAS names its fields, only
//! `method` how it names its calls.
//!
//! Invariants: a secret leaves over an encrypted connection only, unless plain HTTP was allowed for an old release; one
//! task owns the link; every call ends, at the latest with a timeout; callers get domain values.

mod certificate;
mod client;
mod decode;
mod dial;
mod error;
mod http;
mod key;
mod link;
mod method;
mod need;
mod password;
mod probe;
mod rest;
mod rpc;
mod sealed;
mod settings;
mod survey;
mod tls;
mod transport;

pub use certificate::Certificate;
pub use client::{Changes, Client};
pub use error::Error;
pub use key::ServiceKey;
pub use link::LinkTask;
pub use need::Need;
pub use password::{PasswordTask, PasswordVerdict, Passwords, SecondFactor};
pub use settings::{CALL_TIMEOUT, Fingerprint, InvalidUrl, Settings, Trust};
pub use survey::Survey;
pub use tls::{Seen, looking_config};
