//! How fast the storage answered: as a chart, and as a table that says the same.

use std::time::Duration;

use serde::Serialize;

use crate::domain::Timestamp;
use crate::domain::health::Snapshot;
use crate::health::Point;
use crate::web::views::{Piece, StorageView, TimeView, Viewpoint};

/// How far a chart looks back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    Hour,
    Day,
    Week,
    Month,
}

impl Range {
    const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::Month];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// A day when it is none of ours.
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|range| range.as_str() == word).unwrap_or(Self::Day)
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Hour => "range-hour",
            Self::Day => "range-day",
            Self::Week => "range-week",
            Self::Month => "range-month",
        }
    }

    const fn span(self) -> Duration {
        match self {
            Self::Hour => Duration::from_hours(1),
            Self::Day => Duration::from_hours(24),
            Self::Week => Duration::from_hours(7 * 24),
            Self::Month => Duration::from_hours(30 * 24),
        }
    }

    pub fn since(self, now: Timestamp) -> Timestamp {
        now.minus(self.span())
    }

    /// Of a chart: no finer than what is kept.
    pub const fn points(self) -> u32 {
        match self {
            Self::Hour => 720,
            Self::Day => 480,
            Self::Week => 336,
            Self::Month => 360,
        }
    }

    pub const fn rows(self) -> u32 {
        match self {
            Self::Hour => 12,
            Self::Day => 24,
            Self::Week => 14,
            Self::Month => 30,
        }
    }

    fn step(self) -> Duration {
        self.span() / self.points()
    }
}

/// What the page says of a chart; the rest comes by itself.
#[derive(Debug, Serialize)]
pub struct Chart {
    pub range: &'static str,
    pub ranges: Vec<RangeView>,
    /// Where days begin and end.
    pub zone: String,
}

#[derive(Debug, Serialize)]
pub struct RangeView {
    pub word: &'static str,
    pub text: &'static str,
    pub current: bool,
}

impl Chart {
    pub fn of(range: Range, viewpoint: &Viewpoint) -> Self {
        let view = |one: Range| RangeView { word: one.as_str(), text: one.text(), current: one == range };
        Self {
            range: range.as_str(),
            ranges: Range::ALL.map(view).into(),
            zone: viewpoint.zone.iana_name().unwrap_or("UTC").to_owned(),
        }
    }
}

/// Columns of equal length, by time in milliseconds. A step of which nothing is known ends the line.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChartData {
    pub from: i64,
    pub to: i64,
    pub step: i64,
    pub at: Vec<i64>,
    pub mean: Vec<Option<u64>>,
    pub max: Vec<Option<u64>>,
    pub light: Vec<&'static str>,
    pub planned: Vec<bool>,
}

impl ChartData {
    pub fn of(points: &[Point], range: Range, from: Timestamp, to: Timestamp) -> Self {
        let step = i64::try_from(range.step().as_millis()).unwrap_or(i64::MAX);
        let mut data = Self { from: from.as_millis(), to: to.as_millis(), step, ..Self::default() };
        for Point { at, tally } in points {
            let at = at.as_millis();
            if let Some(last) = data.at.last().copied().filter(|last| at.saturating_sub(*last) > 3 * step) {
                data.push(last + step, (None, None), "unknown", false);
            }
            let max = (tally.answers > 0).then_some(tally.latency_max_ms);
            let light = StorageView::light_of(tally.worst());
            data.push(at, (tally.latency_mean_ms(), max), light, tally.window_ms > 0);
        }
        data
    }

    fn push(&mut self, at: i64, (mean, max): (Option<u64>, Option<u64>), light: &'static str, planned: bool) {
        self.at.push(at);
        self.mean.push(mean);
        self.max.push(max);
        self.light.push(light);
        self.planned.push(planned);
    }
}

#[derive(Debug, Serialize)]
pub struct LatencyRow {
    pub iso: String,
    pub time: String,
    pub mean: Option<u64>,
    pub max: Option<u64>,
    pub light: &'static str,
    pub word: &'static str,
    pub planned: bool,
}

impl LatencyRow {
    pub fn of(Point { at, tally }: &Point, viewpoint: &Viewpoint) -> Self {
        Self {
            iso: viewpoint.see(*at).iso,
            time: viewpoint.moment(*at),
            mean: tally.latency_mean_ms(),
            max: (tally.answers > 0).then_some(tally.latency_max_ms),
            light: StorageView::light_of(tally.worst()),
            word: StorageView::word_of(tally.worst()),
            planned: tally.window_ms > 0,
        }
    }
}

/// The last look. A chart that is open takes it in.
#[derive(Debug, Serialize)]
pub struct LatencyView {
    pub at: i64,
    pub ms: Option<u64>,
    pub light: &'static str,
    pub planned: bool,
    pub time: Option<TimeView>,
}

impl LatencyView {
    pub fn of(seen: &Snapshot, viewpoint: &Viewpoint) -> Self {
        Self {
            at: seen.checked_at.map_or(0, Timestamp::as_millis),
            ms: seen.latency_ms,
            light: StorageView::light_of(seen.level),
            planned: seen.planned,
            time: seen.checked_at.map(|at| viewpoint.see(at)),
        }
    }
}

impl Piece for LatencyView {
    const COMPONENT: &'static str = "watch.latency";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let seen = Snapshot { checked_at: Some(viewpoint.now), ..Snapshot::unknown(viewpoint.now) };
        let well = Snapshot { latency_ms: Some(4), planned: true, ..seen.clone() };
        [&well, &seen, &Snapshot::unknown(viewpoint.now)].map(|seen| Self::of(seen, &viewpoint)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::health::{Level, Tally};

    #[test]
    fn a_step_nobody_watched_ends_the_line_and_one_without_answers_has_no_figure() {
        let point = |at, tally| Point { at: Timestamp::from_millis(at), tally };
        let answered = Tally { answers: 2, latency_sum_ms: 10, latency_max_ms: 8, ..Tally::of(Level::Online, 10) };
        let silent = Tally { window_ms: 10, ..Tally::of(Level::Planned, 10) };
        let points = [point(0, answered), point(5_000, silent), point(60_000, answered)];
        let end = Timestamp::from_millis(3_600_000);
        let data = ChartData::of(&points, Range::Hour, Timestamp::from_millis(0), end);
        assert_eq!((data.from, data.to, data.step), (0, 3_600_000, 5_000));
        assert_eq!(data.at, [0, 5_000, 10_000, 60_000]);
        assert_eq!(data.mean, [Some(5), None, None, Some(5)]);
        assert_eq!(data.max, [Some(8), None, None, Some(8)]);
        assert_eq!(data.light, ["well", "planned", "unknown", "well"]);
        assert_eq!(data.planned, [false, true, false, false]);
    }
}
