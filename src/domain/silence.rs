//! Alerts that an administrator does not want to hear of for a while.

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::entry::{Field, Problem, Problems};
use crate::domain::nas::Alert;

/// A week: whoever does not care for longer dismisses the alert on the NAS.
pub const LONGEST_HOURS: u32 = 7 * 24;
/// Longer than any class or id the NAS gives.
const TARGET_LIMIT: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// All alerts of this class.
    Class(String),
    /// This alert alone.
    Alert(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    pub id: String,
    pub target: Target,
    pub created_at: Timestamp,
    pub created_by: String,
    pub until: Timestamp,
}

/// The fields of the form, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// `class` or `alert`.
    pub kind: String,
    pub target: String,
    pub hours: String,
}

impl Target {
    pub fn text(&self) -> &str {
        match self {
            Self::Class(text) | Self::Alert(text) => text,
        }
    }

    pub fn covers(&self, alert: &Alert) -> bool {
        match self {
            Self::Class(class) => alert.class == *class,
            Self::Alert(id) => alert.id == *id,
        }
    }
}

impl Entry {
    /// What, and for how many hours.
    pub fn parse(&self) -> Result<(Target, u32), Vec<(Field, Problem)>> {
        let mut problems = Problems::default();
        let target = problems.keep(Field::Target, target(&self.kind, &self.target));
        let hours = problems.keep(Field::Hours, hours(&self.hours));
        problems.or(target.zip(hours))
    }
}

fn target(kind: &str, typed: &str) -> Result<Target, Problem> {
    let text = typed.trim().to_owned();
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    if text.chars().nth(TARGET_LIMIT).is_some() {
        return Err(Problem::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::Unprintable);
    }
    match kind {
        "class" => Ok(Target::Class(text)),
        "alert" => Ok(Target::Alert(text)),
        _ => Err(Problem::Unknown),
    }
}

fn hours(typed: &str) -> Result<u32, Problem> {
    let hours = match typed.trim() {
        "" => return Err(Problem::Missing),
        typed => typed.parse().map_err(|_| Problem::Unknown)?,
    };
    if (1..=LONGEST_HOURS).contains(&hours) { Ok(hours) } else { Err(Problem::OutOfRange) }
}
