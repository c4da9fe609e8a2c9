//! The sign-in of the NAS itself: knows second factors, asks one by one.

use std::time::Duration;

use tracing::warn;

use super::{Proofs, Prove, Verdict, trouble};
use crate::auth::refused::{Refused, of_reach};
use crate::domain::Secret;
use crate::truenas::{PasswordVerdict, Passwords};

#[derive(Debug)]
pub struct Api(Passwords);

impl Api {
    pub fn new(passwords: Passwords) -> Self {
        Self(passwords)
    }
}

#[async_trait::async_trait]
impl Prove for Api {
    /// A right password replaces who is signed in on that connection, so the questions come one after the other.
    fn at_once(&self) -> usize {
        1
    }

    async fn reach(&self) -> Result<Duration, Refused> {
        self.0.reach().await.map_err(|error| {
            warn!(error = &error as &dyn std::error::Error, "the NAS cannot be asked about passwords");
            of_reach(&error)
        })
    }

    async fn check(&self, username: &str, password: &Secret<String>) -> Verdict {
        match self.0.check(username, password).await {
            Ok(PasswordVerdict::Accepted) => Verdict::Accepted(Proofs::new()),
            Ok(PasswordVerdict::Refused) => Verdict::Refused("the NAS refused the password".to_owned()),
            // Also what a locked account gets for any password: telling would tell that it exists.
            Ok(PasswordVerdict::Withheld) => Verdict::Refused("the NAS denied the sign-in without a reason".to_owned()),
            Ok(PasswordVerdict::Expired) => Verdict::Expired,
            Ok(PasswordVerdict::SecondFactor(factor)) => Verdict::SecondFactor(factor),
            Err(error) => Verdict::Trouble(trouble(&error)),
        }
    }
}
