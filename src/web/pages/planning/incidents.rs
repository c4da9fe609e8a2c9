//! `/admin/incidents`: trouble told to everybody, update by update.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::{PlanningState, text, title};
use crate::domain::entry::{Field, Problem};
use crate::domain::incident::{Entry, Incident};
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::views::{IncidentPanel, IncidentsPanel};
use crate::web::visit::Visit;

const PAGE: &str = "/admin/incidents";

pub async fn list(State(state): State<PlanningState>, visit: Visit) -> Result<Response, Error> {
    form(&state, &visit, &Entry { state: "investigating".into(), ..Entry::default() }, &[]).await
}

pub async fn create(
    State(state): State<PlanningState>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    mut sent: Form,
) -> Result<Response, Error> {
    let entry = entry(&mut sent);
    match entry.parse_new() {
        Ok((title, words)) => {
            let done = state.planning.notices.incidents.create(&caller, title, words).await.map_err(Error::broken)?;
            state.planning.record(done).await?;
            Ok(Redirect::to(PAGE).into_response())
        }
        Err(problems) => {
            let page = form(&state, &visit, &entry, &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn show(State(state): State<PlanningState>, Path(id): Path<String>, visit: Visit) -> Result<Response, Error> {
    let incident = find(&state, &id).await?;
    let entry = Entry { state: incident.state().as_str().to_owned(), ..Entry::default() };
    let viewpoint = state.room.viewpoint(&visit);
    state.room.page(&visit, IncidentPanel::of(&incident, &entry, &[], &viewpoint))
}

pub async fn update(
    State(state): State<PlanningState>,
    SignedIn(caller): SignedIn,
    Path(id): Path<String>,
    visit: Visit,
    mut sent: Form,
) -> Result<Response, Error> {
    let incident = find(&state, &id).await?;
    let entry = entry(&mut sent);
    match entry.parse_update() {
        Ok(words) => {
            let done = state.planning.notices.incidents.update(&caller, &id, words).await.map_err(Error::broken)?;
            state.planning.record(done.ok_or(Error::Invalid)?).await?;
            Ok(Redirect::to(&format!("{PAGE}/{}", incident.id)).into_response())
        }
        Err(problems) => {
            let panel = IncidentPanel::of(&incident, &entry, &problems, &state.room.viewpoint(&visit));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, state.room.page(&visit, panel)?).into_response())
        }
    }
}

async fn form(
    state: &PlanningState,
    visit: &Visit,
    entry: &Entry,
    problems: &[(Field, Problem)],
) -> Result<Response, Error> {
    let incidents = state.planning.notices.incidents.list().await.map_err(Error::broken)?;
    let viewpoint = state.room.viewpoint(visit);
    state.room.page(visit, IncidentsPanel::of(&incidents, entry, problems, &viewpoint))
}

async fn find(state: &PlanningState, id: &str) -> Result<Incident, Error> {
    state.planning.notices.incidents.find(id).await.map_err(Error::broken)?.ok_or(Error::NotFound)
}

fn entry(form: &mut Form) -> Entry {
    Entry { title: title(form), text: text(form), state: form.text("state") }
}
