//! How the storage was, for charts, bars and lists. Nothing here asks the NAS.

use std::ops::Range;
use std::time::Duration;

use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::Timestamp;
use crate::domain::health::{Level, Reason, Tally};
use crate::health::{Error, Health};
use crate::store::HealthTransition;

/// What no chart exceeds, whatever is asked for.
const MOST_POINTS: u32 = 1_000;
/// The finest step in which time zones differ.
const QUARTER: Duration = Duration::from_mins(15);
/// As many turns as a list of trouble looks back on.
const MOST_TURNS: u64 = 2_000;

/// A step of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub at: Timestamp,
    pub tally: Tally,
}

/// A day of the site, as far as it was watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: Date,
    /// Online without anything to look at.
    pub up_s: u64,
    pub attention_s: u64,
    pub planned_s: u64,
    pub down_s: u64,
    /// Not watched, or not visible because the key was refused. The hours to come of today are none of it.
    pub unknown_s: u64,
    pub tally: Tally,
}

/// A span in which the storage could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub began_at: Timestamp,
    /// `None` while it lasts.
    pub ended_at: Option<Timestamp>,
    /// The worst of it, and why it was so.
    pub level: Level,
    pub reason: Reason,
}

impl Health {
    /// The span in at most `points` steps, without those of which nothing is known. Old steps are as coarse as what is kept of
    /// them: looks for a day, minutes for thirty, hours for two years.
    pub async fn history(&self, span: Range<Timestamp>, points: u32) -> Result<Vec<Point>, Error> {
        let step = step(span.end.since(span.start), points.clamp(1, MOST_POINTS));
        let sums = self.0.parts.store.list_health_sums(span, step).await.map_err(Error::ReadHistory)?;
        Ok(sums.into_iter().map(|(at, tally)| Point { at, tally }).collect())
    }

    /// What the last `span` amounts to; [`Tally::share_up`] is the availability.
    pub async fn uptime(&self, span: Duration) -> Result<Tally, Error> {
        let now = self.0.parts.clock.now();
        let points = self.history(now.minus(span)..now.plus(Duration::from_millis(1)), 1).await?;
        Ok(points.iter().fold(Tally::default(), |sum, point| sum.plus(&point.tally)))
    }

    /// The last `count` days of the site, today included, the oldest first.
    pub async fn days(&self, count: u16, zone: &TimeZone) -> Result<Vec<Day>, Error> {
        let now = self.0.parts.clock.now().in_zone(zone);
        let first = now.date().saturating_sub(Span::new().days(i64::from(count.max(1)) - 1));
        let borders: Vec<(Date, Timestamp)> = first
            .series(Span::new().days(1))
            .take_while(|date| *date <= now.date())
            .filter_map(|date| Some((date, start_of(date, zone)?)))
            .collect();
        let Some((_, start)) = borders.first() else { return Ok(Vec::new()) };
        let now = self.0.parts.clock.now();
        let span = *start..now.plus(Duration::from_millis(1));
        let sums = self.0.parts.store.list_health_sums(span, QUARTER).await.map_err(Error::ReadHistory)?;
        let ends = borders.iter().skip(1).map(|(_, end)| *end).chain([now.max(*start)]);
        let days = borders.iter().zip(ends).map(|((date, from), to)| {
            let within = sums.iter().filter(|(at, _)| (*from..to).contains(at) || (to == now && *at == now));
            day(*date, to.since(*from), within.fold(Tally::default(), |sum, (_, tally)| sum.plus(tally)))
        });
        Ok(days.collect())
    }

    /// Spans of trouble that had not ended before `since`, the newest first.
    pub async fn troubles(&self, since: Timestamp) -> Result<Vec<Trouble>, Error> {
        let turns = self.0.parts.store.list_health_transitions(None, MOST_TURNS).await.map_err(Error::ReadHistory)?;
        Ok(troubles(&turns).into_iter().filter(|trouble| trouble.ended_at.is_none_or(|end| end >= since)).collect())
    }
}

/// Never nothing, and rounded up: that many steps cover all of it.
fn step(span: Duration, steps: u32) -> Duration {
    let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(millis.div_ceil(u64::from(steps)).max(1))
}

/// `None` where the calendar ends.
fn start_of(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    let start = date.to_zoned(zone.clone()).ok()?;
    Some(Timestamp::from_millis(start.timestamp().as_millisecond()))
}

fn day(date: Date, length: Duration, tally: Tally) -> Day {
    let seconds = |millis: u64| millis / 1_000;
    let seen = tally.up_ms() + tally.planned_ms + tally.down_ms();
    Day {
        date,
        up_s: seconds(tally.online_ms),
        attention_s: seconds(tally.attention_ms),
        planned_s: seconds(tally.planned_ms),
        down_s: seconds(tally.down_ms()),
        unknown_s: length.as_secs().saturating_sub(seconds(seen)),
        tally,
    }
}

/// Turns from the newest to the oldest into spans from one being well to the next.
fn troubles(turns: &[HealthTransition]) -> Vec<Trouble> {
    let mut troubles: Vec<Trouble> = Vec::new();
    let mut open: Option<Trouble> = None;
    for turn in turns.iter().rev() {
        let badly = turn.after.is_away() || turn.after == Level::KeyRefused;
        open = match open.take() {
            None if badly => {
                Some(Trouble { began_at: turn.at, ended_at: None, level: turn.after, reason: turn.reason })
            }
            None => None,
            // How grave a level is follows the order of the levels, but for a refused key, which says nothing of the storage.
            Some(trouble) if badly && gravity(turn.after) > gravity(trouble.level) => {
                Some(Trouble { level: turn.after, reason: turn.reason, ..trouble })
            }
            Some(trouble) if badly => Some(trouble),
            Some(trouble) => {
                troubles.push(Trouble { ended_at: Some(turn.at.max(trouble.began_at)), ..trouble });
                None
            }
        };
    }
    troubles.extend(open);
    troubles.reverse();
    troubles
}

fn gravity(level: Level) -> u8 {
    match level {
        Level::Unknown | Level::Online | Level::Attention => 0,
        Level::Planned => 1,
        Level::KeyRefused => 2,
        Level::Restarting => 3,
        Level::Unreachable => 4,
    }
}

#[cfg(test)]
mod tests;
