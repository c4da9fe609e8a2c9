//! The log: its last lines, the level told by more than colour, and what there is to download.

use jiff::civil::Date;
use serde::Serialize;
use tracing::Level;
use url::form_urlencoded;

use crate::runtime::logging::{Day, Wanted, level_of};
use crate::web::views::admin::system::size;
use crate::web::views::{Panel, Piece};
use crate::web::words::Language;

#[derive(Debug, Serialize)]
pub struct LogPanel {
    pub log: LogView,
    pub days: Vec<DayView>,
    pub levels: Vec<LevelView>,
    pub text: String,
    /// The filter as a part of an address.
    pub query: String,
    pub filtered: bool,
}

#[derive(Debug, Serialize)]
pub struct DayView {
    /// As addresses say it.
    pub date: String,
    /// As people do, with the size of the file.
    pub text: String,
}

#[derive(Debug, Serialize)]
pub struct LevelView {
    pub word: &'static str,
    pub text: &'static str,
    pub chosen: bool,
}

/// The last lines, the newest at the end.
#[derive(Debug, Serialize)]
pub struct LogView {
    pub lines: Vec<LineView>,
}

/// A line in three parts, which together are all of it.
#[derive(Debug, Serialize)]
pub struct LineView {
    pub tone: &'static str,
    pub time: String,
    pub level: String,
    pub text: String,
}

impl LogPanel {
    /// `days` with the newest first.
    pub fn of(lines: Vec<String>, days: &[Day], wanted: &Wanted, language: Language) -> Self {
        let levels = [
            (None, "", "log-any"),
            (Some(Level::INFO), "info", "log-info"),
            (Some(Level::WARN), "warn", "log-warn"),
            (Some(Level::ERROR), "error", "log-error"),
        ];
        let levels = levels.map(|(least, word, text)| LevelView { word, text, chosen: wanted.least == least });
        let word = levels.iter().find(|level| level.chosen).map_or("", |level| level.word);
        let said = [("level", word), ("q", &wanted.text)].into_iter().filter(|(_, value)| !value.is_empty());
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish();
        Self {
            log: LogView::of(lines),
            days: days.iter().map(|day| DayView::of(day, language)).collect(),
            filtered: !query.is_empty(),
            levels: levels.into(),
            text: wanted.text.clone(),
            query,
        }
    }
}

impl DayView {
    fn of(day: &Day, language: Language) -> Self {
        let date: Date = day.date;
        let shown = match language {
            Language::Portuguese => date.strftime("%d/%m/%Y"),
            Language::English => date.strftime("%-d %b %Y"),
        };
        Self { date: date.to_string(), text: format!("{shown} ({})", size(day.bytes, language)) }
    }
}

impl LogView {
    pub fn of(lines: Vec<String>) -> Self {
        Self { lines: lines.into_iter().map(LineView::of).collect() }
    }
}

impl LineView {
    /// What is no line of ours is text.
    fn of(line: String) -> Self {
        let Some((level, (time, rest))) = level_of(&line).zip(line.split_once("] [")) else {
            return Self { tone: "plain", time: String::new(), level: String::new(), text: line };
        };
        let (word, text) = rest.split_once(']').unwrap_or((rest, ""));
        Self {
            tone: match level {
                Level::ERROR => "error",
                Level::WARN => "warn",
                Level::INFO => "info",
                Level::DEBUG | Level::TRACE => "debug",
            },
            time: format!("{time}]"),
            level: format!("[{word}]"),
            text: text.to_owned(),
        }
    }
}

#[cfg(test)]
fn samples() -> Vec<String> {
    let line =
        |level: &str, user: &str, text: &str| format!("[2026-11-21 09:14:00.123] [{level}] [10.0.0.7] [{user}] {text}");
    vec![
        line("INFO", "-", "listening address=127.0.0.1:8080"),
        line("INFO", "ana", "GET /dashboard: 200 request_id=1f9c3a duration_ms=3.4"),
        line("WARN", "\"><img src=x onerror=1>", "the NAS did not answer error=\"timed out\""),
        line("ERROR", "-", &"a round came to nothing ".repeat(12)),
        line("DEBUG", "-", "a look took 4 ms"),
        line("TRACE", "-", "frame"),
        "\"><img src=x onerror=1> somebody else wrote this".to_owned(),
    ]
}

impl Panel for LogPanel {
    const PATH: &'static str = "/admin/logs";
    const TEMPLATE: &'static str = "pages/admin/logs.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let day = |day, bytes| Day { date: Date::constant(2026, 11, day), bytes };
        let days = [day(21, 40_200), day(20, 3_900_000), day(19, 12)];
        let wanted = Wanted { least: Some(Level::WARN), text: "\"><img src=x onerror=1>".into() };
        vec![
            Self::of(samples(), &days, &Wanted::default(), Language::Portuguese),
            Self::of(samples(), &days[..1], &wanted, Language::English),
            Self::of(Vec::new(), &days, &wanted, Language::Portuguese),
            Self::of(Vec::new(), &[], &Wanted::default(), Language::Portuguese),
        ]
    }
}

impl Piece for LogView {
    const COMPONENT: &'static str = "logs.lines";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self::of(samples()), Self::of(Vec::new())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_line_together_are_the_line() {
        for line in samples() {
            let LineView { time, level, text, .. } = LineView::of(line.clone());
            let whole = if time.is_empty() { text } else { format!("{time} {level}{text}") };
            assert_eq!(whole, line);
        }
    }
}
