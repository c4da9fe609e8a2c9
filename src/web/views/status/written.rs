//! What administrators wrote for everybody: maintenance and incidents. Who wrote it is nobody's business here.

use serde::Serialize;

use crate::domain::incident::{Incident, State};
use crate::domain::maintenance::{Shown, Stage};
use crate::web::views::live::title_in;
use crate::web::views::{TimeView, Viewpoint};

/// More would be a calendar; the rest comes up in time.
const MOST_PLANS: usize = 8;

#[derive(Debug, Serialize)]
pub struct StatusPlanView {
    pub title: String,
    /// Empty when nobody wrote one.
    pub text: String,
    pub starts: TimeView,
    pub ends: TimeView,
    /// The key of how far it is, and whether it has begun.
    pub stage: &'static str,
    pub running: bool,
}

#[derive(Debug, Serialize)]
pub struct IncidentView {
    pub id: String,
    pub title: String,
    pub day: String,
    pub resolved: bool,
    /// The key of its state.
    pub state: &'static str,
    /// The newest first.
    pub updates: Vec<UpdateView>,
}

#[derive(Debug, Serialize)]
pub struct UpdateView {
    pub state: &'static str,
    pub text: String,
    pub time: TimeView,
}

pub fn plans(windows: &[Shown], viewpoint: &Viewpoint) -> Vec<StatusPlanView> {
    windows.iter().filter_map(|window| plan(window, viewpoint)).take(MOST_PLANS).collect()
}

fn plan(window: &Shown, viewpoint: &Viewpoint) -> Option<StatusPlanView> {
    let stage = match window.stage {
        Stage::Ahead => "status-ahead",
        Stage::Running => "status-running",
        Stage::Overdue => "status-overdue",
        Stage::Over | Stage::CalledOff => return None,
    };
    Some(StatusPlanView {
        title: title_in(&window.title, viewpoint.language),
        text: window.text.in_language(viewpoint.language).trim().to_owned(),
        starts: viewpoint.see(window.at.starts_at),
        ends: viewpoint.see(window.at.ends_at),
        stage,
        running: window.stage != Stage::Ahead,
    })
}

impl IncidentView {
    pub fn of(incident: &Incident, viewpoint: &Viewpoint) -> Self {
        let text = |update: &crate::domain::incident::Update| UpdateView {
            state: word_of(update.state),
            text: update.text.in_language(viewpoint.language).trim().to_owned(),
            time: viewpoint.see(update.at),
        };
        Self {
            id: incident.id.clone(),
            title: incident.title.in_language(viewpoint.language).trim().to_owned(),
            day: viewpoint.day(incident.created_at),
            resolved: incident.resolved_at().is_some(),
            state: word_of(incident.state()),
            updates: incident.updates.iter().rev().map(text).collect(),
        }
    }
}

/// The key of the word for a state.
pub const fn word_of(state: State) -> &'static str {
    match state {
        State::Investigating => "incident-investigating",
        State::Identified => "incident-identified",
        State::Monitoring => "incident-monitoring",
        State::Resolved => "incident-resolved",
    }
}

#[cfg(test)]
pub fn sample(viewpoint: &Viewpoint) -> crate::web::status::Written {
    use std::time::Duration;

    use crate::domain::incident::Update;
    use crate::web::views::live::notice_sample::{shown, texts};

    let window = |stage, hours| shown(viewpoint, stage, Duration::from_hours(hours));
    let part = Shown { title: texts("\"><img src=x onerror=1>", ""), ..window(Stage::Ahead, 60) };
    let plain = Shown { text: texts("", ""), ..window(Stage::Overdue, 0) };
    let update = |minutes, state, text: &str| Update {
        at: viewpoint.before(Duration::from_mins(minutes)),
        by: "carla".into(),
        state,
        text: texts(text, ""),
    };
    let incident = |id: &str, updates: Vec<Update>| Incident {
        id: id.into(),
        title: texts("Lentidão ao abrir arquivos do Departamento de Infraestrutura e Obras Públicas", "Slow files"),
        created_at: updates[0].at,
        updates,
    };
    let open = incident("i1", vec![update(50, State::Investigating, "Estamos olhando.\nTodos podem continuar.")]);
    let states = State::ALL.into_iter().zip([3000, 2990, 2950, 2900]);
    let solved =
        states.map(|(state, minutes)| update(minutes, state, "Um disco será trocado \"><img src=x onerror=1>"));
    crate::web::status::Written {
        windows: vec![plain, window(Stage::Running, 0), window(Stage::Ahead, 5), part],
        planned_at: std::collections::BTreeMap::new(),
        incidents: vec![open, incident("i2", solved.collect())],
    }
}
