//! Handlers answering HTML.

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::health::Health;
use crate::runtime::Clock;
use crate::web::templates::Templates;
use crate::web::views::{Frame, SignPage, StorageView, Theme};
use crate::web::words::language_of;

#[derive(Debug, Clone, FromRef)]
struct PagesState {
    templates: Templates,
    health: Health,
    clock: Clock,
}

pub fn routes(templates: Templates, health: Health, clock: Clock) -> Router {
    Router::new().route("/", get(sign)).with_state(PagesState { templates, health, clock })
}

/// A plain sign that the server lives.
async fn sign(State(state): State<PagesState>, uri: Uri, headers: HeaderMap) -> Response {
    let frame = Frame {
        language: language_of(&headers),
        theme: Theme::System,
        path: uri.to_string(),
        person: None,
        storage: StorageView::of(&state.health.latest(), state.clock.now()),
    };
    match state.templates.page(&frame, &SignPage {}) {
        Ok(page) => page.into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
