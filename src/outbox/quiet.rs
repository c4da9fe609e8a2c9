//! Hours in which nobody wants to be disturbed.

use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::domain::Timestamp;

/// From one time of the day up to another; past midnight when the second is the earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    from: Time,
    to: Time,
}

impl Quiet {
    /// `22:00-07:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.trim().split_once('-')?;
        let (from, to) = (time_of_day(from)?, time_of_day(to)?);
        (from != to).then_some(Self { from, to })
    }

    /// When this quiet ends; `None` when there is none now.
    pub fn end(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let moment = jiff::Timestamp::from_millisecond(now.as_millis()).ok()?;
        let local = zone.to_datetime(moment);
        let time = local.time();
        let over_midnight = self.to < self.from;
        let inside =
            if over_midnight { time >= self.from || time < self.to } else { (self.from..self.to).contains(&time) };
        if !inside {
            return None;
        }
        let date = if time < self.to { local.date() } else { local.date().tomorrow().ok()? };
        let end = zone.to_ambiguous_timestamp(date.to_datetime(self.to));
        // An hour that comes twice ends the quiet the first time it is still ahead.
        let ends = [end.compatible(), end.later()];
        let end = ends.into_iter().flatten().find(|end| *end > moment)?;
        Some(Timestamp::from_millis(end.as_millisecond()))
    }
}

impl std::fmt::Display for Quiet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.from.hour(), self.from.minute(), self.to.hour(), self.to.minute())
    }
}

fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(quiet: &str, zone: &str, now: &str) -> Option<String> {
        let zone = TimeZone::get(zone).unwrap();
        let at: jiff::Timestamp = now.parse().unwrap();
        let end = Quiet::parse(quiet).unwrap().end(Timestamp::from_millis(at.as_millisecond()), &zone)?;
        Some(jiff::Timestamp::from_millisecond(end.as_millis()).unwrap().to_string())
    }

    #[test]
    fn quiet_hours_go_over_midnight_and_end_the_next_morning() {
        let night = |now| end("22:00-07:00", "America/Sao_Paulo", now);
        assert_eq!(night("2026-11-21T21:59:59-03:00"), None);
        assert_eq!(night("2026-11-21T22:00:00-03:00").as_deref(), Some("2026-11-22T10:00:00Z"));
        assert_eq!(night("2026-11-22T06:59:59-03:00").as_deref(), Some("2026-11-22T10:00:00Z"));
        assert_eq!(night("2026-11-22T07:00:00-03:00"), None);
        let noon = |now| end("12:00-13:30", "America/Sao_Paulo", now);
        assert_eq!(noon("2026-11-21T12:15:00-03:00").as_deref(), Some("2026-11-21T16:30:00Z"));
        assert_eq!(noon("2026-11-21T22:00:00-03:00"), None);
    }

    #[test]
    fn the_end_is_right_when_the_clocks_of_the_zone_change_meanwhile() {
        let lisbon = |quiet, now| end(quiet, "Europe/Lisbon", now);
        // Set back at 02:00 summer time on 25 October, forward at 01:00 on 29 March.
        assert_eq!(lisbon("22:00-07:00", "2026-10-24T22:30:00Z").as_deref(), Some("2026-10-25T07:00:00Z"));
        assert_eq!(lisbon("22:00-07:00", "2026-03-28T23:00:00Z").as_deref(), Some("2026-03-29T06:00:00Z"));
        // An end that the clocks leap over comes with the leap; one that comes twice is the next one ahead.
        assert_eq!(lisbon("22:00-01:30", "2026-03-28T23:00:00Z").as_deref(), Some("2026-03-29T01:30:00Z"));
        assert_eq!(lisbon("22:00-01:30", "2026-10-25T00:10:00Z").as_deref(), Some("2026-10-25T00:30:00Z"));
        assert_eq!(lisbon("22:00-01:30", "2026-10-25T01:10:00Z").as_deref(), Some("2026-10-25T01:30:00Z"));
    }

    #[test]
    fn only_two_different_times_of_the_day_are_quiet_hours() {
        assert_eq!(Quiet::parse(" 9:00 - 18:30 ").unwrap().to_string(), "09:00-18:30");
        for text in ["", "22:00", "22:00-22:00", "24:00-07:00", "22-7", "+1:00-02:00", "22:00-07:60"] {
            assert_eq!(Quiet::parse(text), None, "{text}");
        }
    }
}
