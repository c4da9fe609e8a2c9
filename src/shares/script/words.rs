//! The sentences of the script, kept as `name = sentence` in one file a language.

use crate::domain::Language;

/// One language's file.
#[derive(Debug, Clone, Copy)]
pub struct Words(&'static str);

impl Words {
    pub const fn of(language: Language) -> Self {
        match language {
            Language::Portuguese => Self(include_str!("../../../templates/script/pt-BR.txt")),
            Language::English => Self(include_str!("../../../templates/script/en.txt")),
        }
    }

    pub fn find(self, name: &str) -> Option<&'static str> {
        self.all().find(|(known, _)| *known == name).map(|(_, sentence)| sentence)
    }

    pub fn all(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.lines().filter_map(|line| line.split_once(" = "))
    }
}
