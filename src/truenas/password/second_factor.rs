//! A right password that waits for its code, on a connection of its own.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::domain::Secret;
use crate::runtime::{Clock, Tasks};
use crate::truenas::password::line::{self, Said};
use crate::truenas::password::{Ask, LONGEST_WAIT, PasswordVerdict};
use crate::truenas::rpc::login;
use crate::truenas::rpc::{Connection, PING_EVERY};
use crate::truenas::{Error, method};

/// Long enough to find the telephone.
const LIFETIME: Duration = Duration::from_mins(3);
/// Far more than the digits of any code.
const LONGEST_CODE: usize = 64;

/// Somebody who owes the code. The connection closes when this is dropped, and after three minutes at the latest.
#[derive(Debug)]
pub struct SecondFactor(mpsc::Sender<Code>);

#[derive(Debug)]
struct Code {
    code: Secret<String>,
    answer: oneshot::Sender<Result<Said, Error>>,
}

impl SecondFactor {
    /// Sends the code. [`Error::SessionEnded`]: it came too late or the connection is gone, and nothing was judged.
    pub async fn answer(self, code: &Secret<String>) -> Result<PasswordVerdict, Error> {
        if !(1..=LONGEST_CODE).contains(&code.reveal().len()) {
            // Nothing was sent, so nothing is lost.
            return Ok(PasswordVerdict::SecondFactor(self));
        }
        let (answer, waiting) = oneshot::channel();
        if self.0.send(Code { code: code.clone(), answer }).await.is_err() {
            return Err(Error::SessionEnded);
        }
        match waiting.await.unwrap_or(Err(Error::SessionEnded))? {
            Said::Accepted => Ok(PasswordVerdict::Accepted),
            Said::Refused => Ok(PasswordVerdict::Refused),
            Said::Expired => Ok(PasswordVerdict::Expired),
            Said::Withheld => Ok(PasswordVerdict::Withheld),
            Said::CodeWanted => Ok(PasswordVerdict::SecondFactor(self)),
            Said::Elsewhere(urls) => Err(Error::Standby { urls }),
        }
    }
}

/// A connection on which the NAS waits for a code.
pub(super) struct Parked {
    pub connection: Connection,
    pub clock: Clock,
}

/// Somebody for whose code there was no connection to wait on.
pub(super) struct Unparked {
    pub username: String,
    pub password: Secret<String>,
    pub asks: mpsc::Sender<Ask>,
    pub clock: Clock,
}

fn keep(tasks: &Tasks, waiting: impl Future<Output = ()> + Send + 'static) {
    let stop = tasks.stopping();
    tasks.run("truenas-second-factor", async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = waiting => {}
        }
    });
}

impl Unparked {
    pub fn keep(self, tasks: &Tasks) -> SecondFactor {
        let (sender, codes) = mpsc::channel(1);
        keep(tasks, self.wait(codes));
        SecondFactor(sender)
    }

    async fn wait(self, mut codes: mpsc::Receiver<Code>) {
        let mut over = Box::pin(self.clock.sleep(LIFETIME));
        loop {
            let code = tokio::select! {
                biased;
                () = &mut over => break,
                code = codes.recv() => code,
            };
            let Some(Code { code, answer }) = code else { break };
            let said = self.say(code).await;
            let goes_on = matches!(said, Ok(Said::CodeWanted));
            let _ = answer.send(said);
            if !goes_on {
                break;
            }
        }
    }

    async fn say(&self, code: Secret<String>) -> Result<Said, Error> {
        let (answer, said) = oneshot::channel();
        let (username, password) = (self.username.clone(), self.password.clone());
        let asking = async {
            let ask = Ask::Code { username, password, code, answer };
            self.asks.send(ask).await.map_err(|_| Error::SessionEnded)?;
            said.await.unwrap_or(Err(Error::SessionEnded))
        };
        self.clock.timeout(LONGEST_WAIT, asking).await.unwrap_or(Err(Error::TimedOut(LONGEST_WAIT)))
    }
}

impl Parked {
    pub fn keep(self, tasks: &Tasks) -> SecondFactor {
        let (sender, codes) = mpsc::channel(1);
        keep(tasks, self.wait(codes));
        SecondFactor(sender)
    }

    async fn wait(mut self, mut codes: mpsc::Receiver<Code>) {
        let mut over = Box::pin(self.clock.sleep(LIFETIME));
        loop {
            let ping_due = self.clock.sleep(PING_EVERY);
            tokio::select! {
                biased;
                () = &mut over => break,
                _ = self.connection.ended() => break,
                code = codes.recv() => {
                    let Some(Code { code, answer }) = code else { break };
                    let asked = login::with_code(code.reveal());
                    let said = line::ask(&mut self.connection, method::LOGIN_CODE, &asked).await;
                    let goes_on = matches!(said, Ok(Said::CodeWanted));
                    // Whoever gave up dropped the other end, and is noticed next.
                    let _ = answer.send(said);
                    if !goes_on {
                        break;
                    }
                }
                () = ping_due => if self.connection.ping().await.is_err() {
                    break;
                }
            }
        }
    }
}
