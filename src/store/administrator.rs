//! The break-glass administrators: known to this server alone, for the day the NAS cannot say who somebody is.

use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, DeriveIden, QueryResult};

use crate::domain::{Secret, Timestamp};
use crate::store::row::{Row, check_texts, insert_unless_there, is};
use crate::store::{Error, Store};

pub(super) const TABLE: &str = "administrator";

/// Nobody types a longer name in an emergency.
pub(super) const USERNAME_LIMIT: u32 = 128;
/// Several times what a hash with its parameters, or the secret of a second factor, takes.
pub(super) const SECRET_LIMIT: u32 = 512;
/// More than any office makes.
const LIST_LIMIT: u64 = 100;

#[derive(DeriveIden)]
#[sea_orm(iden = "administrator")]
pub(super) enum Column {
    #[sea_orm(iden = "administrator")]
    Table,
    Username,
    PasswordHash,
    TotpSecret,
    LastStep,
    CreatedAt,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administrator {
    pub username: String,
    /// With its parameters and salt, in the text form such hashes have.
    pub password_hash: Secret<String>,
    /// Codes are computed from it, so unlike the password it cannot be kept as a hash: kept exactly as given here, it is as
    /// readable as the database is. Whoever reads it still lacks the password.
    pub totp_secret: Secret<String>,
    /// The time step of the last code that was taken; no code of it or of an earlier one is ever taken again.
    pub last_step: i64,
    pub created_at: Timestamp,
}

impl Store {
    /// Creates, unless there is one of this name already; says whether it did.
    pub async fn create_administrator(&self, new: &Administrator) -> Result<bool, Error> {
        if new.username.is_empty() {
            return Err(Error::InvalidText { table: TABLE, column: "username", reason: "it is empty" });
        }
        check_texts(
            TABLE,
            &[
                ("username", &new.username, USERNAME_LIMIT),
                ("password_hash", new.password_hash.reveal(), SECRET_LIMIT),
                ("totp_secret", new.totp_secret.reveal(), SECRET_LIMIT),
            ],
        )?;
        let query = Query::insert()
            .into_table(Column::Table)
            .columns([Column::Username, Column::PasswordHash, Column::TotpSecret, Column::LastStep, Column::CreatedAt])
            .values_panic([
                new.username.as_str().into(),
                new.password_hash.reveal().as_str().into(),
                new.totp_secret.reveal().as_str().into(),
                new.last_step.into(),
                new.created_at.as_millis().into(),
            ])
            .take();
        let query = &query;
        self.write(|tx| async move {
            insert_unless_there(tx.connection(), query.clone(), [Column::Username], Error::WriteAdministrator).await
        })
        .await
    }

    pub async fn find_administrator(&self, username: &str) -> Result<Option<Administrator>, Error> {
        let query = select().and_where(is(Column::Username, username)).take();
        let row = self.connection.query_one(&query).await.map_err(Error::ReadAdministrator)?;
        row.as_ref().map(decode).transpose()
    }

    /// By name.
    pub async fn list_administrators(&self) -> Result<Vec<Administrator>, Error> {
        let query = select().order_by(Column::Username, Order::Asc).limit(LIST_LIMIT).take();
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadAdministrator)?;
        rows.iter().map(decode).collect()
    }

    /// Takes the code of this step; says no when it or a later one was taken before. Of many at once exactly one hears yes.
    pub async fn use_code_step(&self, username: &str, step: i64) -> Result<bool, Error> {
        let query = Query::update()
            .table(Column::Table)
            .value(Column::LastStep, step)
            .and_where(is(Column::Username, username))
            .and_where(Expr::col(Column::LastStep).lt(step))
            .take();
        Ok(self.change(&query, Error::WriteAdministrator).await? > 0)
    }

    /// Says whether there was something to remove.
    pub async fn remove_administrator(&self, username: &str) -> Result<bool, Error> {
        let query = Query::delete().from_table(Column::Table).and_where(is(Column::Username, username)).take();
        Ok(self.change(&query, Error::WriteAdministrator).await? > 0)
    }
}

fn select() -> SelectStatement {
    Query::select()
        .columns([Column::Username, Column::PasswordHash, Column::TotpSecret, Column::LastStep, Column::CreatedAt])
        .from(Column::Table)
        .take()
}

fn decode(values: &QueryResult) -> Result<Administrator, Error> {
    let row = Row::new::<String>(values, TABLE, "username")?;
    Ok(Administrator {
        username: row.get("username")?,
        password_hash: Secret::new(row.get("password_hash")?),
        totp_secret: Secret::new(row.get("totp_secret")?),
        last_step: row.get("last_step")?,
        created_at: row.time("created_at")?,
    })
}
