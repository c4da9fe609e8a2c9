//! `/admin/messages`: where messages go when nobody looks at a page, and trying it.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;

use crate::audit::Audit;
use crate::domain::audit::{Action, Deed};
use crate::outbox::{Failure, Kind, Outbox};
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::room::Room;
use crate::web::views::{ChannelsView, MessagesPanel, TriedView};
use crate::web::visit::Visit;

/// Shorter than a request may last, so that the page can still say what happened.
const TRY_WITHIN: Duration = Duration::from_secs(20);

pub async fn list(State(room): State<Room>, State(outbox): State<Outbox>, visit: Visit) -> Result<Response, Error> {
    page(&room, &outbox, &visit, None).await
}

/// The answer is the page, with how it went.
pub async fn test(
    State(room): State<Room>,
    (State(outbox), State(audit)): (State<Outbox>, State<Audit>),
    (SignedIn(caller), visit): (SignedIn, Visit),
    mut form: Form,
) -> Result<Response, Error> {
    let kind = Kind::parse(&form.text("channel")).ok_or(Error::NotFound)?;
    let tried = room.clock().timeout(TRY_WITHIN, outbox.test(kind, &caller)).await;
    let outcome = tried.unwrap_or(Err(Failure::TimedOut));
    let detail = outcome.map_or_else(|failure| failure.to_string(), |()| "handed over".to_owned());
    audit.record(Deed::by(&caller, Action::MessageTested, kind.as_str(), detail)).await.map_err(Error::broken)?;
    page(&room, &outbox, &visit, Some(TriedView::of(kind, outcome))).await
}

async fn page(room: &Room, outbox: &Outbox, visit: &Visit, tried: Option<TriedView>) -> Result<Response, Error> {
    let channels = outbox.channels().await.map_err(Error::broken)?;
    let view = ChannelsView::of(&channels, &room.viewpoint(visit));
    room.page(visit, MessagesPanel::of(view, tried))
}
