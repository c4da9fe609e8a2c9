//! Shares, in the flat shape up to 25.04 and the one with options since.

use serde_json::{Value, json};

use super::merge;
use crate::sim::profile::Profile;
use crate::sim::world::{People, Share, ShareAce};

pub(in crate::sim) fn share(share: &Share, profile: Profile) -> Value {
    if profile.has_new_share_shape() { with_options(share, profile) } else { flat(share, profile) }
}

fn with_options(share: &Share, profile: Profile) -> Value {
    let (purpose, options) = if share.time_machine {
        let options = json!({"timemachine_quota": 0, "auto_snapshot": false, "auto_dataset_creation": false,
            "dataset_naming_schema": null, "vuid": ""});
        ("TIMEMACHINE_SHARE", options)
    } else if share.home {
        let options = json!({"recyclebin": false, "path_suffix": "%U", "hostsallow": [], "hostsdeny": [],
            "guestok": false, "streams": true, "durablehandle": true, "shadowcopy": true, "fsrvp": false,
            "home": true, "acl": true, "afp": false, "timemachine": false, "timemachine_quota": 0,
            "aapl_name_mangling": false, "vuid": "", "auxsmbconf": ""});
        ("LEGACY_SHARE", options)
    } else if profile >= Profile::R26 {
        ("DEFAULT_SHARE", json!({"aapl_name_mangling": false, "hostsallow": [], "hostsdeny": []}))
    } else {
        ("DEFAULT_SHARE", json!({"aapl_name_mangling": false}))
    };
    json!({
        "id": share.id, "purpose": purpose, "name": share.name, "path": share.path, "enabled": share.enabled,
        "comment": share.comment, "readonly": share.readonly, "browsable": true,
        "access_based_share_enumeration": false, "locked": share.locked, "audit": no_audit(), "options": options,
    })
}

fn flat(share: &Share, profile: Profile) -> Value {
    let purpose = if share.time_machine {
        "TIMEMACHINE"
    } else if share.home {
        "NO_PRESET"
    } else {
        "DEFAULT_SHARE"
    };
    let mut record = json!({
        "id": share.id, "purpose": purpose, "path": share.path, "path_local": share.path,
        "path_suffix": if share.home { "%U" } else { "" }, "home": share.home, "name": share.name,
        "comment": share.comment, "ro": share.readonly, "browsable": true, "timemachine": share.time_machine,
        "timemachine_quota": 0, "recyclebin": false, "guestok": false, "abe": false, "hostsallow": [],
        "hostsdeny": [], "aapl_name_mangling": false, "acl": true, "durablehandle": true, "shadowcopy": true,
        "streams": true, "fsrvp": false, "auxsmbconf": "", "enabled": share.enabled, "afp": false, "vuid": "",
        "locked": share.locked,
    });
    let more = if profile == Profile::R22_12 { json!({"cluster_volname": ""}) } else { json!({"audit": no_audit()}) };
    merge(&mut record, more);
    record
}

fn no_audit() -> Value {
    json!({"enable": false, "watch_list": [], "ignore_list": []})
}

/// The share's own list; when nobody stored one, everyone may do everything.
pub(in crate::sim) fn access_list(share: &Share, people: &People) -> Vec<Value> {
    let everyone = [ShareAce { gid: None, allowed: true, right: "FULL" }];
    let entries = if share.acl.is_empty() { &everyone[..] } else { &share.acl[..] };
    entries.iter().map(|entry| line(*entry, people)).collect()
}

fn line(entry: ShareAce, people: &People) -> Value {
    let kind = if entry.allowed { "ALLOWED" } else { "DENIED" };
    let Some(group) = entry.gid.and_then(|gid| people.find_group(gid)) else {
        return json!({"ae_who_sid": "S-1-1-0", "ae_perm": entry.right, "ae_type": kind, "ae_who_id": null,
            "ae_who_str": "everyone@"});
    };
    json!({"ae_who_sid": people.group_sid(group), "ae_perm": entry.right, "ae_type": kind,
        "ae_who_id": {"id_type": "GROUP", "id": group.gid}, "ae_who_str": group.name})
}

/// The same list as 22.12 tells it, names instead of ids.
pub(in crate::sim) fn sharesec(share: &Share, people: &People) -> Value {
    let lines: Vec<Value> = access_list(share, people)
        .into_iter()
        .map(|line| {
            json!({"ae_who_sid": line["ae_who_sid"], "ae_perm": line["ae_perm"], "ae_type": line["ae_type"],
                "ae_who_name": {"domain": "NAS01", "name": line["ae_who_str"], "sidtype": 4}})
        })
        .collect();
    json!({"id": share.id, "share_name": share.name, "share_acl": lines})
}
