//! Who has to wait before the next try: softly, growing, and never so that somebody else keeps a person out for good.
//!
//! Kept are, each under its key: tries of an account from an address within a minute; failures from an address; failures
//! of an account, apart for each address it has lately signed in from; and those addresses. At such an address only that
//! account's own failures there count: neither a guesser elsewhere nor colleagues behind the same address hold a person up.
//! At an address that is new to the account, a guesser elsewhere costs its person a few seconds, and never minutes.
//! What keeps somebody waiting is in the store, so a restart forgives nobody; only a minute's count of tries that led to
//! no waiting is not.

mod rule;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tracing::info;

use crate::audit::Audit;
use crate::auth::{Error, Refused};
use crate::domain::audit::{Action, Deed};
use crate::domain::ban::Ban;
use crate::domain::caller::Caller;
use crate::runtime::Clock;
use crate::store::{Failure, Store};

pub use rule::{Counted, Door, Who, counted};

/// Of one account from one address, right or wrong.
const TRIES: usize = 5;
const TRIES_WITHIN: Duration = Duration::from_mins(1);
/// Failures count together when they lie no further apart.
const FORGET_AFTER: Duration = Duration::from_mins(15);
/// A long weekend: on Monday the usual address is still a known one.
const KEEP_FOR: Duration = Duration::from_hours(4 * 24);
/// Knowing an address is written down once a day.
const RENEW_KNOWN: Duration = Duration::from_hours(24);
/// Pairs of account and address remembered at once. Beyond that failures still count.
const MOST_PAIRS: usize = 10_000;
const MOST_LISTED: u64 = 500;

/// Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Throttle(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    audit: Audit,
    clock: Clock,
    /// When each pair tried, by the uptime.
    tries: Mutex<HashMap<String, VecDeque<Duration>>>,
}

impl Throttle {
    pub fn new(store: Store, audit: Audit, clock: Clock) -> Self {
        Self(Arc::new(Inner { store, audit, clock, tries: Mutex::default() }))
    }

    /// Counts a try, unless there is something to wait for.
    pub async fn admit(&self, who: &Who) -> Result<(), Refused> {
        self.still_admitted(who).await?;
        let Some(wait) = self.try_now(&who.pair()) else { return Ok(()) };
        let now = self.0.clock.now();
        let tries = u32::try_from(TRIES).unwrap_or(u32::MAX);
        let ban = Ban { key: who.pair(), failures: tries, first_at: now, last_at: now, until: now.plus(wait) };
        self.0.store.put_ban(&ban).await.map_err(Error::Failures)?;
        self.placed(who, &ban).await?;
        Err(Refused::Throttled { wait })
    }

    /// Takes back the latest count of a try nobody judged: an outage is no guessing.
    pub fn give_back(&self, who: &Who) {
        if let Some(times) = self.tries().get_mut(&who.pair()) {
            times.pop_back();
        }
    }

    /// Asks again without counting: much can happen while somebody stands in line.
    pub async fn still_admitted(&self, who: &Who) -> Result<(), Refused> {
        let mut keys = vec![who.pair()];
        if self.knows(who).await? {
            keys.push(who.usual());
        } else {
            keys.extend([who.address(), who.account()]);
        }
        let mut wait = Duration::ZERO;
        for key in keys {
            wait = wait.max(self.wait_of(&key).await?);
        }
        if wait.is_zero() { Ok(()) } else { Err(Refused::Throttled { wait }) }
    }

    /// A wrong password or code. A name nobody has is counted like any other. Gives how many of the account's count together.
    pub async fn failed(&self, who: &Who) -> Result<u32, Error> {
        let counted: &[(String, rule::Waits)] = if self.knows(who).await? {
            // A colleague who mistypes costs nobody else at this address anything.
            &[(who.usual(), rule::wait_after)]
        } else {
            &[(who.account(), who.waits_of_account()), (who.address(), rule::wait_after)]
        };
        let mut of_account = None;
        for (key, wait) in counted {
            let at = self.0.clock.now();
            let failure = Failure { key, at, forget_before: at.minus(FORGET_AFTER) };
            let ban = self.0.store.count_failure(failure, *wait).await.map_err(Error::Failures)?;
            if ban.failures == rule::FREE_FAILURES + 1 {
                self.placed(who, &ban).await?;
            }
            // The account's own come first.
            of_account.get_or_insert(ban.failures);
        }
        Ok(of_account.unwrap_or_default())
    }

    /// From now on this address is one the account signs in from. Failures counted elsewhere stay counted, or whoever
    /// guesses would have new tries whenever the person signs in.
    pub async fn succeeded(&self, who: &Who) -> Result<(), Error> {
        let Inner { store, clock, .. } = &*self.0;
        let (key, now) = (who.known(), clock.now());
        let known = store.find_ban(&key).await.map_err(Error::Failures)?;
        if known.is_some_and(|known| now.since(known.last_at) < RENEW_KNOWN) {
            return Ok(());
        }
        let known = Ban { key, failures: 0, first_at: now, last_at: now, until: now };
        store.put_ban(&known).await.map_err(Error::Failures)
    }

    /// Those that keep somebody waiting now, the longest first.
    pub async fn list(&self) -> Result<Vec<Ban>, Error> {
        self.0.store.list_bans(self.0.clock.now(), MOST_LISTED).await.map_err(Error::Failures)
    }

    /// Says whether there was something to lift.
    pub async fn lift(&self, caller: &Caller, key: &str) -> Result<bool, Error> {
        let Inner { store, audit, .. } = &*self.0;
        if !rule::is_ban(key) || !store.remove_ban(key).await.map_err(Error::Failures)? {
            return Ok(false);
        }
        self.tries().remove(key);
        audit.record(Deed::by(caller, Action::BanLifted, key, "")).await.map_err(Error::Audit)?;
        Ok(true)
    }

    pub async fn purge(&self) -> Result<(), Error> {
        forget_old(&mut self.tries(), self.0.clock.uptime());
        let old = self.0.clock.now().minus(KEEP_FOR);
        self.0.store.remove_old_bans(old).await.map(drop).map_err(Error::Failures)
    }

    async fn wait_of(&self, key: &str) -> Result<Duration, Error> {
        let Inner { store, clock, .. } = &*self.0;
        let Some(ban) = store.find_ban(key).await.map_err(Error::Failures)? else { return Ok(Duration::ZERO) };
        let (now, longest) = (clock.now(), rule::longest_wait(key));
        let wait = ban.until.since(now);
        if wait > longest {
            // The calendar was set back since: that keeps nobody out for longer than failures do.
            store.shorten_ban(key, now, now.plus(longest)).await.map_err(Error::Failures)?;
        }
        Ok(wait.min(longest))
    }

    async fn knows(&self, who: &Who) -> Result<bool, Error> {
        let known = self.0.store.find_ban(&who.known()).await.map_err(Error::Failures)?;
        Ok(known.is_some_and(|known| self.0.clock.now().since(known.last_at) < KEEP_FOR))
    }

    /// How long to wait when this pair has used up its tries; counts one otherwise.
    fn try_now(&self, pair: &str) -> Option<Duration> {
        let now = self.0.clock.uptime();
        let mut tries = self.tries();
        if tries.len() >= MOST_PAIRS {
            forget_old(&mut tries, now);
        }
        if tries.len() >= MOST_PAIRS && !tries.contains_key(pair) {
            return None;
        }
        let times = tries.entry(pair.to_owned()).or_default();
        while times.front().is_some_and(|first| now.saturating_sub(*first) >= TRIES_WITHIN) {
            times.pop_front();
        }
        if times.len() >= TRIES {
            return times.front().map(|first| TRIES_WITHIN.saturating_sub(now.saturating_sub(*first)));
        }
        times.push_back(now);
        None
    }

    async fn placed(&self, who: &Who, ban: &Ban) -> Result<(), Error> {
        info!(key = ban.key, failures = ban.failures, "somebody has to wait before the next sign-in");
        let deed = Deed {
            action: Action::BanPlaced,
            actor: "farol".to_owned(),
            address: Some(who.ip()),
            subject: ban.key.clone(),
            detail: format!("{} tries", ban.failures),
        };
        self.0.audit.record(deed).await.map(drop).map_err(Error::Audit)
    }

    fn tries(&self) -> std::sync::MutexGuard<'_, HashMap<String, VecDeque<Duration>>> {
        self.0.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget_old(tries: &mut HashMap<String, VecDeque<Duration>>, now: Duration) {
    tries.retain(|_, times| times.back().is_some_and(|last| now.saturating_sub(*last) < TRIES_WITHIN));
}

#[cfg(test)]
mod tests;
