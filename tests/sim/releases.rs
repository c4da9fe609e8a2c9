//! What each release offers, and how its records look.

use farol::sim::Profile;
use serde_json::{Value, json};

use crate::lab::{Heard, lab};

#[tokio::test]
async fn only_releases_with_json_rpc_list_versions_and_the_others_lead_to_their_pages() {
    for release in Profile::ALL {
        let lab = lab(release).await;
        let versions = lab.visit("/api/versions").await;
        if release >= Profile::R25_04 {
            let versions = versions.json();
            let newest = versions.as_array().unwrap().last().unwrap().as_str().unwrap().to_owned();
            let mut pinned = lab.socket(&format!("/api/{newest}")).await;
            assert!(pinned.result("system.boot_id", json!([])).await.is_string());
        } else {
            assert_eq!((versions.status, versions.location.as_deref()), (302, Some("/ui/")), "{release}");
        }
        let boot_id = lab.visit("/api/boot_id").await.status;
        assert_eq!(boot_id, if release >= Profile::R25_10 { 200 } else { 302 }, "{release}");
        lab.socket("/websocket").await.greet().await;
    }
}

#[tokio::test]
async fn rest_speaks_up_to_25_10_and_small_roles_reach_it_only_up_to_24_10() {
    for release in Profile::ALL {
        let lab = lab(release).await;
        let own = lab.rest("GET", "/sharing/smb", Value::Null).await.status;
        let full = lab.rest_as(&lab.sim.full_admin_key(), "GET", "/sharing/smb", Value::Null).await.status;
        let expected = match release {
            Profile::R22_12 | Profile::R24_10 | Profile::Spec => (200, 200),
            Profile::R25_04 | Profile::R25_10 => (403, 200),
            Profile::R26 => (404, 404),
        };
        assert_eq!((own, full), expected, "{release}");
    }
}

#[tokio::test]
async fn shares_are_flat_up_to_25_04_and_carry_options_since() {
    for release in Profile::ALL {
        let lab = lab(release).await;
        let shares = lab.reading("sharing.smb.query", json!([[["name", "in", ["Publico", "homes"]]]])).await;
        let (public, homes) = (&shares[0], &shares[1]);
        if release >= Profile::R25_10 {
            assert_eq!((&public["readonly"], public.get("ro")), (&json!(true), None), "{release}");
            assert_eq!((&homes["purpose"], &homes["options"]["home"]), (&json!("LEGACY_SHARE"), &json!(true)));
        } else {
            assert_eq!((&public["ro"], public.get("readonly")), (&json!(true), None), "{release}");
            assert_eq!((&homes["home"], homes.get("options")), (&json!(true), None), "{release}");
        }
    }
}

#[tokio::test]
async fn accounts_carry_what_their_release_knows() {
    for release in Profile::ALL {
        let lab = lab(release).await;
        let ana = lab.reading("user.query", json!([[["username", "=", "ana"]], {"get": true}])).await;
        let has = |member: &str| ana.get(member).is_some();
        assert_eq!(has("attributes"), release == Profile::R22_12, "{release}");
        assert_eq!(has("sid"), release != Profile::R22_12, "{release}");
        assert_eq!(has("id_type_both"), release < Profile::R25_04, "{release}");
        assert_eq!(has("last_password_change"), release >= Profile::R25_04, "{release}");
        assert_eq!(has("webshare"), release == Profile::R26, "{release}");
        assert_eq!(ana["unixhash"], "********", "{release}");
    }
}

#[tokio::test]
async fn only_a_full_administrator_sees_password_hashes() {
    let lab = lab(Profile::R24_10).await;
    let ana = json!({"query-filters": [["username", "=", "ana"]]});
    let seen = lab.rest_as(&lab.sim.full_admin_key(), "GET", "/user", ana).await.json()[0]["unixhash"].clone();
    assert!(seen.as_str().unwrap().starts_with("$6$"), "{seen}");
}

#[tokio::test]
async fn a_query_string_is_coerced_and_a_body_is_not() {
    let lab = lab(Profile::R24_10).await;
    lab.sim.world().people.find_mut("ana").unwrap().username = "1234".to_owned();
    assert_eq!(lab.rest("GET", "/user?username=1234", Value::Null).await.json(), json!([]));
    let body = json!({"query-filters": [["username", "=", "1234"]], "query-options": {"select": ["uid"]}});
    assert_eq!(lab.rest("GET", "/user", body).await.json(), json!([{"uid": 3001}]));
    assert_eq!(lab.rest("GET", "/user?username=bruno", Value::Null).await.json()[0]["uid"], 3002);
    assert_eq!(lab.rest("GET", "/user/id/72", Value::Null).await.json()["username"], "bruno");
    assert_eq!(lab.rest("GET", "/user/id/9", Value::Null).await.status, 404);
}

#[tokio::test]
async fn a_day_of_rest_raises_one_alert_in_25_10() {
    let lab = lab(Profile::R25_10).await;
    let count = || {
        let world = lab.sim.world();
        world
            .alerts
            .iter()
            .filter(|alert| alert.class == "RESTAPIUsage")
            .map(|alert| alert.raised_ms)
            .collect::<Vec<_>>()
    };
    for _ in 0..2 {
        lab.rest_as(&lab.sim.full_admin_key(), "GET", "/pool", Value::Null).await;
    }
    let first = count();
    assert_eq!(first.len(), 1);
    lab.pass(1).await;
    lab.hand.advance(std::time::Duration::from_hours(24));
    lab.rest_as(&lab.sim.full_admin_key(), "GET", "/pool", Value::Null).await;
    let second = count();
    assert!(second.len() == 1 && second[0] > first[0], "{first:?} {second:?}");
}

#[tokio::test]
async fn requests_that_break_the_protocol_get_its_error_codes() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    let cases = [
        ("{", -32700),
        ("[]", -32700),
        (r#"{"id":1,"method":"core.ping","params":[]}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"core.ping","params":{}}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"no.such","params":[]}"#, -32601),
        (r#"{"jsonrpc":"2.0","id":1,"method":"filesystem.getacl","params":[7]}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"filesystem.getacl","params":["/mnt/nope"]}"#, -32001),
    ];
    for (request, code) in cases {
        socket.say(request).await;
        assert_eq!(socket.frame().await["error"]["code"], code, "{request}");
    }
    socket.say(r#"{"jsonrpc":"2.0","method":"core.ping","params":[]}"#).await;
    socket.say(r#"{"jsonrpc":"2.0","id":"last","method":"core.ping","params":[]}"#).await;
    assert_eq!(socket.hear().await, Heard::Frame(json!({"jsonrpc": "2.0", "id": "last", "result": "pong"})));
}

#[tokio::test]
async fn errors_show_the_frames_of_the_trace_before_26_only() {
    for (release, shown) in [(Profile::R25_04, true), (Profile::R25_10, true), (Profile::R26, false)] {
        let mut socket = lab(release).await.socket("/api/current").await;
        let frame = socket.call("user.query", json!([])).await;
        assert_eq!(frame["error"]["data"]["error"], 207);
        assert_eq!(frame["error"]["data"]["trace"].get("frames").is_some(), shown, "{release}");
    }
}

#[tokio::test]
async fn a_long_call_answers_its_job_or_waits_for_it_as_asked() {
    for (release, options) in [(Profile::R25_04, Value::Null), (Profile::R25_10, json!(false))] {
        let lab = lab(release).await;
        let mut socket = lab.socket("/api/current").await;
        let login = crate::lab::key_login("truenas_admin", &lab.sim.full_admin_key());
        socket.result("auth.login_ex", json!([login])).await;
        let answered = socket.result("core.set_options", json!([{"legacy_jobs": false}])).await;
        assert_eq!(answered["legacy_jobs"], options, "{release}");
        let result = socket.result("system.reboot", json!(["test"])).await;
        assert_eq!(result.is_number(), release == Profile::R25_04, "{release}");
        assert_eq!(socket.result("core.get_jobs", json!([])).await[0]["method"], "system.reboot");
    }
}

#[tokio::test]
async fn the_legacy_dialect_greets_answers_and_subscribes() {
    let lab = lab(Profile::R24_10).await;
    let mut socket = lab.legacy().await;
    socket.say(json!({"msg": "sub", "id": "mine", "name": "alert.list"}).to_string()).await;
    assert_eq!(socket.frame().await, json!({"msg": "ready", "subs": ["mine"]}));
    lab.sim.set_fault("alert-raised", true).unwrap();
    let event = socket.frame().await;
    assert_eq!((&event["msg"], &event["fields"]["klass"]), (&json!("added"), &json!("VolumeStatus")));
    socket.say(json!({"msg": "ping", "id": "p"}).to_string()).await;
    assert_eq!(socket.frame().await, json!({"msg": "pong", "id": "p"}));
    let mut silent = lab.socket("/websocket").await;
    silent.ask("core.ping", json!([])).await;
    assert_eq!(silent.frame().await["msg"], "failed");
}
