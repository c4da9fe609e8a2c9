//! How the last days were: availability, a bar a day, and what went wrong.

use std::time::Duration;

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::health::{Level, Tally};
use crate::health::{Day, Trouble};
use crate::web::status::{Past, SPANS};
use crate::web::views::{TimeView, Viewpoint};
use crate::web::words::{Language, say};

/// A day with less than this out of order had a hiccup.
const BRIEF_S: u64 = 300;
/// Whoever wants more reads the feed.
const MOST_OUTAGES: usize = 30;
/// Shorter ones are told to nobody: a look that was missed.
pub const LEAST: Duration = Duration::from_mins(1);
/// Of a span, in hundredths; when less is known, the page says how much.
const NEARLY_ALL: u64 = 98;
const DAY_S: u64 = 24 * 60 * 60;

#[derive(Debug, Serialize)]
pub struct HistoryView {
    pub spans: Vec<SpanView>,
    /// The oldest first.
    pub days: Vec<DayView>,
    pub outages: Vec<OutageView>,
}

#[derive(Debug, Serialize)]
pub struct SpanView {
    /// The key of its name.
    pub name: &'static str,
    /// `None`: nothing is known.
    pub up: Option<String>,
    /// Empty when there was none.
    pub planned: String,
    /// How much is known; empty when it is nearly all.
    pub known: String,
}

#[derive(Debug, Serialize)]
pub struct DayView {
    pub iso: String,
    pub date: String,
    /// `well`, `attention` (out of order for moments), `trouble`, `planned` or `unknown`.
    pub light: &'static str,
    /// The key of the word for it.
    pub word: &'static str,
    /// `None`: nothing is known.
    pub up: Option<String>,
    /// Each empty when there was none.
    pub down: String,
    pub planned: String,
    pub unknown: String,
    /// All of it in one line.
    pub label: String,
}

#[derive(Debug, Serialize)]
pub struct OutageView {
    pub light: &'static str,
    /// The key of what it was.
    pub word: &'static str,
    pub began: TimeView,
    /// `None` while it lasts.
    pub ended: Option<TimeView>,
    pub length: String,
}

impl HistoryView {
    pub fn of(past: &Past, viewpoint: &Viewpoint) -> Self {
        let names = ["status-span-1", "status-span-7", "status-span-30", "status-span-90"];
        let spans = names.into_iter().zip(SPANS).zip(&past.spans);
        let outages = outages(&past.troubles, viewpoint).map(|trouble| outage(trouble, viewpoint));
        Self {
            spans: spans.map(|((name, days), tally)| span(name, days, tally, viewpoint.language)).collect(),
            days: past.days.iter().map(|one| day(one, viewpoint.language)).collect(),
            outages: outages.take(MOST_OUTAGES).collect(),
        }
    }
}

/// Those anybody is told of: neither planned, nor over in a moment, nor about our own key alone.
pub fn outages<'a>(troubles: &'a [Trouble], viewpoint: &Viewpoint) -> impl Iterator<Item = &'a Trouble> {
    let now = viewpoint.now;
    troubles.iter().filter(move |trouble| {
        matches!(trouble.level, Level::Restarting | Level::Unreachable)
            && trouble.ended_at.unwrap_or(now).since(trouble.began_at) >= LEAST
    })
}

fn span(name: &'static str, days: u16, tally: &Tally, language: Language) -> SpanView {
    let known = (tally.up_ms() + tally.down_ms() + tally.planned_ms).div_ceil(1_000);
    let partly = known > 0 && known * 100 < u64::from(days) * DAY_S * NEARLY_ALL;
    SpanView {
        name,
        up: tally.share_up().map(|share| percent(share, language)),
        planned: length(tally.planned_ms / 1_000),
        known: if partly { length(known) } else { String::new() },
    }
}

fn day(day: &Day, language: Language) -> DayView {
    let (light, word) = match day {
        Day { down_s: BRIEF_S.., .. } => ("trouble", "status-day-down"),
        Day { down_s: 1.., .. } => ("attention", "status-day-brief"),
        Day { planned_s: 1.., .. } => ("planned", "status-day-planned"),
        _ if day.tally.up_ms() > 0 => ("well", "status-day-well"),
        _ => ("unknown", "status-day-unknown"),
    };
    let mut view = DayView {
        iso: day.date.to_string(),
        date: date(day.date, language),
        light,
        word,
        up: day.tally.share_up().map(|share| percent(share, language)),
        down: length(day.down_s),
        planned: length(day.planned_s),
        unknown: length(day.unknown_s),
        label: String::new(),
    };
    view.label = label(&view, language);
    view
}

fn label(day: &DayView, language: Language) -> String {
    let mut parts = vec![day.date.clone(), say(language, day.word, [])];
    if let Some(up) = &day.up {
        parts.push(say(language, "status-day-up", [("share", up.as_str().into())]));
    }
    for (key, length) in [("status-part-down", &day.down), ("status-part-planned", &day.planned)] {
        if !length.is_empty() {
            parts.push(say(language, key, [("length", length.as_str().into())]));
        }
    }
    parts.join(" · ")
}

fn outage(trouble: &Trouble, viewpoint: &Viewpoint) -> OutageView {
    let restarting = trouble.level == Level::Restarting;
    OutageView {
        light: if restarting { "planned" } else { "trouble" },
        word: if restarting { "status-outage-restart" } else { "status-outage-away" },
        began: viewpoint.see(trouble.began_at),
        ended: trouble.ended_at.map(|at| viewpoint.see(at)),
        length: length(trouble.ended_at.unwrap_or(viewpoint.now).since(trouble.began_at).as_secs()),
    }
}

fn date(date: Date, language: Language) -> String {
    let pattern = match language {
        Language::Portuguese => "%d/%m/%Y",
        Language::English => "%-d %b %Y",
    };
    date.strftime(pattern).to_string()
}

/// Never rounded up: only what was always there was there for 100 %.
fn percent(share: f64, language: Language) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is between 0 and 1")]
    let hundredths = (share.clamp(0.0, 1.0) * 10_000.0 + 1e-6).floor() as u32;
    let (mark, sign) = if language == Language::Portuguese { (',', " %") } else { ('.', "%") };
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => format!("{whole}{sign}"),
        (whole, part) => format!("{whole}{mark}{part:02}{sign}"),
    }
}

/// In the two largest units that are not zero; empty when there was nothing. The units are the same in both languages.
pub fn length(seconds: u64) -> String {
    let units = [(DAY_S, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, unit) in units {
        if rest >= size && parts.len() < 2 {
            parts.push(format!("{} {unit}", rest / size));
        }
        rest %= size;
    }
    parts.join(" ")
}

#[cfg(test)]
pub fn sample(viewpoint: &Viewpoint) -> Past {
    use crate::domain::health::Reason;

    let day = |at: i32| {
        let (up, down, planned) = match at {
            0..40 => (0, 0, 0),
            60 => (80_000, 6_400, 0),
            72 => (86_200, 200, 0),
            75 => (79_200, 0, 7_200),
            _ => (86_400, 0, 0),
        };
        let tally = [(Level::Online, up), (Level::Unreachable, down), (Level::Planned, planned)]
            .into_iter()
            .fold(Tally::default(), |sum, (level, seconds)| sum.plus(&Tally::of(level, seconds * 1_000)));
        Day {
            date: jiff::civil::date(2026, 8, 24).saturating_add(jiff::Span::new().days(at)),
            up_s: up,
            attention_s: 0,
            planned_s: planned,
            down_s: down,
            unknown_s: DAY_S - up - down - planned,
            tally,
        }
    };
    let trouble = |level, minutes: u64, ended: Option<u64>| Trouble {
        began_at: viewpoint.before(Duration::from_mins(minutes)),
        ended_at: ended.map(|minutes| viewpoint.before(Duration::from_mins(minutes))),
        level,
        reason: Reason::NoAnswer,
    };
    let days: Vec<Day> = (0..90).map(day).collect();
    let sum = |count: usize| days.iter().rev().take(count).fold(Tally::default(), |sum, day| sum.plus(&day.tally));
    Past {
        spans: SPANS.map(|count| sum(count.into())).to_vec(),
        troubles: vec![
            trouble(Level::Unreachable, 70, None),
            trouble(Level::Restarting, 26_000, Some(25_990)),
            trouble(Level::Planned, 20_000, Some(19_000)),
        ],
        days,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_always_there_was_there_for_all_of_the_time() {
        let said = [1.0, 0.999_999, 0.999, 0.5, 0.0].map(|share| percent(share, Language::Portuguese));
        assert_eq!(said, ["100 %", "99,99 %", "99,90 %", "50 %", "0 %"]);
        assert_eq!(percent(0.987_654, Language::English), "98.76%");
    }

    #[test]
    fn a_length_is_told_in_its_two_largest_units() {
        let said = [0, 59, 60, 3_725, 90_000, 86_400 + 59].map(length);
        assert_eq!(said, ["", "59 s", "1 min", "1 h 2 min", "1 d 1 h", "1 d 59 s"]);
    }

    #[test]
    fn each_day_has_the_colour_of_the_worst_of_it_and_one_nobody_watched_has_none() {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let history = HistoryView::of(&sample(&viewpoint), &viewpoint);
        let lights = [0, 50, 60, 72, 75].map(|at: usize| (history.days[at].light, history.days[at].up.is_some()));
        let expected = [("unknown", false), ("well", true), ("trouble", true), ("attention", true), ("planned", true)];
        assert_eq!(lights, expected);
        assert_eq!(history.days[60].label, "23/10/2026 · Fora do ar · 92,59 % no ar · 1 h 46 min fora do ar");
        let words: Vec<&str> = history.outages.iter().map(|outage| outage.word).collect();
        assert_eq!(words, ["status-outage-away", "status-outage-restart"]);
    }

    #[test]
    fn a_span_says_how_much_of_it_is_known_and_tells_planned_time_apart() {
        let viewpoint = Viewpoint::sample(Language::English);
        let history = HistoryView::of(&sample(&viewpoint), &viewpoint);
        let told: Vec<_> =
            history.spans.iter().map(|span| (span.up.as_deref(), &*span.planned, &*span.known)).collect();
        let month = (Some("99.74%"), "2 h", "");
        assert_eq!(told[0], (Some("100%"), "", ""));
        assert_eq!(told[3], (Some("99.84%"), "2 h", "50 d"));
        assert_eq!(told[2], month);
        assert_eq!(span("status-span-7", 7, &Tally::default(), Language::English).up, None);
    }
}
