//! `/admin/bans`: who has to wait before the next try, and letting them try again.

use axum::extract::State;
use axum::response::{Redirect, Response};

use crate::auth::Throttle;
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::room::Room;
use crate::web::views::BansPanel;
use crate::web::visit::Visit;

pub async fn list(State(room): State<Room>, State(throttle): State<Throttle>, visit: Visit) -> Result<Response, Error> {
    let bans = throttle.list().await.map_err(Error::broken)?;
    room.page(&visit, BansPanel::of(&bans, &room.viewpoint(&visit)))
}

/// Whoever was let go meanwhile is let go.
pub async fn lift(
    State(throttle): State<Throttle>,
    SignedIn(caller): SignedIn,
    mut form: Form,
) -> Result<Redirect, Error> {
    throttle.lift(&caller, &form.text("ban")).await.map_err(Error::broken)?;
    Ok(Redirect::to("/admin/bans"))
}
