//! `/notices`: what a person was told, and how far they have read; `/announcements/{id}/read`: "I have read this".

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::web::calendar::Calendar;
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::inbox::Inbox;
use crate::web::renderer::Renderer;
use crate::web::visit::{Asked, Visit};

const PAGE: &str = "/notices";

#[derive(Debug, Deserialize)]
pub struct From {
    /// The number the page goes on before; the newest without one.
    before: Option<u64>,
}

pub async fn show(
    State(renderer): State<Renderer>,
    (State(inbox), State(calendar)): (State<Inbox>, State<Calendar>),
    SignedIn(caller): SignedIn,
    Query(from): Query<From>,
    visit: Visit,
) -> Result<Response, Error> {
    let calendar = calendar.address(visit.language).await?;
    let page = inbox.page(&caller.account, from.before, calendar, &renderer.viewpoint(&visit)).await?;
    renderer.page(&visit, &page)
}

pub async fn read(
    State(inbox): State<Inbox>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Error> {
    let seq = form.text("up_to").parse().map_err(|_| Error::Invalid)?;
    inbox.read_up_to(&caller.account, seq).await?;
    // A page that marks itself as read stays as it is: what was new is still to be found.
    Ok(if visit.asked == Asked::Piece { ().into_response() } else { Redirect::to(PAGE).into_response() })
}

pub async fn confirm(
    State(inbox): State<Inbox>,
    SignedIn(caller): SignedIn,
    Path(announcement): Path<String>,
) -> Result<Redirect, Error> {
    let asked = inbox.confirm(&caller.account, &announcement).await?;
    if asked { Ok(Redirect::to("/dashboard")) } else { Err(Error::NotFound) }
}
