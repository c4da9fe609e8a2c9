//! What people are to be told of a window now: a pure rule, so that a late start, a restart and a clock that jumps need none of
//! their own. Each thing told has a key; a key that was told is never told again.

use std::time::Duration;

use crate::domain::Timestamp;
use crate::domain::health::Level;
use crate::domain::maintenance::{Occurrence, Shown, Stage, Window};
use crate::domain::notice::Notice;

/// In minutes before the start, the longest first.
const STEPS: [u32; 4] = [24 * 60, 60, 15, 1];
/// How far ahead a window is spoken of, and for how long afterwards its end is still waited for.
pub(super) const NEAR: Duration = Duration::from_hours(24);
/// The NAS may have answered before our last look: nobody calls it late within this.
const GRACE: Duration = Duration::from_mins(1);

/// What is known of the storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nas {
    Up,
    Away,
    /// Nobody can say: neither all is clear, nor is it late.
    Unclear,
}

/// Something to be told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The first is its own; the others are of what need not be told any more once this was.
    pub keys: Vec<String>,
    pub notice: Notice,
}

impl From<Level> for Nas {
    fn from(level: Level) -> Self {
        match level {
            Level::Online | Level::Attention => Self::Up,
            Level::Planned | Level::Restarting | Level::Unreachable => Self::Away,
            Level::Unknown | Level::KeyRefused => Self::Unclear,
        }
    }
}

/// All keys [`due`] and [`shown`] may ask for.
pub fn keys(window: &Window, now: Timestamp) -> Vec<String> {
    let moved = window.moved.iter().flat_map(|moved| {
        let mut keys = heard_keys(window, moved.from);
        keys.extend([end_key(window, moved.from, "ended"), moved_key(window, moved.revision)]);
        keys
    });
    let near = near(window, now).into_iter().flat_map(|one| {
        let mut keys = heard_keys(window, one);
        keys.extend(["overdue", "ended"].map(|step| end_key(window, one, step)));
        keys.push(key(window, one, "off"));
        keys
    });
    moved.chain(near).collect()
}

/// In the order in which it is to be told. `told` says whether a key was told already.
pub fn due(window: &Window, now: Timestamp, nas: Nas, told: &impl Fn(&str) -> bool) -> Vec<Due> {
    let near = near(window, now);
    let steps = near.into_iter().filter_map(|one| {
        if window.is_called_off(one) { called_off(window, one, now, told) } else { step(window, one, (now, nas), told) }
    });
    moved(window, now, told).into_iter().chain(steps).filter(|due| !told(&due.keys[0])).collect()
}

/// What a banner says: what comes within a day, what is under way, what is late.
pub fn shown(window: &Window, now: Timestamp, told: &impl Fn(&str) -> bool) -> Vec<Shown> {
    let stage = |one: &Occurrence| {
        if window.is_called_off(*one) {
            None
        } else if now < one.starts_at {
            Some(Stage::Ahead)
        } else if now < one.ends_at {
            Some(Stage::Running)
        } else {
            let late = told(&end_key(window, *one, "overdue")) && !told(&end_key(window, *one, "ended"));
            late.then_some(Stage::Overdue)
        }
    };
    near(window, now).into_iter().filter_map(|one| Some(window.shown(one, stage(&one)?))).collect()
}

/// The next moment at which [`due`] says something else by itself.
pub fn wake_at(window: &Window, now: Timestamp) -> Option<Timestamp> {
    let moments = |one: Occurrence| {
        let steps = STEPS.map(|minutes| before(one.starts_at, minutes));
        steps.into_iter().chain([one.starts_at, one.ends_at, one.ends_at.plus(GRACE)])
    };
    near(window, now).into_iter().flat_map(moments).filter(|at| *at > now).min()
}

fn near(window: &Window, now: Timestamp) -> Vec<Occurrence> {
    let day = u32::try_from(NEAR.as_secs() / 60).unwrap_or_default();
    // One more millisecond: what begins in exactly a day is due.
    window.occurrences(before(now, day), now.plus(NEAR + Duration::from_millis(1)))
}

fn moved(window: &Window, now: Timestamp, told: &impl Fn(&str) -> bool) -> Option<Due> {
    let moved = window.moved?;
    let waiting = !told(&end_key(window, moved.from, "ended"));
    let heard = waiting && heard_keys(window, moved.from).iter().any(|key| told(key));
    if !heard || moved.to.ends_at <= now || window.is_called_off(moved.to) {
        return None;
    }
    let mut keys = vec![moved_key(window, moved.revision)];
    // Who hears of the new start hears how far away it is.
    keys.extend(step_ahead(moved.to, now).map(|reached| ahead_keys(window, moved.to, reached)).unwrap_or_default());
    Some(Due { keys, notice: Notice::MaintenanceMoved(window.planned(moved.to)) })
}

fn called_off(window: &Window, one: Occurrence, now: Timestamp, told: &impl Fn(&str) -> bool) -> Option<Due> {
    let heard = heard_keys(window, one).iter().any(|key| told(key));
    (heard && now < one.ends_at)
        .then(|| Due { keys: vec![key(window, one, "off")], notice: Notice::MaintenanceCalledOff(window.planned(one)) })
}

fn step(window: &Window, one: Occurrence, (now, nas): (Timestamp, Nas), told: &impl Fn(&str) -> bool) -> Option<Due> {
    let planned = || window.planned(one);
    if now < one.starts_at {
        let keys = ahead_keys(window, one, step_ahead(one, now)?);
        // As many as there are: a step may be told late.
        let minutes = whole_minutes(one.starts_at.since(now));
        return Some(Due { keys, notice: Notice::MaintenanceAhead { window: planned(), minutes } });
    }
    if now < one.ends_at {
        let keys = heard_keys(window, one);
        return Some(Due { keys, notice: Notice::MaintenanceBegan(planned()) });
    }
    let [overdue, ended] = ["overdue", "ended"].map(|step| end_key(window, one, step));
    // Who never heard of it need not hear that it is over.
    if !told(&key(window, one, "began")) || told(&ended) {
        return None;
    }
    match nas {
        Nas::Up => Some(Due { keys: vec![ended, overdue], notice: Notice::MaintenanceEnded(planned()) }),
        Nas::Away if now >= one.ends_at.plus(GRACE) => {
            Some(Due { keys: vec![overdue], notice: Notice::MaintenanceOverdue(planned()) })
        }
        Nas::Away | Nas::Unclear => None,
    }
}

/// The last of [`STEPS`] that has been reached. What was missed of the earlier ones matters no more.
/// When people are told of an occurrence, as things stand, and how many minutes before it; nought: that it begins.
/// What is late is told at once.
pub fn outlook(one: Occurrence, now: Timestamp) -> Vec<(Timestamp, u32)> {
    if one.ends_at <= now {
        return Vec::new();
    }
    let late = step_ahead(one, now).map(|_| (now, whole_minutes(one.starts_at.since(now))));
    let coming = STEPS.into_iter().map(|minutes| (before(one.starts_at, minutes), minutes));
    let coming = coming.filter(|(at, _)| *at > now);
    late.into_iter().chain(coming).chain([(one.starts_at.max(now), 0)]).collect()
}

fn step_ahead(one: Occurrence, now: Timestamp) -> Option<u32> {
    STEPS.into_iter().rev().find(|minutes| before(one.starts_at, *minutes) <= now && now < one.starts_at)
}

fn whole_minutes(span: Duration) -> u32 {
    u32::try_from(span.as_millis().div_ceil(60_000)).unwrap_or(u32::MAX)
}

fn before(at: Timestamp, minutes: u32) -> Timestamp {
    at.minus(Duration::from_mins(minutes.into()))
}

/// That it begins, and all steps before: whoever was told one of them has heard of it. The beginning first.
fn heard_keys(window: &Window, one: Occurrence) -> Vec<String> {
    let mut keys = vec![key(window, one, "began")];
    keys.extend(ahead_keys(window, one, STEPS[STEPS.len() - 1]));
    keys
}

/// The step that was reached and all before it, the reached one first.
fn ahead_keys(window: &Window, one: Occurrence, reached: u32) -> Vec<String> {
    let passed = STEPS.into_iter().rev().filter(|minutes| *minutes >= reached);
    passed.map(|minutes| key(window, one, &format!("ahead {minutes}"))).collect()
}

fn key(window: &Window, one: Occurrence, step: &str) -> String {
    format!("{} {} {step}", window.id, one.starts_at.as_millis())
}

/// Whoever gets more time ends anew.
fn end_key(window: &Window, one: Occurrence, step: &str) -> String {
    format!("{} {} {step}", window.id, one.ends_at.as_millis())
}

fn moved_key(window: &Window, revision: u32) -> String {
    format!("{} moved {revision}", window.id)
}
