//! What the proof says of shares, with a real Samba on the other side.

use farol::domain::Timestamp;
use farol::runtime::Clock;
use farol::smb::{Prover, Refusal, ShareVerdict, Verdict};

use crate::middle::{TREE_CONNECT, listen};
use crate::samba::{ANA, Samba};
use crate::{PATIENCE, prover, secret, settings};

fn names() -> Vec<String> {
    ["cifrado", "dados", "cofre", "nenhum", "geral", "DADOS"].map(str::to_owned).to_vec()
}

#[tokio::test]
async fn each_share_gets_its_own_answer_whatever_the_one_before_it_got() {
    // SMB 2 cannot encrypt.
    for (globals, encrypted) in [
        ("", ShareVerdict::Reached),
        ("server smb encrypt = required", ShareVerdict::Reached),
        ("server max protocol = SMB3_00", ShareVerdict::Reached),
        ("server max protocol = SMB2_10", ShareVerdict::Denied),
    ] {
        let samba = Samba::start(globals).await;
        let (verdict, shares) = prover(samba.port).prove_shares(ANA.name, &secret(ANA.password), &names()).await;
        assert_eq!(verdict, Verdict::Accepted, "{globals}");
        let told: Vec<_> = shares.iter().map(|(name, answer)| (name.as_str(), *answer)).collect();
        let expected = [
            ("cifrado", encrypted),
            ("dados", ShareVerdict::Reached),
            ("cofre", ShareVerdict::Denied),
            ("nenhum", ShareVerdict::Missing),
            ("geral", ShareVerdict::Reached),
            ("DADOS", ShareVerdict::Reached),
        ];
        assert_eq!(told, expected, "{globals}");
    }
}

#[tokio::test]
async fn nothing_is_known_of_shares_without_an_accepted_password() {
    let samba = Samba::start("map to guest = Bad Password").await;
    let (verdict, shares) = prover(samba.port).prove_shares(ANA.name, &secret("outra"), &names()).await;
    assert_eq!(verdict, Verdict::Refused(Refusal::Guest));
    assert_eq!(shares.len(), names().len());
    assert!(shares.iter().all(|(_, answer)| *answer == ShareVerdict::Unclear), "{shares:?}");
}

#[tokio::test]
async fn a_share_that_does_not_open_in_time_takes_nothing_from_the_right_password() {
    for globals in ["", "server max protocol = SMB2_10"] {
        let samba = Samba::start(globals).await;
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let mut opened = 0;
        let port = listen(samba.port, move |answer| {
            opened += u32::from(answer.command() == TREE_CONNECT);
            // From the second share on, nothing arrives any more, and the time for all of them is over.
            if answer.command() == TREE_CONNECT && opened > 1 {
                answer.mislay();
                hand.advance(PATIENCE);
            }
            true
        })
        .await;
        let prover = Prover::new(settings(port), clock);
        let names = ["dados", "geral", "cofre"].map(str::to_owned);
        let (verdict, shares) = prover.prove_shares(ANA.name, &secret(ANA.password), &names).await;
        assert_eq!(verdict, Verdict::Accepted, "{globals}");
        let told: Vec<_> = shares.iter().map(|(_, answer)| *answer).collect();
        assert_eq!(told, [ShareVerdict::Reached, ShareVerdict::Unclear, ShareVerdict::Unclear], "{globals}");
    }
}
