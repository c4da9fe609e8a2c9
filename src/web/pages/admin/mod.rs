//! `/admin`: the administrators' room, and the code at its door.

mod audit;
mod bans;
mod confirm;
mod connection;
mod health;
mod logs;
mod messages;
mod overview;
mod sessions;
mod system;

use axum::extract::FromRef;

use crate::audit::{Audit, Verifier};
use crate::auth::{Factors, Sessions, Throttle};
use crate::domain::caller::Access;
use crate::health::Inspector;
use crate::outbox::Outbox;
use crate::web::cookies::Cookies;
use crate::web::logs::Logs;
use crate::web::renderer::Renderer;
use crate::web::room::Room;
use crate::web::routes::Routes;
use crate::web::system::System;
use crate::web::watch::Watch;

#[derive(Debug, Clone, FromRef)]
struct DoorState {
    renderer: Renderer,
    cookies: Cookies,
    factors: Factors,
}

/// The way in: for administrators who have yet to confirm who they are.
pub fn door(renderer: Renderer, cookies: Cookies, factors: Factors) -> Routes {
    Routes::new()
        .get("/admin/confirm", Access::Administrator, confirm::show)
        .post("/admin/confirm", Access::Administrator, confirm::answer)
        .with_state(DoorState { renderer, cookies, factors })
}

/// What the pages of the room are made from.
#[derive(Debug, Clone, FromRef)]
pub struct RoomState {
    pub room: Room,
    pub sessions: Sessions,
    pub throttle: Throttle,
    pub verifier: Verifier,
    pub audit: Audit,
}

pub fn room(state: RoomState) -> Routes {
    Routes::new()
        .get("/admin/sessions", Access::Confirmed, sessions::list)
        .get("/admin/sessions/end", Access::Confirmed, sessions::ask)
        .post("/admin/sessions/end", Access::Fresh, sessions::end)
        .get("/admin/bans", Access::Confirmed, bans::list)
        .post("/admin/bans/lift", Access::Fresh, bans::lift)
        .get("/admin/audit", Access::Confirmed, audit::list)
        .get("/admin/audit.csv", Access::Fresh, audit::export)
        .post("/admin/audit/verify", Access::Confirmed, audit::verify)
        .get("/admin/audit/verdict", Access::Confirmed, audit::verdict)
        .with_state(state)
}

/// What the pages about the server itself are made from.
#[derive(Debug, Clone, FromRef)]
pub struct WorksState {
    pub room: Room,
    pub logs: Logs,
    pub system: System,
    pub outbox: Outbox,
    pub audit: Audit,
}

pub fn works(state: WorksState) -> Routes {
    Routes::new()
        .get("/admin/logs", Access::Confirmed, logs::show)
        .get("/admin/logs/download", Access::Fresh, logs::download)
        // Asked for by the page itself, which keeps nobody signed in.
        .get("/live/log", Access::Confirmed, logs::lines)
        .get("/admin/system", Access::Confirmed, system::show)
        .get("/admin/system/diagnosis.txt", Access::Fresh, system::diagnosis)
        .get("/admin/messages", Access::Confirmed, messages::list)
        .post("/admin/messages/test", Access::Fresh, messages::test)
        .with_state(state)
}

/// What the pages that watch the storage are made from.
#[derive(Debug, Clone, FromRef)]
pub struct WatchState {
    pub room: Room,
    pub watch: Watch,
    pub inspector: Inspector,
    pub audit: Audit,
}

pub fn watch(state: WatchState) -> Routes {
    Routes::new()
        .get("/admin", Access::Confirmed, overview::show)
        .get("/admin/health", Access::Confirmed, health::show)
        .get("/admin/health/feed", Access::Confirmed, health::feed)
        .get("/admin/health/latency.json", Access::Confirmed, health::chart)
        .post("/admin/alerts/silence", Access::Fresh, health::silence)
        .post("/admin/alerts/hear", Access::Fresh, health::hear)
        .get("/admin/connection", Access::Confirmed, connection::show)
        .get("/admin/connection/progress", Access::Confirmed, connection::progress)
        .post("/admin/connection/layers", Access::Confirmed, connection::try_layers)
        .post("/admin/connection/calls", Access::Confirmed, connection::try_calls)
        .with_state(state)
}
