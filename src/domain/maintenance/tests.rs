//! Windows come round, and people are told of them.

mod entries;
mod occurrences;
mod telling;

use super::*;

const MINUTE: i64 = 60_000;

fn at(text: &str) -> Timestamp {
    Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn millis(at: i64) -> Timestamp {
    Timestamp::from_millis(at)
}

fn window(rule: Rule, zone: &str, since: &str) -> Window {
    let title = Texts { portuguese: "Troca de discos".into(), english: String::new() };
    let plan = Plan { title, text: Texts::default(), rule, zone: zone.into(), shares: Vec::new() };
    Window::new("w".into(), plan, "carla".into(), at(since))
}

fn once(starts: &str, ends: &str) -> Rule {
    Rule::Once { starts_at: at(starts), ends_at: at(ends) }
}

fn weekly(weekdays: &[Weekday], hour: u8, minute: u8, minutes: u32) -> Rule {
    Rule::Weekly { weekdays: weekdays.to_vec(), at: LocalTime { hour, minute }, minutes }
}
