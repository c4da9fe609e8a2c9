//! Handlers answering JSON.

mod status;

use axum::extract::FromRef;

use crate::domain::caller::Access;
use crate::health::Health;
use crate::runtime::Clock;
use crate::web::routes::Routes;

#[derive(Debug, Clone, FromRef)]
struct ApiState {
    health: Health,
    clock: Clock,
}

pub fn routes(health: Health, clock: Clock) -> Routes {
    Routes::new()
        .get("/healthz", Access::Anyone, || async { "ok\n" })
        .get("/api/status", Access::Anyone, status::show)
        .with_state(ApiState { health, clock })
}
