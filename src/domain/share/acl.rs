//! The two lists of rights that guard a share: the share's own, and that of the folder below it.

use std::ops::BitOr;

use crate::domain::person::Sid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AceKind {
    Allow,
    Deny,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoId {
    User(u32),
    Group(u32),
    /// The account and the group with this number are one and the same to the server.
    Both(u32),
}

/// `Read` is part of `Change`, `Change` is part of `Full`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareRight {
    Read,
    Change,
    Full,
    /// A mixture the NAS does not spell out: nothing may be concluded from it.
    Custom,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareAce {
    pub sid: Option<Sid>,
    pub who: Option<WhoId>,
    pub kind: AceKind,
    pub right: ShareRight,
}

/// In the order in which the server reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareAcl(pub Vec<ShareAce>);

/// The rights an NFSv4 entry may name. A set: combine with `|`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nfs4Rights(u16);

impl Nfs4Rights {
    pub const NONE: Self = Self(0);
    pub const READ_DATA: Self = Self(1);
    pub const WRITE_DATA: Self = Self(1 << 1);
    pub const APPEND_DATA: Self = Self(1 << 2);
    pub const READ_NAMED_ATTRS: Self = Self(1 << 3);
    pub const WRITE_NAMED_ATTRS: Self = Self(1 << 4);
    pub const EXECUTE: Self = Self(1 << 5);
    pub const DELETE: Self = Self(1 << 6);
    pub const DELETE_CHILD: Self = Self(1 << 7);
    pub const READ_ATTRIBUTES: Self = Self(1 << 8);
    pub const WRITE_ATTRIBUTES: Self = Self(1 << 9);
    pub const READ_ACL: Self = Self(1 << 10);
    pub const WRITE_ACL: Self = Self(1 << 11);
    pub const WRITE_OWNER: Self = Self(1 << 12);
    pub const SYNCHRONIZE: Self = Self(1 << 13);

    pub const FULL_CONTROL: Self = Self((1 << 14) - 1);
    pub const MODIFY: Self = Self(Self::FULL_CONTROL.0 & !Self::WRITE_ACL.0 & !Self::WRITE_OWNER.0);
    pub const TRAVERSE: Self = Self(
        Self::READ_NAMED_ATTRS.0 | Self::READ_ATTRIBUTES.0 | Self::READ_ACL.0 | Self::EXECUTE.0 | Self::SYNCHRONIZE.0,
    );
    pub const READ: Self = Self(Self::TRAVERSE.0 | Self::READ_DATA.0);

    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Nfs4Rights {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nfs4Who {
    Owner,
    OwningGroup,
    Everyone,
    User(u32),
    Group(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nfs4Entry {
    pub who: Nfs4Who,
    pub kind: AceKind,
    pub rights: Nfs4Rights,
    /// Meant for what is created below; says nothing about the folder itself.
    pub inherit_only: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PosixPerms {
    pub read: bool,
    pub write: bool,
    pub execute: bool,
}

impl PosixPerms {
    pub const fn contains(self, other: Self) -> bool {
        (self.read || !other.read) && (self.write || !other.write) && (self.execute || !other.execute)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PosixWho {
    Owner,
    User(u32),
    OwningGroup,
    Group(u32),
    Mask,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PosixEntry {
    pub who: PosixWho,
    pub perms: PosixPerms,
    /// Meant for what is created below; says nothing about the folder itself.
    pub default: bool,
}

/// What guards a folder, in the three forms the NAS knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderAcl {
    Nfs4 {
        owner: u32,
        group: u32,
        entries: Vec<Nfs4Entry>,
    },
    Posix {
        owner: u32,
        group: u32,
        entries: Vec<PosixEntry>,
    },
    /// No list at all: the mode bits decide (`0o750`).
    Mode {
        owner: u32,
        group: u32,
        mode: u32,
    },
}
