//! How sessions end: by their people, by an administrator, by the server.

use super::{Inner, Sessions};
use crate::auth::{Error, ended, token};
use crate::domain::Secret;
use crate::domain::audit::{Action, Deed};
use crate::domain::caller::{AccountId, Caller};
use crate::domain::session::{End, Session, SessionId};

/// More browsers than anybody uses at a time, an account that several people share as well.
pub(super) const MOST_OF_PERSON: usize = 50;

impl Sessions {
    /// One of the caller's own. Says whether there was one.
    pub async fn end_own(&self, caller: &Caller, id: &SessionId) -> Result<bool, Error> {
        let session = self.find_by_id(id).await?;
        self.end_one(caller, session.filter(|session| session.account.id == caller.account.id)).await
    }

    /// Anybody's, as far as the caller may: whether there is none or they may not is nobody's business.
    pub async fn end(&self, caller: &Caller, id: &SessionId) -> Result<bool, Error> {
        let session = self.find_by_id(id).await?;
        self.end_one(caller, session.filter(|session| caller.account.may_end_session_of(&session.account.id))).await
    }

    async fn end_one(&self, caller: &Caller, session: Option<Session>) -> Result<bool, Error> {
        let Inner { store, audit, .. } = &*self.0;
        let Some(session) = session else { return Ok(false) };
        if session.account.id != caller.account.id {
            self.remember([&session], End::ByAdministrator).await?;
        } else if session.id != caller.session {
            self.remember([&session], End::Elsewhere).await?;
        }
        let ended = store.remove_session(&session.id, Some(&session.account.id)).await.map_err(Error::Sessions)?;
        self.tell(u64::from(ended));
        if ended {
            let detail = format!("one session from {}", session.visitor.address);
            let deed = Deed::by(caller, Action::SessionEnded, &session.account.username, detail);
            audit.record(deed).await.map_err(Error::Audit)?;
        }
        Ok(ended)
    }

    /// Whoever signs in again and again pushes the sessions of nobody else out of sight: the ones they used longest ago end.
    pub(super) async fn make_room(&self, account: &AccountId) -> Result<(), Error> {
        let own = self.0.store.list_sessions(account).await.map_err(Error::Sessions)?;
        let over = own.get(MOST_OF_PERSON - 1..).unwrap_or_default();
        self.end_because(over, End::Elsewhere).await.map(drop)
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
    pub(in crate::auth) async fn end_because(&self, sessions: &[Session], end: End) -> Result<u64, Error> {
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
    pub(super) async fn remember(&self, sessions: impl IntoIterator<Item = &Session>, end: End) -> Result<(), Error> {
        let ids: Vec<SessionId> = sessions.into_iter().take(ended::MOST).map(|session| session.id.clone()).collect();
        let hashes = self.0.store.list_session_hashes(&ids).await.map_err(Error::Sessions)?;
        self.0.ended.remember(hashes.into_iter().chain(ids.iter().map(|id| id.as_str().to_owned())), end);
        Ok(())
    }

    /// For a sign-in that could not be completed.
    pub(in crate::auth) async fn take_back(&self, session: &Session) -> Result<(), Error> {
        let removed = self.0.store.remove_session(&session.id, None).await;
        removed.map(|ended| self.tell(u64::from(ended))).map_err(Error::Sessions)
    }
}
