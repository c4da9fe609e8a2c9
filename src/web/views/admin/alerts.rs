//! The alerts of the NAS: open ones, those somebody silenced for a while, and those somebody dismissed there.

use serde::Serialize;

use crate::domain::health::Snapshot;
use crate::domain::nas::{Alert, AlertLevel};
use crate::domain::silence::{Silence, Target};
use crate::web::views::{Piece, TimeView, Viewpoint};

/// How long an alert may be silenced for, in hours.
const HOURS: [u32; 5] = [1, 4, 8, 24, 168];

#[derive(Debug, Serialize)]
pub struct AlertsView {
    pub alerts: Vec<AlertRow>,
    pub silences: Vec<SilenceRow>,
    pub hours: [u32; 5],
    /// They were read at least once.
    pub read: bool,
}

#[derive(Debug, Serialize)]
pub struct AlertRow {
    pub id: String,
    pub class: String,
    pub text: String,
    pub light: &'static str,
    /// The key of its level.
    pub level: &'static str,
    pub since: Option<TimeView>,
    pub dismissed: bool,
    /// Until when, if so.
    pub silenced: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct SilenceRow {
    pub id: String,
    /// All alerts of a kind, and not a single one.
    pub of_class: bool,
    /// What the alert says, or which kind it is.
    pub what: String,
    pub until: String,
    pub by: String,
}

impl AlertsView {
    pub fn of(seen: &Snapshot, silences: &[Silence], viewpoint: &Viewpoint) -> Self {
        let mut alerts: Vec<&Alert> = seen.alerts.iter().collect();
        alerts.sort_by_key(|alert| (alert.dismissed, std::cmp::Reverse(alert.level)));
        Self {
            alerts: alerts.into_iter().map(|alert| row(alert, silences, viewpoint)).collect(),
            silences: silences.iter().map(|silence| silence_row(silence, &seen.alerts, viewpoint)).collect(),
            hours: HOURS,
            read: seen.details_at.is_some(),
        }
    }
}

fn row(alert: &Alert, silences: &[Silence], viewpoint: &Viewpoint) -> AlertRow {
    let covering = silences.iter().filter(|silence| silence.target.covers(alert));
    let (light, level) = match alert.level {
        AlertLevel::Info => ("unknown", "alert-info"),
        AlertLevel::Notice => ("unknown", "alert-notice"),
        AlertLevel::Warning => ("attention", "alert-warning"),
        AlertLevel::Error => ("trouble", "alert-error"),
        AlertLevel::Critical => ("trouble", "alert-critical"),
        AlertLevel::Alert => ("trouble", "alert-alert"),
        AlertLevel::Emergency => ("trouble", "alert-emergency"),
    };
    AlertRow {
        id: alert.id.clone(),
        class: alert.class.clone(),
        text: alert.text.clone(),
        light,
        level,
        since: alert.raised_at.map(|at| viewpoint.see(at)),
        dismissed: alert.dismissed,
        silenced: covering.map(|silence| silence.until).max().map(|until| viewpoint.moment(until)),
    }
}

fn silence_row(silence: &Silence, alerts: &[Alert], viewpoint: &Viewpoint) -> SilenceRow {
    let (of_class, what) = match &silence.target {
        Target::Class(class) => (true, class.clone()),
        Target::Alert(id) => {
            let said = alerts.iter().find(|alert| alert.id == *id);
            (false, said.map_or_else(|| id.clone(), |alert| alert.text.clone()))
        }
    };
    let (id, until) = (silence.id.clone(), viewpoint.moment(silence.until));
    SilenceRow { id, of_class, what, until, by: silence.created_by.clone() }
}

impl Piece for AlertsView {
    const COMPONENT: &'static str = "watch.alerts";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let now = viewpoint.now;
        let alert = |(number, level): (usize, AlertLevel)| Alert {
            id: format!("a{number}"),
            class: "\"><img src=x onerror=1>".into(),
            level,
            text: "\"><img src=x onerror=1>".into(),
            raised_at: (number > 0).then_some(now),
            dismissed: number == 2,
        };
        let levels = [
            AlertLevel::Info,
            AlertLevel::Notice,
            AlertLevel::Warning,
            AlertLevel::Error,
            AlertLevel::Critical,
            AlertLevel::Alert,
            AlertLevel::Emergency,
        ];
        let alerts = levels.into_iter().enumerate().map(alert).collect();
        let seen = Snapshot { alerts, details_at: Some(now), ..Snapshot::unknown(now) };
        let silence = |target| Silence {
            id: "s1".into(),
            target,
            created_at: now,
            created_by: "\"><img src=x onerror=1>".into(),
            until: now,
        };
        let silences = [
            silence(Target::Alert("a3".into())),
            silence(Target::Alert("gone".into())),
            silence(Target::Class("\"><img src=x onerror=1>".into())),
        ];
        let none = Snapshot { alerts: Vec::new(), ..seen.clone() };
        vec![
            Self::of(&seen, &silences[..2], &viewpoint),
            Self::of(&seen, &silences, &viewpoint),
            Self::of(&none, &[], &viewpoint),
            Self::of(&Snapshot::unknown(now), &[], &viewpoint),
        ]
    }
}
