//! Takes one key after the other out of what the sources said, noting what is in force and what is wrong.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::keys::{self, Fallback, KEYS, Kind};
use super::report::{MASK, Problem};
use super::source::{Collected, Found, Origin, SourceFiles};
use super::{content, secret};
use crate::domain::{Secret, Setting};
use crate::runtime::logging::escape;

pub(super) struct Reader {
    directory: PathBuf,
    collected: Collected,
    in_force: BTreeMap<&'static str, (String, String)>,
}

impl Reader {
    pub(super) fn new(directory: PathBuf, collected: Collected) -> Self {
        Self { directory, collected, in_force: BTreeMap::new() }
    }

    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        let key = keys::find(name).expect("rooms take only keys of the table");
        let found = self.collected.found.remove(name).or_else(|| {
            let value = match key.fallback {
                Fallback::Text(text) => text.to_owned(),
                Fallback::Flag(flag) => flag.to_string(),
                Fallback::Number(number) => number.to_string(),
                Fallback::Nothing | Fallback::Derived => return None,
            };
            Some(Found { value, origin: Origin::Default })
        })?;
        if key.kind == Kind::Secret && !matches!(found.origin, Origin::Default | Origin::File { .. }) {
            self.collected.files.elsewhere.push(name);
        }
        self.in_force.insert(name, (shown(key.kind, &found.value), found.origin.to_string()));
        Some(found.value)
    }

    pub(super) fn number(&mut self, name: &'static str) -> Option<u64> {
        let text = self.text(name)?;
        let Some(Kind::Number { least, most }) = keys::find(name).map(|key| key.kind) else { return None };
        match text.trim().parse() {
            Ok(number) if (least..=most).contains(&number) => Some(number),
            _ => {
                self.refuse(name, "valor fora do permitido", format!("Escreva um número inteiro de {least} a {most}."))
            }
        }
    }

    pub(super) fn seconds(&mut self, name: &'static str) -> Option<Duration> {
        self.number(name).map(Duration::from_secs)
    }

    pub(super) fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.text(name)?.trim() {
            "true" => Some(true),
            "false" => Some(false),
            _ => self.refuse(name, "valor não entendido", "Escreva true ou false."),
        }
    }

    /// The stronger of two keys of which only one can be meant. Both in one source is a contradiction.
    pub(super) fn either(&mut self, one: &'static str, other: &'static str) -> Option<(&'static str, String)> {
        let origins = [one, other].map(|name| self.collected.found.get(name).map(|found| found.origin.clone()));
        let name = match origins {
            [Some(origin), Some(rival)] if origin.rivals(&rival) => {
                let what = format!("{one} e {other} estão definidas ao mesmo tempo ({origin} e {rival})");
                self.in_force.insert(other, (MASK.into(), rival.to_string()));
                self.collected.refused.push(one);
                return self.refuse(other, what, "Deixe só uma das duas.");
            }
            [origin, rival] if origin >= rival => one,
            _ => other,
        };
        self.text(name).map(|value| (name, value))
    }

    /// A secret said directly or by naming a file.
    pub(super) fn secret(&mut self, direct: &'static str, in_file: &'static str) -> Option<Secret<String>> {
        self.secret_with_file(direct, in_file).map(|(secret, _)| secret)
    }

    /// The same, and the file it stands in, if any.
    pub(super) fn secret_with_file(
        &mut self,
        direct: &'static str,
        in_file: &'static str,
    ) -> Option<(Secret<String>, Option<PathBuf>)> {
        let (name, value) = self.either(direct, in_file)?;
        if name == direct {
            return self.no_name_of_a_file(direct, in_file, value).map(|value| (Secret::new(value), None));
        }
        let path = self.directory.join(&value);
        match secret::read(&path) {
            Ok(text) => {
                let kind = keys::find(direct).map_or(Kind::Secret, |key| key.kind);
                self.in_force.insert(direct, (shown(kind, &text), format!("{}{value}", Setting::FILE)));
                self.collected.warn_of_exposure(&path);
                self.collected.files.named.push((in_file, path.clone()));
                Some((Secret::new(text), Some(path)))
            }
            Err(why) => {
                self.collected.files.unread.push(in_file);
                self.refuse(in_file, format!("o arquivo do segredo {why}"), "Confira o nome e as permissões.")
            }
        }
    }

    /// The name of a file could pass for a secret, and everybody may know it.
    fn no_name_of_a_file(&mut self, name: &'static str, in_file: &'static str, value: String) -> Option<String> {
        let path = Path::new(&value);
        if !path.is_absolute() || !path.exists() {
            return Some(value);
        }
        let variable = keys::find(in_file).map_or_else(String::new, keys::Key::customary_variable);
        let cure = format!("Aponte esse arquivo em {in_file} (ou na variável {variable}).");
        self.refuse(name, "aqui vai o próprio segredo, não o nome de um arquivo", cure)
    }

    /// A file that must be there and readable.
    pub(super) fn readable(&mut self, name: &'static str, value: &str) -> Option<PathBuf> {
        let path = self.directory.join(value);
        match content::bytes(&path) {
            Ok(_) => {
                self.collected.files.named.push((name, path.clone()));
                Some(path)
            }
            Err(error) => {
                self.collected.files.unread.push(name);
                let what = format!("o arquivo não pôde ser lido ({})", content::reason(&error));
                self.refuse(name, what, "Confira o nome e as permissões.")
            }
        }
    }

    pub(super) fn path(&mut self, name: &'static str) -> Option<PathBuf> {
        let text = self.text(name)?;
        if text.is_empty() {
            return self.refuse(name, "o nome da pasta está vazio", "Escreva o nome de uma pasta, ou apague a chave.");
        }
        Some(self.directory.join(text))
    }

    /// Notes the value of a key that nobody set and that follows from another one.
    pub(super) fn derive(&mut self, name: &'static str, value: impl Display) {
        self.in_force.insert(name, (escape(&value.to_string()), Origin::Default.to_string()));
    }

    /// The same, where nobody set the key.
    pub(super) fn derive_unless_said(&mut self, name: &'static str, value: impl Display) {
        if !self.in_force.contains_key(name) {
            self.derive(name, value);
        }
    }

    /// A file, where its name starts from.
    pub(super) fn beside(&self, value: &str) -> PathBuf {
        self.directory.join(value)
    }

    /// Notes a file that a copy of everything takes along, or goes without when it cannot be read.
    pub(super) fn keep(&mut self, name: &'static str, path: &Path) {
        let files = &mut self.collected.files;
        if content::bytes(path).is_ok() {
            files.named.push((name, path.to_owned()));
        } else {
            files.left_out.push(name);
        }
    }

    /// When others may read a file that holds a secret.
    pub(super) fn warn_of_exposure(&mut self, path: &Path) {
        self.collected.warn_of_exposure(path);
    }

    /// What works, but not as well as it could.
    pub(super) fn warn(&mut self, name: &'static str, what: &str, cure: &str) {
        self.collected.warnings.push(Problem::new(name, what, cure).about(name));
    }

    pub(super) fn refuse<T>(&mut self, name: &'static str, what: impl AsRef<str>, cure: impl AsRef<str>) -> Option<T> {
        let place = self.in_force.get(name).map_or(name, |(_, origin)| origin);
        self.collected.problems.push(Problem::new(place, what, cure).about(name));
        self.collected.refused.push(name);
        None
    }

    /// Says that one of `names` must be set, unless it was tried or may stand in a source nobody could read.
    pub(super) fn missing<T>(&mut self, names: &[&'static str], cure: &str) -> Option<T> {
        if !self.collected.incomplete && !self.was_refused(names) {
            self.collected.problems.push(Problem::new(names[0], "falta este valor", cure).about(names[0]));
        }
        None
    }

    pub(super) fn was_refused(&self, names: &[&'static str]) -> bool {
        names.iter().any(|name| self.collected.refused.contains(name))
    }

    /// Problems, warnings, every key with what holds for it, and the files all of it came from.
    pub(super) fn finish(self) -> (Vec<Problem>, Vec<Problem>, Vec<Setting>, SourceFiles) {
        let mut in_force = self.in_force;
        let entries = KEYS.iter().map(|key| {
            let (value, origin) =
                in_force.remove(key.name).unwrap_or_else(|| (Setting::NOTHING.into(), Setting::NOTHING.into()));
            Setting { key: key.name, value, origin: escape(&origin) }
        });
        let entries = entries.collect();
        (self.collected.problems, self.collected.warnings, entries, self.collected.files)
    }
}

fn shown(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Secret => MASK.into(),
        Kind::Url => shown_url(value),
        Kind::Text | Kind::List | Kind::Pairs if value.is_empty() => Setting::EMPTY.into(),
        Kind::Text | Kind::List | Kind::Pairs | Kind::Flag | Kind::Number { .. } => escape(value),
    }
}

/// Without password and query, where databases take passwords too; hidden whole where a password could hide.
fn shown_url(text: &str) -> String {
    let Ok(url) = Url::parse(text) else { return MASK.into() };
    let is_file = url.scheme() == "sqlite";
    if url.path().contains('@') || (url.cannot_be_a_base() && !is_file) {
        return MASK.into();
    }
    let visible = text.split(['?', '#']).next().unwrap_or_default();
    let query = if visible.len() < text.len() { format!("?{MASK}") } else { String::new() };
    let visible = match (visible.split_once("://"), url.password()) {
        (Some((scheme, rest)), Some(_)) => {
            let host = rest.rsplit_once('@').map_or("", |(_, host)| host);
            format!("{scheme}://{}:{MASK}@{host}", url.username())
        }
        (None, Some(_)) => return MASK.into(),
        (_, None) => visible.to_owned(),
    };
    escape(&format!("{visible}{query}"))
}
