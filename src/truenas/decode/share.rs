//! `sharing.smb.query`, in both shapes: flat up to 25.04, with `options` from 25.10 on.

use serde_json::Value;

use crate::domain::share::{Share, ShareKind};
use crate::truenas::Error;
use crate::truenas::decode::record::Record;

/// The server's own name for the share of home folders, whatever it is called on the network.
const HOMES: &str = "homes";

pub fn shares(answer: &Value) -> Result<Vec<Share>, Error> {
    Record::list("sharing.smb.query", answer)?.into_iter().map(share).collect()
}

/// The name under which the NAS keeps the list of rights of a share.
pub fn acl_name(share: &Share) -> &str {
    if share.kind == ShareKind::Home { HOMES } else { &share.name }
}

fn share(record: Record<'_>) -> Result<Share, Error> {
    let options = record.find_record("options");
    let anywhere = |key: &str| record.find(key).or_else(|| options.and_then(|options| options.find(key)));
    let flag = |key: &str| anywhere(key).and_then(Value::as_bool).unwrap_or(false);
    let path = record.text("path")?;
    let kind = kind(record.text_or_empty("purpose"), path, flag("home"), flag("timemachine"));
    let external = options.and_then(|options| options.find("remote_path"));
    Ok(Share {
        id: record.number("id")?,
        name: record.text("name")?.to_owned(),
        path: external.map_or_else(|| path.to_owned(), joined),
        comment: record.text_or_empty("comment").to_owned(),
        kind,
        enabled: record.flag("enabled")?,
        locked: record.find_flag("locked"),
        read_only: flag("ro") || flag("readonly"),
        browsable: record.find_flag("browsable").unwrap_or(true),
        limits_hosts: ["hostsallow", "hostsdeny"]
            .into_iter()
            .any(|key| anywhere(key).and_then(Value::as_array).is_some_and(|hosts| !hosts.is_empty())),
        path_suffix: anywhere("path_suffix").and_then(Value::as_str).unwrap_or_default().to_owned(),
    })
}

/// The purposes of all releases; those not named here change nothing for us.
fn kind(purpose: &str, path: &str, home: bool, time_machine: bool) -> ShareKind {
    match purpose {
        _ if home => ShareKind::Home,
        _ if time_machine => ShareKind::TimeMachine,
        _ if path == "EXTERNAL" || path.starts_with("EXTERNAL:") => ShareKind::External,
        "EXTERNAL_SHARE" => ShareKind::External,
        "TIMEMACHINE" | "ENHANCED_TIMEMACHINE" | "TIMEMACHINE_SHARE" => ShareKind::TimeMachine,
        "PRIVATE_DATASETS" | "PRIVATE_DATASETS_SHARE" => ShareKind::PrivateDatasets,
        "TIME_LOCKED_SHARE" | "WORM_DROPBOX" => ShareKind::TimeLocked,
        _ => ShareKind::Plain,
    }
}

fn joined(remote: &Value) -> String {
    let paths = remote.as_array().into_iter().flatten().filter_map(Value::as_str);
    paths.collect::<Vec<_>>().join(", ")
}
