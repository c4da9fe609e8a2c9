//! The lines people are told, in the order in which they happened, and the row that says how far the numbers have come.

use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query};
use sea_orm::{ConnectionTrait, DbErr, DeriveIden, QueryResult};

use crate::domain::Timestamp;
use crate::store::row::{Row, check_texts};
use crate::store::{Error, Store};

pub(super) const TABLE: &str = "event";
const HEAD_TABLE: &str = "event_head";

/// The one row that says how far the numbers have come.
pub(super) const HEAD_ID: i64 = 1;

/// In characters, of the name of an epoch.
pub(super) const EPOCH_LIMIT: u32 = 64;
/// In characters, of an audience or a line: a text of somebody, in both languages, and what is around it.
pub const EVENT_TEXT_LIMIT: u32 = 12_000;

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
        for (audience, line) in lines {
            let texts = [("audience", audience.as_str(), EVENT_TEXT_LIMIT), ("line", line.as_str(), EVENT_TEXT_LIMIT)];
            check_texts(TABLE, &texts)?;
        }
        let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        let take = Query::update()
            .table(HeadColumn::Table)
            .value(HeadColumn::Seq, Expr::col(HeadColumn::Seq).add(count))
            .and_where(Expr::col(HeadColumn::Id).eq(HEAD_ID))
            .take();
        let take = &take;
        self.write(|tx| async move {
            tx.connection().execute(take).await.map_err(Error::WriteEvents)?;
            let last = find_head(tx.connection()).await?.seq;
            let mut insert = Query::insert();
            insert.into_table(Column::Table).columns([Column::Seq, Column::At, Column::Audience, Column::Line]);
            for (seq, (audience, line)) in (last - count + 1..).zip(lines) {
                insert.values_panic([
                    seq.into(),
                    at.as_millis().into(),
                    audience.as_str().into(),
                    line.as_str().into(),
                ]);
            }
            tx.connection().execute(&insert).await.map_err(Error::WriteEvents)?;
            Ok(last)
        })
        .await
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
