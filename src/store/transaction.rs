//! Several writes that happen together or not at all.

use std::sync::Arc;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};

use crate::domain::Timestamp;
use crate::store::pool::ANSWER_LIMIT;
use crate::store::{Error, Setting, Store, setting};

/// Enough for twenty writers in each other's way; more often than that something is wrong.
const ATTEMPTS: u32 = 10;

/// What can be done inside [`Store::write`]. It must not outlive the work it was given to.
#[derive(Clone)]
pub struct Transaction(Arc<DatabaseTransaction>);

impl Store {
    /// Runs `work` as one transaction: undone when it fails, and run again when the database could not let it and another
    /// both through, so it must have no effect but through its argument. Whoever reads in order to write updates the row
    /// that guards the reading first: on PostgreSQL and MariaDB only that makes others wait.
    ///
    /// On SQLite one work runs at a time, so `work` never calls the store itself, which would wait for its own end and
    /// fail with [`Error::Busy`], and never waits for anything but its transaction.
    pub async fn write<T, F>(&self, work: impl Fn(Transaction) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let _turn = self.take_turn().await?;
        let mut attempt = 1;
        loop {
            // On the heap: whoever waits for it holds many more futures.
            let written = self.clock.timeout(ANSWER_LIMIT, Box::pin(self.try_write(&work))).await;
            match written.unwrap_or_else(|elapsed| Err(Error::Silent(elapsed))) {
                Err(cause) if cause.is_conflict() && attempt < ATTEMPTS => attempt += 1,
                outcome => return outcome,
            }
        }
    }

    async fn try_write<T, F>(&self, work: &impl Fn(Transaction) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let transaction = Arc::new(begin(self.connection.unlimited()).await.map_err(Error::Begin)?);
        // Dropped on failure, which rolls back.
        let outcome = work(Transaction(Arc::clone(&transaction))).await?;
        let transaction = Arc::into_inner(transaction).ok_or(Error::StillInUse)?;
        transaction.commit().await.map_err(Error::Commit)?;
        Ok(outcome)
    }
}

/// A transaction that will write. SQLite must hear so at the start, or it fails at the first write instead of waiting.
pub(super) async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    // PostgreSQL's usual level, asked of MariaDB too: its own one locks the gaps between rows and so breeds deadlocks.
    let isolation_level =
        (connection.get_database_backend() != DbBackend::Sqlite).then_some(IsolationLevel::ReadCommitted);
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { isolation_level, access_mode: None, sqlite_transaction_mode };
    connection.begin_with_options(options).await
}

impl Transaction {
    pub(super) fn connection(&self) -> &DatabaseTransaction {
        &self.0
    }

    pub async fn find_setting(&self, key: &str) -> Result<Option<Setting>, Error> {
        setting::find(&*self.0, key).await
    }

    pub async fn put_setting(&self, key: &str, value: &str, at: Timestamp) -> Result<(), Error> {
        setting::put(&*self.0, key, value, at).await
    }

    pub async fn create_setting(&self, key: &str, value: &str, at: Timestamp) -> Result<bool, Error> {
        setting::create(&*self.0, key, value, at).await
    }

    pub async fn remove_setting(&self, key: &str) -> Result<bool, Error> {
        setting::remove(&*self.0, key).await
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait as _;

    use super::*;
    use crate::runtime::Clock;
    use crate::store::{Settings, open};

    #[tokio::test]
    async fn what_is_acknowledged_is_kept_also_after_transactions_that_sqlite_undid_by_itself() {
        let directory = tempfile::tempdir().unwrap();
        let settings = Settings::in_file(&directory.path().join("farol.db"));
        let store = Store::open(&settings).await.unwrap();
        store.migrate().await.unwrap();
        // As it does when its disk is full.
        let undone = "CREATE TRIGGER full BEFORE INSERT ON setting WHEN NEW.key = 'full' \
                      BEGIN SELECT RAISE(ROLLBACK, 'full'); END";
        store.connection.unlimited().execute_unprepared(undone).await.unwrap();
        let put = |key: &'static str| store.put_setting(key, "b", Timestamp::from_millis(1));
        for kept in ["1", "2", "3"] {
            put("full").await.unwrap_err();
            let given_up = store.write(|transaction| async move {
                transaction.put_setting("given up", "b", Timestamp::from_millis(1)).await?;
                Err::<(), _>(Error::StillInUse)
            });
            given_up.await.unwrap_err();
            put(kept).await.unwrap();
            let other = Store::open(&settings).await.unwrap();
            assert!(other.find_setting(kept).await.unwrap().is_some(), "{kept}");
            assert!(other.find_setting("given up").await.unwrap().is_none());
            other.close().await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_write_inside_a_write_is_refused_and_the_next_one_succeeds() {
        let directory = tempfile::tempdir().unwrap();
        let settings = Settings::in_file(&directory.path().join("farol.db"));
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let store = Store { clock, ..Store::open(&settings).await.unwrap() };
        store.migrate().await.unwrap();
        let nested = store.write(|_| async {
            let inner = store.put_setting("a", "b", Timestamp::from_millis(1));
            tokio::pin!(inner);
            assert!(futures_util::poll!(inner.as_mut()).is_pending());
            hand.advance(open::WAIT_LIMIT);
            inner.await
        });
        let outcome = nested.await;
        assert!(matches!(outcome, Err(Error::Busy)), "{outcome:?}");
        store.put_setting("a", "b", Timestamp::from_millis(1)).await.unwrap();
    }
}
