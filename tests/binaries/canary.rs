//! Secrets that sing when they get out: a server at its most talkative lets none of them reach a line or a file.

use crate::check::serve;
use crate::harness::{Desk, Outcome, texts_below, until};
use crate::nas::{NOWHERE, Nas, RELEASES};
use crate::web::{get, post};

/// A bare word, so that no escaping hides it.
const CANARY: &str = "kanarienvogel";

fn talkative() -> Desk {
    Desk::new()
        .with("SECRET_KEY", format!("{CANARY}-f3b1c8e2a7d94605b8c1e3f7a2d946"))
        .with("FAROL_LOG_FILTER", "trace")
        .with("FAROL_HEALTH_PERIOD_S", "1")
}

/// Everything said and everything left in the folder of the server.
fn told(desk: &Desk, outcome: &Outcome) -> String {
    let left = texts_below(&desk.path("farol-data"));
    assert!(left.contains("[-] [-]"), "there is no log to look at");
    format!("{}{}{left}", outcome.out, outcome.err)
}

#[test]
fn no_secret_is_told_when_the_nas_is_away() {
    let desk = talkative().with("TRUENAS_API_URL", NOWHERE).with("TRUENAS_API_KEY", format!("7-{CANARY}"));
    let (server, address) = serve(&desk);
    until("the NAS is missed", || (get(&address, "/api/status").json()["status"] == "unreachable").then_some(()));
    server.signal("TERM");
    let outcome = server.outcome();
    assert_eq!(outcome.code, Some(0));
    assert!(!told(&desk, &outcome).contains(CANARY));
}

#[test]
fn no_secret_is_told_to_a_nas_that_answers_and_then_refuses_the_key() {
    for release in [RELEASES[1], RELEASES[4]] {
        let stage = Desk::new();
        let nas = Nas::start(&stage, release);
        let desk = talkative()
            .with("TRUENAS_API_URL", &nas.url)
            .with("TRUENAS_API_KEY", &nas.key)
            .with("FAROL_TRUENAS_USERNAME", "svc-farol")
            .with("FAROL_TRUENAS_FINGERPRINT", &nas.fingerprint);
        let (server, address) = serve(&desk);
        let status = || get(&address, "/api/status").json()["status"].clone();
        until("the NAS is seen", || (status() == "attention").then_some(()));
        for fault in ["revoked-key", "expired-session"] {
            assert_eq!(post(&nas.panel, &format!("/faults/{fault}")).status, 200);
        }
        until("the key is refused", || (status() == "key_refused").then_some(()));
        server.signal("TERM");
        let outcome = server.outcome();
        assert_eq!(outcome.code, Some(0));
        let told = told(&desk, &outcome);
        let secret = nas.key.split_once('-').unwrap().1;
        assert!(!told.contains(CANARY) && !told.contains(secret), "{release}");
        assert!(told.contains("after=key_refused"), "{release}: the log tells of the refusal");
    }
}

#[test]
fn no_password_is_told_of_a_postgresql_that_is_away() {
    no_password_is_told_of("postgres");
}

#[test]
fn no_password_is_told_of_a_mariadb_that_is_away() {
    no_password_is_told_of("mariadb");
}

fn no_password_is_told_of(scheme: &str) {
    let desk = talkative()
        .with("TRUENAS_API_URL", NOWHERE)
        .with("TRUENAS_API_KEY", format!("7-{CANARY}"))
        .with("FAROL_STORE_URL", format!("{scheme}://farol:{CANARY}@127.0.0.1:1/farol?password={CANARY}"));
    let outcome = desk.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.err.contains("O banco de dados não pôde ser usado"), "{outcome:?}");
    assert!(!told(&desk, &outcome).contains(CANARY));
}
