//! The one table of calls: what we ask of a NAS, how each road spells it, and the role it needs.

use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

/// A call as both roads know it.
#[derive(Debug, PartialEq, Eq)]
pub struct Method {
    pub rpc: &'static str,
    pub verb: Verb,
    /// Below `/api/v2.0`.
    pub rest: &'static str,
    /// The smallest role that may call it on 24.04 and later.
    pub role: &'static str,
}

/// One call with its arguments, in the form of either road.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: &'static Method,
    /// JSON-RPC takes a list of arguments.
    pub params: Value,
    /// REST takes one body.
    pub body: Option<Value>,
}

impl Method {
    const fn reading(rpc: &'static str, verb: Verb, rest: &'static str, role: &'static str) -> Self {
        Self { rpc, verb, rest, role }
    }

    pub fn call(&'static self, params: Value, body: Option<Value>) -> Call {
        Call { method: self, params, body }
    }
}

pub static FIND_USERS: Method = Method::reading("user.query", Verb::Get, "/user", "ACCOUNT_READ");
pub static USER_OBJECT: Method = Method::reading("user.get_user_obj", Verb::Post, "/user/get_user_obj", "ACCOUNT_READ");
pub static FIND_GROUPS: Method = Method::reading("group.query", Verb::Get, "/group", "ACCOUNT_READ");
pub static SHARES: Method = Method::reading("sharing.smb.query", Verb::Get, "/sharing/smb", "SHARING_SMB_READ");
pub static SHARE_ACL: Method =
    Method::reading("sharing.smb.getacl", Verb::Post, "/sharing/smb/getacl", "SHARING_SMB_READ");
/// 22.12 has no call for one share's list; it answers all of them.
pub static SHARE_ACLS_OLD: Method =
    Method::reading("smb.sharesec.query", Verb::Get, "/smb/sharesec", "SHARING_SMB_READ");
pub static FOLDER_ACL: Method =
    Method::reading("filesystem.getacl", Verb::Post, "/filesystem/getacl", "FILESYSTEM_ATTRS_READ");
pub static FOLDER_STAT: Method =
    Method::reading("filesystem.stat", Verb::Post, "/filesystem/stat", "FILESYSTEM_ATTRS_READ");
pub static ALERTS: Method = Method::reading("alert.list", Verb::Get, "/alert/list", "ALERT_LIST_READ");
pub static POOLS: Method = Method::reading("pool.query", Verb::Get, "/pool", "POOL_READ");
pub static SERVICES: Method = Method::reading("service.query", Verb::Get, "/service", "SERVICE_READ");
pub static SYSTEM_STATE: Method = Method::reading("system.state", Verb::Get, "/system/state", "SYSTEM_GENERAL_READ");
pub static SYSTEM_INFO: Method = Method::reading("system.info", Verb::Get, "/system/info", "READONLY_ADMIN");
/// Whom the key belongs to; everybody who signed in may ask.
pub static OWN_ACCOUNT: Method = Method::reading("auth.me", Verb::Get, "/auth/me", "");
/// Harmless, and nothing we ever use: shows whether a key of an old release has any limits.
pub static UNNEEDED: Method =
    Method::reading("system.ntpserver.query", Verb::Get, "/system/ntpserver", "NETWORK_GENERAL_READ");

/// Up to 24.10; a bare yes or no.
pub static CHECK_PASSWORD: Method =
    Method::reading("auth.check_password", Verb::Post, "/auth/check_password", "ACCOUNT_READ");
/// The address in the customer's document, which no release of TrueNAS has.
pub static CHECK_PASSWORD_AS_SPECIFIED: Method =
    Method::reading("user.check_password", Verb::Post, "/user/check_password", "ACCOUNT_READ");
/// From 25.04 on; changes who the connection is.
pub const LOGIN: &str = "auth.login_ex";
/// The code after the password.
pub const LOGIN_CODE: &str = "auth.login_ex_continue";
