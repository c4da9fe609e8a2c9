//! Files and environment into the settings of every room.
//!
//! The `config` crate would merge the sources for us, but it stops at the first problem and knows no lines. A person who
//! installs a server wants to hear everything at once, and where: hence the spanned tables of `toml` and a table of keys.
//!
//! Must never know: how a room uses its settings.
//! Invariants: no other room reads settings files or the environment; only the words of
//! systemd about its sockets are taken out of the environment of the process;
//! no problem, entry or debug text holds a secret.

mod content;
mod entrance;
mod file;
mod handed;
mod keys;
mod outbox;
mod reader;
mod report;
mod rooms;
mod secret;
mod source;
#[cfg(test)]
mod tests;
mod tls;

use std::path::PathBuf;

use crate::domain::Setting;
use crate::runtime::logging;
use crate::{auth, health, shares, smb, store, truenas, web};
pub use handed::{Handed, handed};
use reader::Reader;
pub use report::{Problem, Report};
use source::Collected;
pub use source::{SourceFiles, Sources};
pub use tls::{parse_names as certificate_names, trouble as certificate_trouble};

/// Everything the server needs to know, valid by construction.
#[derive(Debug, Clone)]
pub struct Settings {
    pub truenas: truenas::Settings,
    pub store: store::Settings,
    pub smb: smb::Settings,
    pub web: web::Settings,
    pub auth: auth::Settings,
    pub shares: shares::Settings,
    pub health: health::Settings,
    pub outbox: crate::outbox::Settings,
    pub log: logging::Settings,
    /// Where the server keeps its own files.
    pub data_dir: PathBuf,
    /// All of it, for administrators.
    pub in_force: Vec<Setting>,
}

/// What could be read, whole or in part: a command asks for what it needs and hears only what concerns that.
#[derive(Debug)]
pub struct Loaded {
    truenas: Option<truenas::Settings>,
    store: Option<store::Settings>,
    smb: Option<smb::Settings>,
    web: Option<web::Settings>,
    auth: Option<auth::Settings>,
    shares: Option<shares::Settings>,
    health: Option<health::Settings>,
    outbox: Option<crate::outbox::Settings>,
    log: Option<logging::Settings>,
    data_dir: Option<PathBuf>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    entries: Vec<Setting>,
    files: SourceFiles,
}

/// Reads all sources. Never fails: what is wrong is told when somebody asks for settings.
pub fn load(sources: &Sources) -> Loaded {
    let mut reader = Reader::new(sources.directory.clone(), Collected::from(sources));
    let truenas = rooms::truenas(&mut reader);
    let data_dir = rooms::data_dir(&mut reader);
    let web = entrance::web(&mut reader, data_dir.as_deref());
    let auth = entrance::auth(&mut reader);
    let store = rooms::store(&mut reader, data_dir.as_deref());
    let smb = rooms::smb(&mut reader, truenas.as_ref().map(truenas::Settings::host));
    let shares = rooms::shares(&mut reader, smb.as_ref().map(|smb| smb.host.as_str()));
    let health = rooms::health(&mut reader);
    let outbox = outbox::outbox(&mut reader, web.as_ref().and_then(|web| web.time_zone.as_deref()));
    let log = rooms::log(&mut reader, data_dir.as_deref());
    let (problems, warnings, entries, files) = reader.finish();
    Loaded { truenas, store, smb, web, auth, shares, health, outbox, log, data_dir, problems, warnings, entries, files }
}

impl Loaded {
    /// Everything, if nothing at all is wrong.
    pub fn settings(&self) -> Result<Settings, Report> {
        let all = || {
            Some(Settings {
                truenas: self.truenas.clone()?,
                store: self.store.clone()?,
                smb: self.smb.clone()?,
                web: self.web.clone()?,
                auth: self.auth.clone()?,
                shares: self.shares.clone()?,
                health: self.health.clone()?,
                outbox: self.outbox.clone()?,
                log: self.log.clone()?,
                data_dir: self.data_dir.clone()?,
                in_force: self.entries.clone(),
            })
        };
        self.part(&[""], all())
    }

    pub fn truenas(&self) -> Result<truenas::Settings, Report> {
        self.part(&["truenas."], self.truenas.clone())
    }

    pub fn store(&self) -> Result<store::Settings, Report> {
        self.part(&["store.", "server.data_dir"], self.store.clone())
    }

    pub fn log(&self) -> Result<logging::Settings, Report> {
        self.part(&["log.", "server.data_dir"], self.log.clone())
    }

    /// Where the server keeps its own files.
    pub fn data_dir(&self) -> Result<PathBuf, Report> {
        self.part(&["server.data_dir"], self.data_dir.clone())
    }

    /// What does not stop the server but should be put right.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Every key there is, in the order of the example file.
    pub fn entries(&self) -> &[Setting] {
        &self.entries
    }

    pub fn files(&self) -> &SourceFiles {
        &self.files
    }

    /// Problems that no key owns, a file nobody could read or a misspelt key, concern everybody.
    fn part<T>(&self, prefixes: &[&str], part: Option<T>) -> Result<T, Report> {
        let concerns = |key: &str| prefixes.iter().any(|prefix| key.starts_with(prefix));
        let problems: Vec<Problem> =
            self.problems.iter().filter(|problem| problem.key.is_none_or(concerns)).cloned().collect();
        match part {
            Some(part) if problems.is_empty() => Ok(part),
            _ => Err(Report { problems }),
        }
    }
}
