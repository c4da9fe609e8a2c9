//! The calls that belong to a connection (login, subscriptions, options); all others are in the table of methods.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tracing::debug;

use super::dialect::{Call, Dialect};
use super::session::Session;
use crate::sim::events;
use crate::sim::failure::Failure;
use crate::sim::login::{self, Identity, Refusal};
use crate::sim::methods::{self, Request};
use crate::sim::nas::Nas;
use crate::sim::network::Peer;
use crate::sim::profile::Profile;
use crate::sim::world::uuid;

/// What a call has at hand. Cheap to clone, so that calls may wait side by side.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    pub(super) nas: Arc<Nas>,
    pub(super) peer: Peer,
    pub(super) dialect: Dialect,
    pub(super) session: Arc<Mutex<Session>>,
}

impl Desk {
    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The frames to send for a call, in order.
    pub(super) fn answer(&self, call: &Call) -> Vec<Value> {
        let result = self.call(call);
        let mut frames = Vec::new();
        let ended = self.refused_parameters(call, &result);
        if let Some(id) = &call.id {
            frames.push(self.dialect.answer(id, result, self.nas.profile.trace_has_frames()));
        }
        frames.extend(ended);
        frames
    }

    fn call(&self, call: &Call) -> Result<Value, Failure> {
        let params = call.params.as_slice();
        debug!(asked = call.method, "the NAS was asked");
        if self.is_open(&call.method) {
            let logged_in = self.session().is_logged_in();
            if !self.nas.admits(self.peer.address, &call.method, logged_in) {
                return Err(Failure::Busy);
            }
            return self.open_call(&call.method, params);
        }
        let identity = self.identity()?;
        match call.method.as_str() {
            "core.ping" => Ok(json!("pong")),
            "core.subscribe" => self.subscribe(&identity, text(params, 0, "event")?, None),
            "core.unsubscribe" => {
                self.session().subscriptions.remove(text(params, 0, "ident")?);
                Ok(Value::Null)
            }
            "auth.logout" => {
                self.session().log_out();
                Ok(json!(true))
            }
            "auth.me" => Ok(self.user_info(&identity)),
            name => {
                let method = methods::find(self.nas.profile, name).ok_or(Failure::UnknownMethod)?;
                let result = method.call(&Request { nas: &self.nas, params, rights: &identity.rights })?;
                Ok(if method.is_job && !self.session().legacy_jobs { Value::Null } else { result })
            }
        }
    }

    fn identity(&self) -> Result<Identity, Failure> {
        self.session().identity(self.nas.clock.uptime()).cloned()
    }

    /// Callable by anybody who can open a socket.
    fn is_open(&self, method: &str) -> bool {
        let profile = self.nas.profile;
        match method {
            "auth.login" | "auth.login_with_api_key" | "system.boot_id" => true,
            "auth.login_ex" | "auth.login_ex_continue" | "auth.mechanism_choices" => profile.has_rpc(),
            "core.set_options" => profile.has_rpc() && self.dialect == Dialect::JsonRpc,
            "core.ping" => !profile.ping_needs_session(),
            _ => false,
        }
    }

    fn open_call(&self, method: &str, params: &[Value]) -> Result<Value, Failure> {
        match method {
            "core.ping" => Ok(json!("pong")),
            "core.set_options" => Ok(self.set_options(params)),
            "system.boot_id" => Ok(json!(self.nas.world().boot_id)),
            "auth.mechanism_choices" => Ok(json!(["API_KEY_PLAIN", "PASSWORD_PLAIN", "TOKEN_PLAIN"])),
            "auth.login_with_api_key" => {
                let key = text(params, 0, "api_key")?;
                Ok(json!(self.log_in(self.by_key(None, key)).is_ok()))
            }
            "auth.login" => {
                let (username, password) = (text(params, 0, "username")?, text(params, 1, "password")?);
                let code = params.get(2).and_then(Value::as_str);
                Ok(json!(self.log_in(login::by_password(&self.nas, username, password, code)).is_ok()))
            }
            "auth.login_ex_continue" => self.login_ex(params, "OTP_TOKEN"),
            _ => self.login_ex(params, ""),
        }
    }

    fn set_options(&self, params: &[Value]) -> Value {
        // 25.04 knows none of the options and says so with a null.
        if self.nas.profile == Profile::R25_04 {
            return Value::Null;
        }
        let asked = params.first().cloned().unwrap_or_default();
        let legacy_jobs = asked["legacy_jobs"].as_bool().unwrap_or(true);
        self.session().legacy_jobs = legacy_jobs;
        let flag = |name: &str| asked[name].as_bool().unwrap_or(false);
        json!({"legacy_jobs": legacy_jobs, "private_methods": flag("private_methods"), "py_exceptions": flag("py_exceptions")})
    }

    fn by_key(&self, username: Option<&str>, key: &str) -> Result<Identity, Refusal> {
        login::by_key(&self.nas, username, key, !self.peer.encrypted)
    }

    fn log_in(&self, outcome: Result<Identity, Refusal>) -> Result<Identity, Refusal> {
        let identity = outcome?;
        self.session().log_in(identity.clone(), self.nas.clock.uptime());
        Ok(identity)
    }

    fn login_ex(&self, params: &[Value], only: &str) -> Result<Value, Failure> {
        let asked = params.first().filter(|asked| asked.is_object());
        let asked = asked.ok_or_else(|| Failure::invalid("login_data", "Input should be an object"))?;
        let member = |name: &str| {
            asked[name].as_str().ok_or_else(|| Failure::invalid(&format!("login_data.{name}"), "Field required"))
        };
        let mechanism = member("mechanism")?;
        if !only.is_empty() && mechanism != only {
            return Err(Failure::invalid("login_data.mechanism", "Input should be 'OTP_TOKEN'"));
        }
        let mut username = asked["username"].as_str().unwrap_or_default().to_owned();
        let outcome = match mechanism {
            "API_KEY_PLAIN" => self.by_key(Some(member("username")?), member("api_key")?),
            "PASSWORD_PLAIN" => login::by_password(&self.nas, member("username")?, member("password")?, None),
            "TOKEN_PLAIN" => member("token").map(|_| Err(Refusal::Wrong))?,
            "OTP_TOKEN" => {
                let owing = self.session().owes_code.take();
                username = owing.ok_or_else(|| Failure::invalid("login_data.mechanism", "No login in progress"))?;
                login::by_otp(&self.nas, &username, member("otp_token")?)
            }
            _ => return Err(Failure::invalid("login_data.mechanism", "Unknown mechanism")),
        };
        if outcome == Err(Refusal::OtpRequired) {
            self.session().owes_code = Some(username.clone());
        }
        let with_info = asked["login_options"]["user_info"].as_bool().unwrap_or(true);
        Ok(self.login_answer(self.log_in(outcome), &username, with_info))
    }

    fn login_answer(&self, outcome: Result<Identity, Refusal>, username: &str, with_info: bool) -> Value {
        let identity = match outcome {
            Ok(identity) => identity,
            Err(refusal) => {
                let mut answer = json!({"response_type": login::response_type(refusal, self.nas.profile)});
                match refusal {
                    Refusal::OtpRequired => answer["username"] = json!(username),
                    Refusal::Standby => answer["urls"] = json!([self.nas.world().other_controller]),
                    Refusal::Wrong | Refusal::NoPrivilege | Refusal::Expired => {}
                }
                return answer;
            }
        };
        let info = if with_info { self.user_info(&identity) } else { Value::Null };
        let mut answer = json!({"response_type": "SUCCESS", "user_info": info, "authenticator": "LEVEL_1"});
        if self.nas.profile >= Profile::R26 {
            answer["reconnect_token"] = Value::Null;
        }
        answer
    }

    fn user_info(&self, identity: &Identity) -> Value {
        let world = self.nas.world();
        let person = world.people.find(&identity.username);
        let uid = person.map_or(0, |person| person.uid);
        let source = if identity.key.is_some() { json!(["LOCAL", "API_KEY"]) } else { json!(["LOCAL"]) };
        json!({
            "pw_name": identity.username, "pw_uid": uid, "pw_gid": uid, "pw_shell": "/usr/sbin/nologin",
            "pw_gecos": person.map(|person| &person.full_name), "pw_dir": format!("/mnt/tank/homes/{}", identity.username),
            "source": "LOCAL", "local": true, "attributes": {}, "account_attributes": source, "grouplist": null,
            "two_factor_config": null, "sid": person.map(|person| world.people.sid_of(person)),
            "privilege": {"roles": {"$set": identity.rights.0}, "web_shell": false,
                "webui_access": !identity.rights.0.is_empty()},
        })
    }

    /// `id` is the subscriber's own in the legacy dialect, ours otherwise.
    pub(super) fn subscribe(&self, identity: &Identity, name: &str, id: Option<String>) -> Result<Value, Failure> {
        let role = events::role_for(events::split(name).0).ok_or(Failure::NotAuthorized)?;
        self.nas.authorize(&identity.rights, role)?;
        let id = id.unwrap_or_else(|| uuid(&self.nas.random));
        self.session().subscriptions.insert(id.clone(), name.to_owned());
        Ok(json!(id))
    }

    /// A subscription with bad parameters is accepted, then ended with an error.
    fn refused_parameters(&self, call: &Call, result: &Result<Value, Failure>) -> Option<Value> {
        let id = result.as_ref().ok().and_then(Value::as_str).filter(|_| call.method == "core.subscribe")?;
        let name = call.params.first().and_then(Value::as_str)?;
        let (collection, parameters) = events::split(name);
        let reason = events::parameter_error(collection, parameters)?;
        self.session().subscriptions.remove(id);
        let failure = Failure::invalid(collection, reason);
        let error = super::dialect::legacy_error(&failure, self.nas.profile.trace_has_frames());
        let params = json!({"collection": name, "error": error});
        Some(json!({"jsonrpc": "2.0", "method": "notify_unsubscribed", "params": params}))
    }

    pub(super) fn legacy_subscribe(&self, id: &Value, name: &str) -> Value {
        let own = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let outcome = self.identity().and_then(|identity| self.subscribe(&identity, name, Some(own)));
        match outcome {
            Ok(_) => json!({"msg": "ready", "subs": [id]}),
            Err(failure) => {
                let error = super::dialect::legacy_error(&failure, self.nas.profile.trace_has_frames());
                json!({"msg": "nosub", "id": id, "error": error})
            }
        }
    }
}

fn text<'a>(params: &'a [Value], index: usize, field: &str) -> Result<&'a str, Failure> {
    let found = params.get(index).and_then(Value::as_str);
    found.ok_or_else(|| Failure::invalid(field, "Input should be a valid string"))
}
