//! The system: what runs and on what, what should be put right, the rounds, the settings.

use serde::Serialize;

use crate::domain::Setting;
use crate::outbox::Kind;
use crate::runtime::{Round, Space};
use crate::web::system::{Condition, Warning};
use crate::web::views::{Panel, Piece, TimeView, Viewpoint};
use crate::web::words::Language;

#[derive(Debug, Serialize)]
pub struct SystemPanel {
    pub version: &'static str,
    pub database: &'static str,
    pub release: Option<String>,
    pub road: Option<String>,
    pub started: TimeView,
    pub data: Option<SpaceView>,
    pub log: Option<SpaceView>,
    /// The keys of what to put right, and of how.
    pub warnings: Vec<WarningView>,
    pub sockets: Vec<FigureView>,
    pub rounds: RoundsView,
    /// What somebody said, and what holds because nobody did.
    pub settings: Vec<SettingView>,
    pub usual: Vec<SettingView>,
}

#[derive(Debug, Serialize)]
pub struct SpaceView {
    pub free: String,
    pub total: String,
}

#[derive(Debug, Serialize)]
pub struct WarningView {
    pub title: &'static str,
    pub text: &'static str,
}

#[derive(Debug, Serialize)]
pub struct FigureView {
    pub text: &'static str,
    pub count: u64,
}

#[derive(Debug, Serialize)]
pub struct SettingView {
    pub key: &'static str,
    pub value: String,
    /// The key of what is said of its origin in words, and what follows it or says it alone.
    pub said: Option<&'static str>,
    pub origin: String,
    #[serde(skip)]
    is_usual: bool,
    pub is_empty: bool,
}

/// The last round of each task that makes them.
#[derive(Debug, Serialize)]
pub struct RoundsView {
    pub rows: Vec<RoundRow>,
}

#[derive(Debug, Serialize)]
pub struct RoundRow {
    pub name: &'static str,
    /// The key of what it is for.
    pub text: Option<&'static str>,
    pub at: TimeView,
    pub took_ms: u64,
    /// Why stands in the log.
    pub failed: bool,
    /// On the wall of the office.
    pub next: String,
    pub rounds: u64,
    pub failures: u64,
}

impl SystemPanel {
    pub fn of(condition: &Condition, viewpoint: &Viewpoint) -> Self {
        let sockets = condition.sockets;
        let (usual, settings) = condition.in_force.iter().map(SettingView::of).partition(|setting| setting.is_usual);
        let figure = |(text, count)| FigureView { text, count };
        Self {
            version: condition.version,
            database: condition.database,
            release: condition.release.clone(),
            road: condition.road.map(|road| road.to_string()),
            started: viewpoint.see(condition.started_at),
            data: condition.data_space.map(|space| SpaceView::of(space, viewpoint.language)),
            log: condition.log_space.map(|space| SpaceView::of(space, viewpoint.language)),
            warnings: condition.warnings.iter().filter_map(|warning| WarningView::of(*warning)).collect(),
            sockets: [
                ("sockets-open", sockets.open),
                ("sockets-waiting", sockets.waiting),
                ("sockets-frames", sockets.frames),
                ("sockets-merged", sockets.merged),
                ("sockets-resyncs", sockets.resyncs),
                ("sockets-slow", sockets.too_slow),
                ("sockets-refused", sockets.refused + sockets.violations),
            ]
            .map(figure)
            .into(),
            rounds: RoundsView::of(&condition.rounds, viewpoint),
            settings,
            usual,
        }
    }
}

impl SettingView {
    fn of(setting: &Setting) -> Self {
        let (said, origin) = match &*setting.origin {
            Setting::DEFAULT => (Some("settings-default"), ""),
            Setting::COMMAND_LINE => (Some("settings-command-line"), ""),
            origin => origin.strip_prefix(Setting::FILE).map_or((None, origin), |name| (Some("settings-file"), name)),
        };
        Self {
            key: setting.key,
            value: setting.value.clone(),
            said,
            origin: origin.to_owned(),
            is_usual: setting.is_default() || setting.origin == Setting::NOTHING,
            is_empty: setting.value == Setting::EMPTY,
        }
    }
}

impl SpaceView {
    fn of(space: Space, language: Language) -> Self {
        Self { free: size(space.free, language), total: size(space.total, language) }
    }
}

impl WarningView {
    const fn of(warning: Warning) -> Option<Self> {
        let (title, text) = match warning {
            // Every page of the room says so at its top.
            Warning::NoSecondFactor => return None,
            Warning::PlainHttp => ("warning-plain", "warning-plain-text"),
            Warning::ClockJumped => ("warning-clock", "warning-clock-text"),
            Warning::LogNotWritable => ("warning-log", "warning-log-text"),
            Warning::LittleSpace => ("warning-space", "warning-space-text"),
        };
        Some(Self { title, text })
    }
}

impl RoundsView {
    pub fn of(rounds: &[Round], viewpoint: &Viewpoint) -> Self {
        let row = |round: &Round| RoundRow {
            name: round.name,
            text: purpose(round.name),
            at: viewpoint.see(round.started_at),
            took_ms: u64::try_from(round.took.as_millis()).unwrap_or(u64::MAX),
            failed: round.failure.is_some(),
            next: viewpoint.moment(round.next_at),
            rounds: round.rounds,
            failures: round.failures,
        };
        Self { rows: rounds.iter().map(row).collect() }
    }
}

fn purpose(round: &str) -> Option<&'static str> {
    match round {
        "guard" => Some("round-guard"),
        "rights" => Some("round-rights"),
        "tidy sign-ins" => Some("round-tidy"),
        "session ends" => Some("round-ends"),
        "live sessions" => Some("round-pages"),
        "lines" => Some("round-lines"),
        "notices" => Some("round-notices"),
        "tidy notices" => Some("round-tidy-notices"),
        "health" => Some("round-health"),
        "history" => Some("round-history"),
        "tidy messages" => Some("round-tidy-messages"),
        channel if Kind::parse(channel).is_some() => Some("round-channel"),
        _ => None,
    }
}

/// `3,4 MB`, never on two lines.
pub fn size(bytes: u64, language: Language) -> String {
    let (mut tenths, mut units) = (u128::from(bytes) * 10, ["B", "kB", "MB", "GB", "TB"].iter().peekable());
    while tenths >= 10_000 && units.len() > 1 {
        tenths /= 1_000;
        units.next();
    }
    let unit = units.next().copied().unwrap_or_default();
    let point = match language {
        Language::Portuguese => ',',
        Language::English => '.',
    };
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole}\u{a0}{unit}"),
        (whole, tenth) => format!("{whole}{point}{tenth}\u{a0}{unit}"),
    }
}

#[cfg(test)]
fn rounds(viewpoint: &Viewpoint) -> Vec<Round> {
    use std::time::Duration;

    let round = |name, failure: Option<&str>| Round {
        name,
        started_at: viewpoint.before(Duration::from_secs(4)),
        took: Duration::from_millis(12),
        failure: failure.map(Into::into),
        next_at: viewpoint.now.plus(Duration::from_secs(1)),
        rounds: 1_204,
        failures: u64::from(failure.is_some()),
    };
    let known = [
        "email",
        "guard",
        "health",
        "history",
        "lines",
        "live sessions",
        "notices",
        "rights",
        "session ends",
        "tidy messages",
        "tidy notices",
        "tidy sign-ins",
    ];
    let mut rounds: Vec<Round> = known.map(|name| round(name, None)).into();
    rounds.push(round("another", Some("\"><img src=x onerror=1>")));
    rounds
}

impl Panel for SystemPanel {
    const PATH: &'static str = "/admin/system";
    const TEMPLATE: &'static str = "pages/admin/system.html";
    const LIVE: &'static str = "rounds";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::domain::nas::Road;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let setting = |(key, value, origin): (&'static str, &str, &str)| Setting {
            key,
            value: value.into(),
            origin: origin.into(),
        };
        let settings = [
            ("truenas.url", "https://truenas.escritorio.local", "/etc/farol/farol.toml:12"),
            ("truenas.api_key", "••••", "arquivo /etc/farol/chave-truenas"),
            ("server.time_zone", "\"><img src=x onerror=1>", "FAROL_SERVER_TIME_ZONE"),
            ("server.idle_timeout_s", "28800", Setting::DEFAULT),
            ("server.listen", "127.0.0.1:8080", Setting::COMMAND_LINE),
            ("truenas.username", Setting::EMPTY, Setting::DEFAULT),
            ("email.to", Setting::NOTHING, Setting::NOTHING),
        ];
        let space = Some(Space { free: 120_400_000_000, total: 500_000_000_000, free_files: None });
        let whole = Condition {
            version: "0.1.0",
            database: "SQLite",
            release: Some("25.10.1".into()),
            road: Some(Road::Rpc),
            started_at: viewpoint.before(std::time::Duration::from_hours(5)),
            uptime: std::time::Duration::from_hours(5),
            data_space: space,
            log_space: space,
            sockets: crate::web::live::Figures { open: 12, frames: 3_400, ..Default::default() },
            rounds: rounds(&viewpoint),
            warnings: Warning::ALL.into(),
            in_force: settings.map(setting).into(),
        };
        let bare = Condition {
            release: None,
            road: None,
            data_space: None,
            log_space: None,
            rounds: Vec::new(),
            warnings: Vec::new(),
            ..whole.clone()
        };
        [&whole, &bare].map(|condition| Self::of(condition, &viewpoint)).into()
    }
}

impl Piece for RoundsView {
    const COMPONENT: &'static str = "system.rounds";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        vec![Self::of(&rounds(&viewpoint), &viewpoint), Self::of(&[], &viewpoint)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_one_digit_behind_the_point_of_its_language() {
        for (bytes, text) in [
            (0, "0\u{a0}B"),
            (999, "999\u{a0}B"),
            (1_000, "1\u{a0}kB"),
            (3_449_000, "3,4\u{a0}MB"),
            (u64::MAX, "18446744\u{a0}TB"),
        ] {
            assert_eq!(size(bytes, Language::Portuguese), text);
        }
        assert_eq!(size(1_500, Language::English), "1.5\u{a0}kB");
    }
}
