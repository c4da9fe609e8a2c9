//! An SQLite database as a file to carry away: copying it while it is in use, and judging a copy or the original.

use std::path::Path;

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, RuntimeErr, Statement};
use tokio_util::sync::CancellationToken;

use crate::store::{Error, Store, migrations, open};

/// In steps of the machine inside SQLite: asked often enough to stop within a moment.
const STEPS_BETWEEN_QUESTIONS: i32 = 100;

impl Store {
    /// Connects to a copy that nobody else uses, and changes neither it nor anything beside it.
    pub async fn open_copy(file: &Path) -> Result<Self, Error> {
        Self::open_target(open::copy(file)).await
    }

    /// The newest change that was made to the tables; `None` before the first.
    pub async fn find_schema(&self) -> Result<Option<String>, Error> {
        migrations::find_newest(self.connection.unlimited()).await
    }

    /// Writes all that was acknowledged until now into `file`, which is not there or empty, as a database of its own.
    /// Whoever writes meanwhile is not kept waiting. SQLite alone can do so.
    ///
    /// Fails soon after `stop`. Who drops this call instead only stops listening, and the file is written all the same.
    pub async fn copy_to(&self, file: &Path, stop: CancellationToken) -> Result<(), Error> {
        let file = file.to_str().ok_or(Error::CopyName)?;
        let failed = |cause: sqlx::Error| Error::CopyDatabase(DbErr::Exec(RuntimeErr::SqlxError(cause.into())));
        let mut connection =
            self.connection.unlimited().get_sqlite_connection_pool().acquire().await.map_err(failed)?;
        let goes_on = move || !stop.is_cancelled();
        connection.lock_handle().await.map_err(failed)?.set_progress_handler(STEPS_BETWEEN_QUESTIONS, goes_on);
        let copied = sqlx::query("VACUUM INTO ?").bind(file).execute(&mut *connection).await;
        connection.lock_handle().await.map_err(failed)?.remove_progress_handler();
        copied.map(drop).map_err(failed)
    }

    /// The first thing that SQLite's own check of the whole file finds wrong; `None` when it is sound.
    pub async fn find_damage(&self) -> Result<Option<String>, Error> {
        let sql = "SELECT CAST(integrity_check AS TEXT) AS found FROM pragma_integrity_check LIMIT 1";
        let row = self.connection.unlimited().query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await;
        let found: String = match row.map_err(Error::CheckDatabase)? {
            Some(row) => row.try_get("", "found").map_err(Error::CheckDatabase)?,
            None => return Ok(None),
        };
        Ok((found != "ok").then_some(found))
    }
}
