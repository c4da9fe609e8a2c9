//! What guards a folder, in the three forms the NAS knows: NFSv4 list, POSIX list, mode bits.

use super::Want;
use crate::domain::person::{Group, Person};
use crate::domain::share::{
    AceKind, Barrier, FolderAcl, Nfs4Entry, Nfs4Rights, Nfs4Who, PosixEntry, PosixPerms, PosixWho, Through,
};

/// Read, write, execute in one octal digit of a mode.
const MODE_READ: u32 = 0o4;
const MODE_WRITE: u32 = 0o2;
const MODE_EXECUTE: u32 = 0o1;

pub(super) fn allows(person: &Person, acl: &FolderAcl, want: Want) -> Result<Through, Barrier> {
    ask(
        person,
        acl,
        match want {
            Want::Read => &READ,
            Want::Write => &WRITE,
        },
    )
}

pub(super) fn traverses(person: &Person, acl: &FolderAcl) -> Result<(), Barrier> {
    ask(person, acl, &TRAVERSE).map(|_| ())
}

/// One question, in the terms of each form.
struct Question {
    /// The last one is what the question is about: the entry that gives it is the one to name.
    nfs4: &'static [Nfs4Rights],
    posix: PosixPerms,
}

const TRAVERSE: Question =
    Question { nfs4: &[Nfs4Rights::EXECUTE], posix: PosixPerms { read: false, write: false, execute: true } };
const READ: Question = Question {
    nfs4: &[Nfs4Rights::EXECUTE, Nfs4Rights::READ_DATA],
    posix: PosixPerms { read: true, write: false, execute: true },
};
const WRITE: Question = Question {
    // In a directory, APPEND_DATA is the right to create folders and WRITE_DATA the right to create files.
    nfs4: &[Nfs4Rights::EXECUTE, Nfs4Rights::READ_DATA, Nfs4Rights::APPEND_DATA, Nfs4Rights::WRITE_DATA],
    posix: PosixPerms { read: true, write: true, execute: true },
};

fn ask(person: &Person, acl: &FolderAcl, question: &Question) -> Result<Through, Barrier> {
    if person.uid == 0 {
        return Ok(Through::Root);
    }
    match acl {
        FolderAcl::Nfs4 { owner, group, entries } => {
            Nfs4 { person, owner: *owner, group: *group, entries }.grant(question.nfs4)
        }
        FolderAcl::Posix { owner, group, entries } => {
            Posix { person, owner: *owner, group: *group, entries }.grant(question.posix)
        }
        FolderAcl::Mode { owner, group, mode } => by_mode(person, (*owner, *group), *mode, question.posix),
    }
}

struct Nfs4<'a> {
    person: &'a Person,
    owner: u32,
    group: u32,
    entries: &'a [Nfs4Entry],
}

impl Nfs4<'_> {
    fn grant(&self, wanted: &[Nfs4Rights]) -> Result<Through, Barrier> {
        let answers: Vec<_> = wanted.iter().map(|bit| self.settle(*bit)).collect();
        // A denial explains more than a silence.
        if let Some(denied) = answers.iter().find(|answer| matches!(answer, Err(Barrier::Denied(_)))) {
            return denied.clone();
        }
        answers.into_iter().try_fold(Through::Everyone, |_, answer| answer)
    }

    /// The first entry for this person that names the bit decides, whichever way.
    fn settle(&self, bit: Nfs4Rights) -> Result<Through, Barrier> {
        let mut naming = self.entries.iter().filter(|entry| !entry.inherit_only && entry.rights.contains(bit));
        let first = naming.find_map(|entry| Some((entry.kind, self.through(entry.who)?)));
        match first {
            Some((AceKind::Allow, through)) => Ok(through),
            Some((AceKind::Deny, through)) => Err(Barrier::Denied(through)),
            None => Err(Barrier::Silent),
        }
    }

    fn through(&self, who: Nfs4Who) -> Option<Through> {
        match who {
            Nfs4Who::Owner => (self.owner == self.person.uid).then_some(Through::Owner),
            Nfs4Who::OwningGroup => self.person.find_group(self.group).map(|group| Through::OwningGroup(group.label())),
            // Unlike POSIX "others", everyone is everyone: the owner and the groups too.
            Nfs4Who::Everyone => Some(Through::Everyone),
            Nfs4Who::User(uid) => (uid == self.person.uid).then_some(Through::Person),
            Nfs4Who::Group(gid) => self.person.find_group(gid).map(|group| Through::Group(group.label())),
        }
    }
}

struct Posix<'a> {
    person: &'a Person,
    owner: u32,
    group: u32,
    entries: &'a [PosixEntry],
}

impl Posix<'_> {
    /// The first class that fits the person has the last word, even when a later one would give more.
    fn grant(&self, wanted: PosixPerms) -> Result<Through, Barrier> {
        if self.owner == self.person.uid {
            return unmasked(self.find(PosixWho::Owner), wanted, Through::Owner);
        }
        if let Some(perms) = self.find(PosixWho::User(self.person.uid)) {
            return self.masked(perms, wanted).map(|()| Through::Person);
        }
        let answers: Vec<_> = self.now().filter_map(|entry| self.by_group(entry, wanted)).collect();
        if answers.is_empty() {
            return unmasked(self.find(PosixWho::Other), wanted, Through::Others);
        }
        // One entry must give all of it; two halves do not make a whole.
        let best = answers.iter().find(|answer| answer.is_ok());
        let masked = || answers.iter().find(|answer| matches!(answer, Err(Barrier::Masked)));
        best.or_else(masked).cloned().unwrap_or(Err(Barrier::Silent))
    }

    fn by_group(&self, entry: &PosixEntry, wanted: PosixPerms) -> Option<Result<Through, Barrier>> {
        let (gid, name): (u32, fn(&Group) -> Through) = match entry.who {
            PosixWho::OwningGroup => (self.group, |group| Through::OwningGroup(group.label())),
            PosixWho::Group(gid) => (gid, |group| Through::Group(group.label())),
            PosixWho::Owner | PosixWho::User(_) | PosixWho::Mask | PosixWho::Other => return None,
        };
        let group = self.person.find_group(gid)?;
        Some(self.masked(entry.perms, wanted).map(|()| name(group)))
    }

    fn masked(&self, perms: PosixPerms, wanted: PosixPerms) -> Result<(), Barrier> {
        if !perms.contains(wanted) {
            return Err(Barrier::Silent);
        }
        match self.find(PosixWho::Mask) {
            Some(mask) if !mask.contains(wanted) => Err(Barrier::Masked),
            Some(_) | None => Ok(()),
        }
    }

    /// Entries for what will be created below say nothing about the folder itself.
    fn now(&self) -> impl Iterator<Item = &PosixEntry> {
        self.entries.iter().filter(|entry| !entry.default)
    }

    fn find(&self, who: PosixWho) -> Option<PosixPerms> {
        self.now().find(|entry| entry.who == who).map(|entry| entry.perms)
    }
}

fn unmasked(perms: Option<PosixPerms>, wanted: PosixPerms, through: Through) -> Result<Through, Barrier> {
    if perms.is_some_and(|perms| perms.contains(wanted)) { Ok(through) } else { Err(Barrier::Silent) }
}

fn by_mode(person: &Person, (owner, group): (u32, u32), mode: u32, wanted: PosixPerms) -> Result<Through, Barrier> {
    let (digit, through) = match person.find_group(group) {
        _ if owner == person.uid => (mode >> 6, Through::ModeOwner),
        Some(group) => (mode >> 3, Through::ModeGroup(group.label())),
        None => (mode, Through::ModeOthers),
    };
    let perms =
        PosixPerms { read: digit & MODE_READ != 0, write: digit & MODE_WRITE != 0, execute: digit & MODE_EXECUTE != 0 };
    unmasked(Some(perms), wanted, through)
}
