//! What keeps this room from working, whoever asks.

use crate::{audit, live, store};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the sessions could not be read or written")]
    Sessions(#[source] store::Error),
    #[error("the counted failures could not be read or written")]
    Failures(#[source] store::Error),
    #[error("the local administrators could not be read or written")]
    Administrators(#[source] store::Error),
    #[error("the second factors could not be read or written")]
    Factors(#[source] store::Error),
    #[error("the second factor of {0} cannot be opened: server.secret_key is another one now")]
    Sealed(String),
    #[error("the audit trail could not be written")]
    Audit(#[source] audit::Error),
    #[error("the password could not be hashed")]
    Hash(#[source] argon2::password_hash::Error),
    #[error("the second factor could not be made")]
    SecondFactor(#[source] totp_rs::TotpError),
    #[error("the alarm of the service key could not be written down")]
    Alarm(#[source] store::Error),
    #[error("the administrators could not be told")]
    Tell(#[source] Box<live::Error>),
    #[error("the sign-in was cut off")]
    CutOff,
}

impl Error {
    /// It is over as soon as the database is there again.
    pub fn is_passing(&self) -> bool {
        store::is_passing(self)
    }
}
