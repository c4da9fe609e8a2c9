//! The second factors of the administrators of the NAS, one an account.

use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, DeriveIden, QueryResult};

use crate::domain::Timestamp;
use crate::domain::caller::AccountId;
use crate::store::row::{Row, check_texts, insert_unless_there, is};
use crate::store::session::NAME_LIMIT;
use crate::store::{Error, Store};

pub(super) const TABLE: &str = "second_factor";

/// Several times what the secret of a second factor takes with its seal.
pub(super) const SEALED_LIMIT: u32 = 512;

#[derive(DeriveIden)]
#[sea_orm(iden = "second_factor")]
pub(super) enum Column {
    #[sea_orm(iden = "second_factor")]
    Table,
    AccountId,
    Username,
    Sealed,
    LastStep,
    CreatedAt,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    pub account: AccountId,
    /// As the NAS spelled it when it was enrolled: whoever resets it knows no number.
    pub username: String,
    /// What codes are computed from, under a key that is not in the database.
    pub sealed: String,
    /// The time step of the last code that was taken; no code of it or of an earlier one is ever taken again.
    pub last_step: i64,
    pub created_at: Timestamp,
}

impl Store {
    /// Creates, unless the account has one already; says whether it did.
    pub async fn create_factor(&self, new: &Factor) -> Result<bool, Error> {
        let Factor { account, username, sealed, last_step, created_at } = new;
        check_texts(
            TABLE,
            &[
                ("account_id", account.as_str(), NAME_LIMIT),
                ("username", username, NAME_LIMIT),
                ("sealed", sealed, SEALED_LIMIT),
            ],
        )?;
        let query = Query::insert()
            .into_table(Column::Table)
            .columns([Column::AccountId, Column::Username, Column::Sealed, Column::LastStep, Column::CreatedAt])
            .values_panic([
                account.as_str().into(),
                username.as_str().into(),
                sealed.as_str().into(),
                (*last_step).into(),
                created_at.as_millis().into(),
            ])
            .take();
        let query = &query;
        self.write(|tx| async move {
            insert_unless_there(tx.connection(), query.clone(), [Column::AccountId], Error::WriteFactor).await
        })
        .await
    }

    pub async fn find_factor(&self, account: &AccountId) -> Result<Option<Factor>, Error> {
        let query = select().and_where(is(Column::AccountId, account.as_str())).take();
        let row = self.connection.query_one(&query).await.map_err(Error::ReadFactor)?;
        row.as_ref().map(decode).transpose()
    }

    /// Of whoever is, or was when it was enrolled, called this. A name may have passed from one account to another.
    pub async fn list_factors_of(&self, username: &str) -> Result<Vec<Factor>, Error> {
        let query = select().and_where(is(Column::Username, username)).take();
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadFactor)?;
        rows.iter().map(decode).collect()
    }

    /// Takes the code of this step; says no when it or a later one was taken before. Of many at once exactly one hears yes.
    pub async fn use_factor_step(&self, account: &AccountId, step: i64) -> Result<bool, Error> {
        let query = Query::update()
            .table(Column::Table)
            .value(Column::LastStep, step)
            .and_where(is(Column::AccountId, account.as_str()))
            .and_where(Expr::col(Column::LastStep).lt(step))
            .take();
        Ok(self.change(&query, Error::WriteFactor).await? > 0)
    }

    /// Says whether there was something to remove.
    pub async fn remove_factor(&self, account: &AccountId) -> Result<bool, Error> {
        let query = Query::delete().from_table(Column::Table).and_where(is(Column::AccountId, account.as_str())).take();
        Ok(self.change(&query, Error::WriteFactor).await? > 0)
    }
}

fn select() -> SelectStatement {
    Query::select()
        .columns([Column::AccountId, Column::Username, Column::Sealed, Column::LastStep, Column::CreatedAt])
        .from(Column::Table)
        .take()
}

fn decode(values: &QueryResult) -> Result<Factor, Error> {
    let row = Row::new::<String>(values, TABLE, "account_id")?;
    Ok(Factor {
        account: AccountId::kept(row.get::<String>("account_id")?),
        username: row.get("username")?,
        sealed: row.get("sealed")?,
        last_step: row.get("last_step")?,
        created_at: row.time("created_at")?,
    })
}
