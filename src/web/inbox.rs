//! What one person is told: maintenance, announcements and notices, as far as their rights of now let them know.

use std::time::Duration;

use tracing::error;

use crate::domain::caller::{Account, Role};
use crate::domain::event::{Audience, Line, Listener};
use crate::domain::health::Snapshot;
use crate::notices::{Notices, Page, Pinned};
use crate::shares::Board;
use crate::web::error::Error;
use crate::web::views::{
    AnnouncementView, AnnouncementsView, BannerView, BellView, EntryView, NoticeView, NoticesPage, Trouble, Viewpoint,
};

/// Longer without rights, and a page comes without what hangs on them: it follows by itself.
const PATIENCE: Duration = Duration::from_millis(300);

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Inbox {
    notices: Notices,
    board: Board,
}

/// Groups and shares as far as they are believed now.
#[derive(Default)]
struct Rights {
    groups: Vec<String>,
    shares: Vec<i64>,
}

impl Rights {
    fn listener<'a>(&'a self, account: &'a Account) -> Listener<'a> {
        Listener { account, groups: &self.groups, shares: &self.shares }
    }
}

impl Inbox {
    pub fn new(notices: Notices, board: Board) -> Self {
        Self { notices, board }
    }

    /// Before anything here is asked for a page: nobody is given anything by rights that are old.
    pub async fn read_rights(&self, account: &Account) {
        self.board.current_within(PATIENCE, account).await;
    }

    /// `None`: somebody not signed in, who is told of trouble alone.
    pub fn banner(&self, account: Option<&Account>, seen: &Snapshot, viewpoint: &Viewpoint) -> BannerView {
        let Some(account) = account else {
            return BannerView::of(&Trouble { seen, windows: &[], role: Role::Employee }, viewpoint);
        };
        let (present, rights) = (self.notices.windows.present(), self.rights(account));
        let listener = rights.listener(account);
        let windows: Vec<_> = present.iter().filter(|window| window.audience().admits(&listener)).collect();
        BannerView::of(&Trouble { seen, windows: &windows, role: account.role }, viewpoint)
    }

    /// A count that cannot be read is no reason to show no page.
    pub async fn bell(&self, account: &Account) -> BellView {
        let rights = self.rights(account);
        let unread = self.notices.centre.unread(&rights.listener(account)).await;
        let unread = unread.inspect_err(|error| error!(?error, "what somebody has not read cannot be counted"));
        BellView::of(unread.unwrap_or_default())
    }

    pub async fn announcements(&self, account: &Account, viewpoint: &Viewpoint) -> Result<AnnouncementsView, Error> {
        let rights = self.rights(account);
        let pinned = self.notices.announcements.list_for(&rights.listener(account)).await.map_err(Error::broken)?;
        let view = |Pinned { announcement, confirmed }: Pinned| AnnouncementView {
            title: announcement.draft.title.in_language(viewpoint.language).to_owned(),
            text: announcement.draft.text.in_language(viewpoint.language).to_owned(),
            time: viewpoint.see(announcement.created_at),
            asks: announcement.draft.confirm && !confirmed,
            confirmed,
            id: announcement.id,
        };
        Ok(AnnouncementsView { announcements: pinned.into_iter().map(view).collect() })
    }

    /// "I have read it and understood." Says whether it was asked.
    pub async fn confirm(&self, account: &Account, announcement: &str) -> Result<bool, Error> {
        self.read_rights(account).await;
        let rights = self.rights(account);
        let confirmed = self.notices.announcements.confirm(&rights.listener(account), announcement).await;
        confirmed.map_err(Error::broken)
    }

    pub async fn page(
        &self,
        account: &Account,
        before: Option<u64>,
        calendar: String,
        viewpoint: &Viewpoint,
    ) -> Result<NoticesPage, Error> {
        let rights = self.rights(account);
        let page = self.notices.centre.page(&rights.listener(account), before).await.map_err(Error::broken)?;
        let Page { lines, older, read_up_to } = page;
        let entries = lines.iter().filter_map(|told| match &told.line {
            Line::Notice(notice) => Some(EntryView {
                notice: NoticeView::of(told.seq, told.at, notice, viewpoint),
                unread: told.seq > read_up_to,
            }),
            Line::Fact(_) => None,
        });
        let newest = lines.first().map(|told| told.seq).filter(|newest| *newest > read_up_to);
        Ok(NoticesPage { entries: entries.collect(), newest, older, first: before.is_none(), calendar })
    }

    pub async fn read_up_to(&self, account: &Account, seq: u64) -> Result<(), Error> {
        self.notices.centre.read_up_to(&account.id, seq).await.map_err(Error::broken)?;
        Ok(())
    }

    /// By the rights of now.
    pub fn concerns(&self, account: &Account, audience: &Audience) -> bool {
        audience.admits(&self.rights(account).listener(account))
    }

    /// What has to be read first gives nobody anything yet.
    fn rights(&self, account: &Account) -> Rights {
        let known = self.board.current(&account.id);
        known.map_or_else(Rights::default, |known| Rights { groups: known.group_names(), shares: known.share_ids() })
    }
}
