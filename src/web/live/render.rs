//! What happens, as markup: the one place where every line and every part shown whole becomes HTML.
//!
//! A piece names the element it is for, so that it may come in any order, over the socket or by polling, and an element
//! that a page does not have is left alone.

use async_trait::async_trait;
use tracing::error;

use crate::domain::event::{Line, Panel, Told};
use crate::live::Hub;
use crate::web::drives::Drives;
use crate::web::inbox::Inbox;
use crate::web::live::{Present, Topic, Viewer};
use crate::web::planning::Planning;
use crate::web::renderer::Renderer;
use crate::web::views::{
    BoardView, Ended, FactView, FarewellView, FeedView, NoticeView, Piece, StateView, StorageView, Viewpoint,
};
use crate::web::words::Language;

/// As many lines of the feed as fit a screen a few times over; older ones have a page of their own.
const FEED_SHOWN: usize = 100;
/// Most lines are for people and no part of the feed.
const FEED_READ: u64 = 400;

/// Lines and parts into markup.
#[derive(Debug, Clone)]
pub struct Render {
    pub renderer: Renderer,
    pub drives: Drives,
    pub inbox: Inbox,
    pub planning: Planning,
    pub hub: Hub,
}

impl Render {
    fn markup<P: Piece>(&self, language: Language, piece: &P) -> Option<String> {
        let markup = self.renderer.markup(language, piece);
        markup.inspect_err(|error| error!(?error, piece = P::COMPONENT, "a live part cannot be shown")).ok()
    }

    /// Instead of the element of this id, which keeps what of it did not change.
    fn whole<P: Piece>(&self, language: Language, target: &str, piece: &P) -> Option<String> {
        self.markup(language, piece).map(|markup| put(target, "outerMorph", &markup))
    }

    fn storage(&self, viewpoint: &Viewpoint) -> Option<String> {
        let seen = self.renderer.seen();
        let light = self.whole(viewpoint.language, "#storage", &StorageView::of(&seen, viewpoint))?;
        let line = self.whole(viewpoint.language, "#state", &StateView::of(seen.level))?;
        Some(light + &line)
    }

    fn banner(&self, viewer: &Viewer<'_>, viewpoint: &Viewpoint) -> Option<String> {
        let banner = self.inbox.banner(Some(viewer.account), &self.renderer.seen(), viewpoint);
        let markup = self.markup(viewer.language, &banner)?;
        // The element itself stays: browsers read out what changes within it.
        Some(put("#banner", "innerMorph", &markup))
    }

    async fn shares(&self, viewer: &Viewer<'_>) -> Option<String> {
        if viewer.account.id.is_local() {
            return None;
        }
        let board = match self.drives.known(viewer.account).await {
            Ok(Some(known)) => self.drives.view(viewer.account, &known, viewer.language),
            Ok(None) => BoardView::empty(),
            Err(_) => BoardView::unread(),
        };
        self.whole(viewer.language, "#shares", &board)
    }

    async fn feed(&self, viewer: &Viewer<'_>, viewpoint: &Viewpoint) -> Option<String> {
        let kept = self.hub.list_before(Some(viewer.up_to.saturating_add(1)), FEED_READ).await;
        let kept = kept.inspect_err(|error| error!(?error, "the lines of the feed cannot be read")).ok()?;
        let facts = kept.iter().filter_map(|told| match &told.line {
            Line::Fact(fact) => Some(FactView::of(told.seq, told.at, fact, viewpoint)),
            Line::Notice(_) => None,
        });
        let lines = facts.take(FEED_SHOWN).collect();
        self.whole(viewer.language, "#feed", &FeedView { lines })
    }
}

#[async_trait]
impl Present for Render {
    fn line(&self, told: &Told, language: Language) -> Option<String> {
        let viewpoint = self.renderer.viewpoint_in(language);
        match &told.line {
            Line::Notice(notice) => {
                let toast = NoticeView::of(told.seq, told.at, notice, &viewpoint);
                Some(put("#toasts-waiting", "beforeend", &self.markup(language, &toast)?))
            }
            Line::Fact(fact) => {
                let line = FactView::of(told.seq, told.at, fact, &viewpoint);
                Some(put("#feed", "afterbegin", &self.markup(language, &line)?))
            }
        }
    }

    async fn present(&self, topic: Topic, viewer: &Viewer<'_>) -> Option<String> {
        let viewpoint = self.renderer.viewpoint_in(viewer.language);
        match topic {
            Topic::Storage => self.storage(&viewpoint),
            Topic::Banner => self.banner(viewer, &viewpoint),
            Topic::Shares => self.shares(viewer).await,
            Topic::Feed => self.feed(viewer, &viewpoint).await,
            Topic::Bell => self.whole(viewer.language, "#bell", &self.inbox.bell(viewer.account).await),
            Topic::Announcements => {
                let said = self.inbox.announcements(viewer.account, &viewpoint).await.ok()?;
                self.whole(viewer.language, "#announcements", &said)
            }
            Topic::Status => None,
            Topic::Room(panel) => match panel {
                Panel::Figures
                | Panel::Latency
                | Panel::Pools
                | Panel::Alerts
                | Panel::Online
                | Panel::Rounds
                | Panel::Bans
                | Panel::Audit
                | Panel::Messages => None,
                Panel::Maintenance => {
                    let maintenance = self.planning.maintenance(&viewpoint).await.ok()?;
                    self.whole(viewer.language, "#maintenance", &maintenance)
                }
                Panel::Announcements => {
                    let published = self.planning.published(&viewpoint).await.ok()?;
                    self.whole(viewer.language, "#published", &published)
                }
            },
        }
    }

    fn farewell(&self, language: Language, ended: Ended) -> String {
        let farewell = self.markup(language, &FarewellView::of(ended)).unwrap_or_default();
        // What belongs to the person goes with the page.
        let gone = ["#storage", "#bell", "#person", "#person-menu", "#toasts", "#toasts-waiting", "#banner"];
        let gone: String = gone.map(|id| put(id, "delete", "")).concat();
        put("#content", "innerHTML", &farewell) + &gone
    }
}

/// A piece for the elements a selector names. Without the space around it, which would grow from swap to swap.
fn put(target: &str, swap: &str, markup: &str) -> String {
    format!(r#"<hx-partial hx-target="{target}" hx-swap="{swap}">{}</hx-partial>"#, markup.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_names_its_place_and_brings_no_space_that_would_gather_there() {
        let piece = put("#bell", "outerMorph", "\n<a id=\"bell\"></a>\n");
        assert_eq!(piece, r##"<hx-partial hx-target="#bell" hx-swap="outerMorph"><a id="bell"></a></hx-partial>"##);
    }
}
