//! A shared folder, who may do what in it, and the rule that says so.

mod acl;
mod reach;
mod reason;

pub use acl::{
    AceKind, FolderAcl, Nfs4Entry, Nfs4Rights, Nfs4Who, PosixEntry, PosixPerms, PosixWho, ShareAce, ShareAcl,
    ShareRight, WhoId,
};
pub use reach::{Evidence, EvidencePaths, Reach, Seen, closed, evidence_paths, reach};
pub use reason::{Barrier, Cap, Doubt, Hint, Reason, Refusal, Right, Through};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareKind {
    Plain,
    /// Everybody's own folder below one path.
    Home,
    /// A dataset of its own for everybody, made at first use.
    PrivateDatasets,
    /// Files can be written for a short while only.
    TimeLocked,
    TimeMachine,
    /// Served by another machine; only the share's own list of rights is ours to read.
    External,
}

/// What the file server itself showed when the person tried to open the share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    Reached,
    Denied,
    Missing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub id: i64,
    pub name: String,
    /// Absolute folder on the NAS; for an external share, where it leads.
    pub path: String,
    pub comment: String,
    pub kind: ShareKind,
    pub enabled: bool,
    /// The dataset below is encrypted and locked; `None` when the NAS did not say.
    pub locked: Option<bool>,
    pub read_only: bool,
    /// Hidden from browsing, yet reachable: people are not shown it.
    pub browsable: bool,
    /// Some client addresses are allowed or refused: a hint, not a decision.
    pub limits_hosts: bool,
    /// What the server appends to the path for each person, such as `%U`; empty for none.
    pub path_suffix: String,
}
