//! One sign-in, step by step: the line, the NAS, the password, the rights.
//!
//! From the moment a password is about to be sent on, the rest happens in a task of its own: a browser that hangs up as
//! soon as it has seen enough must not keep a failure from being counted.

mod flow;

use std::sync::Arc;

use tokio::sync::{oneshot, watch};
use tracing::warn;

use crate::audit::Audit;
use crate::auth::attempts::{Attempts, Busy, Running};
use crate::auth::parked::{Absent, Key, Owner, Parked};
use crate::auth::prove::Prove;
use crate::auth::queue::{Place, Queue};
use crate::auth::throttle::{Throttle, Who};
use crate::auth::{Error, Invalid, Refused, Sessions, SignedIn, typed};
use crate::domain::session::{Session, Visitor};
use crate::domain::signin::{AttemptId, Outcome, Progress};
use crate::domain::{Secret, Timestamp};
use crate::runtime::{Clock, Random, Tally, Tasks};
use crate::shares::Board;
use crate::truenas::{Client, SecondFactor};

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct SignIn(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rooms: Rooms,
    queue: Queue,
    attempts: Attempts,
    parked: Parked,
    outcomes: Tally<&'static str>,
}

/// What a sign-in needs.
#[derive(Debug, Clone)]
pub struct Rooms {
    pub prove: Arc<dyn Prove>,
    /// Speaks with the service key.
    pub client: Client,
    pub board: Board,
    pub sessions: Sessions,
    pub throttle: Throttle,
    pub audit: Audit,
    pub administrators_group: String,
    pub clock: Clock,
    pub random: Random,
    pub tasks: Tasks,
}

#[derive(Debug)]
pub struct PasswordForm {
    pub attempt: AttemptId,
    pub username: String,
    pub password: Secret<String>,
    pub visitor: Visitor,
    /// The session the browser brought along, if any: it ends with this sign-in.
    pub held: Option<Secret<String>>,
}

#[derive(Debug)]
pub struct CodeForm {
    /// What [`Entered::CodeWanted`] gave.
    pub handle: Secret<String>,
    pub code: Secret<String>,
    pub visitor: Visitor,
    pub held: Option<Secret<String>>,
}

#[derive(Debug)]
pub enum Entered {
    SignedIn(Box<SignedIn>),
    /// The password was right. This alone leads on, for three minutes.
    CodeWanted(Secret<String>),
}

/// Who is signing in, through which browser.
#[derive(Debug)]
struct Arrival {
    attempt: AttemptId,
    /// As typed.
    username: String,
    who: Who,
    visitor: Visitor,
    held: Option<Secret<String>>,
    /// Of the accounts that may be meant, by uid, as of a moment before the password was tried.
    password_changes: Vec<(u32, Option<Timestamp>)>,
}

/// How far one has come.
trait Arrived: Send + 'static {
    fn outcome(&self) -> Outcome;
    fn session(&self) -> Option<&Session>;
}

impl Arrived for SignedIn {
    fn outcome(&self) -> Outcome {
        Outcome::SignedIn
    }

    fn session(&self) -> Option<&Session> {
        Some(&self.session)
    }
}

impl Arrived for Entered {
    fn outcome(&self) -> Outcome {
        match self {
            Self::SignedIn(signed_in) => signed_in.outcome(),
            Self::CodeWanted(_) => Outcome::CodeWanted,
        }
    }

    fn session(&self) -> Option<&Session> {
        match self {
            Self::SignedIn(signed_in) => signed_in.session(),
            Self::CodeWanted(_) => None,
        }
    }
}

/// A second factor taken out to try a code: it goes back by itself unless one was sent.
#[derive(Debug)]
struct Parking {
    parked: Parked,
    key: Key,
    factor: Option<SecondFactor>,
}

impl Drop for Parking {
    fn drop(&mut self) {
        if let Some(factor) = self.factor.take() {
            self.parked.put_back(&self.key, factor, 0);
        }
    }
}

impl SignIn {
    pub fn new(rooms: Rooms) -> Self {
        let queue = Queue::new(rooms.prove.at_once());
        let parked = Parked::new(rooms.clock.clone(), rooms.random.clone());
        Self(Arc::new(Inner { rooms, queue, attempts: Attempts::default(), parked, outcomes: Tally::default() }))
    }

    /// `None`: too many are being watched.
    pub fn watch(&self, attempt: &AttemptId) -> Option<watch::Receiver<Progress>> {
        self.0.attempts.watch(attempt)
    }

    /// How sign-ins ended since the start, by outcome or reason.
    pub fn outcomes(&self) -> Tally<&'static str> {
        self.0.outcomes.clone()
    }

    pub async fn with_password(&self, form: PasswordForm) -> Result<Entered, Refused> {
        let entered = self.try_password(form).await;
        self.0.outcomes.count(match &entered {
            Ok(Entered::SignedIn(_)) => "signed_in",
            Ok(Entered::CodeWanted(_)) => "code_wanted",
            Err(refused) => refused.as_str(),
        });
        entered
    }

    pub async fn with_code(&self, form: CodeForm) -> Result<SignedIn, Refused> {
        let entered = self.with_any_code(form).await;
        self.0.outcomes.count(entered.as_ref().map_or_else(Refused::as_str, |_| "signed_in"));
        entered
    }

    async fn try_password(&self, form: PasswordForm) -> Result<Entered, Refused> {
        let PasswordForm { attempt, username, password, visitor, held } = form;
        let username = typed::username(&username).map_err(Refused::Invalid)?;
        typed::check_password(&password).map_err(Refused::Invalid)?;
        let running = self.begin(&attempt)?;
        let who = Who::new(&username, visitor.address);
        let arrival = Arrival { attempt, username, who, visitor, held, password_changes: Vec::new() };
        let place = Box::pin(self.stand_in_line(&arrival.who, &running)).await;
        let place = self.judged(&arrival.who, place).inspect_err(|_| running.ended(Outcome::Refused))?;
        let flow = self.clone();
        let rest = |running: Arc<Running>| async move {
            let who = arrival.who.clone();
            flow.judged(&who, flow.enter(arrival, password, place, &running).await)
        };
        self.finish(running, rest).await
    }

    async fn with_any_code(&self, form: CodeForm) -> Result<SignedIn, Refused> {
        let CodeForm { handle, code, visitor, held } = form;
        typed::check_code(&code).map_err(Refused::Invalid)?;
        let (factor, owner, key) = self.0.parked.take(&handle).map_err(|absent| match absent {
            Absent::Gone => Refused::CodeExpired,
            Absent::InUse => Refused::AlreadyUnderWay,
        })?;
        let parking = Parking { parked: self.0.parked.clone(), key, factor: Some(factor) };
        let who = Who::new(&owner.username, visitor.address);
        let Owner { attempt, username, password_changes, .. } = owner;
        let arrival = Arrival { attempt, username, who, visitor, held, password_changes };
        Box::pin(self.0.rooms.throttle.admit(&arrival.who)).await?;
        let running = self.begin(&arrival.attempt)?;
        let flow = self.clone();
        let rest = |running: Arc<Running>| async move {
            let who = arrival.who.clone();
            flow.judged(&who, flow.try_code(arrival, parking, &code, &running).await)
        };
        self.finish(running, rest).await
    }

    /// Nobody can come in while the NAS refuses the service key: whoever finds the form is told before they try.
    pub fn is_key_refused(&self) -> bool {
        self.0.rooms.client.is_key_refused()
    }

    async fn stand_in_line(&self, who: &Who, running: &Running) -> Result<Place, Refused> {
        let throttle = &self.0.rooms.throttle;
        throttle.admit(who).await?;
        let mut place = self.0.queue.enter().map_err(|_| Refused::QueueFull)?;
        place.wait(|place| running.waits_at(place)).await;
        throttle.still_admitted(who).await?;
        Ok(place)
    }

    /// A try that ended before anybody judged it does not count.
    fn judged<T>(&self, who: &Who, ended: Result<T, Refused>) -> Result<T, Refused> {
        ended.inspect_err(|refused| {
            if refused.is_unjudged() {
                self.0.rooms.throttle.give_back(who);
            }
        })
    }

    /// Does the rest in a task of its own, and ends the session again when there is nobody left to give it to.
    async fn finish<T, F>(&self, running: Running, rest: impl FnOnce(Arc<Running>) -> F) -> Result<T, Refused>
    where
        T: Arrived,
        F: Future<Output = Result<T, Refused>> + Send + 'static,
    {
        let running = Arc::new(running);
        let (answer, answered) = oneshot::channel();
        let sessions = self.0.rooms.sessions.clone();
        let rest = rest(running.clone());
        self.0.rooms.tasks.run("sign-in", async move {
            let arrived = rest.await;
            running.ended(arrived.as_ref().map_or(Outcome::Refused, Arrived::outcome));
            // Whoever hears the answer may begin anew at once.
            drop(running);
            if let Err(Ok(unheard)) = answer.send(arrived)
                && let Some(session) = unheard.session()
                && let Err(error) = sessions.take_back(session).await
            {
                warn!(error = &error as &dyn std::error::Error, "a session nobody holds could not be ended");
            }
        });
        answered.await.unwrap_or(Err(Refused::Broken(Error::CutOff)))
    }

    /// Forgets what nobody waits for.
    pub fn purge(&self) {
        self.0.attempts.purge();
        self.0.parked.purge();
    }

    fn begin(&self, attempt: &AttemptId) -> Result<Running, Refused> {
        self.0.attempts.begin(attempt).map_err(|busy| match busy {
            Busy::AlreadyUnderWay => Refused::AlreadyUnderWay,
            Busy::TooMany => Refused::QueueFull,
            Busy::UnusableId => Refused::Invalid(Invalid::Attempt),
        })
    }
}
