//! Signing in with what a mapped drive would be opened with: the whole server, and a real Samba that has the last word.

use std::path::Path;

use farol::runtime::{Clock, logging};
use farol::sim::Profile;
use futures_util::future::join_all;

use crate::harness::RELEASES;
use crate::middle::{Answer, LOGOFF, downgrade, listen, welcome};
use crate::office::{Office, folder};
use crate::samba::{ANA, BRUNO, Samba};

const WRONG: &str = "Credenciais inválidas";

#[tokio::test]
async fn everybody_sees_exactly_the_shares_the_file_server_opened_on_every_release() {
    let samba = Samba::start("").await;
    for release in RELEASES {
        let office = Office::at(samba.port, release, |_| {}).await;
        // The lists of rights would give both of them all five.
        assert_eq!(office.shares_of(ANA.name, ANA.password).await, ["cifrado", "dados", "geral"], "{release}");
        assert_eq!(office.shares_of(BRUNO.name, BRUNO.password).await, ["cifrado", "cofre", "geral"], "{release}");
        office.close().await;
    }
}

#[tokio::test]
async fn a_share_that_opens_onto_a_folder_out_of_reach_is_not_shown() {
    let samba = Samba::start("").await;
    let office = Office::before(&samba).await;
    office.house.sim.world().find_folder_mut(&folder("geral")).unwrap().mode = 0o700;
    assert_eq!(office.shares_of(ANA.name, ANA.password).await, ["cifrado", "dados"]);
    office.close().await;
}

#[tokio::test]
async fn what_the_file_server_opened_counts_until_the_next_sign_in() {
    let samba = Samba::start("").await;
    let office = Office::before(&samba).await;
    let (browser, _) = office.sign_in(ANA.name, ANA.password).await;
    samba.remove_folder();
    assert_eq!(browser.get("/dashboard").await.shares(), ["cifrado", "dados", "geral"]);
    assert_eq!(office.shares_of(ANA.name, ANA.password).await, [""; 0]);
    assert_eq!(browser.get("/dashboard").await.shares(), [""; 0]);
    samba.create_folder();
    assert_eq!(office.shares_of(ANA.name, ANA.password).await, ["cifrado", "dados", "geral"]);
    office.close().await;
}

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_a_guest_get_one_answer() {
    for globals in ["", "map to guest = Bad User", "map to guest = Bad Password"] {
        let samba = Samba::start(globals).await;
        let office = Office::before(&samba).await;
        samba.pdbedit(&["-r", "-c", "[L]", "-u", BRUNO.name]);
        let mut answers = Vec::new();
        for (name, password) in [
            (ANA.name, "outra"),
            // What the NAS itself takes for ana's.
            (ANA.name, "demo-ana"),
            ("farol-t-ninguem", "outra"),
            ("guest", "outra"),
            (BRUNO.name, BRUNO.password),
        ] {
            let answer = office.refused(name, password).await;
            assert_eq!(answer.status, 401, "{globals} {name}: {}", answer.body);
            answer.assert_says(WRONG);
            answers.push(answer.body.replace(name, ""));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{globals}: {answers:#?}");
        office.close().await;
    }
}

#[tokio::test]
async fn a_name_in_other_letters_is_the_account_of_the_nas() {
    let samba = Samba::start("").await;
    let office = Office::before(&samba).await;
    let (browser, answer) = office.sign_in("Farol-T-ANA", ANA.password).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = browser.get("/dashboard").await;
    assert_eq!(page.shares(), ["cifrado", "dados", "geral"]);
    page.assert_says(ANA.name);
    assert!(!page.body.contains("Farol-T-ANA"), "{}", page.body);
    office.close().await;
}

/// Whose account such a name is, only the NAS knows: a namesake of another domain is somebody else.
#[tokio::test]
async fn a_name_with_a_domain_the_nas_does_not_know_is_nobody() {
    let samba = Samba::start("").await;
    let office = Office::before(&samba).await;
    let answer = office.refused(&format!("FAROL\\{}", ANA.name), ANA.password).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    answer.assert_says("A conta não existe mais");
    office.close().await;
}

#[tokio::test]
async fn why_an_account_is_closed_hears_only_who_knows_its_password() {
    let samba = Samba::start("").await;
    let office = Office::before(&samba).await;
    let reasons: [(&[&str], &str); 2] = [
        (&["set", "disabled", BRUNO.name, "yes"], "A conta está sem senha ativa"),
        (&["set", "pwdmustchangenow", BRUNO.name, "yes"], "A senha expirou"),
    ];
    for (deed, sentence) in reasons {
        samba.net_sam(deed);
        let answer = office.refused(BRUNO.name, BRUNO.password).await;
        assert_eq!(answer.status, 403, "{}", answer.body);
        answer.assert_says(sentence);
        let answer = office.refused(BRUNO.name, "outra").await;
        assert_eq!(answer.status, 401, "{}", answer.body);
        answer.assert_says(WRONG);
        samba.net_sam(&[&deed[..3], &["no"]].concat());
    }
    office.shares_of(BRUNO.name, BRUNO.password).await;
    office.close().await;
}

#[tokio::test]
async fn an_account_closed_on_the_nas_stays_out_though_the_file_server_lets_it_in() {
    let samba = Samba::start("").await;
    let office = Office::before(&samba).await;
    let closed = async |sentence: &str| {
        let answer = office.refused(ANA.name, ANA.password).await;
        assert_eq!(answer.status, 403, "{}", answer.body);
        answer.assert_says(sentence);
    };
    office.change(ANA.name, |ana| ana.locked = true);
    closed("A conta está bloqueada").await;
    office.change(ANA.name, |ana| (ana.locked, ana.password_disabled) = (false, true));
    closed("A conta está sem senha ativa").await;
    office.house.sim.world().people.persons.retain(|person| person.username != ANA.name);
    closed("A conta não existe mais").await;
    office.close().await;
}

#[tokio::test]
async fn a_file_server_that_is_gone_is_told_apart_from_a_wrong_password() {
    let samba = Samba::start("").await;
    let office = Office::before(&samba).await;
    office.shares_of(ANA.name, ANA.password).await;
    drop(samba);
    let answer = office.refused(ANA.name, ANA.password).await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    answer.assert_says("TrueNAS inacessível - contate o administrador");
    office.close().await;
}

#[tokio::test]
async fn a_file_server_that_takes_no_ntlm_refuses_nobodys_password() {
    let samba = Samba::start("ntlm auth = disabled").await;
    let office = Office::before(&samba).await;
    let answer = office.refused(ANA.name, ANA.password).await;
    assert_eq!(answer.status, 502, "{}", answer.body);
    answer.assert_says("Erro de conexão");
    office.close().await;
}

#[tokio::test]
async fn who_sits_in_the_middle_and_says_welcome_lets_nobody_in() {
    let samba = Samba::start("").await;
    let unsigned = |answer: &mut Answer| {
        if answer.is_refusal() {
            answer.succeed(0, [0; 16], &welcome(0));
        }
        true
    };
    let older = |answer: &mut Answer| {
        downgrade(answer, 0);
        if answer.command() == LOGOFF {
            answer.succeed(0, [0; 16], &[4, 0, 0, 0]);
        }
        true
    };
    for port in [listen(samba.port, unsigned).await, listen(samba.port, older).await] {
        let office = Office::at(port, Profile::R25_10, |_| {}).await;
        let answer = office.refused(ANA.name, "outra").await;
        assert_eq!(answer.status, 502, "{}", answer.body);
        answer.assert_says("Erro de conexão");
        office.close().await;
    }
}

#[tokio::test]
async fn sixty_sign_in_at_once() {
    let samba = Samba::start("").await;
    let office = Office::before(&samba).await;
    let everybody = [ANA, BRUNO].into_iter().cycle().take(60);
    let all = join_all(everybody.map(|account| office.sign_in(account.name, account.password))).await;
    for (number, (browser, answer)) in all.iter().enumerate() {
        assert_eq!(answer.status, 303, "{number}: {}", answer.body);
        let shares = [["cifrado", "dados", "geral"], ["cifrado", "cofre", "geral"]][number % 2];
        assert_eq!(browser.get("/dashboard").await.shares(), shares, "{number}");
    }
    office.close().await;
}

#[tokio::test]
async fn no_password_is_kept_or_told_anywhere() {
    let samba = Samba::start("").await;
    let mut log = None;
    let office = Office::at(samba.port, Profile::R25_10, |settings| {
        settings.log.filter = "trace".to_owned();
        log = Some(logging::start(&settings.log, Clock::real(), false).unwrap());
    });
    let office = Box::pin(office).await;
    office.shares_of(BRUNO.name, BRUNO.password).await;
    office.refused(ANA.name, BRUNO.password).await;
    samba.smbpasswd(&["-d", BRUNO.name]);
    office.refused(BRUNO.name, BRUNO.password).await;
    drop(samba);
    office.refused(BRUNO.name, BRUNO.password).await;
    drop(log);
    let mut kept = Vec::new();
    read_below(&office.house.settings.data_dir, &mut kept);
    let holds = |text: &[u8]| kept.windows(text.len()).any(|window| window == text);
    assert!(holds(b"[INFO] [198.18.0.1]") && holds(b"SQLite format 3"), "there is something to look at");
    let sent: String = url::form_urlencoded::byte_serialize(BRUNO.password.as_bytes()).collect();
    let on_the_wire: Vec<u8> = BRUNO.password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for form in [BRUNO.password.as_bytes(), sent.as_bytes(), &on_the_wire] {
        assert!(!holds(form), "{}", String::from_utf8_lossy(form));
    }
    office.close().await;
}

fn read_below(folder: &Path, kept: &mut Vec<u8>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_below(&path, kept);
        } else {
            kept.extend(std::fs::read(path).unwrap());
        }
    }
}
