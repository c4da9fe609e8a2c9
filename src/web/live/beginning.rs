//! What a page that comes needs to be as if it had been there all the time: the lines it missed, then the present. Sockets
//! and polling get the same.

use tracing::warn;

use crate::domain::caller::Account;
use crate::domain::event::{Cursor, Line};
use crate::live::Replay;
use crate::web::live::desk::Desk;
use crate::web::live::registry::Look;
use crate::web::live::{Topic, Viewer};

/// How far a page has heard.
#[derive(Debug)]
pub enum Start {
    At(Cursor),
    /// It may have heard some of what comes after: what it shows as a list is shown anew.
    Again(Cursor),
}

#[derive(Debug)]
pub struct Composed {
    /// Whole pieces in their order, each with how far it goes.
    pub pieces: Vec<String>,
    /// By the rights of then its lines were chosen.
    pub begun: u64,
    pub from: u64,
    pub up_to: u64,
    pub version: u64,
    /// A line that hangs on rights that have to be read first. It and those behind it are not here.
    pub withheld: Option<u64>,
}

impl Desk {
    /// `None`: the lines cannot be read for now.
    pub async fn compose(&self, account: &Account, look: Look, start: &Start) -> Option<Composed> {
        let (inner, begun) = (self.inner(), self.version());
        let (cursor, again) = match start {
            Start::At(cursor) => (cursor, false),
            Start::Again(cursor) => (cursor, true),
        };
        let now = inner.hub.cursor();
        let replay = match inner.hub.since(cursor).await {
            Ok(replay) => replay,
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "a page cannot be told what it missed");
                return None;
            }
        };
        let (lines, from, is_gap) = match replay {
            Replay::Lines(lines) => (lines, cursor.seq, false),
            Replay::Gap => (Vec::new(), now.seq, true),
        };
        let whole_feed = is_gap || again;
        let (mut up_to, mut withheld) = (from, None);
        let mut pieces = Vec::new();
        for told in &lines {
            let looked_at = match told.line {
                Line::Notice(_) => !inner.seen.contains(&account.id, told.seq),
                Line::Fact(_) => look.topics.contains(Topic::Feed) && !whole_feed,
            };
            let may_hear = if looked_at { inner.hearing.may_hear(account, &told.audience) } else { Some(false) };
            let Some(may_hear) = may_hear else {
                withheld = Some(told.seq);
                break;
            };
            up_to = told.seq;
            if may_hear && let Some(line) = inner.present.line(told, look.language) {
                pieces.push(self.up_to(&line, told.seq));
            }
        }
        let version = self.version();
        let viewer = Viewer { account, language: look.language, up_to };
        let before = pieces.len();
        // The lines of the feed have just come one by one, unless some are missing.
        for topic in look.topics.iter().filter(|topic| *topic != Topic::Feed || whole_feed) {
            if let Some(part) = inner.present.present(topic, &viewer).await {
                pieces.push(self.up_to(&part, up_to));
            }
        }
        if pieces.len() == before {
            pieces.push(self.up_to("", up_to));
        }
        Some(Composed { pieces, begun, from, up_to, version, withheld })
    }
}
