//! What administrators plan and say, as pages and sockets ask for it; and its trace in the audit trail.

use crate::audit::Audit;
use crate::domain::caller::Account;
use crate::domain::event::Audience;
use crate::notices::{Done, Notices};
use crate::shares::Board;
use crate::web::error::Error;
use crate::web::inbox::Inbox;
use crate::web::views::{Known, MaintenanceView, PublishedView, ShareChoice, Viewpoint};

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Planning {
    pub notices: Notices,
    board: Board,
    inbox: Inbox,
    audit: Audit,
}

impl Planning {
    pub fn new(notices: Notices, board: Board, inbox: Inbox, audit: Audit) -> Self {
        Self { notices, board, inbox, audit }
    }

    pub async fn maintenance(&self, viewpoint: &Viewpoint) -> Result<MaintenanceView, Error> {
        let listed = self.notices.windows.list_occurrences().await.map_err(Error::broken)?;
        Ok(MaintenanceView::of(&listed, &self.known().await?, viewpoint))
    }

    pub async fn known(&self) -> Result<Known, Error> {
        let windows = self.notices.windows.list().await.map_err(Error::broken)?;
        let shares = self.board.last_shares().into_iter().map(|share| (share.id, share.name)).collect();
        Ok(Known::new(windows, shares))
    }

    pub async fn published(&self, viewpoint: &Viewpoint) -> Result<PublishedView, Error> {
        let published = self.notices.announcements.list().await.map_err(Error::broken)?;
        Ok(PublishedView::of(&published, viewpoint))
    }

    /// Every share there is, and those chosen that are no longer known, so that a change of something else keeps them.
    pub fn shares(&self, chosen: &[String]) -> Vec<ShareChoice> {
        let known = self.board.last_shares().into_iter().map(|share| (share.id.to_string(), share.name));
        let known: Vec<(String, String)> = known.collect();
        let gone = chosen.iter().filter(|id| !known.iter().any(|(share, _)| share == *id));
        let gone: Vec<_> = gone.map(|id| (id.clone(), format!("#{id}"))).collect();
        let choice = |(id, name): (String, String)| ShareChoice { chosen: chosen.contains(&id), id, name };
        known.into_iter().chain(gone).map(choice).collect()
    }

    pub fn groups(&self) -> Vec<String> {
        self.board.group_names().into_iter().collect()
    }

    /// How many of the people are among the audience.
    pub fn concerned<'a>(&self, audience: &Audience, people: impl Iterator<Item = &'a Account>) -> usize {
        people.filter(|account| self.inbox.concerns(account, audience)).count()
    }

    /// What was done goes into the trail. It stays done even if that fails: then the answer says so.
    pub async fn record<T>(&self, done: Done<T>) -> Result<T, Error> {
        self.audit.record(done.deed).await.map_err(Error::broken)?;
        Ok(done.value)
    }
}
