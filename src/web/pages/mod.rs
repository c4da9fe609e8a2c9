//! Handlers answering HTML.

mod download;
mod preferences;

use axum::extract::{FromRef, State};
use axum::response::Response;

use crate::audit::Audit;
use crate::domain::caller::Access;
use crate::web::cookies::Cookies;
use crate::web::drives::Drives;
use crate::web::error::Error;
use crate::web::renderer::Renderer;
use crate::web::routes::Routes;
use crate::web::views::SignPage;
use crate::web::visit::Visit;

#[derive(Debug, Clone, FromRef)]
struct DrivesState {
    renderer: Renderer,
    drives: Drives,
    audit: Audit,
}

pub fn drives(renderer: Renderer, drives: Drives, audit: Audit) -> Routes {
    Routes::new().get("/download_bat", Access::SignedIn, download::script).with_state(DrivesState {
        renderer,
        drives,
        audit,
    })
}

#[derive(Debug, Clone, FromRef)]
struct PagesState {
    renderer: Renderer,
    cookies: Cookies,
}

pub fn routes(renderer: Renderer, cookies: Cookies) -> Routes {
    Routes::new()
        .get("/", Access::Anyone, sign)
        .post("/preferences", Access::Anyone, preferences::choose)
        .with_state(PagesState { renderer, cookies })
}

/// A plain sign that the server lives.
async fn sign(State(renderer): State<Renderer>, visit: Visit) -> Result<Response, Error> {
    renderer.page(&visit, &SignPage {})
}
