//! Who calls, and what a route asks of a caller.

use std::net::IpAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::session::SessionId;

/// One person for good: it follows the account's number or identifier, never the name that was typed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(String);

impl AccountId {
    pub fn of_uid(uid: u32) -> Self {
        Self(format!("uid:{uid}"))
    }

    /// The break-glass administrator: known to this server alone.
    pub fn of_local(username: &str) -> Self {
        Self(format!("local:{username}"))
    }

    /// As it was kept; only what [`AccountId::as_str`] gave comes back here.
    pub fn kept(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Not an account of the NAS.
    pub fn is_local(&self) -> bool {
        self.0.starts_with("local:")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Employee,
    Administrator,
}

impl Role {
    /// The word it is kept by: never changes once released.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Administrator => "administrator",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Employee, Self::Administrator].into_iter().find(|role| role.as_str() == word)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Account {
    pub id: AccountId,
    /// As the NAS spells it, whatever was typed.
    pub username: String,
    pub full_name: String,
    pub role: Role,
}

impl Account {
    /// The name to greet with: the account's name when nobody filled in a full name.
    pub fn display_name(&self) -> &str {
        if self.full_name.trim().is_empty() { &self.username } else { &self.full_name }
    }

    /// Everybody ends their own sessions, an administrator any.
    pub fn may_end_session_of(&self, owner: &AccountId) -> bool {
        self.role == Role::Administrator || self.id == *owner
    }
}

/// Somebody signed in, from where: what the audit trail tells of whoever changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub account: Account,
    pub session: SessionId,
    pub address: IpAddr,
    pub standing: Standing,
}

/// A code counts as just given for so long: what gives power over others asks for one.
pub const FRESH_FOR: Duration = Duration::from_mins(10);

/// How well a session is proved, besides by the password it began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    Plain,
    /// By a code of the second factor, once in the session.
    Confirmed,
    /// By a code of the last few minutes.
    Fresh,
}

impl Standing {
    pub fn of(confirmed_at: Option<Timestamp>, now: Timestamp) -> Self {
        match confirmed_at {
            None => Self::Plain,
            Some(at) if now.since(at) < FRESH_FOR => Self::Fresh,
            Some(_) => Self::Confirmed,
        }
    }
}

/// What a route asks of whoever calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    Anyone,
    SignedIn,
    /// Whatever the standing: only the way to a better one is for these.
    Administrator,
    /// An administrator who gave a code in this session.
    Confirmed,
    /// An administrator who gave a code just now.
    Fresh,
}

impl Access {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::SignedIn => "signed in",
            Self::Administrator => "administrator",
            Self::Confirmed => "confirmed",
            Self::Fresh => "fresh",
        }
    }

    /// The role alone; `None` is somebody not signed in.
    pub fn admits(self, role: Option<Role>) -> bool {
        match self {
            Self::Anyone => true,
            Self::SignedIn => role.is_some(),
            Self::Administrator | Self::Confirmed | Self::Fresh => role == Some(Role::Administrator),
        }
    }

    /// Asked for besides the role.
    pub fn standing(self) -> Standing {
        match self {
            Self::Anyone | Self::SignedIn | Self::Administrator => Standing::Plain,
            Self::Confirmed => Standing::Confirmed,
            Self::Fresh => Standing::Fresh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_access_admits_exactly_whom_it_names() {
        let callers = [None, Some(Role::Employee), Some(Role::Administrator)];
        let admitted = |access: Access| callers.map(|role| access.admits(role));
        assert_eq!(admitted(Access::Anyone), [true, true, true]);
        assert_eq!(admitted(Access::SignedIn), [false, true, true]);
        for access in [Access::Administrator, Access::Confirmed, Access::Fresh] {
            assert_eq!(admitted(access), [false, false, true]);
        }
    }

    #[test]
    fn a_code_is_fresh_for_ten_minutes_and_counts_for_the_whole_session() {
        let at = Timestamp::from_millis;
        let standings = [0, 599_999, 600_000, 28_800_000].map(|now| Standing::of(Some(at(0)), at(now)));
        assert_eq!(standings, [Standing::Fresh, Standing::Fresh, Standing::Confirmed, Standing::Confirmed]);
        assert_eq!(Standing::of(None, at(0)), Standing::Plain);
        let enough = |access: Access| standings.map(|standing| standing >= access.standing());
        assert_eq!(enough(Access::Confirmed), [true; 4]);
        assert_eq!(enough(Access::Fresh), [true, true, false, false]);
        assert!(Standing::Plain >= Access::Administrator.standing());
        assert!(Standing::Plain < Access::Confirmed.standing());
    }

    #[test]
    fn only_an_administrator_ends_the_sessions_of_others() {
        for (role, others) in [(Role::Employee, false), (Role::Administrator, true)] {
            let ana = Account { id: AccountId::of_uid(1), username: "ana".into(), full_name: String::new(), role };
            assert!(ana.may_end_session_of(&ana.id));
            assert_eq!(ana.may_end_session_of(&AccountId::of_uid(2)), others);
        }
    }

    #[test]
    fn a_role_is_found_again_by_its_word_and_by_no_other() {
        for role in [Role::Employee, Role::Administrator] {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }

    #[test]
    fn an_account_of_the_nas_is_never_taken_for_the_local_one() {
        assert!(AccountId::of_local("ana").is_local());
        assert!(!AccountId::of_uid(3001).is_local());
    }
}
