//! Which drive letters shares get: the settings of `shares`.

use std::collections::BTreeMap;

use super::reader::Reader;
use super::rooms::host;
use crate::shares;

const LETTERS: &str = "drives.letters";
const FIXED: &str = "drives.fixed";

pub(super) fn shares(reader: &mut Reader, smb_host: Option<&str>) -> Option<shares::Settings> {
    let host = host(reader, "drives.host", smb_host);
    let letters = letters(reader);
    let fixed_letters = fixed_letters(reader);
    Some(shares::Settings { host: host?, letters: letters?, fixed_letters: fixed_letters? })
}

fn letters(reader: &mut Reader) -> Option<Vec<char>> {
    const CURE: &str = "Escreva letras de D a Z na ordem desejada, por exemplo \"MNOPQ\" ou [\"M\", \"N\"].";
    let text = reader.text(LETTERS)?;
    let mut letters = Vec::new();
    for c in text.chars().filter(|c| *c != ',' && !c.is_whitespace()) {
        let Some(letter) = letter(c) else {
            return reader.refuse(LETTERS, "há algo que não é uma letra de unidade", CURE);
        };
        if letters.contains(&letter) {
            return reader.refuse(LETTERS, format!("a letra {letter} aparece duas vezes"), CURE);
        }
        letters.push(letter);
    }
    if letters.is_empty() { reader.refuse(LETTERS, "não há nenhuma letra", CURE) } else { Some(letters) }
}

fn fixed_letters(reader: &mut Reader) -> Option<BTreeMap<String, char>> {
    const CURE: &str = "Escreva o nome do compartilhamento e uma letra de D a Z: Financeiro = \"F\"; numa variável, \
        Financeiro=F,Geral=G.";
    let Some(text) = reader.text(FIXED) else { return Some(BTreeMap::new()).filter(|_| !reader.was_refused(&[FIXED])) };
    let mut fixed: BTreeMap<String, char> = BTreeMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let parts = pair.rsplit_once('=').map(|(name, text)| (name.trim(), only_letter(text)));
        let Some((name, Some(letter))) = parts.filter(|(name, _)| !name.is_empty()) else {
            return reader.refuse(FIXED, "há algo que não é um nome com a letra dele", CURE);
        };
        if fixed.values().any(|known| *known == letter) {
            return reader.refuse(FIXED, format!("a letra {letter} foi dada a dois compartilhamentos"), CURE);
        }
        // The file server does not tell great letters from small ones.
        if fixed.keys().any(|known| known.to_lowercase() == name.to_lowercase()) {
            return reader.refuse(FIXED, format!("o compartilhamento {name} tem duas letras"), CURE);
        }
        fixed.insert(name.to_owned(), letter);
    }
    Some(fixed)
}

fn only_letter(text: &str) -> Option<char> {
    let mut characters = text.trim().trim_end_matches(':').chars();
    let letter = characters.next().and_then(letter);
    letter.filter(|_| characters.next().is_none())
}

/// A to C belong to the machine.
fn letter(c: char) -> Option<char> {
    Some(c.to_ascii_uppercase()).filter(|letter| ('D'..='Z').contains(letter))
}
