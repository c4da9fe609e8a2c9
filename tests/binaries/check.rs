//! Broken settings: everything that is wrong at once, and nothing is started.

use crate::harness::{Desk, Program};
use crate::nas::NOWHERE;

const SECRET: &str = "f3b1c8e2a7d94605b8c1e3f7a2d9460bf3b1c8e2a7d94605";

/// Four sources, a fault in each.
fn broken() -> Desk {
    let desk = Desk::new()
        .with("SECRET_KEY", "shortsecret")
        .with("FAROL_SMB_PORT", "many")
        .with("FAROL_STORE_URL", "oracle://farol:dbpassword@db");
    desk.write("farol.toml", "[truenas]\nurl = \"http://nas\"\napi_key = \"7-apikeytext\"\n[server]\nlisen = \"x\"\n");
    desk.write(".env", "FAROL_LOG_FILTER=loud\nnot a line\n");
    desk
}

const NAMED: [&str; 8] = [
    "Há 7 problemas na configuração:",
    "farol.toml:2: truenas.url",
    "farol.toml:5: server.lisen",
    "server.listen",
    ".env:1: log.filter",
    ".env:2",
    "SECRET_KEY: server.secret_key",
    "FAROL_SMB_PORT: smb.port",
];

#[test]
fn all_problems_are_told_at_once_with_place_and_cure_and_no_secret() {
    for command in ["check", "serve"] {
        let desk = broken();
        let said = desk.run(&[command]).ended(2);
        for named in NAMED {
            assert!(said.contains(named), "{command}: {named} is not in {said}");
        }
        for secret in ["shortsecret", "7-apikeytext", "dbpassword"] {
            assert!(!said.contains(secret), "{command}: {said}");
        }
        assert!(!desk.path("farol-data").exists(), "{command} started something");
    }
}

#[test]
fn the_commands_line_wins_and_tells_where_a_value_came_from() {
    let desk = Desk::new().with("TRUENAS_IP", "192.0.2.1").with("TRUENAS_API_KEY", "7-key").with("SECRET_KEY", SECRET);
    let said = desk.run(&["check"]).ended(0);
    let line = said.lines().find(|line| line.starts_with("truenas.url")).unwrap();
    assert!(line.contains("https://192.0.2.1") && line.ends_with("TRUENAS_IP"), "{line}");
    assert!(!said.contains(SECRET) && !said.contains("7-key"), "{said}");
}

#[test]
fn no_network_is_served_in_the_clear_and_a_proxy_without_trust_is_warned_of() {
    let desk = settled(Desk::new());
    let said = desk.run(&["serve", "--listen", "0.0.0.0:0"]).ended(2);
    assert!(said.contains("server.listen: em HTTP sem criptografia") && said.contains("server.public_url"), "{said}");
    let desk = desk.with("FAROL_SERVER_PUBLIC_URL", "https://farol.local").with("FAROL_SERVER_LISTEN", "0.0.0.0:0");
    let said = desk.run(&["check"]).ended(0);
    assert!(said.contains("\nAviso: server.trusted_proxies: ") && said.contains("Tudo certo."), "{said}");
    let mut server = desk.start(&["serve"]);
    assert!(server.said("Farol atende em").contains("0.0.0.0:"));
    assert_eq!(server.said("No navegador:"), "https://farol.local/");
}

#[test]
fn a_settings_file_that_was_named_must_be_there() {
    let desk = Desk::new();
    for command in [&["check"][..], &["serve"], &["migrate"], &["access", "ana"]] {
        let said = desk.run(&[command, &["--config", "elsewhere.toml"]].concat()).ended(2);
        assert!(said.contains("elsewhere.toml: o arquivo não pôde ser lido (não existe)"), "{command:?}: {said}");
    }
}

#[test]
fn the_server_says_what_it_cannot_use_and_ends() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let desk = settled(Desk::new());
    let said = desk.run(&["serve", "--listen", &address]).ended(1);
    assert!(said.contains(&address) && said.contains("outro programa já o usa"), "{said}");
    desk.write("file", "");
    let desk = desk.with("FAROL_LOG_DIRECTORY", "file/logs");
    let said = desk.run(&["serve", "--listen", "127.0.0.1:0"]).ended(5);
    assert!(said.contains("registro (log)") && said.contains("log.directory"), "{said}");
}

#[test]
fn why_something_could_not_be_given_stands_apart_from_what_was_asked_for() {
    let desk = settled(Desk::new());
    let away = "ninguém responde nesse endereço";
    for (line, code, named) in [
        (&["access", "ana"][..], 3, away),
        (&["access"], 2, "CONTA"),
        (&["migrate", "--config", "none.toml"], 2, "none.toml"),
        (&["serve", "--listen", "0.0.0.0:0"], 2, "server.listen"),
        (&["serve", "--config", "none.toml"], 2, "none.toml"),
        (&["demo", "--listen", "0.0.0.0:0"], 2, "0.0.0.0:0"),
        (&["simulate", "--listen", "192.0.2.1:1"], 1, "192.0.2.1:1"),
        (&["setup", "--yes"], 2, "--url"),
        (&[], 2, "Comandos:"),
    ] {
        let outcome = desk.run(line);
        assert_eq!((outcome.code, outcome.out.as_str()), (Some(code), ""), "{line:?}");
        assert!(outcome.err.contains(named), "{line:?}: {}", outcome.err);
    }
    // What is wrong is what was asked for.
    let outcome = broken().run(&["check"]);
    assert_eq!((outcome.code, outcome.err.as_str()), (Some(2), ""));
}

/// Everything a server needs, with a NAS that is not there.
pub fn settled(desk: Desk) -> Desk {
    desk.with("TRUENAS_API_URL", NOWHERE).with("TRUENAS_API_KEY", "7-key").with("SECRET_KEY", SECRET)
}

/// Starts on any free port and says where.
pub fn serve(desk: &Desk) -> (Program, String) {
    let mut program = desk.start(&["serve", "--listen", "127.0.0.1:0"]);
    let address = program.said("Farol atende em");
    (program, address)
}
