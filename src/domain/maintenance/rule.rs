//! When a window takes place: once, every week or every month, by the clocks on the wall.
//!
//! A local time that the clocks skip comes as much later as they skip; one that they show twice is the first of both.

use std::fmt;
use std::time::Duration;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::maintenance::Occurrence;

/// A week: longer than that is no maintenance but another state of things.
pub const LONGEST_MINUTES: u32 = 7 * 24 * 60;
/// Any recurring window takes place within this: a fifth Monday may be three months away, a called-off one more.
pub(super) const ALWAYS_WITHIN: Duration = Duration::from_hours(400 * 24);
/// An occurrence called off so long ago is on no page any more.
pub(super) const REMEMBERED: Duration = Duration::from_hours(100 * 24);
/// More than a year of a daily window.
pub(super) const MOST: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    Once { starts_at: Timestamp, ends_at: Timestamp },
    Weekly { weekdays: Vec<Weekday>, at: LocalTime, minutes: u32 },
    Monthly { day: MonthDay, at: LocalTime, minutes: u32 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    pub hour: u8,
    pub minute: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthDay {
    /// From 1 to 31; a shorter month has it on its last day.
    Day(u8),
    /// From the first (1) to the fourth (4) of the month.
    Nth(u8, Weekday),
    Last(Weekday),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.as_str() == word)
    }

    fn of(date: Date) -> Self {
        let days_after_monday = date.weekday().to_monday_zero_offset();
        Self::ALL[usize::try_from(days_after_monday).unwrap_or_default()]
    }
}

/// As forms have it.
impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

/// As forms have it.
impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(number) => number.fmt(f),
            Self::Nth(nth, weekday) => write!(f, "{nth} {}", weekday.as_str()),
            Self::Last(weekday) => write!(f, "last {}", weekday.as_str()),
        }
    }
}

/// As the audit trail says it.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once { starts_at, ends_at } => write!(f, "once, {starts_at} to {ends_at}"),
            Self::Weekly { weekdays, at, minutes } => {
                let days: Vec<&str> = weekdays.iter().map(|day| day.as_str()).collect();
                write!(f, "weekly, {} at {at} for {minutes} min", days.join(" "))
            }
            Self::Monthly { day, at, minutes } => write!(f, "monthly, {day} at {at} for {minutes} min"),
        }
    }
}

impl Rule {
    /// The only time it takes place.
    pub(super) const fn once(&self) -> Option<Occurrence> {
        match *self {
            Self::Once { starts_at, ends_at } => Some(Occurrence { starts_at, ends_at }),
            Self::Weekly { .. } | Self::Monthly { .. } => None,
        }
    }

    /// All that touch the span, the earliest first. A zone nobody knows any more has none.
    pub(super) fn occurrences(&self, zone: &str, from: Timestamp, to: Timestamp) -> Vec<Occurrence> {
        let touches = |one: &Occurrence| one.ends_at > from && one.starts_at < to;
        let (at, minutes) = match self {
            Self::Once { .. } => return self.once().filter(touches).into_iter().collect(),
            Self::Weekly { at, minutes, .. } | Self::Monthly { at, minutes, .. } => (*at, *minutes),
        };
        let Ok(zone) = TimeZone::get(zone) else { return Vec::new() };
        let length = Duration::from_secs(u64::from(minutes) * 60);
        // A day more: where the clocks jump by a whole day, the local date does too.
        let earliest = from.minus(Duration::from_mins(u64::from(LONGEST_MINUTES) + 24 * 60));
        let Some(first) = local_date(earliest, &zone) else { return Vec::new() };
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        let mut found: Vec<Occurrence> = days
            .take_while(|day| start(*day, LocalTime { hour: 0, minute: 0 }, &zone).is_some_and(|start| start < to))
            .filter(|day| self.falls_on(*day))
            .filter_map(|day| start(day, at, &zone))
            .map(|starts_at| Occurrence { starts_at, ends_at: starts_at.plus(length) })
            .filter(touches)
            .take(MOST)
            .collect();
        found.dedup();
        found
    }

    fn falls_on(&self, day: Date) -> bool {
        match self {
            Self::Once { .. } => false,
            Self::Weekly { weekdays, .. } => weekdays.contains(&Weekday::of(day)),
            Self::Monthly { day: MonthDay::Day(number), .. } => {
                i16::from(day.day()) == i16::from(*number).min(i16::from(day.days_in_month()))
            }
            Self::Monthly { day: MonthDay::Nth(nth, weekday), .. } => {
                Weekday::of(day) == *weekday && (day.day() - 1) / 7 + 1 == i8::try_from(*nth).unwrap_or_default()
            }
            Self::Monthly { day: MonthDay::Last(weekday), .. } => {
                Weekday::of(day) == *weekday && day.day() > day.days_in_month() - 7
            }
        }
    }
}

fn local_date(at: Timestamp, zone: &TimeZone) -> Option<Date> {
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?;
    Some(zone.to_datetime(at).date())
}

fn start(day: Date, at: LocalTime, zone: &TimeZone) -> Option<Timestamp> {
    let time = Time::new(i8::try_from(at.hour).ok()?, i8::try_from(at.minute).ok()?, 0, 0).ok()?;
    moment(day.to_datetime(time), zone)
}

/// What the clocks of the zone show, as a moment.
pub(super) fn moment(local: jiff::civil::DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let at = zone.to_ambiguous_zoned(local).compatible().ok()?;
    Some(Timestamp::from_millis(at.timestamp().as_millisecond()))
}
