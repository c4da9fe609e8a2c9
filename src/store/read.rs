//! How far people have read, and what they confirmed having read.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait as _, DeriveIden, QueryResult};

use crate::domain::Timestamp;
use crate::domain::announcement::Confirmation;
use crate::domain::caller::AccountId;
use crate::store::row::{Row, check_texts, is};
use crate::store::{Error, Store};

const MARK_TABLE: &str = "read_mark";
const CONFIRMATION_TABLE: &str = "confirmation";

/// In characters, of an account and its name.
pub(super) const NAME_LIMIT: u32 = 320;
/// More people than any office has.
const MOST: u64 = 10_000;

#[derive(DeriveIden)]
#[sea_orm(iden = "read_mark")]
pub(super) enum MarkColumn {
    #[sea_orm(iden = "read_mark")]
    Table,
    AccountId,
    Seq,
    At,
}

#[derive(DeriveIden)]
#[sea_orm(iden = "confirmation")]
pub(super) enum ConfirmationColumn {
    #[sea_orm(iden = "confirmation")]
    Table,
    Announcement,
    AccountId,
    Username,
    At,
}

impl Store {
    /// The number of the last line this person has read; zero for nobody we know.
    pub async fn find_read_mark(&self, account: &AccountId) -> Result<i64, Error> {
        let query = Query::select()
            .columns([MarkColumn::AccountId, MarkColumn::Seq])
            .from(MarkColumn::Table)
            .and_where(is(MarkColumn::AccountId, account.as_str()))
            .take();
        let found = self.connection.query_one(&query).await.map_err(Error::ReadMarks)?;
        let Some(values) = found else { return Ok(0) };
        Row::new::<String>(&values, MARK_TABLE, "account_id")?.get("seq")
    }

    /// Moves the mark forward, never back; says whether it moved.
    pub async fn move_read_mark(&self, account: &AccountId, seq: i64, at: Timestamp) -> Result<bool, Error> {
        check_texts(MARK_TABLE, &[("account_id", account.as_str(), NAME_LIMIT)])?;
        let begin = Query::insert()
            .into_table(MarkColumn::Table)
            .columns([MarkColumn::AccountId, MarkColumn::Seq, MarkColumn::At])
            .values_panic([account.as_str().into(), 0.into(), at.as_millis().into()])
            // MariaDB takes "do nothing" only with a column to do it on.
            .on_conflict(
                OnConflict::column(MarkColumn::AccountId).do_nothing_on([MarkColumn::AccountId]).to_owned(),
            )
            .take();
        let forward = Query::update()
            .table(MarkColumn::Table)
            .values([(MarkColumn::Seq, seq.into()), (MarkColumn::At, at.as_millis().into())])
            .and_where(is(MarkColumn::AccountId, account.as_str()))
            .and_where(Expr::col(MarkColumn::Seq).lt(seq))
            .take();
        let (begin, forward) = (&begin, &forward);
        self.write(|tx| async move {
            tx.connection().execute(begin).await.map_err(Error::WriteMarks)?;
            let moved = tx.connection().execute(forward).await.map_err(Error::WriteMarks)?;
            Ok(moved.rows_affected() > 0)
        })
        .await
    }

    /// Of whoever has not read for so long that nothing older is kept.
    pub async fn remove_read_marks_before(&self, before: Timestamp) -> Result<u64, Error> {
        let query = Query::delete()
            .from_table(MarkColumn::Table)
            .and_where(Expr::col(MarkColumn::At).lt(before.as_millis()))
            .take();
        self.change(&query, Error::WriteMarks).await
    }

    /// Each person once, however often they say so; says whether it was the first time.
    pub async fn add_confirmation(&self, announcement: &str, confirmation: &Confirmation) -> Result<bool, Error> {
        let Confirmation { account, username, at } = confirmation;
        check_texts(
            CONFIRMATION_TABLE,
            &[
                ("announcement", announcement, super::document::WORD_LIMIT),
                ("account_id", account.as_str(), NAME_LIMIT),
                ("username", username, NAME_LIMIT),
            ],
        )?;
        let key = [ConfirmationColumn::Announcement, ConfirmationColumn::AccountId];
        let add = Query::insert()
            .into_table(ConfirmationColumn::Table)
            .columns([
                ConfirmationColumn::Announcement,
                ConfirmationColumn::AccountId,
                ConfirmationColumn::Username,
                ConfirmationColumn::At,
            ])
            .values_panic([
                announcement.into(),
                account.as_str().into(),
                username.as_str().into(),
                at.as_millis().into(),
            ])
            .take();
        self.write(|tx| {
            let (add, key) = (add.clone(), key);
            async move { super::row::insert_unless_there(tx.connection(), add, key, Error::WriteMarks).await }
        })
        .await
    }

    /// The first first.
    pub async fn list_confirmations(&self, announcement: &str) -> Result<Vec<Confirmation>, Error> {
        let query = Query::select()
            .columns([ConfirmationColumn::AccountId, ConfirmationColumn::Username, ConfirmationColumn::At])
            .from(ConfirmationColumn::Table)
            .and_where(is(ConfirmationColumn::Announcement, announcement))
            .order_by(ConfirmationColumn::At, Order::Asc)
            .order_by(ConfirmationColumn::AccountId, Order::Asc)
            .limit(MOST)
            .take();
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadMarks)?;
        rows.iter().map(decode).collect()
    }

    /// The announcements this person has confirmed.
    pub async fn list_confirmed_by(&self, account: &AccountId) -> Result<Vec<String>, Error> {
        let query = Query::select()
            .column(ConfirmationColumn::Announcement)
            .from(ConfirmationColumn::Table)
            .and_where(is(ConfirmationColumn::AccountId, account.as_str()))
            .limit(MOST)
            .take();
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadMarks)?;
        rows.iter()
            .map(|row| Row::new::<String>(row, CONFIRMATION_TABLE, "announcement")?.get("announcement"))
            .collect()
    }

    /// Of announcements that are gone.
    pub async fn remove_orphaned_confirmations(&self) -> Result<u64, Error> {
        let there = Query::select().column(super::document::Column::Id).from(super::document::Column::Table).take();
        let query = Query::delete()
            .from_table(ConfirmationColumn::Table)
            .and_where(Expr::col(ConfirmationColumn::Announcement).not_in_subquery(there))
            .take();
        self.change(&query, Error::WriteMarks).await
    }
}

fn decode(values: &QueryResult) -> Result<Confirmation, Error> {
    let row = Row::new::<String>(values, CONFIRMATION_TABLE, "account_id")?;
    Ok(Confirmation {
        account: AccountId::kept(row.get::<String>("account_id")?),
        username: row.get("username")?,
        at: row.time("at")?,
    })
}
