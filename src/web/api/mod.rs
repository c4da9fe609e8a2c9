//! Handlers answering JSON.

mod bans;
mod metrics;
mod status;

use axum::extract::FromRef;

use crate::auth::Throttle;
use crate::domain::caller::Access;
use crate::health::Health;
use crate::runtime::Clock;
use crate::web::routes::Routes;

pub use metrics::Metrics;

#[derive(Debug, Clone, FromRef)]
struct ApiState {
    health: Health,
    clock: Clock,
    throttle: Throttle,
}

pub fn routes(health: Health, clock: Clock, throttle: Throttle) -> Routes {
    Routes::new()
        .get("/healthz", Access::Anyone, || async { "ok\n" })
        .get("/api/status", Access::Anyone, status::show)
        .get("/api/admin/bans", Access::Administrator, bans::list)
        .delete("/api/admin/bans/{id}", Access::Administrator, bans::lift)
        .with_state(ApiState { health, clock, throttle })
}

pub fn metrics(metrics: Metrics) -> Routes {
    Routes::new().get("/metrics", Access::Anyone, metrics::show).with_state(metrics)
}
