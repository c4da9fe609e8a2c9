//! `user.get_user_obj`, `user.query` and `group.query`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::Timestamp;
use crate::domain::person::{Group, Person, Sid};
use crate::truenas::Error;
use crate::truenas::decode::record::Record;

/// All we ever ask of an account. A powerful key would be given password hashes too: they are never asked for.
pub const USER_FIELDS: [&str; 7] =
    ["uid", "username", "full_name", "locked", "password_disabled", "smb", "last_password_change"];
pub const PASSWORD_CHANGE_FIELDS: [&str; 2] = ["uid", "last_password_change"];
pub const GROUP_FIELDS: [&str; 6] = ["gid", "name", "group", "sid", "smb", "local"];
pub const GROUP_SIZE_FIELDS: [&str; 2] = ["gid", "users"];

/// What the system knows of an account, directory accounts included.
pub struct UserObject {
    pub uid: u32,
    pub username: String,
    pub gecos: String,
    pub gids: Vec<u32>,
    pub sid: Option<Sid>,
    /// `None`: the release does not say.
    pub local: Option<bool>,
}

/// What the account list adds.
pub struct UserRecord {
    full_name: String,
    locked: bool,
    password_disabled: bool,
    smb: bool,
    password_changed_at: Option<Timestamp>,
}

pub fn user_object(answer: &Value) -> Result<UserObject, Error> {
    let record = Record::of("user.get_user_obj", answer)?;
    let listed =
        record.find("grouplist").and_then(Value::as_array).ok_or_else(|| record.error("grouplist is missing"))?;
    let mut gids: Vec<u32> = listed
        .iter()
        .map(|gid| gid.as_u64().and_then(|gid| u32::try_from(gid).ok()))
        .collect::<Option<_>>()
        .ok_or_else(|| record.error("grouplist holds something that is no group"))?;
    let primary = record.number("pw_gid")?;
    if !gids.contains(&primary) {
        gids.insert(0, primary);
    }
    // Up to 24.04 the SID sits in an object of its own.
    let sid = match record.find_record("sid_info") {
        Some(info) => info.text_or_empty("sid"),
        None => record.text_or_empty("sid"),
    };
    Ok(UserObject {
        uid: record.number("pw_uid")?,
        username: record.text("pw_name")?.to_owned(),
        gecos: record.text_or_empty("pw_gecos").to_owned(),
        gids,
        sid: (!sid.is_empty()).then(|| Sid::new(sid)),
        local: record.find_flag("local").or_else(|| record.find("source").map(|source| source == "LOCAL")),
    })
}

/// The record of one uid in the account list, if it is there.
pub fn user_record(answer: &Value, uid: u32) -> Result<Option<UserRecord>, Error> {
    for record in Record::list("user.query", answer)? {
        if record.number::<u32>("uid")? == uid {
            return Ok(Some(UserRecord {
                full_name: record.text_or_empty("full_name").to_owned(),
                locked: record.flag("locked")?,
                password_disabled: record.find_flag("password_disabled").unwrap_or(false),
                smb: record.find_flag("smb").unwrap_or(true),
                password_changed_at: record.find_time("last_password_change"),
            }));
        }
    }
    Ok(None)
}

/// Of the accounts in the list those that somebody can sign in to, by name, and when their passwords were changed.
pub fn open_accounts(answer: &Value) -> Result<BTreeMap<String, Option<Timestamp>>, Error> {
    let mut open = BTreeMap::new();
    for record in Record::list("user.query", answer)? {
        if !record.flag("locked")? && record.find_flag("password_disabled") != Some(true) {
            open.insert(record.text("username")?.to_owned(), record.find_time("last_password_change"));
        }
    }
    Ok(open)
}

/// By uid.
pub fn password_changes(answer: &Value) -> Result<Vec<(u32, Option<Timestamp>)>, Error> {
    let change = |record: Record<'_>| Ok((record.number("uid")?, record.find_time("last_password_change")));
    Record::list("user.query", answer)?.into_iter().map(change).collect()
}

/// One group for each of `gids`: without a name when the list does not know it.
pub fn groups(answer: &Value, gids: &[u32]) -> Result<Vec<Group>, Error> {
    let mut known = Vec::new();
    for record in Record::list("group.query", answer)? {
        let name = if record.find("name").is_some() { record.text("name")? } else { record.text("group")? };
        known.push(Group { gid: record.number("gid")?, name: name.to_owned(), sid: group_sid(record)? });
    }
    let find = |gid: u32| known.iter().find(|group| group.gid == gid).cloned();
    let nameless = |gid: u32| Group { gid, name: String::new(), sid: None };
    Ok(gids.iter().map(|&gid| find(gid).unwrap_or_else(|| nameless(gid))).collect())
}

/// The number of members of the one group asked for, if it is there. A directory names none.
pub fn group_size(answer: &Value) -> Result<Option<usize>, Error> {
    let found = Record::list("group.query", answer)?.into_iter().next();
    Ok(found.map(|group| group.find("users").and_then(Value::as_array).map_or(0, Vec::len)))
}

/// `None`: the NAS did not tell.
fn group_sid(record: Record<'_>) -> Result<Option<Sid>, Error> {
    let only_unix = record.find_flag("smb") == Some(false) && record.find_flag("local") == Some(true);
    Ok(match record.text_or_empty("sid") {
        // The file server knows a group that is not there for SMB by an identifier made of its number.
        "" if only_unix => Some(Sid::new(format!("S-1-22-2-{}", record.number::<u32>("gid")?))),
        "" => None,
        told => Some(Sid::new(told)),
    })
}

pub fn person(object: UserObject, record: Option<UserRecord>, groups: Vec<Group>) -> Person {
    // Where nothing else tells, the list does: it has the accounts of the NAS itself.
    let local = object.local.unwrap_or(record.is_some());
    // A directory account need not be in the list: the directory itself locks it then.
    let record = record.unwrap_or_else(|| UserRecord {
        full_name: object.gecos.clone(),
        locked: false,
        password_disabled: false,
        smb: true,
        password_changed_at: None,
    });
    Person {
        uid: object.uid,
        username: object.username,
        full_name: record.full_name,
        sid: object.sid,
        groups,
        local,
        locked: record.locked,
        password_disabled: record.password_disabled,
        smb: record.smb,
        password_changed_at: record.password_changed_at,
    }
}

/// Whether the account that signed in may do more than read: every reading role says so in its name.
pub fn may_change_things(answer: &Value) -> Result<bool, Error> {
    let privilege = Record::of("auth.me", answer)?.record("privilege")?;
    let roles = privilege.find("roles").map(|roles| roles.get("$set").unwrap_or(roles));
    let roles = roles.and_then(Value::as_array).ok_or_else(|| privilege.error("roles is no list"))?;
    let only_reads = |role: &str| role == "READONLY_ADMIN" || role.ends_with("_READ");
    Ok(!roles.iter().filter_map(Value::as_str).all(only_reads))
}
