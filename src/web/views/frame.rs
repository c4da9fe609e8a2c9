//! What surrounds every page: language, theme, who is signed in, how the storage is.

use serde::Serialize;

use crate::domain::Timestamp;
use crate::domain::caller::{Caller, Role};
use crate::domain::health::{Level, Snapshot};
use crate::web::words::Language;

#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    pub language: Language,
    pub theme: Theme,
    /// Where we are, query and all: where a change of language leads back to.
    pub path: String,
    /// `None` for somebody not signed in.
    pub person: Option<PersonView>,
    pub storage: StorageView,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system of the person has it.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// As pages and cookies say it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word)
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct PersonView {
    pub name: String,
    pub initials: String,
    pub administrator: bool,
}

impl PersonView {
    pub fn of(caller: &Caller) -> Self {
        Self {
            name: caller.account.display_name().to_owned(),
            initials: initials(caller.account.display_name()),
            administrator: caller.account.role == Role::Administrator,
        }
    }
}

/// Of the first and the last name, whatever else stands between them.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphabetic()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// The light in the top bar.
#[derive(Debug, Clone, Serialize)]
pub struct StorageView {
    /// The colour by its meaning: `well`, `attention`, `trouble`, `planned` or `unknown`.
    pub light: &'static str,
    /// The key of the word beside it.
    pub word: &'static str,
    /// How old that knowledge is, in seconds.
    pub age_s: Option<u64>,
}

impl StorageView {
    pub fn of(seen: &Snapshot, now: Timestamp) -> Self {
        let (light, word) = match seen.level {
            Level::Unknown => ("unknown", "storage-unknown"),
            Level::Online => ("well", "storage-online"),
            Level::Attention => ("attention", "storage-attention"),
            Level::Restarting => ("planned", "storage-restarting"),
            Level::Unreachable => ("trouble", "storage-unreachable"),
            Level::KeyRefused => ("trouble", "storage-key-refused"),
        };
        Self { light, word, age_s: seen.checked_at.map(|at| now.since(at).as_secs()) }
    }
}

#[cfg(test)]
impl Frame {
    /// Every way the frame may look, in one language.
    pub fn samples(language: Language) -> Vec<Self> {
        let now = Timestamp::from_millis(60_000);
        let levels =
            [Level::Unknown, Level::Online, Level::Attention, Level::Restarting, Level::Unreachable, Level::KeyRefused];
        let person =
            |name: &str, administrator| Some(PersonView { name: name.into(), initials: initials(name), administrator });
        let people = [None, person("Ana Souza", false), person("\"><img src=x onerror=1>", true)];
        let storage = |level| {
            let checked_at = (level != Level::Unknown).then(|| Timestamp::from_millis(56_000));
            StorageView::of(&Snapshot { level, checked_at, ..Snapshot::unknown(now) }, now)
        };
        let looks = levels.into_iter().zip(people.into_iter().cycle()).zip(Theme::ALL.into_iter().cycle());
        looks
            .map(|((level, person), theme)| Self {
                language,
                theme,
                path: "/dashboard?page=2&order=\"name\"".into(),
                person,
                storage: storage(level),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_letters_of_the_first_and_the_last_name() {
        let known = ["Ana Lima", "bruno", "Carla \"R&D\" Nunes <TI> 100%", "\"><1", ""].map(initials);
        assert_eq!(known, ["AL", "B", "CT", "", ""]);
    }
}
