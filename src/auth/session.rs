//! Signed-in browsers: from the sign-in to the end, whichever of many ends it is.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tracing::info;

use crate::audit::Audit;
use crate::auth::{Error, Settings, token};
use crate::domain::audit::{Action, Deed};
use crate::domain::caller::{Account, AccountId, Caller};
use crate::domain::session::{Session, SessionId, Visitor};
use crate::domain::{Secret, Timestamp};
use crate::runtime::{Clock, Random};
use crate::store::Store;

/// The last use is shown in minutes, so it need not be written more often.
const TOUCH_EVERY: Duration = Duration::from_mins(1);

/// More than an office has browsers.
const MOST_SHOWN: u64 = 1_000;

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
        Self(Arc::new(Inner { store, clock, random, audit, timeout, idle_limit, ends: watch::Sender::new(()) }))
    }

    /// `held` is what the browser brought along: whoever planted it must find nothing behind it.
    pub async fn create(
        &self,
        account: Account,
        visitor: Visitor,
        held: Option<&Secret<String>>,
    ) -> Result<SignedIn, Error> {
        let Inner { store, clock, random, .. } = &*self.0;
        if let Some(hash) = held.and_then(token::hash) {
            let ended = store.remove_session_by_hash(&hash).await.map_err(Error::Sessions)?;
            self.tell(u64::from(ended));
        }
        let now = clock.now();
        let session = Session {
            id: SessionId::new(random.token()),
            account,
            visitor,
            created_at: now,
            used_at: now,
            ends_at: now.plus(self.0.timeout),
        };
        let token = token::new(random);
        let hash = token::hash(&token).unwrap_or_default();
        store.create_session(&session, &hash).await.map_err(Error::Sessions)?;
        Ok(SignedIn { token, session })
    }

    /// `None`: not a session, or not any more.
    pub async fn find(&self, token: &Secret<String>, usage: Use) -> Result<Option<Session>, Error> {
        let Inner { store, clock, idle_limit, .. } = &*self.0;
        let Some(hash) = token::hash(token) else { return Ok(None) };
        let now = clock.now();
        let found = store.find_session(&hash).await.map_err(Error::Sessions)?;
        let Some(mut session) = found.filter(|session| !session.is_over(now, *idle_limit)) else { return Ok(None) };
        if usage == Use::ByPerson && now.since(session.used_at) >= TOUCH_EVERY {
            store.touch_session(&session.id, now).await.map_err(Error::Sessions)?;
            session.used_at = now;
        }
        Ok(Some(session))
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

    fn living(&self, mut sessions: Vec<Session>) -> Vec<Session> {
        let now = self.0.clock.now();
        sessions.retain(|session| !session.is_over(now, self.0.idle_limit));
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
        let ended = store.remove_session(id, Some(&session.account.id)).await.map_err(Error::Sessions)?;
        self.tell(u64::from(ended));
        if ended {
            let detail = format!("one session from {}", session.visitor.address);
            audit.record(ended_by(caller, &session.account.username, detail)).await.map_err(Error::Audit)?;
        }
        Ok(ended)
    }

    /// All of the caller's but the one they speak through.
    pub async fn end_others(&self, caller: &Caller) -> Result<u64, Error> {
        let Inner { store, audit, .. } = &*self.0;
        let others = store.remove_sessions_of(&caller.account.id, Some(&caller.session)).await;
        let ended = others.map_err(Error::Sessions)?;
        self.tell(ended);
        if ended > 0 {
            let deed = ended_by(caller, &caller.account.username, format!("{ended} other sessions"));
            audit.record(deed).await.map_err(Error::Audit)?;
        }
        Ok(ended)
    }

    /// Because of what the NAS says of the account.
    pub async fn end_of(&self, account: &AccountId, username: &str, reason: &str) -> Result<u64, Error> {
        let ended = self.0.store.remove_sessions_of(account, None).await.map_err(Error::Sessions)?;
        self.ended_by_server(ended, username, reason).await
    }

    /// Of everybody whom only the NAS can vouch for.
    pub async fn end_all_of_nas(&self, reason: &str) -> Result<u64, Error> {
        let ended = self.0.store.remove_sessions_but_local().await.map_err(Error::Sessions)?;
        self.ended_by_server(ended, "", reason).await
    }

    async fn ended_by_server(&self, ended: u64, subject: &str, reason: &str) -> Result<u64, Error> {
        self.tell(ended);
        if ended > 0 {
            let deed = Deed {
                action: Action::SessionEnded,
                actor: "farol".to_owned(),
                address: None,
                subject: subject.to_owned(),
                detail: format!("{ended} sessions: {reason}"),
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

    /// For a sign-in that could not be completed.
    pub(super) async fn take_back(&self, session: &Session) -> Result<(), Error> {
        let removed = self.0.store.remove_session(&session.id, None).await;
        removed.map(|ended| self.tell(u64::from(ended))).map_err(Error::Sessions)
    }

    /// What the browser held opens nothing any more. `None`: it opened nothing before either.
    pub async fn rotate(&self, token: &Secret<String>) -> Result<Option<Secret<String>>, Error> {
        let Inner { store, random, .. } = &*self.0;
        if self.find(token, Use::ByItself).await?.is_none() {
            return Ok(None);
        }
        let next = token::new(random);
        let (Some(old), Some(new)) = (token::hash(token), token::hash(&next)) else { return Ok(None) };
        let replaced = store.replace_session_hash(&old, &new).await.map_err(Error::Sessions)?;
        Ok(replaced.then_some(next))
    }

    pub async fn purge(&self) -> Result<(), Error> {
        let Inner { store, clock, idle_limit, .. } = &*self.0;
        let now = clock.now();
        let idle_ms = i64::try_from(idle_limit.as_millis()).unwrap_or(i64::MAX);
        let idle_since = Timestamp::from_millis(now.as_millis().saturating_sub(idle_ms));
        let ended = store.remove_dead_sessions(now, idle_since).await.map_err(Error::Sessions)?;
        if ended > 0 {
            info!(sessions = ended, "sessions whose time was over are gone");
        }
        self.tell(ended);
        Ok(())
    }

    fn tell(&self, ended: u64) {
        if ended > 0 {
            self.0.ends.send_replace(());
        }
    }
}

fn ended_by(caller: &Caller, subject: &str, detail: String) -> Deed {
    Deed {
        action: Action::SessionEnded,
        actor: caller.account.username.clone(),
        address: Some(caller.address),
        subject: subject.to_owned(),
        detail,
    }
}

#[cfg(test)]
mod tests;
