//! The public page: a light and a sentence, what is planned, what was written about trouble, and how the last days were.

mod history;
mod written;

use serde::Serialize;

use crate::domain::health::Snapshot;
use crate::web::status::{Past, Written};
use crate::web::views::{Page, Piece, StateView, StorageView, TimeView, Viewpoint};

use history::HistoryView;
pub use history::{length, outages};
pub use written::word_of as state_word;
use written::{IncidentView, StatusPlanView};

#[derive(Debug, Serialize)]
pub struct StatusPage {
    pub status: StatusView,
    /// Nobody is signed in: the page asks for its news itself, and shows where to enter.
    pub visitor: bool,
}

/// All of the page that changes while somebody looks.
#[derive(Debug, Serialize)]
pub struct StatusView {
    /// The colour by its meaning, and its icon.
    pub light: &'static str,
    pub icon: &'static str,
    /// The key of the sentence.
    pub sentence: &'static str,
    pub since: Option<TimeView>,
    /// When that was seen; too long ago to be taken for the present; and from which age on a page says so itself.
    pub seen: Option<TimeView>,
    pub old: bool,
    pub old_after_s: u64,
    /// `None`: what was written cannot be read.
    pub plans: Option<Vec<StatusPlanView>>,
    pub incidents: Option<Vec<IncidentView>>,
    /// `None`: it cannot be read.
    pub history: Option<HistoryView>,
}

/// What the page is made from.
#[derive(Debug)]
pub struct Seen<'a> {
    pub snapshot: &'a Snapshot,
    pub past: Option<&'a Past>,
    pub written: Option<&'a Written>,
}

impl StatusView {
    pub fn of(seen: &Seen<'_>, viewpoint: &Viewpoint) -> Self {
        let snapshot = seen.snapshot;
        let StorageView { light, seen: checked, old, old_after_s, .. } = StorageView::of(snapshot, viewpoint);
        let incidents = seen.written.map(|written| &written.incidents);
        Self {
            light,
            icon: icon_of(light),
            sentence: StateView::of(snapshot.level).text,
            since: checked.is_some().then(|| viewpoint.see(snapshot.since)),
            seen: checked,
            old,
            old_after_s,
            plans: seen.written.map(|written| written::plans(&written.windows, viewpoint)),
            incidents: incidents.map(|all| all.iter().map(|one| IncidentView::of(one, viewpoint)).collect()),
            history: seen.past.map(|past| HistoryView::of(past, viewpoint)),
        }
    }
}

fn icon_of(light: &str) -> &'static str {
    match light {
        "well" => "circle-check",
        "attention" => "triangle-alert",
        "trouble" => "circle-x",
        "planned" => "wrench",
        _ => "circle-dashed",
    }
}

impl Page for StatusPage {
    const TEMPLATE: &'static str = "pages/status/status.html";
    const LIVE: &'static str = "status";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let samples = StatusView::samples().into_iter().enumerate();
        samples.map(|(at, status)| Self { status, visitor: at % 2 == 1 }).collect()
    }
}

impl Piece for StatusView {
    const COMPONENT: &'static str = "status.region";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use std::collections::BTreeMap;
        use std::time::Duration;

        use crate::domain::health::{Level, Tally};
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let (past, written) = (history::sample(&viewpoint), written::sample(&viewpoint));
        let nothing = Past {
            days: Vec::new(),
            spans: past.spans.iter().map(|_| Tally::default()).collect(),
            troubles: Vec::new(),
        };
        let silence = Written { windows: Vec::new(), planned_at: BTreeMap::new(), incidents: Vec::new() };
        let kept = [(Some(&past), Some(&written)), (Some(&nothing), Some(&silence)), (None, None)];
        let levels = Level::ALL.into_iter().zip(kept.into_iter().cycle());
        levels
            .map(|(level, (past, written))| {
                let checked_at = (level != Level::Unknown).then(|| viewpoint.before(Duration::from_secs(4)));
                let since = viewpoint.before(Duration::from_mins(70));
                let snapshot = Snapshot { level, since, checked_at, ..Snapshot::unknown(viewpoint.now) };
                Self::of(&Seen { snapshot: &snapshot, past, written }, &viewpoint)
            })
            .collect()
    }
}
