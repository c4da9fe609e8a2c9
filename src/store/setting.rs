//! Settings the server itself keeps, such as the id of this installation.

use sea_orm::sea_query::{Expr, ExprTrait as _, InsertStatement, OnConflict, Query};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, DeriveIden, QueryResult, SqlErr, TryGetable};

use crate::domain::Timestamp;
use crate::store::Error;

/// In characters: what MariaDB takes as a primary key.
pub const KEY_LIMIT: u32 = 255;

/// The names of table and columns.
#[derive(DeriveIden)]
#[sea_orm(iden = "setting")]
pub(super) enum Column {
    #[sea_orm(iden = "setting")]
    Table,
    Key,
    Value,
    UpdatedAt,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub value: String,
    pub updated_at: Timestamp,
}

pub(super) async fn find(db: &impl ConnectionTrait, key: &str) -> Result<Option<Setting>, Error> {
    let query = Query::select()
        .columns([Column::Value, Column::UpdatedAt])
        .from(Column::Table)
        .and_where(Expr::col(Column::Key).eq(key))
        .take();
    let row = db.query_one(&query).await.map_err(|source| Error::ReadSetting { key: key.to_owned(), source })?;
    row.map(|row| decode(&row, key)).transpose()
}

pub(super) async fn put(db: &impl ConnectionTrait, key: &str, value: &str, at: Timestamp) -> Result<(), Error> {
    let replace = OnConflict::column(Column::Key).update_columns([Column::Value, Column::UpdatedAt]).to_owned();
    let query = insert(key, value, at)?.on_conflict(replace).take();
    db.execute(&query).await.map_err(|source| Error::WriteSetting { key: key.to_owned(), source })?;
    Ok(())
}

/// MariaDB cannot say in one answer whether "insert or leave" inserted, so there the refusal is the answer. PostgreSQL would
/// break the transaction at a refusal, so there it is a count of rows.
pub(super) async fn create(db: &impl ConnectionTrait, key: &str, value: &str, at: Timestamp) -> Result<bool, Error> {
    let mut query = insert(key, value, at)?;
    if db.get_database_backend() != DbBackend::MySql {
        query.on_conflict(OnConflict::column(Column::Key).do_nothing().to_owned());
    }
    match db.execute(&query).await {
        Ok(done) => Ok(done.rows_affected() == 1),
        Err(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(false),
        Err(source) => Err(Error::WriteSetting { key: key.to_owned(), source }),
    }
}

pub(super) async fn remove(db: &impl ConnectionTrait, key: &str) -> Result<bool, Error> {
    let query = Query::delete().from_table(Column::Table).and_where(Expr::col(Column::Key).eq(key)).take();
    let done = db.execute(&query).await.map_err(|source| Error::WriteSetting { key: key.to_owned(), source })?;
    Ok(done.rows_affected() == 1)
}

fn insert(key: &str, value: &str, at: Timestamp) -> Result<InsertStatement, Error> {
    if key.is_empty() || key.chars().count() > KEY_LIMIT as usize {
        return Err(Error::InvalidSetting("its key is empty or too long"));
    }
    if key.contains('\0') || value.contains('\0') {
        return Err(Error::InvalidSetting("PostgreSQL keeps no text with a NUL in it"));
    }
    Ok(Query::insert()
        .into_table(Column::Table)
        .columns([Column::Key, Column::Value, Column::UpdatedAt])
        .values_panic([key.into(), value.into(), at.as_millis().into()])
        .take())
}

fn decode(row: &QueryResult, key: &str) -> Result<Setting, Error> {
    Ok(Setting {
        value: column(row, key, "value")?,
        updated_at: Timestamp::from_millis(column(row, key, "updated_at")?),
    })
}

fn column<T: TryGetable>(row: &QueryResult, key: &str, column: &'static str) -> Result<T, Error> {
    let corrupt = |source: DbErr| Error::CorruptRow { table: "setting", row: key.to_owned(), column, source };
    row.try_get("", column).map_err(corrupt)
}
