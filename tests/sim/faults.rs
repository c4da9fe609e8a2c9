//! Each switch breaks what it says, and nothing once it is off.

use std::time::Duration;

use farol::sim::Profile;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::lab::{Heard, Lab, Socket, lab};

async fn subscribed(lab: &Lab, collections: &[&str]) -> Socket {
    let mut socket = lab.rpc().await;
    for collection in collections {
        assert!(socket.result("core.subscribe", json!([collection])).await.is_string());
    }
    socket
}

#[tokio::test]
async fn power_off_cuts_everybody_and_refuses_newcomers_until_the_same_ports_open_again() {
    for (fault, reboots) in [("power-off", true), ("refused", false)] {
        let lab = lab(Profile::R25_10).await;
        let mut socket = lab.rpc().await;
        let before = lab.visit("/api/boot_id").await.text;
        lab.sim.set_fault(fault, true).unwrap();
        assert_eq!(socket.hear().await, Heard::Cut, "{fault}");
        for url in [lab.sim.url(), lab.sim.plain_url().unwrap()] {
            let address = url.split_once("://").unwrap().1.to_owned();
            let refusal = tokio::net::TcpStream::connect(address).await.unwrap_err();
            assert_eq!(refusal.kind(), std::io::ErrorKind::ConnectionRefused, "{fault} {url}");
        }
        lab.sim.set_fault(fault, false).unwrap();
        assert_eq!(lab.visit("/api/boot_id").await.text != before, reboots, "{fault}");
        lab.rpc().await;
    }
}

#[tokio::test]
async fn the_proxy_answers_alone_with_502_or_504() {
    let lab = lab(Profile::R25_10).await;
    for (fault, status) in [("502", 502), ("504", 504)] {
        let mut socket = lab.rpc().await;
        lab.sim.set_fault(fault, true).unwrap();
        assert_eq!(socket.hear().await, Heard::Cut);
        assert_eq!(lab.visit("/api/versions").await.status, status);
        assert!(lab.try_socket(&format!("{}/api/current", lab.sim.url().replace("https", "wss"))).await.is_err());
        lab.sim.set_fault(fault, false).unwrap();
    }
    lab.rpc().await;
}

#[tokio::test]
async fn the_next_answer_breaks_off_in_its_middle_on_either_road() {
    let new = lab(Profile::R25_10).await;
    let mut socket = new.rpc().await;
    new.sim.set_fault("mid-frame-drop", true).unwrap();
    socket.ask("pool.query", json!([])).await;
    assert_eq!(socket.hear().await, Heard::Cut);
    assert!(new.rpc().await.result("pool.query", json!([])).await.is_array());
    let old = lab(Profile::R24_10).await;
    old.sim.set_fault("mid-frame-drop", true).unwrap();
    let url = format!("{}/api/v2.0/pool", old.sim.url());
    let key = format!("Bearer {}", old.sim.api_key());
    assert!(old.web("GET", &url, &[("authorization", &key)], String::new()).await.is_err());
    assert_eq!(old.rest("GET", "/pool", Value::Null).await.status, 200);
}

#[tokio::test]
async fn malformed_answers_and_events_are_no_json_or_not_the_expected_one() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    lab.sim.set_fault("malformed-event", true).unwrap();
    assert!(matches!(socket.hear().await, Heard::Garbage(_)));
    assert_eq!(socket.event().await["collection"], 7);
    lab.sim.set_fault("malformed-reply", true).unwrap();
    socket.ask("pool.query", json!([])).await;
    assert!(matches!(socket.hear().await, Heard::Garbage(_)));
    lab.sim.clear_faults();
    assert!(socket.result("pool.query", json!([])).await.is_array());
}

/// Comes back at once whatever is slow, so what was asked before has reached the NAS.
async fn has_arrived(socket: &mut Socket) {
    socket.say("{").await;
    assert_eq!(socket.frame().await["error"]["code"], -32700);
}

#[tokio::test]
async fn a_slow_nas_answers_after_five_seconds() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    lab.sim.set_fault("slow", true).unwrap();
    let id = socket.ask("core.ping", json!([])).await;
    has_arrived(&mut socket).await;
    lab.hand.advance(Duration::from_millis(4_999));
    has_arrived(&mut socket).await;
    lab.hand.advance(Duration::from_millis(1));
    assert_eq!(socket.frame().await["id"], id);
}

#[tokio::test]
async fn a_silent_nas_never_answers() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    lab.sim.set_fault("silent", true).unwrap();
    socket.ask("core.ping", json!([])).await;
    has_arrived(&mut socket).await;
    lab.sim.set_fault("silent", false).unwrap();
    let id = socket.ask("core.ping", json!([])).await;
    assert_eq!(socket.frame().await["id"], id);
}

#[tokio::test]
async fn the_next_records_arrive_forty_mebibytes_longer_once() {
    let lab = lab(Profile::R24_10).await;
    lab.sim.set_fault("oversized-reply", true).unwrap();
    assert_eq!(lab.rest("GET", "/core/ping", Value::Null).await.text, "\"pong\"");
    assert!(lab.rest("GET", "/pool", Value::Null).await.text.len() > 40 << 20);
    assert!(lab.rest("GET", "/pool", Value::Null).await.text.len() < 1 << 20);
}

#[tokio::test]
async fn sockets_are_closed_or_cut_as_the_proxy_does() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    lab.sim.set_fault("oversized-frame-close", true).unwrap();
    assert_eq!(socket.hear().await, Heard::Closed(CloseCode::Size));
    let mut socket = lab.rpc().await;
    lab.sim.set_fault("idle-cut", true).unwrap();
    assert_eq!(socket.hear().await, Heard::Cut);
    lab.sim.set_fault("ui-allowlist", true).unwrap();
    assert_eq!(lab.socket("/api/current").await.hear().await, Heard::Closed(CloseCode::Policy));
    let page = lab.rest_as(&lab.sim.full_admin_key(), "GET", "/pool", Value::Null).await;
    assert_eq!(page.status, 403);
}

#[tokio::test]
async fn an_expired_session_is_found_out_by_the_next_call() {
    let new = lab(Profile::R25_10).await;
    let mut socket = new.rpc().await;
    new.sim.set_fault("expired-session", true).unwrap();
    assert_eq!(socket.errno("pool.query", json!([])).await, 207);
    assert!(new.rpc().await.result("pool.query", json!([])).await.is_array(), "a new login helps");
    let old = lab(Profile::R24_10).await;
    old.sim.set_fault("expired-session", true).unwrap();
    assert_eq!(old.rest("GET", "/pool", Value::Null).await.status, 401);
}

#[tokio::test]
async fn logins_are_refused_while_the_rate_limit_is_forced() {
    let lab = lab(Profile::R25_10).await;
    lab.sim.set_fault("rate-limited", true).unwrap();
    let mut socket = lab.socket("/api/current").await;
    assert_eq!(socket.errno("auth.login_with_api_key", json!([lab.sim.api_key()])).await, 16);
}

#[tokio::test]
async fn a_key_that_lost_a_role_is_refused_where_it_needs_it() {
    let new = lab(Profile::R25_10).await;
    let old = lab(Profile::R24_10).await;
    let mut socket = new.rpc().await;
    for (on, errno, status) in [(true, json!(13), 403), (false, Value::Null, 200)] {
        new.sim.set_fault("key-missing-role", on).unwrap();
        old.sim.set_fault("key-missing-role", on).unwrap();
        assert_eq!(socket.errno("filesystem.getacl", json!(["/mnt/tank"])).await, errno);
        assert_eq!(old.rest("POST", "/filesystem/getacl", json!({"path": "/mnt/tank"})).await.status, status);
    }
}

#[tokio::test]
async fn a_reboot_warns_falls_starts_and_is_ready_with_a_new_boot_id() {
    let lab = lab(Profile::R25_10).await;
    let before = lab.visit("/api/boot_id").await.text;
    let mut socket = subscribed(&lab, &["system.reboot"]).await;
    lab.sim.set_fault("reboot", true).unwrap();
    let event = socket.event().await;
    assert_eq!((&event["collection"], event["fields"]["reason"].is_string()), (&json!("system.reboot"), true));
    assert_eq!(socket.result("system.state", json!([])).await, "SHUTTING_DOWN");
    lab.pass(2).await;
    assert_eq!(socket.hear().await, Heard::Cut);
    assert_eq!(lab.visit("/api/boot_id").await.status, 502);
    lab.pass(10).await;
    assert_ne!(lab.visit("/api/boot_id").await.text, before);
    let mut socket = subscribed(&lab, &["system.ready"]).await;
    assert_eq!(socket.result("system.state", json!([])).await, "BOOTING");
    assert_eq!(socket.result("system.ready", json!([])).await, false);
    lab.pass(5).await;
    assert_eq!(socket.event().await["collection"], "system.ready");
    assert_eq!(socket.result("system.state", json!([])).await, "READY");
    assert!(lab.sim.faults().iter().all(|switch| !switch.on));
}

#[tokio::test]
async fn clearing_in_the_middle_of_a_reboot_ends_it() {
    let lab = lab(Profile::R25_10).await;
    lab.sim.set_fault("reboot", true).unwrap();
    lab.pass(3).await;
    assert_eq!(lab.visit("/api/versions").await.status, 502);
    lab.sim.clear_faults();
    lab.pass(30).await;
    assert_eq!(lab.rpc().await.result("system.state", json!([])).await, "READY");
}

#[tokio::test]
async fn a_shutdown_warns_and_then_nothing_listens() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = subscribed(&lab, &["system.shutdown"]).await;
    lab.sim.set_fault("shutdown", true).unwrap();
    assert_eq!(socket.event().await["collection"], "system.shutdown");
    lab.pass(2).await;
    assert_eq!(socket.hear().await, Heard::Cut);
    assert!(lab.web("GET", &lab.sim.url(), &[], String::new()).await.is_err());
    lab.sim.set_fault("shutdown", false).unwrap();
    assert_eq!(lab.rpc().await.result("system.state", json!([])).await, "READY");
}

#[tokio::test]
async fn changes_to_people_shares_and_alerts_are_told_and_can_be_undone() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = subscribed(&lab, &["user.query", "sharing.smb.query", "alert.list"]).await;
    let cases = [
        ("user-locked", "user.query", "/fields/locked", json!(true), json!(false)),
        ("user-removed", "user.query", "/msg", json!("removed"), json!("added")),
        ("user-moved", "user.query", "/fields/groups", json!([90, 112]), json!([90, 112, 113])),
        ("share-disabled", "sharing.smb.query", "/fields/enabled", json!(false), json!(true)),
        ("share-added", "sharing.smb.query", "/msg", json!("added"), json!("removed")),
        ("alert-raised", "alert.list", "/msg", json!("added"), json!("removed")),
    ];
    for (fault, collection, member, turned_on, turned_off) in cases {
        for (on, expected) in [(true, turned_on), (false, turned_off)] {
            lab.sim.set_fault(fault, on).unwrap();
            let event = socket.event().await;
            assert_eq!(event["collection"], collection, "{fault} {on}");
            assert_eq!(event.pointer(member), Some(&expected), "{fault} {on}");
        }
    }
}

#[tokio::test]
async fn a_changed_password_replaces_the_old_one() {
    let lab = lab(Profile::R24_10).await;
    let check = |password: &'static str| {
        let body = json!({"username": "ana", "password": password});
        let lab = &lab;
        async move { lab.rest("POST", "/auth/check_password", body).await.json() }
    };
    lab.sim.set_fault("password-changed", true).unwrap();
    assert_eq!((check("demo-ana").await, check("nova-ana").await), (json!(false), json!(true)));
    lab.sim.set_fault("password-changed", false).unwrap();
    assert_eq!((check("demo-ana").await, check("nova-ana").await), (json!(true), json!(false)));
}

#[tokio::test]
async fn a_burst_is_a_thousand_events_in_order() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = subscribed(&lab, &["alert.list"]).await;
    lab.sim.set_fault("event-burst", true).unwrap();
    for number in 1..=1_000 {
        let text = socket.event().await["fields"]["text"].clone();
        assert!(text.as_str().unwrap().ends_with(&format!("({number} of 1000)")), "{text}");
    }
    assert_eq!(socket.result("core.ping", json!([])).await, "pong");
}

#[tokio::test]
async fn live_figures_come_by_the_clock_and_a_bad_interval_ends_the_subscription() {
    let lab = lab(Profile::R25_10).await;
    let name = r#"reporting.realtime:{"interval":5}"#;
    let mut socket = subscribed(&lab, &[name]).await;
    lab.pass(2).await;
    let event = socket.event().await;
    assert_eq!((&event["collection"], event["fields"]["cpu"].is_object()), (&json!(name), true));
    let mut hasty = subscribed(&lab, &[r#"reporting.realtime:{"interval":1}"#]).await;
    let end = hasty.frame().await;
    assert_eq!((&end["method"], &end["params"]["error"]["error"]), (&json!("notify_unsubscribed"), &json!(22)));
}

#[tokio::test]
async fn an_unknown_fault_is_named_in_the_error() {
    let lab = lab(Profile::R25_10).await;
    let error = lab.sim.set_fault("gremlins", true).unwrap_err();
    assert_eq!(error.to_string(), "there is no fault named gremlins");
}
