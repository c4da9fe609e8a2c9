//! `/api/admin/bans`: who has to wait before the next sign-in, and letting them try again.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;

use crate::auth::Throttle;
use crate::domain::ban::Ban;
use crate::web::error::Error;
use crate::web::identity::SignedIn;
use crate::web::words::rfc3339;

/// Stable: fields may be added, none changes its meaning.
#[derive(Debug, Serialize)]
pub struct BanEntry {
    /// Names it in the address that lifts it.
    id: String,
    failures: u32,
    since: String,
    until: String,
}

impl From<Ban> for BanEntry {
    fn from(ban: Ban) -> Self {
        let Ban { key, failures, first_at, until, .. } = ban;
        Self { id: key, failures, since: rfc3339(first_at), until: rfc3339(until) }
    }
}

pub async fn list(State(throttle): State<Throttle>) -> Result<Json<Vec<BanEntry>>, Error> {
    let bans = throttle.list().await.map_err(Error::broken)?;
    Ok(Json(bans.into_iter().map(BanEntry::from).collect()))
}

pub async fn lift(
    State(throttle): State<Throttle>,
    SignedIn(caller): SignedIn,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Error> {
    let Path(id) = id.map_err(|_| Error::Malformed)?;
    let lifted = throttle.lift(&caller, &id).await.map_err(Error::broken)?;
    if lifted { Ok(StatusCode::NO_CONTENT) } else { Err(Error::NotFound) }
}
