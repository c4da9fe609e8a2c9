//! Accounts and groups.

use serde_json::{Value, json};

use super::{date, merge};
use crate::sim::profile::Profile;
use crate::sim::world::{Group, People, Person};

const DAY_MS: i64 = 86_400_000;
const REDACTED: &str = "********";

/// Who asks, and when: some members depend on it.
pub(in crate::sim) struct Look {
    pub(in crate::sim) profile: Profile,
    /// Password hashes are shown to full administrators only.
    pub(in crate::sim) hashes: bool,
    /// `extra.additional_information` names SMB: 22.12 tells the identifier only then.
    pub(in crate::sim) smb: bool,
    pub(in crate::sim) now_ms: i64,
}

pub(in crate::sim) fn user(people: &People, person: &Person, look: &Look) -> Value {
    let group_ids: Vec<u64> =
        person.gids.iter().filter_map(|gid| people.find_group(*gid)).map(|group| group.id).collect();
    let own = people.find_group(person.uid).map_or(0, |group| group.id);
    let hash = |secret: &str| if look.hashes { secret.to_owned() } else { REDACTED.to_owned() };
    let home = if person.builtin { "/root".to_owned() } else { format!("/mnt/tank/homes/{}", person.username) };
    let mut record = json!({
        "id": person.id, "uid": person.uid, "username": person.username, "full_name": person.full_name,
        "home": home, "shell": "/usr/sbin/nologin",
        "unixhash": hash(&person.password_hash), "smbhash": hash(&person.password_hash),
        "builtin": person.builtin, "smb": person.smb, "locked": person.locked,
        "password_disabled": person.password_disabled, "ssh_password_enabled": false, "sshpubkey": null,
        "sudo_commands": [], "sudo_commands_nopasswd": [], "email": null,
        "group": {"id": own, "bsdgrp_gid": person.uid, "bsdgrp_group": person.username},
        "groups": group_ids, "immutable": person.builtin, "twofactor_auth_configured": person.otp.is_some(),
    });
    merge(&mut record, by_release(people, person, look));
    record
}

fn by_release(people: &People, person: &Person, look: &Look) -> Value {
    let sid = person.smb.then(|| people.sid_of(person));
    if look.profile == Profile::R22_12 {
        let mut more = json!({"attributes": {}, "id_type_both": false});
        if look.smb {
            merge(&mut more, json!({"nt_name": format!("NAS01\\{}", person.username), "sid": sid}));
        }
        return more;
    }
    let roles = people.roles_of(person).unwrap_or_default();
    let mut more = json!({"sid": sid, "roles": roles, "local": true});
    if look.profile < Profile::R25_04 {
        merge(&mut more, json!({"id_type_both": false}));
        return more;
    }
    let keys = people.keys.iter().filter(|key| key.username == person.username).map(|key| key.id);
    let history = if look.hashes { json!([person.password_hash]) } else { json!(REDACTED) };
    merge(
        &mut more,
        json!({
            "api_keys": keys.collect::<Vec<_>>(), "userns_idmap": null, "password_change_required": false,
            "last_password_change": date(person.password_changed_ms), "password_history": history,
            "password_age": (look.now_ms - person.password_changed_ms).max(0) / DAY_MS,
        }),
    );
    if look.profile >= Profile::R26 {
        merge(&mut more, json!({"webshare": false}));
    }
    more
}

pub(in crate::sim) fn group(people: &People, group: &Group, look: &Look) -> Value {
    let profile = look.profile;
    let users: Vec<u64> = people.members(group.gid).map(|person| person.id).collect();
    let mut record = json!({
        "id": group.id, "gid": group.gid, "name": group.name, "group": group.name, "builtin": group.builtin,
        "smb": group.smb, "users": users, "sudo_commands": [], "sudo_commands_nopasswd": [],
    });
    if profile == Profile::R22_12 {
        merge(&mut record, json!({"local": true, "id_type_both": false}));
        if look.smb {
            let sid = group.smb.then(|| people.group_sid(group));
            merge(&mut record, json!({"nt_name": group.name, "sid": sid}));
        }
        return record;
    }
    let held = people.privileges.iter().filter(|privilege| privilege.gids.contains(&group.gid));
    let roles: Vec<_> = held.flat_map(|privilege| privilege.roles.iter()).collect();
    let sid = group.smb.then(|| people.group_sid(group));
    merge(&mut record, json!({"local": true, "sid": sid, "roles": roles}));
    if profile < Profile::R25_04 {
        merge(&mut record, json!({"id_type_both": false}));
    } else {
        merge(&mut record, json!({"userns_idmap": null, "immutable": group.builtin}));
    }
    record
}

/// What the system's own name service says of an account.
pub(in crate::sim) fn account(people: &People, person: &Person, profile: Profile, asked: &Value) -> Value {
    let mut record = json!({
        "pw_name": person.username, "pw_uid": person.uid, "pw_gid": person.uid,
        "pw_dir": format!("/mnt/tank/homes/{}", person.username), "pw_shell": "/usr/sbin/nologin",
        "pw_gecos": person.full_name,
    });
    let groups: Vec<u32> = [person.uid].into_iter().chain(person.gids.iter().copied()).collect();
    let groups = if asked["get_groups"] == true { json!(groups) } else { Value::Null };
    merge(&mut record, json!({"grouplist": groups}));
    let sid = (asked["sid_info"] == true && person.smb).then(|| people.sid_of(person));
    if profile == Profile::R22_12 {
        let info = sid.map(|sid| json!({"sid": sid, "domain_information": {"online": true}}));
        merge(&mut record, json!({"sid_info": info}));
    } else {
        merge(&mut record, json!({"sid": sid, "source": "LOCAL", "local": true}));
    }
    record
}

pub(in crate::sim) fn privilege(people: &People, index: usize) -> Value {
    let privilege = &people.privileges[index];
    let groups: Vec<Value> = privilege
        .gids
        .iter()
        .filter_map(|gid| people.find_group(*gid))
        .map(|group| json!({"id": group.id, "gid": group.gid, "name": group.name}))
        .collect();
    json!({
        "id": privilege.id, "name": privilege.name, "builtin_name": null, "local_groups": groups, "ds_groups": [],
        "roles": privilege.roles, "web_shell": false,
    })
}
