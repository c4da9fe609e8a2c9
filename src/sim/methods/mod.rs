//! One table of what can be called, over whichever road: name, role, REST address, since and until when.

mod answers;

use std::sync::Arc;

use serde_json::{Value, json};

use super::failure::Failure;
use super::nas::Nas;
use super::profile::Profile;
use super::query;
use super::records::system;
use super::rights::Rights;
use super::world::Job;

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
    method("user.query", "ACCOUNT_READ", Some(("GET", "/user")), QUERY, answers::users),
    method(
        "user.get_user_obj",
        "ACCOUNT_READ",
        Some(("POST", "/user/get_user_obj")),
        &["get_user_obj"],
        answers::account,
    ),
    method("group.query", "ACCOUNT_READ", Some(("GET", "/group")), QUERY, answers::groups),
    method("privilege.query", "PRIVILEGE_READ", Some(("GET", "/privilege")), QUERY, answers::privileges),
    method("api_key.query", "API_KEY_READ", Some(("GET", "/api_key")), QUERY, answers::keys),
    method("sharing.smb.query", "SHARING_SMB_READ", Some(("GET", "/sharing/smb")), QUERY, answers::shares),
    Method {
        first: Profile::R24_10,
        ..method(
            "sharing.smb.getacl",
            "SHARING_SMB_READ",
            Some(("POST", "/sharing/smb/getacl")),
            &["smb_getacl"],
            answers::share_acl,
        )
    },
    Method {
        last: Profile::R22_12,
        ..method("smb.sharesec.query", "SHARING_SMB_READ", Some(("GET", "/smb/sharesec")), QUERY, answers::sharesec)
    },
    method("smb.config", "SHARING_SMB_READ", Some(("GET", "/smb")), &[], |request| Ok(answers::smb_config(request))),
    method(
        "filesystem.getacl",
        "FILESYSTEM_ATTRS_READ",
        Some(("POST", "/filesystem/getacl")),
        &["path", "simplified", "resolve_ids"],
        answers::folder_acl,
    ),
    method("filesystem.stat", "FILESYSTEM_ATTRS_READ", Some(("POST", "/filesystem/stat")), &["path"], answers::stat),
    method("alert.list", "ALERT_LIST_READ", Some(("GET", "/alert/list")), &[], |request| Ok(answers::alerts(request))),
    method("pool.query", "POOL_READ", Some(("GET", "/pool")), QUERY, answers::pools),
    method("service.query", "SERVICE_READ", Some(("GET", "/service")), QUERY, answers::services),
    method("failover.status", "FAILOVER_READ", Some(("GET", "/failover/status")), &[], |_| Ok(json!("SINGLE"))),
    method("system.info", "READONLY_ADMIN", Some(("GET", "/system/info")), &[], |request| Ok(answers::info(request))),
    method("system.version", "SYSTEM_GENERAL_READ", Some(("GET", "/system/version")), &[], |request| {
        Ok(json!(system::version(request.nas.profile, &request.nas.world())))
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
            answers::check_password,
        )
    },
    Method {
        last: Profile::Spec,
        ..method(
            "auth.check_user",
            "ACCOUNT_READ",
            Some(("POST", "/auth/check_user")),
            &["username", "password"],
            answers::check_password,
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
            |request| Ok(json!({"valid": answers::check_password(request)?})),
        )
    },
    method("system.ntpserver.query", "NETWORK_GENERAL_READ", Some(("GET", "/system/ntpserver")), QUERY, |request| {
        request.query(vec![json!({"id": 1, "address": "0.debian.pool.ntp.org", "iburst": true})])
    }),
    Method { role: None, ..method("core.get_jobs", "", Some(("GET", "/core/get_jobs")), QUERY, answers::jobs) },
    Method {
        is_job: true,
        ..method("system.reboot", "FULL_ADMIN", Some(("POST", "/system/reboot")), &["reason", "options"], |request| {
            Ok(answers::reboot(request))
        })
    },
    Method {
        is_job: true,
        ..method(
            "system.shutdown",
            "FULL_ADMIN",
            Some(("POST", "/system/shutdown")),
            &["reason", "options"],
            |request| Ok(answers::shutdown(request)),
        )
    },
];

pub(super) fn find(profile: Profile, name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name && method.exists_in(profile))
}

pub(super) fn find_rest(profile: Profile, verb: &str, path: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.rest == Some((verb, path)) && method.exists_in(profile))
}

fn existing_in(profile: Profile) -> impl Iterator<Item = &'static Method> {
    METHODS.iter().filter(move |method| method.exists_in(profile))
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
