//! What an event of the NAS means for us. Its contents are used for reasons only: state is read again.

use serde_json::Value;

use crate::domain::nas::Change;
use crate::truenas::error::one_line;

pub fn change(collection: &str, fields: &Value) -> Change {
    let reason = || fields.get("reason").and_then(Value::as_str).map(one_line);
    match collection {
        "alert.list" => Change::Alerts,
        "pool.query" => Change::Pools,
        "service.query" => Change::Services,
        "sharing.smb.query" => Change::Shares,
        "user.query" | "group.query" => Change::People,
        "directoryservices.status" => Change::Directory,
        "failover.status" => Change::Failover,
        "system.ready" => Change::Ready,
        "system.reboot.info" => Change::RebootRequired,
        "system.reboot" => Change::Rebooting { reason: reason() },
        "system.shutdown" => Change::ShuttingDown { reason: reason() },
        _ => Change::Unclear,
    }
}
