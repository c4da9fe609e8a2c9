//! What the proof says of shares, with a real Samba on the other side.

use farol::smb::{Refusal, ShareVerdict, Verdict};

use crate::samba::{ANA, Samba};
use crate::{prover, secret};

fn names() -> Vec<String> {
    ["dados", "cofre", "nenhum", "geral", "DADOS"].map(str::to_owned).to_vec()
}

#[tokio::test]
async fn each_share_gets_its_own_answer_whatever_the_one_before_it_got() {
    for globals in ["", "server smb encrypt = required", "server max protocol = SMB2_10"] {
        let samba = Samba::start(globals).await;
        let (verdict, shares) = prover(samba.port).prove_shares(ANA.name, &secret(ANA.password), &names()).await;
        assert_eq!(verdict, Verdict::Accepted, "{globals}");
        let told: Vec<_> = shares.iter().map(|(name, answer)| (name.as_str(), *answer)).collect();
        let expected = [
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
