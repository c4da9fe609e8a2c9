//! What every table does the same way: texts judged before the database sees them, columns that name themselves.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, InsertStatement, IntoIden, LikeExpr, OnConflict};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, SqlErr, StatementBuilder, TryGetable};

use crate::domain::Timestamp;
use crate::store::{Error, Store};

/// A row as it came, and what to call it when it is broken.
pub(super) struct Row<'a> {
    values: &'a QueryResult,
    table: &'static str,
    name: String,
}

impl<'a> Row<'a> {
    /// Called by the value of its first column.
    pub(super) fn new<N: TryGetable + ToString>(
        values: &'a QueryResult,
        table: &'static str,
        column: &'static str,
    ) -> Result<Self, Error> {
        let row = Self { values, table, name: "?".to_owned() };
        let name = row.get::<N>(column)?.to_string();
        Ok(Self { name, ..row })
    }

    pub(super) fn get<T: TryGetable>(&self, column: &'static str) -> Result<T, Error> {
        self.values.try_get("", column).map_err(|source| self.corrupt(column, source))
    }

    pub(super) fn time(&self, column: &'static str) -> Result<Timestamp, Error> {
        self.get(column).map(Timestamp::from_millis)
    }

    /// A value that must mean something to us.
    pub(super) fn parsed<K: TryGetable, T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(K) -> Option<T>,
    ) -> Result<T, Error> {
        let unknown = || self.corrupt(column, DbErr::Type("no such value is known".to_owned()));
        parse(self.get(column)?).ok_or_else(unknown)
    }

    fn corrupt(&self, column: &'static str, source: DbErr) -> Error {
        Error::CorruptRow { table: self.table, row: self.name.clone(), column, source }
    }
}

/// A limit counts characters, as the databases do.
pub(super) fn check_texts(table: &'static str, texts: &[(&'static str, &str, u32)]) -> Result<(), Error> {
    for &(column, text, limit) in texts {
        let refused = |reason| Err(Error::InvalidText { table, column, reason });
        if text.chars().nth(limit as usize).is_some() {
            return refused("it is too long");
        }
        if text.contains('\0') {
            return refused("PostgreSQL keeps no text with a NUL in it");
        }
    }
    Ok(())
}

/// A text with a NUL was never stored, and PostgreSQL would not even look for it.
pub(super) fn is(column: impl IntoIden, text: &str) -> Expr {
    if text.contains('\0') { Expr::cust("1 = 0") } else { Expr::col(column.into_iden()).eq(text) }
}

/// The text stands somewhere in the column, whatever the size of its letters as far as the database knows them.
pub(super) fn holds(column: impl IntoIden, text: &str) -> Expr {
    if text.contains('\0') {
        return Expr::cust("1 = 0");
    }
    let escaped: String = text.to_lowercase().chars().flat_map(|c| escape(c).into_iter().chain([c])).collect();
    let pattern = LikeExpr::new(format!("%{escaped}%")).escape(ESCAPE);
    Func::lower(Expr::col(column.into_iden())).like(pattern)
}

/// A backslash would mean something else in the texts of MariaDB.
const ESCAPE: char = '!';

fn escape(c: char) -> Option<char> {
    ['%', '_', ESCAPE].contains(&c).then_some(ESCAPE)
}

/// Says whether it inserted; what is there already stays as it is.
///
/// MariaDB cannot say in one answer whether "insert or leave" inserted, so there the refusal is the answer. PostgreSQL would
/// break the transaction at a refusal, so there it is a count of rows.
pub(super) async fn insert_unless_there(
    db: &impl ConnectionTrait,
    mut query: InsertStatement,
    key: impl IntoIterator<Item: IntoIden>,
    failed: impl FnOnce(DbErr) -> Error,
) -> Result<bool, Error> {
    if db.get_database_backend() != DbBackend::MySql {
        query.on_conflict(OnConflict::columns(key).do_nothing().to_owned());
    }
    match db.execute(&query).await {
        Ok(done) => Ok(done.rows_affected() == 1),
        Err(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(false),
        Err(cause) => Err(failed(cause)),
    }
}

impl Store {
    /// One statement that writes; gives how many rows it found.
    pub(super) async fn change(&self, query: &impl StatementBuilder, failed: fn(DbErr) -> Error) -> Result<u64, Error> {
        let done = self.write(|tx| async move { tx.connection().execute(query).await.map_err(failed) }).await?;
        Ok(done.rows_affected())
    }
}
