//! One open socket: reads calls, runs a few at a time, passes events on, and ends as the front proxy would end it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Semaphore;
use tokio::sync::broadcast::error::RecvError;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::calls::Desk;
use super::dialect::{Asked, Call, Dialect};
use super::session::Session;
use crate::sim::events::{self, Event};
use crate::sim::faults::{self, Fault};
use crate::sim::front::SLOW;
use crate::sim::nas::{Nas, News};
use crate::sim::network::Peer;

/// Calls of one connection that run, and as many again that wait.
const RUNNING: usize = 10;
const ACCEPTED: usize = 20;
/// Longest frame read before and after the login.
const FRAME_BEFORE_LOGIN: usize = 8_192;
const FRAME_AFTER_LOGIN: usize = 65_536;

/// The connection is over.
struct Ended;

pub(super) struct Connection {
    desk: Desk,
    socket: WebSocketStream<TokioIo<Upgraded>>,
    calls: FuturesUnordered<BoxFuture<'static, Vec<Value>>>,
    slots: Arc<Semaphore>,
    idle: BoxFuture<'static, ()>,
}

impl Connection {
    pub(super) fn new(nas: Arc<Nas>, peer: Peer, dialect: Dialect, socket: WebSocketStream<TokioIo<Upgraded>>) -> Self {
        let idle = idle(&nas);
        let desk = Desk { nas, peer, dialect, session: Arc::new(Mutex::new(Session::default())) };
        Self { desk, socket, calls: FuturesUnordered::new(), slots: Arc::new(Semaphore::new(RUNNING)), idle }
    }

    /// Until either side ends it. Returning drops the stream, which the client sees as a cut.
    pub(super) async fn run(mut self) {
        if self.desk.nas.switches.is_on(Fault::UiAllowlist) {
            self.close(1008).await;
            return;
        }
        let mut news = self.desk.nas.news.subscribe();
        loop {
            let step = tokio::select! {
                () = &mut self.idle => Err(Ended),
                heard = news.recv() => match heard {
                    Ok(news) => self.hear(news).await,
                    // Too slow for the burst: what was missed is missed, as on the real one.
                    Err(RecvError::Lagged(_)) => Ok(()),
                    Err(RecvError::Closed) => Err(Ended),
                },
                Some(frames) = self.calls.next() => self.reply(frames).await,
                message = self.socket.next() => match message {
                    Some(Ok(message)) => self.read(message).await,
                    Some(Err(_)) | None => Err(Ended),
                },
            };
            if step.is_err() {
                return;
            }
        }
    }

    async fn read(&mut self, message: Message) -> Result<(), Ended> {
        let Message::Text(text) = message else { return Ok(()) };
        let logged_in = self.desk.session().is_logged_in();
        if text.len() > if logged_in { FRAME_AFTER_LOGIN } else { FRAME_BEFORE_LOGIN } {
            self.close(if logged_in { 1009 } else { 1007 }).await;
            return Err(Ended);
        }
        let asked = self.desk.dialect.read(&text);
        if self.desk.dialect == Dialect::Legacy && asked != Asked::Connect && !self.desk.session().greeted {
            self.send(&json!({"msg": "failed", "version": "1"})).await?;
            return Err(Ended);
        }
        match asked {
            Asked::Call(call) => self.begin(call).await,
            Asked::Connect => {
                self.desk.session().greeted = true;
                let session = crate::sim::world::uuid(&self.desk.nas.random);
                self.send(&json!({"msg": "connected", "session": session})).await
            }
            Asked::Ping(_) if self.desk.nas.profile.has_rpc() => Ok(()),
            Asked::Ping(id) => self.send(&json!({"msg": "pong", "id": id})).await,
            Asked::Subscribe { id, name } => {
                let answer = self.desk.legacy_subscribe(&id, &name);
                self.send(&answer).await
            }
            Asked::Unsubscribe { id } => {
                self.desk.session().subscriptions.remove(id.as_str().unwrap_or_default());
                self.send(&json!({"msg": "nosub", "id": id})).await
            }
            Asked::Nonsense(answer) => self.send(&answer).await,
        }
    }

    async fn begin(&mut self, call: Call) -> Result<(), Ended> {
        if self.calls.len() >= ACCEPTED {
            let answer = call.id.map(|id| self.desk.dialect.overload(&id));
            return match answer {
                Some(answer) => self.send(&answer).await,
                None => Ok(()),
            };
        }
        let (desk, slots) = (self.desk.clone(), Arc::clone(&self.slots));
        self.calls.push(
            async move {
                let _slot = slots.acquire().await;
                if desk.nas.switches.is_on(Fault::Silent) {
                    return std::future::pending().await;
                }
                if desk.nas.switches.is_on(Fault::Slow) {
                    desk.nas.clock.sleep(SLOW).await;
                }
                desk.answer(&call)
            }
            .boxed(),
        );
        Ok(())
    }

    async fn reply(&mut self, frames: Vec<Value>) -> Result<(), Ended> {
        for mut frame in frames {
            if let Some(result) = frame.get_mut("result") {
                faults::pad(&self.desk.nas, result);
            }
            let text = frame.to_string();
            if self.desk.nas.switches.is_on(Fault::MalformedReply) {
                self.send_text(faults::spoil(&text)).await?;
            } else if self.desk.nas.switches.take(Fault::MidFrameDrop) {
                self.send_half(&text).await;
                return Err(Ended);
            } else {
                self.send_text(text).await?;
            }
        }
        Ok(())
    }

    async fn hear(&mut self, news: News) -> Result<(), Ended> {
        match news {
            News::Event(event) => self.pass_on(&event).await,
            News::Malformed => {
                let broken = r#"{"jsonrpc":"2.0","method":"collection_update","params":{"msg":"chan"#;
                let wrong = json!({"jsonrpc": "2.0", "method": "collection_update", "msg": 7,
                    "params": {"msg": "added", "collection": 7, "fields": "x"}});
                self.send_text(broken.to_owned()).await?;
                self.send(&wrong).await
            }
            News::Close(code) => {
                self.close(code).await;
                Err(Ended)
            }
            News::SessionsExpire => {
                self.desk.session().log_out();
                Ok(())
            }
        }
    }

    async fn pass_on(&mut self, event: &Event) -> Result<(), Ended> {
        let names: Vec<String> = self.desk.session().subscriptions.values().cloned().collect();
        for name in names.iter().filter(|name| events::split(name).0 == event.collection) {
            self.send(&self.desk.dialect.event(event, name)).await?;
        }
        Ok(())
    }

    async fn send(&mut self, frame: &Value) -> Result<(), Ended> {
        self.send_text(frame.to_string()).await
    }

    async fn send_text(&mut self, text: String) -> Result<(), Ended> {
        self.idle = idle(&self.desk.nas);
        self.socket.send(Message::text(text)).await.map_err(|_| Ended)
    }

    /// The header promises the whole text, half of it comes.
    async fn send_half(&mut self, text: &str) {
        const WHOLE_TEXT_FRAME: u8 = 0x81;
        const LENGTH_IN_EIGHT_BYTES: u8 = 127;
        let mut bytes = vec![WHOLE_TEXT_FRAME, LENGTH_IN_EIGHT_BYTES];
        bytes.extend((text.len() as u64).to_be_bytes());
        bytes.extend(&text.as_bytes()[..text.len() / 2]);
        let stream = self.socket.get_mut();
        // It is about to be cut anyway.
        let _ = stream.write_all(&bytes).await;
        let _ = stream.flush().await;
    }

    async fn close(&mut self, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: Utf8Bytes::from_static("") };
        // The client may be gone already.
        let _ = self.socket.close(Some(frame)).await;
    }
}

/// Ends when the server has been silent for too long.
fn idle(nas: &Nas) -> BoxFuture<'static, ()> {
    nas.clock.sleep(Duration::from_secs(nas.profile.idle_limit_s())).boxed()
}
