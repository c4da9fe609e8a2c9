//! What happens, as markup: the one place where every line and every part shown whole becomes HTML.
//!
//! A piece names the element it is for, so that it may come in any order, over the socket or by polling, and an element
//! that a page does not have is left alone.

use async_trait::async_trait;
use tracing::error;

use crate::domain::event::{Line, Panel, Told};
use crate::outbox::Outbox;
use crate::runtime::Tasks;
use crate::web::drives::Drives;
use crate::web::inbox::Inbox;
use crate::web::live::{Present, Topic, Viewer};
use crate::web::planning::Planning;
use crate::web::renderer::Renderer;
use crate::web::status::Status;
use crate::web::views::{
    ChannelsView, Ended, FactView, FarewellView, FeedView, NoticeView, Piece, RoundsView, StateView, StorageView,
    Viewpoint,
};
use crate::web::watch::Watch;
use crate::web::words::Language;

/// Lines and parts into markup.
#[derive(Debug, Clone)]
pub struct Render {
    pub renderer: Renderer,
    pub drives: Drives,
    pub inbox: Inbox,
    pub watch: Watch,
    pub status: Status,
    pub tasks: Tasks,
    pub outbox: Outbox,
    pub planning: Planning,
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

    /// What has to be read first comes by itself when it has been.
    fn shares(&self, viewer: &Viewer<'_>) -> Option<String> {
        let known = self.drives.shown(viewer.account)?;
        let board = self.drives.view(viewer.account, &known, viewer.language);
        self.whole(viewer.language, "#shares", &board)
    }

    async fn feed(&self, viewer: &Viewer<'_>, viewpoint: &Viewpoint) -> Option<String> {
        let feed = self.watch.feed(Some(viewer.up_to.saturating_add(1)), None, viewpoint).await;
        let feed = feed.inspect_err(|error| error!(?error, "the lines of the feed cannot be read")).ok()?;
        self.whole(viewer.language, "#feed", &FeedView { lines: feed.lines })
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
            Topic::Shares => self.shares(viewer),
            Topic::Feed => self.feed(viewer, &viewpoint).await,
            Topic::Bell => self.whole(viewer.language, "#bell", &self.inbox.bell(viewer.account).await),
            Topic::Announcements => {
                let said = self.inbox.announcements(viewer.account, &viewpoint).await.ok()?;
                self.whole(viewer.language, "#announcements", &said)
            }
            Topic::Status => {
                let piece = Box::pin(self.status.piece(viewer.language)).await.ok()?;
                Some(put("#status", "outerMorph", &piece))
            }
            Topic::Room(panel) => match panel {
                Panel::Figures => {
                    let figures = self.watch.figures(&viewpoint).await.ok()?;
                    self.whole(viewer.language, "#figures", &figures)
                }
                Panel::Latency => self.whole(viewer.language, "#latency", &self.watch.latency(&viewpoint)),
                Panel::Pools => self.whole(viewer.language, "#pools", &self.watch.pools(viewer.language)),
                Panel::Alerts => self.whole(viewer.language, "#alerts", &self.watch.alerts(&viewpoint)),
                Panel::Online => self.whole(viewer.language, "#online", &self.watch.online(&viewpoint)),
                Panel::Rounds => {
                    let rounds = RoundsView::of(&self.tasks.rounds().list(), &viewpoint);
                    self.whole(viewer.language, "#rounds", &rounds)
                }
                Panel::Messages => {
                    let channels = self.outbox.channels().await.ok()?;
                    self.whole(viewer.language, "#channels", &ChannelsView::of(&channels, &viewpoint))
                }
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
