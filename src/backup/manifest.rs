//! What an archive says of itself.

use std::ffi::OsStr;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::backup::owner::Owner;
use crate::backup::{CERTIFICATE_FILES, CERTIFICATE_FOLDER, Error};

/// Raised when an older program could not put an archive back any more.
pub const FORMAT: u32 = 1;

/// Settings, secrets and certificates are small; whatever is larger was named by mistake, or means harm.
pub(super) const SMALL: u64 = 1 << 20;
/// Far more files than there are settings that name one.
const MOST_PARTS: usize = 100;

pub(super) const NAME: &str = "manifest.json";
pub(super) const DATABASE: &str = "farol.db";
pub(super) const SETTINGS: &str = "farol.toml";
const SECRETS: &str = "secrets";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The version of the program that made it.
    pub farol: String,
    /// The newest change of the tables in it; `None` when there is no database in it.
    pub schema: Option<String>,
    pub made_at: String,
    /// What keeps the records: a database on a server is not in the archive.
    pub database: String,
    /// Where the settings were.
    pub settings: Option<String>,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
    /// Who may do what with the file, as the system says it.
    pub mode: u32,
    /// `None`: belongs to whoever has the folder it comes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
}

/// What a part is, by its name. Whatever else there may be is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role<'a> {
    Database,
    Settings,
    /// A file that a setting names: the key of the setting, and the bare name of the file.
    Named(&'a str, &'a str),
    Certificate(&'a str),
}

impl<'a> Role<'a> {
    pub fn of(name: &'a str) -> Option<Self> {
        match name.split('/').collect::<Vec<_>>().as_slice() {
            [DATABASE] => Some(Self::Database),
            [SETTINGS] => Some(Self::Settings),
            [SECRETS, key, file] if is_bare(key) && is_bare(file) => Some(Self::Named(key, file)),
            [CERTIFICATE_FOLDER, file] if CERTIFICATE_FILES.contains(file) => Some(Self::Certificate(file)),
            _ => None,
        }
    }
}

/// Of a file that the setting `key` names.
pub(super) fn named(key: &str, file: &Path) -> Option<String> {
    let name = format!("{SECRETS}/{key}/{}", file.file_name().and_then(OsStr::to_str)?);
    Role::of(&name).is_some().then_some(name)
}

/// Leads nowhere but to a file of the folder it is put in.
fn is_bare(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(|c: char| c.is_control() || c == '\\')
}

impl Manifest {
    /// Only the form is looked at first: what else a newer one says may mean anything.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let Form { format } = serde_json::from_slice(bytes).map_err(|_| Error::NoManifest)?;
        if format > FORMAT {
            return Err(Error::NewerFormat(format));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|_| Error::NoManifest)?;
        if manifest.parts.len() > MOST_PARTS {
            return Err(Error::Oversized(NAME.to_owned()));
        }
        let oversized = |part: &&Part| Role::of(&part.name) != Some(Role::Database) && part.bytes > SMALL;
        match manifest.parts.iter().find(oversized) {
            Some(part) => Err(Error::Oversized(part.name.clone())),
            None => Ok(manifest),
        }
    }

    pub fn find(&self, role: Role<'_>) -> Option<&Part> {
        self.parts.iter().find(|part| Role::of(&part.name) == Some(role))
    }
}
