//! What administrators plan and say, as pages and sockets ask for it; and its trace in the audit trail.

use crate::audit::Audit;
use crate::domain::caller::Account;
use crate::domain::event::{Audience, Listener};
use crate::notices::{Done, Notices};
use crate::shares::Board;
use crate::web::error::Error;
use crate::web::live::Desk;
use crate::web::views::{Known, MaintenanceView, PublishedView, ShareChoice, Viewpoint};

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Planning {
    pub notices: Notices,
    board: Board,
    audit: Audit,
}

impl Planning {
    pub fn new(notices: Notices, board: Board, audit: Audit) -> Self {
        Self { notices, board, audit }
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

    /// How many people have a page open, and how many of them are among the audience.
    pub fn reached(&self, audience: Option<&Audience>, desk: &Desk) -> (usize, usize) {
        let online = desk.online();
        let reached = |account: &Account| audience.is_some_and(|audience| self.reaches(audience, account));
        (online.len(), online.iter().filter(|person| reached(&person.account)).count())
    }

    fn reaches(&self, audience: &Audience, account: &Account) -> bool {
        let known = self.board.known(&account.id);
        let (groups, shares) = known.map(|known| (known.group_names(), known.share_ids())).unwrap_or_default();
        audience.admits(&Listener { account, groups: &groups, shares: &shares })
    }

    /// What was done goes into the trail. It stays done even if that fails: then the answer says so.
    pub async fn record<T>(&self, done: Done<T>) -> Result<T, Error> {
        self.audit.record(done.deed).await.map_err(Error::broken)?;
        Ok(done.value)
    }
}
