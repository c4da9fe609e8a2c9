//! Maintenance as a calendar other programs subscribe to (RFC 5545).

use std::fmt::Write as _;

use crate::domain::maintenance::{Occurrence, Rule, Window};
use crate::domain::{Language, Timestamp};

/// In octets, of a line without its end.
const LINE_LIMIT: usize = 75;

/// All occurrences in the span, those called off as well: a calendar only forgets what it is told to.
pub fn text(windows: &[Window], from: Timestamp, to: Timestamp, language: Language, name: &str) -> String {
    let mut out = String::new();
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, "PRODID:-//Farol//Maintenance//EN");
    line(&mut out, "CALSCALE:GREGORIAN");
    line(&mut out, "METHOD:PUBLISH");
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(name)));
    for window in windows {
        for occurrence in window.occurrences(from, to) {
            event(&mut out, window, occurrence, language);
        }
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, window: &Window, occurrence: Occurrence, language: Language) {
    let called_off = window.is_called_off(occurrence);
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{}@farol", uid(window, occurrence)));
    line(out, &format!("SEQUENCE:{}", window.revision));
    line(out, &format!("DTSTAMP:{}", utc(window.changed_at)));
    line(out, &format!("DTSTART:{}", utc(occurrence.starts_at)));
    line(out, &format!("DTEND:{}", utc(occurrence.ends_at)));
    line(out, &format!("SUMMARY:{}", escaped(window.plan.title.in_language(language))));
    let text = window.plan.text.in_language(language);
    if !text.is_empty() {
        line(out, &format!("DESCRIPTION:{}", escaped(text)));
    }
    line(out, if called_off { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
    line(out, "TRANSP:TRANSPARENT");
    line(out, "END:VEVENT");
}

/// What takes place once stays the same event wherever it moves.
fn uid(window: &Window, occurrence: Occurrence) -> String {
    match window.plan.rule {
        Rule::Once { .. } => window.id.clone(),
        Rule::Weekly { .. } | Rule::Monthly { .. } => format!("{}-{}", window.id, occurrence.starts_at.as_millis()),
    }
}

/// Longer lines go on in the next one, behind a blank; no character is cut in two.
fn line(out: &mut String, text: &str) {
    let mut used = 0;
    for one in text.chars() {
        if used + one.len_utf8() > LINE_LIMIT {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(one);
        used += one.len_utf8();
    }
    out.push_str("\r\n");
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '\\' | ';' | ',' => out.extend(['\\', one]),
            '\n' => out.push_str("\\n"),
            // No calendar takes them, and nobody sees them.
            one if one.is_control() => {}
            one => out.push(one),
        }
    }
    out
}

fn utc(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(text, "{:04}{:02}{:02}T", at.year(), at.month(), at.day());
    let _ = write!(text, "{:02}{:02}{:02}Z", at.hour(), at.minute(), at.second());
    text
}
