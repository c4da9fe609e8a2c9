//! `farol admin`, typed as a script would type it.

use std::io::Write as _;

use farol::runtime::Clock;
use totp_rs::Builder;

use crate::harness::Desk;

const PASSWORD: &str = "  long enough to keep";

/// Creates one; gives what was shown.
fn create(desk: &Desk, name: &str) -> (i32, String) {
    let (mut program, mut input) = desk.start_open(&["admin", "create", name]);
    write!(input, "{PASSWORD}\n{PASSWORD}\n").unwrap();
    let secret = program.said("Segredo");
    let totp = Builder::new()
        .with_secret(totp_rs::Secret::try_from_base32(&secret).unwrap())
        .with_account_name(name)
        .build()
        .unwrap();
    let now_s = u64::try_from(Clock::real().now().as_millis() / 1_000).unwrap();
    // A wrong one first: it may be mistyped.
    write!(input, "nothing\n{}\n", totp.generate(now_s)).unwrap();
    drop(input);
    let outcome = program.outcome();
    assert_eq!(outcome.err, "");
    (outcome.code.unwrap(), outcome.out)
}

#[test]
fn an_administrator_is_created_listed_and_removed() {
    let desk = Desk::new();
    assert!(desk.run(&["admin", "list"]).ended(0).contains("farol admin create NOME"));
    let (code, text) = create(&desk, "root");
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("otpauth://totp/") && text.contains("Administrador root criado."), "{text}");
    assert!(!text.contains(PASSWORD.trim()), "{text}");
    assert!(desk.run(&["admin", "list"]).ended(0).starts_with("root  criado em "));
    desk.run(&["admin", "create", "root"]).ended(4);
    desk.run(&["audit", "verify"]).ended(0);
    assert!(desk.run(&["admin", "remove", "root"]).ended(0).contains("removido"));
    desk.run(&["admin", "remove", "root"]).ended(6);
}

#[test]
fn what_does_not_fit_creates_nobody() {
    let desk = Desk::new();
    for (name, input, said) in [
        ("Root", "", "letras minúsculas"),
        ("root", "short\nshort\n", "pelo menos 12"),
        ("administrator", "administrator\nadministrator\n", "quase só o nome"),
        ("root", "long enough to keep\nlong enough to keeP\n", "diferentes"),
        ("root", "long enough to keep\nlong enough to keep\n000000\n", "Nada foi criado"),
    ] {
        let text = desk.run_with(&["admin", "create", name], input).ended(2);
        assert!(text.contains(said), "{text}");
    }
    assert!(desk.run(&["admin", "list"]).ended(0).contains("Não há administradores"));
}
