//! A moment, in the one unit the house uses everywhere: milliseconds since 1970, UTC.

use std::fmt;
use std::time::Duration;

use jiff::Zoned;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// How long after `earlier` this is; nothing when the clock was set back in between.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// In the calendar. A moment none reaches is the first of 1970.
    pub fn in_calendar(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default()
    }

    /// As the clocks of a zone show it.
    pub fn in_zone(self, zone: &TimeZone) -> Zoned {
        self.in_calendar().to_zoned(zone.clone())
    }
}

/// As programs read times: by RFC 3339.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_calendar().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_gives_no_negative_age() {
        let (early, late) = (Timestamp::from_millis(1_000), Timestamp::from_millis(4_500));
        assert_eq!(late.since(early), Duration::from_millis(3_500));
        assert_eq!(early.since(late), Duration::ZERO);
        assert_eq!(early.plus(Duration::from_secs(1)), Timestamp::from_millis(2_000));
    }

    #[test]
    fn a_moment_no_calendar_reaches_is_the_first_of_1970() {
        let told = |millis| Timestamp::from_millis(millis).in_zone(&TimeZone::UTC).to_string();
        assert_eq!(told(1_795_266_840_000), "2026-11-21T13:14:00+00:00[UTC]");
        assert_eq!(told(i64::MAX), "1970-01-01T00:00:00+00:00[UTC]");
    }

    #[test]
    fn no_span_is_too_long_to_look_back_or_ahead() {
        let now = Timestamp::from_millis(4_500);
        assert_eq!(now.minus(Duration::from_secs(5)), Timestamp::from_millis(-500));
        assert_eq!(now.minus(Duration::MAX), Timestamp::from_millis(4_500 - i64::MAX));
        assert_eq!(now.plus(Duration::MAX), Timestamp::from_millis(i64::MAX));
    }
}
