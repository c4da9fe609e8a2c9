//! Handlers answering HTML.

mod admin;
mod dashboard;
mod download;
mod notices;
mod preferences;
mod sessions;
mod signin;
mod status;

use axum::extract::FromRef;

use crate::audit::Audit;
use crate::auth::Sessions;
use crate::domain::caller::Access;
use crate::web::cookies::Cookies;
use crate::web::drives::Drives;
use crate::web::inbox::Inbox;
use crate::web::renderer::Renderer;
use crate::web::routes::Routes;

pub use admin::{RoomState, WorksState, door, room, works};
pub use signin::routes as entrance;
pub use status::{Place, routes as status};

#[derive(Debug, Clone, FromRef)]
struct DrivesState {
    renderer: Renderer,
    drives: Drives,
    inbox: Inbox,
    audit: Audit,
}

pub fn drives(renderer: Renderer, drives: Drives, inbox: Inbox, audit: Audit) -> Routes {
    Routes::new()
        .get("/dashboard", Access::SignedIn, dashboard::show)
        .get("/dashboard/shares", Access::SignedIn, dashboard::shares)
        .get("/download_bat", Access::SignedIn, download::script)
        .with_state(DrivesState { renderer, drives, inbox, audit })
}

#[derive(Debug, Clone, FromRef)]
struct NoticesState {
    renderer: Renderer,
    inbox: Inbox,
}

/// What a person is told.
pub fn notices(renderer: Renderer, inbox: Inbox) -> Routes {
    Routes::new()
        .get("/notices", Access::SignedIn, notices::show)
        .post("/notices/read", Access::SignedIn, notices::read)
        .post("/announcements/{id}/read", Access::SignedIn, notices::confirm)
        .with_state(NoticesState { renderer, inbox })
}

#[derive(Debug, Clone, FromRef)]
struct OwnState {
    renderer: Renderer,
    cookies: Cookies,
    sessions: Sessions,
}

/// What a person decides for themselves.
pub fn own(renderer: Renderer, cookies: Cookies, sessions: Sessions) -> Routes {
    Routes::new()
        .post("/preferences", Access::Anyone, preferences::choose)
        .get("/sessions", Access::SignedIn, sessions::list)
        .post("/sessions/end", Access::SignedIn, sessions::end)
        .post("/sessions/end-others", Access::SignedIn, sessions::end_others)
        .post("/logout", Access::Anyone, sessions::logout)
        .with_state(OwnState { renderer, cookies, sessions })
}
