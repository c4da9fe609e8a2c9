//! Trouble as administrators tell of it, update by update.

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::entry::{Field, Problem, Problems, Typed};
use crate::domain::language::Texts;

/// More than that and nobody reads them.
pub const MOST_UPDATES: usize = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Investigating,
    Identified,
    Monitoring,
    Resolved,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Investigating, Self::Identified, Self::Monitoring, Self::Resolved];

    /// The word of forms and of the public interface: never changes once released.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Investigating => "investigating",
            Self::Identified => "identified",
            Self::Monitoring => "monitoring",
            Self::Resolved => "resolved",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    pub id: String,
    pub title: Texts,
    pub created_at: Timestamp,
    /// The oldest first; there is always one.
    pub updates: Vec<Update>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    pub at: Timestamp,
    /// Who wrote it: for administrators only.
    pub by: String,
    pub state: State,
    pub text: Texts,
}

/// What an administrator writes: the words of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub state: State,
    pub text: Texts,
}

/// The fields of the form, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Of a new incident only.
    pub title: Typed,
    pub text: Typed,
    pub state: String,
}

impl Incident {
    pub fn state(&self) -> State {
        self.updates.last().map_or(State::Investigating, |update| update.state)
    }

    /// `None` while it goes on.
    pub fn resolved_at(&self) -> Option<Timestamp> {
        self.updates.last().filter(|update| update.state == State::Resolved).map(|update| update.at)
    }
}

impl Entry {
    /// A new incident.
    pub fn parse_new(&self) -> Result<(Texts, Words), Vec<(Field, Problem)>> {
        let mut problems = Problems::default();
        let title = problems.title(&self.title);
        let words = self.words(&mut problems);
        problems.or(title.zip(words))
    }

    /// An update of one that is there.
    pub fn parse_update(&self) -> Result<Words, Vec<(Field, Problem)>> {
        let mut problems = Problems::default();
        let words = self.words(&mut problems);
        problems.or(words)
    }

    fn words(&self, problems: &mut Problems) -> Option<Words> {
        let text = problems.text(&self.text, true);
        let state = problems.keep(Field::State, State::parse(self.state.trim()).ok_or(Problem::Unknown));
        Some(Words { state: state?, text: text? })
    }
}
