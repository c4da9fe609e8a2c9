//! An office to tell the cases in: Ana of finance, a folder `/mnt/tank/finance`, and lists of rights in few words.

use crate::domain::person::{Group, Person, Sid};
use crate::domain::share::{
    AceKind, Barrier, Cap, Doubt, Evidence, FolderAcl, Nfs4Entry, Nfs4Rights, Nfs4Who, PosixEntry, PosixPerms,
    PosixWho, Reason, Refusal, Right, Seen, Share, ShareAce, ShareAcl, ShareKind, ShareRight, Through, WhoId, reach,
};

pub(super) const ANA: u32 = 3001;
pub(super) const BRUNO: u32 = 3002;
pub(super) const ROOT: u32 = 0;
/// Ana's primary group.
pub(super) const STAFF: u32 = 545;
pub(super) const FINANCE: u32 = 3010;
/// Ana is in it too; it is there to be denied things.
pub(super) const TRAINEES: u32 = 3011;
/// Ana is not in it.
pub(super) const ENGINEERS: u32 = 3012;

pub(super) fn ana() -> Person {
    let group = |gid, name: &str| Group { gid, name: name.into(), sid: Some(group_sid(gid)) };
    Person {
        uid: ANA,
        username: "ana".into(),
        full_name: "Ana Lima".into(),
        sid: Some(user_sid(ANA)),
        groups: vec![group(STAFF, "staff"), group(FINANCE, "financeiro"), group(TRAINEES, "estagiarios")],
        local: true,
        locked: false,
        password_disabled: false,
        smb: true,
        password_changed_at: None,
    }
}

pub(super) fn user_sid(uid: u32) -> Sid {
    Sid::new(format!("S-1-5-21-11-22-33-{}", 20_000 + uid))
}

pub(super) fn group_sid(gid: u32) -> Sid {
    Sid::new(format!("S-1-5-21-11-22-33-{}", 50_000 + gid))
}

/// A person at a share. As it begins, everything lets Ana write, by her group; each case changes what it is about.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub person: Person,
    pub share: Share,
    pub evidence: Evidence,
}

pub(super) fn scene() -> Scene {
    let share = Share {
        id: 4,
        name: "Financeiro".into(),
        path: "/mnt/tank/finance".into(),
        comment: String::new(),
        kind: ShareKind::Plain,
        enabled: true,
        locked: Some(false),
        read_only: false,
        browsable: true,
        limits_hosts: false,
        path_suffix: String::new(),
    };
    let evidence = Evidence {
        share_acl: Seen::Known(ShareAcl(vec![by_sid("S-1-1-0", AceKind::Allow, ShareRight::Full)])),
        parents: vec![("/mnt/tank".into(), Seen::Known(mode(0o755)))],
        folder: Seen::Known(nfs4([allow(Nfs4Who::Group(FINANCE), Nfs4Rights::MODIFY)])),
    };
    Scene { person: ana(), share, evidence }
}

impl Scene {
    pub fn share(mut self, change: impl FnOnce(&mut Share)) -> Self {
        change(&mut self.share);
        self
    }

    pub fn person(mut self, change: impl FnOnce(&mut Person)) -> Self {
        change(&mut self.person);
        self
    }

    pub fn share_list<const N: usize>(mut self, entries: [ShareAce; N]) -> Self {
        self.evidence.share_acl = Seen::Known(ShareAcl(entries.into()));
        self
    }

    pub fn folder(mut self, acl: FolderAcl) -> Self {
        self.evidence.folder = Seen::Known(acl);
        self
    }

    /// What was seen of the folder, when it was not a list.
    pub fn folder_is(mut self, seen: Seen<FolderAcl>) -> Self {
        self.evidence.folder = seen;
        self
    }

    pub fn parents<const N: usize>(mut self, parents: [(&str, Seen<FolderAcl>); N]) -> Self {
        self.evidence.parents = parents.into_iter().map(|(path, seen)| (path.to_owned(), seen)).collect();
        self
    }

    pub fn reason(&self) -> Reason {
        reach(&self.person, &self.share, &self.evidence).reason
    }
}

pub(super) fn by_sid(sid: &str, kind: AceKind, right: ShareRight) -> ShareAce {
    ShareAce { sid: Some(Sid::new(sid)), who: None, kind, right }
}

pub(super) fn by_id(who: WhoId, kind: AceKind, right: ShareRight) -> ShareAce {
    ShareAce { sid: None, who: Some(who), kind, right }
}

/// A folder of Bruno's and the engineers, so that Ana owns nothing unless a case says so.
pub(super) fn nfs4<const N: usize>(entries: [Nfs4Entry; N]) -> FolderAcl {
    FolderAcl::Nfs4 { owner: BRUNO, group: ENGINEERS, entries: entries.into() }
}

pub(super) fn allow(who: Nfs4Who, rights: Nfs4Rights) -> Nfs4Entry {
    Nfs4Entry { who, kind: AceKind::Allow, rights, inherit_only: false }
}

pub(super) fn deny(who: Nfs4Who, rights: Nfs4Rights) -> Nfs4Entry {
    Nfs4Entry { kind: AceKind::Deny, ..allow(who, rights) }
}

pub(super) fn posix<const N: usize>(entries: [PosixEntry; N]) -> FolderAcl {
    FolderAcl::Posix { owner: BRUNO, group: ENGINEERS, entries: entries.into() }
}

/// `perms` as `ls` shows them: `rw-`.
pub(super) fn entry(who: PosixWho, perms: &str) -> PosixEntry {
    let has = |letter| perms.contains(letter);
    PosixEntry { who, perms: PosixPerms { read: has('r'), write: has('w'), execute: has('x') }, default: false }
}

pub(super) fn mode(mode: u32) -> FolderAcl {
    FolderAcl::Mode { owner: ROOT, group: ROOT, mode }
}

/// The same list in a folder of somebody else's.
pub(super) fn owned_by(acl: FolderAcl, new_owner: u32, new_group: u32) -> FolderAcl {
    match acl {
        FolderAcl::Nfs4 { entries, .. } => FolderAcl::Nfs4 { owner: new_owner, group: new_group, entries },
        FolderAcl::Posix { entries, .. } => FolderAcl::Posix { owner: new_owner, group: new_group, entries },
        FolderAcl::Mode { mode, .. } => FolderAcl::Mode { owner: new_owner, group: new_group, mode },
    }
}

/// One line of the table.
pub(super) type Case = (&'static str, Scene, Right, Reason);

pub(super) const NOTHING: Right = Right::None;

pub(super) fn check<const N: usize>(cases: [Case; N]) {
    for (name, scene, right, reason) in cases {
        let reach = reach(&scene.person, &scene.share, &scene.evidence);
        assert_eq!((reach.right, reach.reason), (right, reason), "{name}");
    }
}

pub(super) fn finance() -> Through {
    Through::Group("financeiro".into())
}

pub(super) fn trainees() -> Through {
    Through::Group("estagiarios".into())
}

pub(super) fn writes(through: Through) -> Reason {
    Reason::Writes(through)
}

pub(super) fn reads(through: Through) -> Reason {
    Reason::Reads(through, None)
}

pub(super) fn capped(through: Through, cap: Cap) -> Reason {
    Reason::Reads(through, Some(cap))
}

pub(super) fn refused(refusal: Refusal) -> Reason {
    Reason::Refused(refusal)
}

pub(super) fn unclear(doubt: Doubt) -> Reason {
    Reason::Unclear(doubt)
}

pub(super) fn folder_silent() -> Reason {
    refused(Refusal::Folder(Barrier::Silent))
}
