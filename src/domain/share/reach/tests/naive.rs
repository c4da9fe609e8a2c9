//! The same rule once more, as slow and as literal as possible, to compare the real one with.
//!
//! It shares nothing with the rule but the values: it spells rights as letters, asks for one letter at a time and reads
//! every list from its first line each time.

use std::collections::BTreeSet;

use crate::domain::person::{Person, Sid};
use crate::domain::share::{
    AceKind, Evidence, FolderAcl, Nfs4Entry, Nfs4Rights, Nfs4Who, PosixEntry, PosixPerms, PosixWho, Right, Seen, Share,
    ShareAcl, ShareKind, ShareRight, WhoId,
};

pub(super) fn right(person: &Person, share: &Share, evidence: &Evidence) -> Right {
    if !share.enabled || share.locked == Some(true) || share.kind == ShareKind::TimeMachine {
        return Right::None;
    }
    if share.locked != Some(false) {
        return Right::Unknown;
    }
    let Seen::Known(list) = &evidence.share_acl else { return Right::Unknown };
    let Some(by_share) = share_letters(person, list) else { return Right::Unknown };
    if !by_share.contains(&'r') {
        return Right::None;
    }
    let mut letters = by_share;
    if share.kind != ShareKind::External {
        match folder_letters(person, share, evidence) {
            Ok(by_folder) => letters.retain(|letter| by_folder.contains(letter)),
            Err(right) => return right,
        }
    }
    if share.read_only || share.kind == ShareKind::TimeLocked {
        letters.remove(&'w');
    }
    match (letters.contains(&'r'), letters.contains(&'w')) {
        (true, true) => Right::Write,
        (true, false) => Right::Read,
        (false, _) => Right::None,
    }
}

/// Granted and denied as two growing sets, entry by entry. `None`: an entry cannot be understood that is, or could be,
/// for this person.
fn share_letters(person: &Person, list: &ShareAcl) -> Option<BTreeSet<char>> {
    let mut sids: Vec<&str> = vec!["S-1-1-0", "S-1-5-11", "S-1-5-2", "S-1-5-32-545"];
    sids.extend(person.sid.iter().map(Sid::as_str));
    sids.extend(person.groups.iter().filter_map(|group| group.sid.as_ref()).map(Sid::as_str));
    let (mut granted, mut denied) = (BTreeSet::new(), BTreeSet::new());
    for entry in &list.0 {
        let named = entry.sid.as_ref().is_some_and(|sid| sids.contains(&sid.as_str()));
        let in_group = |id| person.groups.iter().any(|group| group.gid == id);
        let numbered = match entry.who {
            Some(WhoId::User(id)) => id == person.uid,
            Some(WhoId::Group(id)) => in_group(id),
            Some(WhoId::Both(id)) => id == person.uid || in_group(id),
            None => false,
        };
        if !named && !numbered {
            // Everybody has the four above, and one for each of the account and its groups.
            let all_known = sids.len() == 4 + 1 + person.groups.len();
            if entry.who.is_none() && !all_known && (entry.kind == AceKind::Deny || entry.right == ShareRight::Custom) {
                return None;
            }
            continue;
        }
        let letters = match entry.right {
            ShareRight::Read => "r",
            ShareRight::Change => "rw",
            ShareRight::Full => "rwf",
            ShareRight::Custom => return None,
        };
        for letter in letters.chars() {
            if entry.kind == AceKind::Deny && !granted.contains(&letter) {
                denied.insert(letter);
            }
            if entry.kind == AceKind::Allow && !denied.contains(&letter) {
                granted.insert(letter);
            }
        }
    }
    Some(granted)
}

fn folder_letters(person: &Person, share: &Share, evidence: &Evidence) -> Result<BTreeSet<char>, Right> {
    let own = matches!(share.kind, ShareKind::Home | ShareKind::PrivateDatasets);
    let suffix = match (share.path_suffix.as_str(), person.username.contains('\\')) {
        ("", true) if own => "%D/%U",
        ("", false) if own => "%U",
        (given, _) => given,
    };
    let base = tidy(&fill(&share.path, person)?)?;
    let folder = tidy(&fill(&format!("{}/{suffix}", share.path), person)?)?;
    let to_come = |path: &str| own && path.starts_with(&format!("{base}/"));
    // "/mnt/tank/a/b" has the slashes 0, 4, 9, 11: every one from the third on ends a directory above.
    for (slash, _) in folder.match_indices('/').skip(2) {
        let above = &folder[..slash];
        match evidence.parents.iter().find(|(path, _)| path == above).map(|(_, seen)| seen) {
            Some(Seen::Known(acl)) if one(person, acl, "x") => {}
            Some(Seen::Missing) if to_come(above) => return Ok(BTreeSet::from(['r', 'w'])),
            Some(Seen::Known(_) | Seen::Missing) => return Err(Right::None),
            Some(Seen::Unreadable) | None => return Err(Right::Unknown),
        }
    }
    match &evidence.folder {
        Seen::Known(acl) if one(person, acl, "rxwa") => Ok(BTreeSet::from(['r', 'w'])),
        Seen::Known(acl) if one(person, acl, "rx") => Ok(BTreeSet::from(['r'])),
        Seen::Missing if to_come(&folder) => Ok(BTreeSet::from(['r', 'w'])),
        Seen::Known(_) | Seen::Missing => Err(Right::None),
        Seen::Unreadable => Err(Right::Unknown),
    }
}

fn fill(path: &str, person: &Person) -> Result<String, Right> {
    let (domain, user) = match person.username.find('\\') {
        Some(at) => (&person.username[..at], &person.username[at + 1..]),
        None => ("", person.username.as_str()),
    };
    let harmless = |name: &str| !["", ".", ".."].contains(&name) && !name.contains('/') && !name.contains('\\');
    if (path.contains("%D") && !harmless(domain)) || (path.contains("%U") && !harmless(user)) {
        return Err(Right::Unknown);
    }
    let filled = path.replace("%U", "\u{1}").replace("%D", "\u{2}");
    if filled.contains('%') {
        return Err(Right::Unknown);
    }
    let filled = filled.replace('\u{1}', user).replace('\u{2}', domain);
    Ok(filled)
}

fn tidy(path: &str) -> Result<String, Right> {
    let mut path = format!("{path}/");
    while path.contains("//") || path.contains("/./") {
        path = path.replace("//", "/").replace("/./", "/");
    }
    let path = path.trim_end_matches('/').to_owned();
    let good = path.starts_with("/mnt/") && !format!("{path}/").contains("/../") && !path.contains('\0');
    if good { Ok(path) } else { Err(Right::Unknown) }
}

/// Whether all these letters are there at once: `r` list, `x` traverse, `w` create a file, `a` create a folder.
fn one(person: &Person, acl: &FolderAcl, letters: &str) -> bool {
    if person.uid == 0 {
        return true;
    }
    let member = |gid: u32| person.groups.iter().any(|group| group.gid == gid);
    match acl {
        FolderAcl::Nfs4 { owner, group, entries } => {
            let mine = |entry: &&Nfs4Entry| match entry.who {
                Nfs4Who::Owner => *owner == person.uid,
                Nfs4Who::OwningGroup => member(*group),
                Nfs4Who::Everyone => true,
                Nfs4Who::User(uid) => uid == person.uid,
                Nfs4Who::Group(gid) => member(gid),
            };
            letters.chars().all(|letter| {
                let bit = match letter {
                    'r' => Nfs4Rights::READ_DATA,
                    'x' => Nfs4Rights::EXECUTE,
                    'w' => Nfs4Rights::WRITE_DATA,
                    _ => Nfs4Rights::APPEND_DATA,
                };
                let mut settling = entries.iter().filter(|e| !e.inherit_only).filter(mine);
                settling.find(|entry| entry.rights.contains(bit)).is_some_and(|entry| entry.kind == AceKind::Allow)
            })
        }
        FolderAcl::Posix { owner, group, entries } => posix(person, (*owner, *group), entries, letters),
        FolderAcl::Mode { owner, group, mode } => {
            let shift = if *owner == person.uid {
                6
            } else if member(*group) {
                3
            } else {
                0
            };
            let octal = (mode >> shift) % 8;
            letters.chars().all(|letter| match letter {
                'r' => octal >= 4,
                'x' => octal % 2 == 1,
                _ => [2, 3, 6, 7].contains(&octal),
            })
        }
    }
}

fn posix(person: &Person, (owner, group): (u32, u32), entries: &[PosixEntry], letters: &str) -> bool {
    let now: Vec<&PosixEntry> = entries.iter().filter(|entry| !entry.default).collect();
    let perms_of = |who: PosixWho| now.iter().find(|entry| entry.who == who).map(|entry| entry.perms);
    let all = PosixPerms { read: true, write: true, execute: true };
    let mask = perms_of(PosixWho::Mask).unwrap_or(all);
    let holds = |perms: PosixPerms, mask: PosixPerms| {
        letters.chars().all(|letter| match letter {
            'r' => perms.read && mask.read,
            'x' => perms.execute && mask.execute,
            _ => perms.write && mask.write,
        })
    };
    if owner == person.uid {
        return perms_of(PosixWho::Owner).is_some_and(|perms| holds(perms, all));
    }
    if let Some(perms) = perms_of(PosixWho::User(person.uid)) {
        return holds(perms, mask);
    }
    let mut gids: Vec<(PosixWho, u32)> = vec![(PosixWho::OwningGroup, group)];
    gids.extend(person.groups.iter().map(|g| (PosixWho::Group(g.gid), g.gid)));
    let member = |gid: u32| person.groups.iter().any(|g| g.gid == gid);
    let groups: Vec<&&PosixEntry> =
        now.iter().filter(|entry| gids.iter().any(|(who, gid)| *who == entry.who && member(*gid))).collect();
    if !groups.is_empty() {
        return groups.iter().any(|entry| holds(entry.perms, mask));
    }
    perms_of(PosixWho::Other).is_some_and(|perms| holds(perms, all))
}
