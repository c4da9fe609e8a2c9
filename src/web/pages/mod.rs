//! Handlers answering HTML.

mod admin;
mod calendar;
mod dashboard;
mod download;
mod notices;
mod planning;
mod preferences;
mod sessions;
mod signin;
mod status;

use axum::extract::FromRef;

use crate::audit::Audit;
use crate::auth::Sessions;
use crate::domain::caller::Access;
use crate::web::calendar::Calendar;
use crate::web::cookies::Cookies;
use crate::web::drives::Drives;
use crate::web::inbox::Inbox;
use crate::web::renderer::Renderer;
use crate::web::routes::Routes;

pub use admin::{RoomState, WatchState, WorksState, door, room, watch, works};
pub use planning::{PlanningState, routes as planning};
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
    calendar: Calendar,
}

/// What a person is told.
pub fn notices(renderer: Renderer, inbox: Inbox, calendar: Calendar) -> Routes {
    Routes::new()
        .get("/notices", Access::SignedIn, notices::show)
        .post("/notices/read", Access::SignedIn, notices::read)
        .post("/announcements/{id}/read", Access::SignedIn, notices::confirm)
        .get("/maintenance.ics", Access::Anyone, calendar::show)
        .with_state(NoticesState { renderer, inbox, calendar })
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
