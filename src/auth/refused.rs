//! Why somebody does not come in, as far as they may be told.

use std::time::Duration;

use crate::auth::Error;
use crate::truenas;

#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// An unknown name, a wrong password, or an answer of the NAS that does not say which.
    #[error("the name or the password is wrong")]
    WrongCredentials,
    #[error("the password has expired")]
    PasswordExpired,
    /// Told only to who knows the password.
    #[error("the account may not sign in")]
    AccountClosed(Closed),
    /// Unless another one may be tried, the sign-in begins anew.
    #[error("the code is wrong")]
    WrongCode { again: bool },
    /// Too late: the sign-in begins anew.
    #[error("the code is no longer waited for")]
    CodeExpired,
    #[error("this sign-in is already under way")]
    AlreadyUnderWay,
    #[error("too many tries: {} s to wait", .wait.as_secs())]
    Throttled { wait: Duration },
    #[error("too many people are waiting")]
    QueueFull,
    #[error("the NAS cannot be reached")]
    NasUnreachable,
    #[error("the NAS is starting, restarting or updating")]
    NasRestarting,
    #[error("the NAS refuses the service key")]
    ServiceKeyRefused,
    /// The NAS answers, but not in a way that settles the question.
    #[error("the connection with the NAS is in trouble")]
    ConnectionTrouble,
    #[error("the form cannot be used: {0}")]
    Invalid(Invalid),
    #[error("a room of our own is broken")]
    Broken(#[from] Error),
}

impl Refused {
    /// The word it is counted by: never changes once released.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::WrongCredentials => "wrong_credentials",
            Self::PasswordExpired => "password_expired",
            Self::AccountClosed(_) => "account_closed",
            Self::WrongCode { .. } => "wrong_code",
            Self::CodeExpired => "code_expired",
            Self::AlreadyUnderWay => "already_under_way",
            Self::Throttled { .. } => "throttled",
            Self::QueueFull => "queue_full",
            Self::NasUnreachable => "nas_unreachable",
            Self::NasRestarting => "nas_restarting",
            Self::ServiceKeyRefused => "service_key_refused",
            Self::ConnectionTrouble => "connection_trouble",
            Self::Invalid(_) => "invalid",
            Self::Broken(_) => "broken",
        }
    }

    /// Nobody got to judge the try, so it says nothing about whoever made it.
    pub fn is_unjudged(&self) -> bool {
        matches!(
            self,
            Self::QueueFull
                | Self::NasUnreachable
                | Self::NasRestarting
                | Self::ServiceKeyRefused
                | Self::ConnectionTrouble
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    #[error("locked")]
    Locked,
    #[error("disabled")]
    Disabled,
    /// Gone since the password was proved, or not an account of the NAS itself.
    #[error("missing")]
    Missing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("the name is missing")]
    NameMissing,
    #[error("the name is too long")]
    NameTooLong,
    #[error("the name holds control characters")]
    NameUnreadable,
    #[error("the password is missing")]
    PasswordMissing,
    #[error("the password is too long")]
    PasswordTooLong,
    #[error("the code is missing or too long")]
    Code,
    #[error("the attempt has no usable name")]
    Attempt,
}

/// The same before anything was asked: a connection cut while it was being made is a NAS that is not there.
pub fn of_reach(error: &truenas::Error) -> Refused {
    if matches!(error, truenas::Error::Disconnected(_)) { Refused::NasUnreachable } else { of_nas(error) }
}

/// Which of the customer's messages a trouble with the NAS belongs to.
pub fn of_nas(error: &truenas::Error) -> Refused {
    use truenas::Error as E;
    match error {
        E::Unreachable(_) | E::TimedOut(_) => Refused::NasUnreachable,
        E::NotReady { .. } => Refused::NasRestarting,
        E::KeyRefused { .. } => Refused::ServiceKeyRefused,
        E::Disconnected(_)
        | E::Tls(_)
        | E::WrongCertificate { .. }
        | E::Authority(_)
        | E::PlainRefused
        | E::AddressRefused
        | E::Standby { .. }
        | E::RateLimited
        | E::Busy
        | E::SessionEnded
        | E::RoleMissing { .. }
        | E::Missing { .. }
        | E::Refused { .. }
        | E::Protocol { .. } => Refused::ConnectionTrouble,
    }
}
