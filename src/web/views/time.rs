//! A moment as a page tells it: how long ago, and exactly.

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::domain::Timestamp;
use crate::web::words::Language;

/// An older moment says more by its date.
const RECENT_S: u64 = 24 * 60 * 60;

/// From where moments are seen.
#[derive(Debug, Clone)]
pub struct Viewpoint {
    pub now: Timestamp,
    pub zone: TimeZone,
    pub language: Language,
}

#[derive(Debug, Clone, Serialize)]
pub struct TimeView {
    pub iso: String,
    pub exact: String,
    /// `None`: not recent, or still to come; the exact time is shown.
    pub age_s: Option<u64>,
    /// The key of the age, and its number.
    pub age: &'static str,
    pub count: u64,
}

impl Viewpoint {
    pub fn see(&self, at: Timestamp) -> TimeView {
        let seconds = self.now.since(at).as_secs();
        let (age, count) = match seconds {
            // What has just been is not told as having no age.
            0..60 => ("age-seconds", seconds.max(1)),
            60..3_600 => ("age-minutes", seconds / 60),
            _ => ("age-hours", seconds / 3_600),
        };
        let pattern = match self.language {
            Language::Portuguese => "%d/%m/%Y %H:%M",
            Language::English => "%-d %b %Y %H:%M",
        };
        TimeView {
            iso: at.in_zone(&self.zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            exact: at.in_zone(&self.zone).strftime(pattern).to_string(),
            age_s: (at <= self.now && seconds < RECENT_S).then_some(seconds),
            age,
            count,
        }
    }

    /// Near enough for a clock: the day only when it is another one.
    pub fn moment(&self, at: Timestamp) -> String {
        let (now, at) = (self.now.in_zone(&self.zone), at.in_zone(&self.zone));
        let pattern = match self.language {
            _ if now.date() == at.date() => "%H:%M",
            Language::Portuguese => "%d/%m %H:%M",
            Language::English => "%-d %b %H:%M",
        };
        at.strftime(pattern).to_string()
    }

    /// From one moment to another; the day of the end only when it is another one.
    pub fn span(&self, from: Timestamp, to: Timestamp) -> String {
        let same_day = from.in_zone(&self.zone).date() == to.in_zone(&self.zone).date();
        let end = if same_day { to.in_zone(&self.zone).strftime("%H:%M").to_string() } else { self.see(to).exact };
        format!("{} – {end}", self.see(from).exact)
    }

    /// For lists where seconds matter.
    pub fn to_the_second(&self, at: Timestamp) -> String {
        let pattern = match self.language {
            Language::Portuguese => "%d/%m/%Y %H:%M:%S",
            Language::English => "%-d %b %Y %H:%M:%S",
        };
        at.in_zone(&self.zone).strftime(pattern).to_string()
    }

    /// The day in the office.
    pub fn day(&self, at: Timestamp) -> String {
        let pattern = match self.language {
            Language::Portuguese => "%d/%m/%Y",
            Language::English => "%-d %b %Y",
        };
        at.in_zone(&self.zone).strftime(pattern).to_string()
    }

    /// The hour of the day, for a greeting.
    pub fn hour(&self) -> i8 {
        self.now.in_zone(&self.zone).hour()
    }
}

#[cfg(test)]
impl Viewpoint {
    /// 9:14 in the morning of a Saturday in Cuiabá.
    pub fn sample(language: Language) -> Self {
        let zone = TimeZone::get("America/Cuiaba").unwrap();
        Self { now: Timestamp::from_millis(1_795_266_840_000), zone, language }
    }

    pub fn before(&self, span: std::time::Duration) -> Timestamp {
        self.now.minus(span)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_moment_is_told_by_its_age_for_a_day_and_by_its_date_from_then_on() {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let told = |seconds| {
            let time = viewpoint.see(viewpoint.before(Duration::from_secs(seconds)));
            time.age_s.map(|_| (time.age, time.count))
        };
        assert_eq!(told(4), Some(("age-seconds", 4)));
        assert_eq!(told(60), Some(("age-minutes", 1)));
        assert_eq!(told(86_399), Some(("age-hours", 23)));
        assert_eq!(told(86_400), None);
        assert!(viewpoint.see(viewpoint.now.plus(Duration::from_secs(1))).age_s.is_none(), "it is still to come");
    }

    #[test]
    fn a_moment_to_come_says_its_day_only_when_it_is_not_today() {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let moments = [2, 24].map(|hours| viewpoint.moment(viewpoint.now.plus(Duration::from_hours(hours))));
        assert_eq!(moments, ["11:14", "22/11 09:14"]);
    }

    #[test]
    fn a_span_says_its_day_once_when_it_begins_and_ends_in_it() {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let spans = [2, 20].map(|hours| viewpoint.span(viewpoint.now, viewpoint.now.plus(Duration::from_hours(hours))));
        assert_eq!(spans, ["21/11/2026 09:14 – 11:14", "21/11/2026 09:14 – 22/11/2026 05:14"]);
    }

    #[test]
    fn the_exact_time_is_the_one_on_the_wall_of_the_office() {
        let told = [Language::Portuguese, Language::English].map(|language| {
            let viewpoint = Viewpoint::sample(language);
            viewpoint.see(viewpoint.now).exact
        });
        assert_eq!(told, ["21/11/2026 09:14", "21 Nov 2026 09:14"]);
        assert_eq!(Viewpoint::sample(Language::English).hour(), 9);
        let iso = Viewpoint::sample(Language::English);
        assert_eq!(iso.see(iso.now).iso, "2026-11-21T09:14:00-04:00");
    }
}
