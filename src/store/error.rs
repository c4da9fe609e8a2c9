//! What can fail, named for what was being done. No text holds the database URL: it may carry a password.

use std::borrow::Cow;
use std::error::Error as _;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use sea_orm::{DbErr, RuntimeErr};
use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;

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

/// The numbers of SQLite are shorter.
const STATE_LENGTH: usize = 5;

/// No connection, no room or memory, an operator who steps in: what the states of the standard begin with.
const PASSING_CLASSES: [&str; 3] = ["08", "53", "57"];

/// In the numbers of SQLite: held by somebody, read-only, a disk that fails or is full, a file that cannot be opened.
const PASSING_NUMBERS: [u32; 6] = [5, 6, 8, 10, 13, 14];

/// Others of them: PostgreSQL only reads for now, or its disk fails; MariaDB gave up what it was doing.
const PASSING_STATES: [&str; 3] = ["25006", "58030", "70100"];

/// What MariaDB only has numbers for: a disk that fails or is full, a full table, too many connections, a lock that was not to
/// be had in time, reading only.
const PASSING_ON_MARIADB: [u16; 9] = [3, 1021, 1026, 1030, 1114, 1203, 1205, 1290, 1836];

/// Is what went wrong over as soon as the database is there again, has room, or is let go of by whoever holds it?
pub fn is_passing(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |&cause| cause.source()).any(|cause| {
        // Whoever tells several of one trouble shares it.
        let ours = cause.downcast_ref().or_else(|| cause.downcast_ref::<Arc<Error>>().map(|shared| &**shared));
        matches!(ours, Some(Error::Busy | Error::Silent(_))) || cause.downcast_ref().is_some_and(database_is_passing)
    })
}

fn database_is_passing(cause: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(cause))
    | DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))) = cause
    else {
        // No connection was free, or nothing came back over it.
        return matches!(cause, DbErr::ConnectionAcquire(_) | DbErr::Conn(RuntimeErr::Internal(_)));
    };
    let cut_off = matches!(**cause, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed);
    cut_off || cause.as_database_error().is_some_and(answer_is_passing)
}

fn answer_is_passing(cause: &dyn DatabaseError) -> bool {
    let on_mariadb = cause.try_downcast_ref::<MySqlDatabaseError>();
    if on_mariadb.is_some_and(|cause| PASSING_ON_MARIADB.contains(&cause.number())) {
        return true;
    }
    let code = cause.code().unwrap_or_default();
    if code.len() == STATE_LENGTH {
        let code = code.as_ref();
        code == LOCK_STATE
            || CONFLICT_STATES.contains(&code)
            || PASSING_STATES.contains(&code)
            || PASSING_CLASSES.iter().any(|class| code.starts_with(class))
    } else {
        // The details stand above the lowest eight bits.
        code.parse::<u32>().is_ok_and(|number| PASSING_NUMBERS.contains(&(number & 0xff)))
    }
}

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
    cause.as_database_error().and_then(DatabaseError::code)
}

#[cfg(test)]
mod tests {
    use sqlx::error::ErrorKind;

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

    /// As another room hands it on.
    #[derive(Debug, thiserror::Error)]
    #[error("it was not kept")]
    struct Told(#[source] Arc<Error>);

    #[test]
    fn trouble_that_passes_is_known_through_whatever_it_broke() {
        for (code, passing) in [
            ("5", true),
            // The disk failed at a write.
            ("778", true),
            ("13", true),
            ("1", false),
            // A row that is there twice.
            ("2067", false),
            ("08006", true),
            ("53100", true),
            ("57P03", true),
            ("55P03", true),
            ("40001", true),
            ("25006", true),
            ("42501", false),
            ("23505", false),
        ] {
            assert_eq!(is_passing(&Error::WriteAudit(refusal(code))), passing, "{code}");
        }
        let no_connection = |cause: sqlx::Error| Error::ReadAudit(DbErr::Conn(RuntimeErr::SqlxError(cause.into())));
        let gone = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert!(is_passing(&no_connection(sqlx::Error::Io(gone))));
        // The password is another one now.
        assert!(!is_passing(&no_connection(sqlx::Error::Database(Box::new(Refusal("28P01"))))));
        assert!(is_passing(&Error::ReadAudit(DbErr::Conn(RuntimeErr::Internal("silence".into())))));
        for (cause, passing) in [(Error::Busy, true), (Error::StillInUse, false)] {
            assert_eq!(is_passing(&Told(Arc::new(cause))), passing);
        }
    }

    #[test]
    fn a_lock_that_was_not_to_be_had_in_time_is_named() {
        assert!(matches!(Error::of_migration_lock(refusal("55P03")), Error::MigrationsLocked));
        assert!(matches!(Error::of_migration_lock(refusal("42501")), Error::ApplyMigrations(_)));
    }
}
