//! Which of our languages a request asks for.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum_extra::extract::CookieJar;

use crate::domain::Language;

/// Where a browser keeps the choice of its person.
pub const COOKIE: &str = "lang";

/// What was chosen here, else what the browser prefers.
pub fn language_of(headers: &HeaderMap) -> Language {
    let chosen = CookieJar::from_headers(headers).get(COOKIE).and_then(|cookie| Language::parse(cookie.value()));
    let asked = || preferred(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?);
    chosen.or_else(asked).unwrap_or_default()
}

/// The best of `pt-BR,pt;q=0.9,en;q=0.8` that we speak; of two alike, the first.
fn preferred(accepted: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for item in accepted.split(',') {
        let (range, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = match weight.trim().strip_prefix("q=") {
            Some(number) => number.trim().parse().unwrap_or(0.0),
            None => 1.0,
        };
        let language = match range.trim().split('-').next().map(str::to_ascii_lowercase).as_deref() {
            Some("pt") => Language::Portuguese,
            Some("en") => Language::English,
            _ => continue,
        };
        if weight > best.map_or(0.0, |(_, weight)| weight) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::COOKIE as COOKIES;

    use super::*;

    fn asked(cookie: &'static str, accepted: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        for (name, value) in [(COOKIES, cookie), (ACCEPT_LANGUAGE, accepted)] {
            if !value.is_empty() {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        language_of(&headers)
    }

    #[test]
    fn what_was_chosen_here_goes_before_what_the_browser_prefers() {
        assert_eq!(asked("lang=en", "pt-BR"), Language::English);
        assert_eq!(asked("theme=dark; lang=pt-BR", "en"), Language::Portuguese);
        assert_eq!(asked("lang=tlh", "en"), Language::English, "a choice we do not know is none");
    }

    #[test]
    fn the_browser_gets_the_best_we_speak_and_portuguese_otherwise() {
        for (accepted, language) in [
            ("", Language::Portuguese),
            ("en-US,en;q=0.5", Language::English),
            ("pt-PT", Language::Portuguese),
            ("de,en;q=0.7,pt;q=0.8", Language::Portuguese),
            ("fr, EN ; q=0.3", Language::English),
            ("en;q=0", Language::Portuguese),
            ("en;q=nonsense, *", Language::Portuguese),
        ] {
            assert_eq!(asked("", accepted), language, "{accepted}");
        }
    }
}
