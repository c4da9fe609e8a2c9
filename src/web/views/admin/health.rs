//! The health of the storage: the feed, the chart, pools and alerts; and the feed alone, page by page.

use serde::Serialize;

use crate::web::views::{AlertsView, Chart, FactView, FeedView, LatencyRow, LatencyView, Panel, PoolsView};

/// How grave a line of the feed is, as somebody chooses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    Trouble,
    Attention,
    Planned,
    Well,
    Plain,
}

impl Light {
    const ALL: [Self; 5] = [Self::Trouble, Self::Attention, Self::Planned, Self::Well, Self::Plain];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trouble => "trouble",
            Self::Attention => "attention",
            Self::Planned => "planned",
            Self::Well => "well",
            Self::Plain => "unknown",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|light| light.as_str() == word)
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Trouble => "light-trouble",
            Self::Attention => "light-attention",
            Self::Planned => "light-planned",
            Self::Well => "light-well",
            Self::Plain => "light-plain",
        }
    }

    /// All of them, and which is chosen.
    pub fn choices(chosen: Option<Self>) -> Vec<LightView> {
        let view = |one: Self| LightView { word: one.as_str(), text: one.text(), chosen: chosen == Some(one) };
        Self::ALL.map(view).into()
    }
}

#[derive(Debug, Serialize)]
pub struct LightView {
    pub word: &'static str,
    pub text: &'static str,
    pub chosen: bool,
}

#[derive(Debug, Serialize)]
pub struct HealthPanel {
    pub feed: FeedView,
    pub older: Option<u64>,
    pub lights: Vec<LightView>,
    pub latency: LatencyView,
    pub chart: Chart,
    pub rows: Vec<LatencyRow>,
    pub pools: PoolsView,
    pub alerts: AlertsView,
}

/// Nothing of it changes while somebody reads.
#[derive(Debug, Serialize)]
pub struct FeedPanel {
    pub lines: Vec<FactView>,
    pub older: Option<u64>,
    /// There are newer ones.
    pub later: bool,
    pub light: Option<&'static str>,
    pub lights: Vec<LightView>,
}

impl Panel for HealthPanel {
    const PATH: &'static str = "/admin/health";
    const TEMPLATE: &'static str = "pages/admin/health.html";
    const LIVE: &'static str = "feed latency pools alerts";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::domain::health::{Level, Tally};
        use crate::health::Point;
        use crate::web::views::{Piece, Range, Viewpoint};
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let answered = Tally { answers: 1, latency_sum_ms: 4, latency_max_ms: 4, ..Tally::of(Level::Online, 9) };
        let silent = Tally { window_ms: 9, ..Tally::of(Level::Unreachable, 9) };
        let row = |tally| LatencyRow::of(&Point { at: viewpoint.now, tally }, &viewpoint);
        let parts = LatencyView::samples().into_iter().zip(PoolsView::samples()).zip(AlertsView::samples());
        let mut all: Vec<Self> = parts
            .map(|((latency, pools), alerts)| Self {
                feed: FeedView::samples().remove(0),
                older: Some(7),
                lights: Light::choices(None),
                latency,
                chart: Chart::of(Range::Day, &viewpoint),
                rows: vec![row(answered), row(silent)],
                pools,
                alerts,
            })
            .collect();
        let first = &mut all[1];
        (first.feed.lines, first.older, first.rows) = (Vec::new(), None, Vec::new());
        all
    }
}

impl Panel for FeedPanel {
    const PATH: &'static str = "/admin/health";
    const TEMPLATE: &'static str = "pages/admin/feed.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::views::Piece;

        let page = |lines, older, later, light: Option<Light>| Self {
            lines,
            older,
            later,
            light: light.map(Light::as_str),
            lights: Light::choices(light),
        };
        vec![
            page(FactView::samples(), Some(7), true, None),
            page(FactView::samples(), Some(7), false, Some(Light::Trouble)),
            page(Vec::new(), None, false, Some(Light::Well)),
        ]
    }
}
