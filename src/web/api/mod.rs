//! Handlers answering JSON.

mod bans;
mod metrics;
mod status;

use axum::extract::FromRef;

use crate::auth::Throttle;
use crate::domain::caller::Access;
use crate::health::Health;
use crate::runtime::Clock;
use crate::web::layers::Requests;
use crate::web::live::Counters;
use crate::web::routes::Routes;
use crate::web::{Rooms, Scrapers};

use metrics::Metrics;

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
        .get("/api/admin/bans", Access::Confirmed, bans::list)
        .delete("/api/admin/bans/{id}", Access::Fresh, bans::lift)
        .with_state(ApiState { health, clock, throttle })
}

/// The figures of all rooms, for whom the settings name.
pub fn metrics(scrapers: Scrapers, rooms: &Rooms, requests: Requests, sockets: Counters) -> Routes {
    let metrics = Metrics {
        scrapers,
        health: rooms.health.clone(),
        hub: rooms.hub.clone(),
        sessions: rooms.sessions.clone(),
        sign_in: rooms.sign_in.clone(),
        emergency: rooms.emergency.clone(),
        throttle: rooms.throttle.clone(),
        outbox: rooms.outbox.clone(),
        tasks: rooms.tasks.clone(),
        requests,
        sockets,
    };
    Routes::new().get("/metrics", Access::Anyone, metrics::show).with_state(metrics)
}
