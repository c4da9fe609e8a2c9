//! `/admin/health`: what happened to the storage, how fast it answers, its pools and its alerts.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{Redirect, Response};

use crate::audit::Audit;
use crate::domain::silence::Entry;
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::room::Room;
use crate::web::views::{Chart, ChartData, FeedPanel, FeedView, HealthPanel, Light, Range};
use crate::web::visit::Visit;
use crate::web::watch::Watch;

const ALERTS: &str = "/admin/health#alerts";

pub async fn show(
    State(room): State<Room>,
    State(watch): State<Watch>,
    visit: Visit,
    uri: Uri,
) -> Result<Response, Error> {
    let range = Range::parse(&Form::in_query(&uri)?.text("range"));
    let viewpoint = room.viewpoint(&visit);
    let feed = watch.feed(None, None, &viewpoint).await?;
    let panel = HealthPanel {
        feed: FeedView { lines: feed.lines },
        older: feed.older,
        lights: Light::choices(None),
        latency: watch.latency(&viewpoint),
        chart: Chart::of(range, &viewpoint),
        rows: watch.table(range, &viewpoint).await?,
        pools: watch.pools(visit.language),
        alerts: watch.alerts(&viewpoint),
    };
    room.page(&visit, panel)
}

/// The lines from before a number, or of one light alone. They stay as they are.
pub async fn feed(
    State(room): State<Room>,
    State(watch): State<Watch>,
    visit: Visit,
    uri: Uri,
) -> Result<Response, Error> {
    let mut query = Form::in_query(&uri)?;
    let light = Light::parse(&query.text("light"));
    let before = query.find("before").and_then(|before| before.parse().ok());
    let found = watch.feed(before, light, &room.viewpoint(&visit)).await?;
    let (lights, light) = (Light::choices(light), light.map(Light::as_str));
    room.page(&visit, FeedPanel { lines: found.lines, older: found.older, later: before.is_some(), light, lights })
}

pub async fn chart(
    State(room): State<Room>,
    State(watch): State<Watch>,
    visit: Visit,
    uri: Uri,
) -> Result<Json<ChartData>, Error> {
    let range = Range::parse(&Form::in_query(&uri)?.text("range"));
    Ok(Json(watch.chart(range, &room.viewpoint(&visit)).await?))
}

pub async fn silence(
    State(watch): State<Watch>,
    State(audit): State<Audit>,
    SignedIn(caller): SignedIn,
    mut form: Form,
) -> Result<Redirect, Error> {
    let entry = Entry { kind: form.text("kind"), target: form.text("target"), hours: form.text("hours") };
    let (target, hours) = entry.parse().map_err(|_| Error::Invalid)?;
    let done = watch.notices.silences.create(&caller, target, hours).await.map_err(Error::broken)?;
    audit.record(done.deed).await.map_err(Error::broken)?;
    Ok(Redirect::to(ALERTS))
}

/// A silence that is over already is over.
pub async fn hear(
    State(watch): State<Watch>,
    State(audit): State<Audit>,
    SignedIn(caller): SignedIn,
    mut form: Form,
) -> Result<Redirect, Error> {
    let done = watch.notices.silences.remove(&caller, &form.text("silence")).await.map_err(Error::broken)?;
    if let Some(done) = done {
        audit.record(done.deed).await.map_err(Error::broken)?;
    }
    Ok(Redirect::to(ALERTS))
}
