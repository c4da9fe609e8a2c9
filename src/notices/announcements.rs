//! What administrators say to all or to a group, and who confirmed having read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::announcement::{Announcement, Confirmation, Draft};
use crate::domain::audit::Action;
use crate::domain::caller::Caller;
use crate::domain::event::{Listener, Panel, Region};
use crate::live;
use crate::notices::{Base, Done, Error};

#[derive(Debug, Clone)]
pub struct Announcements(Arc<Base>);

/// As one person is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    pub announcement: Announcement,
    /// Whether this person confirmed having read it.
    pub confirmed: bool,
}

/// As administrators are shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub announcement: Announcement,
    /// How many people confirmed having read it.
    pub confirmations: u64,
}

impl Announcements {
    pub(super) fn new(base: Arc<Base>) -> Self {
        Self(base)
    }

    pub async fn create(&self, caller: &Caller, draft: Draft) -> Result<Done<Announcement>, Error> {
        let (id, created_at) = (self.0.new_id(), self.0.clock.now());
        let created_by = caller.account.username.clone();
        let announcement = Announcement { id, draft, created_at, created_by, removed_at: None };
        self.0.store.create_document(&announcement).await.map_err(Error::Write)?;
        self.0.owed.notify_one();
        Ok(self.done(caller, Action::AnnouncementPublished, announcement))
    }

    /// `None`: it is not on the page.
    pub async fn remove(&self, caller: &Caller, id: &str) -> Result<Option<Done<Announcement>>, Error> {
        let now = self.0.clock.now();
        let change = |old: Announcement| old.is_pinned(now).then_some(Announcement { removed_at: Some(now), ..old });
        let removed = self.0.store.change_document(id, change).await.map_err(Error::Write)?;
        Ok(removed.map(|announcement| self.done(caller, Action::AnnouncementRemoved, announcement)))
    }

    pub async fn find(&self, id: &str) -> Result<Option<Announcement>, Error> {
        self.0.store.find_document(id).await.map_err(Error::Read)
    }

    /// What stays on the page of this person, the newest first.
    pub async fn list_for(&self, listener: &Listener<'_>) -> Result<Vec<Pinned>, Error> {
        let Base { store, clock, .. } = &*self.0;
        let mut pinned: Vec<Announcement> = store.list_documents(clock.now()).await.map_err(Error::Read)?;
        pinned.retain(|announcement| announcement.audience().admits(listener));
        if pinned.is_empty() {
            return Ok(Vec::new());
        }
        let confirmed = store.list_confirmed_by(&listener.account.id).await.map_err(Error::Read)?;
        let as_shown = |announcement: Announcement| {
            let confirmed = confirmed.contains(&announcement.id);
            Pinned { announcement, confirmed }
        };
        Ok(pinned.into_iter().map(as_shown).collect())
    }

    /// All that are kept, those no longer on the page as well; the newest first.
    pub async fn list(&self) -> Result<Vec<Published>, Error> {
        let Base { store, clock, .. } = &*self.0;
        let kept: Vec<Announcement> = store.list_documents(clock.now().minus(live::KEPT)).await.map_err(Error::Read)?;
        let counts: BTreeMap<_, _> = store.count_confirmations().await.map_err(Error::Read)?.into_iter().collect();
        let counted = |announcement: Announcement| {
            let confirmations = counts.get(&announcement.id).copied().unwrap_or_default();
            Published { announcement, confirmations }
        };
        Ok(kept.into_iter().map(counted).collect())
    }

    /// "I have read it and understood." Says whether it was asked of this person; saying it twice is saying it once.
    pub async fn confirm(&self, listener: &Listener<'_>, id: &str) -> Result<bool, Error> {
        let Base { store, clock, hub, .. } = &*self.0;
        let now = clock.now();
        let found: Option<Announcement> = store.find_document(id).await.map_err(Error::Read)?;
        let asked = |one: &Announcement| one.draft.confirm && one.is_pinned(now) && one.audience().admits(listener);
        if !found.as_ref().is_some_and(asked) {
            return Ok(false);
        }
        let (account, username) = (listener.account.id.clone(), listener.account.username.clone());
        let confirmation = Confirmation { account, username, at: now };
        if store.add_confirmation(id, &confirmation).await.map_err(Error::Write)? {
            hub.changed(Region::Room(Panel::Announcements));
            hub.changed(Region::AnnouncementsOf(listener.account.id.clone()));
        }
        Ok(true)
    }

    /// Who confirmed, the first first.
    pub async fn list_confirmations(&self, id: &str) -> Result<Vec<Confirmation>, Error> {
        self.0.store.list_confirmations(id).await.map_err(Error::Read)
    }

    fn done(&self, caller: &Caller, action: Action, announcement: Announcement) -> Done<Announcement> {
        for region in [Region::Announcements, Region::Room(Panel::Announcements)] {
            self.0.hub.changed(region);
        }
        Done::by(caller, action, &announcement.id.clone(), announcement.draft.to_string(), announcement)
    }
}
