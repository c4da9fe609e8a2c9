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
    let at = at.in_zone(&jiff::tz::TimeZone::UTC);
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(text, "{:04}{:02}{:02}T", at.year(), at.month(), at.day());
    let _ = write!(text, "{:02}{:02}{:02}Z", at.hour(), at.minute(), at.second());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Texts;
    use crate::domain::maintenance::{LocalTime, Plan, Weekday};

    fn window(rule: Rule, title: &str, text: &str) -> Window {
        let texts = |portuguese: &str, english: &str| Texts { portuguese: portuguese.into(), english: english.into() };
        let (title, text, zone) = (texts(title, "Disks, new"), texts(text, ""), "UTC".into());
        let plan = Plan { title, text, rule, zone, shares: Vec::new() };
        Window::new("ab12".into(), plan, "carla".into(), at("2026-11-20T12:00:00Z"))
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn once() -> Rule {
        Rule::Once { starts_at: at("2026-11-22T01:00:00Z"), ends_at: at("2026-11-22T04:30:00Z") }
    }

    fn november(window: Window, language: Language) -> String {
        text(&[window], at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"), language, "Farol, avisos")
    }

    #[test]
    fn a_window_is_an_event_as_calendars_read_it() {
        let window = window(once(), "Discos; troca, \\ 1", "Primeiro: ação.\nDepois: fim.");
        let expected = "BEGIN:VCALENDAR\r\n\
            VERSION:2.0\r\n\
            PRODID:-//Farol//Maintenance//EN\r\n\
            CALSCALE:GREGORIAN\r\n\
            METHOD:PUBLISH\r\n\
            X-WR-CALNAME:Farol\\, avisos\r\n\
            BEGIN:VEVENT\r\n\
            UID:ab12@farol\r\n\
            SEQUENCE:0\r\n\
            DTSTAMP:20261120T120000Z\r\n\
            DTSTART:20261122T010000Z\r\n\
            DTEND:20261122T043000Z\r\n\
            SUMMARY:Discos\\; troca\\, \\\\ 1\r\n\
            DESCRIPTION:Primeiro: ação.\\nDepois: fim.\r\n\
            STATUS:CONFIRMED\r\n\
            TRANSP:TRANSPARENT\r\n\
            END:VEVENT\r\n\
            END:VCALENDAR\r\n";
        assert_eq!(november(window.clone(), Language::Portuguese), expected);
        let english = november(window.clone(), Language::English);
        assert!(english.contains("SUMMARY:Disks\\, new\r\nDESCRIPTION:Primeiro"), "{english}");
        let off = november(window.without(None, at("2026-11-21T00:00:00Z")).unwrap(), Language::English);
        assert!(
            off.contains("SEQUENCE:1\r\nDTSTAMP:20261121T000000Z\r\n") && off.contains("STATUS:CANCELLED"),
            "{off}"
        );
    }

    #[test]
    fn a_long_line_is_folded_at_75_octets_and_no_letter_is_cut() {
        // "SUMMARY:" and 66 letters are 74 octets: the accent has no room left.
        let title = format!("{}é{}", "a".repeat(66), "ç".repeat(50));
        let calendar = november(window(once(), &title, ""), Language::Portuguese);
        let folded = format!("SUMMARY:{}\r\n é{}\r\n {}\r\n", "a".repeat(66), "ç".repeat(36), "ç".repeat(14));
        assert!(calendar.contains(&folded), "{calendar}");
        assert!(calendar.split("\r\n").all(|line| line.len() <= LINE_LIMIT));
        assert!(calendar.replace("\r\n ", "").contains(&title));
        let plain = november(window(once(), &"a".repeat(120), ""), Language::Portuguese);
        let folded = format!("SUMMARY:{}\r\n {}\r\n", "a".repeat(67), "a".repeat(53));
        assert!(plain.contains(&folded), "{plain}");
        let long = november(window(once(), &"a".repeat(67 + 75), ""), Language::Portuguese);
        assert!(long.contains(&format!("\r\n {}\r\n a\r\n", "a".repeat(74))), "{long}");
        let fits = november(window(once(), &format!("{}é", "a".repeat(65)), ""), Language::Portuguese);
        assert!(fits.contains("aé\r\nSTATUS"), "{fits}");
    }

    #[test]
    fn each_time_of_a_window_that_comes_round_is_an_event_of_its_own() {
        let rule = Rule::Weekly { weekdays: vec![Weekday::Sunday], at: LocalTime { hour: 1, minute: 0 }, minutes: 5 };
        let window =
            window(rule, "a", "").without(Some(at("2026-11-29T01:00:00Z")), at("2026-11-20T12:00:00Z")).unwrap();
        let calendar = november(window, Language::Portuguese);
        let uids: Vec<&str> = calendar.lines().filter(|line| line.starts_with("UID:")).collect();
        assert_eq!(uids, ["UID:ab12-1795309200000@farol", "UID:ab12-1795914000000@farol"]);
        assert_eq!(calendar.matches("STATUS:CANCELLED").count(), 1);
    }
}
