//! The way in for the day the NAS cannot say who somebody is: a local administrator, password and code in one form.
//!
//! Loud on purpose: nobody comes in here without an entry in the audit trail and a warning in the log.
//!
//! From the turn at the hash on, the rest happens in a task of its own: whoever hangs up must neither keep a failure from
//! being counted nor make room for the next hash before this one is done.

use tokio::sync::oneshot;
use tracing::{error, warn};

use crate::audit::Audit;
use crate::auth::queue::{Place, Queue};
use crate::auth::throttle::{Throttle, Who};
use crate::auth::{Error, Refused, Sessions, SignedIn, secrets, typed};
use crate::domain::Secret;
use crate::domain::audit::{Action, Deed};
use crate::domain::caller::{Account, AccountId, Role};
use crate::domain::session::Visitor;
use crate::runtime::{Clock, Tally, Tasks};
use crate::store::{Administrator, Store};

/// Each takes a core and 19 MiB for a moment: more at once would be a way to stop the server.
const HASHES_AT_ONCE: usize = 2;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Emergency {
    store: Store,
    audit: Audit,
    clock: Clock,
    throttle: Throttle,
    sessions: Sessions,
    tasks: Tasks,
    hashing: Queue,
    outcomes: Tally<&'static str>,
}

/// What the break-glass sign-in needs.
#[derive(Debug, Clone)]
pub struct EmergencyRooms {
    pub store: Store,
    pub audit: Audit,
    pub clock: Clock,
    pub throttle: Throttle,
    pub sessions: Sessions,
    pub tasks: Tasks,
}

#[derive(Debug)]
pub struct EmergencyForm {
    pub username: String,
    pub password: Secret<String>,
    pub code: Secret<String>,
    pub visitor: Visitor,
    /// The session the browser brought along, if any: it ends with this sign-in.
    pub held: Option<Secret<String>>,
}

impl Emergency {
    pub fn new(rooms: EmergencyRooms) -> Self {
        let EmergencyRooms { store, audit, clock, throttle, sessions, tasks } = rooms;
        Self {
            store,
            audit,
            clock,
            throttle,
            sessions,
            tasks,
            hashing: Queue::new(HASHES_AT_ONCE),
            outcomes: Tally::default(),
        }
    }

    /// How they ended since the start, by outcome or reason.
    pub fn outcomes(&self) -> Tally<&'static str> {
        self.outcomes.clone()
    }

    pub async fn sign_in(&self, form: EmergencyForm) -> Result<SignedIn, Refused> {
        let entered = self.try_form(form).await;
        self.outcomes.count(entered.as_ref().map_or_else(Refused::as_str, |_| "signed_in"));
        entered
    }

    /// A wrong name, a wrong password, a wrong code and one that was used before are one answer.
    async fn try_form(&self, form: EmergencyForm) -> Result<SignedIn, Refused> {
        let EmergencyForm { username, password, code, visitor, held } = form;
        let username = typed::username(&username).map_err(Refused::Invalid)?;
        typed::check_password(&password).map_err(Refused::Invalid)?;
        typed::check_code(&code).map_err(Refused::Invalid)?;
        let who = Who::local(&username, visitor.address);
        self.throttle.admit(&who).await?;
        let mut turn = self.hashing.enter().map_err(|_| {
            self.throttle.give_back(&who);
            Refused::QueueFull
        })?;
        turn.wait(|_| {}).await;
        // Those who came together were all let in; the first failures among them speak for the rest.
        self.throttle.still_admitted(&who).await?;
        let form = EmergencyForm { username, password, code, visitor, held };
        self.finish(form, who, turn).await
    }

    /// Ends the session again when there is nobody left to give it to.
    async fn finish(&self, form: EmergencyForm, who: Who, turn: Place) -> Result<SignedIn, Refused> {
        let (answer, answered) = oneshot::channel();
        let flow = self.clone();
        self.tasks.run("emergency sign-in", async move {
            let arrived = flow.judge(form, &who, turn).await;
            if let Err(Ok(unheard)) = answer.send(arrived)
                && let Err(error) = flow.sessions.take_back(&unheard.session).await
            {
                warn!(error = &error as &dyn std::error::Error, "a session nobody holds could not be ended");
            }
        });
        answered.await.unwrap_or(Err(Refused::Broken(Error::CutOff)))
    }

    async fn judge(&self, form: EmergencyForm, who: &Who, turn: Place) -> Result<SignedIn, Refused> {
        let EmergencyForm { username, password, code, visitor, held } = form;
        let (proved, turn) = self.prove(&username, password, &code, turn).await?;
        let Some(administrator) = proved else {
            self.throttle.failed(who).await?;
            drop(turn);
            self.refused(&username, &visitor).await;
            return Err(Refused::WrongCredentials);
        };
        self.throttle.succeeded(who).await?;
        self.welcome(administrator.username, visitor, held.as_ref()).await
    }

    async fn prove(
        &self,
        username: &str,
        password: Secret<String>,
        code: &Secret<String>,
        turn: Place,
    ) -> Result<(Option<Administrator>, Place), Error> {
        let found = self.store.find_administrator(username).await.map_err(Error::Administrators)?;
        let hash = found.as_ref().map_or(Secret::from(secrets::NOBODYS_HASH), |one| one.password_hash.clone());
        // The turn goes along: nobody can stop a hash that has begun.
        let hashing = tokio::task::spawn_blocking(move || (secrets::fits(&password, hash.reveal()), turn));
        let (fits, turn) = hashing.await.map_err(|_| Error::CutOff)?;
        let fits = fits.map_err(Error::Hash)?;
        let Some(administrator) = found.filter(|_| fits) else { return Ok((None, turn)) };
        let Administrator { username, totp_secret, .. } = &administrator;
        let step = secrets::step_of(username, totp_secret, code, self.clock.now()).map_err(Error::SecondFactor)?;
        let fresh = match step {
            Some(step) => self.store.use_code_step(username, step).await.map_err(Error::Administrators)?,
            None => false,
        };
        Ok((fresh.then_some(administrator), turn))
    }

    async fn welcome(
        &self,
        username: String,
        visitor: Visitor,
        held: Option<&Secret<String>>,
    ) -> Result<SignedIn, Refused> {
        let address = visitor.address;
        let deed = Deed {
            action: Action::BreakGlassSignIn,
            actor: username.clone(),
            address: Some(address),
            subject: String::new(),
            detail: String::new(),
        };
        // First the entry, then the session: unseen, nobody gets one.
        self.audit.record(deed).await.map_err(Error::Audit)?;
        warn!(user = username, %address, "the break-glass administrator signed in");
        let account = Account {
            id: AccountId::of_local(&username),
            full_name: String::new(),
            username,
            role: Role::Administrator,
        };
        Ok(self.sessions.create(account, visitor, held, None).await?)
    }

    async fn refused(&self, username: &str, visitor: &Visitor) {
        let address = visitor.address;
        warn!(user = username, %address, "a break-glass sign-in was refused");
        let deed = Deed {
            action: Action::BreakGlassRefused,
            actor: username.to_owned(),
            address: Some(address),
            subject: String::new(),
            detail: String::new(),
        };
        if let Err(error) = self.audit.record(deed).await {
            error!(error = &error as &dyn std::error::Error, "a refused break-glass sign-in could not be written down");
        }
    }
}
