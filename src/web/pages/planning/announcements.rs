//! `/admin/announcements`: said to all or to a group, removed, and who has read them.

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::{PlanningState, text, title};
use crate::domain::announcement::{Announcement, Entry};
use crate::domain::entry::{Field, Problem};
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::planning::Planning;
use crate::web::views::{AnnouncementsPanel, AskRemovePanel, ConfirmationsPanel};
use crate::web::visit::Visit;

const PAGE: &str = "/admin/announcements";

pub async fn list(State(state): State<PlanningState>, visit: Visit) -> Result<Response, Error> {
    form(&state, &visit, &Entry::default(), &[]).await
}

pub async fn create(
    State(state): State<PlanningState>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    mut sent: Form,
) -> Result<Response, Error> {
    let entry = Entry {
        title: title(&mut sent),
        text: text(&mut sent),
        group: sent.text("group"),
        pinned_until: sent.text("pinned_until"),
        confirm: sent.find("confirm").is_some(),
    };
    let viewpoint = state.room.viewpoint(&visit);
    match entry.parse(&viewpoint.zone, viewpoint.now) {
        Ok(draft) => {
            let done = state.planning.notices.announcements.create(&caller, draft).await.map_err(Error::broken)?;
            state.planning.record(done).await?;
            Ok(Redirect::to(PAGE).into_response())
        }
        Err(problems) => {
            let page = form(&state, &visit, &entry, &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn confirmations(
    State(state): State<PlanningState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Error> {
    let announcement = find(&state.planning, &id).await?;
    let confirmations = state.planning.notices.announcements.list_confirmations(&id).await.map_err(Error::broken)?;
    let viewpoint = state.room.viewpoint(&visit);
    state.room.page(&visit, ConfirmationsPanel::of(&announcement, &confirmations, &viewpoint))
}

/// For browsers without scripts: is it really meant?
pub async fn ask_remove(State(state): State<PlanningState>, visit: Visit, uri: Uri) -> Result<Response, Error> {
    let announcement = find(&state.planning, &Form::in_query(&uri)?.text("announcement")).await?;
    let viewpoint = state.room.viewpoint(&visit);
    let pinned = announcement.is_pinned(viewpoint.now);
    let panel = pinned.then(|| AskRemovePanel::of(&announcement, &viewpoint));
    state.room.page(&visit, panel.ok_or(Error::NotFound)?)
}

pub async fn remove(
    State(planning): State<Planning>,
    SignedIn(caller): SignedIn,
    mut sent: Form,
) -> Result<Redirect, Error> {
    let id = sent.text("announcement");
    let done = planning.notices.announcements.remove(&caller, &id).await.map_err(Error::broken)?;
    planning.record(done.ok_or(Error::NotFound)?).await?;
    Ok(Redirect::to(PAGE))
}

async fn form(
    state: &PlanningState,
    visit: &Visit,
    entry: &Entry,
    problems: &[(Field, Problem)],
) -> Result<Response, Error> {
    let published = state.planning.published(&state.room.viewpoint(visit)).await?;
    state.room.page(visit, AnnouncementsPanel::of(published, state.planning.groups(), entry, problems))
}

async fn find(planning: &Planning, id: &str) -> Result<Announcement, Error> {
    planning.notices.announcements.find(id).await.map_err(Error::broken)?.ok_or(Error::NotFound)
}
