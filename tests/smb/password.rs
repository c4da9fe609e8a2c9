//! What the proof says of a password, with a real Samba on the other side.

use farol::smb::{Doubt, Refusal, Verdict};

use crate::samba::{ANA, Account, BRUNO, Samba};
use crate::{prover, secret};

const WRONG: Verdict = Verdict::Refused(Refusal::WrongCredentials);

async fn verdict(samba: &Samba, name: &str, password: &str) -> Verdict {
    prover(samba.port).prove_password(name, &secret(password)).await
}

#[tokio::test]
async fn the_right_password_is_accepted_however_the_name_is_written() {
    let samba = Samba::start("").await;
    for name in ["farol-t-ana", "FAROL-T-ANA", "FAROL\\farol-t-ana", "farol-t-ana@FAROL"] {
        assert_eq!(verdict(&samba, name, ANA.password).await, Verdict::Accepted, "{name}");
        assert_eq!(verdict(&samba, name, "s3nh@ forte!").await, WRONG, "{name}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let samba = Samba::start("").await;
    assert_eq!(verdict(&samba, ANA.name, "outra").await, WRONG);
    assert_eq!(verdict(&samba, "farol-t-ninguem", ANA.password).await, WRONG);
    assert_eq!(verdict(&samba, ANA.name, BRUNO.password).await, WRONG);
}

#[tokio::test]
async fn letters_beyond_ascii_and_the_longest_passwords_are_taken_exactly_as_typed() {
    let samba = Samba::start("").await;
    assert_eq!(verdict(&samba, BRUNO.name, BRUNO.password).await, Verdict::Accepted);
    assert_eq!(verdict(&samba, BRUNO.name, "acai, pao e e so").await, WRONG);
    let long: &str = "0123456789çÃé+".repeat(15)[..].to_owned().leak();
    let eva = Account { name: "farol-t-eva", password: &long[..long.char_indices().nth(200).unwrap().0] };
    samba.add(eva);
    assert_eq!(verdict(&samba, eva.name, eva.password).await, Verdict::Accepted);
    assert_eq!(verdict(&samba, eva.name, &format!("{}0", eva.password)).await, WRONG);
    assert_eq!(verdict(&samba, eva.name, &format!("{} ", eva.password)).await, WRONG);
}

#[tokio::test]
async fn each_state_of_an_account_is_told_apart() {
    let samba = Samba::start("").await;
    let bruno = async || verdict(&samba, BRUNO.name, BRUNO.password).await;
    samba.smbpasswd(&["-d", BRUNO.name]);
    assert_eq!(bruno().await, Verdict::Refused(Refusal::Disabled));
    samba.pdbedit(&["-r", "-c", "[L]", "-u", BRUNO.name]);
    assert_eq!(bruno().await, Verdict::Refused(Refusal::Locked));
    samba.pdbedit(&["-r", "-c", "[]", "-u", BRUNO.name]);
    assert_eq!(bruno().await, Verdict::Accepted);
    samba.net_sam(&["set", "pwdmustchangenow", BRUNO.name, "yes"]);
    assert_eq!(bruno().await, Verdict::Refused(Refusal::PasswordExpired));
    samba.net_sam(&["set", "pwdmustchangenow", BRUNO.name, "no"]);
    samba.pdbedit(&["-r", "-K", "1000000000", "-u", BRUNO.name]);
    assert_eq!(bruno().await, Verdict::Refused(Refusal::AccountExpired));
}

#[tokio::test]
async fn a_stranger_let_in_as_guest_is_refused() {
    let samba = Samba::start("map to guest = Bad User").await;
    assert_eq!(verdict(&samba, "farol-t-ninguem", "seja o que for").await, Verdict::Refused(Refusal::Guest));
    assert_eq!(verdict(&samba, "Guest", "seja o que for").await, Verdict::Refused(Refusal::Guest));
    assert_eq!(verdict(&samba, ANA.name, "outra").await, WRONG);
    assert_eq!(verdict(&samba, ANA.name, ANA.password).await, Verdict::Accepted);
}

#[tokio::test]
async fn a_wrong_password_let_in_as_guest_is_refused() {
    let samba = Samba::start("map to guest = Bad Password").await;
    assert_eq!(verdict(&samba, ANA.name, "outra").await, Verdict::Refused(Refusal::Guest));
    assert_eq!(verdict(&samba, ANA.name, ANA.password).await, Verdict::Accepted);
}

#[tokio::test]
async fn every_dialect_and_a_demand_for_encryption_or_signing_give_the_same_answers() {
    for globals in [
        "server smb encrypt = required",
        "server signing = mandatory",
        "server max protocol = SMB2_02",
        "server max protocol = SMB2_10",
        "server max protocol = SMB3_00",
        "server max protocol = SMB3_02",
    ] {
        let samba = Samba::start(globals).await;
        assert_eq!(verdict(&samba, ANA.name, ANA.password).await, Verdict::Accepted, "{globals}");
        assert_eq!(verdict(&samba, ANA.name, "outra").await, WRONG, "{globals}");
    }
}

#[tokio::test]
async fn a_server_that_takes_no_ntlm_leaves_the_password_unjudged() {
    let samba = Samba::start("ntlm auth = disabled").await;
    assert_eq!(verdict(&samba, ANA.name, ANA.password).await, Verdict::Inconclusive(Doubt::NtlmBlocked));
}
