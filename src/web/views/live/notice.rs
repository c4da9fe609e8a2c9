//! What people are told, in sentences: the same words for a toast and for the notification centre.

use serde::Serialize;

use crate::domain::Timestamp;
use crate::domain::health::Level;
use crate::domain::language::Texts;
use crate::domain::nas::AlertLevel;
use crate::domain::notice::{Notice, Planned};
use crate::domain::share::Right;
use crate::web::views::{Piece, TimeView, Viewpoint};
use crate::web::words::{Language, say};

#[derive(Debug, Clone, Serialize)]
pub struct NoticeView {
    pub seq: u64,
    pub icon: &'static str,
    /// The colour by its meaning: `plain`, `well`, `attention`, `trouble` or `planned`.
    pub tone: &'static str,
    pub title: String,
    /// Empty when the title says it all.
    pub text: String,
    pub time: TimeView,
}

impl NoticeView {
    pub fn of(seq: u64, at: Timestamp, notice: &Notice, viewpoint: &Viewpoint) -> Self {
        let (icon, tone) = look(notice);
        let (title, text) = words(notice, viewpoint);
        Self { seq, icon, tone, title, text, time: viewpoint.see(at) }
    }
}

const fn look(notice: &Notice) -> (&'static str, &'static str) {
    match notice {
        Notice::StorageChanged { after, .. } => match after {
            Level::Online => ("circle-check", "well"),
            Level::Attention => ("triangle-alert", "attention"),
            Level::Planned => ("wrench", "planned"),
            Level::Restarting => ("rotate-cw", "planned"),
            Level::Unreachable => ("circle-x", "trouble"),
            Level::KeyRefused => ("circle-question-mark", "attention"),
            Level::Unknown => ("circle-dashed", "plain"),
        },
        Notice::ShareGained { .. } => ("folder-plus", "well"),
        Notice::ShareChanged { .. } => ("folder-pen", "plain"),
        Notice::ShareLost { .. } => ("folder-x", "attention"),
        Notice::MaintenanceAhead { .. } | Notice::MaintenanceMoved(_) => ("calendar-clock", "planned"),
        Notice::MaintenanceBegan(_) | Notice::MaintenanceOverdue(_) => ("wrench", "planned"),
        Notice::MaintenanceCalledOff(_) => ("calendar-clock", "plain"),
        Notice::Announced { .. } => ("megaphone", "plain"),
        Notice::MaintenanceEnded(_)
        | Notice::IncidentUpdated { resolved: true, .. }
        | Notice::AlertCleared { .. }
        | Notice::KeyAccepted => ("circle-check", "well"),
        Notice::IncidentUpdated { resolved: false, .. } => ("info", "attention"),
        Notice::AlertRaised { level, .. } => match level {
            AlertLevel::Info | AlertLevel::Notice => ("info", "plain"),
            AlertLevel::Warning => ("triangle-alert", "attention"),
            AlertLevel::Error | AlertLevel::Critical | AlertLevel::Alert | AlertLevel::Emergency => {
                ("triangle-alert", "trouble")
            }
        },
        Notice::KeyRefused | Notice::CodesGuessed { .. } => ("key-round", "trouble"),
        Notice::MessageUndelivered { .. } => ("mail-warning", "attention"),
    }
}

/// The title, and what it means.
fn words(notice: &Notice, viewpoint: &Viewpoint) -> (String, String) {
    let language = viewpoint.language;
    let plain = |key| say(language, key, []);
    let named = |key, name: &str| say(language, key, [("name", name.to_owned().into())]);
    match notice {
        Notice::StorageChanged { before, after } => {
            let (title, text) = storage(*before, *after);
            (plain(title), plain(text))
        }
        Notice::ShareGained { name, right } => (named("notice-share-gained", name), plain(may(*right))),
        Notice::ShareChanged { name, right } => (named("notice-share-changed", name), plain(may(*right))),
        Notice::ShareLost { name } => (named("notice-share-lost", name), plain("notice-share-lost-text")),
        Notice::MaintenanceAhead { window, minutes } => (ahead(language, *minutes), span(window, viewpoint)),
        Notice::MaintenanceBegan(window) => (plain("notice-maintenance-began"), span(window, viewpoint)),
        Notice::MaintenanceEnded(window) => (
            plain("notice-maintenance-ended"),
            named("notice-maintenance-ended-text", &title_in(&window.title, language)),
        ),
        Notice::MaintenanceOverdue(window) => (plain("notice-maintenance-overdue"), span(window, viewpoint)),
        Notice::MaintenanceMoved(window) => (plain("notice-maintenance-moved"), span(window, viewpoint)),
        Notice::MaintenanceCalledOff(window) => (plain("notice-maintenance-off"), span(window, viewpoint)),
        Notice::Announced { title, text, .. } => {
            (title.in_language(language).to_owned(), text.in_language(language).to_owned())
        }
        Notice::IncidentUpdated { title, text, resolved, .. } => {
            let key = if *resolved { "notice-incident-resolved" } else { "notice-incident-updated" };
            (named(key, title.in_language(language)), text.in_language(language).to_owned())
        }
        Notice::AlertRaised { text, .. } => (plain("notice-alert-raised"), text.clone()),
        Notice::AlertCleared { text } => (plain("notice-alert-cleared"), text.clone()),
        Notice::KeyRefused => (plain("notice-key-refused"), plain("notice-key-refused-text")),
        Notice::KeyAccepted => (plain("notice-key-accepted"), plain("notice-key-accepted-text")),
        Notice::CodesGuessed { username } => (plain("notice-codes"), named("notice-codes-text", username)),
        Notice::MessageUndelivered { channel } => {
            (plain("notice-undelivered"), named("notice-undelivered-text", channel))
        }
    }
}

/// The keys of title and text.
const fn storage(before: Level, after: Level) -> (&'static str, &'static str) {
    match after {
        Level::Online if matches!(before, Level::Attention) => ("notice-storage-calm", "notice-storage-calm-text"),
        Level::Online => ("notice-storage-back", "notice-storage-back-text"),
        Level::Attention if before.is_up() => ("notice-storage-alert", "notice-storage-alert-text"),
        Level::Attention => ("notice-storage-back", "notice-storage-alert-text"),
        Level::Planned => ("notice-storage-planned", "notice-storage-save"),
        Level::Restarting => ("notice-storage-restarting", "notice-storage-restarting-text"),
        Level::Unreachable => ("notice-storage-unreachable", "notice-storage-save"),
        Level::KeyRefused => ("notice-storage-key", "notice-storage-key-text"),
        Level::Unknown => ("notice-storage-unknown", "notice-storage-unknown-text"),
    }
}

const fn may(right: Right) -> &'static str {
    match right {
        Right::Write => "notice-may-write",
        Right::Read => "notice-may-read",
        Right::Unknown | Right::None => "notice-may-unknown",
    }
}

/// In the largest unit that leaves a whole number.
fn ahead(language: Language, minutes: u32) -> String {
    let (key, count) = match minutes {
        0..60 => ("notice-ahead-minutes", minutes.max(1)),
        60..1_440 => ("notice-ahead-hours", minutes / 60),
        _ => ("notice-ahead-days", minutes / 1_440),
    };
    say(language, key, [("count", count.into())])
}

/// Of a window; the NAS gives those it begins itself no name.
pub fn title_in(title: &Texts, language: Language) -> String {
    let own = title.in_language(language).trim();
    if own.is_empty() { say(language, "maintenance-unnamed", []) } else { own.to_owned() }
}

/// What is done, from when to when.
fn span(window: &Planned, viewpoint: &Viewpoint) -> String {
    let language = viewpoint.language;
    let (title, starts) = (title_in(&window.title, language), viewpoint.moment(window.starts_at));
    match window.ends_at {
        Some(ends) => {
            let ends = viewpoint.moment(ends);
            say(
                language,
                "maintenance-span",
                [("name", title.into()), ("starts", starts.into()), ("ends", ends.into())],
            )
        }
        None => say(language, "maintenance-open", [("name", title.into()), ("starts", starts.into())]),
    }
}

impl Piece for NoticeView {
    const COMPONENT: &'static str = "live.toast";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let all = sample::notices(&viewpoint);
        let view = |(at, notice): (usize, &Notice)| {
            let ago = std::time::Duration::from_mins(u64::try_from(at * at).unwrap() * 3);
            Self::of(u64::try_from(at).unwrap() + 1, viewpoint.before(ago), notice, &viewpoint)
        };
        all.iter().enumerate().map(view).collect()
    }
}

#[cfg(test)]
pub mod sample;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_has_a_title_in_both_languages() {
        for language in Language::ALL {
            let viewpoint = Viewpoint::sample(language);
            for notice in sample::notices(&viewpoint) {
                let view = NoticeView::of(1, viewpoint.now, &notice, &viewpoint);
                assert!(!view.title.trim().is_empty(), "{notice:?}");
            }
        }
    }

    #[test]
    fn a_window_is_announced_in_the_largest_unit_that_fits() {
        let told = [1, 15, 60, 1_440].map(|minutes| ahead(Language::English, minutes));
        assert_eq!(
            told,
            ["Maintenance in 1 min", "Maintenance in 15 min", "Maintenance in 1 h", "Maintenance tomorrow"]
        );
    }

    #[test]
    fn storage_that_answers_again_is_told_as_back_and_not_as_new_trouble() {
        assert_eq!(storage(Level::Unreachable, Level::Attention).0, "notice-storage-back");
        assert_eq!(storage(Level::Online, Level::Attention).0, "notice-storage-alert");
        assert_eq!(storage(Level::Attention, Level::Online).0, "notice-storage-calm");
    }
}
