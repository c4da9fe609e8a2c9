//! What somebody entered, and what is wrong with it, field by field.

use crate::domain::language::Texts;

/// A title fits a line of the banner.
pub const TITLE_LIMIT: usize = 120;
pub const TEXT_LIMIT: usize = 2_000;

/// The word is the name of the field in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    TitlePortuguese,
    TitleEnglish,
    TextPortuguese,
    TextEnglish,
    Rule,
    Starts,
    Ends,
    Weekdays,
    Day,
    Time,
    Minutes,
    Zone,
    Shares,
    Group,
    PinnedUntil,
    State,
    Target,
    Hours,
}

impl Field {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TitlePortuguese => "title_portuguese",
            Self::TitleEnglish => "title_english",
            Self::TextPortuguese => "text_portuguese",
            Self::TextEnglish => "text_english",
            Self::Rule => "rule",
            Self::Starts => "starts",
            Self::Ends => "ends",
            Self::Weekdays => "weekdays",
            Self::Day => "day",
            Self::Time => "time",
            Self::Minutes => "minutes",
            Self::Zone => "zone",
            Self::Shares => "shares",
            Self::Group => "group",
            Self::PinnedUntil => "pinned_until",
            Self::State => "state",
            Self::Target => "target",
            Self::Hours => "hours",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Problem {
    Missing,
    TooLong,
    /// It holds characters nobody can see.
    Unprintable,
    /// No such thing is known, or it cannot be read.
    Unknown,
    EndsBeforeStart,
    /// It lasts longer than is allowed.
    LastsTooLong,
    Past,
    OutOfRange,
}

/// Gathers what is wrong, so that a form shows all of it at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<(Field, Problem)>);

/// Both languages of a title or a text, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub portuguese: String,
    pub english: String,
}

impl Problems {
    pub fn add(&mut self, field: Field, problem: Problem) {
        self.0.push((field, problem));
    }

    /// Keeps the value, or notes what is wrong with it.
    pub fn keep<T>(&mut self, field: Field, value: Result<T, Problem>) -> Option<T> {
        value.map_err(|problem| self.add(field, problem)).ok()
    }

    pub fn title(&mut self, typed: &Typed) -> Option<Texts> {
        self.texts(typed, [Field::TitlePortuguese, Field::TitleEnglish], TITLE_LIMIT, true)
    }

    pub fn text(&mut self, typed: &Typed, required: bool) -> Option<Texts> {
        self.texts(typed, [Field::TextPortuguese, Field::TextEnglish], TEXT_LIMIT, required)
    }

    fn texts(&mut self, typed: &Typed, fields: [Field; 2], limit: usize, required: bool) -> Option<Texts> {
        let lines = limit > TITLE_LIMIT;
        let portuguese = self.keep(fields[0], written(&typed.portuguese, limit, required, lines));
        let english = self.keep(fields[1], written(&typed.english, limit, false, lines));
        Some(Texts { portuguese: portuguese?, english: english? })
    }

    /// `None` of the value only ever comes with a problem.
    pub fn or<T>(self, value: Option<T>) -> Result<T, Vec<(Field, Problem)>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}

fn written(typed: &str, limit: usize, required: bool, lines: bool) -> Result<String, Problem> {
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    if text.is_empty() && required {
        return Err(Problem::Missing);
    }
    if text.chars().nth(limit).is_some() {
        return Err(Problem::TooLong);
    }
    if text.chars().any(|one| one.is_control() && !(lines && one == '\n') || is_turning(one)) {
        return Err(Problem::Unprintable);
    }
    Ok(text)
}

/// Turns the direction of what is written around it: a text would not read as it is.
const fn is_turning(one: char) -> bool {
    matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
