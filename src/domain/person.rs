//! A person with an account on the NAS, as far as rights are concerned.

use crate::domain::Timestamp;

/// A Windows security identifier, in its text form (`S-1-5-…`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sid(String);

impl Sid {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub gid: u32,
    /// Empty when the NAS names the number only.
    pub name: String,
    pub sid: Option<Sid>,
}

impl Group {
    /// Something to call it by, in any case.
    pub fn label(&self) -> String {
        if self.name.is_empty() { self.gid.to_string() } else { self.name.clone() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub uid: u32,
    /// As the NAS spells it, whatever was typed.
    pub username: String,
    pub full_name: String,
    pub sid: Option<Sid>,
    /// Every group, the primary one included.
    pub groups: Vec<Group>,
    /// Known to the NAS itself, not to a directory behind it.
    pub local: bool,
    pub locked: bool,
    pub password_disabled: bool,
    /// May use SMB at all.
    pub smb: bool,
    pub password_changed_at: Option<Timestamp>,
}

impl Person {
    pub fn find_group(&self, gid: u32) -> Option<&Group> {
        self.groups.iter().find(|group| group.gid == gid)
    }

    /// The name to greet with: the account's name when nobody filled in a full name.
    pub fn display_name(&self) -> &str {
        if self.full_name.trim().is_empty() { &self.username } else { &self.full_name }
    }
}
