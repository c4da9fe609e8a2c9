//! Every decoder against shapes of both generations, and against anything at all.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::person::Sid;
use crate::domain::share::{FolderAcl, Nfs4Rights, ShareKind, ShareRight, WhoId};

#[test]
fn a_share_reads_the_same_in_both_shapes() {
    let flat = json!([{"id": 4, "purpose": "DEFAULT_SHARE", "path": "/mnt/tank/finance", "path_suffix": "%U", "home": false,
        "name": "Finance", "comment": "x", "ro": true, "browsable": true, "timemachine": false, "hostsallow": ["10.0.0.0/8"],
        "hostsdeny": [], "enabled": true, "locked": false, "vuid": ""}]);
    let nested = json!([{"id": 4, "purpose": "LEGACY_SHARE", "path": "/mnt/tank/finance", "name": "Finance", "comment": "x",
        "readonly": true, "browsable": true, "enabled": true, "locked": false, "audit": {"enable": false},
        "options": {"home": false, "path_suffix": "%U", "hostsallow": ["10.0.0.0/8"], "hostsdeny": []}}]);
    let (flat, nested) = (shares(&flat).unwrap(), shares(&nested).unwrap());
    assert_eq!(flat, nested);
    assert!(flat[0].read_only && flat[0].limits_hosts);
    assert_eq!((flat[0].kind, flat[0].path_suffix.as_str(), flat[0].locked), (ShareKind::Plain, "%U", Some(false)));
}

#[test]
fn the_kind_of_a_share_is_seen_in_every_release() {
    let kind_of = |fields: Value| {
        let mut share = json!({"id": 1, "name": "s", "path": "/mnt/tank/s", "enabled": true});
        share.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        shares(&json!([share])).unwrap()[0].kind
    };
    for (fields, kind) in [
        (json!({"purpose": "DEFAULT_SHARE"}), ShareKind::Plain),
        (json!({"purpose": "NO_PRESET", "home": true}), ShareKind::Home),
        (json!({"purpose": "LEGACY_SHARE", "options": {"home": true}}), ShareKind::Home),
        (json!({"purpose": "NO_PRESET", "timemachine": true}), ShareKind::TimeMachine),
        (json!({"purpose": "ENHANCED_TIMEMACHINE"}), ShareKind::TimeMachine),
        (json!({"purpose": "TIMEMACHINE_SHARE"}), ShareKind::TimeMachine),
        (json!({"purpose": "PRIVATE_DATASETS"}), ShareKind::PrivateDatasets),
        (json!({"purpose": "WORM_DROPBOX"}), ShareKind::TimeLocked),
        (json!({"purpose": "TIME_LOCKED_SHARE"}), ShareKind::TimeLocked),
        (json!({"path": "EXTERNAL:server\\share"}), ShareKind::External),
        (
            json!({"path": "EXTERNAL", "purpose": "EXTERNAL_SHARE", "options": {"remote_path": ["a\\b"]}}),
            ShareKind::External,
        ),
        (json!({"purpose": "FCP_SHARE"}), ShareKind::Plain),
        (json!({"purpose": null}), ShareKind::Plain),
    ] {
        assert_eq!(kind_of(fields.clone()), kind, "{fields}");
    }
}

#[test]
fn an_entry_that_is_not_understood_makes_the_list_unreadable() {
    let nfs4 =
        |entry: Value| folder_acl(&json!({"path": "/mnt/a", "acltype": "NFS4", "uid": 0, "gid": 0, "acl": [entry]}));
    let entry = json!({"tag": "everyone@", "id": -1, "type": "ALLOW", "perms": {"READ_DATA": true, "EXECUTE": true},
        "flags": {"INHERIT_ONLY": true, "FILE_INHERIT": true}});
    let Ok(FolderRights::Listed(FolderAcl::Nfs4 { entries, .. })) = nfs4(entry.clone()) else { panic!("not read") };
    assert!(entries[0].inherit_only);
    assert_eq!(entries[0].rights, Nfs4Rights::READ_DATA | Nfs4Rights::EXECUTE);
    for (field, value) in [
        ("tag", json!("nobody@")),
        ("type", json!("AUDIT")),
        ("perms", json!({"BASIC": "SOME"})),
        ("perms", json!(null)),
    ] {
        let mut broken = entry.clone();
        broken[field] = value;
        assert!(nfs4(broken.clone()).is_err(), "{broken}");
    }
    let share = |entry: Value| share_acl(&json!({"share_name": "s", "share_acl": [entry]}));
    let entry = json!({"ae_who_sid": "S-1-1-0", "ae_perm": "CUSTOM", "ae_type": "ALLOWED", "ae_who_id": null});
    assert_eq!(share(entry.clone()).unwrap().0[0].right, ShareRight::Custom);
    for (field, value) in [("ae_type", json!("MAYBE")), ("ae_who_sid", json!(null)), ("ae_perm", json!(7))] {
        let mut broken = entry.clone();
        broken[field] = value;
        assert!(share(broken.clone()).is_err(), "{broken}");
    }
}

#[test]
fn the_number_of_an_entry_says_whose_it_is() {
    let who = |id: Value| {
        let entry = json!({"ae_who_sid": "S-1-5-21-1", "ae_perm": "READ", "ae_type": "ALLOWED", "ae_who_id": id});
        share_acl(&json!({"share_acl": [entry]})).map(|list| list.0[0].who)
    };
    assert_eq!(who(json!({"id_type": "USER", "id": 7})).unwrap(), Some(WhoId::User(7)));
    assert_eq!(who(json!({"id_type": "GROUP", "id": 7})).unwrap(), Some(WhoId::Group(7)));
    assert_eq!(who(json!({"id_type": "BOTH", "id": 7})).unwrap(), Some(WhoId::Both(7)));
    assert_eq!(who(json!({"id_type": "NOT_SPECIFIED", "id": 7})).unwrap(), None);
    assert_eq!(who(json!(null)).unwrap(), None);
    assert!(who(json!({"id": 7})).is_err() && who(json!({"id_type": "BOTH"})).is_err());
}

#[test]
fn a_group_has_a_sid_unless_the_nas_keeps_it_back() {
    let listed = json!([
        {"gid": 1, "name": "a", "sid": "S-1-5-21-8", "smb": true, "local": true},
        {"gid": 2, "name": "b", "sid": null, "smb": true, "local": true},
        {"gid": 3, "name": "c", "sid": null, "smb": false, "local": true},
        {"gid": 5, "name": "e", "sid": null, "smb": false, "local": false},
    ]);
    let sids: Vec<_> = groups(&listed, &[1, 2, 3, 4, 5]).unwrap().into_iter().map(|group| group.sid).collect();
    assert_eq!(sids, [Some(Sid::new("S-1-5-21-8")), None, Some(Sid::new("S-1-22-2-3")), None, None]);
}

#[test]
fn a_share_without_a_stored_list_is_open_to_everyone_on_22_12() {
    let all = json!([{"share_name": "Finance", "share_acl": [
        {"ae_who_sid": "S-1-5-21-1", "ae_perm": "READ", "ae_type": "ALLOWED", "ae_who_name": {"domain": null, "name": "x"}}]}]);
    assert_eq!(share_acl_of(&all, "finance").unwrap().0[0].right, ShareRight::Read);
    assert_eq!(share_acl_of(&all, "other").unwrap().0[0].right, ShareRight::Full);
}

#[test]
fn a_list_of_22_12_is_found_whatever_its_capitals() {
    let all = json!([{"share_name": "\u{c1}REA", "share_acl": [
        {"ae_who_sid": "S-1-5-21-1", "ae_perm": "READ", "ae_type": "ALLOWED"}]}]);
    assert_eq!(share_acl_of(&all, "\u{e1}rea").unwrap().0[0].right, ShareRight::Read);
}

#[test]
fn what_a_list_does_not_say_clearly_is_never_taken_for_a_right() {
    let list = |kind: &str, entry: &Value| {
        folder_acl(&json!({"path": "/mnt/a", "acltype": kind, "uid": 0, "gid": 0, "acl": [entry]})).is_ok()
    };
    let nfs4 = json!({"tag": "everyone@", "id": -1, "type": "DENY", "perms": {"READ_DATA": true}, "flags": {}});
    let posix =
        json!({"tag": "OTHER", "id": -1, "default": false, "perms": {"READ": true, "WRITE": false, "EXECUTE": true}});
    assert!(list("NFS4", &nfs4) && list("POSIX1E", &posix));
    for (kind, entry, field, value) in [
        ("NFS4", &nfs4, "flags", None),
        ("NFS4", &nfs4, "flags", Some(json!(null))),
        ("NFS4", &nfs4, "flags", Some(json!(["INHERIT_ONLY"]))),
        ("NFS4", &nfs4, "flags", Some(json!({"INHERIT_ONLY": "yes"}))),
        ("NFS4", &nfs4, "flags", Some(json!({"INHERIT_ONLY": null}))),
        ("NFS4", &nfs4, "perms", Some(json!({"READ_DATA": 1}))),
        ("NFS4", &nfs4, "perms", Some(json!({"READ_DATA": true, "WRITE_DATA": null}))),
        ("NFS4", &nfs4, "perms", Some(json!({"BASIC": null}))),
        ("NFS4", &nfs4, "perms", Some(json!({"BASIC": 7}))),
        ("POSIX1E", &posix, "default", None),
        ("POSIX1E", &posix, "default", Some(json!(null))),
        ("POSIX1E", &posix, "perms", Some(json!({"READ": true, "WRITE": false}))),
    ] {
        let mut unclear = entry.clone();
        match value {
            Some(value) => unclear[field] = value,
            None => drop(unclear.as_object_mut().unwrap().remove(field)),
        }
        assert!(!list(kind, &unclear), "{unclear}");
    }
}

#[test]
fn an_account_and_its_groups_are_read_and_nothing_secret_is_kept() {
    let object = json!({"pw_name": "ana", "pw_uid": 3001, "pw_gid": 3001, "pw_gecos": "Ana", "grouplist": [545, 3010],
        "sid_info": {"sid": "S-1-5-21-7"}, "local": true});
    let object = user_object(&object).unwrap();
    assert_eq!(object.gids, [3001, 545, 3010]);
    let records = json!([{"uid": 3001, "username": "ana", "full_name": "Ana Lima", "locked": true, "password_disabled": false,
        "smb": true, "unixhash": "$6$canary", "smbhash": "canary", "last_password_change": {"$date": 5}}]);
    let record = user_record(&records, 3001).unwrap();
    let groups = groups(&json!([{"gid": 3010, "group": "finance", "sid": "S-1-5-21-8"}]), &object.gids).unwrap();
    let person = person(object, record, groups);
    assert!(person.locked && person.find_group(3001).is_some());
    assert_eq!((person.full_name.as_str(), person.groups[2].name.as_str()), ("Ana Lima", "finance"));
    assert_eq!(person.groups[0].name, "");
    assert!(!format!("{person:?}").contains("canary"));
}

#[test]
fn an_account_is_local_where_the_nas_says_so_or_lists_it() {
    let records = json!([{"uid": 3001, "locked": false}]);
    for (says, listed, local) in [
        (json!({"local": true}), false, true),
        (json!({"local": false, "source": "LOCAL"}), true, false),
        (json!({"source": "LOCAL"}), false, true),
        (json!({"source": "LDAP"}), true, false),
        (json!({"source": "ACTIVEDIRECTORY"}), true, false),
        (json!({}), true, true),
        (json!({}), false, false),
    ] {
        let mut object = json!({"pw_name": "ana", "pw_uid": 3001, "pw_gid": 3001, "grouplist": []});
        object.as_object_mut().unwrap().extend(says.as_object().unwrap().clone());
        let record = if listed { user_record(&records, 3001).unwrap() } else { None };
        assert_eq!(person(user_object(&object).unwrap(), record, Vec::new()).local, local, "{says}, listed {listed}");
    }
}

#[test]
fn a_key_that_may_change_anything_is_told_from_one_that_reads() {
    let may = |roles: Value| may_change_things(&json!({"pw_name": "svc", "privilege": {"roles": roles}}));
    assert!(!may(json!({"$set": ["READONLY_ADMIN", "ALERT_LIST_READ"]})).unwrap());
    assert!(!may(json!([])).unwrap());
    for role in ["FULL_ADMIN", "SHARING_ADMIN", "ACCOUNT_WRITE"] {
        assert!(may(json!(["POOL_READ", role])).unwrap(), "{role}");
    }
    assert!(may(json!(null)).is_err());
}

/// Values shaped like the ones the NAS sends: known keys, wrong contents.
fn anything() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        Just("id"),
        Just("name"),
        Just("path"),
        Just("enabled"),
        Just("options"),
        Just("uid"),
        Just("gid"),
        Just("acl"),
        Just("acltype"),
        Just("tag"),
        Just("perms"),
        Just("type"),
        Just("flags"),
        Just("share_acl"),
        Just("ae_type"),
        Just("ae_perm"),
        Just("ae_who_sid"),
        Just("ae_who_id"),
        Just("grouplist"),
        Just("pw_uid"),
        Just("pw_gid"),
        Just("pw_name"),
        Just("locked"),
        Just("formatted"),
        Just("uuid"),
        Just("version"),
        Just("status"),
        Just("mode"),
        Just("healthy"),
        Just("service"),
        Just("BASIC"),
        Just("READ"),
        Just("remote_path"),
        Just("reason"),
        Just("$date"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop_oneof![Just("NFS4"), Just("POSIX1E"), Just("DISABLED"), Just("GROUP"), Just("ALLOW"), Just("ALLOWED")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key.clone(), inner), 0..6).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

fn decode_everything(value: &Value) {
    let list = json!([value]);
    for value in [value, &list] {
        let _ = shares(value);
        let _ = share_acl(value);
        let _ = share_acl_of(value, "x");
        let _ = folder_acl(value);
        let _ = folder_mode(value);
        let _ = user_object(value);
        let _ = user_record(value, 1);
        let _ = groups(value, &[1, 2]);
        let _ = may_change_things(value);
        let _ = alerts(value);
        let _ = system(value);
        let _ = system_state(value);
        let _ = pools(value);
        let _ = services(value);
        let _ = change("system.reboot", value);
    }
}

proptest! {
    // Each case goes through 30 decodings: over a million in all.
    #![proptest_config(ProptestConfig::with_cases(40_000))]

    #[test]
    fn no_value_makes_a_decoder_panic(value in anything()) {
        decode_everything(&value);
    }
}
