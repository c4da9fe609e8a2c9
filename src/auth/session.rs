//! Signed-in browsers: from the sign-in to the end, whichever of many ends it is.

mod ending;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::audit::Audit;
use crate::auth::ended::Ended;
use crate::auth::{Error, Settings, token};
use crate::domain::caller::{Account, AccountId};
use crate::domain::session::{End, Session, SessionId, Visitor};
use crate::domain::{Secret, Timestamp};
use crate::runtime::rounds::{self, Turn};
use crate::runtime::{Clock, Random};
use crate::store::Store;

/// The last use is shown in minutes, so it need not be written more often.
const TOUCH_EVERY: Duration = Duration::from_mins(1);

const TOUCH_AGAIN_AFTER: Duration = Duration::from_secs(15);

/// Between two looks for sessions that are over. Nobody may set sessions to last less than the longer of the two, so that
/// one begun meanwhile is found in time; the calendar may be a little behind what was waited for.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
const SHORTEST_WAIT: Duration = Duration::from_millis(10);

/// More than an office has browsers.
const MOST_SHOWN: u64 = 1_000;
/// More than anybody can open in the time a session lasts: none must escape being looked at behind many others.
const MOST_LOOKED_AT: u64 = 100_000;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sessions(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    clock: Clock,
    random: Random,
    audit: Audit,
    timeout: Duration,
    idle_limit: Duration,
    touch_failed_at: Mutex<Option<Duration>>,
    /// Why the browsers of sessions that ended are no longer believed.
    ended: Ended,
    /// Written whenever one ends here.
    ends: watch::Sender<()>,
}

/// Whether a request is the doing of a person. Sockets and polling go on when nobody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    ByPerson,
    ByItself,
}

#[derive(Debug)]
pub struct SignedIn {
    /// For the browser to hold. It is nowhere else.
    pub token: Secret<String>,
    pub session: Session,
}

impl Sessions {
    pub fn new(store: Store, audit: Audit, settings: &Settings, clock: Clock, random: Random) -> Self {
        let (timeout, idle_limit) = (settings.session_timeout, settings.idle_timeout);
        let (ended, ends) = (Ended::new(clock.clone()), watch::Sender::new(()));
        Self(Arc::new(Inner {
            store,
            clock,
            random,
            audit,
            timeout,
            idle_limit,
            touch_failed_at: Mutex::default(),
            ended,
            ends,
        }))
    }

    /// `held` is what the browser brought along: whoever planted it must find nothing behind it. `password_changed_at` is of
    /// the password that was proved, as far as the NAS tells.
    pub async fn create(
        &self,
        account: Account,
        visitor: Visitor,
        held: Option<&Secret<String>>,
        password_changed_at: Option<Timestamp>,
    ) -> Result<SignedIn, Error> {
        let Inner { store, clock, random, .. } = &*self.0;
        if let Some(hash) = held.and_then(token::hash) {
            self.replace(&hash, &account).await?;
        }
        self.make_room(&account.id).await?;
        let now = clock.now();
        let confirmed_at = account.id.is_local().then_some(now);
        let session = Session {
            id: SessionId::new(random.token()),
            account,
            visitor,
            created_at: now,
            used_at: now,
            ends_at: now.plus(self.0.timeout),
            password_changed_at,
            // The break-glass administrator comes in by a code.
            confirmed_at,
        };
        let token = token::new(random);
        let hash = token::hash(&token).unwrap_or_default();
        store.create_session(&session, &hash).await.map_err(Error::Sessions)?;
        Ok(SignedIn { token, session })
    }

    /// Pages of the same person that are still open go on with what the browser holds from now on; those of somebody else
    /// must not.
    async fn replace(&self, hash: &str, successor: &Account) -> Result<(), Error> {
        let Inner { store, ended, .. } = &*self.0;
        if let Some(before) = store.find_session(hash).await.map_err(Error::Sessions)? {
            let end = if before.account.id == successor.id { End::Renewed } else { End::Replaced };
            ended.remember([hash.to_owned(), before.id.as_str().to_owned()], end);
        }
        let removed = store.remove_session_by_hash(hash).await.map_err(Error::Sessions)?;
        self.tell(u64::from(removed));
        Ok(())
    }

    /// `None`: not a session, or not any more.
    pub async fn find(&self, token: &Secret<String>, usage: Use) -> Result<Option<Session>, Error> {
        let Inner { store, clock, idle_limit, .. } = &*self.0;
        let Some(hash) = token::hash(token) else { return Ok(None) };
        let now = clock.now();
        let found = store.find_session(&hash).await.map_err(Error::Sessions)?;
        let Some(mut session) = found else { return Ok(None) };
        if let Some(end) = session.over(now, *idle_limit) {
            self.0.ended.remember([hash, session.id.as_str().to_owned()], end);
            return Ok(None);
        }
        if usage == Use::ByPerson && now.since(session.used_at) >= TOUCH_EVERY && self.may_touch() {
            // A database that cannot be written for a moment keeps nobody out who is in already.
            match store.touch_session(&session.id, now).await {
                Ok(()) => session.used_at = now,
                Err(error) => {
                    *self.touch_failed_at() = Some(clock.uptime());
                    let error = &error as &dyn std::error::Error;
                    warn!(error, "the last use of sessions is not written down for a while");
                }
            }
        }
        Ok(Some(session))
    }

    /// While it cannot be done, one page in a while waits for that, and not each of them.
    fn may_touch(&self) -> bool {
        let now = self.0.clock.uptime();
        self.touch_failed_at().is_none_or(|at| now.saturating_sub(at) >= TOUCH_AGAIN_AFTER)
    }

    fn touch_failed_at(&self) -> MutexGuard<'_, Option<Duration>> {
        self.0.touch_failed_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why there is no session behind what a browser still holds, when there was one not long ago.
    pub fn why_ended(&self, token: &Secret<String>) -> Option<End> {
        self.0.ended.find(&token::hash(token)?)
    }

    /// The same for somebody who knows the session by its name.
    pub fn why_over(&self, id: &SessionId) -> Option<End> {
        self.0.ended.find(id.as_str())
    }

    /// Which of them still live, and until when if nobody uses them. Asking is no use.
    pub async fn list_living(&self, ids: &[SessionId]) -> Result<Vec<(SessionId, Timestamp)>, Error> {
        let Inner { store, clock, idle_limit, ended, .. } = &*self.0;
        let now = clock.now();
        let sessions = store.list_listed_sessions(ids).await.map_err(Error::Sessions)?;
        let living = |session: Session| match session.over(now, *idle_limit) {
            None => Some((session.id, session.ends_at.min(session.used_at.plus(*idle_limit)))),
            Some(end) => {
                ended.remember([session.id.as_str().to_owned()], end);
                None
            }
        };
        Ok(sessions.into_iter().filter_map(living).collect())
    }

    /// Changes whenever a session has ended here before its time: whoever holds one open looks again.
    pub fn ends(&self) -> watch::Receiver<()> {
        self.0.ends.subscribe()
    }

    /// However many others there are.
    pub async fn find_by_id(&self, id: &SessionId) -> Result<Option<Session>, Error> {
        let found = self.0.store.list_listed_sessions(std::slice::from_ref(id)).await.map_err(Error::Sessions)?;
        Ok(self.living(found).pop())
    }

    /// The last used first.
    pub async fn list_of(&self, account: &AccountId) -> Result<Vec<Session>, Error> {
        let sessions = self.0.store.list_sessions(account).await.map_err(Error::Sessions)?;
        Ok(self.living(sessions))
    }

    /// The last used first.
    pub async fn list_all(&self) -> Result<Vec<Session>, Error> {
        let sessions = self.0.store.list_all_sessions(MOST_SHOWN).await.map_err(Error::Sessions)?;
        Ok(self.living(sessions))
    }

    /// Those only the NAS can vouch for, the last used first.
    pub(super) async fn list_of_nas(&self) -> Result<Vec<Session>, Error> {
        let sessions = self.0.store.list_all_sessions(MOST_LOOKED_AT).await.map_err(Error::Sessions)?;
        let mut living = self.living(sessions);
        living.retain(|session| !session.account.id.is_local());
        Ok(living)
    }

    fn living(&self, mut sessions: Vec<Session>) -> Vec<Session> {
        let now = self.0.clock.now();
        sessions.retain(|session| session.over(now, self.0.idle_limit).is_none());
        sessions
    }

    /// Its person gave a code. What the browser held opens nothing any more, and what was opened with it is closed: the
    /// session goes on by another name. `None`: it opened nothing before either.
    pub(super) async fn confirm(&self, token: &Secret<String>) -> Result<Option<Secret<String>>, Error> {
        let Inner { store, random, clock, .. } = &*self.0;
        let Some(before) = self.find(token, Use::ByItself).await? else { return Ok(None) };
        let (next, id) = (token::new(random), SessionId::new(random.token()));
        let (Some(old), Some(new)) = (token::hash(token), token::hash(&next)) else { return Ok(None) };
        self.0.ended.remember([old.clone(), before.id.as_str().to_owned()], End::Renewed);
        let replaced = store.confirm_session(&old, (&new, &id), clock.now()).await.map_err(Error::Sessions)?;
        self.tell(u64::from(replaced));
        Ok(replaced.then_some(next))
    }

    /// Ends every session at its time, until the stop.
    pub async fn run(self, stop: CancellationToken) {
        let clock = &self.0.clock;
        loop {
            let turn = Turn::begin(clock);
            let next = self.purge().await.unwrap_or_else(|error| {
                rounds::failed(&error);
                warn!(error = &error as &dyn std::error::Error, "sessions whose time is over could not be ended");
                None
            });
            let wait = next.map_or(LONGEST_WAIT, |at| at.since(clock.now()).clamp(SHORTEST_WAIT, LONGEST_WAIT));
            turn.end(clock, wait);
            tokio::select! {
                () = stop.cancelled() => return,
                () = clock.sleep(wait) => {}
            }
        }
    }

    /// Ends what is over now. When the next one will be, as far as is known.
    async fn purge(&self) -> Result<Option<Timestamp>, Error> {
        let Inner { store, clock, idle_limit, .. } = &*self.0;
        let now = clock.now();
        let all = store.list_all_sessions(MOST_LOOKED_AT).await.map_err(Error::Sessions)?;
        if all.iter().any(|session| session.is_ahead(now, self.0.timeout)) {
            // Nobody stays in for a year because the calendar was a year ahead.
            warn!("sessions lie ahead of the clock, or last longer than new ones may: they are counted from now");
            store.set_sessions_back(now, now.plus(self.0.timeout)).await.map_err(Error::Sessions)?;
        }
        for end in [End::TimeOver, End::Unused] {
            self.remember(all.iter().filter(|session| session.over(now, *idle_limit) == Some(end)), end).await?;
        }
        let ended = store.remove_dead_sessions(now, now.minus(*idle_limit)).await.map_err(Error::Sessions)?;
        if ended > 0 {
            info!(sessions = ended, "sessions whose time was over are gone");
        }
        self.tell(ended);
        let ends = all.iter().map(|session| session.ends_at.min(session.used_at.plus(*idle_limit)));
        Ok(ends.filter(|at| *at > now).min())
    }

    fn tell(&self, ended: u64) {
        if ended > 0 {
            self.0.ends.send_replace(());
        }
    }
}

#[cfg(test)]
mod tests;
