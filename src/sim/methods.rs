//! One table of what can be called, over whichever road: name, role, REST address, since and until when.

use std::sync::Arc;

use serde_json::{Value, json};

use super::failure::Failure;
use super::nas::Nas;
use super::profile::Profile;
use super::records::{acl, date, person, share, system};
use super::rights::Rights;
use super::world::Job;
use super::{login, query, script};

pub(super) struct Request<'a> {
    pub(super) nas: &'a Arc<Nas>,
    pub(super) params: &'a [Value],
    pub(super) rights: &'a Rights,
}

pub(super) struct Method {
    pub(super) name: &'static str,
    /// `None` needs a login but no role.
    pub(super) role: Option<&'static str>,
    /// Verb and path below `/api/v2.0`.
    pub(super) rest: Option<(&'static str, &'static str)>,
    /// Names of the parameters, which a REST body uses when there are several.
    pub(super) params: &'static [&'static str],
    pub(super) is_job: bool,
    first: Profile,
    last: Profile,
    run: fn(&Request) -> Result<Value, Failure>,
}

const QUERY: &[&str] = &["query-filters", "query-options"];

const fn method(
    name: &'static str,
    role: &'static str,
    rest: Option<(&'static str, &'static str)>,
    params: &'static [&'static str],
    run: fn(&Request) -> Result<Value, Failure>,
) -> Method {
    Method { name, role: Some(role), rest, params, is_job: false, first: Profile::R22_12, last: Profile::R26, run }
}

const METHODS: &[Method] = &[
    method("user.query", "ACCOUNT_READ", Some(("GET", "/user")), QUERY, users),
    method("user.get_user_obj", "ACCOUNT_READ", Some(("POST", "/user/get_user_obj")), &["get_user_obj"], account),
    method("group.query", "ACCOUNT_READ", Some(("GET", "/group")), QUERY, groups),
    method("privilege.query", "PRIVILEGE_READ", Some(("GET", "/privilege")), QUERY, privileges),
    method("api_key.query", "API_KEY_READ", Some(("GET", "/api_key")), QUERY, keys),
    method("sharing.smb.query", "SHARING_SMB_READ", Some(("GET", "/sharing/smb")), QUERY, shares),
    Method {
        first: Profile::R24_10,
        ..method(
            "sharing.smb.getacl",
            "SHARING_SMB_READ",
            Some(("POST", "/sharing/smb/getacl")),
            &["smb_getacl"],
            share_acl,
        )
    },
    Method {
        last: Profile::R22_12,
        ..method("smb.sharesec.query", "SHARING_SMB_READ", Some(("GET", "/smb/sharesec")), QUERY, sharesec)
    },
    method("smb.config", "SHARING_SMB_READ", Some(("GET", "/smb")), &[], smb_config),
    method(
        "filesystem.getacl",
        "FILESYSTEM_ATTRS_READ",
        Some(("POST", "/filesystem/getacl")),
        &["path", "simplified", "resolve_ids"],
        folder_acl,
    ),
    method("filesystem.stat", "FILESYSTEM_ATTRS_READ", Some(("POST", "/filesystem/stat")), &["path"], stat),
    method("alert.list", "ALERT_LIST_READ", Some(("GET", "/alert/list")), &[], alerts),
    method("pool.query", "POOL_READ", Some(("GET", "/pool")), QUERY, pools),
    method("service.query", "SERVICE_READ", Some(("GET", "/service")), QUERY, services),
    method("failover.status", "FAILOVER_READ", Some(("GET", "/failover/status")), &[], |_| Ok(json!("SINGLE"))),
    method("system.info", "READONLY_ADMIN", Some(("GET", "/system/info")), &[], info),
    method("system.version", "SYSTEM_GENERAL_READ", Some(("GET", "/system/version")), &[], |request| {
        Ok(json!(request.nas.profile.version()))
    }),
    method("system.state", "SYSTEM_GENERAL_READ", Some(("GET", "/system/state")), &[], |request| {
        Ok(json!(system::state(request.nas.world().phase)))
    }),
    method("system.ready", "SYSTEM_GENERAL_READ", Some(("GET", "/system/ready")), &[], |request| {
        Ok(json!(system::state(request.nas.world().phase) == "READY"))
    }),
    Method {
        first: Profile::R25_04,
        ..method("system.reboot.info", "SYSTEM_GENERAL_READ", None, &[], |request| {
            Ok(json!({"boot_id": request.nas.world().boot_id, "reboot_required_reasons": []}))
        })
    },
    method("directoryservices.status", "DIRECTORY_SERVICE_READ", None, &[], |_| {
        Ok(json!({"type": null, "status": null, "status_msg": null}))
    }),
    Method {
        last: Profile::Spec,
        ..method(
            "auth.check_password",
            "ACCOUNT_READ",
            Some(("POST", "/auth/check_password")),
            &["username", "password"],
            check_password,
        )
    },
    Method {
        last: Profile::Spec,
        ..method(
            "auth.check_user",
            "ACCOUNT_READ",
            Some(("POST", "/auth/check_user")),
            &["username", "password"],
            check_password,
        )
    },
    Method {
        first: Profile::Spec,
        last: Profile::Spec,
        ..method(
            "user.check_password",
            "ACCOUNT_READ",
            Some(("POST", "/user/check_password")),
            &["username", "password"],
            |request| Ok(json!({"valid": check_password(request)?})),
        )
    },
    method("system.ntpserver.query", "NETWORK_GENERAL_READ", Some(("GET", "/system/ntpserver")), QUERY, |request| {
        request.query(vec![json!({"id": 1, "address": "0.debian.pool.ntp.org", "iburst": true})])
    }),
    Method { role: None, ..method("core.get_jobs", "", Some(("GET", "/core/get_jobs")), QUERY, jobs) },
    Method {
        is_job: true,
        ..method("system.reboot", "FULL_ADMIN", Some(("POST", "/system/reboot")), &["reason", "options"], reboot)
    },
    Method {
        is_job: true,
        ..method("system.shutdown", "FULL_ADMIN", Some(("POST", "/system/shutdown")), &["reason", "options"], shutdown)
    },
];

pub(super) fn find(profile: Profile, name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name && method.exists_in(profile))
}

pub(super) fn find_rest(profile: Profile, verb: &str, path: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.rest == Some((verb, path)) && method.exists_in(profile))
}

impl Method {
    fn exists_in(&self, profile: Profile) -> bool {
        (self.first..=self.last).contains(&profile)
    }

    pub(super) fn call(&self, request: &Request) -> Result<Value, Failure> {
        if let Some(role) = self.role {
            request.nas.authorize(request.rights, role)?;
        }
        let result = (self.run)(request)?;
        if self.is_job {
            let mut world = request.nas.world();
            let id = world.jobs.len() as u64 + 1;
            world.jobs.push(Job { id, method: self.name.to_owned() });
            return Ok(json!(id));
        }
        Ok(result)
    }
}

impl Request<'_> {
    fn param(&self, index: usize) -> &Value {
        self.params.get(index).unwrap_or(&Value::Null)
    }

    fn text(&self, index: usize, field: &str) -> Result<&str, Failure> {
        self.param(index).as_str().ok_or_else(|| Failure::invalid(field, "Input should be a valid string"))
    }

    fn query(&self, records: Vec<Value>) -> Result<Value, Failure> {
        query::run(records, self.param(0), self.param(1))
    }
}

impl Request<'_> {
    /// How much the caller asked to see of accounts and groups, and may see.
    fn look(&self) -> person::Look {
        let information = &self.param(1)["extra"]["additional_information"];
        person::Look {
            profile: self.nas.profile,
            hashes: self.rights.is_full_admin(),
            smb: information.as_array().is_some_and(|names| names.contains(&json!("SMB"))),
            now_ms: self.nas.now_ms(),
        }
    }
}

fn users(request: &Request) -> Result<Value, Failure> {
    let (look, world) = (request.look(), request.nas.world());
    request.query(world.people.persons.iter().map(|one| person::user(&world.people, one, &look)).collect())
}

fn account(request: &Request) -> Result<Value, Failure> {
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

fn groups(request: &Request) -> Result<Value, Failure> {
    let (look, world) = (request.look(), request.nas.world());
    let groups = world.people.groups.iter();
    request.query(groups.map(|group| person::group(&world.people, group, &look)).collect())
}

fn privileges(request: &Request) -> Result<Value, Failure> {
    let world = request.nas.world();
    let count = world.people.privileges.len();
    request.query((0..count).map(|index| person::privilege(&world.people, index)).collect())
}

fn keys(request: &Request) -> Result<Value, Failure> {
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
fn allowlist(nas: &Nas, username: &str, world: &super::world::World) -> Value {
    let roles = world.people.find(username).and_then(|person| world.people.roles_of(person));
    let rights = Rights(roles.unwrap_or_default());
    if rights.is_full_admin() {
        return json!([{"method": "*", "resource": "*"}]);
    }
    let methods = METHODS.iter().filter(|method| method.exists_in(nas.profile));
    let allowed = methods.filter(|method| method.role.is_none_or(|role| rights.holds(role)));
    allowed.filter_map(|method| method.rest).map(|(verb, path)| json!({"method": verb, "resource": path})).collect()
}

fn shares(request: &Request) -> Result<Value, Failure> {
    let profile = request.nas.profile;
    let selected = request.param(1)["select"].as_array().is_some_and(|fields| !fields.is_empty());
    let names_locked = request.param(1)["select"].as_array().is_some_and(|fields| fields.contains(&json!("locked")));
    let mut records: Vec<_> = request.nas.world().shares.iter().map(|one| share::share(one, profile)).collect();
    if selected && !names_locked {
        // It is expensive to find out, so the real one does not when nobody asks.
        records.iter_mut().for_each(|record| record["locked"] = Value::Null);
    }
    request.query(records)
}

fn share_acl(request: &Request) -> Result<Value, Failure> {
    let world = request.nas.world();
    let name = request.param(0)["share_name"].as_str();
    let name = name.ok_or_else(|| Failure::invalid("smb_getacl.share_name", "Field required"))?;
    let found = world.find_share(name).ok_or_else(|| Failure::Missing(format!("{name}: share does not exist")))?;
    Ok(json!({"share_name": found.name, "share_acl": share::access_list(found, &world.people)}))
}

fn sharesec(request: &Request) -> Result<Value, Failure> {
    let world = request.nas.world();
    request.query(world.shares.iter().map(|one| share::sharesec(one, &world.people)).collect())
}

fn smb_config(request: &Request) -> Result<Value, Failure> {
    let sid = request.nas.world().people.machine_sid.clone();
    Ok(json!({"id": 1, "netbiosname": "NAS01", "netbiosalias": [], "workgroup": "WORKGROUP",
        "description": "TrueNAS Server", "unixcharset": "UTF-8", "syslog": false, "aapl_extensions": true,
        "localmaster": true, "guest": "nobody", "filemask": "DEFAULT", "dirmask": "DEFAULT", "smb_options": "",
        "bindip": [], "server_sid": sid, "ntlmv1_auth": false, "enable_smb1": false, "admin_group": null,
        "encryption": "DEFAULT", "multichannel": false}))
}

fn folder_acl(request: &Request) -> Result<Value, Failure> {
    let resolve = request.param(2) == true;
    on_folder(request, |folder, world| acl::access_list(folder, &world.people, request.nas.profile, resolve))
}

fn stat(request: &Request) -> Result<Value, Failure> {
    on_folder(request, |folder, world| acl::stat(folder, &world.people))
}

fn on_folder(
    request: &Request,
    look: impl FnOnce(&super::world::Folder, &super::world::World) -> Value,
) -> Result<Value, Failure> {
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

fn alerts(request: &Request) -> Result<Value, Failure> {
    Ok(request.nas.world().alerts.iter().map(system::alert).collect())
}

fn pools(request: &Request) -> Result<Value, Failure> {
    let pools: Vec<_> = request.nas.world().pools.iter().map(system::pool).collect();
    request.query(pools)
}

fn services(request: &Request) -> Result<Value, Failure> {
    let services: Vec<_> = request.nas.world().services.iter().map(system::service).collect();
    request.query(services)
}

fn info(request: &Request) -> Result<Value, Failure> {
    let nas = request.nas;
    Ok(system::info(nas.profile, nas.now_ms(), nas.clock.uptime().as_secs()))
}

fn check_password(request: &Request) -> Result<Value, Failure> {
    let (username, password) = (request.text(0, "username")?, request.text(1, "password")?);
    Ok(json!(login::check(&request.nas.world(), username, password).is_ok()))
}

fn jobs(request: &Request) -> Result<Value, Failure> {
    let jobs = request.nas.world().jobs.clone();
    let record = |job: &Job| {
        json!({"id": job.id, "method": job.method, "arguments": [], "state": "SUCCESS", "error": null,
            "progress": {"percent": 100, "description": "", "extra": null}, "result": null})
    };
    request.query(jobs.iter().map(record).collect())
}

fn reboot(request: &Request) -> Result<Value, Failure> {
    script::reboot(request.nas);
    Ok(Value::Null)
}

fn shutdown(request: &Request) -> Result<Value, Failure> {
    script::shutdown(request.nas);
    Ok(Value::Null)
}
