//! Whether a name and a password belong together: one question to the NAS, by one of two ways.

mod api;
mod smb;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::auth::refused::{Closed, Refused, of_nas};
use crate::domain::Secret;
use crate::domain::share::Proof;
use crate::truenas;

pub use api::Api;
pub use smb::Smb;

/// What opening each share has shown, by its name. Empty where shares are not opened.
pub type Proofs = BTreeMap<String, Proof>;

#[derive(Debug)]
pub enum Verdict {
    Accepted(Proofs),
    /// Says why to the log and the audit trail. Whoever asked hears one sentence for all of it.
    Refused(String),
    /// The password was right once.
    Expired,
    /// The password is right, the account is not welcome.
    Closed(Closed, String),
    SecondFactor(truenas::SecondFactor),
    /// Nothing was learnt about the password.
    Trouble(Refused),
}

#[async_trait::async_trait]
pub trait Prove: Send + Sync + std::fmt::Debug {
    /// How many questions the NAS takes at a time.
    fn at_once(&self) -> usize;

    /// Whether the NAS answers, and how fast. Asks for nobody.
    async fn reach(&self) -> Result<Duration, Refused>;

    /// One try, with the password as it was typed.
    async fn check(&self, username: &str, password: &Secret<String>) -> Verdict;
}

/// For the log the whole chain, for the person the sentence it belongs to.
fn trouble(error: &truenas::Error) -> Refused {
    tracing::warn!(error = error as &(dyn std::error::Error + 'static), "a password could not be checked");
    of_nas(error)
}
