//! The sign-in a mapped drive makes: proves the password, and which shares open with it.

use std::time::Duration;

use tracing::{error, warn};

use super::{Proofs, Prove, Verdict, trouble};
use crate::auth::refused::{Closed, Refused};
use crate::domain::Secret;
use crate::domain::share::{Proof, closed};
use crate::runtime::Clock;
use crate::smb::{self, Doubt, Prover, Refusal, ShareVerdict};
use crate::truenas::Client;

/// A file server serves a whole office at once; this is what a small NAS signs in without being felt by the others.
const AT_ONCE: usize = 8;

#[derive(Debug)]
pub struct Smb {
    prover: Prover,
    client: Client,
    clock: Clock,
}

impl Smb {
    pub fn new(prover: Prover, client: Client, clock: Clock) -> Self {
        Self { prover, client, clock }
    }
}

#[async_trait::async_trait]
impl Prove for Smb {
    fn at_once(&self) -> usize {
        AT_ONCE
    }

    async fn reach(&self) -> Result<Duration, Refused> {
        let before = self.clock.uptime();
        self.prover.probe().await.map_err(|silence| {
            warn!(error = &silence as &dyn std::error::Error, "the file server does not answer");
            Refused::NasUnreachable
        })?;
        Ok(self.clock.uptime().saturating_sub(before))
    }

    async fn check(&self, username: &str, password: &Secret<String>) -> Verdict {
        let shares = match self.client.list_shares().await {
            Ok(shares) => shares,
            Err(error) => return Verdict::Trouble(trouble(&error)),
        };
        let shown = shares.into_iter().filter(|share| share.browsable && closed(share).is_none());
        let names: Vec<String> = shown.map(|share| share.name).collect();
        let (verdict, shares) = self.prover.prove_shares(username, password, &names).await;
        judge(verdict, proofs(shares))
    }
}

/// What says neither yes nor no is no proof of anything.
fn proofs(shares: Vec<(String, ShareVerdict)>) -> Proofs {
    let proof = |verdict| match verdict {
        ShareVerdict::Reached => Some(Proof::Reached),
        ShareVerdict::Denied => Some(Proof::Denied),
        ShareVerdict::Missing => Some(Proof::Missing),
        ShareVerdict::Unclear => None,
    };
    shares.into_iter().filter_map(|(name, verdict)| Some((name, proof(verdict)?))).collect()
}

fn judge(verdict: smb::Verdict, proofs: Proofs) -> Verdict {
    match verdict {
        smb::Verdict::Accepted => Verdict::Accepted(proofs),
        smb::Verdict::Refused(refusal) => of_refusal(refusal),
        smb::Verdict::Inconclusive(Doubt::SomebodyInTheMiddle) => {
            error!("the file server could not prove that it knows the password: somebody may sit in between");
            Verdict::Trouble(Refused::ConnectionTrouble)
        }
        smb::Verdict::Inconclusive(doubt) => {
            warn!(error = &doubt as &dyn std::error::Error, "the file server did not judge the password");
            Verdict::Trouble(Refused::ConnectionTrouble)
        }
        smb::Verdict::Unreachable(silence) => {
            warn!(error = &silence as &dyn std::error::Error, "the file server does not answer");
            Verdict::Trouble(Refused::NasUnreachable)
        }
    }
}

/// A file server looks at expiry and restrictions once the password was right, but at a lock-out before: telling of that
/// one would tell strangers which accounts exist.
fn of_refusal(refusal: Refusal) -> Verdict {
    let why = refusal.to_string();
    match refusal {
        Refusal::Empty | Refusal::WrongCredentials | Refusal::Guest | Refusal::Locked => Verdict::Refused(why),
        Refusal::PasswordExpired => Verdict::Expired,
        Refusal::Disabled | Refusal::AccountExpired | Refusal::Restricted => Verdict::Closed(Closed::Disabled, why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smb::{Silence, Verdict as V};

    #[test]
    fn every_answer_of_the_file_server_is_told_as_what_it_is() {
        let told = |verdict| match judge(verdict, Proofs::new()) {
            Verdict::Accepted(_) => "accepted",
            Verdict::Refused(_) => "refused",
            Verdict::Expired => "expired",
            Verdict::Closed(..) => "closed",
            Verdict::Trouble(Refused::NasUnreachable) => "unreachable",
            Verdict::Trouble(Refused::ConnectionTrouble) => "trouble",
            Verdict::Trouble(_) | Verdict::SecondFactor(_) => "something else",
        };
        for (verdict, expected) in [
            (V::Accepted, "accepted"),
            (V::Refused(Refusal::WrongCredentials), "refused"),
            (V::Refused(Refusal::Guest), "refused"),
            (V::Refused(Refusal::Locked), "refused"),
            (V::Refused(Refusal::PasswordExpired), "expired"),
            (V::Refused(Refusal::Disabled), "closed"),
            (V::Refused(Refusal::AccountExpired), "closed"),
            (V::Refused(Refusal::Restricted), "closed"),
            (V::Inconclusive(Doubt::SomebodyInTheMiddle), "trouble"),
            (V::Inconclusive(Doubt::NtlmBlocked), "trouble"),
            (V::Unreachable(Silence::TimedOut), "unreachable"),
        ] {
            assert_eq!(told(verdict), expected, "{verdict:?}");
        }
        let tried = vec![("Geral".to_owned(), ShareVerdict::Reached), ("Projetos".to_owned(), ShareVerdict::Unclear)];
        let proved = Proofs::from([("Geral".to_owned(), Proof::Reached)]);
        assert!(matches!(judge(V::Accepted, proofs(tried)), Verdict::Accepted(found) if found == proved));
    }
}
