//! How the storage is, as administrators see it: figures, the feed, the chart, pools, alerts, who looks.

use crate::auth::Sessions;
use crate::domain::Timestamp;
use crate::domain::event::Line;
use crate::health::Health;
use crate::live::Hub;
use crate::notices::Notices;
use crate::web::error::Error;
use crate::web::live::Registry;
use crate::web::views::{
    AlertsView, ChartData, FactView, FiguresView, LatencyRow, LatencyView, Light, OnlineView, PoolsView, Range,
    Viewpoint,
};
use crate::web::words::Language;

/// As many lines of the feed as fit a screen a few times over; older ones have a page of their own.
const SHOWN: usize = 100;
/// Most lines are for people and no part of the feed.
const READ: u64 = 400;
/// Whoever looks for a rare light is not waited for without end.
const MOST_READS: usize = 25;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Watch {
    pub hub: Hub,
    pub health: Health,
    pub notices: Notices,
    pub sessions: Sessions,
    pub registry: Registry,
}

/// A page of the feed, the newest line first.
#[derive(Debug)]
pub struct Feed {
    pub lines: Vec<FactView>,
    /// Where the next page begins, if there is one.
    pub older: Option<u64>,
}

impl Watch {
    pub async fn figures(&self, viewpoint: &Viewpoint) -> Result<FiguresView, Error> {
        let open = self.sessions.list_all().await.map_err(Error::broken)?;
        let (online, windows) = (self.registry.online().len(), self.notices.windows.present());
        Ok(FiguresView::of(&self.health.latest(), &open, online, &windows, viewpoint))
    }

    /// From before line number `before` or from the end, of one light or of all.
    pub async fn feed(
        &self,
        mut before: Option<u64>,
        light: Option<Light>,
        viewpoint: &Viewpoint,
    ) -> Result<Feed, Error> {
        let mut lines: Vec<FactView> = Vec::new();
        for _ in 0..MOST_READS {
            let kept = self.hub.list_before(before, READ).await.map_err(Error::broken)?;
            for told in &kept {
                if let Line::Fact(fact) = &told.line {
                    let line = FactView::of(told.seq, told.at, fact, viewpoint);
                    lines.extend(light.is_none_or(|light| light.as_str() == line.light).then_some(line));
                }
                if lines.len() > SHOWN {
                    lines.pop();
                    return Ok(Feed { older: lines.last().map(|line| line.seq), lines });
                }
            }
            before = kept.last().map(|told| told.seq);
            if kept.len() < usize::try_from(READ).unwrap_or(usize::MAX) {
                return Ok(Feed { lines, older: None });
            }
        }
        Ok(Feed { lines, older: before })
    }

    pub fn latency(&self, viewpoint: &Viewpoint) -> LatencyView {
        LatencyView::of(&self.health.latest(), viewpoint)
    }

    pub async fn chart(&self, range: Range, viewpoint: &Viewpoint) -> Result<ChartData, Error> {
        let (from, to) = (range.since(viewpoint.now), viewpoint.now);
        let points = self.health.history(from..past(to), range.points()).await.map_err(Error::broken)?;
        Ok(ChartData::of(&points, range, from, to))
    }

    /// The same in fewer steps, the newest first.
    pub async fn table(&self, range: Range, viewpoint: &Viewpoint) -> Result<Vec<LatencyRow>, Error> {
        let span = range.since(viewpoint.now)..past(viewpoint.now);
        let points = self.health.history(span, range.rows()).await.map_err(Error::broken)?;
        Ok(points.iter().rev().map(|point| LatencyRow::of(point, viewpoint)).collect())
    }

    pub fn pools(&self, language: Language) -> PoolsView {
        PoolsView::of(&self.health.latest(), language)
    }

    pub fn alerts(&self, viewpoint: &Viewpoint) -> AlertsView {
        AlertsView::of(&self.health.latest(), &self.notices.silences.list(), viewpoint)
    }

    pub fn online(&self, viewpoint: &Viewpoint) -> OnlineView {
        OnlineView::of(&self.registry.online(), viewpoint)
    }
}

/// What was seen in this very moment counts too.
fn past(moment: Timestamp) -> Timestamp {
    Timestamp::from_millis(moment.as_millis().saturating_add(1))
}
