//! What was worth telling, as RSS 2.0: outages, maintenance and incidents, each with a name that never changes.

use std::time::Duration;

use crate::domain::Timestamp;
use crate::domain::health::Level;
use crate::domain::maintenance::Shown;
use crate::health::Trouble;
use crate::web::status::{Past, Written};
use crate::web::views::{Viewpoint, length, outages, state_word};
use crate::web::words::say;

/// From how long before a window on it is news.
const AHEAD: Duration = Duration::from_hours(7 * 24);
/// Readers fetch it every few minutes.
const MOST: usize = 100;

struct Item {
    /// Stays the same whatever becomes of it.
    guid: String,
    at: Timestamp,
    title: String,
    text: String,
    /// A place on the page, or empty.
    place: String,
}

pub fn text(past: &Past, written: &Written, base: &str, viewpoint: &Viewpoint) -> String {
    let mut items = Vec::new();
    for trouble in outages(&past.troubles, viewpoint) {
        items.extend(of_trouble(trouble, viewpoint));
    }
    let soon = viewpoint.now.plus(AHEAD);
    items.extend(
        written
            .windows
            .iter()
            .filter(|window| window.at.starts_at <= soon)
            .map(|one| of_window(one, written, viewpoint)),
    );
    items.extend(of_incidents(written, viewpoint));
    items.sort_by(|a, b| (b.at, &b.guid).cmp(&(a.at, &a.guid)));
    items.truncate(MOST);
    let language = viewpoint.language;
    let (title, about) = (say(language, "status-title", []), say(language, "status-feed-text", []));
    let (name, base) = (language.as_str(), escape(base));
    let items: String = items.iter().map(|item| element(item, &base)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n\
        <title>Farol · {}</title>\n<link>{base}/status</link>\n<description>{}</description>\n\
        <language>{name}</language>\n<lastBuildDate>{}</lastBuildDate>\n<ttl>5</ttl>\n\
        <atom:link href=\"{base}/status.rss?lang={name}\" rel=\"self\" type=\"application/rss+xml\"/>\n\
        {items}</channel>\n</rss>\n",
        escape(&title),
        escape(&about),
        date(viewpoint.now),
    )
}

fn of_trouble(trouble: &Trouble, viewpoint: &Viewpoint) -> Vec<Item> {
    let language = viewpoint.language;
    let number = trouble.began_at.as_millis();
    let began = viewpoint.see(trouble.began_at).exact;
    let title = if trouble.level == Level::Restarting { "feed-restart" } else { "feed-away" };
    let first = Item {
        guid: format!("outage-{number}"),
        at: trouble.began_at,
        title: say(language, title, []),
        text: say(language, "feed-began", [("at", began.as_str().into())]),
        place: String::new(),
    };
    let last = trouble.ended_at.map(|at| {
        let (ended, length) = (viewpoint.see(at).exact, length(at.since(trouble.began_at).as_secs()));
        let told = [("began", began.as_str().into()), ("ended", ended.into()), ("length", length.into())];
        Item {
            guid: format!("outage-{number}-over"),
            at,
            title: say(language, "feed-back", []),
            text: say(language, "feed-lasted", told),
            place: String::new(),
        }
    });
    [Some(first), last].into_iter().flatten().collect()
}

/// Told a week ahead, or since it was planned when that was later.
fn of_window(window: &Shown, written: &Written, viewpoint: &Viewpoint) -> Item {
    let language = viewpoint.language;
    let starts_at = window.at.starts_at;
    let ahead = starts_at.minus(AHEAD);
    let planned_at = written.planned_at.get(&window.window).copied().unwrap_or(ahead);
    let span =
        [("starts", viewpoint.see(starts_at).exact.into()), ("ends", viewpoint.see(window.at.ends_at).exact.into())];
    let (title, words) = (window.title.in_language(language).trim(), window.text.in_language(language).trim());
    let span = say(language, "feed-span", span);
    Item {
        guid: format!("maintenance-{}-{}", window.window, starts_at.as_millis()),
        at: ahead.max(planned_at),
        title: say(language, "feed-planned", [("title", title.into())]),
        text: format!("{span} {words}").trim().to_owned(),
        place: String::new(),
    }
}

fn of_incidents<'a>(written: &'a Written, viewpoint: &'a Viewpoint) -> impl Iterator<Item = Item> + 'a {
    let language = viewpoint.language;
    written.incidents.iter().flat_map(move |incident| {
        incident.updates.iter().enumerate().map(move |(number, update)| {
            let title = incident.title.in_language(language).trim();
            let told = [("title", title.into()), ("state", say(language, state_word(update.state), []).into())];
            Item {
                guid: format!("incident-{}-{number}", incident.id),
                at: update.at,
                title: say(language, "feed-incident", told),
                text: update.text.in_language(language).trim().to_owned(),
                place: format!("#incident-{}", incident.id),
            }
        })
    })
}

fn element(item: &Item, base: &str) -> String {
    let Item { guid, at, title, text, place } = item;
    format!(
        "<item>\n<title>{}</title>\n<link>{base}/status{}</link>\n<description>{}</description>\n\
        <pubDate>{}</pubDate>\n<guid isPermaLink=\"false\">{}</guid>\n</item>\n",
        escape(title),
        escape(place),
        escape(text),
        date(*at),
        escape(guid),
    )
}

/// As RFC 822 has it, with the year in full.
fn date(at: Timestamp) -> String {
    at.in_calendar().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// Text for XML: some characters cannot stand there at all, however they are written.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' => safe.push(letter),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => {}
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_one_mail_has_and_text_is_never_markup() {
        assert_eq!(date(Timestamp::from_millis(1_795_266_840_000)), "Sat, 21 Nov 2026 13:14:00 +0000");
        assert_eq!(escape("<a href='x'>R&D\u{1}\r\n</a>"), "&lt;a href=&#39;x&#39;&gt;R&amp;D\n&lt;/a&gt;");
    }
}
