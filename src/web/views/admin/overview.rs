//! The first page of the room: figures that say whether all is well.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::health::Snapshot;
use crate::domain::session::Session;
use crate::web::views::{Panel, TimeView, Viewpoint};

#[derive(Debug, Serialize)]
pub struct OverviewPanel {
    /// Of the storage's state.
    pub since: TimeView,
    pub latency_ms: Option<u64>,
    pub people: usize,
    pub sessions: usize,
    pub alerts: u32,
    pub version: &'static str,
}

impl OverviewPanel {
    pub fn of(seen: &Snapshot, sessions: &[Session], viewpoint: &Viewpoint) -> Self {
        let people: BTreeSet<_> = sessions.iter().map(|session| &session.account.id).collect();
        Self {
            since: viewpoint.see(seen.since),
            latency_ms: seen.latency_ms,
            people: people.len(),
            sessions: sessions.len(),
            alerts: seen.open_alerts,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl Panel for OverviewPanel {
    const PATH: &'static str = "/admin";
    const TEMPLATE: &'static str = "pages/admin/overview.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let seen = Snapshot::unknown(viewpoint.now);
        vec![
            Self::of(&Snapshot { latency_ms: Some(4), ..seen.clone() }, &[], &viewpoint),
            Self::of(&seen, &[], &viewpoint),
        ]
    }
}
