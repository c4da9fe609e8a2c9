//! What can fail, named for what was being done. No text holds the database URL: it may carry a password.

use std::io;
use std::path::PathBuf;

use sea_orm::{DbErr, RuntimeErr};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database URL is not one of sqlite://path, postgres://host/name, mysql://host/name")]
    InvalidUrl,
    #[error("the database file {} cannot be created", path.display())]
    CreateFile { path: PathBuf, source: io::Error },
    #[error("the database cannot be opened")]
    Connect(#[source] DbErr),
    #[error("the database server refuses connections or keeps silent; is it running at this address?")]
    Unreachable,
    #[error("the database does not answer")]
    Ping(#[source] DbErr),
    #[error("the connections to the database cannot be closed")]
    Close(#[source] DbErr),
    #[error("the database was made by a newer version of this program: it holds {}", unknown.join(", "))]
    NewerDatabase { unknown: Vec<String> },
    #[error("the list of applied migrations cannot be read")]
    ReadMigrations(#[source] DbErr),
    #[error("another process has been migrating this database for too long")]
    MigrationsLocked,
    #[error("the migrations cannot be applied")]
    ApplyMigrations(#[source] DbErr),
    #[error("a transaction cannot be started")]
    Begin(#[source] DbErr),
    #[error("a transaction is still in use after the work it was given to")]
    StillInUse,
    #[error("a transaction cannot be committed")]
    Commit(#[source] DbErr),
    #[error("a setting cannot be stored: {0}")]
    InvalidSetting(&'static str),
    #[error("the setting {key} cannot be read")]
    ReadSetting { key: String, source: DbErr },
    #[error("the setting {key} cannot be written")]
    WriteSetting { key: String, source: DbErr },
    #[error("the database holds a corrupt value: table {table}, row {row}, column {column}")]
    CorruptRow { table: &'static str, row: String, column: &'static str, source: DbErr },
}

/// What PostgreSQL and MariaDB tell the loser when two transactions wait for each other, or read what the other changed.
const CONFLICT_STATES: [&str; 2] = ["40001", "40P01"];

impl Error {
    /// The database undid the transaction only because another was in its way: run again, it may well succeed.
    pub(super) fn is_conflict(&self) -> bool {
        let (Self::Commit(cause) | Self::ReadSetting { source: cause, .. } | Self::WriteSetting { source: cause, .. }) =
            self
        else {
            return false;
        };
        let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = cause else {
            return false;
        };
        let state = cause.as_database_error().and_then(sqlx::error::DatabaseError::code);
        state.is_some_and(|state| CONFLICT_STATES.contains(&state.as_ref()))
    }
}
