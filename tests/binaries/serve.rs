//! `farol migrate` and `farol serve`: the database, the log, and a sudden end.

use farol::store::{Settings, Store};

use crate::check::{serve, settled};
use crate::harness::{Desk, texts_below};
use crate::web::get;

#[test]
fn migrating_creates_the_database_once() {
    let desk = settled(Desk::new());
    let first = desk.run(&["migrate"]).ended(0);
    assert!(first.contains("atualizado: m0001"), "{first}");
    assert!(desk.path("farol-data/farol.db").exists());
    assert_eq!(desk.run(&["migrate"]).ended(0), "O banco de dados já está em dia.\n");
}

#[test]
fn a_database_that_cannot_be_used_is_told_in_a_sentence() {
    let desk = settled(Desk::new());
    desk.write("file", "");
    let desk = desk.with("FAROL_STORE_URL", "sqlite://file/farol.db");
    for line in [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let said = desk.run(line).ended(1);
        assert!(said.contains("O banco de dados não pôde ser usado") && said.contains("store.url"), "{said}");
    }
}

/// `[TIMESTAMP] [LEVEL] [IP] [USER] Mensagem`, nothing else.
fn is_log_line(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('[') else { return false };
    let mut parts = rest.splitn(4, "] [");
    let (moment, level, ip) = (parts.next(), parts.next(), parts.next());
    let Some((user, message)) = parts.next().and_then(|last| last.split_once("] ")) else { return false };
    shape(moment.unwrap_or_default()) == "0000-00-00 00:00:00.000"
        && ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].contains(&level.unwrap_or_default())
        && ip.is_some_and(|ip| ip == "-" || ip.parse::<std::net::IpAddr>().is_ok())
        && !user.is_empty()
        && !message.is_empty()
        && !line.contains(char::is_control)
}

fn shape(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

#[test]
fn only_lines_of_the_right_form_pass_for_log_lines() {
    for (line, passes) in [
        ("[2026-01-31 23:59:59.000] [INFO] [-] [-] listening", true),
        ("[2026-01-31 23:59:59.000] [WARN] [10.0.0.7] [ana] signed in", true),
        ("2026-01-31 [INFO] [-] [-] listening", false),
        ("[2026-01-31 23:59:59.000] [LOUD] [-] [-] listening", false),
        ("[2026-01-31 23:59:59.000] [INFO] [here] [-] listening", false),
        ("[2026-01-31 23:59:59.000] [INFO] [-] listening", false),
        ("[2026-01-31 23:59:59.000] [INFO] [-] [-] ", false),
        ("", false),
    ] {
        assert_eq!(is_log_line(line), passes, "{line}");
    }
}

#[test]
fn the_server_makes_its_database_and_a_log_of_one_form() {
    let desk = settled(Desk::new()).with("FAROL_LOG_FILTER", "trace");
    let (mut server, address) = serve(&desk);
    assert_eq!(get(&address, "/healthz").status, 200);
    assert_eq!(get(&address, "/api/status").json()["online"], false);
    server.signal("TERM");
    assert!(server.ends_within(crate::harness::PATIENCE));
    server.outcome().ended(0);
    assert!(desk.path("farol-data/farol.db").exists());
    let names: Vec<String> = std::fs::read_dir(desk.path("farol-data/logs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    // More than one when the day changed meanwhile.
    let shapes: Vec<String> = names.iter().map(|name| shape(name)).collect();
    assert!(!shapes.is_empty() && shapes.iter().all(|shape| shape == "farol.0000-00-00.log"), "{names:?}");
    let log = texts_below(&desk.path("farol-data/logs"));
    assert!(log.contains("listening address=127.0.0.1:") && log.contains("stopping"), "{log}");
    let strange: Vec<&str> = log.lines().filter(|line| !is_log_line(line)).collect();
    assert_eq!(strange, Vec::<&str>::new());
}

/// Since which beginning its lines are counted: another one where the database is not the same.
async fn beginning(desk: &Desk) -> String {
    let store = Store::open(&Settings::in_file(&desk.path("farol-data/farol.db"))).await.unwrap();
    assert_eq!(store.pending_migrations().await.unwrap(), Vec::<String>::new());
    let begun = store.begin_events("another").await.unwrap();
    store.close().await.unwrap();
    begun.epoch
}

#[tokio::test]
async fn killed_in_the_middle_it_starts_again_as_the_same_installation() {
    let desk = settled(Desk::new());
    let mut begun = Vec::new();
    for _ in 0..3 {
        let (mut server, address) = serve(&desk);
        assert_eq!(get(&address, "/healthz").status, 200);
        begun.push(beginning(&desk).await);
        server.signal("KILL");
        assert!(server.ends_within(crate::harness::PATIENCE));
    }
    assert_eq!(desk.run(&["migrate"]).ended(0), "O banco de dados já está em dia.\n");
    assert!(begun[0].len() >= 32 && begun.iter().all(|epoch| *epoch == begun[0]), "{begun:?}");
}
