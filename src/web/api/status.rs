//! `GET /api/status`: the state of the link to the NAS, and maintenance, for anybody. Names nothing internal.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde::Serialize;

use crate::domain::language::Texts;
use crate::domain::maintenance::{Shown, Stage};
use crate::web::status::Status;
use crate::web::words::{Language, rfc3339};

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
    /// A planned window is under way, or late.
    planned: bool,
    /// What is under way, late, or begins within a day, the nearest first.
    maintenance: Vec<Window>,
}

#[derive(Debug, Serialize)]
struct Window {
    /// `ahead`, `running`, or `overdue`: its time is over, and the storage is still away.
    state: &'static str,
    starts_at: String,
    ends_at: String,
    title: Said,
    /// Empty where nobody wrote one.
    text: Said,
}

/// In both languages; the English one is the Portuguese where nobody wrote it.
#[derive(Debug, Serialize)]
struct Said {
    #[serde(rename = "pt-BR")]
    portuguese: String,
    en: String,
}

impl Said {
    fn of(texts: &Texts) -> Self {
        let [portuguese, en] = Language::ALL.map(|language| texts.in_language(language).trim().to_owned());
        Self { portuguese, en }
    }
}

fn window(shown: &Shown) -> Option<Window> {
    let state = match shown.stage {
        Stage::Ahead => "ahead",
        Stage::Running => "running",
        Stage::Overdue => "overdue",
        Stage::Over | Stage::CalledOff => return None,
    };
    let (starts_at, ends_at) = (rfc3339(shown.at.starts_at), rfc3339(shown.at.ends_at));
    Some(Window { state, starts_at, ends_at, title: Said::of(&shown.title), text: Said::of(&shown.text) })
}

/// Answers 200 whatever the NAS does: it is the NAS that may be down, not we.
pub async fn show(State(status): State<Status>) -> impl IntoResponse {
    let seen = status.seen();
    let age = seen.checked_at.map(|at| status.now().since(at));
    let maintenance: Vec<Window> = status.windows().iter().filter_map(window).collect();
    let answer = LinkStatus {
        status: seen.level.as_str(),
        online: seen.level.is_up(),
        since: rfc3339(seen.since),
        checked_at: seen.checked_at.map(rfc3339),
        age_ms: age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
        latency_ms: seen.latency_ms,
        planned: maintenance.iter().any(|window| window.state != "ahead"),
        maintenance,
    };
    ([(CACHE_CONTROL, "no-store")], Json(answer))
}
