//! Right passwords that wait for their code.
//!
//! What names one is a new secret, made after the password was proved: whoever planted or watched the attempt does not
//! know it. It is not bound to an address: a browser with both IPv4 and IPv6 may well use the one for the password and the
//! other for the code, and the secret is held as safely as a session's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::auth::token;
use crate::domain::signin::AttemptId;
use crate::domain::{Secret, Timestamp};
use crate::runtime::{Clock, Random};
use crate::truenas::SecondFactor;

/// As long as the NAS waits.
const LIFETIME: Duration = Duration::from_mins(3);
/// Of all accounts together; each may hold a connection to the NAS. The oldest makes room. Of one account there is one.
const MOST: usize = 64;
const TRIES: u32 = 3;

/// Cheap to clone; all clones hold the same.
#[derive(Debug, Clone)]
pub struct Parked(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    random: Random,
    /// By the hash of the secret.
    waiting: Mutex<HashMap<String, Waiting>>,
}

#[derive(Debug)]
struct Waiting {
    /// `None` while a code is being tried.
    factor: Option<SecondFactor>,
    owner: Owner,
    until: Duration,
}

/// Whose password was right.
#[derive(Debug, Clone)]
pub struct Owner {
    pub attempt: AttemptId,
    /// As it was typed.
    pub username: String,
    /// Codes that were wrong so far.
    pub wrong: u32,
    /// As the NAS told them before the password was tried.
    pub password_changes: Vec<(u32, Option<Timestamp>)>,
}

/// Names one whose code is being tried.
#[derive(Debug)]
pub struct Key(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// Never there, too old, or used up.
    Gone,
    /// Another request tries a code right now.
    InUse,
}

impl Parked {
    pub fn new(clock: Clock, random: Random) -> Self {
        Self(Arc::new(Inner { clock, random, waiting: Mutex::default() }))
    }

    pub fn park(&self, factor: SecondFactor, owner: Owner) -> Secret<String> {
        let secret = token::new(&self.0.random);
        let until = self.0.clock.uptime() + LIFETIME;
        let mut waiting = self.waiting();
        forget_old(&mut waiting, self.0.clock.uptime());
        let account = owner.username.to_lowercase();
        waiting.retain(|_, one| one.owner.username.to_lowercase() != account);
        while waiting.len() >= MOST {
            let oldest = waiting.iter().min_by_key(|(_, one)| one.until).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            waiting.remove(&oldest);
        }
        waiting.insert(token::hash(&secret).unwrap_or_default(), Waiting { factor: Some(factor), owner, until });
        secret
    }

    pub fn take(&self, secret: &Secret<String>) -> Result<(SecondFactor, Owner, Key), Absent> {
        let key = token::hash(secret).ok_or(Absent::Gone)?;
        let mut waiting = self.waiting();
        forget_old(&mut waiting, self.0.clock.uptime());
        let one = waiting.get_mut(&key).ok_or(Absent::Gone)?;
        let factor = one.factor.take().ok_or(Absent::InUse)?;
        Ok((factor, one.owner.clone(), Key(key)))
    }

    /// The NAS still waits for a code. Says whether one may be tried.
    pub fn put_back(&self, key: &Key, factor: SecondFactor, wrong: u32) -> bool {
        let mut waiting = self.waiting();
        let Some(one) = waiting.get_mut(&key.0) else { return false };
        one.owner.wrong += wrong;
        one.factor = Some(factor);
        if one.owner.wrong >= TRIES {
            waiting.remove(&key.0);
            return false;
        }
        true
    }

    /// However the code ended, no other is waited for.
    pub fn forget(&self, key: &Key) {
        self.waiting().remove(&key.0);
    }

    pub fn purge(&self) {
        forget_old(&mut self.waiting(), self.0.clock.uptime());
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<String, Waiting>> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Dropping one closes its connection.
fn forget_old(waiting: &mut HashMap<String, Waiting>, now: Duration) {
    waiting.retain(|_, one| now < one.until);
}
