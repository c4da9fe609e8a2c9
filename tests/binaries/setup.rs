//! `farol setup` when something is wrong, and when a person answers its questions.

use crate::harness::Desk;
use crate::nas::{NOWHERE, Nas, run_set_up};

pub const KEY: (&str, &str) = ("svc-farol", "7-theKeyThatNobodyMaySee");

/// Neither files nor folders.
#[track_caller]
pub fn nothing_written(desk: &Desk) {
    assert!(!desk.path("home").exists(), "something was written");
}

#[track_caller]
fn failed(desk: &Desk, outcome: crate::harness::Outcome, words: &[&str]) {
    let said = outcome.ended(3);
    for word in words.iter().chain(&["FALHA", "Nada foi gravado."]) {
        assert!(said.contains(word), "{word:?} is not in: {said}");
    }
    nothing_written(desk);
}

#[test]
fn a_port_where_nobody_listens_is_told_with_what_to_do() {
    let desk = Desk::new();
    let outcome = run_set_up(&desk, NOWHERE, KEY, &[]);
    failed(&desk, outcome, &["Conexão TCP", "ninguém responde nesse endereço", "Confira o endereço"]);
}

#[test]
fn a_name_that_does_not_exist_is_told_with_what_to_do() {
    let desk = Desk::new();
    let outcome = run_set_up(&desk, "https://nas.invalid", KEY, &[]);
    failed(
        &desk,
        outcome,
        &["Nome do servidor", "esse nome não leva a nenhum endereço", "Confira o nome no DNS da rede"],
    );
}

#[test]
fn another_certificate_than_the_confirmed_one_is_refused() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    let wrong = "00:".repeat(31) + "00";
    let outcome = run_set_up(&desk, &nas.url, (KEY.0, &nas.key), &["--fingerprint", &wrong]);
    failed(&desk, outcome, &["o certificado não é o que foi fixado", &nas.fingerprint, "no meio da conexão"]);
}

#[test]
fn without_a_fingerprint_a_script_is_told_which_one_to_confirm() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    let outcome = run_set_up(&desk, &nas.url, (KEY.0, &nas.key), &[]);
    failed(&desk, outcome, &[&format!("--fingerprint={}", nas.fingerprint), "openssl x509"]);
    let flag = format!("--fingerprint={}", nas.fingerprint);
    run_set_up(&desk, &nas.url, (KEY.0, &nas.key), &[&flag]).ended(0);
}

#[test]
fn a_dead_key_is_refused_on_either_road() {
    for release in ["24.10", "25.10"] {
        let desk = Desk::new();
        let nas = Nas::start(&desk, release);
        let outcome = nas.set_up_as(&desk, KEY, &[]);
        failed(&desk, outcome, &["o TrueNAS recusou a chave", "farol setup --guide"]);
    }
}

#[test]
fn a_key_that_may_too_little_hears_which_right_is_missing_and_what_is_lost() {
    for (release, right) in [("24.10", "/filesystem/getacl"), ("25.10", "FILESYSTEM_ATTRS_READ")] {
        let desk = Desk::new();
        let nas = Nas::start(&desk, release);
        let outcome = nas.set_up_as(&desk, ("svc-limited", &nas.limited_key), &[]);
        let lost = "não se sabe quem pode ler ou gravar em cada pasta";
        failed(&desk, outcome, &["acesso às pastas", "a chave não tem permissão para isso", lost, right]);
    }
}

#[test]
fn a_key_that_may_everything_is_taken_with_a_warning() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    let said = nas.set_up_as(&desk, ("truenas_admin", &nas.full_key), &[]).ended(0);
    assert!(said.contains("AVISO  esta chave pode fazer muito mais do que ler"), "{said}");
    let said = nas.set_up(&desk, &["--force"]).ended(0);
    assert!(!said.contains("muito mais do que ler"), "{said}");
}

#[test]
fn an_address_in_the_clear_is_refused_with_the_cure() {
    let desk = Desk::new();
    let said = run_set_up(&desk, "http://127.0.0.1:1", KEY, &[]).ended(2);
    assert!(said.contains("Use https://") && said.contains("--allow-plain-http"), "{said}");
    nothing_written(&desk);
}

#[test]
fn answers_that_cannot_be_used_end_with_two_before_anybody_is_asked() {
    let desk = Desk::new();
    desk.write("empty.key", "\n");
    desk.write("two.key", "one two\n");
    for (more, named) in [
        (["--api-key-file", "none.key"], "none.key não pôde ser lido: não existe."),
        (["--api-key-file", "empty.key"], "não é uma chave"),
        (["--api-key-file", "two.key"], "não é uma chave"),
        (["--username", "ana"], "--api-key-file"),
    ] {
        let said = desk.run(&[&["setup", "--yes", "--url", NOWHERE, "--dir", "home"], more.as_slice()].concat());
        let said = said.ended(2);
        assert!(said.contains(named) && !said.contains("Conexão TCP"), "{said}");
    }
    let said = desk.run(&["setup", "--yes"]).ended(2);
    assert!(said.contains("--url"), "{said}");
    nothing_written(&desk);
}

#[test]
fn settings_that_exist_are_left_alone_unless_forced_and_the_secret_always() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    nas.set_up(&desk, &[]).ended(0);
    let read = |name| std::fs::read(desk.path(name)).unwrap();
    let (settings, secret) = (read("home/farol.toml"), read("home/secret.key"));
    assert_eq!(secret.len(), 64);
    let said = nas.set_up(&desk, &["--listen", "127.0.0.1:9999"]).ended(4);
    assert!(said.contains("ficou como estava") && said.contains("--force"), "{said}");
    assert_eq!(read("home/farol.toml"), settings);
    nas.set_up(&desk, &["--listen", "127.0.0.1:9999", "--force"]).ended(0);
    assert!(String::from_utf8(read("home/farol.toml")).unwrap().contains("listen = \"127.0.0.1:9999\""));
    assert_eq!(read("home/secret.key"), secret);
}

#[test]
fn a_folder_that_cannot_be_made_ends_with_five() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    desk.write("file", "");
    let said = nas.set_up(&desk, &["--data-dir", "file/data"]).ended(5);
    assert!(said.contains("file/data não pôde ser gravado: há um arquivo onde deveria haver uma pasta."), "{said}");
    assert!(!desk.path("home/farol.toml").exists());
}

#[test]
fn a_person_confirms_the_certificate_and_the_settings_hold() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    desk.write("given.key", &nas.key);
    let line = ["setup", "--api-key-file", "given.key", "--dir", "home"];
    let said = desk.run_with(&line, &format!("{}\nsvc-farol\ns\n", nas.url)).ended(0);
    assert!(said.contains(&nas.fingerprint) && said.contains("É a mesma?"), "{said}");
    let text = std::fs::read_to_string(desk.path("home/farol.toml")).unwrap();
    assert!(text.contains(&format!("fingerprint = \"{}\"", nas.fingerprint)), "{text}");
    desk.run(&["access", "ana", "--config", "home/farol.toml"]).ended(0);
    let kept = desk.run_with(&line, &format!("{}\nsvc-farol\nn\n", nas.url)).ended(4);
    assert!(kept.contains("já existe. Substituir?"), "{kept}");
}

#[test]
fn a_certificate_nobody_confirms_ends_it_without_a_trace() {
    for answer in ["n\n", "\n", ""] {
        let desk = Desk::new();
        let nas = Nas::start(&desk, "25.10");
        desk.write("given.key", &nas.key);
        let line = ["setup", "--api-key-file", "given.key", "--dir", "home"];
        let outcome = desk.run_with(&line, &format!("{}\nsvc-farol\n{answer}", nas.url));
        failed(&desk, outcome, &["não confirmado", "a chave não é enviada"]);
    }
}

#[test]
fn the_key_may_come_from_the_standard_input() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    let line = ["setup", "--yes", "--url", &nas.url, "--username", "svc-farol", "--api-key-file", "-"];
    let line = [line.as_slice(), &["--fingerprint", &nas.fingerprint, "--dir", "home"]].concat();
    let said = desk.run_with(&line, &format!("{}\n", nas.key)).ended(0);
    assert!(!said.contains(&nas.key), "{said}");
    assert_eq!(std::fs::read_to_string(desk.path("home/truenas.key")).unwrap(), nas.key);
}

#[test]
fn the_log_gets_the_folder_that_was_asked_for() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    let line = ["setup", "--yes", "--url", &nas.url, "--username", "svc-farol", "--api-key-file", "-"];
    let line =
        [line.as_slice(), &["--fingerprint", &nas.fingerprint, "--dir", "home", "--log-dir", "registro"]].concat();
    desk.run_with(&line, &nas.key).ended(0);
    assert!(desk.path("registro").is_dir());
    let shown = desk.run(&["check", "--config", "home/farol.toml"]).ended(0);
    let line = shown.lines().find(|line| line.starts_with("log.directory ")).unwrap();
    assert!(line.contains("/registro ") && line.contains("home/farol.toml:"), "{line}");
}

#[test]
fn a_key_of_its_own_name_is_not_replaced_unasked() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    std::fs::create_dir(desk.path("home")).unwrap();
    std::fs::write(desk.path("home/truenas.key"), "another").unwrap();
    let line = ["setup", "--yes", "--url", &nas.url, "--username", "svc-farol", "--api-key-file", "-"];
    let line = [line.as_slice(), &["--fingerprint", &nas.fingerprint, "--dir", "home"]].concat();
    desk.run_with(&line, &nas.key).ended(4);
    assert_eq!(std::fs::read_to_string(desk.path("home/truenas.key")).unwrap(), "another");
    desk.run_with(&[line.as_slice(), &["--force"]].concat(), &nas.key).ended(0);
    assert_eq!(std::fs::read_to_string(desk.path("home/truenas.key")).unwrap(), nas.key);
    // Given from where it stands, it is in nobody's way.
    std::fs::remove_file(desk.path("home/farol.toml")).unwrap();
    let again: Vec<&str> = line.iter().map(|word| if *word == "-" { "home/truenas.key" } else { word }).collect();
    desk.run(&again).ended(0);
}

#[test]
fn the_guide_leads_through_the_menus_of_both_generations() {
    let said = Desk::new().run(&["setup", "--guide"]).ended(0);
    for word in [
        "25.04",
        "24.10",
        "svc-farol",
        "Privileges",
        "API Keys",
        "ACCOUNT_READ",
        "privilege.create",
        "/auth/check_password",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
}
