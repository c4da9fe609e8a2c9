//! A request as pages see it: in which language, from whom, and what kind of answer it wants.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Uri};
use axum_extra::extract::CookieJar;

use crate::domain::caller::Caller;
use crate::domain::event::Cursor;
use crate::domain::session::{End, Visitor};
use crate::web::identity::{caller_in, end_in};
use crate::web::layers::address_in;
use crate::web::views::Theme;
use crate::web::words::{Language, language_of};

/// Where a browser keeps the theme its person chose.
pub const THEME_COOKIE: &str = "theme";

/// Longer ones are nobody's own path, and would be carried around in addresses.
const LONGEST_PATH: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Page,
    /// By htmx: a part of a page.
    Piece,
    Json,
}

#[derive(Debug, Clone)]
pub struct Visit {
    pub language: Language,
    pub theme: Theme,
    /// Path and query; the front door when they could lead elsewhere.
    pub path: String,
    pub asked: Asked,
    pub caller: Option<Caller>,
    /// Why nobody calls, though the browser still holds a session.
    pub end: Option<End>,
    pub visitor: Visitor,
    /// How far the lines had come before any data was read for the answer.
    pub cursor: Option<Cursor>,
}

impl Visit {
    pub fn read(uri: &Uri, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let theme = CookieJar::from_headers(headers).get(THEME_COOKIE).and_then(|cookie| Theme::parse(cookie.value()));
        let device = headers.get(USER_AGENT).and_then(|name| name.to_str().ok()).unwrap_or_default();
        Self {
            language: language_of(headers),
            theme: theme.unwrap_or_default(),
            path: uri.path_and_query().and_then(|path| own_path(path.as_str())).unwrap_or("/").to_owned(),
            asked: asked(uri.path(), headers),
            caller: caller_in(extensions).cloned(),
            end: end_in(extensions),
            visitor: Visitor::new(address_in(extensions), device),
            cursor: extensions.get().cloned(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::read(&parts.uri, &parts.headers, &parts.extensions))
    }
}

fn asked(path: &str, headers: &HeaderMap) -> Asked {
    let accepts = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    // Neither sockets nor polling have a page to show an error on.
    if path == "/live"
        || path.starts_with("/live/")
        || path.starts_with("/api/")
        || (accepts.contains("application/json") && !accepts.contains("text/html"))
    {
        Asked::Json
    } else if headers.contains_key("hx-request") {
        Asked::Piece
    } else {
        Asked::Page
    }
}

/// A path of ours to go on to after a sign-in, out of whatever an address says.
pub fn own_path(text: &str) -> Option<&str> {
    let plain = text.len() <= LONGEST_PATH && text.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    let ours = text.starts_with('/') && !text.starts_with("//");
    (plain && ours).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_gone_on_to() {
        for ours in ["/", "/dashboard", "/download_bat?share=a%20b"] {
            assert_eq!(own_path(ours), Some(ours));
        }
        let long = format!("/{}", "a".repeat(LONGEST_PATH));
        for other in
            ["", "dashboard", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/ä", &long]
        {
            assert_eq!(own_path(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_answered_follows_from_what_was_asked() {
        let with = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect::<HeaderMap>()
        };
        let browser = [("accept", "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8")];
        assert_eq!(asked("/dashboard", &with(&browser)), Asked::Page);
        assert_eq!(asked("/dashboard", &with(&[])), Asked::Page);
        assert_eq!(asked("/dashboard", &with(&[("accept", "text/html"), ("hx-request", "true")])), Asked::Piece);
        assert_eq!(asked("/dashboard", &with(&[("accept", "application/json")])), Asked::Json);
        assert_eq!(asked("/api/status", &with(&browser)), Asked::Json);
    }
}
