//! A line of the health feed: when, how grave, what, and who says so.

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::domain::Timestamp;
use crate::domain::health::{Fact, Level, Reason};
use crate::domain::nas::AlertLevel;
use crate::web::views::{Piece, StorageView, TimeView, Viewpoint};
use crate::web::words::{Language, say};

#[derive(Debug, Clone, Serialize)]
pub struct FactView {
    pub seq: u64,
    /// Of the day, to the second: lines of one minute follow each other.
    pub clock: String,
    pub time: TimeView,
    /// As everywhere: `well`, `attention`, `trouble`, `planned` or `unknown`.
    pub light: &'static str,
    pub sentence: String,
    /// In the words of whoever gave it; empty when there are none.
    pub detail: String,
    /// The key of who says so.
    pub source: &'static str,
}

impl FactView {
    pub fn of(seq: u64, at: Timestamp, fact: &Fact, viewpoint: &Viewpoint) -> Self {
        let (sentence, detail) = words(fact, viewpoint.language);
        let (light, source) = (light(fact), source(fact));
        Self { seq, clock: clock(at, &viewpoint.zone), time: viewpoint.see(at), light, sentence, detail, source }
    }
}

fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.in_zone(zone).strftime("%H:%M:%S").to_string()
}

const fn light(fact: &Fact) -> &'static str {
    match fact {
        Fact::LevelChanged { after, .. } => StorageView::light_of(*after),
        Fact::AlertRaised { level, .. } => match level {
            AlertLevel::Info | AlertLevel::Notice => "unknown",
            AlertLevel::Warning => "attention",
            AlertLevel::Error | AlertLevel::Critical | AlertLevel::Alert | AlertLevel::Emergency => "trouble",
        },
        Fact::PoolChanged { healthy: false, .. } | Fact::ClockJumped { .. } => "attention",
        Fact::PoolChanged { healthy: true, .. }
        | Fact::AlertCleared { .. }
        | Fact::LinkMended
        | Fact::Restarted
        | Fact::Updated { .. }
        | Fact::MaintenanceEnded { .. }
        | Fact::KeyAccepted => "well",
        Fact::AlertDismissed { .. } | Fact::ScrubBegan { .. } | Fact::ScrubEnded { .. } => "unknown",
        Fact::GoesDown { .. } | Fact::UpdateBegan | Fact::MaintenanceBegan { .. } => "planned",
        Fact::KeyRefused => "trouble",
    }
}

/// What TrueNAS says of itself, what we saw when we looked, and what somebody planned here.
const fn source(fact: &Fact) -> &'static str {
    match fact {
        Fact::AlertRaised { .. }
        | Fact::AlertDismissed { .. }
        | Fact::AlertCleared { .. }
        | Fact::PoolChanged { .. }
        | Fact::GoesDown { .. }
        | Fact::UpdateBegan
        | Fact::ScrubBegan { .. }
        | Fact::ScrubEnded { .. } => "source-truenas",
        Fact::LevelChanged { .. }
        | Fact::Restarted
        | Fact::Updated { .. }
        | Fact::LinkMended
        | Fact::KeyRefused
        | Fact::KeyAccepted => "source-watcher",
        Fact::MaintenanceBegan { .. } | Fact::MaintenanceEnded { .. } => "source-plan",
        Fact::ClockJumped { .. } => "source-portal",
    }
}

/// The key of the words for a reason.
pub const fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::NotLooked => "reason-not-looked",
        Reason::Well => "reason-well",
        Reason::Alerts => "reason-alerts",
        Reason::Pools => "reason-pools",
        Reason::Unsteady => "reason-unsteady",
        Reason::Hindered => "reason-hindered",
        Reason::Refused => "reason-refused",
        Reason::NoAnswer => "reason-no-answer",
        Reason::LinkLost => "reason-link-lost",
        Reason::Certificate => "reason-certificate",
        Reason::PlainRefused => "reason-plain-refused",
        Reason::AddressRefused => "reason-address-refused",
        Reason::Proxy => "reason-proxy",
        Reason::Booting => "reason-booting",
        Reason::Rebooting => "reason-rebooting",
        Reason::ShuttingDown => "reason-shutting-down",
        Reason::Standby => "reason-standby",
        Reason::RateLimited => "reason-rate-limited",
        Reason::Key => "reason-key",
        Reason::Strange => "reason-strange",
    }
}

/// The sentence, and what somebody else's words add to it.
fn words(fact: &Fact, language: Language) -> (String, String) {
    let plain = |key| (say(language, key, []), String::new());
    let quoting = |key, text: &str| (say(language, key, []), text.to_owned());
    let named = |key, name: &str| (say(language, key, [("name", name.to_owned().into())]), String::new());
    match fact {
        Fact::LevelChanged { before, after, reason } => {
            let word = |level: Level| say(language, StorageView::word_of(level), []);
            let levels = [("before", word(*before).into()), ("after", word(*after).into())];
            (say(language, "fact-level", levels), say(language, why(*reason), []))
        }
        Fact::AlertRaised { text, .. } => quoting("fact-alert-raised", text),
        Fact::AlertDismissed { text } => quoting("fact-alert-dismissed", text),
        Fact::AlertCleared { text } => quoting("fact-alert-cleared", text),
        Fact::PoolChanged { name, before, after, .. } => {
            let key = match (before.as_str(), after.as_str()) {
                ("", _) => return named("fact-pool-new", name),
                (_, "") => return named("fact-pool-gone", name),
                _ => "fact-pool",
            };
            let told =
                [("name", name), ("before", before), ("after", after)].map(|(key, text)| (key, text.as_str().into()));
            (say(language, key, told), String::new())
        }
        Fact::Updated { before, after } => {
            let told = [("before", before), ("after", after)].map(|(key, text)| (key, text.as_str().into()));
            (say(language, "fact-updated", told), String::new())
        }
        Fact::Restarted => plain("fact-restarted"),
        Fact::LinkMended => plain("fact-link-mended"),
        Fact::GoesDown { restarts: true, reason } => quoting("fact-restarts", reason),
        Fact::GoesDown { restarts: false, reason } => quoting("fact-shuts-down", reason),
        Fact::UpdateBegan => plain("fact-update"),
        Fact::ScrubBegan { pool } => named("fact-scrub-began", pool),
        Fact::ScrubEnded { pool } => named("fact-scrub-ended", pool),
        Fact::MaintenanceBegan { title } => named("fact-maintenance-began", title),
        Fact::MaintenanceEnded { title } => named("fact-maintenance-ended", title),
        Fact::KeyRefused => plain("fact-key-refused"),
        Fact::KeyAccepted => plain("fact-key-accepted"),
        Fact::ClockJumped { by_s } => (say(language, "fact-clock", [("seconds", (*by_s).into())]), String::new()),
    }
}

/// The newest lines, the latest first.
#[derive(Debug, Clone, Serialize)]
pub struct FeedView {
    pub lines: Vec<FactView>,
}

impl Piece for FeedView {
    const COMPONENT: &'static str = "live.feed";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self { lines: FactView::samples() }]
    }
}

impl Piece for FactView {
    const COMPONENT: &'static str = "live.fact";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let view = |(at, fact): (usize, Fact)| {
            let seq = u64::try_from(at).unwrap();
            let when = viewpoint.before(std::time::Duration::from_secs(seq * 37));
            Self::of(seq, when, &fact, &viewpoint)
        };
        sample().into_iter().enumerate().map(view).collect()
    }
}

#[cfg(test)]
fn sample() -> Vec<Fact> {
    let text = || "Device /dev/sdb: 8 currently unreadable sectors. <img src=x onerror=1>".to_owned();
    let pool = || "tank".to_owned();
    vec![
        Fact::LevelChanged { before: Level::Online, after: Level::Unreachable, reason: Reason::Refused },
        Fact::LevelChanged { before: Level::Unreachable, after: Level::Online, reason: Reason::Well },
        Fact::AlertRaised { level: AlertLevel::Notice, text: text() },
        Fact::AlertRaised { level: AlertLevel::Warning, text: text() },
        Fact::AlertRaised { level: AlertLevel::Critical, text: text() },
        Fact::AlertDismissed { text: text() },
        Fact::AlertCleared { text: text() },
        Fact::PoolChanged { name: pool(), before: "ONLINE".into(), after: "DEGRADED".into(), healthy: false },
        Fact::PoolChanged { name: pool(), before: "DEGRADED".into(), after: "ONLINE".into(), healthy: true },
        Fact::PoolChanged { name: pool(), before: String::new(), after: "ONLINE".into(), healthy: true },
        Fact::PoolChanged { name: pool(), before: "ONLINE".into(), after: String::new(), healthy: false },
        Fact::Restarted,
        Fact::Updated { before: "25.04.2".into(), after: "25.10.0".into() },
        Fact::LinkMended,
        Fact::GoesDown { restarts: true, reason: "update".into() },
        Fact::GoesDown { restarts: false, reason: String::new() },
        Fact::UpdateBegan,
        Fact::ScrubBegan { pool: pool() },
        Fact::ScrubEnded { pool: pool() },
        Fact::MaintenanceBegan { title: "Troca de discos".into() },
        Fact::MaintenanceEnded { title: "Troca de discos".into() },
        Fact::KeyRefused,
        Fact::KeyAccepted,
        Fact::ClockJumped { by_s: -3_600 },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_a_sentence_in_both_languages() {
        for language in Language::ALL {
            for fact in sample() {
                assert!(!words(&fact, language).0.trim().is_empty(), "{fact:?}");
            }
        }
    }

    #[test]
    fn a_line_says_the_second_it_happened_in() {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let line = FactView::of(1, viewpoint.now, &Fact::Restarted, &viewpoint);
        assert_eq!((line.clock.as_str(), line.light, line.source), ("09:14:00", "well", "source-watcher"));
    }
}
