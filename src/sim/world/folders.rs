//! Folders with an owner and one of the three kinds of access list.

use serde_json::{Value, json};

use super::people::FINANCEIRO;
use super::people::{ENGENHARIA, STAFF, TI};

/// One line of an NFSv4 list. Permissions and flags are kept as the administrator spelled them, basic or advanced.
#[derive(Debug, Clone, PartialEq)]
pub struct Ace {
    pub tag: &'static str,
    /// Only USER and GROUP have one.
    pub id: Option<u32>,
    pub kind: &'static str,
    pub perms: Value,
    pub flags: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PosixEntry {
    pub default: bool,
    pub tag: &'static str,
    pub id: Option<u32>,
    /// As in a listing: `rwx`, with `-` for what is missing.
    pub perms: &'static str,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Acl {
    Nfs4(Vec<Ace>),
    Posix(Vec<PosixEntry>),
    /// Only the mode bits count.
    Disabled,
}

#[derive(Debug, Clone)]
pub struct Folder {
    pub path: String,
    pub uid: u32,
    pub gid: u32,
    pub mode: u32,
    pub acl: Acl,
}

impl Folder {
    /// Owned by root, with a basic list that lets these groups change everything below.
    pub(in crate::sim) fn for_groups(path: &str, gids: &[u32]) -> Self {
        let mut acl = vec![basic("owner@", None, "FULL_CONTROL"), basic("group@", None, "FULL_CONTROL")];
        acl.extend(gids.iter().map(|gid| basic("GROUP", Some(*gid), "MODIFY")));
        Self { path: path.to_owned(), uid: 0, gid: 0, mode: 0o770, acl: Acl::Nfs4(acl) }
    }

    fn by_mode(path: &str, gid: u32, mode: u32) -> Self {
        Self { path: path.to_owned(), uid: 0, gid, mode, acl: Acl::Disabled }
    }
}

pub(in crate::sim) fn basic(tag: &'static str, id: Option<u32>, perms: &str) -> Ace {
    Ace { tag, id, kind: "ALLOW", perms: json!({"BASIC": perms}), flags: json!({"BASIC": "INHERIT"}) }
}

pub(super) fn demo() -> Vec<Folder> {
    vec![
        Folder::by_mode("/mnt", 0, 0o755),
        open_to_pass("/mnt/tank"),
        Folder::for_groups("/mnt/tank/geral", &[STAFF]),
        Folder::for_groups("/mnt/tank/financeiro", &[FINANCEIRO, TI]),
        Folder { gid: ENGENHARIA, acl: Acl::Posix(projects()), ..Folder::for_groups("/mnt/tank/projetos", &[]) },
        laboratory("/mnt/tank/rd-2026"),
        Folder::for_groups("/mnt/tank/cofre", &[TI]),
        homes("/mnt/tank/homes"),
        home_of_carla("/mnt/tank/homes/carla"),
        Folder::by_mode("/mnt/arquivo", 0, 0o755),
        Folder::by_mode("/mnt/arquivo/publico", STAFF, 0o2750),
        Folder::for_groups("/mnt/arquivo/antigo", &[STAFF]),
        Folder::for_groups("/mnt/arquivo/backup-mac", &[STAFF]),
    ]
}

fn open_to_pass(path: &str) -> Folder {
    let mut folder = Folder::for_groups(path, &[]);
    if let Acl::Nfs4(acl) = &mut folder.acl {
        acl.push(basic("everyone@", None, "TRAVERSE"));
    }
    folder.mode = 0o771;
    folder
}

fn projects() -> Vec<PosixEntry> {
    let entry = |default, tag, id, perms| PosixEntry { default, tag, id, perms };
    [false, true]
        .into_iter()
        .flat_map(|default| {
            [
                entry(default, "USER_OBJ", None, "rwx"),
                entry(default, "GROUP_OBJ", None, "rwx"),
                entry(default, "GROUP", Some(TI), "rwx"),
                entry(default, "MASK", None, "rwx"),
                entry(default, "OTHER", None, "---"),
            ]
        })
        .collect()
}

/// Basic and advanced spellings in one list, with a line that only new files inherit.
fn laboratory(path: &str) -> Folder {
    let advanced = json!({"READ_DATA": true, "WRITE_DATA": true, "APPEND_DATA": true, "READ_NAMED_ATTRS": true,
        "WRITE_NAMED_ATTRS": true, "EXECUTE": true, "DELETE": true, "DELETE_CHILD": true, "READ_ATTRIBUTES": true,
        "WRITE_ATTRIBUTES": true, "READ_ACL": true, "SYNCHRONIZE": true});
    let inherited = json!({"FILE_INHERIT": true, "INHERIT_ONLY": true});
    let mut folder = Folder::for_groups(path, &[]);
    if let Acl::Nfs4(acl) = &mut folder.acl {
        acl.push(Ace { perms: advanced, ..basic("GROUP", Some(TI), "MODIFY") });
        acl.push(Ace { flags: inherited, ..basic("everyone@", None, "READ") });
    }
    folder
}

fn homes(path: &str) -> Folder {
    let mut folder = Folder::for_groups(path, &[TI]);
    if let Acl::Nfs4(acl) = &mut folder.acl {
        acl.push(basic("everyone@", None, "TRAVERSE"));
    }
    folder
}

fn home_of_carla(path: &str) -> Folder {
    Folder { uid: 3003, gid: 3003, mode: 0o700, ..Folder::for_groups(path, &[]) }
}
