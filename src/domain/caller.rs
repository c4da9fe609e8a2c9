//! Who calls, and what a route asks of a caller.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

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

#[derive(Debug, Clone, PartialEq, Eq)]
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
}

/// What a route asks of whoever calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    Anyone,
    SignedIn,
    Administrator,
}

impl Access {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::SignedIn => "signed in",
            Self::Administrator => "administrator",
        }
    }

    /// `None` is somebody not signed in.
    pub fn admits(self, role: Option<Role>) -> bool {
        match self {
            Self::Anyone => true,
            Self::SignedIn => role.is_some(),
            Self::Administrator => role == Some(Role::Administrator),
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
        assert_eq!(admitted(Access::Administrator), [false, false, true]);
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
