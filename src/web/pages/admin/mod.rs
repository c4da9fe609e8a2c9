//! `/admin`: the administrators' room, and the code at its door.

mod confirm;
mod overview;

use axum::extract::FromRef;

use crate::auth::{Factors, Sessions};
use crate::domain::caller::Access;
use crate::health::Health;
use crate::web::cookies::Cookies;
use crate::web::renderer::Renderer;
use crate::web::room::Room;
use crate::web::routes::Routes;

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

#[derive(Debug, Clone, FromRef)]
struct RoomState {
    room: Room,
    health: Health,
    sessions: Sessions,
}

pub fn room(room: Room, health: Health, sessions: Sessions) -> Routes {
    Routes::new()
        .get("/admin", Access::Confirmed, overview::show)
        .with_state(RoomState { room, health, sessions })
}
