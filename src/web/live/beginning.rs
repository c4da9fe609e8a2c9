//! What a page that comes needs to be as if it had been there all the time: the lines it missed, then the present. Sockets
//! and polling get the same.

use std::time::Duration;

use tracing::warn;

use crate::domain::caller::Account;
use crate::domain::event::{Cursor, Line, Told};
use crate::live::Replay;
use crate::web::live::desk::Desk;
use crate::web::live::registry::Look;
use crate::web::live::{Topic, Viewer};

#[derive(Debug)]
pub struct Composed {
    /// Whole pieces in their order, each with how far it goes.
    pub pieces: Vec<String>,
    pub from: u64,
    pub up_to: u64,
    pub version: u64,
}

impl Desk {
    /// `None`: the lines cannot be read for now.
    pub async fn compose(&self, account: &Account, look: Look, cursor: &Cursor) -> Option<Composed> {
        let inner = self.inner();
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
        let mut up_to = from;
        let mut pieces = Vec::new();
        let by = inner.hearing.by();
        for told in &lines {
            up_to = told.seq;
            if self.is_news(told, account, look, by).await
                && let Some(line) = inner.present.line(told, look.language)
            {
                pieces.push(self.up_to(&line, told.seq));
            }
        }
        let version = self.version();
        let viewer = Viewer { account, language: look.language, up_to };
        let before = pieces.len();
        // The lines of the feed have just come one by one, unless some are missing.
        for topic in look.topics.iter().filter(|topic| *topic != Topic::Feed || is_gap) {
            if let Some(part) = inner.present.present(topic, &viewer).await {
                pieces.push(self.up_to(&part, up_to));
            }
        }
        if pieces.len() == before {
            pieces.push(self.up_to("", up_to));
        }
        Some(Composed { pieces, from, up_to, version })
    }

    async fn is_news(&self, told: &Told, account: &Account, look: Look, by: Duration) -> bool {
        let inner = self.inner();
        let looked_at = match told.line {
            Line::Notice(_) => !inner.seen.contains(&account.id, told.seq),
            Line::Fact(_) => look.topics.contains(Topic::Feed),
        };
        looked_at && inner.hearing.may_hear(account, &told.audience, by).await
    }
}
