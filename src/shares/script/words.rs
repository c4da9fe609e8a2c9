//! The sentences of the script, kept as `name = sentence` in one file a language.

/// The language a script speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Portuguese,
    English,
}

/// One language's file.
#[derive(Debug, Clone, Copy)]
pub struct Words(&'static str);

impl Language {
    pub(super) const fn words(self) -> Words {
        match self {
            Self::Portuguese => Words(include_str!("../../../templates/script/pt-BR.txt")),
            Self::English => Words(include_str!("../../../templates/script/en.txt")),
        }
    }
}

impl Words {
    pub fn find(self, name: &str) -> Option<&'static str> {
        self.all().find(|(known, _)| *known == name).map(|(_, sentence)| sentence)
    }

    pub fn all(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.lines().filter_map(|line| line.split_once(" = "))
    }
}
