//! One line of the log: `[TIMESTAMP] [LEVEL] [IP] [USER] message key=value …`, whatever the values hold.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use tracing::Level;

use crate::domain::Timestamp;

/// Stands in a column nobody filled.
const NOBODY: &str = "-";

pub(super) struct Line<'a> {
    pub(super) at: Timestamp,
    pub(super) zone: &'a TimeZone,
    pub(super) level: Level,
    pub(super) ip: Option<&'a str>,
    pub(super) user: Option<&'a str>,
    pub(super) message: &'a str,
    pub(super) fields: &'a [(&'static str, String)],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    Plain,
    /// Colours the level, for a terminal.
    Colour,
}

impl Line<'_> {
    pub(super) fn text(&self, paint: Paint) -> String {
        let mut text = format!(
            "[{}] [{}] [{}] [{}] {}",
            moment(self.at, self.zone),
            level(self.level, paint),
            column(self.ip),
            column(self.user),
            escape(self.message)
        );
        for (name, value) in self.fields {
            // Writing to a String cannot fail.
            let _ = write!(text, " {name}={}", quoted(value));
        }
        text
    }
}

fn moment(at: Timestamp, zone: &TimeZone) -> String {
    // A moment no calendar knows is still told, as the number it is.
    jiff::Timestamp::from_millisecond(at.as_millis()).map_or_else(
        |_| at.as_millis().to_string(),
        |at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string(),
    )
}

fn level(level: Level, paint: Paint) -> String {
    let colour = match level {
        Level::ERROR => 31,
        Level::WARN => 33,
        Level::INFO => 32,
        Level::DEBUG => 34,
        Level::TRACE => 35,
    };
    match paint {
        Paint::Plain => level.to_string(),
        Paint::Colour => format!("\u{1b}[{colour}m{level}\u{1b}[0m"),
    }
}

/// Without brackets of its own, so that nobody's name can close the column and open another.
fn column(value: Option<&str>) -> String {
    match value {
        None | Some("") => NOBODY.into(),
        Some(value) => escape(value).replace('[', "\\u{5b}").replace(']', "\\u{5d}"),
    }
}

/// In quotes when it could be taken for more than one value, or for a column.
fn quoted(value: &str) -> String {
    let text = escape(value);
    if text.is_empty() || text.contains([' ', '=', '"', '[', ']']) {
        return format!("\"{}\"", text.replace('"', "\\\""));
    }
    text
}

/// The same text on one line with nothing invisible: line ends, terminal commands, changes of writing direction.
pub fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut safe, c| {
        match c {
            '\\' => safe.push_str("\\\\"),
            c if c.is_control() || (c.is_whitespace() && c != ' ') || is_invisible(c) => {
                safe.extend(c.escape_default());
            }
            c => safe.push(c),
        }
        safe
    })
}

/// What somebody else may have written, with a sign in the place of everything that is not to be seen.
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}
