//! A plan as an administrator enters it.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

use crate::domain::Timestamp;
use crate::domain::entry::{Field, Problem, Problems, Typed};
use crate::domain::language::Texts;
use crate::domain::maintenance::rule::moment;
use crate::domain::maintenance::{LONGEST_MINUTES, LocalTime, MonthDay, Plan, Rule, Weekday};

/// More shares than an office has; whoever means more means all.
pub const MOST_SHARES: usize = 200;

/// The fields of the form, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    pub title: Typed,
    pub text: Typed,
    /// `once`, `weekly` or `monthly`.
    pub rule: String,
    /// For once: what the clocks of the zone show, as `2026-11-21T22:00`.
    pub starts: String,
    pub ends: String,
    /// For weekly: the words of [`Weekday`].
    pub weekdays: Vec<String>,
    /// For monthly: `15`, or `2 saturday`, or `last sunday`.
    pub day: String,
    /// For weekly and monthly: `22:00`.
    pub time: String,
    /// How long, for weekly and monthly.
    pub minutes: String,
    pub zone: String,
    pub shares: Vec<String>,
}

impl Entry {
    pub fn parse(&self, now: Timestamp) -> Result<Plan, Vec<(Field, Problem)>> {
        let mut problems = Problems::default();
        let title = problems.title(&self.title);
        let text = problems.text(&self.text, false);
        let zone = problems.keep(Field::Zone, zone(&self.zone));
        let rule = self.parse_rule(zone.as_ref(), now, &mut problems);
        let shares = problems.keep(Field::Shares, shares(&self.shares));
        let plan = || {
            let (zone, shares) = (self.zone.trim().to_owned(), shares?);
            Some(Plan { title: title?, text: text?, rule: rule?, zone, shares })
        };
        problems.or(plan())
    }

    /// A plan as it would have been typed.
    pub fn of(plan: &Plan) -> Self {
        let typed = |texts: &Texts| Typed { portuguese: texts.portuguese.clone(), english: texts.english.clone() };
        let entry = Self {
            title: typed(&plan.title),
            text: typed(&plan.text),
            zone: plan.zone.clone(),
            shares: plan.shares.iter().map(ToString::to_string).collect(),
            ..Self::default()
        };
        match &plan.rule {
            Rule::Once { starts_at, ends_at } => {
                let zone = TimeZone::get(&plan.zone).unwrap_or(TimeZone::UTC);
                let (starts, ends) = (clocks(*starts_at, &zone), clocks(*ends_at, &zone));
                Self { rule: "once".into(), starts, ends, ..entry }
            }
            Rule::Weekly { weekdays, at, minutes } => {
                let weekdays = weekdays.iter().map(|day| day.as_str().to_owned()).collect();
                Self { rule: "weekly".into(), weekdays, time: at.to_string(), minutes: minutes.to_string(), ..entry }
            }
            Rule::Monthly { day, at, minutes } => {
                let day = day.to_string();
                Self { rule: "monthly".into(), day, time: at.to_string(), minutes: minutes.to_string(), ..entry }
            }
        }
    }

    fn parse_rule(&self, zone: Option<&TimeZone>, now: Timestamp, problems: &mut Problems) -> Option<Rule> {
        match self.rule.trim() {
            "once" => self.parse_once(zone, now, problems),
            "weekly" => {
                let weekdays = problems.keep(Field::Weekdays, weekdays(&self.weekdays));
                let (at, minutes) = self.parse_time(problems);
                Some(Rule::Weekly { weekdays: weekdays?, at: at?, minutes: minutes? })
            }
            "monthly" => {
                let day = problems.keep(Field::Day, month_day(&self.day));
                let (at, minutes) = self.parse_time(problems);
                Some(Rule::Monthly { day: day?, at: at?, minutes: minutes? })
            }
            "" => problems.keep(Field::Rule, Err(Problem::Missing)),
            _ => problems.keep(Field::Rule, Err(Problem::Unknown)),
        }
    }

    fn parse_once(&self, zone: Option<&TimeZone>, now: Timestamp, problems: &mut Problems) -> Option<Rule> {
        let starts = problems.keep(Field::Starts, local(&self.starts));
        let ends = problems.keep(Field::Ends, local(&self.ends));
        let zone = zone?;
        let (starts_at, ends_at) = (moment(starts?, zone)?, moment(ends?, zone)?);
        let problem = if ends_at <= starts_at {
            Problem::EndsBeforeStart
        } else if ends_at.since(starts_at).as_secs() > u64::from(LONGEST_MINUTES) * 60 {
            Problem::LastsTooLong
        } else if ends_at <= now {
            Problem::Past
        } else {
            return Some(Rule::Once { starts_at, ends_at });
        };
        problems.keep(Field::Ends, Err(problem))
    }

    fn parse_time(&self, problems: &mut Problems) -> (Option<LocalTime>, Option<u32>) {
        let at = problems.keep(Field::Time, local_time(&self.time));
        (at, problems.keep(Field::Minutes, minutes(&self.minutes)))
    }
}

/// What the clocks of a zone show, as forms say it.
pub fn clocks(at: Timestamp, zone: &TimeZone) -> String {
    at.in_zone(zone).strftime("%Y-%m-%dT%H:%M").to_string()
}

fn present(typed: &str) -> Result<&str, Problem> {
    Some(typed.trim()).filter(|text| !text.is_empty()).ok_or(Problem::Missing)
}

fn zone(typed: &str) -> Result<TimeZone, Problem> {
    TimeZone::get(present(typed)?).map_err(|_| Problem::Unknown)
}

fn local(typed: &str) -> Result<DateTime, Problem> {
    let local: DateTime = present(typed)?.parse().map_err(|_| Problem::Unknown)?;
    // Whole minutes of years people live in: everything else is a slip, and calendars cannot say it.
    let sensible = (2020..2200).contains(&local.year()) && local.second() == 0 && local.subsec_nanosecond() == 0;
    sensible.then_some(local).ok_or(Problem::OutOfRange)
}

fn local_time(typed: &str) -> Result<LocalTime, Problem> {
    let time: Time = present(typed)?.parse().map_err(|_| Problem::Unknown)?;
    let number = |part: i8| u8::try_from(part).map_err(|_| Problem::Unknown);
    Ok(LocalTime { hour: number(time.hour())?, minute: number(time.minute())? })
}

fn minutes(typed: &str) -> Result<u32, Problem> {
    match present(typed)?.parse().map_err(|_| Problem::Unknown)? {
        0 => Err(Problem::OutOfRange),
        minutes if minutes > LONGEST_MINUTES => Err(Problem::LastsTooLong),
        minutes => Ok(minutes),
    }
}

fn weekdays(typed: &[String]) -> Result<Vec<Weekday>, Problem> {
    let mut days =
        typed.iter().map(|word| Weekday::parse(word).ok_or(Problem::Unknown)).collect::<Result<Vec<_>, _>>()?;
    days.sort_unstable();
    days.dedup();
    if days.is_empty() { Err(Problem::Missing) } else { Ok(days) }
}

fn month_day(typed: &str) -> Result<MonthDay, Problem> {
    let typed = present(typed)?;
    let Some((nth, weekday)) = typed.split_once(' ') else {
        let day = typed.parse().map_err(|_| Problem::Unknown)?;
        return if (1..=31).contains(&day) { Ok(MonthDay::Day(day)) } else { Err(Problem::OutOfRange) };
    };
    let weekday = Weekday::parse(weekday).ok_or(Problem::Unknown)?;
    match nth {
        "last" => Ok(MonthDay::Last(weekday)),
        "1" | "2" | "3" | "4" => Ok(MonthDay::Nth(nth.as_bytes()[0] - b'0', weekday)),
        _ => Err(Problem::OutOfRange),
    }
}

fn shares(typed: &[String]) -> Result<Vec<i64>, Problem> {
    let mut shares =
        typed.iter().map(|id| id.parse().map_err(|_| Problem::Unknown)).collect::<Result<Vec<i64>, _>>()?;
    shares.sort_unstable();
    shares.dedup();
    if shares.len() > MOST_SHARES { Err(Problem::OutOfRange) } else { Ok(shares) }
}
