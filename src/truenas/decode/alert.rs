//! `alert.list`.

use serde_json::Value;

use crate::domain::nas::{Alert, AlertLevel};
use crate::truenas::Error;
use crate::truenas::decode::record::Record;

/// Long enough for what an alert has to say.
const LONGEST_TEXT: usize = 1_000;
const LONGEST_MARKUP: usize = 8 * LONGEST_TEXT;

pub fn alerts(answer: &Value) -> Result<Vec<Alert>, Error> {
    Record::list("alert.list", answer)?.into_iter().map(alert).collect()
}

fn alert(record: Record<'_>) -> Result<Alert, Error> {
    let formatted = record.text_or_empty("formatted");
    let text = if formatted.is_empty() { record.text_or_empty("text") } else { formatted };
    Ok(Alert {
        id: record.text("uuid").or_else(|_| record.text("id"))?.to_owned(),
        class: record.text_or_empty("klass").to_owned(),
        level: level(record.text_or_empty("level")),
        text: plain(text),
        raised_at: record.find_time("datetime"),
        dismissed: record.find_flag("dismissed").unwrap_or(false),
    })
}

/// A level we do not know is at least a warning: better one look too many.
fn level(text: &str) -> AlertLevel {
    match text {
        "INFO" => AlertLevel::Info,
        "NOTICE" => AlertLevel::Notice,
        "ERROR" => AlertLevel::Error,
        "CRITICAL" => AlertLevel::Critical,
        "ALERT" => AlertLevel::Alert,
        "EMERGENCY" => AlertLevel::Emergency,
        _ => AlertLevel::Warning,
    }
}

/// Tags within a sentence leave no gap behind.
fn is_inline(tag: &str) -> bool {
    const INLINE: [&str; 8] = ["a", "b", "code", "em", "i", "span", "strong", "u"];
    let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
    name.is_some_and(|name| INLINE.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

/// The text without its markup, on one line. A lone `<` that opens nothing stays.
fn plain(html: &str) -> String {
    let mut text = String::new();
    // Cut before the markup is looked for: a tag that never closes would have the rest searched again and again.
    let mut rest = html.char_indices().nth(LONGEST_MARKUP).map_or(html, |(end, _)| &html[..end]);
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let tag = &rest[start..];
        let opens = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let end = tag.find('>').filter(|_| opens);
        text.push_str(match end {
            Some(end) if is_inline(&tag[1..end]) => "",
            Some(_) => " ",
            None => "< ",
        });
        rest = &tag[end.unwrap_or(0) + 1..];
    }
    text.push_str(rest);
    for (entity, character) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")]
    {
        text = text.replace(entity, character);
    }
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ").chars().take(LONGEST_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_the_sentence_stays() {
        assert_eq!(plain("Pool <b>tank</b> is\n DEGRADED"), "Pool tank is DEGRADED");
        assert_eq!(plain("is <b>87%</b>.<p>Look"), "is 87%. Look");
        assert_eq!(plain("a < b and <br/>R&amp;D"), "a < b and R&D");
        assert_eq!(plain("<script>x"), "x");
        assert_eq!(plain("cut <here"), "cut < here");
    }
}
