//! Trouble as administrators write of it.

use serde::Serialize;

use crate::domain::entry::{Field, Problem};
use crate::domain::incident::{Entry, Incident, State, Update};
use crate::web::views::planning::Fields;
use crate::web::views::planning::fields::FieldView;
use crate::web::views::{Panel, TimeView, Viewpoint, state_word};

#[derive(Debug, Clone, Serialize)]
pub struct IncidentRow {
    pub id: String,
    pub title: String,
    /// The key of its state, and its colour by its meaning.
    pub state: &'static str,
    pub tone: &'static str,
    pub open: bool,
    pub time: TimeView,
    /// The newest first.
    pub updates: Vec<UpdateRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct UpdateRow {
    pub state: &'static str,
    pub text: String,
    pub by: String,
    pub time: TimeView,
}

impl IncidentRow {
    fn of(incident: &Incident, viewpoint: &Viewpoint) -> Self {
        let update = |one: &Update| UpdateRow {
            state: state_word(one.state),
            text: one.text.in_language(viewpoint.language).to_owned(),
            by: one.by.clone(),
            time: viewpoint.see(one.at),
        };
        let open = incident.resolved_at().is_none();
        Self {
            id: incident.id.clone(),
            title: incident.title.in_language(viewpoint.language).to_owned(),
            state: state_word(incident.state()),
            tone: if open { "attention" } else { "well" },
            open,
            time: viewpoint.see(incident.created_at),
            updates: incident.updates.iter().rev().map(update).collect(),
        }
    }
}

/// A state to choose.
#[derive(Debug, Clone, Serialize)]
pub struct StateChoice {
    pub word: &'static str,
    pub text: &'static str,
    pub chosen: bool,
}

fn choices(chosen: &str) -> Vec<StateChoice> {
    let choice =
        |state: State| StateChoice { word: state.as_str(), text: state_word(state), chosen: state.as_str() == chosen };
    State::ALL.into_iter().map(choice).collect()
}

#[derive(Debug, Serialize)]
pub struct IncidentsPanel {
    pub open: Vec<IncidentRow>,
    pub resolved: Vec<IncidentRow>,
    pub title_portuguese: FieldView,
    pub title_english: FieldView,
    pub text_portuguese: FieldView,
    pub text_english: FieldView,
    pub state: FieldView,
    pub states: Vec<StateChoice>,
    pub wrong: bool,
}

impl IncidentsPanel {
    pub fn of(incidents: &[Incident], entry: &Entry, problems: &[(Field, Problem)], viewpoint: &Viewpoint) -> Self {
        let fields = Fields(problems);
        let rows = incidents.iter().map(|incident| IncidentRow::of(incident, viewpoint));
        let (open, resolved) = rows.partition(|row| row.open);
        Self {
            open,
            resolved,
            title_portuguese: fields.view(Field::TitlePortuguese, &entry.title.portuguese),
            title_english: fields.view(Field::TitleEnglish, &entry.title.english),
            text_portuguese: fields.view(Field::TextPortuguese, &entry.text.portuguese),
            text_english: fields.view(Field::TextEnglish, &entry.text.english),
            state: fields.view(Field::State, ""),
            states: choices(&entry.state),
            wrong: !problems.is_empty(),
        }
    }
}

impl Panel for IncidentsPanel {
    const PATH: &'static str = "/admin/incidents";
    const TEMPLATE: &'static str = "pages/planning/incidents.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let (viewpoint, incidents) = sample();
        let wrong = [(Field::State, Problem::Unknown)];
        let entry = Entry { state: "identified".into(), ..Entry::default() };
        vec![Self::of(&incidents, &Entry::default(), &[], &viewpoint), Self::of(&[], &entry, &wrong, &viewpoint)]
    }
}

#[derive(Debug, Serialize)]
pub struct IncidentPanel {
    pub row: IncidentRow,
    pub text_portuguese: FieldView,
    pub text_english: FieldView,
    pub state: FieldView,
    pub states: Vec<StateChoice>,
    pub wrong: bool,
}

impl IncidentPanel {
    pub fn of(incident: &Incident, entry: &Entry, problems: &[(Field, Problem)], viewpoint: &Viewpoint) -> Self {
        let fields = Fields(problems);
        Self {
            row: IncidentRow::of(incident, viewpoint),
            text_portuguese: fields.view(Field::TextPortuguese, &entry.text.portuguese),
            text_english: fields.view(Field::TextEnglish, &entry.text.english),
            state: fields.view(Field::State, ""),
            states: choices(&entry.state),
            wrong: !problems.is_empty(),
        }
    }
}

impl Panel for IncidentPanel {
    const PATH: &'static str = "/admin/incidents";
    const TEMPLATE: &'static str = "pages/planning/incident.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let (viewpoint, incidents) = sample();
        let wrong = [(Field::TextPortuguese, Problem::Missing)];
        vec![
            Self::of(&incidents[0], &Entry::default(), &[], &viewpoint),
            Self::of(&incidents[1], &Entry::default(), &wrong, &viewpoint),
        ]
    }
}

#[cfg(test)]
fn sample() -> (Viewpoint, Vec<Incident>) {
    use crate::domain::language::Texts;
    use crate::web::words::Language;

    let viewpoint = Viewpoint::sample(Language::Portuguese);
    let texts = |text: &str| Texts { portuguese: text.into(), english: String::new() };
    let update = |state| Update { at: viewpoint.now, by: "carla".into(), state, text: texts("Estamos olhando.") };
    let incident = |(id, title, states): (&str, &str, &[State])| Incident {
        id: id.into(),
        title: texts(title),
        created_at: viewpoint.now,
        updates: states.iter().copied().map(update).collect(),
    };
    let all: [(&str, &str, &[State]); 2] = [
        ("i1", "\"><img src=x onerror=1>", &[State::Investigating, State::Identified]),
        ("i2", "Rede lenta", &[State::Monitoring, State::Resolved]),
    ];
    let incidents = all.into_iter().map(incident).collect();
    (viewpoint, incidents)
}
