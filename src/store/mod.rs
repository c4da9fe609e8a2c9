//! SQL, and it alone.
//!
//! Must never know: TrueNAS, HTTP, who may do what.
//! Invariants: what a call acknowledged survives the end of the process, however it ends. The same code serves SQLite,
//! PostgreSQL and MariaDB; only opening, locking and column types may ask which of them it is.

mod administrator;
mod audit;
mod ban;
mod copy;
mod document;
mod error;
mod event;
mod factor;
mod health;
mod message;
mod migrations;
mod open;
mod pool;
mod read;
mod row;
mod session;
mod setting;
mod settings;
mod transaction;

use std::fmt;
use std::sync::Arc;

use sea_orm::{ConnectionTrait as _, DbBackend};
use tokio::sync::{Mutex, MutexGuard};

use crate::domain::Timestamp;
use crate::runtime::Clock;
use pool::Pool;

pub use administrator::Administrator;
pub use audit::{AUDIT_DETAIL_LIMIT, AUDIT_NAME_LIMIT, AuditHead, AuditRecord};
pub use ban::{BAN_KEY_LIMIT, Failure};
pub use document::Document;
pub use error::{Error, is_passing};
pub use event::{EVENT_TEXT_LIMIT, EventHead, EventRecord};
pub use factor::Factor;
pub use health::{Grain, HealthTransition};
pub use message::{
    ChannelRecord, MESSAGE_SUBJECT_LIMIT, MESSAGE_TEXT_LIMIT, MessageDraft, MessageRecord, MessageState,
};
pub use migrations::is_known as is_known_schema;
pub use setting::{KEY_LIMIT, Setting};
pub use settings::Settings;
pub use transaction::Transaction;

/// The pool of connections; cheap to clone.
#[derive(Clone)]
pub struct Store {
    connection: Pool,
    /// SQLite has one writer at a time and wakes those who wait in no order; queueing here keeps it fair.
    turn: Option<Arc<Mutex<()>>>,
    /// Bounds the wait for the turn. The waits inside the drivers are real, so this one is too.
    clock: Clock,
}

impl Store {
    /// Connects, and creates the SQLite file unless the URL wants an existing one. Tables are the business of [`Store::migrate`].
    pub async fn open(settings: &Settings) -> Result<Self, Error> {
        Self::open_target(open::parse(settings.url().reveal())?).await
    }

    /// Connects to what is there, and creates nothing.
    pub async fn open_existing(settings: &Settings) -> Result<Self, Error> {
        Self::open_target(open::parse(settings.url().reveal())?.existing()).await
    }

    async fn open_target(target: open::Target) -> Result<Self, Error> {
        let connection = Pool::new(open::connect(target).await?);
        let turn = (connection.get_database_backend() == DbBackend::Sqlite).then(Arc::default);
        Ok(Self { connection, turn, clock: Clock::real() })
    }

    /// Applies what is missing and gives its names. Many processes may do so at once: one does the work, the rest wait.
    pub async fn migrate(&self) -> Result<Vec<String>, Error> {
        let _turn = self.take_turn().await?;
        migrations::apply(self.connection.unlimited()).await
    }

    /// What [`Store::migrate`] would apply. Changes nothing.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, Error> {
        migrations::list_pending(self.connection.unlimited()).await
    }

    /// Waits for statements under way, then closes all connections; every clone is closed with it.
    pub async fn close(self) -> Result<(), Error> {
        self.connection.unlimited().clone().close().await.map_err(Error::Close)
    }

    pub async fn find_setting(&self, key: &str) -> Result<Option<Setting>, Error> {
        setting::find(&self.connection, key).await
    }

    /// Creates or replaces.
    pub async fn put_setting(&self, key: &str, value: &str, at: Timestamp) -> Result<(), Error> {
        self.write(|tx| async move { tx.put_setting(key, value, at).await }).await
    }

    /// Creates, unless the key is there already; says whether it did. Of many callers exactly one hears yes.
    pub async fn create_setting(&self, key: &str, value: &str, at: Timestamp) -> Result<bool, Error> {
        self.write(|tx| async move { tx.create_setting(key, value, at).await }).await
    }

    /// Says whether there was something to remove.
    pub async fn remove_setting(&self, key: &str) -> Result<bool, Error> {
        self.write(|tx| async move { tx.remove_setting(key).await }).await
    }

    async fn take_turn(&self) -> Result<Option<MutexGuard<'_, ()>>, Error> {
        let Some(turn) = &self.turn else { return Ok(None) };
        self.clock.timeout(open::WAIT_LIMIT, turn.lock()).await.map(Some).map_err(|_| Error::Busy)
    }
}

/// The pool's own `Debug` would show the password.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.connection.get_database_backend()).finish()
    }
}
