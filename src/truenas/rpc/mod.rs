//! JSON-RPC over one long-lived WebSocket: 25.04 and later.

mod connection;
mod frame;
pub mod login;
mod pending;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use rustls::ClientConfig;
use serde_json::Value;
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot};

use crate::domain::nas::{Change, Road};
use crate::runtime::Clock;
use crate::truenas::method::Call;
use crate::truenas::transport::{CALLS_AT_ONCE, Opened, Transport};
use crate::truenas::{Error, Settings};

pub use connection::{Connection, LOGIN_TIMEOUT, PING_EVERY, gone};

/// A call on its way to the task that owns the socket.
#[derive(Debug)]
pub struct Request {
    call: Call,
    answer: oneshot::Sender<Result<Value, Error>>,
}

#[derive(Debug)]
struct Rpc {
    requests: mpsc::Sender<Request>,
    slots: Semaphore,
    clock: Clock,
    timeout: Duration,
    /// Why the connection is over: the error of everybody who still waits then.
    ended: Arc<OnceLock<Error>>,
}

/// Connects, signs in and subscribes. Nothing is sent unless the connection is encrypted.
pub async fn open(
    settings: &Settings,
    tls: Arc<ClientConfig>,
    clock: &Clock,
    changes: broadcast::Sender<Change>,
) -> Result<Opened, Error> {
    let mut connection = Box::pin(Connection::open(settings, tls, clock)).await?;
    connection.login(settings).await?;
    connection.subscribe().await?;
    let (requests, waiting) = mpsc::channel(CALLS_AT_ONCE);
    let transport = Arc::new(Rpc {
        requests,
        slots: Semaphore::new(CALLS_AT_ONCE),
        clock: clock.clone(),
        timeout: settings.call_timeout,
        ended: Arc::default(),
    });
    let (settings, ended) = (settings.clone(), transport.ended.clone());
    let life = Box::pin(async move {
        // They outlive the reason, so that whoever wakes up because they are gone finds it.
        let (mut connection, mut waiting) = (connection, waiting);
        let error = connection.serve(&settings, &mut waiting, changes).await;
        let _ = ended.set(error.clone());
        error
    });
    Ok(Opened { transport, life })
}

impl Rpc {
    fn why_ended(&self) -> Error {
        self.ended.get().cloned().unwrap_or_else(gone)
    }
}

#[async_trait]
impl Transport for Rpc {
    fn road(&self) -> Road {
        Road::Rpc
    }

    async fn call(&self, call: Call) -> Result<Value, Error> {
        let exchange = async {
            let _slot = self.slots.acquire().await;
            let (answer, waiting) = oneshot::channel();
            if self.requests.send(Request { call, answer }).await.is_err() {
                return Err(self.why_ended());
            }
            tokio::select! {
                biased;
                answered = waiting => answered.unwrap_or_else(|_| Err(self.why_ended())),
                // A request sent while the connection was ending may have been taken by nobody, and lies there for ever.
                () = self.requests.closed() => Err(self.why_ended()),
            }
        };
        self.clock.timeout(self.timeout, exchange).await.unwrap_or(Err(Error::TimedOut(self.timeout)))
    }
}
