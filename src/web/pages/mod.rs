//! Handlers answering HTML.

use axum::extract::{FromRef, State};
use axum::response::Response;

use crate::domain::caller::Access;
use crate::web::error::Error;
use crate::web::renderer::Renderer;
use crate::web::routes::Routes;
use crate::web::views::{PasswordPage, PasswordPanel};
use crate::web::visit::Visit;

#[derive(Debug, Clone, FromRef)]
struct PagesState {
    renderer: Renderer,
}

pub fn routes(renderer: Renderer) -> Routes {
    Routes::new().get("/", Access::Anyone, sign).with_state(PagesState { renderer })
}

/// The form, as nobody has filled it in.
async fn sign(State(renderer): State<Renderer>, visit: Visit) -> Result<Response, Error> {
    renderer.page(&visit, &PasswordPage { panel: PasswordPanel::fresh(None) })
}
