//! The second factor of those who administer: enrolled by themselves just after their password was proved, then asked for
//! once a session, and again before what gives power over others.

use std::sync::Arc;

use tracing::{error, warn};

use crate::audit::Audit;
use crate::auth::seal::Seal;
use crate::auth::throttle::{Throttle, Who};
use crate::auth::{Error, Refused, SecondFactor, Sessions, secrets, typed};
use crate::domain::Secret;
use crate::domain::audit::{Action, Deed};
use crate::domain::caller::{Caller, FRESH_FOR, Role, Standing};
use crate::domain::event::{Audience, Line};
use crate::domain::notice::Notice;
use crate::domain::session::{End, Session};
use crate::live::Hub;
use crate::runtime::{Clock, Random};
use crate::store::{Factor, Store};

/// Wrong codes, at one address or over many, none of them long after the one before.
const MOST_WRONG: u32 = 10;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Factors(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rooms: FactorRooms,
    seal: Seal,
    setting: SecondFactor,
}

/// What asking for codes needs.
#[derive(Debug, Clone)]
pub struct FactorRooms {
    pub store: Store,
    pub audit: Audit,
    pub clock: Clock,
    pub random: Random,
    pub throttle: Throttle,
    pub sessions: Sessions,
    pub hub: Hub,
}

/// What stands between somebody and a better standing.
#[derive(Debug)]
pub enum Wanted {
    Code,
    /// They have no second factor yet, and may enrol this one.
    Enrolment(Offer),
    /// They have none, and their password was proved too long ago to trust them with a new one.
    SignIn,
}

/// For an authenticator: whole, and for those who type it.
#[derive(Debug)]
pub struct Offer {
    pub uri: Secret<String>,
    pub secret: Secret<String>,
}

/// Whose codes are taken, and where it is noted which were.
enum Held {
    Local(Secret<String>),
    OfNas(Secret<String>),
}

impl Factors {
    pub fn new(rooms: FactorRooms, secret_key: &Secret<String>, setting: SecondFactor) -> Self {
        Self(Arc::new(Inner { rooms, seal: Seal::new(secret_key), setting }))
    }

    pub fn setting(&self) -> SecondFactor {
        self.0.setting
    }

    pub fn standing(&self, session: &Session) -> Standing {
        match (session.account.role, self.0.setting) {
            (Role::Employee, _) => Standing::Plain,
            (Role::Administrator, SecondFactor::Off) => Standing::Fresh,
            (Role::Administrator, SecondFactor::Required) => {
                Standing::of(session.confirmed_at, self.0.rooms.clock.now())
            }
        }
    }

    pub async fn wanted(&self, caller: &Caller) -> Result<Wanted, Error> {
        if self.find(caller).await?.is_some() {
            return Ok(Wanted::Code);
        }
        if !self.came_just_now(caller).await? {
            return Ok(Wanted::SignIn);
        }
        let secret = self.offered(caller);
        let uri = secrets::uri(&label(caller), &secret).map_err(Error::SecondFactor)?;
        Ok(Wanted::Enrolment(Offer { uri, secret }))
    }

    /// Enrols what was offered, or confirms by what was enrolled. Gives what the browser holds from now on.
    pub async fn answer(
        &self,
        caller: &Caller,
        token: &Secret<String>,
        code: &Secret<String>,
    ) -> Result<Secret<String>, Refused> {
        typed::check_code(code).map_err(Refused::Invalid)?;
        let FactorRooms { throttle, sessions, .. } = &self.0.rooms;
        let username = &caller.account.username;
        let who = if caller.account.id.is_local() {
            Who::local(username, caller.address)
        } else {
            Who::with_code(username, caller.address)
        };
        throttle.admit(&who).await?;
        let fits = match self.find(caller).await? {
            Some(held) => self.take(caller, &held, code).await?,
            None if self.came_just_now(caller).await? => self.enrol(caller, code).await?,
            None => {
                throttle.give_back(&who);
                return Err(Refused::CodeExpired);
            }
        };
        if !fits {
            let failures = throttle.failed(&who).await?;
            self.refused(caller).await;
            if failures.is_multiple_of(MOST_WRONG) {
                self.give_up_on(caller).await?;
            }
            return Err(Refused::WrongCode { again: true });
        }
        throttle.succeeded(&who).await?;
        self.record(caller, Action::Confirmed).await?;
        sessions.confirm(token).await?.ok_or(Refused::CodeExpired)
    }

    async fn find(&self, caller: &Caller) -> Result<Option<Held>, Error> {
        let (store, account) = (&self.0.rooms.store, &caller.account);
        if account.id.is_local() {
            let found = store.find_administrator(&account.username).await.map_err(Error::Administrators)?;
            return Ok(found.map(|found| Held::Local(found.totp_secret)));
        }
        let Some(kept) = store.find_factor(&account.id).await.map_err(Error::Factors)? else { return Ok(None) };
        let secret = self.0.seal.open(&account.id, &kept.sealed);
        secret.map(|secret| Some(Held::OfNas(secret))).ok_or_else(|| Error::Sealed(kept.username))
    }

    /// Says whether the code fits and was not used before; it is used up.
    async fn take(&self, caller: &Caller, held: &Held, code: &Secret<String>) -> Result<bool, Error> {
        let FactorRooms { store, clock, .. } = &self.0.rooms;
        let (Held::Local(secret) | Held::OfNas(secret)) = held;
        let step = secrets::step_of(&label(caller), secret, code, clock.now()).map_err(Error::SecondFactor)?;
        let Some(step) = step else { return Ok(false) };
        match held {
            Held::Local(_) => store.use_code_step(&caller.account.username, step).await.map_err(Error::Administrators),
            Held::OfNas(_) => store.use_factor_step(&caller.account.id, step).await.map_err(Error::Factors),
        }
    }

    /// Only with a code that fits, which is used up: a second factor nobody can answer would lock its owner out.
    async fn enrol(&self, caller: &Caller, code: &Secret<String>) -> Result<bool, Error> {
        let FactorRooms { store, clock, random, .. } = &self.0.rooms;
        let (secret, now) = (self.offered(caller), clock.now());
        let step = secrets::step_of(&label(caller), &secret, code, now).map_err(Error::SecondFactor)?;
        let Some(last_step) = step else { return Ok(false) };
        let account = &caller.account;
        let new = Factor {
            account: account.id.clone(),
            username: account.username.clone(),
            sealed: self.0.seal.close(&account.id, &secret, random),
            last_step,
            created_at: now,
        };
        if !store.create_factor(&new).await.map_err(Error::Factors)? {
            return Ok(false);
        }
        if let Err(error) = self.record(caller, Action::FactorEnrolled).await {
            // Nobody gets these rights unseen.
            store.remove_factor(&account.id).await.map_err(Error::Factors)?;
            return Err(error);
        }
        warn!(user = account.username, address = %caller.address, "an administrator enrolled a second factor");
        Ok(true)
    }

    /// Whoever walks up to a browser left open must not be the one to enrol.
    async fn came_just_now(&self, caller: &Caller) -> Result<bool, Error> {
        let FactorRooms { sessions, clock, .. } = &self.0.rooms;
        let own = sessions.list_of(&caller.account.id).await?;
        let session = own.iter().find(|session| session.id == caller.session);
        Ok(session.is_some_and(|session| clock.now().since(session.created_at) < FRESH_FOR))
    }

    fn offered(&self, caller: &Caller) -> Secret<String> {
        secrets::totp_secret(&self.0.seal.offered(&caller.session))
    }

    async fn record(&self, caller: &Caller, action: Action) -> Result<(), Error> {
        self.0.rooms.audit.record(Deed::by(caller, action, "", "")).await.map(drop).map_err(Error::Audit)
    }

    /// Nobody mistypes that often. Whoever goes on has to prove the password again, and those who can change it know.
    async fn give_up_on(&self, caller: &Caller) -> Result<(), Error> {
        let FactorRooms { sessions, hub, .. } = &self.0.rooms;
        let session = sessions.find_by_id(&caller.session).await?;
        sessions.end_because(session.as_slice(), End::CodesGuessed).await?;
        let notice = Notice::CodesGuessed { username: caller.account.username.clone() };
        let told = hub.tell(Audience::Administrators, Line::Notice(notice)).await;
        told.map(drop).map_err(|error| Error::Tell(Box::new(error)))
    }

    async fn refused(&self, caller: &Caller) {
        warn!(user = caller.account.username, address = %caller.address, "a code of a second factor was refused");
        if let Err(error) = self.record(caller, Action::ConfirmationRefused).await {
            error!(error = &error as &dyn std::error::Error, "a refused code could not be written down");
        }
    }
}

/// As an authenticator shows it: a colon would end the name there.
fn label(caller: &Caller) -> String {
    caller.account.username.replace(':', "_")
}
