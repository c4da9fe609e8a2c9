//! `farol demo`: everything at once, with nothing installed.

use serde_json::Value;

use crate::harness::{Desk, Program, until};
use crate::web::{get, post};

pub const DEMO: [&str; 5] = ["demo", "--listen", "127.0.0.1:0", "--panel", "127.0.0.1:0"];

/// The addresses it says it answers at.
pub fn addresses(program: &mut Program) -> (String, String) {
    (program.said("Farol atende em"), program.said("Painel do simulador em"))
}

fn status(farol: &str) -> Value {
    get(farol, "/api/status").json()["status"].clone()
}

#[test]
fn it_prints_real_addresses_and_both_answer() {
    let desk = Desk::new();
    let mut demo = desk.start(&DEMO);
    let (farol, panel) = addresses(&mut demo);
    assert!(!farol.ends_with(":0") && !panel.ends_with(":0"), "{farol} {panel}");
    assert_eq!((get(&farol, "/healthz").status, get(&farol, "/healthz").body.as_str()), (200, "ok\n"));
    let faults = get(&panel, "/faults").json();
    assert!(faults.as_array().unwrap().iter().any(|fault| fault["name"] == "power-off"), "{faults}");
}

#[test]
fn every_answer_carries_the_strict_headers() {
    let desk = Desk::new();
    let mut demo = desk.start(&DEMO);
    let (farol, _) = addresses(&mut demo);
    for (path, expected, kind) in [
        ("/", 200, "text/html; charset=utf-8"),
        ("/api/status", 200, "application/json"),
        ("/assets/css/farol.css", 200, "text/css; charset=utf-8"),
    ] {
        let answer = get(&farol, path);
        assert_eq!((answer.status, answer.header("content-type")), (expected, kind), "{path}");
    }
    for (path, expected) in [("/", 200), ("/api/status", 200), ("/nowhere", 404), ("/../etc/passwd", 404)] {
        let answer = get(&farol, path);
        assert_eq!(answer.status, expected, "{path}");
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
    }
}

#[test]
fn the_status_follows_the_nas_down_and_up_again() {
    let desk = Desk::new();
    let mut demo = desk.start(&DEMO);
    let (farol, panel) = addresses(&mut demo);
    let is_up = || ["online", "attention"].contains(&status(&farol).as_str().unwrap()).then_some(());
    until("the NAS is seen", is_up);
    assert_eq!(post(&panel, "/faults/power-off").status, 200);
    until("the NAS is missed", || (status(&farol) == "unreachable").then_some(()));
    let seen = get(&farol, "/api/status").json();
    assert_eq!((&seen["online"], &seen["latency_ms"]), (&Value::Bool(false), &Value::Null));
    assert_eq!(get(&farol, "/healthz").status, 200, "it is the NAS that is down, not we");
    assert_eq!(post(&panel, "/faults/clear").status, 200);
    until("the NAS is back", is_up);
}

#[test]
fn a_port_that_is_taken_is_named_in_one_sentence() {
    let desk = Desk::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for line in [
        ["demo", "--listen", &address, "--panel", "127.0.0.1:0"],
        ["demo", "--listen", "127.0.0.1:0", "--panel", &address],
        ["simulate", "--listen", &address, "--panel", "127.0.0.1:0"],
    ] {
        let text = desk.run(&line).ended(1);
        assert!(text.contains(&address) && text.contains("outro programa já o usa"), "{line:?}: {text}");
        assert_eq!((text.lines().count(), desk.left_over()), (1, Vec::new()), "{text}");
    }
}

#[test]
fn the_panel_that_breaks_things_is_for_this_machine_only() {
    let text = Desk::new().run(&["demo", "--listen", "127.0.0.1:0", "--panel", "0.0.0.0:0"]).ended(1);
    assert!(text.contains("127.0.0.1") && text.contains("0.0.0.0:0"), "{text}");
}

#[test]
fn it_serves_no_network_in_the_clear() {
    let text = Desk::new().run(&["demo", "--listen", "0.0.0.0:0", "--panel", "127.0.0.1:0"]).ended(2);
    assert!(text.contains("só atende nesta máquina") && text.contains("0.0.0.0:0"), "{text}");
}
