//! The changes of the tables, oldest first, and applying them.
//!
//! A migration is never edited once released, and there is no way back: an older program refuses a newer database.
//! MariaDB commits each change of a table at once, so a migration says "if not exists" and may be run again after a crash.

mod m0001_setting;
mod m0002_session;
mod m0003_ban;
mod m0004_administrator;
mod m0005_audit;
mod m0006_session_password;
mod m0007_event;
mod m0008_health;
mod m0009_notices;
mod m0010_message;
mod m0011_second_factor;

use sea_orm::sea_query::{IntoTableRef, Table, TableCreateStatement};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement};
use sea_orm_migration::{IntoSchemaManagerConnection, MigrationTrait, MigratorTrait, SchemaManager};

use crate::store::{Error, transaction};

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_setting::Migration),
            Box::new(m0002_session::Migration),
            Box::new(m0003_ban::Migration),
            Box::new(m0004_administrator::Migration),
            Box::new(m0005_audit::Migration),
            Box::new(m0006_session_password::Migration),
            Box::new(m0007_event::Migration),
            Box::new(m0008_health::Migration),
            Box::new(m0009_notices::Migration),
            Box::new(m0010_message::Migration),
            Box::new(m0011_second_factor::Migration),
        ]
    }
}

/// How many seconds one process waits for another that is migrating.
const LOCK_LIMIT_S: u32 = 60;

/// Any number will do, as long as every version of this program uses the same.
const POSTGRES_LOCK: i64 = 0x6661_726f_6c00;

/// MariaDB's locks belong to the whole server, so the name tells databases apart.
const MARIADB_LOCK: &str = "CONCAT('farol migrations ', SHA1(DATABASE()))";

pub(super) async fn apply(connection: &DatabaseConnection) -> Result<Vec<String>, Error> {
    let transaction = transaction::begin(connection).await.map_err(Error::Begin)?;
    lock(&transaction).await?;
    let applied = apply_locked(&transaction).await;
    let unlocked = unlock(&transaction).await;
    // What went wrong first is what a person needs to hear.
    let applied = applied?;
    unlocked?;
    transaction.commit().await.map_err(Error::Commit)?;
    Ok(applied)
}

async fn apply_locked(transaction: &DatabaseTransaction) -> Result<Vec<String>, Error> {
    let pending = list_pending(transaction).await?;
    if !pending.is_empty() {
        Migrator::up(transaction, None).await.map_err(Error::ApplyMigrations)?;
    }
    Ok(pending)
}

pub(super) async fn list_pending<'c>(db: impl IntoSchemaManagerConnection<'c>) -> Result<Vec<String>, Error> {
    let applied = list_applied(db).await.map_err(Error::ReadMigrations)?;
    let known: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let unknown: Vec<String> = applied.iter().filter(|name| !known.contains(name)).cloned().collect();
    if !unknown.is_empty() {
        return Err(Error::NewerDatabase { unknown });
    }
    Ok(known.into_iter().filter(|name| !applied.contains(name)).collect())
}

/// `None` before the first.
pub(super) async fn find_newest(connection: &DatabaseConnection) -> Result<Option<String>, Error> {
    list_pending(connection).await?;
    Ok(list_applied(connection).await.map_err(Error::ReadMigrations)?.into_iter().max())
}

/// Whether this program has a migration of that name.
pub fn is_known(name: &str) -> bool {
    Migrator::migrations().iter().any(|migration| migration.name() == name)
}

async fn list_applied<'c>(db: impl IntoSchemaManagerConnection<'c>) -> Result<Vec<String>, DbErr> {
    let manager = SchemaManager::new(db);
    // Asking the migrator right away would create its table.
    if !manager.has_table(Migrator::migration_table_name().to_string()).await? {
        return Ok(Vec::new());
    }
    let applied = Migrator::get_migration_models(manager.get_connection()).await?;
    Ok(applied.into_iter().map(|model| model.version).collect())
}

/// A table to be, where there is none yet.
fn new_table(name: impl IntoTableRef) -> TableCreateStatement {
    Table::create().table(name).if_not_exists().take()
}

/// A table whose texts are told apart letter by letter on every database.
async fn create(manager: &SchemaManager<'_>, mut table: TableCreateStatement) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::MySql {
        // Else "Nome" and "nome" are one key, and "nome " too.
        table.engine("InnoDB").character_set("utf8mb4").collate("utf8mb4_nopad_bin");
    }
    manager.create_table(table).await
}

/// SQLite needs none: a transaction that writes is alone.
async fn lock(transaction: &DatabaseTransaction) -> Result<(), Error> {
    let backend = transaction.get_database_backend();
    let sql = if backend == DbBackend::Postgres {
        let limit = format!("SET LOCAL lock_timeout = '{LOCK_LIMIT_S}s'");
        transaction.execute_unprepared(&limit).await.map_err(Error::ApplyMigrations)?;
        format!("SELECT CAST(1 AS BIGINT) AS held FROM pg_advisory_xact_lock({POSTGRES_LOCK})")
    } else if backend == DbBackend::MySql {
        format!("SELECT CAST(GET_LOCK({MARIADB_LOCK}, {LOCK_LIMIT_S}) AS SIGNED) AS held")
    } else {
        return Ok(());
    };
    let statement = Statement::from_string(backend, sql);
    let row = transaction.query_one_raw(statement).await.map_err(Error::of_migration_lock)?;
    match row.and_then(|row| row.try_get::<Option<i64>>("", "held").ok().flatten()) {
        Some(1) => Ok(()),
        _ => Err(Error::MigrationsLocked),
    }
}

/// PostgreSQL lets go with the transaction, MariaDB only with the connection, which goes back to the pool.
async fn unlock(transaction: &DatabaseTransaction) -> Result<(), Error> {
    if transaction.get_database_backend() == DbBackend::MySql {
        let sql = format!("DO RELEASE_LOCK({MARIADB_LOCK})");
        transaction.execute_unprepared(&sql).await.map_err(Error::ApplyMigrations)?;
    }
    Ok(())
}
