//! Settings the server itself keeps, such as the id of this installation.

use sea_orm::sea_query::{Expr, ExprTrait as _, InsertStatement, OnConflict, Query};
use sea_orm::{ConnectionTrait, DeriveIden, QueryResult};

use crate::domain::Timestamp;
use crate::store::Error;
use crate::store::row::{Row, insert_unless_there};

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
        .columns([Column::Key, Column::Value, Column::UpdatedAt])
        .from(Column::Table)
        .and_where(Expr::col(Column::Key).eq(key))
        .take();
    let row = db.query_one(&query).await.map_err(|source| Error::ReadSetting { key: key.to_owned(), source })?;
    row.as_ref().map(decode).transpose()
}

pub(super) async fn put(db: &impl ConnectionTrait, key: &str, value: &str, at: Timestamp) -> Result<(), Error> {
    let replace = OnConflict::column(Column::Key).update_columns([Column::Value, Column::UpdatedAt]).to_owned();
    let query = insert(key, value, at)?.on_conflict(replace).take();
    db.execute(&query).await.map_err(|source| Error::WriteSetting { key: key.to_owned(), source })?;
    Ok(())
}

pub(super) async fn create(db: &impl ConnectionTrait, key: &str, value: &str, at: Timestamp) -> Result<bool, Error> {
    let failed = |source| Error::WriteSetting { key: key.to_owned(), source };
    insert_unless_there(db, insert(key, value, at)?, [Column::Key], failed).await
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

fn decode(values: &QueryResult) -> Result<Setting, Error> {
    let row = Row::new::<String>(values, "setting", "key")?;
    Ok(Setting { value: row.get("value")?, updated_at: row.time("updated_at")? })
}
