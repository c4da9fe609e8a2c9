//! What people are told, as whole documents: there are few of them, they are read whole, and each changes as one.

use std::fmt::Display;

use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, DbErr, DeriveIden, QueryResult};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::Timestamp;
use crate::store::row::{Row, check_texts, is};
use crate::store::{Error, Store};

const TABLE: &str = "document";

/// In characters, of a kind and of an id.
pub(super) const WORD_LIMIT: u32 = 64;
/// In characters: room for every update of a long incident in both languages.
const BODY_LIMIT: u32 = 500_000;
/// More than anybody keeps of one kind.
const MOST: u64 = 1_000;

#[derive(DeriveIden)]
#[sea_orm(iden = "document")]
pub(super) enum Column {
    #[sea_orm(iden = "document")]
    Table,
    Id,
    Kind,
    CreatedAt,
    OverAt,
    Body,
}

/// Something that is kept as a whole.
pub trait Document: Serialize + DeserializeOwned + Send + Sync {
    /// Never changes once released.
    const KIND: &'static str;
    /// Its own among all kinds.
    fn id(&self) -> &str;
    fn created_at(&self) -> Timestamp;
    /// From when on nothing more comes of it; `None` while nobody knows.
    fn over_at(&self) -> Option<Timestamp>;
}

impl Store {
    pub async fn create_document<D: Document>(&self, document: &D) -> Result<(), Error> {
        let body = body(document)?;
        check_texts(TABLE, &[("id", document.id(), WORD_LIMIT)])?;
        let query = Query::insert()
            .into_table(Column::Table)
            .columns([Column::Id, Column::Kind, Column::CreatedAt, Column::OverAt, Column::Body])
            .values_panic([
                document.id().into(),
                D::KIND.into(),
                document.created_at().as_millis().into(),
                over_at(document).into(),
                body.into(),
            ])
            .take();
        self.change(&query, Error::WriteDocument).await.map(drop)
    }

    pub async fn find_document<D: Document>(&self, id: &str) -> Result<Option<D>, Error> {
        let row = self.connection.query_one(&one::<D>(id)).await.map_err(Error::ReadDocument)?;
        row.as_ref().map(decode).transpose()
    }

    /// Those not over at `since`, the newest first.
    pub async fn list_documents<D: Document>(&self, since: Timestamp) -> Result<Vec<D>, Error> {
        let query = select::<D>()
            .and_where(Expr::col(Column::OverAt).gt(since.as_millis()))
            .order_by(Column::CreatedAt, Order::Desc)
            .order_by(Column::Id, Order::Asc)
            .limit(MOST)
            .take();
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadDocument)?;
        rows.iter().map(decode).collect()
    }

    /// Gives what `change` made of it and keeps that; `None` when there is none, or `change` makes nothing of it. Of many
    /// changes at once, none is lost.
    pub async fn change_document<D: Document>(
        &self,
        id: &str,
        change: impl Fn(D) -> Option<D>,
    ) -> Result<Option<D>, Error> {
        let change = &change;
        // The row is held from here on, so what is read after it is still so.
        let hold = Query::update()
            .table(Column::Table)
            .value(Column::Kind, D::KIND)
            .and_where(is(Column::Id, id))
            .and_where(Expr::col(Column::Kind).eq(D::KIND))
            .take();
        let hold = &hold;
        self.write(|tx| async move {
            tx.connection().execute(hold).await.map_err(Error::WriteDocument)?;
            let row = tx.connection().query_one(&one::<D>(id)).await.map_err(Error::ReadDocument)?;
            let Some(changed) = row.as_ref().map(decode).transpose()?.and_then(change) else { return Ok(None) };
            let query = Query::update()
                .table(Column::Table)
                .value(Column::OverAt, over_at(&changed))
                .value(Column::Body, body(&changed)?)
                .and_where(is(Column::Id, id))
                .take();
            tx.connection().execute(&query).await.map_err(Error::WriteDocument)?;
            Ok(Some(changed))
        })
        .await
    }

    /// Those of one kind that were over before this moment.
    pub async fn remove_documents<D: Document>(&self, before: Timestamp) -> Result<u64, Error> {
        let query = Query::delete()
            .from_table(Column::Table)
            .and_where(Expr::col(Column::Kind).eq(D::KIND))
            .and_where(Expr::col(Column::OverAt).lt(before.as_millis()))
            .take();
        self.change(&query, Error::WriteDocument).await
    }
}

fn over_at(document: &impl Document) -> i64 {
    document.over_at().map_or(i64::MAX, Timestamp::as_millis)
}

fn body(document: &impl Document) -> Result<String, Error> {
    let failed = |cause: serde_json::Error| Error::WriteDocument(custom(&cause));
    let body = serde_json::to_string(document).map_err(failed)?;
    check_texts(TABLE, &[("body", &body, BODY_LIMIT)])?;
    Ok(body)
}

fn custom(cause: &impl Display) -> DbErr {
    DbErr::Custom(cause.to_string())
}

fn one<D: Document>(id: &str) -> SelectStatement {
    select::<D>().and_where(is(Column::Id, id)).take()
}

fn select<D: Document>() -> SelectStatement {
    Query::select()
        .columns([Column::Id, Column::Body])
        .from(Column::Table)
        .and_where(Expr::col(Column::Kind).eq(D::KIND))
        .take()
}

fn decode<D: Document>(values: &QueryResult) -> Result<D, Error> {
    let row = Row::new::<String>(values, TABLE, "id")?;
    row.parsed("body", |body: String| serde_json::from_str(&body).ok())
}
