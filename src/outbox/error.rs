//! What can go wrong: with the room, and with handing a message over.

use std::fmt;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("an address that messages go to cannot be used")]
    Address,
    #[error("the authorities to trust cannot be read")]
    Authority(#[source] std::io::Error),
    #[error("encryption cannot be prepared")]
    Tls(#[source] rustls::Error),
    #[error("the client for messages cannot be prepared")]
    Client,
    #[error("the messages cannot be kept")]
    Keep(#[source] crate::store::Error),
    #[error("the messages cannot be read")]
    Read(#[source] crate::store::Error),
    #[error("the lines to tell of cannot be read")]
    Lines(#[source] crate::live::Error),
}

/// Why a message was not handed over, in the plain kinds a person can act on. Never a text of the other side: it could
/// hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No such channel is set up.
    NotSetUp,
    /// No machine has this name.
    AddressUnknown,
    /// Nothing listens there, or nothing can be reached.
    Unreachable,
    /// It is not who we think, or it does not encrypt.
    Certificate,
    /// Password, token or key are not accepted.
    WrongSecret,
    /// It answered with this code, which means no.
    Answered(u16),
    TimedOut,
    /// It speaks something else than we expect.
    NotUnderstood,
}

impl fmt::Display for Failure {
    /// The word it is kept by and told in the log: [`Failure::parse`] reads it again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSetUp => f.write_str("not set up"),
            Self::AddressUnknown => f.write_str("address unknown"),
            Self::Unreachable => f.write_str("unreachable"),
            Self::Certificate => f.write_str("certificate"),
            Self::WrongSecret => f.write_str("wrong secret"),
            Self::Answered(code) => write!(f, "answered {code}"),
            Self::TimedOut => f.write_str("timed out"),
            Self::NotUnderstood => f.write_str("not understood"),
        }
    }
}

impl Failure {
    const WORDS: [Self; 7] = [
        Self::NotSetUp,
        Self::AddressUnknown,
        Self::Unreachable,
        Self::Certificate,
        Self::WrongSecret,
        Self::TimedOut,
        Self::NotUnderstood,
    ];

    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("answered ") {
            Some(code) => code.parse().ok().map(Self::Answered),
            None => Self::WORDS.into_iter().find(|failure| failure.to_string() == text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_found_again_by_its_word() {
        for failure in Failure::WORDS.into_iter().chain([Failure::Answered(503)]) {
            assert_eq!(Failure::parse(&failure.to_string()), Some(failure));
        }
        assert_eq!(Failure::parse("answered loudly"), None);
    }
}
