//! A database of its own for each test, removed however the test ends.
#![expect(clippy::disallowed_methods, reason = "tests learn from the environment where the servers are")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use farol::domain::{Secret, Timestamp};
use farol::store::{Error, Settings, Store};
use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection};
use url::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
    Mariadb,
}

pub struct Database {
    pub backend: Backend,
    pub url: String,
    home: Home,
}

/// Where the database lives, and so what removes it.
enum Home {
    Directory(tempfile::TempDir),
    Server { admin: String, name: String },
}

impl Backend {
    /// The module its tests are in.
    pub fn module(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
        }
    }

    pub async fn database(self) -> Database {
        let variable = match self {
            Self::Sqlite => {
                let directory = tempfile::tempdir().unwrap();
                let url = format!("sqlite://{}/data/farol.db", directory.path().display());
                return Database { backend: self, url, home: Home::Directory(directory) };
            }
            Self::Postgres => "TEST_POSTGRES",
            Self::Mariadb => "TEST_MARIADB",
        };
        let admin = std::env::var(variable)
            .unwrap_or_else(|_| panic!("{variable} is not set: run `tests/run`, which starts the servers"));
        let name = unique_name();
        let create = if self == Self::Mariadb { " CHARACTER SET latin1" } else { "" };
        execute(&admin, &format!("CREATE DATABASE {name}{create}")).await;
        let mut url = Url::parse(&admin).unwrap();
        url.set_path(&name);
        Database { backend: self, url: url.into(), home: Home::Server { admin, name } }
    }
}

impl Database {
    pub async fn open(&self) -> Store {
        open(&self.url).await
    }

    pub async fn open_migrated(&self) -> Store {
        let store = self.open().await;
        store.migrate().await.unwrap();
        store
    }

    /// Where the files of an SQLite database are.
    pub fn directory(&self) -> Option<PathBuf> {
        match &self.home {
            Home::Directory(home) => Some(home.path().join("data")),
            Home::Server { .. } => None,
        }
    }

    /// Does what the store itself never would.
    pub async fn execute(&self, sql: &str) {
        execute(&self.url, sql).await;
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Home::Server { admin, name } = &self.home {
            let force = if self.backend == Backend::Postgres { " WITH (FORCE)" } else { "" };
            let (admin, sql) = (admin.clone(), format!("DROP DATABASE {name}{force}"));
            // The test's own runtime is busy, or unwinding: this needs one that is neither.
            let removal = std::thread::spawn(move || {
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap()
                    .block_on(execute(&admin, &sql));
            });
            let removed = removal.join().is_ok();
            assert!(removed || std::thread::panicking(), "{name} could not be removed");
        }
    }
}

pub async fn open(url: &str) -> Store {
    try_open(url).await.unwrap()
}

pub async fn try_open(url: &str) -> Result<Store, Error> {
    Store::open(&Settings::new(Secret::from(url))?).await
}

pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// A connection beside the store.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    // See the store: the driver does not always come to an end of looking after them.
    options.idle_timeout(None).max_lifetime(None);
    sea_orm::Database::connect(options).await.unwrap()
}

async fn execute(url: &str, sql: &str) {
    let connection = connect(url).await;
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// Each test may be a process of its own.
fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("farol_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
