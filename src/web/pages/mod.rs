//! Handlers answering HTML.

use axum::Router;
use axum::response::Html;
use axum::routing::get;

pub fn routes() -> Router {
    Router::new().route("/", get(sign))
}

/// A plain sign that the server lives.
async fn sign() -> Html<&'static str> {
    Html(include_str!("../../../templates/pages/sign.html"))
}
