//! `GET /api/status`: the state of the link to the NAS, for anybody. Names nothing internal.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde::Serialize;

use crate::health::Health;
use crate::runtime::Clock;
use crate::web::words::rfc3339;

/// Stable: fields may be added, none changes its meaning.
#[derive(Debug, Serialize)]
struct LinkStatus {
    /// `unknown`, `online`, `attention`, `planned` (away within a planned window), `restarting`, `unreachable` or
    /// `key_refused`.
    status: &'static str,
    /// The NAS answers and is ready.
    online: bool,
    /// Since when `status` has been this one.
    since: String,
    /// When the NAS was last looked at; null before the first look.
    checked_at: Option<String>,
    /// How old that look is.
    age_ms: Option<u64>,
    /// How long the NAS took to answer; null when it did not.
    latency_ms: Option<u64>,
}

/// Answers 200 whatever the NAS does: it is the NAS that may be down, not we.
pub async fn show(State(health): State<Health>, State(clock): State<Clock>) -> impl IntoResponse {
    let seen = health.latest();
    let age = seen.checked_at.map(|at| clock.now().since(at));
    let status = LinkStatus {
        status: seen.level.as_str(),
        online: seen.level.is_up(),
        since: rfc3339(seen.since),
        checked_at: seen.checked_at.map(rfc3339),
        age_ms: age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
        latency_ms: seen.latency_ms,
    };
    ([(CACHE_CONTROL, "no-store")], Json(status))
}
