//! `/admin/system`: what runs, on what, as it was set up; and the same as a text for whoever helps.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use tokio::task::spawn_blocking;

use crate::audit::Audit;
use crate::domain::audit::{Action, Deed};
use crate::runtime::{Round, Space};
use crate::web::csrf::NotCrossSite;
use crate::web::error::Error;
use crate::web::identity::SignedIn;
use crate::web::live::Figures;
use crate::web::room::Room;
use crate::web::system::{Condition, System};
use crate::web::views::SystemPanel;
use crate::web::visit::Visit;
use crate::web::words::rfc3339;

pub async fn show(State(room): State<Room>, State(system): State<System>, visit: Visit) -> Result<Response, Error> {
    let condition = look(system).await?;
    room.page(&visit, SystemPanel::of(&condition, &room.viewpoint(&visit)))
}

pub async fn diagnosis(
    State(system): State<System>,
    State(audit): State<Audit>,
    SignedIn(caller): SignedIn,
    _: NotCrossSite,
) -> Result<Response, Error> {
    let condition = look(system).await?;
    audit.record(Deed::by(&caller, Action::DiagnosisDownloaded, "", "")).await.map_err(Error::broken)?;
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"farol-diagnostico.txt\""),
    ];
    Ok((headers, text(&condition)).into_response())
}

/// A disk that hangs keeps nobody else waiting.
async fn look(system: System) -> Result<Condition, Error> {
    spawn_blocking(move || system.look()).await.map_err(Error::broken)
}

/// Writing to a String cannot fail.
fn text(condition: &Condition) -> String {
    let Condition { version, database, release, road, started_at, uptime, rounds, warnings, in_force, .. } = condition;
    let road = road.map_or_else(|| "none".to_owned(), |road| road.to_string());
    let mut text = format!(
        "Farol {version}\nTrueNAS: {}\nroad: {road}\ndatabase: {database}\nstarted at: {}\nuptime: {} s\n",
        release.as_deref().unwrap_or("unknown"),
        rfc3339(*started_at),
        uptime.as_secs(),
    );
    for (name, space) in [("data", condition.data_space), ("log", condition.log_space)] {
        let _ = writeln!(text, "{name} disk: {}", space.map_or_else(|| "unknown".to_owned(), bytes));
    }
    text.push_str("\nwarnings\n");
    for warning in warnings {
        let _ = writeln!(text, "  {}", warning.as_str());
    }
    text.push_str("\nsockets\n");
    let Figures { open, waiting, frames, merged, dropped, resyncs, too_slow, refused, violations } = condition.sockets;
    let _ = writeln!(
        text,
        "  open {open}, waiting {waiting}, frames {frames}, merged {merged}, dropped {dropped}, resyncs {resyncs}"
    );
    let _ = writeln!(text, "  too slow {too_slow}, refused {refused}, violations {violations}");
    text.push_str("\nrounds\n");
    for round in rounds {
        let Round { name, started_at, took, failure, rounds, failures, .. } = round;
        let outcome = failure.as_deref().unwrap_or("fine");
        let (at, took) = (rfc3339(*started_at), took.as_millis());
        let _ = writeln!(text, "  {name}: {at}, {took} ms, {outcome}; {failures} of {rounds} failed");
    }
    text.push_str("\nsettings\n");
    for setting in in_force {
        let _ = writeln!(text, "  {} = {}  ({})", setting.key, setting.value, setting.origin);
    }
    text
}

fn bytes(space: Space) -> String {
    format!("{} of {} bytes free", space.free, space.total)
}
