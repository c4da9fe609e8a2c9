//! A time in which the storage may be away, said beforehand; and when that time comes round.

mod due;
mod entry;
mod rule;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::event::Audience;
use crate::domain::language::Texts;
use crate::domain::notice::Planned;

pub use due::{Due, Nas, due, keys, outlook, shown, wake_at};
pub use entry::{Entry, MOST_SHARES, clocks};
pub use rule::{LONGEST_MINUTES, LocalTime, MonthDay, Rule, Weekday};

/// What an administrator decides about a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub title: Texts,
    pub text: Texts,
    pub rule: Rule,
    /// As the tz database calls it: local times are of this zone.
    pub zone: String,
    /// Empty: all of them.
    pub shares: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub id: String,
    pub plan: Plan,
    pub created_at: Timestamp,
    pub created_by: String,
    /// Since when the plan is this one: what ended earlier did not follow it.
    pub since: Timestamp,
    /// Counts the changes, as calendars want it.
    pub revision: u32,
    pub changed_at: Timestamp,
    /// Occurrences that do not take place, by their start.
    pub called_off: Vec<Timestamp>,
    /// When all that had not ended was called off.
    pub called_off_at: Option<Timestamp>,
    pub moved: Option<Moved>,
}

/// One time a window takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Occurrence {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

/// What was next, and what is next since the plan changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub from: Occurrence,
    pub to: Occurrence,
    /// Which change it was.
    pub revision: u32,
}

/// An occurrence as it is shown: coming, under way or over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub window: String,
    pub title: Texts,
    pub text: Texts,
    pub shares: Vec<i64>,
    pub at: Occurrence,
    pub stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    Ahead,
    Running,
    /// Its time is over, and the storage is still away.
    Overdue,
    Over,
    CalledOff,
}

/// As the audit trail says it.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { title, rule, zone, shares, .. } = self;
        let shares: Vec<String> = shares.iter().map(ToString::to_string).collect();
        let shares = if shares.is_empty() { "all".to_owned() } else { shares.join(" ") };
        write!(f, "{}; {rule} ({zone}); shares: {shares}", title.portuguese)
    }
}

impl Plan {
    pub fn audience(&self) -> Audience {
        audience(&self.shares)
    }
}

impl Shown {
    /// Whom it concerns.
    pub fn audience(&self) -> Audience {
        audience(&self.shares)
    }
}

fn audience(shares: &[i64]) -> Audience {
    if shares.is_empty() { Audience::Everybody } else { Audience::Reaching(shares.to_vec()) }
}

impl Window {
    /// A new one of this plan.
    pub fn new(id: String, plan: Plan, created_by: String, now: Timestamp) -> Self {
        Self {
            id,
            plan,
            created_at: now,
            created_by,
            since: now,
            revision: 0,
            changed_at: now,
            called_off: Vec::new(),
            called_off_at: None,
            moved: None,
        }
    }

    /// All that touch the span, the earliest first, those called off as well; at most [`rule::MOST`].
    pub fn occurrences(&self, from: Timestamp, to: Timestamp) -> Vec<Occurrence> {
        self.plan.rule.occurrences(&self.plan.zone, from.max(self.since), to)
    }

    pub fn is_called_off(&self, occurrence: Occurrence) -> bool {
        self.called_off.contains(&occurrence.starts_at) || self.called_off_at.is_some_and(|at| occurrence.ends_at > at)
    }

    /// The one under way, or else the next one.
    pub fn next(&self, now: Timestamp) -> Option<Occurrence> {
        let soon = self.occurrences(now, now.plus(rule::ALWAYS_WITHIN));
        let found = soon.into_iter().find(|one| one.ends_at > now && !self.is_called_off(*one));
        // It may be further away than that.
        found.or_else(|| self.plan.rule.once().filter(|once| once.ends_at > now && !self.is_called_off(*once)))
    }

    /// When nothing more can come of it.
    pub fn over_at(&self) -> Option<Timestamp> {
        self.called_off_at.or(self.plan.rule.once().map(|once| once.ends_at))
    }

    /// What is over for a day stays as it was; until then somebody may need more time.
    pub fn may_change(&self, now: Timestamp) -> bool {
        self.called_off_at.is_none() && self.over_at().is_none_or(|over| now.since(over) < due::NEAR)
    }

    /// The same window with another plan.
    #[must_use]
    pub fn changed(mut self, plan: Plan, now: Timestamp) -> Self {
        let before = self.next(now).or(self.plan.rule.once());
        let same = plan.rule == self.plan.rule && plan.zone == self.plan.zone;
        self.plan = plan;
        self.revision += 1;
        self.changed_at = now;
        if same {
            return self;
        }
        self.since = now;
        // A move on top of a move is one from where people last heard of it.
        let heard = self
            .moved
            .filter(|moved| Some(moved.to) == before && moved.to.ends_at > now)
            .map(|moved| moved.from)
            .or(before);
        let (after, revision) = (self.next(now), self.revision);
        if after != before {
            self.moved = heard.zip(after).map(|(from, to)| Moved { from, to, revision });
        }
        self
    }

    /// The plan that gives a single time more minutes, counted from now when its time is over. `None`: it comes round
    /// again, or would last longer than any may.
    pub fn longer(&self, minutes: u32, now: Timestamp) -> Option<Plan> {
        let Occurrence { starts_at, ends_at } = self.plan.rule.once()?;
        let ends_at = ends_at.max(now).plus(std::time::Duration::from_secs(u64::from(minutes) * 60));
        let fits = ends_at.since(starts_at).as_secs() <= u64::from(LONGEST_MINUTES) * 60;
        fits.then(|| Plan { rule: Rule::Once { starts_at, ends_at }, ..self.plan.clone() })
    }

    /// It takes place more than once.
    pub fn repeats(&self) -> bool {
        self.plan.rule.once().is_none()
    }

    /// The same window without one occurrence, or without all that have not ended. `None` when that changes nothing.
    pub fn without(mut self, which: Option<Timestamp>, now: Timestamp) -> Option<Self> {
        match which {
            Some(start) => {
                let near = self.occurrences(start, start.plus(std::time::Duration::from_millis(1)));
                let one = near.into_iter().find(|one| one.starts_at == start)?;
                if one.ends_at <= now || self.is_called_off(one) {
                    return None;
                }
                self.called_off.retain(|old| now.since(*old) < rule::REMEMBERED);
                self.called_off.push(start);
            }
            None if self.called_off_at.is_some() || self.over_at().is_some_and(|at| at <= now) => return None,
            None => self.called_off_at = Some(now),
        }
        self.revision += 1;
        self.changed_at = now;
        Some(self)
    }

    pub fn planned(&self, occurrence: Occurrence) -> Planned {
        Planned {
            window: self.id.clone(),
            title: self.plan.title.clone(),
            starts_at: occurrence.starts_at,
            ends_at: Some(occurrence.ends_at),
        }
    }

    pub fn shown(&self, at: Occurrence, stage: Stage) -> Shown {
        let Plan { title, text, shares, .. } = self.plan.clone();
        Shown { window: self.id.clone(), title, text, shares, at, stage }
    }
}

#[cfg(test)]
mod tests;
