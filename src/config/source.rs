//! Where values come from: settings file, `.env`, environment, command line. The stronger source wins.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io::ErrorKind;
use std::net::Ipv6Addr;
use std::path::{Path, PathBuf};

use super::keys::{self, FILE_VARIABLE, IP_VARIABLE, KEYS, Key, Kind, PREFIX};
use super::report::{Problem, suggestion};
use super::{content, file, secret};
use crate::domain::Setting;

/// Set by systemd.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// All the outside world that settings depend on, as values.
pub struct Sources {
    /// Relative names start here. Empty means the working directory.
    pub directory: PathBuf,
    /// What `--config` named.
    pub file: Option<PathBuf>,
    /// Tried in turn when nobody names a file.
    pub usual_files: Vec<PathBuf>,
    pub environment: BTreeMap<String, OsString>,
    /// `section.key=value`, strongest of all.
    pub overrides: Vec<String>,
}

impl Sources {
    /// As this process sees the world. Variables whose name is not text cannot be ours and are left out.
    pub fn of_process(file: Option<PathBuf>, overrides: Vec<String>) -> Self {
        let environment =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value))).collect();
        let usual_files = vec!["farol.toml".into(), "/etc/farol/farol.toml".into()];
        Self { directory: PathBuf::new(), file, usual_files, environment, overrides }
    }
}

/// Where a value was said, weakest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    Default,
    File { path: PathBuf, line: usize },
    DotEnv { line: usize },
    Variable(String),
    CommandLine,
}

impl Origin {
    /// Said in the same source, so neither is stronger.
    pub(super) fn rivals(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str(Setting::DEFAULT),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::DotEnv { line } => write!(f, ".env:{line}"),
            Self::Variable(name) => f.write_str(name),
            Self::CommandLine => f.write_str(Setting::COMMAND_LINE),
        }
    }
}

/// The files that together say what holds.
#[derive(Debug, Clone, Default)]
pub struct SourceFiles {
    /// The settings file somebody named, there or not.
    pub wanted: Option<PathBuf>,
    /// The settings file that was read.
    pub settings: Option<PathBuf>,
    /// The files its keys name and that were read: secrets, authorities, certificates.
    pub named: Vec<(&'static str, PathBuf)>,
    /// The keys whose files could not be read.
    pub unread: Vec<&'static str>,
    /// The keys of certificates that could not be read: others issue them, and can do so again.
    pub left_out: Vec<&'static str>,
    /// Secrets that stand in no file that could be kept, but in the environment.
    pub elsewhere: Vec<&'static str>,
}

/// A value as somebody said it.
pub(super) struct Found {
    pub(super) value: String,
    pub(super) origin: Origin,
}

/// What all sources together say.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) found: BTreeMap<&'static str, Found>,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
    /// Set somewhere, but not to anything usable.
    pub(super) refused: Vec<&'static str>,
    pub(super) files: SourceFiles,
    /// Where systemd puts copies of secrets that only the service reaches, whatever their mode looks like.
    credentials: Option<PathBuf>,
    /// A source could not be read, so a key that seems to be missing may stand there.
    pub(super) incomplete: bool,
}

impl Collected {
    pub(super) fn from(sources: &Sources) -> Self {
        let credentials = sources.environment.get(CREDENTIALS).filter(|place| !place.is_empty()).map(PathBuf::from);
        let mut all = Self { credentials, ..Self::default() };
        let dot_env = all.dot_env(&sources.directory);
        let environment = all.environment(&sources.environment);
        let named = sources.file.clone().or_else(|| {
            let name = environment.get(FILE_VARIABLE).or_else(|| dot_env.get(FILE_VARIABLE));
            name.filter(|(name, _)| !name.is_empty()).map(|(name, _)| PathBuf::from(name))
        });
        all.settings_file(sources, named.as_deref());
        all.files.wanted = named.map(|named| sources.directory.join(named));
        all.variables(&dot_env);
        all.warn_of_open_file(&sources.directory.join(".env"), |origin| matches!(origin, Origin::DotEnv { .. }));
        all.variables(&environment);
        for text in &sources.overrides {
            all.command_line(text);
        }
        all
    }

    /// Reads a whole file, or says why not. A file that is not there is nothing unless it is `wanted`.
    fn read(&mut self, path: &Path, name: &Path, wanted: bool) -> Option<String> {
        match content::text(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound && !wanted => None,
            // In a folder we may not even look into, nobody meant this file for us.
            Err(error) if error.kind() == ErrorKind::PermissionDenied && !wanted && is_out_of_sight(path) => None,
            Err(error) => {
                self.incomplete = true;
                let what = format!("o arquivo não pôde ser lido ({})", content::reason(&error));
                let cure = "Confira o nome e as permissões; o arquivo deve ser texto em UTF-8.";
                self.problems.push(Problem::new(name.display(), what, cure));
                None
            }
        }
    }

    fn settings_file(&mut self, sources: &Sources, named: Option<&Path>) {
        let candidates =
            named.map_or(sources.usual_files.as_slice(), |_| &[]).iter().map(PathBuf::as_path).chain(named);
        for name in candidates {
            let path = sources.directory.join(name);
            let problems = self.problems.len();
            if let Some(text) = self.read(&path, name, named.is_some()) {
                file::collect(name, &text, self);
                self.files.settings = Some(path.clone());
                self.warn_of_open_file(&path, |origin| matches!(origin, Origin::File { .. }));
                return;
            }
            if self.problems.len() > problems {
                return;
            }
        }
    }

    /// The lines of `.env`, a later one winning over an earlier one.
    ///
    /// Each line is read alone, so that every faulty one can be named by its number. Their texts are never repeated.
    fn dot_env(&mut self, directory: &Path) -> BTreeMap<String, (String, Origin)> {
        let text = self.read(&directory.join(".env"), Path::new(".env"), false).unwrap_or_default();
        let mut variables = BTreeMap::new();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let origin = Origin::DotEnv { line: index + 1 };
            if has_open_dollar(line) && !line.trim_start().starts_with('#') {
                let cure = "Ponha o valor entre aspas simples; sem elas, $nome seria trocado por outra coisa.";
                self.problems.push(Problem::new(&origin, "há um $ fora de aspas simples", cure));
                continue;
            }
            for item in dotenvy::from_read_iter(line.as_bytes()) {
                if let Ok((name, value)) = item {
                    variables.insert(name, (value, origin.clone()));
                } else {
                    let cure = "Use NOME=valor; um valor com espaços, # ou $ vai entre aspas simples.";
                    self.problems.push(Problem::new(&origin, "a linha não é da forma NOME=valor", cure));
                    break;
                }
            }
        }
        variables
    }

    /// The variables that are text. One of ours that is not was set, so it is not called missing.
    fn environment(&mut self, environment: &BTreeMap<String, OsString>) -> BTreeMap<String, (String, Origin)> {
        let mut variables = BTreeMap::new();
        for (name, value) in environment {
            let origin = Origin::Variable(name.clone());
            if let Some(text) = value.to_str() {
                variables.insert(name.clone(), (text.to_owned(), origin));
                continue;
            }
            let key = KEYS.iter().find(|key| key.all_variables().contains(name));
            if key.is_some() || name.starts_with(PREFIX) {
                let cure = "Grave o valor de novo, em UTF-8, ou apague a variável.";
                let problem = Problem::new(&origin, "o valor não é texto em UTF-8", cure);
                self.refused.extend(key.map(|key| key.name));
                self.problems.push(match key {
                    Some(key) => problem.about(key.name),
                    None => problem,
                });
            }
        }
        variables
    }

    /// Warns when a secret stands in a file that others may read.
    fn warn_of_open_file(&mut self, path: &Path, is_its_own: impl Fn(&Origin) -> bool) {
        let holds_secret = |(name, found): (&&str, &Found)| {
            keys::find(name).is_some_and(|key| key.kind == Kind::Secret) && is_its_own(&found.origin)
        };
        if self.found.iter().any(holds_secret) {
            self.warn_of_exposure(path);
        }
    }

    /// When others may read a file that holds a secret.
    pub(super) fn warn_of_exposure(&mut self, path: &Path) {
        if !self.credentials.as_ref().is_some_and(|credentials| path.starts_with(credentials)) {
            self.warnings.extend(secret::exposure(path));
        }
    }

    /// An empty variable says nothing: containers and units often pass one on for every name they know.
    fn variables(&mut self, variables: &BTreeMap<String, (String, Origin)>) {
        for key in KEYS {
            for name in key.all_variables() {
                if let Some((text, origin)) = variables.get(&name).filter(|(text, _)| !text.is_empty()) {
                    let value = meaning(&name, text);
                    self.found.insert(key.name, Found { value, origin: origin.clone() });
                }
            }
        }
        let known: Vec<String> = KEYS.iter().map(Key::variable).chain([FILE_VARIABLE.into()]).collect();
        for (name, (_, origin)) in variables {
            if name.starts_with(PREFIX) && !known.contains(name) {
                let place = if matches!(origin, Origin::Variable(_)) { String::new() } else { format!("{origin}: ") };
                let cure = suggestion(name, known.iter().map(String::as_str));
                self.problems.push(Problem::new(format!("{place}{name}"), "variável desconhecida", cure));
            }
        }
    }

    fn command_line(&mut self, text: &str) {
        let Some((name, value)) = text.split_once('=') else {
            let cure = "Use seção.chave=valor, por exemplo server.listen=0.0.0.0:8080.";
            return self.problems.push(Problem::new(Origin::CommandLine, "falta o sinal de igual", cure));
        };
        match keys::find(name.trim()) {
            Some(key) => {
                self.found.insert(key.name, Found { value: value.trim().into(), origin: Origin::CommandLine });
            }
            None => self.unknown(&Origin::CommandLine, name.trim()),
        }
    }

    pub(super) fn unknown(&mut self, origin: &Origin, name: &str) {
        let cure = suggestion(name, KEYS.iter().map(|key| key.name));
        self.problems.push(Problem::new(format!("{origin}: {name}"), "chave desconhecida", cure));
    }
}

/// One variable holds the bare address of the NAS, or whatever else a person may write there; the others speak plainly.
fn meaning(variable: &str, text: &str) -> String {
    if variable != IP_VARIABLE || text.contains("://") {
        return text.into();
    }
    let text = text.trim();
    text.parse::<Ipv6Addr>().map_or_else(|_| format!("https://{text}"), |address| format!("https://[{address}]"))
}

/// Whether the reader of the line would put something else in place of a `$`: quotes and escapes count as they do for it.
fn has_open_dollar(line: &str) -> bool {
    let (mut quote, mut escaped) = (None, false);
    for c in line.chars() {
        match (quote, c) {
            (Some('\''), '\'') => quote = None,
            (Some('\''), _) => {}
            (_, '$') => return true,
            _ if escaped => escaped = false,
            (_, '\\') => escaped = true,
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    false
}

fn is_out_of_sight(path: &Path) -> bool {
    path.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
}
