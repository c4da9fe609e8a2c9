//! Signed-in browsers: from the sign-in to the end, whichever of many ends it is.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::audit::Audit;
use crate::auth::ended::{self, Ended};
use crate::auth::{Error, Settings, token};
use crate::domain::audit::{Action, Deed};
use crate::domain::caller::{Account, AccountId, Caller};
use crate::domain::session::{End, Session, SessionId, Visitor};
use crate::domain::{Secret, Timestamp};
use crate::runtime::rounds::{self, Turn};
use crate::runtime::{Clock, Random};
use crate::store::Store;

/// The last use is shown in minutes, so it need not be written more often.
const TOUCH_EVERY: Duration = Duration::from_mins(1);

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
        Self(Arc::new(Inner { store, clock, random, audit, timeout, idle_limit, ended, ends }))
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
        if usage == Use::ByPerson && now.since(session.used_at) >= TOUCH_EVERY {
            // A database that cannot be written for a moment keeps nobody out who is in already.
            match store.touch_session(&session.id, now).await {
                Ok(()) => session.used_at = now,
                Err(error) => warn!(
                    error = &error as &dyn std::error::Error,
                    "the last use of a session could not be written down"
                ),
            }
        }
        Ok(Some(session))
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

    /// Says whether there was such a session that the caller may end: which of the two it was is nobody's business.
    pub async fn end(&self, caller: &Caller, id: &SessionId) -> Result<bool, Error> {
        let Inner { store, audit, .. } = &*self.0;
        let own = self.list_of(&caller.account.id).await?.into_iter().find(|session| session.id == *id);
        let session = match own {
            Some(session) => Some(session),
            None => self.list_all().await?.into_iter().find(|session| session.id == *id),
        };
        let Some(session) = session.filter(|session| caller.account.may_end_session_of(&session.account.id)) else {
            return Ok(false);
        };
        if session.account.id != caller.account.id {
            self.remember([&session], End::ByAdministrator).await?;
        } else if session.id != caller.session {
            self.remember([&session], End::Elsewhere).await?;
        }
        let ended = store.remove_session(id, Some(&session.account.id)).await.map_err(Error::Sessions)?;
        self.tell(u64::from(ended));
        if ended {
            let detail = format!("one session from {}", session.visitor.address);
            let deed = Deed::by(caller, Action::SessionEnded, &session.account.username, detail);
            audit.record(deed).await.map_err(Error::Audit)?;
        }
        Ok(ended)
    }

    /// All of the caller's but the one they speak through.
    pub async fn end_others(&self, caller: &Caller) -> Result<u64, Error> {
        let Inner { store, audit, .. } = &*self.0;
        let own = self.list_of(&caller.account.id).await?;
        self.remember(own.iter().filter(|session| session.id != caller.session), End::Elsewhere).await?;
        let others = store.remove_sessions_of(&caller.account.id, Some(&caller.session)).await;
        let ended = others.map_err(Error::Sessions)?;
        self.tell(ended);
        if ended > 0 {
            let detail = format!("{ended} other sessions");
            let deed = Deed::by(caller, Action::SessionEnded, &caller.account.username, detail);
            audit.record(deed).await.map_err(Error::Audit)?;
        }
        Ok(ended)
    }

    /// All of one account, as far as the caller may; but the one they speak through.
    pub async fn end_all_of(&self, caller: &Caller, account: &AccountId) -> Result<u64, Error> {
        if *account == caller.account.id {
            return self.end_others(caller).await;
        }
        let sessions = self.list_of(account).await?;
        let Some(first) = sessions.first().filter(|_| caller.account.may_end_session_of(account)) else { return Ok(0) };
        self.remember(&sessions, End::ByAdministrator).await?;
        let ended = self.0.store.remove_sessions_of(account, None).await.map_err(Error::Sessions)?;
        self.tell(ended);
        if ended > 0 {
            let detail = format!("{ended} sessions");
            let deed = Deed::by(caller, Action::SessionEnded, &first.account.username, detail);
            self.0.audit.record(deed).await.map_err(Error::Audit)?;
        }
        Ok(ended)
    }

    /// Some of one account, because of what the NAS says of it.
    pub(super) async fn end_because(&self, sessions: &[Session], end: End) -> Result<u64, Error> {
        let Some(first) = sessions.first() else { return Ok(0) };
        self.remember(sessions, end).await?;
        let ids: Vec<SessionId> = sessions.iter().map(|session| session.id.clone()).collect();
        let ended = self.0.store.remove_listed_sessions(&ids).await.map_err(Error::Sessions)?;
        self.ended_by_server(ended, &first.account.username, end).await
    }

    /// Of everybody whom only the NAS can vouch for.
    pub async fn end_all_of_nas(&self, end: End) -> Result<u64, Error> {
        self.remember(&self.list_of_nas().await?, end).await?;
        let ended = self.0.store.remove_sessions_but_local().await.map_err(Error::Sessions)?;
        self.ended_by_server(ended, "", end).await
    }

    async fn ended_by_server(&self, ended: u64, subject: &str, end: End) -> Result<u64, Error> {
        self.tell(ended);
        if ended > 0 {
            let deed = Deed {
                action: Action::SessionEnded,
                actor: "farol".to_owned(),
                address: None,
                subject: subject.to_owned(),
                detail: format!("{ended} sessions: {end}"),
            };
            self.0.audit.record(deed).await.map_err(Error::Audit)?;
        }
        Ok(ended)
    }

    /// The sign-out. The session is gone even when nobody could write that down.
    pub async fn end_by_token(&self, token: &Secret<String>) -> Result<(), Error> {
        let Inner { store, audit, .. } = &*self.0;
        let Some(hash) = token::hash(token) else { return Ok(()) };
        let Some(session) = store.find_session(&hash).await.map_err(Error::Sessions)? else { return Ok(()) };
        self.0.ended.remember([hash.clone(), session.id.as_str().to_owned()], End::SignedOut);
        let ended = store.remove_session_by_hash(&hash).await.map_err(Error::Sessions)?;
        self.tell(u64::from(ended));
        if ended {
            let deed = Deed {
                action: Action::SignOut,
                actor: session.account.username,
                address: Some(session.visitor.address),
                subject: String::new(),
                detail: String::new(),
            };
            audit.record(deed).await.map_err(Error::Audit)?;
        }
        Ok(())
    }

    /// Before they are gone, so that the next request of theirs already hears why.
    async fn remember(&self, sessions: impl IntoIterator<Item = &Session>, end: End) -> Result<(), Error> {
        let ids: Vec<SessionId> = sessions.into_iter().take(ended::MOST).map(|session| session.id.clone()).collect();
        let hashes = self.0.store.list_session_hashes(&ids).await.map_err(Error::Sessions)?;
        self.0.ended.remember(hashes.into_iter().chain(ids.iter().map(|id| id.as_str().to_owned())), end);
        Ok(())
    }

    /// For a sign-in that could not be completed.
    pub(super) async fn take_back(&self, session: &Session) -> Result<(), Error> {
        let removed = self.0.store.remove_session(&session.id, None).await;
        removed.map(|ended| self.tell(u64::from(ended))).map_err(Error::Sessions)
    }

    /// Its person gave a code. What the browser held opens nothing any more. `None`: it opened nothing before either.
    pub(super) async fn confirm(&self, token: &Secret<String>) -> Result<Option<Secret<String>>, Error> {
        let Inner { store, random, clock, .. } = &*self.0;
        if self.find(token, Use::ByItself).await?.is_none() {
            return Ok(None);
        }
        let next = token::new(random);
        let (Some(old), Some(new)) = (token::hash(token), token::hash(&next)) else { return Ok(None) };
        let replaced = store.confirm_session(&old, &new, clock.now()).await.map_err(Error::Sessions)?;
        if replaced {
            self.0.ended.remember([old], End::Renewed);
            self.tell(1);
        }
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
