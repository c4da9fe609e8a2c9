//! Signed-in browsers. What a browser holds is kept as a hash only, so nobody who reads this table can become anybody.

use std::time::Duration;

use sea_orm::sea_query::{Cond, Expr, ExprTrait as _, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, DeriveIden, QueryResult};

use crate::domain::Timestamp;
use crate::domain::caller::{Account, AccountId, Role};
use crate::domain::session::{DEVICE_LIMIT, Session, SessionId, Visitor};
use crate::store::row::{Row, check_texts, is};
use crate::store::{Error, Store};

pub(super) const TABLE: &str = "session";

/// An identifier, a hash or a word of ours.
pub(super) const WORD_LIMIT: u32 = 128;
/// The longest address there is, IPv6 with an IPv4 tail.
pub(super) const ADDRESS_LIMIT: u32 = 45;
/// Longer than the NAS lets an account be called, with room for the name of a domain.
pub(super) const NAME_LIMIT: u32 = 320;
/// Longer than the NAS lets a full name be.
pub(super) const FULL_NAME_LIMIT: u32 = 1_000;

/// Many times what a write takes.
const TOUCH_LIMIT: Duration = Duration::from_secs(1);

/// Of one account: more than anybody has browsers.
const OWN_LIMIT: u64 = 200;

#[derive(DeriveIden, Clone, Copy)]
#[sea_orm(iden = "session")]
pub(super) enum Column {
    #[sea_orm(iden = "session")]
    Table,
    Id,
    Hash,
    AccountId,
    Username,
    FullName,
    Role,
    Address,
    Device,
    CreatedAt,
    UsedAt,
    EndsAt,
    PasswordChangedAt,
    ConfirmedAt,
}

impl Store {
    /// `hash` is that of what the browser holds.
    pub async fn create_session(&self, session: &Session, hash: &str) -> Result<(), Error> {
        let Session { id, account, visitor, created_at, used_at, ends_at, password_changed_at, confirmed_at } = session;
        check_texts(
            TABLE,
            &[
                ("id", id.as_str(), WORD_LIMIT),
                ("hash", hash, WORD_LIMIT),
                ("account_id", account.id.as_str(), NAME_LIMIT),
                ("username", &account.username, NAME_LIMIT),
                ("full_name", &account.full_name, FULL_NAME_LIMIT),
                ("device", &visitor.device, DEVICE_LIMIT),
            ],
        )?;
        let query = Query::insert()
            .into_table(Column::Table)
            .columns([
                Column::Id,
                Column::Hash,
                Column::AccountId,
                Column::Username,
                Column::FullName,
                Column::Role,
                Column::Address,
                Column::Device,
                Column::CreatedAt,
                Column::UsedAt,
                Column::EndsAt,
                Column::PasswordChangedAt,
                Column::ConfirmedAt,
            ])
            .values_panic([
                id.as_str().into(),
                hash.into(),
                account.id.as_str().into(),
                account.username.as_str().into(),
                account.full_name.as_str().into(),
                account.role.as_str().into(),
                visitor.address.to_string().into(),
                visitor.device.as_str().into(),
                created_at.as_millis().into(),
                used_at.as_millis().into(),
                ends_at.as_millis().into(),
                password_changed_at.map(Timestamp::as_millis).into(),
                confirmed_at.map(Timestamp::as_millis).into(),
            ])
            .take();
        self.change(&query, Error::WriteSession).await.map(drop)
    }

    /// Whether it has ended by time is for the caller to judge.
    pub async fn find_session(&self, hash: &str) -> Result<Option<Session>, Error> {
        let query = select().and_where(is(Column::Hash, hash)).take();
        let row = self.connection.query_one(&query).await.map_err(Error::ReadSession)?;
        row.as_ref().map(decode).transpose()
    }

    /// Of one account, the last used first.
    pub async fn list_sessions(&self, account: &AccountId) -> Result<Vec<Session>, Error> {
        let query = select().and_where(is(Column::AccountId, account.as_str())).limit(OWN_LIMIT).take();
        self.read_sessions(&query).await
    }

    /// The last used first.
    pub async fn list_all_sessions(&self, limit: u64) -> Result<Vec<Session>, Error> {
        self.read_sessions(&select().limit(limit).take()).await
    }

    /// Moves the last use forward, never back. A page waits for it, so it is given up soon.
    pub async fn touch_session(&self, id: &SessionId, used_at: Timestamp) -> Result<(), Error> {
        let query = Query::update()
            .table(Column::Table)
            .value(Column::UsedAt, used_at.as_millis())
            .and_where(is(Column::Id, id.as_str()))
            .and_where(Expr::col(Column::UsedAt).lt(used_at.as_millis()))
            .take();
        let touched = self.clock.timeout(TOUCH_LIMIT, self.change(&query, Error::WriteSession)).await;
        touched.unwrap_or_else(|elapsed| Err(Error::Silent(elapsed))).map(drop)
    }

    /// Nothing of any session lies after `now`, and none ends after `end`.
    pub async fn set_sessions_back(&self, now: Timestamp, end: Timestamp) -> Result<(), Error> {
        let columns =
            [(Column::CreatedAt, now), (Column::UsedAt, now), (Column::ConfirmedAt, now), (Column::EndsAt, end)];
        let set = |(column, most): (Column, Timestamp)| {
            let later = Expr::col(column).gt(most.as_millis());
            Query::update().table(Column::Table).value(column, most.as_millis()).and_where(later).take()
        };
        // As much earlier as its last use is set back, so that it lasts as long as it was meant to.
        let last_use = Expr::col(Column::UsedAt);
        let end = Expr::col(Column::EndsAt).sub(last_use.clone()).add(now.as_millis());
        let ahead = last_use.gt(now.as_millis());
        let sooner = Query::update().table(Column::Table).value(Column::EndsAt, end).and_where(ahead).take();
        let (sooner, queries) = (&sooner, &columns.map(set));
        self.write(|tx| async move {
            tx.connection().execute(sooner).await.map_err(Error::WriteSession)?;
            for query in queries {
                tx.connection().execute(query).await.map_err(Error::WriteSession)?;
            }
            Ok(())
        })
        .await
    }

    /// The browser gets something new to hold, for a code its person gave, and the session another name; of many who ask for
    /// the same one, exactly one hears yes.
    pub async fn confirm_session(
        &self,
        old: &str,
        (new, id): (&str, &SessionId),
        at: Timestamp,
    ) -> Result<bool, Error> {
        check_texts(TABLE, &[("hash", old, WORD_LIMIT), ("hash", new, WORD_LIMIT), ("id", id.as_str(), WORD_LIMIT)])?;
        let query = Query::update()
            .table(Column::Table)
            .value(Column::Id, id.as_str())
            .value(Column::Hash, new)
            .value(Column::ConfirmedAt, at.as_millis())
            .and_where(is(Column::Hash, old))
            .take();
        Ok(self.change(&query, Error::WriteSession).await? > 0)
    }

    /// With an `owner`, only if it is theirs. Says whether there was something to remove.
    pub async fn remove_session(&self, id: &SessionId, owner: Option<&AccountId>) -> Result<bool, Error> {
        let mut which = Cond::all().add(is(Column::Id, id.as_str()));
        if let Some(owner) = owner {
            which = which.add(is(Column::AccountId, owner.as_str()));
        }
        Ok(self.remove_sessions(which).await? > 0)
    }

    pub async fn remove_session_by_hash(&self, hash: &str) -> Result<bool, Error> {
        Ok(self.remove_sessions(Cond::all().add(is(Column::Hash, hash))).await? > 0)
    }

    pub async fn remove_sessions_of(&self, account: &AccountId, except: Option<&SessionId>) -> Result<u64, Error> {
        let mut which = Cond::all().add(is(Column::AccountId, account.as_str()));
        if let Some(kept) = except {
            which = which.add(Expr::col(Column::Id).ne(kept.as_str()));
        }
        self.remove_sessions(which).await
    }

    /// By their names, whoever they belong to.
    pub async fn remove_listed_sessions(&self, ids: &[SessionId]) -> Result<u64, Error> {
        self.remove_sessions(Cond::all().add(listed(ids))).await
    }

    /// By their names, in no order.
    pub async fn list_listed_sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, Error> {
        self.read_sessions(&select().and_where(listed(ids)).take()).await
    }

    /// What the browsers of these sessions hold, hashed, in no order.
    pub async fn list_session_hashes(&self, ids: &[SessionId]) -> Result<Vec<String>, Error> {
        let query = Query::select().column(Column::Hash).from(Column::Table).and_where(listed(ids)).take();
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadSession)?;
        rows.iter().map(|row| Row::new::<String>(row, TABLE, "hash")?.get("hash")).collect()
    }

    /// All but those of accounts known to this server alone.
    pub async fn remove_sessions_but_local(&self) -> Result<u64, Error> {
        let local = format!("{}%", AccountId::of_local("").as_str());
        self.remove_sessions(Cond::all().add(Expr::col(Column::AccountId).not_like(local))).await
    }

    pub async fn remove_all_sessions(&self) -> Result<u64, Error> {
        self.remove_sessions(Cond::all()).await
    }

    /// Those whose end has come by `now`, or that nobody has used after `idle_since`.
    pub async fn remove_dead_sessions(&self, now: Timestamp, idle_since: Timestamp) -> Result<u64, Error> {
        let which = Cond::any()
            .add(Expr::col(Column::EndsAt).lte(now.as_millis()))
            .add(Expr::col(Column::UsedAt).lte(idle_since.as_millis()));
        self.remove_sessions(which).await
    }

    async fn remove_sessions(&self, which: Cond) -> Result<u64, Error> {
        let query = Query::delete().from_table(Column::Table).cond_where(which).take();
        self.change(&query, Error::WriteSession).await
    }

    async fn read_sessions(&self, query: &SelectStatement) -> Result<Vec<Session>, Error> {
        let rows = self.connection.query_all(query).await.map_err(Error::ReadSession)?;
        rows.iter().map(decode).collect()
    }
}

fn listed(ids: &[SessionId]) -> Expr {
    Expr::col(Column::Id).is_in(ids.iter().map(SessionId::as_str))
}

fn select() -> SelectStatement {
    Query::select()
        .columns([
            Column::Id,
            Column::AccountId,
            Column::Username,
            Column::FullName,
            Column::Role,
            Column::Address,
            Column::Device,
            Column::CreatedAt,
            Column::UsedAt,
            Column::EndsAt,
            Column::PasswordChangedAt,
            Column::ConfirmedAt,
        ])
        .from(Column::Table)
        .order_by(Column::UsedAt, Order::Desc)
        .order_by(Column::Id, Order::Asc)
        .take()
}

fn decode(values: &QueryResult) -> Result<Session, Error> {
    let row = Row::new::<String>(values, TABLE, "id")?;
    Ok(Session {
        id: SessionId::new(row.get::<String>("id")?),
        account: Account {
            id: AccountId::kept(row.get::<String>("account_id")?),
            username: row.get("username")?,
            full_name: row.get("full_name")?,
            role: row.parsed("role", |word: String| Role::parse(&word))?,
        },
        visitor: Visitor {
            address: row.parsed("address", |text: String| text.parse().ok())?,
            device: row.get("device")?,
        },
        created_at: row.time("created_at")?,
        used_at: row.time("used_at")?,
        ends_at: row.time("ends_at")?,
        password_changed_at: row.get::<Option<i64>>("password_changed_at")?.map(Timestamp::from_millis),
        confirmed_at: row.get::<Option<i64>>("confirmed_at")?.map(Timestamp::from_millis),
    })
}
