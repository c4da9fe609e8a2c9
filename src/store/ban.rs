//! Counted failures and the waiting they earned: a restart forgives nobody.

use std::time::Duration;

use sea_orm::sea_query::{
    CaseStatement, Expr, ExprTrait as _, InsertStatement, OnConflict, Order, Query, SelectStatement,
};
use sea_orm::{ConnectionTrait, DeriveIden, QueryResult};

use crate::domain::Timestamp;
use crate::domain::ban::Ban;
use crate::store::row::{Row, check_texts, is};
use crate::store::{Error, Store, Transaction};

pub(super) const TABLE: &str = "ban";

/// Room for a name and an address as they were typed; within what MariaDB takes as a primary key.
pub const BAN_KEY_LIMIT: u32 = 512;

#[derive(DeriveIden)]
#[sea_orm(iden = "ban")]
pub(super) enum Column {
    #[sea_orm(iden = "ban")]
    Table,
    Key,
    Failures,
    FirstAt,
    LastAt,
    Until,
}

/// One more failure.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    pub key: &'a str,
    pub at: Timestamp,
    /// Counting starts anew when the last failure was before this.
    pub forget_before: Timestamp,
}

impl Store {
    pub async fn find_ban(&self, key: &str) -> Result<Option<Ban>, Error> {
        find(&self.connection, key).await
    }

    /// Creates or replaces.
    pub async fn put_ban(&self, ban: &Ban) -> Result<(), Error> {
        let columns = [Column::Failures, Column::FirstAt, Column::LastAt, Column::Until];
        let replace = OnConflict::column(Column::Key).update_columns(columns).to_owned();
        let query = insert(ban)?.on_conflict(replace).take();
        self.change(&query, Error::WriteBan).await.map(drop)
    }

    /// Counts, and lets `wait` say how long that many failures keep the key waiting; a longer wait under way stays. Of many
    /// at once, each is counted.
    pub async fn count_failure(&self, failure: Failure<'_>, wait: impl Fn(u32) -> Duration) -> Result<Ban, Error> {
        let wait = &wait;
        self.write(|tx| count_failure(tx, failure, wait)).await
    }

    /// One that lasts longer ends then. What is counted meanwhile stays counted.
    pub async fn shorten_ban(&self, key: &str, last_at: Timestamp, until: Timestamp) -> Result<(), Error> {
        let query = Query::update()
            .table(Column::Table)
            .value(Column::LastAt, last_at.as_millis())
            .value(Column::Until, until.as_millis())
            .and_where(is(Column::Key, key))
            .and_where(Expr::col(Column::Until).gt(until.as_millis()))
            .take();
        self.change(&query, Error::WriteBan).await.map(drop)
    }

    /// Says whether there was something to remove.
    pub async fn remove_ban(&self, key: &str) -> Result<bool, Error> {
        let query = Query::delete().from_table(Column::Table).and_where(is(Column::Key, key)).take();
        Ok(self.change(&query, Error::WriteBan).await? > 0)
    }

    /// Those that still keep somebody waiting at `now`, the longest first.
    pub async fn list_bans(&self, now: Timestamp, limit: u64) -> Result<Vec<Ban>, Error> {
        let query = select()
            .and_where(Expr::col(Column::Until).gt(now.as_millis()))
            .order_by(Column::Until, Order::Desc)
            .order_by(Column::Key, Order::Asc)
            .limit(limit)
            .take();
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadBan)?;
        rows.iter().map(decode).collect()
    }

    /// Those whose last failure and whose wait are both over since before this moment.
    pub async fn remove_old_bans(&self, before: Timestamp) -> Result<u64, Error> {
        let query = Query::delete()
            .from_table(Column::Table)
            .and_where(Expr::col(Column::LastAt).lt(before.as_millis()))
            .and_where(Expr::col(Column::Until).lt(before.as_millis()))
            .take();
        self.change(&query, Error::WriteBan).await
    }
}

/// The counting statement holds the row until the transaction ends, so what is read after it is still so.
async fn count_failure(tx: Transaction, failure: Failure<'_>, wait: impl Fn(u32) -> Duration) -> Result<Ban, Error> {
    let Failure { key, at, forget_before } = failure;
    let db = tx.connection();
    let first = Ban { key: key.to_owned(), failures: 1, first_at: at, last_at: at, until: at };
    let forgotten = || Expr::col((Column::Table, Column::LastAt)).lt(forget_before.as_millis());
    let unless_forgotten =
        |fresh: i64, otherwise: Expr| CaseStatement::new().case(forgotten(), fresh).finally(otherwise);
    let kept = |column| Expr::col((Column::Table, column));
    let latest = CaseStatement::new().case(kept(Column::LastAt).lt(at.as_millis()), at.as_millis());
    let count = OnConflict::column(Column::Key)
        .value(Column::Failures, unless_forgotten(1, kept(Column::Failures).add(1)))
        .value(Column::FirstAt, unless_forgotten(at.as_millis(), kept(Column::FirstAt)))
        // Last: MariaDB lets each part see what those before it changed.
        .value(Column::LastAt, latest.finally(kept(Column::LastAt)))
        .to_owned();
    let query = insert(&first)?.on_conflict(count).take();
    db.execute(&query).await.map_err(Error::WriteBan)?;

    let gone = || Error::ReadBan(sea_orm::DbErr::RecordNotFound("what was just counted".to_owned()));
    let counted = find(db, key).await?.ok_or_else(gone)?;
    let until = at.plus(wait(counted.failures));
    if until <= counted.until {
        return Ok(counted);
    }
    let query = Query::update()
        .table(Column::Table)
        .value(Column::Until, until.as_millis())
        .and_where(is(Column::Key, key))
        .take();
    db.execute(&query).await.map_err(Error::WriteBan)?;
    Ok(Ban { until, ..counted })
}

async fn find(db: &impl ConnectionTrait, key: &str) -> Result<Option<Ban>, Error> {
    let query = select().and_where(is(Column::Key, key)).take();
    let row = db.query_one(&query).await.map_err(Error::ReadBan)?;
    row.as_ref().map(decode).transpose()
}

fn insert(ban: &Ban) -> Result<InsertStatement, Error> {
    check_texts(TABLE, &[("key", &ban.key, BAN_KEY_LIMIT)])?;
    Ok(Query::insert()
        .into_table(Column::Table)
        .columns([Column::Key, Column::Failures, Column::FirstAt, Column::LastAt, Column::Until])
        .values_panic([
            ban.key.as_str().into(),
            i64::from(ban.failures).into(),
            ban.first_at.as_millis().into(),
            ban.last_at.as_millis().into(),
            ban.until.as_millis().into(),
        ])
        .take())
}

fn select() -> SelectStatement {
    Query::select()
        .columns([Column::Key, Column::Failures, Column::FirstAt, Column::LastAt, Column::Until])
        .from(Column::Table)
        .take()
}

fn decode(values: &QueryResult) -> Result<Ban, Error> {
    let row = Row::new::<String>(values, TABLE, "key")?;
    Ok(Ban {
        key: row.get("key")?,
        failures: row.parsed("failures", |count: i64| u32::try_from(count).ok())?,
        first_at: row.time("first_at")?,
        last_at: row.time("last_at")?,
        until: row.time("until")?,
    })
}
