//! `farol setup --yes`, `farol check` and `farol access` against every release: the same right answers.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::harness::Desk;
use crate::nas::{Nas, RELEASES};

const CONFIG: [&str; 2] = ["--config", "home/farol.toml"];

/// What nobody in the demo office reaches.
const CLOSED: &str = "\
Antigo       sem acesso    o compartilhamento está desativado
Cofre        sem acesso    o volume está bloqueado por criptografia
Backup-Mac   sem acesso    reservado para cópias de segurança (Time Machine)
";

const ANA: &str = "\
Ana Lima (ana); grupos: ana, builtin_users, staff, financeiro
Geral        escrita       grupo staff
Financeiro   escrita       grupo financeiro
Projetos     sem acesso    a pasta não dá acesso a este usuário
R&D (2026)!  sem acesso    o compartilhamento não inclui este usuário
Publico      leitura       grupo staff, pelos bits de modo
";

const BRUNO: &str = "\
Bruno Sá (bruno); grupos: bruno, builtin_users, staff, engenharia
Geral        escrita       grupo staff
Financeiro   sem acesso    o compartilhamento não inclui este usuário
Projetos     escrita       grupo engenharia, dono da pasta
R&D (2026)!  sem acesso    o compartilhamento não inclui este usuário
Publico      leitura       grupo staff, pelos bits de modo
";

const CARLA: &str = "\
Carla \"R&D\" Nunes <TI> 100% (carla); grupos: carla, builtin_users, staff, ti, portal-admins
Geral        escrita       grupo staff
Financeiro   escrita       grupo ti
Projetos     escrita       grupo ti
R&D (2026)!  escrita       grupo ti
Publico      leitura       grupo staff, pelos bits de modo
";

const DAVI: &str = "\
Davi Souza (davi); grupos: davi, builtin_users
Geral        sem acesso    a pasta não dá acesso a este usuário
Financeiro   sem acesso    o compartilhamento não inclui este usuário
Projetos     sem acesso    a pasta não dá acesso a este usuário
R&D (2026)!  sem acesso    o compartilhamento não inclui este usuário
Publico      sem acesso    a pasta não dá acesso a este usuário
";

const NO_HOME: &str = "homes        sem acesso    o compartilhamento não inclui este usuário\n";
const OWN_HOME: &str = "homes        escrita       dono da pasta\n";

fn access(desk: &Desk, username: &str, code: i32) -> String {
    desk.run(&[&["access", username], CONFIG.as_slice()].concat()).ended(code)
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// One test a release, so that they run side by side and a failure names its release.
macro_rules! on_every_release {
    ($($name:ident: $release:literal),+ $(,)?) => {
        $(#[test]
        fn $name() {
            the_office_is_told_right($release);
        })+

        #[test]
        fn no_release_is_left_out() {
            assert_eq!([$($release),+], RELEASES);
        }
    };
}

on_every_release! {
    on_22_12_the_office_is_told_right: "22.12",
    on_24_10_the_office_is_told_right: "24.10",
    on_the_customers_nas_the_office_is_told_right: "spec",
    on_25_04_the_office_is_told_right: "25.04",
    on_25_10_the_office_is_told_right: "25.10",
    on_26_the_office_is_told_right: "26",
}

fn the_office_is_told_right(release: &str) {
    let desk = Desk::new();
    let nas = Nas::start(&desk, release);
    let said = nas.set_up(&desk, &[]).ended(0);
    assert!(!said.contains("FALHA") && said.contains("Configuração gravada"), "{said}");
    // Up to 24.10 a key belongs to the system.
    let has_accounts = release.starts_with("25") || release == "26";
    assert_eq!(said.contains("conta svc-farol"), has_accounts, "{said}");
    for name in ["home", "home/data"] {
        assert_eq!(mode(&desk.path(name)), 0o750, "{name}");
    }
    for name in ["home/farol.toml", "home/truenas.key", "home/secret.key"] {
        assert_eq!(mode(&desk.path(name)), 0o600, "{name}");
    }
    let checked = desk.run(&[&["check"], CONFIG.as_slice()].concat()).ended(0);
    assert!(checked.ends_with("\nTudo certo.\n"), "{checked}");
    for (username, shares, home) in
        [("ana", ANA, NO_HOME), ("bruno", BRUNO, NO_HOME), ("carla", CARLA, OWN_HOME), ("davi", DAVI, NO_HOME)]
    {
        assert_eq!(access(&desk, username, 0), format!("{shares}{CLOSED}{home}"), "{username}");
    }
    let elisa = access(&desk, "elisa", 0);
    assert_eq!(elisa.lines().nth(1), Some("Conta bloqueada: não entra, seja qual for o direito abaixo."), "{elisa}");
}

#[test]
fn an_unknown_name_is_answered_with_six_and_commands_no_terminal() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    nas.set_up(&desk, &[]).ended(0);
    for name in ["nobody", "\u{1b}[31mred", "two\nlines", "\" or 1=1 --", "R&D (2026)!"] {
        let said = access(&desk, name, 6);
        assert!(said.contains("não conhece ninguém"), "{said}");
        assert!(said.lines().count() == 1 && !said.trim_end().contains(char::is_control), "{said:?}");
    }
}

#[test]
fn a_nas_that_is_away_is_told_with_what_to_do() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    nas.set_up(&desk, &[]).ended(0);
    crate::web::post(&nas.panel, "/faults/power-off");
    let said = access(&desk, "ana", 3);
    assert!(said.contains("Não foi possível consultar o TrueNAS") && said.contains("Confira o endereço"), "{said}");
}

#[test]
fn without_settings_it_says_what_is_missing() {
    let desk = Desk::new();
    let said = desk.run(&["access", "ana"]).ended(2);
    assert!(said.contains("truenas.url: falta este valor") && said.ends_with('\n'), "{said}");
}
