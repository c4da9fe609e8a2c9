//! `/admin/connection`: trying the way to the NAS, and the calls we make there.

use axum::extract::State;
use axum::response::{Redirect, Response};

use crate::health::{Inspector, Need};
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::room::Room;
use crate::web::views::{ConnectionPanel, TestsView};
use crate::web::visit::Visit;

const PAGE: &str = "/admin/connection";

pub async fn show(
    State(room): State<Room>,
    State(inspector): State<Inspector>,
    visit: Visit,
) -> Result<Response, Error> {
    room.page(&visit, ConnectionPanel { tests: TestsView::of(&inspector, &room.viewpoint(&visit)) })
}

/// As far as it has come, asked for until it is done.
pub async fn progress(
    State(room): State<Room>,
    State(inspector): State<Inspector>,
    visit: Visit,
) -> Result<Response, Error> {
    room.piece(&visit, &TestsView::of(&inspector, &room.viewpoint(&visit)))
}

pub async fn try_layers(State(inspector): State<Inspector>) -> Redirect {
    inspector.try_layers();
    Redirect::to(PAGE)
}

pub async fn try_calls(State(inspector): State<Inspector>, mut form: Form) -> Redirect {
    let chosen: Vec<Need> = Need::ALL.into_iter().filter(|need| form.find(need.as_str()).is_some()).collect();
    if !chosen.is_empty() {
        inspector.try_calls(chosen);
    }
    Redirect::to(PAGE)
}
