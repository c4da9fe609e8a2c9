//! A signed-in browser.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use crate::domain::Timestamp;
use crate::domain::caller::Account;

/// Names a session to its owner and to administrators. Knowing it gives nothing: the browser holds another, secret one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(String);

impl SessionId {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In characters: what a browser calls itself, as far as anybody reads it.
pub const DEVICE_LIMIT: u32 = 255;

/// A clock that is kept right moves by less.
const SLACK: Duration = Duration::from_secs(30);

/// Where a browser comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    pub address: IpAddr,
    /// What the browser calls itself, cut to a length worth keeping; empty when it says nothing.
    pub device: String,
}

impl Visitor {
    /// `says` is what the browser calls itself: anything at all. Control characters are left out.
    pub fn new(address: IpAddr, says: &str) -> Self {
        let device = says.chars().filter(|c| !c.is_control()).take(DEVICE_LIMIT as usize).collect();
        Self { address, device }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub account: Account,
    pub visitor: Visitor,
    pub created_at: Timestamp,
    /// When somebody last asked for something; neither sockets nor polling count.
    pub used_at: Timestamp,
    /// The absolute end, whatever happens.
    pub ends_at: Timestamp,
    /// What the NAS said of the password when the session began, by its own clock: another answer is another password.
    pub password_changed_at: Option<Timestamp>,
    /// When a code of the second factor was last given in it.
    pub confirmed_at: Option<Timestamp>,
}

impl Session {
    /// Its end has come, or nobody has asked for anything for `idle_limit`.
    pub fn over(&self, now: Timestamp, idle_limit: Duration) -> Option<End> {
        if now >= self.ends_at {
            Some(End::TimeOver)
        } else {
            (now.since(self.used_at) >= idle_limit).then_some(End::Unused)
        }
    }

    /// The calendar was set back since it was last used, or it would last longer than any.
    pub fn is_ahead(&self, now: Timestamp, lasts: Duration) -> bool {
        let latest = self.used_at.max(self.created_at).max(self.confirmed_at.unwrap_or(self.created_at));
        latest > now.plus(SLACK) || self.ends_at > now.plus(lasts + SLACK)
    }
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    TimeOver,
    Unused,
    /// By the person, in this very browser: another tab of it may be open.
    SignedOut,
    /// The browser goes on with a newer session of the same person: nobody need be told.
    Renewed,
    /// Somebody else signed in with this browser.
    Replaced,
    /// By the person, from another browser.
    Elsewhere,
    ByAdministrator,
    AccountGone,
    AccountLocked,
    PasswordDisabled,
    PasswordChanged,
    RoleChanged,
    /// Whoever sat there guessed codes of the second factor.
    CodesGuessed,
    /// The NAS vouches for nobody any more, as far as we can ask.
    KeyRefused,
}

impl End {
    pub const ALL: [Self; 14] = [
        Self::TimeOver,
        Self::Unused,
        Self::SignedOut,
        Self::Renewed,
        Self::Replaced,
        Self::Elsewhere,
        Self::ByAdministrator,
        Self::AccountGone,
        Self::AccountLocked,
        Self::PasswordDisabled,
        Self::PasswordChanged,
        Self::RoleChanged,
        Self::CodesGuessed,
        Self::KeyRefused,
    ];
}

/// As the audit trail says it.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TimeOver => "its time is over",
            Self::Unused => "nobody used it",
            Self::SignedOut => "signed out",
            Self::Renewed => "the browser got a new one",
            Self::Replaced => "somebody else signed in with the browser",
            Self::Elsewhere => "ended from another browser",
            Self::ByAdministrator => "ended by an administrator",
            Self::AccountGone => "the account is gone",
            Self::AccountLocked => "the account is locked",
            Self::PasswordDisabled => "the account's password is disabled",
            Self::PasswordChanged => "the password was changed",
            Self::RoleChanged => "the account's role changed",
            Self::CodesGuessed => "too many wrong codes",
            Self::KeyRefused => "the NAS refuses the service key",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_calls_itself_is_cut_and_commands_no_terminal() {
        let address = IpAddr::from([10, 0, 0, 7]);
        assert_eq!(Visitor::new(address, "Lynx\0 \u{1b}[2J ção").device, "Lynx [2J ção");
        assert_eq!(Visitor::new(address, &"ç".repeat(10_000)).device, "ç".repeat(DEVICE_LIMIT as usize));
    }
}
