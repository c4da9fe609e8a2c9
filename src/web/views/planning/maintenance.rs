//! The page of maintenance: what goes on, what comes, what was.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::maintenance::{Shown, Stage, Window};
use crate::notices::Listed;
use crate::web::views::live::title_in;
use crate::web::views::{Panel, Piece, TimeView, Viewpoint};

/// Of each list: further ones are nobody's concern on a screen.
const MOST_SHOWN: usize = 20;

#[derive(Debug, Clone, Serialize)]
pub struct MaintenanceView {
    pub running: Vec<OccurrenceView>,
    pub coming: Vec<OccurrenceView>,
    pub past: Vec<OccurrenceView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct OccurrenceView {
    pub window: String,
    /// Names the occurrence within its window.
    pub start: String,
    pub title: String,
    pub span: String,
    pub time: TimeView,
    /// Empty: all of them.
    pub shares: Vec<String>,
    /// The key of how it stands, and its colour by its meaning.
    pub stage: &'static str,
    pub tone: &'static str,
    pub repeats: bool,
    pub may_change: bool,
    /// It goes on, and may be given more time.
    pub may_last: bool,
    pub may_call_off: bool,
}

/// What helps to tell of an occurrence.
#[derive(Debug)]
pub struct Known {
    /// Those that may still take place, by id.
    windows: BTreeMap<String, Window>,
    shares: BTreeMap<i64, String>,
}

impl Known {
    pub fn new(windows: Vec<Window>, shares: BTreeMap<i64, String>) -> Self {
        Self { windows: windows.into_iter().map(|window| (window.id.clone(), window)).collect(), shares }
    }
}

impl MaintenanceView {
    pub fn of(listed: &Listed, known: &Known, viewpoint: &Viewpoint) -> Self {
        let view = |list: &[Shown]| {
            list.iter().take(MOST_SHOWN).map(|shown| OccurrenceView::of(shown, known, viewpoint)).collect()
        };
        Self { running: view(&listed.running), coming: view(&listed.coming), past: view(&listed.past) }
    }
}

impl OccurrenceView {
    pub fn of(shown: &Shown, known: &Known, viewpoint: &Viewpoint) -> Self {
        let window = known.windows.get(&shown.window);
        let repeats = window.is_some_and(Window::repeats);
        let goes_on = matches!(shown.stage, Stage::Running | Stage::Overdue);
        let (stage, tone) = stage(shown.stage);
        let shares: BTreeSet<String> =
            shown.shares.iter().map(|id| known.shares.get(id).cloned().unwrap_or_else(|| format!("#{id}"))).collect();
        let may_change = window.is_some_and(|window| window.may_change(viewpoint.now));
        Self {
            window: shown.window.clone(),
            start: shown.at.starts_at.as_millis().to_string(),
            title: title_in(&shown.title, viewpoint.language),
            span: viewpoint.span(shown.at.starts_at, shown.at.ends_at),
            time: viewpoint.see(shown.at.starts_at),
            shares: shares.into_iter().collect(),
            stage,
            tone,
            repeats,
            may_change: may_change && (goes_on || shown.stage == Stage::Ahead),
            may_last: may_change && goes_on && !repeats,
            may_call_off: window.is_some() && matches!(shown.stage, Stage::Running | Stage::Ahead),
        }
    }
}

const fn stage(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Ahead => ("plan-ahead", "planned"),
        Stage::Running => ("plan-running", "attention"),
        Stage::Overdue => ("plan-overdue", "trouble"),
        Stage::Over => ("plan-over", "well"),
        Stage::CalledOff => ("plan-called-off", "unknown"),
    }
}

impl Piece for MaintenanceView {
    const COMPONENT: &'static str = "planning.maintenance";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        sample::views()
    }
}

#[derive(Debug, Serialize)]
pub struct MaintenancePanel {
    pub maintenance: MaintenanceView,
    /// How many people have a page open now.
    pub online: usize,
    /// The address of the calendar.
    pub calendar: String,
}

impl Panel for MaintenancePanel {
    const PATH: &'static str = "/admin/maintenance";
    const TEMPLATE: &'static str = "pages/planning/maintenance.html";
    const LIVE: &'static str = "maintenance";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let panel = |(online, maintenance)| Self {
            maintenance,
            online,
            calendar: "http://farol.example/maintenance.ics?key=ab12&lang=pt-BR".into(),
        };
        MaintenanceView::samples().into_iter().enumerate().map(panel).collect()
    }
}

/// Whether it is really meant, for browsers without scripts.
#[derive(Debug, Serialize)]
pub struct AskOffPanel {
    pub occurrence: OccurrenceView,
    /// Not this time alone.
    pub all: bool,
}

impl Panel for AskOffPanel {
    const PATH: &'static str = "/admin/maintenance";
    const TEMPLATE: &'static str = "pages/planning/off.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let rows = sample::views().swap_remove(0).coming;
        rows.into_iter().map(|occurrence| Self { all: occurrence.repeats, occurrence }).collect()
    }
}

#[cfg(test)]
pub mod sample {
    use super::*;
    use crate::domain::Timestamp;
    use crate::domain::language::Texts;
    use crate::domain::maintenance::{LocalTime, Occurrence, Plan, Rule, Weekday};
    use crate::web::words::Language;

    pub fn plan(rule: Rule, title: &str) -> Plan {
        let texts = |text: &str| Texts { portuguese: text.into(), english: String::new() };
        let text = texts("Salve os seus arquivos.");
        Plan { title: texts(title), text, rule, zone: "America/Cuiaba".into(), shares: vec![1, 99] }
    }

    pub fn views() -> Vec<MaintenanceView> {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let now = viewpoint.now;
        let hours = |from: i64, to: i64| Occurrence {
            starts_at: Timestamp::from_millis(now.as_millis() + from * 3_600_000),
            ends_at: Timestamp::from_millis(now.as_millis() + to * 3_600_000),
        };
        let Occurrence { starts_at, ends_at } = hours(-1, 1);
        let once = plan(Rule::Once { starts_at, ends_at }, "\"><img src=x onerror=1>");
        let at = LocalTime { hour: 22, minute: 0 };
        let weekly = plan(Rule::Weekly { weekdays: vec![Weekday::Sunday], at, minutes: 60 }, "Troca de discos");
        let earlier = Timestamp::from_millis(now.as_millis() - 7_200_000);
        let once = Window::new("w1".into(), once, "carla".into(), earlier);
        let mut weekly = Window::new("w2".into(), weekly, "carla".into(), earlier);
        weekly.plan.shares.clear();
        let listed = Listed {
            coming: vec![weekly.shown(hours(20, 21), Stage::Ahead), weekly.shown(hours(188, 189), Stage::CalledOff)],
            running: vec![once.shown(hours(-1, 1), Stage::Running), once.shown(hours(-2, -1), Stage::Overdue)],
            past: vec![once.shown(hours(-300, -299), Stage::Over)],
        };
        let known = Known::new(vec![once, weekly], [(1, "Financeiro".to_owned())].into());
        vec![
            MaintenanceView::of(&listed, &known, &viewpoint),
            MaintenanceView::of(&Listed::default(), &known, &viewpoint),
        ]
    }
}
