//! The lines people are told, in the order in which they happened, and the row that says how far the numbers have come.

use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query};
use sea_orm::{ConnectionTrait, DbErr, DeriveIden, QueryResult};

use crate::domain::Timestamp;
use crate::store::row::{Row, check_texts, insert_unless_there};
use crate::store::{Error, Store, Transaction};

pub(super) const TABLE: &str = "event";
const HEAD_TABLE: &str = "event_head";
const ONCE_TABLE: &str = "event_once";

/// The one row that says how far the numbers have come.
pub(super) const HEAD_ID: i64 = 1;

/// In characters, of the name of an epoch.
pub(super) const EPOCH_LIMIT: u32 = 64;
/// In characters, of an audience or a line: a text of somebody, in both languages, and what is around it.
pub const EVENT_TEXT_LIMIT: u32 = 12_000;

/// In characters, of what is told once only.
pub(super) const ONCE_KEY_LIMIT: u32 = 160;
/// What every database takes in one question.
const MOST_KEYS: usize = 500;

#[derive(DeriveIden)]
#[sea_orm(iden = "event")]
pub(super) enum Column {
    #[sea_orm(iden = "event")]
    Table,
    Seq,
    At,
    Audience,
    Line,
}

#[derive(DeriveIden)]
#[sea_orm(iden = "event_head")]
pub(super) enum HeadColumn {
    #[sea_orm(iden = "event_head")]
    Table,
    Id,
    Epoch,
    Seq,
}

/// What was told and must not be told again.
#[derive(DeriveIden)]
#[sea_orm(iden = "event_once")]
pub(super) enum OnceColumn {
    #[sea_orm(iden = "event_once")]
    Table,
    Key,
    At,
}

/// A line as it is kept: what it says is the business of whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRecord {
    pub seq: i64,
    pub at: Timestamp,
    pub audience: String,
    pub line: String,
}

/// How far the numbers have come, and since which beginning they count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventHead {
    pub epoch: String,
    pub seq: i64,
}

impl Store {
    /// Where the numbers stand. The first to ask begins them, with `epoch`.
    pub async fn begin_events(&self, epoch: &str) -> Result<EventHead, Error> {
        check_texts(HEAD_TABLE, &[("epoch", epoch, EPOCH_LIMIT)])?;
        let begin = Query::update()
            .table(HeadColumn::Table)
            .value(HeadColumn::Epoch, epoch)
            .and_where(Expr::col(HeadColumn::Id).eq(HEAD_ID))
            .and_where(Expr::col(HeadColumn::Epoch).eq(""))
            .take();
        self.change(&begin, Error::WriteEvents).await?;
        find_head(&self.connection).await
    }

    /// Keeps lines that happened now, each an audience and what is said, and gives the number of the last one. No number is
    /// given twice or left out.
    pub async fn add_events(&self, at: Timestamp, lines: &[(String, String)]) -> Result<i64, Error> {
        check(lines)?;
        self.write(|tx| async move { add(&tx, at, lines).await }).await
    }

    /// Keeps the line unless the first key was taken before, and takes all of them with it; `None` when it was.
    pub async fn add_event_once(
        &self,
        at: Timestamp,
        keys: &[String],
        line: &(String, String),
    ) -> Result<Option<i64>, Error> {
        let lines = std::slice::from_ref(line);
        check(lines)?;
        for key in keys {
            check_texts(ONCE_TABLE, &[("key", key, ONCE_KEY_LIMIT)])?;
        }
        self.write(|tx| async move {
            for (place, key) in keys.iter().enumerate() {
                let take = Query::insert()
                    .into_table(OnceColumn::Table)
                    .columns([OnceColumn::Key, OnceColumn::At])
                    .values_panic([key.as_str().into(), at.as_millis().into()])
                    .take();
                let taken = insert_unless_there(tx.connection(), take, [OnceColumn::Key], Error::WriteEvents).await?;
                if place == 0 && !taken {
                    return Ok(None);
                }
            }
            add(&tx, at, lines).await.map(Some)
        })
        .await
    }

    /// Which of these keys are taken, in no order.
    pub async fn list_told_once(&self, keys: &[String]) -> Result<Vec<String>, Error> {
        let mut told = Vec::new();
        for keys in keys.chunks(MOST_KEYS) {
            let query = Query::select()
                .column(OnceColumn::Key)
                .from(OnceColumn::Table)
                .and_where(Expr::col(OnceColumn::Key).is_in(keys))
                .take();
            let rows = self.connection.query_all(&query).await.map_err(Error::ReadEvents)?;
            for row in &rows {
                told.push(Row::new::<String>(row, ONCE_TABLE, "key")?.get("key")?);
            }
        }
        Ok(told)
    }

    /// Lets go of keys that nobody asks for any more.
    pub async fn remove_told_once_before(&self, before: Timestamp) -> Result<u64, Error> {
        let query = Query::delete()
            .from_table(OnceColumn::Table)
            .and_where(Expr::col(OnceColumn::At).lt(before.as_millis()))
            .take();
        self.change(&query, Error::WriteEvents).await
    }

    /// Those behind `after`, the oldest first.
    pub async fn list_events_after(&self, after: i64, limit: u64) -> Result<Vec<EventRecord>, Error> {
        let query =
            select().and_where(Expr::col(Column::Seq).gt(after)).order_by(Column::Seq, Order::Asc).limit(limit).take();
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadEvents)?;
        rows.iter().map(decode).collect()
    }

    /// The newest first, from before `before` or from the end.
    pub async fn list_events_before(&self, before: Option<i64>, limit: u64) -> Result<Vec<EventRecord>, Error> {
        let mut query = select().order_by(Column::Seq, Order::Desc).limit(limit).take();
        if let Some(before) = before {
            query.and_where(Expr::col(Column::Seq).lt(before));
        }
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadEvents)?;
        rows.iter().map(decode).collect()
    }

    /// The oldest go; their numbers are never given again.
    pub async fn remove_events_before(&self, before: Timestamp) -> Result<u64, Error> {
        let query =
            Query::delete().from_table(Column::Table).and_where(Expr::col(Column::At).lt(before.as_millis())).take();
        self.change(&query, Error::WriteEvents).await
    }
}

fn check(lines: &[(String, String)]) -> Result<(), Error> {
    lines.iter().try_for_each(|(audience, line)| {
        let texts = [("audience", audience.as_str(), EVENT_TEXT_LIMIT), ("line", line.as_str(), EVENT_TEXT_LIMIT)];
        check_texts(TABLE, &texts)
    })
}

/// Whoever adds next waits for the end of this transaction.
async fn add(tx: &Transaction, at: Timestamp, lines: &[(String, String)]) -> Result<i64, Error> {
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let take = Query::update()
        .table(HeadColumn::Table)
        .value(HeadColumn::Seq, Expr::col(HeadColumn::Seq).add(count))
        .and_where(Expr::col(HeadColumn::Id).eq(HEAD_ID))
        .take();
    tx.connection().execute(&take).await.map_err(Error::WriteEvents)?;
    let last = find_head(tx.connection()).await?.seq;
    let mut insert = Query::insert();
    insert.into_table(Column::Table).columns([Column::Seq, Column::At, Column::Audience, Column::Line]);
    for (seq, (audience, line)) in (last - count + 1..).zip(lines) {
        insert.values_panic([seq.into(), at.as_millis().into(), audience.as_str().into(), line.as_str().into()]);
    }
    tx.connection().execute(&insert).await.map_err(Error::WriteEvents)?;
    Ok(last)
}

async fn find_head(db: &impl ConnectionTrait) -> Result<EventHead, Error> {
    let query = Query::select()
        .columns([HeadColumn::Id, HeadColumn::Epoch, HeadColumn::Seq])
        .from(HeadColumn::Table)
        .and_where(Expr::col(HeadColumn::Id).eq(HEAD_ID))
        .take();
    let gone = || Error::ReadEvents(DbErr::RecordNotFound("where the numbers stand".to_owned()));
    let values = db.query_one(&query).await.map_err(Error::ReadEvents)?.ok_or_else(gone)?;
    let row = Row::new::<i64>(&values, HEAD_TABLE, "id")?;
    Ok(EventHead { epoch: row.get("epoch")?, seq: row.get("seq")? })
}

fn select() -> sea_orm::sea_query::SelectStatement {
    Query::select().columns([Column::Seq, Column::At, Column::Audience, Column::Line]).from(Column::Table).take()
}

fn decode(values: &QueryResult) -> Result<EventRecord, Error> {
    let row = Row::new::<i64>(values, TABLE, "seq")?;
    Ok(EventRecord {
        seq: row.get("seq")?,
        at: row.time("at")?,
        audience: row.get("audience")?,
        line: row.get("line")?,
    })
}
