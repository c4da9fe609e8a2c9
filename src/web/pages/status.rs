//! `/status`: how the storage is, for anybody the settings let see it; the same as a feed and as a badge.

mod badge;
mod feed;

use axum::extract::{FromRef, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use crate::domain::caller::Access;
use crate::web::error::Error;
use crate::web::layers::Embeddable;
use crate::web::renderer::Renderer;
use crate::web::routes::Routes;
use crate::web::status::Status;
use crate::web::views::StatusPage;
use crate::web::visit::Visit;
use crate::web::words::Language;

/// Without a choice in the address, the language is that of whoever asks.
const VARIES: &str = "Accept-Language, Cookie";

#[derive(Debug, Clone, FromRef)]
struct StatusState {
    renderer: Renderer,
    status: Status,
    place: Place,
}

/// Where and for whom.
#[derive(Debug, Clone)]
pub struct Place {
    /// As browsers know us, without a slash at the end.
    pub base: String,
    pub access: Access,
}

#[derive(Debug, Deserialize)]
struct Chosen {
    lang: Option<String>,
}

impl Chosen {
    fn language(&self, visit: &Visit) -> Language {
        self.lang.as_deref().and_then(Language::parse).unwrap_or(visit.language)
    }
}

impl Place {
    /// What only people who are signed in may see is kept by no cache on the way.
    fn caching(&self, age: &'static str) -> &'static str {
        if self.access == Access::Anyone { age } else { "private, no-cache" }
    }
}

pub fn routes(renderer: Renderer, status: Status, place: Place) -> Routes {
    let access = place.access;
    Routes::new()
        .get("/status", access, show)
        .get("/status/now", access, now)
        .get("/status.rss", access, rss)
        .get("/status.svg", access, svg)
        .with_state(StatusState { renderer, status, place })
}

async fn show(State(renderer): State<Renderer>, State(status): State<Status>, visit: Visit) -> Result<Response, Error> {
    let (status, visitor) = (status.view(visit.language).await, visit.caller.is_none());
    renderer.page(&visit, &StatusPage { status, visitor })
}

/// What changes of the page, for whoever has no socket.
async fn now(State(status): State<Status>, visit: Visit) -> Result<Response, Error> {
    Ok(Html(status.piece(visit.language).await?).into_response())
}

async fn rss(
    State(status): State<Status>,
    State(place): State<Place>,
    Query(chosen): Query<Chosen>,
    visit: Visit,
) -> Result<Response, Error> {
    let (past, written) = tokio::join!(status.past(), status.written());
    // A feed without what it had before would have readers forget it.
    let (Some(past), Some(written)) = (past, written) else { return Err(Error::NotKept) };
    let viewpoint = status.viewpoint(chosen.language(&visit));
    let feed = feed::text(&past, &written, &place.base, &viewpoint);
    let about = [
        (CONTENT_TYPE, "application/rss+xml; charset=utf-8"),
        (CACHE_CONTROL, place.caching("public, max-age=60")),
        (VARY, VARIES),
    ];
    Ok((about, feed).into_response())
}

async fn svg(
    State(status): State<Status>,
    State(place): State<Place>,
    Query(chosen): Query<Chosen>,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    let level = status.seen().level;
    let language = chosen.language(&visit);
    let etag = format!("\"{}-{}\"", level.as_str(), language.as_str());
    let about = [
        (CONTENT_TYPE, "image/svg+xml; charset=utf-8"),
        (CACHE_CONTROL, place.caching("public, max-age=30")),
        (VARY, VARIES),
        (ETAG, etag.as_str()),
    ];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known == etag.as_str()) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    let mut answer = (about, badge::text(level, language)).into_response();
    if place.access == Access::Anyone {
        answer.extensions_mut().insert(Embeddable);
    }
    answer
}
