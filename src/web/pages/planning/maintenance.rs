//! `/admin/maintenance`: windows planned, changed, given more time, called off.

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::{PlanningState, text, title};
use crate::domain::Timestamp;
use crate::domain::maintenance::{Entry, Plan, Shown, Stage, Window, clocks};
use crate::web::calendar::Calendar;
use crate::web::error::Error;
use crate::web::forms::{Form, LongForm};
use crate::web::identity::SignedIn;
use crate::web::planning::Planning;
use crate::web::views::{AskOffPanel, MaintenancePanel, OccurrenceView, PlanPanel, PreviewView, Viewpoint};
use crate::web::visit::Visit;

const PAGE: &str = "/admin/maintenance";
/// Given at once to what takes longer.
const MOST_MORE_MINUTES: u32 = 24 * 60;

pub async fn list(State(state): State<PlanningState>, visit: Visit) -> Result<Response, Error> {
    let PlanningState { room, planning, calendar, desk } = state;
    let maintenance = planning.maintenance(&room.viewpoint(&visit)).await?;
    let online = desk.online().len();
    let calendar = calendar.address(visit.language).await?;
    room.page(&visit, MaintenancePanel { maintenance, online, calendar })
}

/// An evening hour of tomorrow is as good a guess as any.
pub async fn ask(State(state): State<PlanningState>, visit: Visit) -> Result<Response, Error> {
    let viewpoint = state.room.viewpoint(&visit);
    let tomorrow = viewpoint.now.plus(std::time::Duration::from_hours(24));
    let day = clocks(tomorrow, &viewpoint.zone).split('T').next().unwrap_or_default().to_owned();
    let entry = Entry {
        rule: "once".into(),
        starts: format!("{day}T19:00"),
        ends: format!("{day}T20:00"),
        time: "19:00".into(),
        minutes: "60".into(),
        day: "1".into(),
        zone: viewpoint.zone.iana_name().unwrap_or("UTC").to_owned(),
        ..Entry::default()
    };
    form(&state, &visit, None, &entry, Answer::Asked)
}

pub async fn create(
    State(state): State<PlanningState>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    LongForm(mut sent): LongForm,
) -> Result<Response, Error> {
    let (look, entry) = (sent.find("look").is_some(), entry(&mut sent));
    match entry.parse(state.room.viewpoint(&visit).now) {
        Ok(plan) if !look => {
            let done = state.planning.notices.windows.create(&caller, plan).await.map_err(Error::broken)?;
            state.planning.record(done).await?;
            Ok(Redirect::to(PAGE).into_response())
        }
        Ok(_) => form(&state, &visit, None, &entry, Answer::Asked),
        Err(_) => form(&state, &visit, None, &entry, Answer::Sent),
    }
}

/// While the form is being filled in.
pub async fn preview(
    State(state): State<PlanningState>,
    visit: Visit,
    LongForm(mut sent): LongForm,
) -> Result<Response, Error> {
    let viewpoint = state.room.viewpoint(&visit);
    let preview = previewed(&state, entry(&mut sent).parse(viewpoint.now).ok(), &viewpoint);
    state.room.piece(&visit, &preview)
}

pub async fn ask_change(
    State(state): State<PlanningState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Error> {
    let window = changeable(&state, &id, &visit).await?;
    form(&state, &visit, Some(&id), &Entry::of(&window.plan), Answer::Asked)
}

pub async fn change(
    State(state): State<PlanningState>,
    SignedIn(caller): SignedIn,
    Path(id): Path<String>,
    visit: Visit,
    LongForm(mut sent): LongForm,
) -> Result<Response, Error> {
    changeable(&state, &id, &visit).await?;
    let (look, entry) = (sent.find("look").is_some(), entry(&mut sent));
    match entry.parse(state.room.viewpoint(&visit).now) {
        Ok(plan) if !look => {
            let changed = state.planning.notices.windows.change(&caller, &id, plan).await.map_err(Error::broken)?;
            state.planning.record(changed.ok_or(Error::NotFound)?).await?;
            Ok(Redirect::to(PAGE).into_response())
        }
        Ok(_) => form(&state, &visit, Some(&id), &entry, Answer::Asked),
        Err(_) => form(&state, &visit, Some(&id), &entry, Answer::Sent),
    }
}

pub async fn longer(
    State(state): State<PlanningState>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    mut sent: Form,
) -> Result<Redirect, Error> {
    let id = sent.text("window");
    let minutes = sent.text("minutes").parse().ok().filter(|minutes| (1..=MOST_MORE_MINUTES).contains(minutes));
    let window = changeable(&state, &id, &visit).await?;
    let plan = window.longer(minutes.ok_or(Error::Invalid)?, state.room.viewpoint(&visit).now).ok_or(Error::Invalid)?;
    let changed = state.planning.notices.windows.change(&caller, &id, plan).await.map_err(Error::broken)?;
    state.planning.record(changed.ok_or(Error::NotFound)?).await?;
    Ok(Redirect::to(PAGE))
}

/// For browsers without scripts: is it really meant?
pub async fn ask_off(State(state): State<PlanningState>, visit: Visit, uri: Uri) -> Result<Response, Error> {
    let mut query = Form::in_query(&uri)?;
    let (id, start, all) = (query.text("window"), start(&mut query), query.find("all").is_some());
    let window = find(&state.planning, &id).await?;
    let viewpoint = state.room.viewpoint(&visit);
    let shown = occurrence(&window, start, viewpoint.now).ok_or(Error::NotFound)?;
    let occurrence = OccurrenceView::of(&shown, &state.planning.known().await?, &viewpoint);
    state.room.page(&visit, AskOffPanel { occurrence, all })
}

/// One time, or with `all` every one that has not ended.
pub async fn call_off(
    State(planning): State<Planning>,
    SignedIn(caller): SignedIn,
    mut sent: Form,
) -> Result<Redirect, Error> {
    let id = sent.text("window");
    let which = if sent.find("all").is_some() { None } else { Some(start(&mut sent).ok_or(Error::Invalid)?) };
    let done = planning.notices.windows.call_off(&caller, &id, which).await.map_err(Error::broken)?;
    planning.record(done.ok_or(Error::NotFound)?).await?;
    Ok(Redirect::to(PAGE))
}

pub async fn renew_calendar(
    State(planning): State<Planning>,
    State(calendar): State<Calendar>,
    SignedIn(caller): SignedIn,
) -> Result<Redirect, Error> {
    planning.record(calendar.renew(&caller).await?).await?;
    Ok(Redirect::to(PAGE))
}

/// Why the form is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Asked,
    /// What was sent is wrong.
    Sent,
}

fn form(
    state: &PlanningState,
    visit: &Visit,
    id: Option<&str>,
    entry: &Entry,
    answer: Answer,
) -> Result<Response, Error> {
    let viewpoint = state.room.viewpoint(visit);
    let parsed = entry.parse(viewpoint.now);
    let problems = parsed.as_ref().err().filter(|_| answer == Answer::Sent).cloned().unwrap_or_default();
    let preview = previewed(state, parsed.ok(), &viewpoint);
    let panel = PlanPanel::of(id, entry, &problems, state.planning.shares(&entry.shares), preview);
    let page = state.room.page(visit, panel)?;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page).into_response())
}

fn previewed(state: &PlanningState, plan: Option<Plan>, viewpoint: &Viewpoint) -> PreviewView {
    let online = state.desk.online();
    let people = online.iter().map(|person| &person.account);
    let concerned = plan.as_ref().map_or(0, |plan| state.planning.concerned(&plan.audience(), people));
    PreviewView::of(plan, online.len(), concerned, viewpoint)
}

async fn find(planning: &Planning, id: &str) -> Result<Window, Error> {
    planning.notices.windows.find(id).await.map_err(Error::broken)?.ok_or(Error::NotFound)
}

async fn changeable(state: &PlanningState, id: &str, visit: &Visit) -> Result<Window, Error> {
    let window = find(&state.planning, id).await?;
    if window.may_change(state.room.viewpoint(visit).now) { Ok(window) } else { Err(Error::NotFound) }
}

/// The one that begins then, if it may still be called off.
fn occurrence(window: &Window, start: Option<Timestamp>, now: Timestamp) -> Option<Shown> {
    let start = start?;
    let near = window.occurrences(start, start.plus(std::time::Duration::from_millis(1)));
    let one = near.into_iter().find(|one| one.starts_at == start)?;
    let stage = if one.starts_at > now { Stage::Ahead } else { Stage::Running };
    (one.ends_at > now && !window.is_called_off(one)).then(|| window.shown(one, stage))
}

fn start(form: &mut Form) -> Option<Timestamp> {
    form.text("start").parse().ok().map(Timestamp::from_millis)
}

fn entry(form: &mut Form) -> Entry {
    Entry {
        weekdays: form.ticked("weekday-"),
        shares: form.ticked("share-"),
        title: title(form),
        text: text(form),
        rule: form.text("rule"),
        starts: form.text("starts"),
        ends: form.text("ends"),
        day: form.text("day"),
        time: form.text("time"),
        minutes: form.text("minutes"),
        zone: form.text("zone"),
    }
}
