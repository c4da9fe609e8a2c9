//! From a URL to a pool of connections, set so that nothing acknowledged is lost and no secret is shown.

use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr};
use sqlx::ConnectOptions as _;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use url::Url;

use crate::runtime::Clock;
use crate::store::{Error, pool};

/// An office of a hundred people never needs more at once; the rest waits its turn.
const MAX_CONNECTIONS: u32 = 8;

/// How long a call waits for a free connection or for its turn to write, and SQLite for another process that is writing.
pub(super) const WAIT_LIMIT: Duration = Duration::from_secs(10);

/// The same for a connection to a server. One that is there gives it within moments; while it is away, each page that
/// asks waits so long.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// The log is there within moments; a file locked for longer has another trouble.
const LOCKED_TRIES: u32 = 40;
const LOCKED_PAUSE: Duration = Duration::from_millis(50);

/// What a URL asks for.
pub(super) struct Target {
    options: ConnectOptions,
    /// Created where it is not there.
    file: Option<PathBuf>,
}

impl Target {
    /// What is not there stays away.
    pub(super) fn existing(self) -> Self {
        Self { file: None, ..self }
    }
}

pub(super) async fn connect(target: Target) -> Result<DatabaseConnection, Error> {
    if let Some(path) = target.file {
        create_file(&path).await.map_err(|source| Error::CreateFile { path, source })?;
    }
    let mut connected = Database::connect(target.options.clone()).await;
    for _ in 0..LOCKED_TRIES {
        if !connected.as_ref().is_err_and(is_locked) {
            break;
        }
        Clock::real().sleep(LOCKED_PAUSE).await;
        connected = Database::connect(target.options.clone()).await;
    }
    connected.map_err(|cause| {
        // The driver asks again and again when it is refused, and then only says that time is up.
        let gave_up =
            matches!(&cause, DbErr::Conn(RuntimeErr::SqlxError(inner)) if matches!(**inner, sqlx::Error::PoolTimedOut));
        if gave_up { Error::Unreachable } else { Error::Connect(cause) }
    })
}

/// SQLite waits for its lock, but not for the one another process holds while it gives the file its write-ahead log.
fn is_locked(cause: &DbErr) -> bool {
    const SQLITE_BUSY: &str = "5";
    let DbErr::Conn(RuntimeErr::SqlxError(inner)) = cause else { return false };
    inner.as_database_error().is_some_and(|error| {
        error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() && error.code().as_deref() == Some(SQLITE_BUSY)
    })
}

/// Touches neither disk nor network, so that settings can be judged before they are used.
pub(super) fn parse(text: &str) -> Result<Target, Error> {
    let mut url = Url::parse(text).map_err(|_| Error::InvalidUrl)?;
    let scheme = url.scheme().to_owned();
    if !text.starts_with(&format!("{scheme}://")) {
        return Err(Error::InvalidUrl);
    }
    if scheme == "mariadb" {
        url.set_scheme("mysql").map_err(|()| Error::InvalidUrl)?;
    }
    match scheme.as_str() {
        "sqlite" => parse_sqlite(&url),
        "postgres" | "postgresql" => {
            let parsed = PgConnectOptions::from_str(url.as_str()).map_err(refused)?.disable_statement_logging();
            let mut options = pool_options(&url);
            options.acquire_timeout(CONNECT_LIMIT).map_sqlx_postgres_pool_opts(pool::without_the_dead);
            options.map_sqlx_postgres_opts(move |_| parsed.clone());
            Ok(Target { options, file: None })
        }
        "mysql" | "mariadb" => {
            let parsed = MySqlConnectOptions::from_str(url.as_str()).map_err(refused)?.disable_statement_logging();
            let mut options = pool_options(&url);
            options.acquire_timeout(CONNECT_LIMIT).map_sqlx_mysql_pool_opts(pool::without_the_dead);
            options.map_sqlx_mysql_opts(move |_| parsed.clone());
            Ok(Target { options, file: None })
        }
        _ => Err(Error::InvalidUrl),
    }
}

/// The file of an SQLite database, whether it is there or not.
pub(super) fn file_of(text: &str) -> Option<PathBuf> {
    let url = Url::parse(text).ok().filter(|url| url.scheme() == "sqlite")?;
    SqliteConnectOptions::from_str(url.as_str()).ok().map(|options| options.get_filename().to_owned())
}

/// Without the locks and the side files of a database in use, so that nothing but the file itself counts.
pub(super) fn copy(file: &Path) -> Target {
    let parsed = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true).disable_statement_logging();
    let mut options = unattended(ConnectOptions::new("sqlite:"));
    options.max_connections(1).acquire_timeout(WAIT_LIMIT).record_stmt_in_spans(false);
    options.map_sqlx_sqlite_opts(move |_| parsed.clone());
    Target { options, file: None }
}

fn parse_sqlite(url: &Url) -> Result<Target, Error> {
    let parsed = SqliteConnectOptions::from_str(url.as_str())
        .map_err(refused)?
        .journal_mode(SqliteJournalMode::Wal)
        // WAL's usual NORMAL may forget the last commits when the power fails.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(WAIT_LIMIT)
        .disable_statement_logging();
    let path = parsed.get_filename().to_owned();
    // In memory every connection of the pool would be a database of its own.
    if path.as_os_str().is_empty() || path.to_string_lossy().starts_with("file:") || asks_mode(url, "memory") {
        return Err(Error::InvalidUrl);
    }
    // Who wants an existing file only says so, with `mode=rw` or `mode=ro`.
    let file = (!asks_mode(url, "rw") && !asks_mode(url, "ro")).then_some(path);
    let mut options = pool_options(url);
    options.map_sqlx_sqlite_pool_opts(pool::without_the_confused);
    options.map_sqlx_sqlite_opts(move |_| parsed.clone());
    Ok(Target { options, file })
}

/// The driver shows these options in its traces, so they get neither password nor parameters: the parsed ones replace them.
fn pool_options(url: &Url) -> ConnectOptions {
    let mut shown = url.clone();
    // It fails only where there is no host, and there no password can be.
    let _ = shown.set_password(None);
    shown.set_query(None);
    let mut options = unattended(ConnectOptions::new(shown));
    options.max_connections(MAX_CONNECTIONS).acquire_timeout(WAIT_LIMIT).record_stmt_in_spans(false);
    options
}

/// Connections stay until they break. What the driver does to close old ones counts them while others take and give some
/// back, and may then go on counting for ever, with a thread of ours.
fn unattended(mut options: ConnectOptions) -> ConnectOptions {
    options.idle_timeout(None).max_lifetime(None);
    options
}

fn asks_mode(url: &Url, mode: &str) -> bool {
    url.query_pairs().any(|(name, value)| name == "mode" && value == mode)
}

/// Before the driver would, so that only our user can read it from the first moment. SQLite gives its side files the same mode.
async fn create_file(path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        let mut directory = tokio::fs::DirBuilder::new();
        #[cfg(unix)]
        directory.mode(0o700);
        directory.recursive(true).create(parent).await?;
    }
    let mut file = tokio::fs::OpenOptions::new();
    #[cfg(unix)]
    file.mode(0o600);
    file.write(true).create(true).truncate(false).open(path).await.map(drop)
}

fn refused(cause: sqlx::Error) -> Error {
    Error::Connect(DbErr::Conn(RuntimeErr::SqlxError(cause.into())))
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait as _;

    use super::*;
    use crate::store::Settings;

    #[tokio::test]
    async fn an_sqlite_commit_reaches_the_disk_before_it_is_acknowledged() {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/farol.db", directory.path().display());
        let connection = connect(parse(&url).unwrap()).await.unwrap();
        for (pragma, expected) in [("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1")] {
            let sql = format!("SELECT CAST({pragma} AS TEXT) AS answer FROM pragma_{pragma}");
            let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql);
            let row = connection.query_one_raw(statement).await.unwrap().unwrap();
            assert_eq!(row.try_get::<String>("", "answer").unwrap(), expected, "{pragma}");
        }
    }

    #[tokio::test]
    async fn a_file_may_have_any_name() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["São João", "a b?mode=ro", "100%25", "#1", "c:d", "..x/[y]"] {
            let path = directory.path().join(name).join("farol.db");
            let target = parse(Settings::in_file(&path).url().reveal()).unwrap();
            connect(target).await.unwrap().close().await.unwrap();
            assert!(path.is_file(), "{name}");
        }
        for relative in ["farol data/farol.db", "farol?.db", "../farol.db"] {
            let target = parse(Settings::in_file(Path::new(relative)).url().reveal()).unwrap();
            assert_eq!(target.file.as_deref(), Some(Path::new(relative)));
        }
    }

    #[test]
    fn what_the_driver_may_show_holds_no_password() {
        let url = Url::parse("postgres://farol:k4nary@db.local:5432/farol?password=k4nary").unwrap();
        let shown = format!("{:?}", pool_options(&url));
        assert!(shown.contains("db.local") && !shown.contains("k4nary"), "{shown}");
    }
}
