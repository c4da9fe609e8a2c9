//! `farol setup`: how people come in: who checks their passwords, who administers, who speaks HTTPS to their browsers.

use crate::harness::Desk;
use crate::nas::{NOWHERE, Nas, run_set_up};
use crate::setup::{KEY, nothing_written};

fn text_of(desk: &Desk) -> String {
    std::fs::read_to_string(desk.path("home/farol.toml")).unwrap()
}

#[test]
fn a_script_that_says_nothing_about_it_gets_smb_and_the_usual_group() {
    for release in ["22.12", "25.10"] {
        let desk = Desk::new();
        let nas = Nas::start(&desk, release);
        let said = nas.set_up(&desk, &[]).ended(0);
        assert!(
            said.contains("Grupo dos administradores................. OK     portal-admins, com uma conta"),
            "{said}"
        );
        // The simulator speaks no SMB.
        assert!(said.contains("AVISO  smb: ninguém entra enquanto ele não atender"), "{said}");
        let text = text_of(&desk);
        let expected = "\n[auth]\nauthenticator = \"smb\"\nadministrators_group = \"portal-admins\"\n";
        assert!(text.contains(expected) && !text.contains("public_url"), "{text}");
    }
}

#[test]
fn what_the_flags_say_about_signing_in_is_written_and_taken() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    let flags =
        ["--authenticator", "truenas-api", "--admin-group", "Quem manda", "--public-url", "https://farol.local/"];
    let said = nas.set_up(&desk, &flags).ended(0);
    assert!(said.contains("o TrueNAS não tem um grupo Quem manda"), "{said}");
    assert!(said.contains("farol admin create") && said.contains("Credentials > Groups > Add"), "{said}");
    assert!(said.contains("privilégio sem papéis") && said.contains("farol setup --guide"), "{said}");
    let checked = desk.run(&["check", "--config", "home/farol.toml"]).ended(0);
    for (key, value) in [
        ("auth.authenticator", "truenas-api"),
        ("auth.administrators_group", "Quem manda"),
        ("server.public_url", "https://farol.local"),
        ("server.trusted_proxies", "127.0.0.1,::1"),
    ] {
        let line = checked.lines().find(|line| line.starts_with(key)).unwrap();
        assert!(line.contains(&format!("  {value} ")) && line.contains("farol.toml:"), "{line}");
    }
    assert!(!checked.contains("Aviso"), "{checked}");
}

#[test]
fn a_group_without_anybody_is_warned_of_and_members_are_counted() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "24.10");
    for (group, told) in [
        ("builtin_guests", "AVISO  builtin_guests não tem nenhuma conta deste TrueNAS"),
        ("staff", "OK     staff, com 5 contas"),
    ] {
        let said = nas.set_up(&desk, &["--admin-group", group, "--force"]).ended(0);
        assert!(said.contains(told), "{said}");
    }
}

#[test]
fn a_network_is_not_served_in_the_clear() {
    let desk = Desk::new();
    let said = run_set_up(&desk, NOWHERE, KEY, &["--listen", "0.0.0.0:8080"]).ended(2);
    assert!(said.contains("0.0.0.0:8080") && said.contains("--public-url https://NOME"), "{said}");
    assert!(said.contains("--tls self-signed"), "{said}");
    nothing_written(&desk);
    let nas = Nas::start(&desk, "25.10");
    nas.set_up(&desk, &["--listen", "0.0.0.0:8080", "--public-url", "https://farol.local"]).ended(0);
    let checked = desk.run(&["check", "--config", "home/farol.toml"]).ended(0);
    assert!(checked.contains("\nAviso: server.trusted_proxies: o endereço público usa https"), "{checked}");
}

/// The lines of `[server]` that say how browsers come in.
fn entrance_of(text: &str) -> Vec<&str> {
    let keys = ["listen", "tls", "redirect_listen", "public_url", "trusted_proxies"];
    text.lines().filter(|line| keys.iter().any(|key| line.starts_with(key))).collect()
}

#[test]
fn farol_speaks_https_itself_where_that_is_asked_for() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    let line = ["--listen", "0.0.0.0:8443", "--tls", "self-signed", "--tls-names", "farol.local, 192.168.1.10"];
    nas.set_up(&desk, &[&line, ["--redirect-listen", "0.0.0.0:8080"].as_slice()].concat()).ended(0);
    assert_eq!(
        entrance_of(&text_of(&desk)),
        [
            "listen = \"0.0.0.0:8443\"",
            "tls = \"self-signed\"",
            "tls_names = [\"farol.local\",\"192.168.1.10\"]",
            "redirect_listen = \"0.0.0.0:8080\""
        ]
    );
    desk.run(&["check", "--config", "home/farol.toml"]).ended(0);

    let pair = rcgen::generate_simple_self_signed(["farol.local".to_owned()]).unwrap();
    desk.write("shown.pem", &pair.cert.pem());
    desk.write("shown.key", &pair.signing_key.serialize_pem());
    let files = ["--tls", "files", "--tls-certificate", "shown.pem", "--tls-key", "shown.key"];
    nas.set_up(&desk, &[&files, ["--public-url", "https://farol.local:8080", "--force"].as_slice()].concat()).ended(0);
    let place = |name: &str| desk.path(name).display().to_string();
    assert_eq!(
        entrance_of(&text_of(&desk)),
        [
            "listen = \"127.0.0.1:8080\"",
            "tls = \"files\"",
            &format!("tls_certificate = \"{}\"", place("shown.pem")),
            &format!("tls_key = \"{}\"", place("shown.key")),
            "public_url = \"https://farol.local:8080\""
        ]
    );
    desk.run(&["check", "--config", "home/farol.toml"]).ended(0);
}

#[test]
fn a_person_who_serves_the_network_is_asked_who_speaks_https() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    desk.write("given.key", &nas.key);
    let usual = ["setup", "--api-key-file", "given.key", "--fingerprint", &nas.fingerprint, "--username", "svc-farol"];
    let line = [usual.as_slice(), &["--url", &nas.url, "--dir", "home", "--listen", "0.0.0.0:8443"]].concat();
    // Who checks passwords, the group, the address in the browser.
    let said = desk.run_with(&line, "\n\n\n\n").ended(0);
    assert!(said.contains("O Farol faz o HTTPS com") && said.contains("qualquer um desta máquina"), "{said}");
    assert_eq!(entrance_of(&text_of(&desk)), ["listen = \"0.0.0.0:8443\"", "tls = \"self-signed\""]);
    let again = [line.as_slice(), &["--force"]].concat();
    let said = desk.run_with(&again, "files\nnone.pem\nnone.key\n").ended(2);
    assert!(said.contains("none.pem não pôde ser lido (não existe)"), "{said}");
    let said = desk.run_with(&again, "off\nself-signed\n\n\n\n").ended(0);
    assert!(said.contains("Escreva self-signed ou files.") && said.contains("--public-url https://NOME"), "{said}");
    // On this machine alone nobody is asked.
    let home = [usual.as_slice(), &["--url", &nas.url, "--dir", "home", "--force"]].concat();
    let said = desk.run_with(&home, "\n\n\n").ended(0);
    assert!(!said.contains("O Farol faz o HTTPS com"), "{said}");
}

#[test]
fn answers_about_https_that_cannot_be_used_end_with_two() {
    for (line, named) in [
        (&["--tls", "on"][..], "--tls"),
        (&["--tls", "files"], "pede --tls-certificate e --tls-key"),
        (&["--tls", "files", "--tls-certificate", "a.pem"], "pede --tls-certificate e --tls-key"),
        (&["--tls-certificate", "a.pem", "--tls-key", "a.key"], "pede --tls-certificate e --tls-key"),
        (&["--tls", "files", "--tls-certificate", "a.pem", "--tls-key", "a.key"], "a.pem não pôde ser lido"),
        (&["--tls-names", "farol.local"], "só vale com --tls self-signed"),
        (&["--tls", "self-signed", "--tls-names", "farol local"], "--tls-names precisa de nomes"),
        (&["--redirect-listen", "0.0.0.0:80"], "--redirect-listen leva as pessoas ao HTTPS"),
        (&["--tls", "self-signed", "--public-url", "http://localhost"], "use https:// em --public-url"),
    ] {
        let desk = Desk::new();
        let said = run_set_up(&desk, NOWHERE, KEY, line).ended(2);
        assert!(said.contains(named) && !said.contains("Conexão TCP"), "{line:?}: {said}");
        nothing_written(&desk);
    }
}

#[test]
fn answers_about_signing_in_that_cannot_be_used_end_with_two() {
    for (flag, value, named) in [
        ("--authenticator", "ldap", "--authenticator"),
        ("--admin-group", " ", "--admin-group"),
        ("--public-url", "https://farol.local/portal", "sem caminho"),
        ("--public-url", "http://farol.local", "deve usar https://"),
    ] {
        let desk = Desk::new();
        let said = run_set_up(&desk, NOWHERE, KEY, &[flag, value]).ended(2);
        assert!(said.contains(named) && !said.contains("Conexão TCP"), "{said}");
        nothing_written(&desk);
    }
}

#[test]
fn a_person_is_asked_again_until_the_answers_about_signing_in_can_be_used() {
    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    desk.write("given.key", &nas.key);
    let line = ["setup", "--api-key-file", "given.key", "--dir", "home", "--fingerprint", &nas.fingerprint];
    let typed = "kerberos\ntruenas-api\nti\nfarol.local\nhttps://farol.local\n";
    let said = desk.run_with(&line, &format!("{}\nsvc-farol\n{typed}", nas.url)).ended(0);
    assert!(said.contains("Escreva smb ou truenas-api.") && said.contains("deve ter a forma https://NOME"), "{said}");
    let text = text_of(&desk);
    for line in
        ["authenticator = \"truenas-api\"", "administrators_group = \"ti\"", "public_url = \"https://farol.local\""]
    {
        assert!(text.contains(line), "{text}");
    }
}
