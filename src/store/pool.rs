//! The connections to the database. None of them is waited for without an end: one whose other side vanished without a
//! word would hold whoever asked, and its place among the others, for good.

use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sqlx::pool::PoolOptions;
use sqlx::{Connection as _, Database, Sqlite};

use crate::runtime::Clock;

/// No statement of ours takes longer, nor a transaction: more than SQLite waits for others, less than a request may take.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// Whoever gives up leaves a connection in the middle of something. It gets so long to come to an end.
const END_LIMIT: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(super) struct Pool {
    connection: DatabaseConnection,
    clock: Clock,
}

impl Pool {
    pub(super) fn new(connection: DatabaseConnection) -> Self {
        Self { connection, clock: Clock::real() }
    }

    /// For what has a limit of its own, or needs none.
    pub(super) fn unlimited(&self) -> &DatabaseConnection {
        &self.connection
    }

    async fn in_time<T>(&self, asking: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let answered = self.clock.timeout(ANSWER_LIMIT, asking).await;
        answered.unwrap_or_else(|elapsed| Err(DbErr::Conn(RuntimeErr::Internal(elapsed.to_string()))))
    }
}

#[async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.in_time(self.connection.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.in_time(self.connection.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.in_time(self.connection.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.in_time(self.connection.query_all_raw(statement)).await
    }
}

/// A connection that is given back and does not answer is thrown away. By itself the driver would wait for it.
pub(super) fn without_the_dead<DB: Database>(options: PoolOptions<DB>) -> PoolOptions<DB> {
    options.after_release(|connection, _| {
        Box::pin(async {
            let answered = Clock::real().timeout(END_LIMIT, connection.ping()).await;
            answered.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map(|()| true)
        })
    })
}

/// A transaction that SQLite undoes by itself, as it does on a full disk, goes on for the driver: what is written over that
/// connection from then on is acknowledged and never committed, and nobody else can write meanwhile. So it is thrown away.
pub(super) fn without_the_confused(options: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
    options.after_release(|connection, _| {
        Box::pin(async {
            // Answered once whatever was begun has been undone.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}
