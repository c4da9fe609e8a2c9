//! Handlers answering JSON.

mod status;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;

use crate::health::Health;
use crate::runtime::Clock;

#[derive(Debug, Clone, FromRef)]
struct ApiState {
    health: Health,
    clock: Clock,
}

pub fn routes(health: Health, clock: Clock) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/api/status", get(status::show))
        .with_state(ApiState { health, clock })
}
