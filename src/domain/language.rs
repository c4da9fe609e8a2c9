//! The languages the product speaks, in its pages and in what it hands out.

use serde::{Deserialize, Serialize, Serializer};

#[derive(Debug, Clone, Copy, PartialEq, Hash, Eq, Default)]
pub enum Language {
    /// Of whoever does not say.
    #[default]
    Portuguese,
    English,
}

impl Language {
    /// In the order of the values themselves.
    pub const ALL: [Self; 2] = [Self::Portuguese, Self::English];

    /// As pages, cookies and folders say it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portuguese => "pt-BR",
            Self::English => "en",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == word)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What a person wrote, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Texts {
    pub portuguese: String,
    /// Empty when nobody wrote one: then the Portuguese text serves.
    pub english: String,
}

impl Texts {
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::English if !self.english.trim().is_empty() => &self.english,
            Language::English | Language::Portuguese => &self.portuguese,
        }
    }
}
