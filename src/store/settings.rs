//! Which database keeps our own records.

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::domain::Secret;
use crate::store::{Error, open};

/// Holds only a URL that [`crate::store::Store::open`] understands.
#[derive(Debug, Clone)]
pub struct Settings {
    url: Secret<String>,
}

impl Settings {
    /// `sqlite://`, `postgres://` or `mysql://`; may hold a password.
    pub fn new(url: Secret<String>) -> Result<Self, Error> {
        open::parse(url.reveal())?;
        Ok(Self { url })
    }

    /// An SQLite file of this name, whatever letters are in it. A name that is not UTF-8 is refused when it is opened.
    #[must_use]
    pub fn in_file(path: &Path) -> Self {
        let mut url = "sqlite://".to_owned();
        for byte in path.as_os_str().as_bytes() {
            if byte.is_ascii_alphanumeric() || b"/.-_".contains(byte) {
                url.push(char::from(*byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(url, "%{byte:02X}");
            }
        }
        Self { url: Secret::new(url) }
    }

    /// What the database is called by those who made it.
    pub fn product(&self) -> &'static str {
        match self.url.reveal().split(':').next() {
            Some("sqlite") => "SQLite",
            Some("mysql" | "mariadb") => "MariaDB",
            _ => "PostgreSQL",
        }
    }

    /// Where an SQLite database is kept.
    pub fn file(&self) -> Option<PathBuf> {
        open::file_of(self.url.reveal())
    }

    /// What a database on a server is called there.
    pub fn database_name(&self) -> Option<String> {
        let url = url::Url::parse(self.url.reveal()).ok()?;
        let name = url.path().trim_start_matches('/');
        (self.product() != "SQLite" && !name.is_empty()).then(|| name.to_owned())
    }

    pub fn url(&self) -> &Secret<String> {
        &self.url
    }
}
