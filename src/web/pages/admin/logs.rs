//! `/admin/logs`: the last lines of the log as they come, and days of it as a file.

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use crate::audit::Audit;
use crate::domain::audit::{Action, Deed};
use crate::runtime::logging::{Day, Files, Wanted};
use crate::web::csrf::NotCrossSite;
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::logs::Logs;
use crate::web::room::Room;
use crate::web::views::{LogPanel, LogView};
use crate::web::visit::Visit;

/// More than a screen, and quickly sent anew every few seconds.
const SHOWN: usize = 300;

pub async fn show(
    State(room): State<Room>,
    State(logs): State<Logs>,
    visit: Visit,
    uri: Uri,
) -> Result<Response, Error> {
    let wanted = wanted(&mut Form::in_query(&uri)?);
    let asked = wanted.clone();
    let (days, lines) = logs.read(move |files| Ok((files.list()?, files.last(SHOWN, &asked)?))).await?;
    room.page(&visit, LogPanel::of(lines, &days, &wanted, visit.language))
}

/// The same lines alone, asked for again and again while somebody looks.
pub async fn lines(
    State(room): State<Room>,
    State(logs): State<Logs>,
    visit: Visit,
    uri: Uri,
) -> Result<Response, Error> {
    let wanted = wanted(&mut Form::in_query(&uri)?);
    let lines = logs.read(move |files| files.last(SHOWN, &wanted)).await?;
    room.piece(&visit, &LogView::of(lines))
}

pub async fn download(
    State(logs): State<Logs>,
    State(audit): State<Audit>,
    SignedIn(caller): SignedIn,
    (uri, NotCrossSite): (Uri, NotCrossSite),
) -> Result<Response, Error> {
    let mut query = Form::in_query(&uri)?;
    let (from, to, wanted) = (query.text("from"), query.text("to"), wanted(&mut query));
    let days = logs.read(Files::list).await?;
    let mut days = between(days, &from, &to);
    days.reverse();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Err(Error::NotFound) };
    let (name, kind) = match days.as_slice() {
        [day] => (format!("farol-{}.log", day.date), "text/plain; charset=utf-8"),
        _ => ("farol-logs.zip".to_owned(), "application/zip"),
    };
    let subject = if first == last { first.date.to_string() } else { format!("{}..{}", first.date, last.date) };
    let part = wanted.least.is_some() || !wanted.text.is_empty();
    let detail = if part { "filtered" } else { "whole" };
    audit.record(Deed::by(&caller, Action::LogDownloaded, subject, detail)).await.map_err(Error::broken)?;
    let headers = [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    Ok((headers, logs.send(days, wanted)?).into_response())
}

/// Those there are, of the days that were asked for. What is no day is none.
fn between(mut days: Vec<Day>, from: &str, to: &str) -> Vec<Day> {
    let (Ok(one), Ok(other)) = (from.parse(), to.parse()) else { return Vec::new() };
    let (first, last) = if one <= other { (one, other) } else { (other, one) };
    days.retain(|day| (first..=last).contains(&day.date));
    days
}

/// A word nobody knows filters nothing.
fn wanted(query: &mut Form) -> Wanted {
    let least = match &*query.text("level") {
        "error" => Some(tracing::Level::ERROR),
        "warn" => Some(tracing::Level::WARN),
        "info" => Some(tracing::Level::INFO),
        _ => None,
    };
    Wanted { least, text: query.search("q") }
}
