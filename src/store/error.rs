//! What can fail, named for what was being done. No text holds the database URL: it may carry a password.

use std::borrow::Cow;
use std::error::Error as _;
use std::io;
use std::path::PathBuf;

use sea_orm::{DbErr, RuntimeErr};

use crate::runtime::Elapsed;

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
    #[error("the name of the copy is not text in UTF-8")]
    CopyName,
    #[error("the database cannot be copied")]
    CopyDatabase(#[source] DbErr),
    #[error("the database cannot be checked")]
    CheckDatabase(#[source] DbErr),
    #[error("another write has been under way for too long")]
    Busy,
    #[error("the database has not answered a write")]
    Silent(#[source] Elapsed),
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
    #[error("a text cannot be stored: table {table}, column {column}: {reason}")]
    InvalidText { table: &'static str, column: &'static str, reason: &'static str },
    #[error("the sessions cannot be read")]
    ReadSession(#[source] DbErr),
    #[error("the sessions cannot be written")]
    WriteSession(#[source] DbErr),
    #[error("the counted failures cannot be read")]
    ReadBan(#[source] DbErr),
    #[error("the counted failures cannot be written")]
    WriteBan(#[source] DbErr),
    #[error("the local administrators cannot be read")]
    ReadAdministrator(#[source] DbErr),
    #[error("the local administrators cannot be written")]
    WriteAdministrator(#[source] DbErr),
    #[error("the second factors cannot be read")]
    ReadFactor(#[source] DbErr),
    #[error("the second factors cannot be written")]
    WriteFactor(#[source] DbErr),
    #[error("the audit trail cannot be read")]
    ReadAudit(#[source] DbErr),
    #[error("the audit trail cannot be written")]
    WriteAudit(#[source] DbErr),
    #[error("the lines people were told cannot be read")]
    ReadEvents(#[source] DbErr),
    #[error("the lines people are told cannot be written")]
    WriteEvents(#[source] DbErr),
    #[error("what people are told cannot be read")]
    ReadDocument(#[source] DbErr),
    #[error("what people are told cannot be written")]
    WriteDocument(#[source] DbErr),
    #[error("what people have read cannot be read")]
    ReadMarks(#[source] DbErr),
    #[error("what people have read cannot be written")]
    WriteMarks(#[source] DbErr),
    #[error("the history of the storage cannot be read")]
    ReadHealth(#[source] DbErr),
    #[error("the history of the storage cannot be written")]
    WriteHealth(#[source] DbErr),
    #[error("the messages for outside cannot be read")]
    ReadMessages(#[source] DbErr),
    #[error("the messages for outside cannot be written")]
    WriteMessages(#[source] DbErr),
    #[error("the database holds a corrupt value: table {table}, row {row}, column {column}")]
    CorruptRow { table: &'static str, row: String, column: &'static str, source: DbErr },
}

/// What PostgreSQL and MariaDB tell the loser when two transactions wait for each other, or read what the other changed.
const CONFLICT_STATES: [&str; 2] = ["40001", "40P01"];

/// What PostgreSQL says when a lock was not to be had in time.
const LOCK_STATE: &str = "55P03";

impl Error {
    /// The database undid the transaction only because another was in its way: run again, it may well succeed.
    pub(super) fn is_conflict(&self) -> bool {
        std::iter::successors(self.source(), |&cause| cause.source())
            .find_map(|cause| cause.downcast_ref())
            .and_then(state)
            .is_some_and(|state| CONFLICT_STATES.contains(&state.as_ref()))
    }

    /// What went wrong while asking to be the only one who migrates.
    pub(super) fn of_migration_lock(cause: DbErr) -> Self {
        if state(&cause).is_some_and(|state| state == LOCK_STATE) {
            Self::MigrationsLocked
        } else {
            Self::ApplyMigrations(cause)
        }
    }
}

/// The five letters of the SQL standard that say what the database did not like.
fn state(cause: &DbErr) -> Option<Cow<'_, str>> {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = cause else {
        return None;
    };
    cause.as_database_error().and_then(sqlx::error::DatabaseError::code)
}

#[cfg(test)]
mod tests {
    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    /// As a database would say it.
    #[derive(Debug, thiserror::Error)]
    #[error("no")]
    struct Refusal(&'static str);

    impl DatabaseError for Refusal {
        fn message(&self) -> &'static str {
            "no"
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    fn refusal(state: &'static str) -> DbErr {
        DbErr::Exec(RuntimeErr::SqlxError(sqlx::Error::Database(Box::new(Refusal(state))).into()))
    }

    #[test]
    fn a_conflict_is_known_whatever_was_being_done() {
        for (state, conflict) in [("40001", true), ("40P01", true), ("23505", false)] {
            let row = String::new();
            for error in [
                Error::Begin(refusal(state)),
                Error::Commit(refusal(state)),
                Error::WriteSetting { key: String::new(), source: refusal(state) },
                Error::CorruptRow { table: "", row, column: "", source: refusal(state) },
            ] {
                assert_eq!(error.is_conflict(), conflict, "{state} {error:?}");
            }
        }
        assert!(!Error::StillInUse.is_conflict());
    }

    #[test]
    fn a_lock_that_was_not_to_be_had_in_time_is_named() {
        assert!(matches!(Error::of_migration_lock(refusal("55P03")), Error::MigrationsLocked));
        assert!(matches!(Error::of_migration_lock(refusal("42501")), Error::ApplyMigrations(_)));
    }
}
