//! Proving a password and a share over SMB, nothing more: the NAS itself says whether a mapped drive would open.
//!
//! Must never know: shares' lists of rights, sessions, HTTP.
//! Invariants: a password counts as proved only when the server has shown, by a signature made with a key that follows
//! from it, that it knows it too; one connection a proof, closed before the answer is given; no password and no person's
//! name in an answer or an error.
//! Limit: NTLM shows who the server is only through the password that was typed. Who types one *and* sits on the line to
//! the NAS can play both parts; that line has to be one the office trusts.

mod account;
mod line;
mod settings;
#[cfg(test)]
mod tests;
mod verdict;

pub use settings::{SMB_PORT, Settings};
pub use verdict::{Doubt, Refusal, ShareVerdict, Silence, Verdict};

use smb2::client::Connection;
use smb2::msg::logoff::LogoffRequest;
use smb2::types::Command;
use smb2::{Session, Tree};
use tracing::warn;

use crate::domain::Secret;
use crate::runtime::Clock;
use account::Account;

/// Asks the file server. Cheap to clone; holds no connection and no secret between two questions.
#[derive(Debug, Clone)]
pub struct Prover {
    settings: Settings,
    clock: Clock,
}

impl Prover {
    pub fn new(settings: Settings, clock: Clock) -> Self {
        Self { settings, clock }
    }

    /// One try at signing in. A refused try counts towards the account's lock-out, so it is never repeated here.
    pub async fn prove_password(&self, username: &str, password: &Secret<String>) -> Verdict {
        self.prove_shares(username, password, &[]).await.0
    }

    /// One try at signing in, and when it is accepted one at opening each share, each on its own. Without an accepted
    /// password nothing is known of the shares.
    pub async fn prove_shares(
        &self,
        username: &str,
        password: &Secret<String>,
        names: &[String],
    ) -> (Verdict, Vec<(String, ShareVerdict)>) {
        let (verdict, answers) = match Account::parse(username, password) {
            Ok(account) => self.ask(&account, password, names).await,
            Err(refusal) => (Verdict::Refused(refusal), Vec::new()),
        };
        let answers = answers.into_iter().chain(std::iter::repeat(ShareVerdict::Unclear));
        (verdict, names.iter().cloned().zip(answers).collect())
    }

    /// Whether a file server answers at all. Signs nobody in.
    pub async fn probe(&self) -> Result<(), Silence> {
        match self.clock.timeout(self.settings.timeout, line::greet(&self.settings)).await {
            Ok(answer) => answer.map(drop).map_err(|error| verdict::silence_of(&error)),
            Err(_) => Err(Silence::TimedOut),
        }
    }

    async fn ask(
        &self,
        account: &Account<'_>,
        password: &Secret<String>,
        names: &[String],
    ) -> (Verdict, Vec<ShareVerdict>) {
        let limit = self.settings.timeout;
        let late = (Verdict::Unreachable(Silence::TimedOut), Vec::new());
        let mut connection = match self.clock.timeout(limit, self.sign_in(account, password)).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return (verdict::judge(&error), Vec::new()),
            Err(_) => return late,
        };
        let answers = self.open_shares(&mut connection, names).await;
        // More than good manners: on SMB 2 the crate believes an unsigned welcome, which whoever sits in between may have
        // written after choosing that dialect for us. The answer to this goodbye must be signed on every dialect. What it
        // says does not matter, only that its signature fits.
        match self.clock.timeout(limit, connection.execute(Command::Logoff, &LogoffRequest, None)).await {
            Ok(Ok(_)) => (Verdict::Accepted, answers),
            Ok(Err(error)) => (verdict::judge(&error), Vec::new()),
            Err(_) => late,
        }
    }

    async fn sign_in(&self, account: &Account<'_>, password: &Secret<String>) -> smb2::Result<Connection> {
        let mut connection = line::greet(&self.settings).await?;
        Session::setup(&mut connection, account.name, password.reveal(), account.domain).await?;
        Ok(connection)
    }

    /// As many as answer in time: that a share is slow says nothing about the password.
    async fn open_shares(&self, connection: &mut Connection, names: &[String]) -> Vec<ShareVerdict> {
        let mut answers = Vec::with_capacity(names.len());
        let opening = async {
            for name in names {
                answers.push(verdict::judge_share(Tree::connect(connection, name).await.as_ref().err()));
            }
        };
        if self.clock.timeout(self.settings.timeout, opening).await.is_err() {
            warn!(opened = answers.len(), of = names.len(), "the file server did not open all shares in time");
        }
        answers
    }
}
