//! The local administrators, as whoever holds the server's command line sees them.

use crate::audit::Audit;
use crate::auth::{Error, secrets};
use crate::domain::audit::{Action, Deed};
use crate::domain::caller::AccountId;
use crate::domain::{Secret, Timestamp};
use crate::runtime::{Clock, Random};
use crate::store::{Administrator, Store};

/// In characters.
pub const SHORTEST_PASSWORD: usize = 12;
const LONGEST_PASSWORD: usize = 256;
const LONGEST_NAME: usize = 64;

/// The audit trail's word for whoever sat at the server.
const AT_THE_SERVER: &str = "farol admin";

#[derive(Debug, Clone)]
pub struct Administrators {
    store: Store,
    audit: Audit,
    clock: Clock,
    random: Random,
}

/// Complete but for the proof that the codes work.
#[derive(Debug)]
pub struct Candidate {
    username: String,
    password_hash: Secret<String>,
    totp_secret: Secret<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Created,
    WrongCode,
    /// There is one of this name.
    Exists,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Small letters, digits, dot, dash and underscore; a letter first.
    Name,
    ShortPassword,
    LongPassword,
    /// The password is the name, or is made of it.
    Guessable,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub username: String,
    pub created_at: Timestamp,
}

impl Candidate {
    pub fn username(&self) -> &str {
        &self.username
    }

    /// For those who type it.
    pub fn secret(&self) -> &Secret<String> {
        &self.totp_secret
    }

    /// For an authenticator.
    pub fn uri(&self) -> Result<Secret<String>, Error> {
        secrets::uri(&self.username, &self.totp_secret).map_err(Error::SecondFactor)
    }
}

impl Administrators {
    pub fn new(store: Store, audit: Audit, clock: Clock, random: Random) -> Self {
        Self { store, audit, clock, random }
    }

    pub async fn exists(&self, username: &str) -> Result<bool, Error> {
        Ok(self.store.find_administrator(username).await.map_err(Error::Administrators)?.is_some())
    }

    /// Takes a moment. Nothing is kept yet.
    pub fn prepare(&self, username: &str, password: &Secret<String>) -> Result<Candidate, Error> {
        let password_hash = secrets::hash(password, &self.random).map_err(Error::Hash)?;
        let totp_secret = secrets::new_totp_secret(&self.random);
        Ok(Candidate { username: username.to_owned(), password_hash, totp_secret })
    }

    /// Only with a code that fits: a second factor nobody can answer would lock its owner out on the worst day. That code
    /// is used up.
    pub async fn keep(&self, candidate: &Candidate, code: &Secret<String>) -> Result<Kept, Error> {
        let Candidate { username, password_hash, totp_secret } = candidate;
        let now = self.clock.now();
        let step = secrets::step_of(username, totp_secret, code, now).map_err(Error::SecondFactor)?;
        let Some(last_step) = step else { return Ok(Kept::WrongCode) };
        let new = Administrator {
            username: username.clone(),
            password_hash: password_hash.clone(),
            totp_secret: totp_secret.clone(),
            last_step,
            created_at: now,
        };
        if !self.store.create_administrator(&new).await.map_err(Error::Administrators)? {
            return Ok(Kept::Exists);
        }
        if let Err(error) = self.record(Action::AdministratorCreated, username).await {
            // Nobody gets these rights unseen.
            self.store.remove_administrator(username).await.map_err(Error::Administrators)?;
            return Err(error);
        }
        Ok(Kept::Created)
    }

    /// By name.
    pub async fn list(&self) -> Result<Vec<Listed>, Error> {
        let all = self.store.list_administrators().await.map_err(Error::Administrators)?;
        Ok(all.into_iter().map(|one| Listed { username: one.username, created_at: one.created_at }).collect())
    }

    /// With all sessions. Says whether there was one of this name.
    pub async fn remove(&self, username: &str) -> Result<bool, Error> {
        let removed = self.store.remove_administrator(username).await.map_err(Error::Administrators)?;
        let account = AccountId::of_local(username);
        self.store.remove_sessions_of(&account, None).await.map_err(Error::Sessions)?;
        if removed {
            self.record(Action::AdministratorRemoved, username).await?;
        }
        Ok(removed)
    }

    /// The second factor of an administrator of the NAS, with all sessions it has opened: they enrol another one after their
    /// next sign-in. Says whether there was one.
    pub async fn reset_factor(&self, username: &str) -> Result<bool, Error> {
        let factors = self.store.list_factors_of(username).await.map_err(Error::Factors)?;
        for factor in &factors {
            self.store.remove_factor(&factor.account).await.map_err(Error::Factors)?;
            self.store.remove_sessions_of(&factor.account, None).await.map_err(Error::Sessions)?;
            self.record(Action::FactorReset, username).await?;
        }
        Ok(!factors.is_empty())
    }

    async fn record(&self, action: Action, username: &str) -> Result<(), Error> {
        let deed = Deed {
            action,
            actor: AT_THE_SERVER.to_owned(),
            address: None,
            subject: username.to_owned(),
            detail: String::new(),
        };
        self.audit.record(deed).await.map(drop).map_err(Error::Audit)
    }
}

/// What is wrong with a name, before anybody is asked for a password.
pub fn check_name(username: &str) -> Result<(), Unfit> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    let starts_well = username.starts_with(|c: char| c.is_ascii_lowercase());
    if starts_well && username.len() <= LONGEST_NAME && username.chars().all(fits) { Ok(()) } else { Err(Unfit::Name) }
}

pub fn check_password(username: &str, password: &Secret<String>) -> Result<(), Unfit> {
    let text = password.reveal();
    match text.chars().count() {
        ..SHORTEST_PASSWORD => Err(Unfit::ShortPassword),
        length if length > LONGEST_PASSWORD => Err(Unfit::LongPassword),
        _ if text.to_lowercase().replace(&username.to_lowercase(), "").chars().count() < SHORTEST_PASSWORD / 2 => {
            Err(Unfit::Guessable)
        }
        _ => Ok(()),
    }
}
