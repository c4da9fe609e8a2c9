//! Folders: access lists and mode bits.

use serde_json::{Value, json};

use super::merge;
use crate::sim::profile::Profile;
use crate::sim::world::{Ace, Acl, Folder, People, PosixEntry};

pub(in crate::sim) fn access_list(folder: &Folder, people: &People, profile: Profile, resolve: bool) -> Value {
    let mut record = json!({"path": folder.path, "uid": folder.uid, "gid": folder.gid});
    let owner = |name: Option<String>| if resolve { json!(name) } else { Value::Null };
    if profile >= Profile::R25_04 || resolve {
        let (user, group) = (user_name(people, folder.uid), group_name(people, folder.gid));
        merge(&mut record, json!({"user": owner(user), "group": owner(group)}));
    }
    let who = Who { people, always: profile >= Profile::R25_04, resolve };
    let more = match &folder.acl {
        Acl::Nfs4(entries) => {
            let flags = json!({"autoinherit": false, "protected": false, "defaulted": false});
            let name = if profile >= Profile::R25_04 { "aclflags" } else { "nfs41_flags" };
            let lines: Vec<_> = entries.iter().map(|entry| who.add(nfs4(entry), entry.tag, entry.id)).collect();
            json!({"acltype": "NFS4", "trivial": false, "acl": lines, name: flags})
        }
        Acl::Posix(entries) => {
            let lines: Vec<_> = entries.iter().map(|entry| who.add(posix(*entry), entry.tag, entry.id)).collect();
            let mut more = json!({"acltype": "POSIX1E", "trivial": false, "acl": lines});
            if profile < Profile::R25_04 {
                let flags = json!({"setuid": false, "setgid": false, "sticky": false});
                merge(&mut more, json!({"flags": flags}));
            }
            more
        }
        Acl::Disabled => json!({"acltype": "DISABLED", "trivial": true, "acl": null}),
    };
    merge(&mut record, more);
    record
}

/// How the name behind an id is told: always present since 25.04, filled only on request.
struct Who<'a> {
    people: &'a People,
    always: bool,
    resolve: bool,
}

impl Who<'_> {
    fn add(&self, mut line: Value, tag: &str, id: Option<u32>) -> Value {
        let name = id.filter(|_| self.resolve).and_then(|id| match tag {
            "USER" => user_name(self.people, id),
            _ => group_name(self.people, id),
        });
        if self.always || self.resolve {
            merge(&mut line, json!({"who": name}));
        }
        line
    }
}

fn nfs4(entry: &Ace) -> Value {
    let id = entry.id.map_or(-1, i64::from);
    json!({"tag": entry.tag, "id": id, "type": entry.kind, "perms": entry.perms, "flags": entry.flags})
}

fn posix(entry: PosixEntry) -> Value {
    let id = entry.id.map_or(-1, i64::from);
    let has = |letter| entry.perms.contains(letter);
    let perms = json!({"READ": has('r'), "WRITE": has('w'), "EXECUTE": has('x')});
    json!({"default": entry.default, "tag": entry.tag, "id": id, "perms": perms})
}

pub(in crate::sim) fn stat(folder: &Folder, people: &People) -> Value {
    const DIRECTORY: u32 = 0o040_000;
    json!({
        "realpath": folder.path, "type": "DIRECTORY", "size": 6, "allocation_size": 512,
        "mode": DIRECTORY | folder.mode, "acl": folder.acl != Acl::Disabled, "uid": folder.uid, "gid": folder.gid,
        "dev": 66, "inode": 34, "nlink": 3, "atime": 1_767_603_600.0, "mtime": 1_767_603_600.0,
        "ctime": 1_767_603_600.0, "btime": 1_764_590_400.0, "mount_id": 95, "is_mountpoint": true,
        "is_ctldir": false, "attributes": [],
        "user": user_name(people, folder.uid), "group": group_name(people, folder.gid),
    })
}

fn user_name(people: &People, uid: u32) -> Option<String> {
    if uid == 0 {
        return Some("root".to_owned());
    }
    people.persons.iter().find(|person| person.uid == uid).map(|person| person.username.clone())
}

fn group_name(people: &People, gid: u32) -> Option<String> {
    if gid == 0 {
        return Some("root".to_owned());
    }
    people.find_group(gid).map(|group| group.name.clone())
}
