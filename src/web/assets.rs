//! Static files, built into the binary.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

pub fn routes() -> Router {
    Router::new()
        .route("/assets/farol.css", get(file("text/css; charset=utf-8", include_str!("../../assets/css/farol.css"))))
        .route("/assets/farol.svg", get(file("image/svg+xml", include_str!("../../assets/farol.svg"))))
}

/// Axum answers a plain value without a handler.
fn file(kind: &'static str, text: &'static str) -> impl IntoResponse + Clone {
    ([(CONTENT_TYPE, kind)], text)
}
