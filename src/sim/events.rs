//! What subscribers hear, and the role each collection asks for.

use serde_json::Value;

#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) collection: String,
    /// added, changed or removed.
    pub(super) msg: &'static str,
    pub(super) id: Value,
    pub(super) fields: Option<Value>,
}

/// The role a collection asks for; nothing when there is no such collection.
pub(super) fn role_for(collection: &str) -> Option<&'static str> {
    Some(match collection {
        "alert.list" => "ALERT_LIST_READ",
        "system" | "system.reboot" | "system.shutdown" | "system.ready" | "system.reboot.info" | "system.health" => {
            "SYSTEM_GENERAL_READ"
        }
        "sharing.smb.query" => "SHARING_SMB_READ",
        "user.query" | "group.query" => "ACCOUNT_READ",
        "pool.query" => "POOL_READ",
        "service.query" => "SERVICE_READ",
        "failover.status" => "FAILOVER_READ",
        "directoryservices.status" => "DIRECTORY_SERVICE_READ",
        "reporting.realtime" => "REPORTING_READ",
        // Everybody with a role sees jobs; those who are no administrators only their own.
        "core.get_jobs" => "READONLY_ADMIN",
        _ => return None,
    })
}

/// `reporting.realtime:{"interval":5}` is the collection and its parameters.
pub(super) fn split(name: &str) -> (&str, Option<&str>) {
    name.split_once(':').map_or((name, None), |(collection, parameters)| (collection, Some(parameters)))
}

/// What is wrong with the parameters of a subscription.
pub(super) fn parameter_error(collection: &str, parameters: Option<&str>) -> Option<&'static str> {
    const SHORTEST_INTERVAL_S: u64 = 2;
    let parameters = parameters?;
    let Ok(parameters) = serde_json::from_str::<Value>(parameters) else { return Some("Invalid parameters") };
    let interval = parameters["interval"].as_u64();
    let too_short = collection == "reporting.realtime" && interval.is_some_and(|span| span < SHORTEST_INTERVAL_S);
    too_short.then_some("interval: Input should be greater than or equal to 2")
}
