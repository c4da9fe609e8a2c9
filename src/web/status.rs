//! What anybody may know of the storage: now, what is planned, what was written about trouble, and how the last days were.
//!
//! Names nothing internal: no machine, address, share, pool or account, none of the words of an alert, and nothing of what
//! was written for those who reach some shares.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tracing::error;

use crate::domain::event::Audience;
use crate::domain::health::{Snapshot, Tally};
use crate::domain::incident::Incident;
use crate::domain::language::Texts;
use crate::domain::maintenance::{Shown, Stage};
use crate::domain::{Language, Timestamp};
use crate::health::{Day, Health, Trouble};
use crate::notices::Notices;
use crate::web::error::Error;
use crate::web::renderer::Renderer;
use crate::web::views::{Seen, StatusView, Viewpoint};
use crate::web::words::say;

/// As far back as the page looks.
const DAYS: u16 = 90;
const DAY: Duration = Duration::from_hours(24);
/// The spans the availability is told of, in days.
pub const SPANS: [u16; 4] = [1, 7, 30, DAYS];

/// Summing up ninety days is work for the database.
const PAST_FOR: Duration = Duration::from_mins(1);
/// What people write is seen by everybody within this.
const WRITTEN_FOR: Duration = Duration::from_secs(5);
/// However many look at once, a piece is made anew no more often than this.
const PIECE_FOR: Duration = Duration::from_secs(3);

/// Cheap to clone; all clones share what was read.
#[derive(Debug, Clone)]
pub struct Status(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    renderer: Renderer,
    health: Health,
    notices: Notices,
    past: Kept<Past>,
    written: Kept<Written>,
    pieces: [Kept<Made>; 2],
}

/// How the last days were.
#[derive(Debug)]
pub struct Past {
    /// The oldest first.
    pub days: Vec<Day>,
    /// In the order of [`SPANS`].
    pub spans: Vec<Tally>,
    /// The newest first.
    pub troubles: Vec<Trouble>,
}

/// What administrators wrote.
#[derive(Debug)]
pub struct Written {
    /// Late and under way first, then what comes, the next first.
    pub windows: Vec<Shown>,
    /// Since when each of them is planned, by its window.
    pub planned_at: BTreeMap<String, Timestamp>,
    /// The newest first.
    pub incidents: Vec<Incident>,
}

/// A piece, and of which look at the storage it is.
#[derive(Debug)]
struct Made {
    markup: String,
    seen: Snapshot,
}

/// Something read once for everybody who asks within a while. That it could not be read counts as read, so that a store in
/// trouble is not asked by each of a thousand visitors.
#[derive(Debug)]
struct Kept<T>(Mutex<Option<(Duration, Option<Arc<T>>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    async fn get(
        &self,
        (now, length): (Duration, Duration),
        holds: impl Fn(&T) -> bool,
        make: impl Future<Output = Result<T, Error>>,
    ) -> Option<Arc<T>> {
        let mut slot = self.0.lock().await;
        if let Some((at, value)) = &*slot
            && now < *at + length
            && value.as_ref().is_none_or(|value| holds(value))
        {
            return value.clone();
        }
        let read = make.await.inspect_err(|error| error!(?error, "a part of the public page cannot be shown"));
        let value = read.ok().map(Arc::new);
        *slot = Some((now, value.clone()));
        value
    }
}

impl Status {
    pub fn new(renderer: Renderer, health: Health, notices: Notices) -> Self {
        let (past, written, pieces) = (Kept::default(), Kept::default(), [Kept::default(), Kept::default()]);
        Self(Arc::new(Inner { renderer, health, notices, past, written, pieces }))
    }

    pub fn now(&self) -> Timestamp {
        self.0.renderer.clock.now()
    }

    pub fn seen(&self) -> Snapshot {
        self.0.health.latest()
    }

    pub fn viewpoint(&self, language: Language) -> Viewpoint {
        self.0.renderer.viewpoint_in(language)
    }

    /// What is near and under way, without asking the store.
    pub fn windows(&self) -> Vec<Shown> {
        self.0.notices.windows.present().iter().cloned().map(public).collect()
    }

    /// `None`: it cannot be read now.
    pub async fn past(&self) -> Option<Arc<Past>> {
        let Inner { renderer, health, past, .. } = &*self.0;
        let read = async {
            let days = health.days(DAYS, &renderer.zone).await.map_err(Error::broken)?;
            let mut spans = Vec::new();
            for days in SPANS {
                spans.push(health.uptime(DAY * u32::from(days)).await.map_err(Error::broken)?);
            }
            let troubles = health.troubles(self.now().minus(DAY * u32::from(DAYS))).await.map_err(Error::broken)?;
            Ok(Past { days, spans, troubles })
        };
        past.get((renderer.clock.uptime(), PAST_FOR), |_| true, read).await
    }

    /// `None`: it cannot be read now.
    pub async fn written(&self) -> Option<Arc<Written>> {
        let Inner { renderer, notices, written, .. } = &*self.0;
        let read = async {
            let listed = notices.windows.list_occurrences().await.map_err(Error::broken)?;
            let mut windows = listed.running;
            windows.extend(listed.coming.into_iter().filter(|window| window.stage == Stage::Ahead));
            let mut planned_at = BTreeMap::new();
            for Shown { window: id, .. } in &windows {
                if !planned_at.contains_key(id)
                    && let Some(window) = notices.windows.find(id).await.map_err(Error::broken)?
                {
                    planned_at.insert(id.clone(), window.created_at);
                }
            }
            let windows = windows.into_iter().map(public).collect();
            let incidents = notices.incidents.list().await.map_err(Error::broken)?;
            Ok(Written { windows, planned_at, incidents })
        };
        written.get((renderer.clock.uptime(), WRITTEN_FOR), |_| true, read).await
    }

    pub async fn view(&self, language: Language) -> StatusView {
        let (past, written) = tokio::join!(self.past(), self.written());
        let seen = Seen { snapshot: &self.seen(), past: past.as_deref(), written: written.as_deref() };
        StatusView::of(&seen, &self.viewpoint(language))
    }

    /// What changes of the page, as markup: made once for all who ask in one language.
    pub async fn piece(&self, language: Language) -> Result<String, Error> {
        let Inner { renderer, pieces, .. } = &*self.0;
        let seen = self.seen();
        let same = |made: &Made| (made.seen.level, made.seen.since) == (seen.level, seen.since);
        let make = async {
            let view = self.view(language).await;
            Ok(Made { markup: renderer.markup(language, &view)?, seen: seen.clone() })
        };
        let kept = pieces[language as usize].get((renderer.clock.uptime(), PIECE_FOR), same, make).await;
        kept.map(|made| made.markup.clone()).ok_or(Error::Unavailable)
    }
}

/// As anybody may read it: what was written for those who reach some shares stays with them.
fn public(shown: Shown) -> Shown {
    if shown.audience() == Audience::Everybody {
        return shown;
    }
    let [portuguese, english] = Language::ALL.map(|language| say(language, "status-partly", []));
    Shown { title: Texts { portuguese, english }, text: Texts::default(), ..shown }
}
