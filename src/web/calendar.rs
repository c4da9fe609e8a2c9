//! Maintenance in people's calendars. Programs that read calendars sign in nowhere: the address itself is the key, and
//! whoever has it reads what concerns everybody, and no more.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::domain::Language;
use crate::domain::caller::{Account, Caller};
use crate::domain::event::Audience;
use crate::notices::{Done, Windows};
use crate::web::error::Error;
use crate::web::inbox::Inbox;
use crate::web::words::say;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Calendar {
    windows: Windows,
    inbox: Inbox,
    portal: Arc<str>,
}

impl Calendar {
    pub fn new(windows: Windows, inbox: Inbox, portal: &str) -> Self {
        Self { windows, inbox, portal: portal.into() }
    }

    /// For a program that asks again by itself.
    pub async fn address(&self, language: Language) -> Result<String, Error> {
        let key = self.windows.calendar_key().await.map_err(Error::broken)?;
        Ok(format!("{}/maintenance.ics?key={key}&lang={}", self.portal, language.as_str()))
    }

    pub async fn renew(&self, caller: &Caller) -> Result<Done<()>, Error> {
        self.windows.renew_calendar_key(caller).await.map_err(Error::broken)
    }

    /// `None`: it is not the key.
    pub async fn for_key(&self, key: &str, language: Language) -> Result<Option<String>, Error> {
        let own = self.windows.calendar_key().await.map_err(Error::broken)?;
        // Hashed, so that the time it takes tells nothing of the key.
        let digest = |text: &str| Sha256::digest(text.as_bytes());
        if digest(&own) != digest(key) {
            return Ok(None);
        }
        self.text(language, |audience| *audience == Audience::Everybody).await.map(Some)
    }

    /// What concerns one person, by their rights of now.
    pub async fn for_account(&self, account: &Account, language: Language) -> Result<String, Error> {
        self.inbox.read_rights(account).await;
        self.text(language, |audience| self.inbox.concerns(account, audience)).await
    }

    async fn text(&self, language: Language, may_see: impl Fn(&Audience) -> bool) -> Result<String, Error> {
        let name = say(language, "calendar-name", []);
        self.windows.calendar(language, &name, may_see).await.map_err(Error::broken)
    }
}
