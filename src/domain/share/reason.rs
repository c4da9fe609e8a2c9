//! What a person may do in a share and, precise enough to be believed, why.
//!
//! No sentences here: the words for people are made from these values where people are spoken to.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    Write,
    Read,
    None,
    /// Something needed to decide could not be read: no promise is made.
    Unknown,
}

/// The entry by which a right comes or is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Through {
    /// The system's administrator, whom no folder list stops.
    Root,
    /// The owner of the folder.
    Owner,
    /// An entry for this very person.
    Person,
    /// The group that owns the folder.
    OwningGroup(String),
    /// An entry for a group the person is in.
    Group(String),
    Everyone,
    /// Every account that signed in (`S-1-5-11`).
    SignedIn,
    /// Everybody who comes over the network (`S-1-5-2`).
    Network,
    /// The built-in group of users (`S-1-5-32-545`).
    Users,
    /// The rest, in a POSIX list: neither owner nor in a named group.
    Others,
    /// No list at all; the mode bits of the folder, for its owner.
    ModeOwner,
    ModeGroup(String),
    ModeOthers,
    /// The person's own folder, which the server makes at first use.
    OwnFolderToCome,
}

/// Why a list of rights does not give what was asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Barrier {
    /// No entry for this person gives it.
    Silent,
    /// An entry takes it away.
    Denied(Through),
    /// An entry gives it, the list's mask takes it back.
    Masked,
}

/// What made reading of writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cap {
    ShareReadOnly,
    TimeLocked,
    ShareList(Barrier),
    Folder(Barrier),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    Disabled,
    Locked,
    /// Made for backups; nobody maps it as a drive.
    TimeMachine,
    ShareList(Barrier),
    /// A directory on the way may not be walked through.
    Parent {
        path: String,
        barrier: Barrier,
    },
    FolderMissing {
        path: String,
    },
    Folder(Barrier),
}

/// What would have to be known to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The NAS did not say whether the dataset is locked.
    Lock,
    ShareList,
    /// The share's list has an entry for this person whose rights the NAS does not spell out.
    CustomShareEntry(Through),
    /// The share's list takes something from somebody who may be this person: not all their identifiers are known.
    UnknownShareEntry,
    /// The list of this folder, the shared one or one above it, could not be read.
    Folder {
        path: String,
    },
    /// The path is not one we can follow: not below `/mnt`, going upwards, or with a placeholder we cannot fill.
    Path,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Writes(Through),
    /// With what kept it from being more, where an entry for more was there.
    Reads(Through, Option<Cap>),
    Refused(Refusal),
    Unclear(Doubt),
}

impl Reason {
    pub const fn right(&self) -> Right {
        match self {
            Self::Writes(_) => Right::Write,
            Self::Reads(..) => Right::Read,
            Self::Refused(_) => Right::None,
            Self::Unclear(_) => Right::Unknown,
        }
    }
}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Doubt> for Reason {
    fn from(doubt: Doubt) -> Self {
        Self::Unclear(doubt)
    }
}

/// What a person should know besides, once something can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// Not shown when browsing; whoever knows its name gets in all the same.
    Hidden,
    /// Only some addresses may connect; ours to tell, not to judge.
    HostsLimited,
    /// A file can be written for a short while after it is made.
    TimeLocked,
    /// Another machine serves the folder: its own rights are not known to us.
    NotVerified,
}
