//! The first page of the room: whether all is well, what happened last, who is there.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::health::{Level, Snapshot};
use crate::domain::maintenance::{Shown, Stage};
use crate::domain::session::Session;
use crate::web::live::OnlinePerson;
use crate::web::views::live::why;
use crate::web::views::{Chart, FeedView, LatencyView, Panel, Piece, StorageView, TimeView, Viewpoint};

#[derive(Debug, Serialize)]
pub struct OverviewPanel {
    pub figures: FiguresView,
    pub feed: FeedView,
    pub latency: LatencyView,
    pub chart: Chart,
    pub online: OnlineView,
}

/// What there is to know at a glance.
#[derive(Debug, Serialize)]
pub struct FiguresView {
    pub light: &'static str,
    pub word: &'static str,
    /// The key of the reason.
    pub why: &'static str,
    pub since: TimeView,
    pub latency_ms: Option<u64>,
    pub online: usize,
    pub people: usize,
    pub sessions: usize,
    pub alerts: u32,
    pub key_refused: bool,
    pub plan: Option<PlanView>,
}

/// The maintenance under way, or else the next within a day.
#[derive(Debug, Serialize)]
pub struct PlanView {
    /// The key of the sentence.
    pub text: &'static str,
    pub title: String,
    pub starts: String,
    pub ends: String,
}

#[derive(Debug, Serialize)]
pub struct OnlineView {
    pub people: Vec<OnlineRow>,
    pub count: usize,
}

#[derive(Debug, Serialize)]
pub struct OnlineRow {
    pub name: String,
    pub since: TimeView,
}

/// More are counted, and found among the sessions.
const MOST_NAMED: usize = 12;

impl FiguresView {
    pub fn of(seen: &Snapshot, open: &[Session], online: usize, windows: &[Shown], viewpoint: &Viewpoint) -> Self {
        let people: BTreeSet<_> = open.iter().map(|session| &session.account.id).collect();
        Self {
            light: StorageView::light_of(seen.level),
            word: StorageView::word_of(seen.level),
            why: why(seen.reason),
            since: viewpoint.see(seen.since),
            latency_ms: seen.latency_ms,
            online,
            people: people.len(),
            sessions: open.len(),
            alerts: seen.open_alerts,
            key_refused: seen.level == Level::KeyRefused,
            plan: PlanView::of(windows, viewpoint),
        }
    }
}

impl PlanView {
    fn of(windows: &[Shown], viewpoint: &Viewpoint) -> Option<Self> {
        let at = |stage| windows.iter().find(|shown| shown.stage == stage);
        let (shown, text) = at(Stage::Overdue)
            .map(|shown| (shown, "overview-overdue"))
            .or_else(|| at(Stage::Running).map(|shown| (shown, "overview-running")))
            .or_else(|| at(Stage::Ahead).map(|shown| (shown, "overview-ahead")))?;
        Some(Self {
            text,
            title: shown.title.in_language(viewpoint.language).to_owned(),
            starts: viewpoint.moment(shown.at.starts_at),
            ends: viewpoint.moment(shown.at.ends_at),
        })
    }
}

impl OnlineView {
    pub fn of(online: &[OnlinePerson], viewpoint: &Viewpoint) -> Self {
        let row = |person: &OnlinePerson| OnlineRow {
            name: person.account.display_name().to_owned(),
            since: viewpoint.see(person.since),
        };
        Self { people: online.iter().rev().take(MOST_NAMED).map(row).collect(), count: online.len() }
    }
}

impl Panel for OverviewPanel {
    const PATH: &'static str = "/admin";
    const TEMPLATE: &'static str = "pages/admin/overview.html";
    const LIVE: &'static str = "feed figures latency online";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::views::Range;
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let others = FeedView::samples().into_iter().chain([FeedView { lines: Vec::new() }]);
        let parts = FiguresView::samples().into_iter().zip(others).zip(LatencyView::samples());
        let parts = parts.zip(OnlineView::samples());
        parts
            .map(|(((figures, feed), latency), online)| Self {
                figures,
                feed,
                latency,
                chart: Chart::of(Range::Hour, &viewpoint),
                online,
            })
            .collect()
    }
}

impl Piece for FiguresView {
    const COMPONENT: &'static str = "watch.figures";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::domain::language::Texts;
        use crate::domain::maintenance::Occurrence;
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let unknown = Snapshot::unknown(viewpoint.now);
        let title = Texts { portuguese: "\"><img src=x onerror=1>".into(), english: String::new() };
        let at = Occurrence { starts_at: viewpoint.now, ends_at: viewpoint.now };
        let shown = |stage| {
            let (window, text, shares) = (String::new(), Texts::default(), Vec::new());
            Shown { window, title: title.clone(), text, shares, at, stage }
        };
        let of = |level, latency_ms, windows: &[Shown]| {
            let seen = Snapshot { level, latency_ms, open_alerts: 2, ..unknown.clone() };
            Self::of(&seen, &[], 3, windows, &viewpoint)
        };
        let mut all: Vec<Self> = Level::ALL.into_iter().map(|level| of(level, None, &[])).collect();
        let stages = [Stage::Ahead, Stage::Running, Stage::Overdue];
        all.extend(stages.map(|stage| of(Level::Online, Some(4), &[shown(stage)])));
        all
    }
}

impl Piece for OnlineView {
    const COMPONENT: &'static str = "watch.online";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::domain::caller::{Account, AccountId, Role};
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let person = |uid| OnlinePerson {
            account: Account {
                id: AccountId::of_uid(uid),
                username: "ana".into(),
                full_name: "\"><img src=x onerror=1>".into(),
                role: Role::Employee,
            },
            since: viewpoint.now,
            sessions: 1,
            sockets: 2,
        };
        let many: Vec<_> = (0..20).map(person).collect();
        vec![Self::of(&many, &viewpoint), Self::of(&many[..1], &viewpoint), Self::of(&[], &viewpoint)]
    }
}
