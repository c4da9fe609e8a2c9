//! The mapping script of one person: a text for Windows' `cmd`, made of a fixed part and a few lines a share.
//!
//! The fixed part, with why it does what it does, is `script/skeleton.bat`; the sentences are in `templates/script/`.
//! Whatever comes from the NAS passes `inert`, which decides for each place what may stand there.

mod inert;
mod words;

use std::fmt::Write as _;

use crate::domain::Language;
use crate::shares::letters::usable;
use crate::shares::{Offer, Settings};
use words::Words;

/// What the browser saves it as, in every language: the office's instructions name it.
pub const FILE_NAME: &str = "mapear-drives.bat";

const SKELETON: &str = include_str!("script/skeleton.bat");

/// Whose drives, and in which words.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    pub settings: &'a Settings,
    /// As the NAS spells it.
    pub username: &'a str,
    pub full_name: &'a str,
    /// The portal's own address, where the sentences send whoever needs help.
    pub portal: &'a str,
    /// Everything the person is offered, also when only one share is ordered: its drives must not take the others' letters.
    pub offers: &'a [Offer],
    /// The number of the one share ordered; `None` is all.
    pub only: Option<i64>,
    pub language: Language,
}

impl Order<'_> {
    /// Ends its lines as Windows does. ASCII, but for exact names between two changes of the code page.
    pub fn script(&self) -> String {
        let filled = SKELETON.lines().map(|line| self.fill(line)).collect::<Vec<_>>().join("\n");
        filled.replace('\n', "\r\n") + "\r\n"
    }

    /// Puts words and values where `{name}` stands. Words hold values themselves; values hold nothing more.
    fn fill(&self, line: &str) -> String {
        let words = Words::of(self.language);
        let said = replace(line, |name| words.find(name).map(str::to_owned));
        replace(&said, |name| self.value(name))
    }

    fn value(&self, name: &str) -> Option<String> {
        Some(match name {
            "name" => Some(inert::plain(self.full_name))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| inert::plain(self.username)),
            "account" => inert::plain(self.username),
            "set_account" => self.set_account(),
            "host" => inert::host(&self.settings.host).unwrap_or_default(),
            "portal" => inert::address(self.portal),
            "letter" => "%LETTER%".into(),
            "share" => "\"%SHOWN%\"".into(),
            "code" => "%CODE%".into(),
            "failures" => "%FAILED%".into(),
            "total" => self.ordered().count().to_string(),
            "whole" => if self.only.is_none() { "1" } else { "" }.into(),
            "spare_letters" => self.spare_letters(),
            "drives" => self.drives(),
            _ => return None,
        })
    }

    fn ordered(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| self.only.is_none_or(|id| id == offer.share.id))
    }

    /// Never another account than the person's: one that cannot be written down exactly ends the script with a sentence.
    fn set_account(&self) -> String {
        match (inert::account(self.username), inert::host(&self.settings.host)) {
            (Some(account), Some(_)) => set_exactly("ACCOUNT", &account),
            (None, _) | (_, None) => "goto :unusable".into(),
        }
    }

    /// For a drive whose own letter turns out to be in use: those planned for no drive of this person.
    fn spare_letters(&self) -> String {
        let planned: Vec<char> = self.offers.iter().filter_map(|offer| offer.letter).collect();
        let spare: Vec<String> =
            usable(self.settings).filter(|letter| !planned.contains(letter)).map(String::from).collect();
        spare.join(" ")
    }

    fn drives(&self) -> String {
        let mut lines = String::new();
        for offer in self.ordered() {
            let _ = writeln!(lines, "set \"SHOWN={}\"", inert::shown(&offer.share.name));
            let Some(name) = inert::share(&offer.share.name) else {
                lines.push_str("call :unmappable\n");
                continue;
            };
            let _ = writeln!(lines, "{}", set_exactly("SHARE", &name));
            let letter = offer.letter.map_or(String::new(), String::from);
            let _ = writeln!(lines, "set \"WANTED={letter}\"\ncall :%TASK%_drive");
        }
        lines.push_str("goto :eof");
        lines
    }
}

/// The variable keeps the characters themselves, so only the line that sets it needs the code page they are written in.
fn set_exactly(variable: &str, value: &str) -> String {
    let set = format!("set \"{variable}={value}\"");
    if value.is_ascii() { set } else { format!("chcp 65001 >nul\n{set}\nif defined CODEPAGE chcp %CODEPAGE% >nul") }
}

/// `{name}` becomes what `find` says; a brace that names nothing stays.
fn replace(text: &str, find: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let named = after.split_once('}').and_then(|(name, after)| Some((find(name)?, after)));
        if let Some((value, after)) = named {
            filled.push_str(&value);
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests;
