//! Checking the password of an employee with the NAS, one after the other, in order of arrival.
//!
//! Invariants: a password is sent at most once a check and wiped after that; only a clear yes accepts it; trouble is an
//! error, never a refusal. One exception, for more people with a second factor than the NAS lets us open connections for:
//! their right password is held until the code comes, three minutes at most, and said once more with each code.

mod asking;
mod line;
mod logins;
mod second_factor;
mod task;

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::domain::Secret;
use crate::runtime::{Clock, Random, Tasks};
use crate::truenas::password::line::Said;
use crate::truenas::rpc::gone;
use crate::truenas::{Error, Settings};

pub use second_factor::SecondFactor;
pub use task::PasswordTask;

/// Those who ask beyond it wait all the same, in order.
const WAITING: usize = 64;
/// Whoever waited longer has long left the page.
const LONGEST_WAIT: Duration = Duration::from_mins(2);
/// The longest name the NAS takes, and far more than anybody types as a password.
const LONGEST_USERNAME: usize = 256;
const LONGEST_PASSWORD: usize = 1_024;

/// What the NAS says of a user name and a password.
#[derive(Debug)]
pub enum PasswordVerdict {
    Accepted,
    /// Wrong, locked, disabled or unknown: nobody is told which. After a code: wrong, and no other try on this password.
    Refused,
    /// Past its greatest age.
    Expired,
    /// The password is right, the code is owed. After a code: wrong, and another may be tried.
    SecondFactor(SecondFactor),
    /// 26 does not say whether the password is right: no privilege lets this person in, or the account is locked for a
    /// while.
    Withheld,
}

/// Cheap to clone; all clones share one connection, which nobody else uses.
#[derive(Debug, Clone)]
pub struct Passwords {
    asks: mpsc::Sender<Ask>,
    clock: Clock,
}

/// What is asked of the task that owns the connection.
#[derive(Debug)]
enum Ask {
    Reach(oneshot::Sender<Result<Duration, Error>>),
    Check {
        username: String,
        password: Secret<String>,
        answer: oneshot::Sender<Result<PasswordVerdict, Error>>,
    },
    Code {
        username: String,
        password: Secret<String>,
        code: Secret<String>,
        answer: oneshot::Sender<Result<Said, Error>>,
    },
}

impl Passwords {
    /// Checks passwords, and the task that keeps the connection for it: nothing happens until that runs. Only the
    /// authorities can fail here.
    pub fn new(settings: Settings, clock: &Clock, random: &Random) -> Result<(Self, PasswordTask), Error> {
        let (asks, waiting) = mpsc::channel(WAITING);
        let task = PasswordTask::new(settings, clock, random, (asks.clone(), waiting))?;
        Ok((Self { asks, clock: clock.clone() }, task))
    }

    /// With its task running already.
    pub fn start(settings: Settings, clock: &Clock, random: &Random, tasks: &Tasks) -> Result<Self, Error> {
        let (passwords, task) = Self::new(settings, clock, random)?;
        task.start(tasks);
        Ok(passwords)
    }

    /// Opens the connection if there is none, and measures one round trip over it.
    pub async fn reach(&self) -> Result<Duration, Error> {
        self.ask(Ask::Reach).await
    }

    /// Tries the password once, as it was typed. Dropped before its turn, nothing is sent.
    pub async fn check(&self, username: &str, password: &Secret<String>) -> Result<PasswordVerdict, Error> {
        let typed = password.reveal();
        let possible =
            (1..=LONGEST_USERNAME).contains(&username.chars().count()) && (1..=LONGEST_PASSWORD).contains(&typed.len());
        if !possible {
            return Ok(PasswordVerdict::Refused);
        }
        let (username, password) = (username.to_owned(), password.clone());
        self.ask(|answer| Ask::Check { username, password, answer }).await
    }

    async fn ask<T>(&self, ask: impl FnOnce(oneshot::Sender<Result<T, Error>>) -> Ask) -> Result<T, Error> {
        let (answer, waiting) = oneshot::channel();
        let asking = async {
            if self.asks.send(ask(answer)).await.is_err() {
                return Err(gone());
            }
            tokio::select! {
                biased;
                answered = waiting => answered.unwrap_or_else(|_| Err(gone())),
                // One sent while the task was ending lies there for ever.
                () = self.asks.closed() => Err(gone()),
            }
        };
        self.clock.timeout(LONGEST_WAIT, asking).await.unwrap_or(Err(Error::TimedOut(LONGEST_WAIT)))
    }
}
