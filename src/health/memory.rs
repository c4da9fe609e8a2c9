//! What many looks say together. The rules that no single look can follow, in one place:
//!
//! - What the NAS says of itself counts at once: a reboot or shutdown it announces, starting, a key it refuses.
//! - Everything else that looks like trouble is looked at once more [`CONFIRM_AFTER`] later, on a link tried anew, before
//!   anybody hears of it. Between two looks there is a knock, so that trouble is told within half a period, that wait and
//!   the time the answers take: well under five seconds by looking alone, under one by event. Silence is another matter:
//!   a question is given up only after the limit of a call, so that a slow NAS is not taken for a dead one.
//! - An announcement holds against a NAS that still says it is ready, until the link was made anew or [`ANNOUNCED`] passed.
//! - For [`COMING_BACK`] silence is how a restart looks; after that it is trouble.
//! - Whoever falls [`FALLS`] times within [`UNSTEADY`] is unsteady: it wants attention even while it answers, and people are
//!   not told of every turn, until that is no longer so.
//! - Away while a planned window runs is planned, whatever the reason.

use std::collections::VecDeque;
use std::time::Duration;

use crate::domain::Timestamp;
use crate::domain::health::{Level, Reason, Snapshot, Tally};
use crate::health::look::Look;

pub const CONFIRM_AFTER: Duration = Duration::from_millis(500);
/// What is told beforehand happens soon, or was called off.
pub const ANNOUNCED: Duration = Duration::from_mins(2);
/// The longest a restart takes that need not worry anybody.
pub const COMING_BACK: Duration = Duration::from_mins(10);
pub const FALLS: usize = 3;
pub const UNSTEADY: Duration = Duration::from_mins(10);
/// Two clocks never run alike; this is more than they drift between two looks.
const JUMP: Duration = Duration::from_secs(5);

/// Now, by both clocks.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub at: Timestamp,
    pub uptime: Duration,
}

/// Written by whoever looks or listens.
#[derive(Debug)]
pub struct Memory {
    /// The last look by itself.
    level: Level,
    reason: Reason,
    /// When the NAS said that it goes down, if the link is still the one it said so over.
    announced: Option<Duration>,
    falls: VecDeque<Duration>,
    last: Option<Moment>,
    /// A look was taken in since the last picture.
    looked: bool,
    /// Nothing is known of a longer silence of ours.
    longest_gap: Duration,
}

/// The next picture, and what led to it.
#[derive(Debug)]
pub struct Picture {
    pub snapshot: Snapshot,
    /// Of the time since the picture before.
    pub tally: Tally,
    pub jumped: Option<i64>,
    pub unsteady: bool,
}

impl Memory {
    pub fn new(longest_gap: Duration) -> Self {
        Self {
            level: Level::Unknown,
            reason: Reason::NotLooked,
            announced: None,
            falls: VecDeque::new(),
            last: None,
            looked: false,
            longest_gap,
        }
    }

    /// The link was made anew: whatever the NAS announced has come to pass.
    pub fn linked(&mut self) {
        self.announced = None;
    }

    /// The NAS says that it goes down.
    pub fn announce(&mut self, before: &Snapshot, restarts: bool, words: &str, now: Moment) -> Snapshot {
        self.announced = Some(now.uptime);
        self.level = Level::Restarting;
        self.reason = if restarts { Reason::Rebooting } else { Reason::ShuttingDown };
        Snapshot {
            words: words.to_owned(),
            going_down_since: before.going_down_since.or(Some(now.at)),
            ..before.clone()
        }
    }

    /// Takes a look in; `None` when the NAS itself has contradicted it since.
    pub fn take(&mut self, before: &Snapshot, look: Look, now: Moment) -> Option<Snapshot> {
        if let Some(announced) = self.announced {
            let holds = now.uptime.saturating_sub(announced) < ANNOUNCED;
            if look.asked_at < announced || (holds && look.level.is_up()) {
                return None;
            }
            self.announced = self.announced.filter(|_| holds);
        }
        (self.level, self.reason) = (look.level, look.reason);
        self.looked = true;
        let mut seen = before.clone();
        seen.checked_at = Some(now.at);
        seen.latency_ms = look.latency.map(|latency| u64::try_from(latency.as_millis()).unwrap_or(u64::MAX));
        if look.level.is_up() {
            seen.going_down_since = None;
            seen.words.clear();
        } else if matches!(look.reason, Reason::Booting | Reason::ShuttingDown) {
            seen.going_down_since = seen.going_down_since.or(Some(now.at));
        }
        if let Some(details) = look.details {
            seen.open_alerts = u32::try_from(details.open).unwrap_or(u32::MAX);
            seen.details_at = Some(now.at);
            (seen.alerts, seen.pools) = (details.alerts, details.pools);
        }
        if let Some((boot_id, system)) = look.start {
            seen.boot_id = boot_id;
            seen.started_at = system.as_ref().and_then(|system| system.started_at);
            seen.release = system.map(|system| system.release);
        }
        Some(seen)
    }

    /// Puts `seen` in its place after `before`: its level by all rules, and what the time between amounts to.
    pub fn place(&mut self, before: &Snapshot, seen: Snapshot, planned: bool, now: Moment) -> Picture {
        let jumped = self.jump(now);
        let tally = self.tally(before, seen.latency_ms, now);
        self.last = Some(now);
        let moved = |at: Timestamp| Timestamp::from_millis(at.as_millis().saturating_add(jumped.unwrap_or(0)));
        let going_down_since =
            seen.going_down_since.map(|at| if before.going_down_since == Some(at) { moved(at) } else { at });
        let (level, reason) = self.settle(before, going_down_since, planned, now);
        let since = if level == before.level { moved(before.since) } else { now.at };
        let snapshot = Snapshot { level, reason, since, going_down_since, planned, ..seen };
        Picture { snapshot, tally, jumped, unsteady: self.is_unsteady(now) }
    }

    fn settle(
        &mut self,
        before: &Snapshot,
        going_down_since: Option<Timestamp>,
        planned: bool,
        now: Moment,
    ) -> (Level, Reason) {
        let announced = going_down_since.is_some();
        if before.level.is_up() && self.level.is_away() && !planned && !announced {
            self.falls.push_back(now.uptime);
        }
        let coming_back = going_down_since.is_some_and(|since| now.at.since(since) < COMING_BACK);
        let unsteady = self.is_unsteady(now);
        match self.level {
            Level::Online | Level::Attention if unsteady => (Level::Attention, Reason::Unsteady),
            Level::Restarting | Level::Unreachable if planned => (Level::Planned, self.reason),
            Level::Unreachable if coming_back => (Level::Restarting, self.reason),
            level @ (Level::Unknown
            | Level::Online
            | Level::Attention
            | Level::Planned
            | Level::Restarting
            | Level::Unreachable
            | Level::KeyRefused) => (level, self.reason),
        }
    }

    fn is_unsteady(&mut self, now: Moment) -> bool {
        self.falls.retain(|fell| now.uptime.saturating_sub(*fell) < UNSTEADY);
        self.falls.len() >= FALLS
    }

    /// By how much the calendar moved more than time passed.
    fn jump(&self, now: Moment) -> Option<i64> {
        let last = self.last?;
        let passed = i64::try_from(now.uptime.saturating_sub(last.uptime).as_millis()).unwrap_or(i64::MAX);
        let by = now.at.as_millis().saturating_sub(last.at.as_millis()).saturating_sub(passed);
        (u128::from(by.unsigned_abs()) > JUMP.as_millis()).then_some(by)
    }

    /// The time since the picture before was like that picture.
    fn tally(&mut self, before: &Snapshot, latency_ms: Option<u64>, now: Moment) -> Tally {
        let passed = self.last.map_or(Duration::ZERO, |last| now.uptime.saturating_sub(last.uptime));
        let known = if passed <= self.longest_gap { passed } else { Duration::ZERO };
        let span_ms = u64::try_from(known.as_millis()).unwrap_or(u64::MAX);
        let looked = std::mem::take(&mut self.looked);
        let latency_ms = latency_ms.filter(|_| looked);
        let latency = latency_ms.unwrap_or(0);
        Tally {
            window_ms: if before.planned { span_ms } else { 0 },
            looks: u64::from(looked),
            answers: u64::from(latency_ms.is_some()),
            latency_sum_ms: latency,
            latency_min_ms: latency,
            latency_max_ms: latency,
            ..Tally::of(before.level, span_ms)
        }
    }
}

#[cfg(test)]
mod tests;
