//! The crate's errors and the server's status numbers, turned into four honest answers.

use std::io;

use smb2::error::{Error, ErrorKind};
use smb2::types::status::NtStatus;

/// What one try at signing in has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The name and the password belong together, and the server has proved that it knows so.
    Accepted,
    Refused(Refusal),
    /// The server answered, but what it said is about itself and not about the password.
    Inconclusive(Doubt),
    Unreachable(Silence),
}

/// The account or its password does not open the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("no user name or no password was given")]
    Empty,
    #[error("the user name or the password is wrong")]
    WrongCredentials,
    /// A server that lets strangers in as guest answers an unknown name this way.
    #[error("the server knows no such account and offers only its guest account")]
    Guest,
    #[error("the account is disabled")]
    Disabled,
    #[error("the account is locked")]
    Locked,
    #[error("the account has expired")]
    AccountExpired,
    #[error("the password has expired or must be changed")]
    PasswordExpired,
    #[error("the account may not sign in now, or not from here")]
    Restricted,
}

/// Why an answer says nothing about the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The welcome was not signed by somebody who knows the password. Never shown as a wrong password: this is an alarm.
    #[error("the server's answer carries no valid signature: somebody may sit in between")]
    SomebodyInTheMiddle,
    #[error("the server takes no NTLM sign-in")]
    NtlmBlocked,
    #[error("the server denies the sign-in without judging the password")]
    AccessDenied,
    #[error("the server reaches no domain controller")]
    NoDomainController,
    #[error("the server is too busy")]
    Busy,
    #[error("the sign-in with the server could not be completed")]
    Handshake,
    #[error("the server answered with status {0:#010X}")]
    Status(u32),
}

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Silence {
    #[error("the file server cannot be reached: {0}")]
    Network(io::ErrorKind),
    #[error("the file server did not answer in time")]
    TimedOut,
    #[error("the file server closed the connection")]
    Dropped,
    #[error("what answers does not speak SMB 2 or newer")]
    NotSmb,
}

/// What trying to open one share has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareVerdict {
    Reached,
    Denied,
    Missing,
    /// Not tried, or answered in a way that says neither yes nor no.
    Unclear,
}

pub fn judge(error: &Error) -> Verdict {
    match (error, error.kind()) {
        (Error::Protocol { status, .. }, _) => of_status(*status),
        (Error::Io(source), _) => Verdict::Unreachable(of_io(source.kind())),
        (Error::ConnectFailed { attempts, .. }, _) => {
            let reason = attempts.iter().find_map(|attempt| attempt.error_kind);
            Verdict::Unreachable(reason.map_or(Silence::TimedOut, of_io))
        }
        (_, kind) => of_kind(kind),
    }
}

/// Before anybody signs in there is nothing to refuse: whoever answers a greeting otherwise, or hangs up, is a stranger.
pub fn silence_of(error: &Error) -> Silence {
    match judge(error) {
        Verdict::Unreachable(silence @ (Silence::Network(_) | Silence::TimedOut)) => silence,
        Verdict::Unreachable(Silence::Dropped | Silence::NotSmb)
        | Verdict::Accepted
        | Verdict::Refused(_)
        | Verdict::Inconclusive(_) => Silence::NotSmb,
    }
}

pub fn judge_share(error: Option<&Error>) -> ShareVerdict {
    match error {
        None => ShareVerdict::Reached,
        Some(Error::Protocol { status: NtStatus::ACCESS_DENIED, .. }) => ShareVerdict::Denied,
        Some(Error::Protocol { status: NtStatus::BAD_NETWORK_NAME, .. }) => ShareVerdict::Missing,
        Some(_) => ShareVerdict::Unclear,
    }
}

fn of_status(status: NtStatus) -> Verdict {
    if let Some(refusal) = refusal_of(status.0) {
        return Verdict::Refused(refusal);
    }
    Verdict::Inconclusive(doubt_of(status.0))
}

/// The numbers are MS-ERREF's; several are unknown to the crate.
fn refusal_of(status: u32) -> Option<Refusal> {
    Some(match status {
        0xC000_0064 // STATUS_NO_SUCH_USER
        | 0xC000_006A // STATUS_WRONG_PASSWORD
        | 0xC000_006D // STATUS_LOGON_FAILURE
        => Refusal::WrongCredentials,
        0xC000_0072 // STATUS_ACCOUNT_DISABLED
        => Refusal::Disabled,
        0xC000_0234 // STATUS_ACCOUNT_LOCKED_OUT
        => Refusal::Locked,
        0xC000_0193 // STATUS_ACCOUNT_EXPIRED
        => Refusal::AccountExpired,
        0xC000_0071 // STATUS_PASSWORD_EXPIRED
        | 0xC000_0224 // STATUS_PASSWORD_MUST_CHANGE
        => Refusal::PasswordExpired,
        0xC000_006E // STATUS_ACCOUNT_RESTRICTION
        | 0xC000_006F // STATUS_INVALID_LOGON_HOURS
        | 0xC000_0070 // STATUS_INVALID_WORKSTATION
        | 0xC000_015B // STATUS_LOGON_TYPE_NOT_GRANTED
        => Refusal::Restricted,
        _ => return None,
    })
}

fn doubt_of(status: u32) -> Doubt {
    match status {
        0xC000_0418 // STATUS_NTLM_BLOCKED
        | 0xC000_00BB // STATUS_NOT_SUPPORTED: what Windows says when its policy forbids NTLM
        => Doubt::NtlmBlocked,
        0xC000_0022 // STATUS_ACCESS_DENIED
        => Doubt::AccessDenied,
        0xC000_005E // STATUS_NO_LOGON_SERVERS
        | 0xC000_018B // STATUS_NO_TRUST_SAM_ACCOUNT
        | 0xC000_018C // STATUS_TRUSTED_DOMAIN_FAILURE
        | 0xC000_018D // STATUS_TRUSTED_RELATIONSHIP_FAILURE
        | 0xC000_0192 // STATUS_NETLOGON_NOT_STARTED
        => Doubt::NoDomainController,
        0xC000_009A // STATUS_INSUFFICIENT_RESOURCES
        | 0xC000_00D0 // STATUS_REQUEST_NOT_ACCEPTED
        | 0xC000_0205 // STATUS_INSUFF_SERVER_RESOURCES
        => Doubt::Busy,
        other => Doubt::Status(other),
    }
}

fn of_io(kind: io::ErrorKind) -> Silence {
    if kind == io::ErrorKind::TimedOut { Silence::TimedOut } else { Silence::Network(kind) }
}

/// Errors of the crate itself, without a status from the server.
fn of_kind(kind: ErrorKind) -> Verdict {
    match kind {
        ErrorKind::SignatureInvalid => Verdict::Inconclusive(Doubt::SomebodyInTheMiddle),
        ErrorKind::GuestSessionRefused => Verdict::Refused(Refusal::Guest),
        ErrorKind::AccessDenied => Verdict::Inconclusive(Doubt::AccessDenied),
        ErrorKind::TimedOut => Verdict::Unreachable(Silence::TimedOut),
        ErrorKind::ConnectionLost | ErrorKind::SessionExpired | ErrorKind::Io => Verdict::Unreachable(Silence::Dropped),
        ErrorKind::InvalidData => Verdict::Unreachable(Silence::NotSmb),
        // Kinds that only files have, a handshake gone wrong on our side, and whatever the crate may learn: never a yes,
        // never a no.
        ErrorKind::AuthRequired
        | ErrorKind::SigningRequired
        | ErrorKind::Unsupported
        | ErrorKind::NotFound
        | ErrorKind::AlreadyExists
        | ErrorKind::SharingViolation
        | ErrorKind::IsADirectory
        | ErrorKind::NotADirectory
        | ErrorKind::DiskFull
        | ErrorKind::Cancelled
        | ErrorKind::DfsReferral
        | ErrorKind::DfsTargetUnreachable
        | ErrorKind::DfsTargetNotAllowed
        | ErrorKind::TooLarge
        | ErrorKind::InvalidName
        | ErrorKind::ResumeRefused
        | ErrorKind::Other
        | _ => Verdict::Inconclusive(Doubt::Handshake),
    }
}
