//! All that is wrong with the settings, told at once, each with its place, its reason and its cure.

use std::fmt;

use crate::runtime::logging::escape;

/// What a secret looks like wherever settings are shown.
pub(super) const MASK: &str = "••••";

/// One thing to repair. Never holds the value: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File and line, variable, or the key nobody set.
    pub place: String,
    pub what: String,
    pub cure: String,
    /// The key concerned; nothing when the source as a whole cannot be trusted.
    pub(super) key: Option<&'static str>,
}

impl Problem {
    /// Names of files and keys may hold anything, terminal commands too, so all is escaped here.
    pub(super) fn new(place: impl fmt::Display, what: impl AsRef<str>, cure: impl AsRef<str>) -> Self {
        Self { place: escape(&place.to_string()), what: escape(what.as_ref()), cure: escape(cure.as_ref()), key: None }
    }

    pub(super) fn about(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key {
            Some(key) if key != self.place => writeln!(f, "{}: {key}: {}", self.place, self.what)?,
            _ => writeln!(f, "{}: {}", self.place, self.what)?,
        }
        write!(f, "    {}", self.cure)
    }
}

/// Why there are no settings. Printed, it is for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub problems: Vec<Problem>,
}

impl std::error::Error for Report {}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => write!(f, "Há um problema na configuração:")?,
            count => write!(f, "Há {count} problemas na configuração:")?,
        }
        self.problems.iter().try_for_each(|problem| write!(f, "\n\n{problem}"))
    }
}

/// A cure that names the known word nearest to `word`, or lists them all.
pub(super) fn suggestion<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let nearest = known.clone().map(|candidate| (distance(word, candidate), candidate)).min();
    match nearest {
        // Two slips in a word of six letters, four in one of twelve: more is another word.
        Some((slips, candidate)) if slips <= candidate.chars().count() / 3 => format!("Você quis dizer “{candidate}”?"),
        _ => format!("Apague-a ou use uma destas: {}.", known.collect::<Vec<_>>().join(", ")),
    }
}

/// How many letters must be changed, added or removed (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, c) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(c != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
