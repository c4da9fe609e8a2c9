//! The connection passwords are checked on, from 25.04 on: our service account's until a password is accepted.

use std::time::Duration;

use serde::Serialize;

use crate::domain::Secret;
use crate::runtime::Clock;
use crate::truenas::rpc::login::{self, Answer};
use crate::truenas::rpc::{Connection, LOGIN_TIMEOUT, PING_EVERY};
use crate::truenas::{Error, Settings, method};

/// Nobody signs in any more: the connection is worth less than the sign-in that opens the next.
const KEPT_IDLE: Duration = Duration::from_mins(10);

pub struct Line {
    pub connection: Connection,
    clock: Clock,
    used_at: Duration,
    /// An accepted password made the connection its owner's.
    is_strangers: bool,
}

/// What the NAS said to a password or a code.
#[derive(Debug)]
pub enum Said {
    Accepted,
    Refused,
    Expired,
    CodeWanted,
    Withheld,
    /// Not judged: another controller has taken over.
    Elsewhere(Vec<String>),
}

impl Line {
    pub fn new(connection: Connection, clock: &Clock) -> Self {
        Self { connection, clock: clock.clone(), used_at: clock.uptime(), is_strangers: false }
    }

    pub async fn reach(&mut self) -> Result<Duration, Error> {
        self.used_at = self.clock.uptime();
        self.connection.ping().await
    }

    pub async fn check(&mut self, username: &str, password: &Secret<String>) -> Result<Said, Error> {
        self.used_at = self.clock.uptime();
        let asked = login::with_password(username, password.reveal());
        let said = ask(&mut self.connection, method::LOGIN, &asked).await?;
        self.is_strangers = matches!(said, Said::Accepted);
        Ok(said)
    }

    /// The code for the password that was said last.
    pub async fn answer(&mut self, code: &Secret<String>) -> Result<Said, Error> {
        let said = ask(&mut self.connection, method::LOGIN_CODE, &login::with_code(code.reveal())).await?;
        self.is_strangers = matches!(said, Said::Accepted);
        Ok(said)
    }

    /// Makes the connection ours again: only a signed-in one may check as often as people come. A password that was
    /// not accepted left it ours.
    pub async fn take_back(&mut self, settings: &Settings) -> Result<(), Error> {
        if self.is_strangers {
            self.connection.login(settings).await?;
            self.is_strangers = false;
        }
        Ok(())
    }

    /// Keeps an unused connection alive. Ends when it is over or no longer worth keeping.
    pub async fn idle(&mut self) {
        while self.clock.uptime().saturating_sub(self.used_at) < KEPT_IDLE {
            let ping_due = self.clock.sleep(PING_EVERY);
            tokio::select! {
                biased;
                _ = self.connection.ended() => return,
                () = ping_due => {}
            }
            if self.connection.ping().await.is_err() {
                return;
            }
        }
    }
}

/// One password or code. Whatever goes wrong after it left is an error: the NAS may have judged it or not.
pub async fn ask<P: Serialize + Sync>(
    connection: &mut Connection,
    method: &'static str,
    asked: &P,
) -> Result<Said, Error> {
    let answer = connection.ask_alone(method, asked, LOGIN_TIMEOUT).await.map_err(without_words)?;
    match login::read(&answer)? {
        Answer::Success => Ok(Said::Accepted),
        Answer::Elsewhere(urls) => Ok(Said::Elsewhere(urls)),
        Answer::No(word) => match word.as_str() {
            "AUTH_ERR" => Ok(Said::Refused),
            "EXPIRED" => Ok(Said::Expired),
            "OTP_REQUIRED" => Ok(Said::CodeWanted),
            "DENIED" => Ok(Said::Withheld),
            // Its own words are not repeated: nobody knows what they hold.
            _ => Err(Error::protocol(method, "an answer of an unknown type")),
        },
    }
}

/// The words of the NAS may repeat what was sent, a password included.
pub fn without_words(error: Error) -> Error {
    const EBUSY: i64 = 16;
    let Error::Refused { method, errno, .. } = error else { return error };
    if errno == EBUSY {
        return Error::RateLimited;
    }
    Error::Refused { method, errno, reason: "its words are left out".to_owned() }
}
