//! The audit trail as it lies in the database: rows that are only ever added, and one row that says where the trail ends.
//!
//! Nothing here changes or removes an entry, and nothing here knows what a hash covers.

use sea_orm::sea_query::{Cond, Expr, ExprTrait as _, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbErr, DeriveIden, QueryResult};

use crate::domain::audit::Filter;
use crate::store::row::{Row, check_texts, holds, is};
use crate::store::{Error, Store, Transaction};

pub(super) const TABLE: &str = "audit";
const HEAD_TABLE: &str = "audit_head";

/// The one row that says where the trail ends.
pub(super) const HEAD_ID: i64 = 1;

/// In characters, of an action, an address, a hash.
pub(super) const AUDIT_WORD_LIMIT: u32 = 64;
/// In characters, of an actor and a subject.
pub const AUDIT_NAME_LIMIT: u32 = 320;
/// In characters, of a detail.
pub const AUDIT_DETAIL_LIMIT: u32 = 1_000;

#[derive(DeriveIden)]
#[sea_orm(iden = "audit")]
pub(super) enum Column {
    #[sea_orm(iden = "audit")]
    Table,
    Number,
    At,
    Action,
    Actor,
    Address,
    Subject,
    Detail,
    Hash,
}

#[derive(DeriveIden)]
#[sea_orm(iden = "audit_head")]
pub(super) enum HeadColumn {
    #[sea_orm(iden = "audit_head")]
    Table,
    Id,
    Number,
    Hash,
}

/// A row of the trail with its texts as they are, so that even one that means nothing any more can be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    pub number: i64,
    pub at_ms: i64,
    pub action: String,
    pub actor: String,
    /// Empty at the server's own command line.
    pub address: String,
    pub subject: String,
    pub detail: String,
    pub hash: String,
}

/// The end of the trail. An empty trail ends at number zero, with an empty hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHead {
    pub number: i64,
    pub hash: String,
}

impl Store {
    /// `None` only in a database somebody has tampered with.
    pub async fn find_audit_head(&self) -> Result<Option<AuditHead>, Error> {
        find_head(&self.connection).await
    }

    /// The oldest first, from behind `after` or from the beginning. A row that cannot be read stands in its place, so that
    /// what is wrong before it is found before it.
    pub async fn list_audit_after(
        &self,
        after: Option<i64>,
        limit: u64,
    ) -> Result<Vec<Result<AuditRecord, Error>>, Error> {
        let mut query = select().order_by(Column::Number, Order::Asc).limit(limit).take();
        if let Some(after) = after {
            query.and_where(Expr::col(Column::Number).gt(after));
        }
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadAudit)?;
        Ok(rows.iter().map(decode).collect())
    }

    /// Those that fit, the newest first, from before `before` or from the end.
    pub async fn list_audit_before(
        &self,
        filter: &Filter,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<AuditRecord>, Error> {
        let mut query = select().order_by(Column::Number, Order::Desc).limit(limit).take();
        if let Some(action) = filter.action {
            query.and_where(is(Column::Action, action.as_str()));
        }
        if !filter.actor.is_empty() {
            query.and_where(is(Column::Actor, &filter.actor));
        }
        if !filter.text.is_empty() {
            let texts = [Column::Actor, Column::Address, Column::Subject, Column::Detail];
            let any = texts.into_iter().fold(Cond::any(), |any, column| any.add(holds(column, &filter.text)));
            query.cond_where(any);
        }
        if let Some(before) = before {
            query.and_where(Expr::col(Column::Number).lt(before));
        }
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadAudit)?;
        rows.iter().map(decode).collect()
    }
}

impl Transaction {
    /// Takes the next place in the trail: its number, with the hash of the entry before it. Whoever asks next waits for the
    /// end of this transaction, so no number is given twice or left out.
    pub async fn take_audit_place(&self) -> Result<AuditHead, Error> {
        let query = Query::update()
            .table(HeadColumn::Table)
            .value(HeadColumn::Number, Expr::col(HeadColumn::Number).add(1))
            .and_where(Expr::col(HeadColumn::Id).eq(HEAD_ID))
            .take();
        self.connection().execute(&query).await.map_err(Error::WriteAudit)?;
        let gone = || Error::CorruptRow {
            table: HEAD_TABLE,
            row: HEAD_ID.to_string(),
            column: "number",
            source: DbErr::RecordNotFound("the row is gone".to_owned()),
        };
        find_head(self.connection()).await?.ok_or_else(gone)
    }

    /// Puts an entry in the place that was taken in the same transaction.
    pub async fn add_audit_record(&self, record: &AuditRecord) -> Result<(), Error> {
        let AuditRecord { number, at_ms, action, actor, address, subject, detail, hash } = record;
        check_texts(
            TABLE,
            &[
                ("action", action, AUDIT_WORD_LIMIT),
                ("actor", actor, AUDIT_NAME_LIMIT),
                ("address", address, AUDIT_WORD_LIMIT),
                ("subject", subject, AUDIT_NAME_LIMIT),
                ("detail", detail, AUDIT_DETAIL_LIMIT),
                ("hash", hash, AUDIT_WORD_LIMIT),
            ],
        )?;
        let texts = [action, actor, address, subject, detail, hash].map(|text| text.as_str().into());
        let insert = Query::insert()
            .into_table(Column::Table)
            .columns(COLUMNS)
            .values_panic([(*number).into(), (*at_ms).into()].into_iter().chain(texts))
            .take();
        self.connection().execute(&insert).await.map_err(Error::WriteAudit)?;
        let close = Query::update()
            .table(HeadColumn::Table)
            .value(HeadColumn::Hash, hash.as_str())
            .and_where(Expr::col(HeadColumn::Id).eq(HEAD_ID))
            .take();
        self.connection().execute(&close).await.map_err(Error::WriteAudit)?;
        Ok(())
    }
}

const COLUMNS: [Column; 8] = [
    Column::Number,
    Column::At,
    Column::Action,
    Column::Actor,
    Column::Address,
    Column::Subject,
    Column::Detail,
    Column::Hash,
];

async fn find_head(db: &impl ConnectionTrait) -> Result<Option<AuditHead>, Error> {
    let query = Query::select()
        .columns([HeadColumn::Id, HeadColumn::Number, HeadColumn::Hash])
        .from(HeadColumn::Table)
        .and_where(Expr::col(HeadColumn::Id).eq(HEAD_ID))
        .take();
    let Some(values) = db.query_one(&query).await.map_err(Error::ReadAudit)? else { return Ok(None) };
    let row = Row::new::<i64>(&values, HEAD_TABLE, "id")?;
    Ok(Some(AuditHead { number: row.get("number")?, hash: row.get("hash")? }))
}

fn select() -> SelectStatement {
    Query::select().columns(COLUMNS).from(Column::Table).take()
}

fn decode(values: &QueryResult) -> Result<AuditRecord, Error> {
    let row = Row::new::<i64>(values, TABLE, "number")?;
    Ok(AuditRecord {
        number: row.get("number")?,
        at_ms: row.get("at")?,
        action: row.get("action")?,
        actor: row.get("actor")?,
        address: row.get("address")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
        hash: row.get("hash")?,
    })
}
