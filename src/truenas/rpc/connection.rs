//! The one task that owns the socket: opens it, keeps it alive, carries calls out and answers and events in.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use rustls::ClientConfig;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error as WsError, Message, Utf8Bytes};
use tracing::{debug, warn};

use crate::domain::nas::Change;
use crate::runtime::Clock;
use crate::truenas::dial::{self, TlsStream};
use crate::truenas::error::one_line;
use crate::truenas::rpc::frame::{self, Failure, Frame};
use crate::truenas::rpc::pending::Pending;
use crate::truenas::rpc::{Request, login};
use crate::truenas::transport::LONGEST_ANSWER;
use crate::truenas::{Error, Settings, decode};

/// A wrong login is delayed by up to five seconds on the NAS, and its directory may be slow.
pub const LOGIN_TIMEOUT: Duration = Duration::from_secs(30);
/// The proxy of the NAS cuts a connection that carries nothing for 60 s.
pub const PING_EVERY: Duration = Duration::from_secs(20);
const PINGS_MISSED: u32 = 2;
/// A revoked key does not end an open session: signing in again is how we notice.
const LOGIN_AGAIN_EVERY: Duration = Duration::from_hours(4);
/// Ids of our own calls; those of callers count up from the first free one.
const PING_ID: u64 = 1;
const LOGIN_ID: u64 = 2;
const FIRST_FREE_ID: u64 = 3;

/// What we want to hear about. A role that is missing costs us the event, not the connection.
const COLLECTIONS: [&str; 12] = [
    "alert.list",
    "directoryservices.status",
    "failover.status",
    "group.query",
    "pool.query",
    "service.query",
    "sharing.smb.query",
    "system.ready",
    "system.reboot",
    "system.reboot.info",
    "system.shutdown",
    "user.query",
];

pub struct Connection {
    socket: WebSocketStream<TlsStream>,
    clock: Clock,
    timeout: Duration,
    next_id: u64,
    pending: Pending,
}

/// Over, and nobody said why.
pub fn gone() -> Error {
    Error::Disconnected(Arc::new(WsError::ConnectionClosed))
}

impl Connection {
    pub async fn open(settings: &Settings, tls: Arc<ClientConfig>, clock: &Clock) -> Result<Self, Error> {
        let timeout = settings.call_timeout;
        let opening = Box::pin(async {
            let stream = dial::connect_tls(settings.url(), tls, clock, timeout).await?;
            let url = format!("wss://{}/api/current", dial::authority(settings.url()));
            let limits =
                WebSocketConfig::default().max_message_size(Some(LONGEST_ANSWER)).max_frame_size(Some(LONGEST_ANSWER));
            let (socket, _) =
                tokio_tungstenite::client_async_with_config(url, stream, Some(limits)).await.map_err(broken)?;
            Ok(Self { socket, clock: clock.clone(), timeout, next_id: FIRST_FREE_ID, pending: Pending::default() })
        });
        clock.timeout(timeout, opening).await.unwrap_or(Err(Error::TimedOut(timeout)))
    }

    pub async fn login(&mut self, settings: &Settings) -> Result<(), Error> {
        let (method, params) = login::request(settings);
        login::verdict(&self.ask_alone(method, &params, LOGIN_TIMEOUT).await.map_err(login::failed)?)
    }

    /// Whether the NAS still answers, and how fast, while nobody else uses the socket.
    pub async fn ping(&mut self) -> Result<Duration, Error> {
        let asked_at = self.clock.uptime();
        self.ask_alone("core.ping", &json!([]), self.timeout).await?;
        Ok(self.clock.uptime().saturating_sub(asked_at))
    }

    /// Waits for the end of a connection nobody uses at the moment.
    pub async fn ended(&mut self) -> Error {
        loop {
            if let Err(error) = self.receive().await {
                return error;
            }
        }
    }

    /// One call while nobody else uses the socket, with a limit of its own.
    pub async fn ask_alone<P: Serialize + ?Sized + Sync>(
        &mut self,
        method: &'static str,
        params: &P,
        limit: Duration,
    ) -> Result<Value, Error> {
        let clock = self.clock.clone();
        clock.timeout(limit, self.exchange(method, params)).await.unwrap_or(Err(Error::TimedOut(limit)))
    }

    pub async fn subscribe(&mut self) -> Result<(), Error> {
        let (clock, timeout) = (self.clock.clone(), self.timeout);
        clock.timeout(timeout, self.subscribe_all()).await.unwrap_or(Err(Error::TimedOut(timeout)))
    }

    /// All at once: one after the other, a slow NAS would keep everybody waiting for a minute.
    async fn subscribe_all(&mut self) -> Result<(), Error> {
        const METHOD: &str = "core.subscribe";
        let mut unanswered = HashMap::new();
        for collection in COLLECTIONS {
            let id = self.fresh_id();
            self.send(frame::request(id, METHOD, &json!([collection]))?).await?;
            unanswered.insert(id, collection);
        }
        while !unanswered.is_empty() {
            let (id, outcome) = self.answer().await?;
            let Some(collection) = unanswered.remove(&id) else { continue };
            match outcome.map_err(|failure| failure.into_error(METHOD)) {
                Ok(_) => {}
                Err(error) if error.is_about_one_item() => debug!(collection, %error, "not told about this"),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn exchange<P: Serialize + ?Sized + Sync>(
        &mut self,
        method: &'static str,
        params: &P,
    ) -> Result<Value, Error> {
        let id = self.fresh_id();
        self.send(frame::request(id, method, params)?).await?;
        loop {
            let (answered, outcome) = self.answer().await?;
            if answered == id {
                return outcome.map_err(|failure| failure.into_error(method));
            }
        }
    }

    /// The next answer. Events of the time before the first full read are covered by it.
    async fn answer(&mut self) -> Result<(u64, Result<Value, Failure>), Error> {
        loop {
            match frame::parse(&self.receive().await?) {
                Frame::Answer { id, outcome } => return Ok((id, outcome)),
                Frame::Garbled(what) => return Err(Error::protocol("answer", what)),
                Frame::Event { .. } | Frame::Unsubscribed { .. } | Frame::Strange(_) => {}
            }
        }
    }

    /// Carries calls, answers and events until the connection ends; says why it did.
    pub async fn serve(
        &mut self,
        settings: &Settings,
        requests: &mut mpsc::Receiver<Request>,
        changes: broadcast::Sender<Change>,
    ) -> Error {
        let mut pings_unanswered = 0;
        let mut ping_due = Box::pin(self.clock.sleep(PING_EVERY));
        let mut login_due = Box::pin(self.clock.sleep(LOGIN_AGAIN_EVERY));
        loop {
            let step = tokio::select! {
                request = requests.recv() => match request {
                    Some(request) => self.forward(request).await,
                    None => Err(gone()),
                },
                text = self.receive() => match text {
                    Ok(text) => take(&text, &mut self.pending, &mut pings_unanswered, &changes),
                    Err(error) => Err(error),
                },
                () = &mut ping_due => {
                    ping_due = Box::pin(self.clock.sleep(PING_EVERY));
                    pings_unanswered += 1;
                    if pings_unanswered > PINGS_MISSED {
                        Err(Error::TimedOut(PING_EVERY * PINGS_MISSED))
                    } else {
                        self.ask(PING_ID, "core.ping", &json!([])).await
                    }
                }
                () = &mut login_due => {
                    login_due = Box::pin(self.clock.sleep(LOGIN_AGAIN_EVERY));
                    let (method, params) = login::request(settings);
                    self.ask(LOGIN_ID, method, &params).await
                }
            };
            if let Err(error) = step {
                return error;
            }
        }
    }

    async fn forward(&mut self, request: Request) -> Result<(), Error> {
        let id = self.fresh_id();
        let Request { call, answer } = request;
        match frame::request(id, call.method.rpc, &call.params) {
            Ok(text) => {
                self.pending.expect(id, call.method.rpc, answer);
                self.send(text).await
            }
            // Too long to send: that is between us and the caller, the connection is fine.
            Err(error) => {
                let _ = answer.send(Err(error));
                Ok(())
            }
        }
    }

    async fn ask(&mut self, id: u64, method: &str, params: &Value) -> Result<(), Error> {
        self.send(frame::request(id, method, params)?).await
    }

    async fn send(&mut self, text: Bytes) -> Result<(), Error> {
        let text = Utf8Bytes::try_from(text).map_err(|_| Error::protocol("request", "it is no text"))?;
        // A NAS that reads nothing must not hold us: nothing else would notice.
        match self.clock.timeout(self.timeout, self.socket.send(Message::Text(text))).await {
            Ok(sent) => sent.map_err(broken),
            Err(_) => Err(Error::TimedOut(self.timeout)),
        }
    }

    async fn receive(&mut self) -> Result<Utf8Bytes, Error> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text),
                Some(Ok(Message::Close(frame))) => return Err(closed(frame.as_ref())),
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(error)) => return Err(broken(error)),
                None => return Err(gone()),
            }
        }
    }

    fn fresh_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }
}

/// Acts on one message of the NAS.
fn take(
    text: &str,
    pending: &mut Pending,
    pings_unanswered: &mut u32,
    changes: &broadcast::Sender<Change>,
) -> Result<(), Error> {
    match frame::parse(text) {
        Frame::Answer { id: PING_ID, outcome } => {
            *pings_unanswered = 0;
            // Any other failure of a ping is an answer all the same: the NAS lives.
            if let Err(Error::SessionEnded) = outcome.map_err(|failure| failure.into_error("core.ping")) {
                return Err(Error::SessionEnded);
            }
        }
        Frame::Answer { id: LOGIN_ID, outcome } => {
            let answer = outcome.map_err(|failure| login::failed(failure.into_error("auth.login_ex")))?;
            login::verdict(&answer)?;
        }
        Frame::Answer { id, outcome } => {
            if pending.settle(id, outcome) {
                return Err(Error::SessionEnded);
            }
        }
        Frame::Event { collection, fields } => {
            // Nobody may be listening: then nobody misses it.
            let _ = changes.send(decode::change(&collection, &fields));
        }
        Frame::Unsubscribed { collection } => {
            warn!(collection = one_line(&collection), "the NAS ended a subscription; the timer goes on");
        }
        // It may be anybody's answer: all who wait are told, and a fresh connection is asked next time.
        Frame::Garbled(what) => return Err(Error::protocol("answer", what)),
        Frame::Strange(what) => {
            warn!(what, "the NAS sent something we do not understand");
            let _ = changes.send(Change::Unclear);
        }
    }
    Ok(())
}

fn closed(frame: Option<&CloseFrame>) -> Error {
    // How the NAS turns away an address that is not on its list.
    if frame.is_some_and(|frame| frame.code == CloseCode::Policy) { Error::AddressRefused } else { gone() }
}

fn broken(error: WsError) -> Error {
    if let WsError::Http(response) = &error {
        return match response.status().as_u16() {
            status @ 500..=599 => Error::NotReady { status },
            403 => Error::AddressRefused,
            status => Error::protocol("/api/current", format!("no WebSocket here (HTTP {status})")),
        };
    }
    if let WsError::Capacity(error) = &error {
        return Error::protocol("answer", error.to_string());
    }
    Error::Disconnected(Arc::new(error))
}
