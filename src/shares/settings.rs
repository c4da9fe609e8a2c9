//! How shares become drives.

use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The name or address of the file server as Windows is to use it, the same in every path.
    pub host: String,
    /// Drive letters in the order they are handed out: `D` to `Z`, each once.
    pub letters: Vec<char>,
    /// The letter of a share, by its name, where the office wants a certain one.
    pub fixed_letters: BTreeMap<String, char>,
}

/// From the end of the alphabet's middle on: the first ones are sticks and discs, the last ones what people map themselves.
pub const LETTERS: &str = "MNOPQRSTUVWXYZLKJIHGFED";

/// Why letters cannot be handed out as somebody wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidLetters {
    None,
    /// Something else than one of `D` to `Z`: `A` to `C` belong to the machine.
    NotALetter,
    /// Not `share=letter`.
    NotAPair,
    Twice(char),
    /// One share, two letters.
    TwoFor(String),
}

impl Settings {
    /// `MNO`, or `M, N, O`.
    pub fn parse_letters(text: &str) -> Result<Vec<char>, InvalidLetters> {
        let mut letters = Vec::new();
        for c in text.chars().filter(|c| *c != ',' && !c.is_whitespace()) {
            let letter = letter(c).ok_or(InvalidLetters::NotALetter)?;
            if letters.contains(&letter) {
                return Err(InvalidLetters::Twice(letter));
            }
            letters.push(letter);
        }
        if letters.is_empty() { Err(InvalidLetters::None) } else { Ok(letters) }
    }

    /// `Financeiro=F, Geral=G`.
    pub fn parse_fixed_letters(text: &str) -> Result<BTreeMap<String, char>, InvalidLetters> {
        let mut fixed: BTreeMap<String, char> = BTreeMap::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, text) = pair.rsplit_once('=').ok_or(InvalidLetters::NotAPair)?;
            let name = Some(name.trim()).filter(|name| !name.is_empty()).ok_or(InvalidLetters::NotAPair)?;
            let letter = only_letter(text).ok_or(InvalidLetters::NotALetter)?;
            if fixed.values().any(|known| *known == letter) {
                return Err(InvalidLetters::Twice(letter));
            }
            // The file server does not tell great letters from small ones.
            if fixed.keys().any(|known| known.to_lowercase() == name.to_lowercase()) {
                return Err(InvalidLetters::TwoFor(name.to_owned()));
            }
            fixed.insert(name.to_owned(), letter);
        }
        Ok(fixed)
    }
}

/// With or without the colon that Windows writes behind it.
fn only_letter(text: &str) -> Option<char> {
    let mut characters = text.trim().trim_end_matches(':').chars();
    let letter = characters.next().and_then(letter);
    letter.filter(|_| characters.next().is_none())
}

fn letter(c: char) -> Option<char> {
    Some(c.to_ascii_uppercase()).filter(|letter| ('D'..='Z').contains(letter))
}
