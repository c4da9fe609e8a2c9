//! Who may do what in a share: the share's own list, then every directory on the way, then the folder's list.
//!
//! A preview: the file server stays the judge. So it fails closed. What could not be read gives no right.

mod folder;
mod paths;
mod share_list;
#[cfg(test)]
mod tests;

pub use paths::{EvidencePaths, evidence_paths};

use super::reason::{Barrier, Cap, Doubt, Hint, Reason, Refusal, Right, Through};
use super::{FolderAcl, Share, ShareAcl, ShareKind};
use crate::domain::person::Person;

/// What came of looking at one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen<T> {
    Known(T),
    /// There is no such folder.
    Missing,
    Unreadable,
}

/// The lists that guard a share on one person's way into it. The paths to look at come from [`evidence_paths`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub share_acl: Seen<ShareAcl>,
    /// By path; one that is needed and not here counts as unreadable.
    pub parents: Vec<(String, Seen<FolderAcl>)>,
    pub folder: Seen<FolderAcl>,
}

impl Evidence {
    /// Nothing was looked at.
    pub const fn none() -> Self {
        Self { share_acl: Seen::Unreadable, parents: Vec::new(), folder: Seen::Unreadable }
    }

    fn parent(&self, path: &str) -> &Seen<FolderAcl> {
        self.parents.iter().find(|(known, _)| known == path).map_or(&Seen::Unreadable, |(_, seen)| seen)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub right: Right,
    pub reason: Reason,
    pub hints: Vec<Hint>,
}

pub fn reach(person: &Person, share: &Share, evidence: &Evidence) -> Reach {
    let (Ok(reason) | Err(reason)) = decide(person, share, evidence);
    let right = reason.right();
    let reachable = matches!(right, Right::Write | Right::Read);
    Reach { right, reason, hints: if reachable { hints(share) } else { Vec::new() } }
}

/// Why nobody at all is offered this share; then no list need be read.
pub const fn closed(share: &Share) -> Option<Refusal> {
    if !share.enabled {
        Some(Refusal::Disabled)
    } else if matches!(share.locked, Some(true)) {
        Some(Refusal::Locked)
    } else if matches!(share.kind, ShareKind::TimeMachine) {
        Some(Refusal::TimeMachine)
    } else {
        None
    }
}

/// `Err` is where the way ended early.
fn decide(person: &Person, share: &Share, evidence: &Evidence) -> Result<Reason, Reason> {
    if let Some(refusal) = closed(share) {
        return Err(refusal.into());
    }
    if share.locked.is_none() {
        return Err(Doubt::Lock.into());
    }
    let Seen::Known(list) = &evidence.share_acl else { return Err(Doubt::ShareList.into()) };
    if let Some(doubt) = share_list::doubt(person, list) {
        return Err(doubt.into());
    }
    let (entry, share_limit) = match most(|want| share_list::allows(person, list, want)) {
        Most::Write(through) => (through, None),
        Most::Read(through, barrier) => (through, Some(Cap::ShareList(barrier))),
        Most::Nothing(barrier) => return Err(Refusal::ShareList(barrier).into()),
    };
    let folder = match share.kind {
        // No folder of ours lies below: the share's list is all there is.
        ShareKind::External => Most::Write(entry),
        ShareKind::Plain
        | ShareKind::Home
        | ShareKind::PrivateDatasets
        | ShareKind::TimeLocked
        | ShareKind::TimeMachine => folder_most(person, share, evidence)?,
    };
    Ok(combine(folder, share_cap(share).or(share_limit)))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    /// List and walk through.
    Read,
    /// Read, create files, create folders.
    Write,
}

/// The most that one list gives, by which entry, and what stood in the way of more.
enum Most {
    Write(Through),
    Read(Through, Barrier),
    Nothing(Barrier),
}

fn most(ask: impl Fn(Want) -> Result<Through, Barrier>) -> Most {
    match ask(Want::Write) {
        Ok(through) => Most::Write(through),
        Err(no_write) => match ask(Want::Read) {
            Ok(through) => Most::Read(through, no_write),
            Err(no_read) => Most::Nothing(no_read),
        },
    }
}

fn folder_most(person: &Person, share: &Share, evidence: &Evidence) -> Result<Most, Reason> {
    let Some(paths) = evidence_paths(share, person) else { return Err(Doubt::Path.into()) };
    for path in &paths.parents {
        match evidence.parent(path) {
            Seen::Known(acl) => {
                let refuse = |barrier| Refusal::Parent { path: path.clone(), barrier };
                folder::traverses(person, acl).map_err(refuse)?;
            }
            Seen::Missing if paths.is_made_at_first_use(path) => return Ok(Most::Write(Through::OwnFolderToCome)),
            Seen::Missing => return Err(Refusal::FolderMissing { path: path.clone() }.into()),
            Seen::Unreadable => return Err(Doubt::Folder { path: path.clone() }.into()),
        }
    }
    match &evidence.folder {
        Seen::Known(acl) => Ok(most(|want| folder::allows(person, acl, want))),
        Seen::Missing if paths.is_made_at_first_use(&paths.folder) => Ok(Most::Write(Through::OwnFolderToCome)),
        Seen::Missing => Err(Refusal::FolderMissing { path: paths.folder }.into()),
        Seen::Unreadable => Err(Doubt::Folder { path: paths.folder }.into()),
    }
}

/// What the share allows at most, whoever comes.
const fn share_cap(share: &Share) -> Option<Cap> {
    if share.read_only {
        Some(Cap::ShareReadOnly)
    } else if matches!(share.kind, ShareKind::TimeLocked) {
        Some(Cap::TimeLocked)
    } else {
        None
    }
}

fn combine(folder: Most, cap: Option<Cap>) -> Reason {
    match (folder, cap) {
        (Most::Write(through), None) => Reason::Writes(through),
        (Most::Write(through), Some(cap)) => Reason::Reads(through, Some(cap)),
        (Most::Read(through, Barrier::Silent), _) => Reason::Reads(through, None),
        (Most::Read(through, barrier), _) => Reason::Reads(through, Some(Cap::Folder(barrier))),
        (Most::Nothing(barrier), _) => Reason::Refused(Refusal::Folder(barrier)),
    }
}

fn hints(share: &Share) -> Vec<Hint> {
    [
        (!share.browsable, Hint::Hidden),
        (share.limits_hosts, Hint::HostsLimited),
        (share.kind == ShareKind::TimeLocked, Hint::TimeLocked),
        (share.kind == ShareKind::External, Hint::NotVerified),
    ]
    .into_iter()
    .filter_map(|(applies, hint)| applies.then_some(hint))
    .collect()
}
