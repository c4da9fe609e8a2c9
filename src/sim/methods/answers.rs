//! What the methods of the table answer.

use serde_json::{Value, json};

use super::Request;
use crate::sim::failure::Failure;
use crate::sim::nas::Nas;
use crate::sim::records::{acl, date, person, share, system};
use crate::sim::rights::Rights;
use crate::sim::world::{Folder, Job, World};
use crate::sim::{login, script};

/// How much the caller asked to see of accounts and groups, and may see.
fn look(request: &Request) -> person::Look {
    let information = &request.param(1)["extra"]["additional_information"];
    person::Look {
        profile: request.nas.profile,
        hashes: request.rights.is_full_admin(),
        smb: information.as_array().is_some_and(|names| names.contains(&json!("SMB"))),
        now_ms: request.nas.now_ms(),
    }
}

pub(super) fn users(request: &Request) -> Result<Value, Failure> {
    let (look, world) = (look(request), request.nas.world());
    request.query(world.people.persons.iter().map(|one| person::user(&world.people, one, &look)).collect())
}

pub(super) fn account(request: &Request) -> Result<Value, Failure> {
    let asked = request.param(0);
    let world = request.nas.world();
    let mut persons = world.people.persons.iter();
    let found = match (asked["username"].as_str(), asked["uid"].as_u64()) {
        (Some(username), None) => persons.find(|person| person.username.eq_ignore_ascii_case(username)),
        (None, Some(uid)) => persons.find(|person| u64::from(person.uid) == uid),
        _ => return Err(Failure::invalid("get_user_obj.username", "Either username or uid must be specified")),
    };
    let found = found.ok_or_else(|| Failure::Missing("User does not exist".to_owned()))?;
    Ok(person::account(&world.people, found, request.nas.profile, asked))
}

pub(super) fn groups(request: &Request) -> Result<Value, Failure> {
    let (look, world) = (look(request), request.nas.world());
    let groups = world.people.groups.iter();
    request.query(groups.map(|group| person::group(&world.people, group, &look)).collect())
}

pub(super) fn privileges(request: &Request) -> Result<Value, Failure> {
    let world = request.nas.world();
    let count = world.people.privileges.len();
    request.query((0..count).map(|index| person::privilege(&world.people, index)).collect())
}

pub(super) fn keys(request: &Request) -> Result<Value, Failure> {
    let nas = request.nas;
    let world = nas.world();
    let keys = world.people.keys.iter().map(|key| {
        let mut record = json!({"id": key.id, "name": key.name, "created_at": date(1_764_590_400_000)});
        if nas.profile.keys_belong_to_people() {
            record["username"] = json!(key.username);
            record["revoked"] = json!(key.revoked);
            record["revoked_reason"] = Value::Null;
            record["local"] = json!(true);
            record["expires_at"] = Value::Null;
        } else {
            record["allowlist"] = allowlist(nas, key.username, &world);
        }
        record
    });
    request.query(keys.collect())
}

/// Before keys had roles: the methods that the roles of its stand-in account amount to.
fn allowlist(nas: &Nas, username: &str, world: &World) -> Value {
    let roles = world.people.find(username).and_then(|person| world.people.roles_of(person));
    let rights = Rights(roles.unwrap_or_default());
    if rights.is_full_admin() {
        return json!([{"method": "*", "resource": "*"}]);
    }
    let methods = super::existing_in(nas.profile);
    let allowed = methods.filter(|method| method.role.is_none_or(|role| rights.holds(role)));
    allowed.filter_map(|method| method.rest).map(|(verb, path)| json!({"method": verb, "resource": path})).collect()
}

pub(super) fn shares(request: &Request) -> Result<Value, Failure> {
    let profile = request.nas.profile;
    let selected = request.param(1)["select"].as_array().is_some_and(|fields| !fields.is_empty());
    let names_locked = request.param(1)["select"].as_array().is_some_and(|fields| fields.contains(&json!("locked")));
    let mut records: Vec<_> = request.nas.world().shares.iter().map(|one| share::share(one, profile)).collect();
    if selected && !names_locked {
        // It is expensive to find out, so the real one does not when nobody asks.
        for record in &mut records {
            record["locked"] = Value::Null;
        }
    }
    request.query(records)
}

pub(super) fn share_acl(request: &Request) -> Result<Value, Failure> {
    let world = request.nas.world();
    let name = request.param(0)["share_name"].as_str();
    let name = name.ok_or_else(|| Failure::invalid("smb_getacl.share_name", "Field required"))?;
    let found = world.find_share(name).ok_or_else(|| Failure::Missing(format!("{name}: share does not exist")))?;
    Ok(json!({"share_name": found.name, "share_acl": share::access_list(found, &world.people)}))
}

pub(super) fn sharesec(request: &Request) -> Result<Value, Failure> {
    let world = request.nas.world();
    request.query(world.shares.iter().map(|one| share::sharesec(one, &world.people)).collect())
}

pub(super) fn smb_config(request: &Request) -> Value {
    let sid = request.nas.world().people.machine_sid.clone();
    json!({"id": 1, "netbiosname": "NAS01", "netbiosalias": [], "workgroup": "WORKGROUP",
        "description": "TrueNAS Server", "unixcharset": "UTF-8", "syslog": false, "aapl_extensions": true,
        "localmaster": true, "guest": "nobody", "filemask": "DEFAULT", "dirmask": "DEFAULT", "smb_options": "",
        "bindip": [], "server_sid": sid, "ntlmv1_auth": false, "enable_smb1": false, "admin_group": null,
        "encryption": "DEFAULT", "multichannel": false})
}

pub(super) fn folder_acl(request: &Request) -> Result<Value, Failure> {
    let resolve = request.param(2) == true;
    on_folder(request, |folder, world| acl::access_list(folder, &world.people, request.nas.profile, resolve))
}

pub(super) fn stat(request: &Request) -> Result<Value, Failure> {
    on_folder(request, |folder, world| acl::stat(folder, &world.people))
}

fn on_folder(request: &Request, look: impl FnOnce(&Folder, &World) -> Value) -> Result<Value, Failure> {
    let path = request.text(0, "path")?;
    if path.starts_with("EXTERNAL") {
        return Err(Failure::External(format!("{path}: path is external to TrueNAS")));
    }
    let world = request.nas.world();
    let trimmed = path.trim_end_matches('/');
    if world.shares.iter().any(|share| share.locked && trimmed.starts_with(&share.path)) {
        return Err(Failure::Locked(format!("{path}: dataset is locked")));
    }
    let folder = world.find_folder(trimmed);
    let folder = folder.ok_or_else(|| Failure::Missing(format!("Path {path} not found")))?;
    Ok(look(folder, &world))
}

pub(super) fn alerts(request: &Request) -> Value {
    request.nas.world().alerts.iter().map(system::alert).collect()
}

pub(super) fn pools(request: &Request) -> Result<Value, Failure> {
    let pools: Vec<_> = request.nas.world().pools.iter().map(system::pool).collect();
    request.query(pools)
}

pub(super) fn services(request: &Request) -> Result<Value, Failure> {
    let services: Vec<_> = request.nas.world().services.iter().map(system::service).collect();
    request.query(services)
}

pub(super) fn info(request: &Request) -> Value {
    let nas = request.nas;
    system::info(nas.profile, &nas.world(), nas.now_ms(), nas.clock.uptime().as_secs())
}

pub(super) fn check_password(request: &Request) -> Result<Value, Failure> {
    let (username, password) = (request.text(0, "username")?, request.text(1, "password")?);
    Ok(json!(login::check(&request.nas.world(), username, password).is_ok()))
}

pub(super) fn jobs(request: &Request) -> Result<Value, Failure> {
    let jobs = request.nas.world().jobs.clone();
    let record = |job: &Job| {
        json!({"id": job.id, "method": job.method, "arguments": [], "state": "SUCCESS", "error": null,
            "progress": {"percent": 100, "description": "", "extra": null}, "result": null})
    };
    request.query(jobs.iter().map(record).collect())
}

pub(super) fn reboot(request: &Request) -> Value {
    script::reboot(request.nas);
    Value::Null
}

pub(super) fn shutdown(request: &Request) -> Value {
    script::shutdown(request.nas);
    Value::Null
}
