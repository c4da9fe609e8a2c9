//! The browsers: many sockets held by one thread that does as little as can be done for each.

pub mod frame;
mod tally;

use std::net::SocketAddr;
use std::rc::Rc;

use farol::runtime::Clock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::LocalSet;

use crate::http::Caller;
use crate::wire::{Listen, PATIENCE, TABS, orders, say, stamp};
use frame::Kind;
use tally::{Expected, Piece, Tally};

/// What an employee's page shows live.
const TOPICS: &str = "storage,banner,bell,shares";
/// The part a change shows anew.
const CHANGES: &[u8] = b"hx-target=\"#storage\"";
/// Opened at once; the next one comes when a page has its present.
const OPENING: usize = 32;
/// More than eight pieces, so that one read takes all there is.
const BUFFER: usize = 16 << 10;

#[tokio::main(flavor = "current_thread")]
pub async fn run() {
    LocalSet::new().run_until(listen()).await;
}

async fn listen() {
    let (mut orders, mut tally) = (orders::<Listen>(), Rc::new(Tally::default()));
    let mut stalled = Vec::new();
    while let Some(order) = orders.recv().await {
        match order {
            Listen::Connect { address, sockets, cookies, cursor } => {
                tally = Rc::new(Tally::new(sockets as usize));
                let door = Rc::new(Door { address, cookies, cursor, places: Semaphore::new(OPENING) });
                let opening = (0..sockets).map(|number| open(Rc::clone(&door), number, Rc::clone(&tally)));
                futures_util::future::join_all(opening).await;
                say(&());
            }
            Listen::Stall { address, sockets, cookies, cursor } => {
                let door = Door { address, cookies, cursor, places: Semaphore::new(OPENING) };
                stalled.extend(futures_util::future::join_all((0..sockets).map(|number| stall(&door, number))).await);
                say(&());
            }
            Listen::ConnectPlainly { address, sockets } => {
                tally = Rc::new(Tally::new(sockets as usize));
                for number in 0..sockets {
                    drop(read(Caller::connect(address, number).await, number, Rc::clone(&tally)));
                }
                say(&());
            }
            Listen::Expect { first, count } => {
                tally.expect(Expected::Pieces { first, count });
                say(&());
            }
            Listen::ExpectChange => {
                tally.expect(Expected::Change);
                say(&());
            }
            Listen::Collect(sent) => {
                // What has not come by then is counted as lost.
                let _ = Clock::real().timeout(PATIENCE, tally.all_here()).await;
                say(&tally.collect(&sent));
            }
            Listen::Sample => say(&*tally.sample.borrow()),
        }
    }
}

/// From now on, until it is closed. Hears when the first text has come.
fn read(caller: Caller, number: u32, tally: Rc<Tally>) -> oneshot::Receiver<()> {
    let (stream, rest) = caller.into_parts();
    let (begun, heard) = oneshot::channel();
    let reader = Reader { socket: number as usize, stream, begun: Some(begun), next: None, tally };
    tokio::task::spawn_local(reader.run(rest));
    heard
}

struct Door {
    address: SocketAddr,
    cookies: Vec<String>,
    cursor: String,
    places: Semaphore,
}

/// As a page does it: a ticket, then the socket.
async fn open(door: Rc<Door>, number: u32, tally: Rc<Tally>) {
    let _place = door.places.acquire().await.expect("never closed");
    let caller = Caller::connect(door.address, number).await;
    let caller = door.enter(caller, number, (number / TABS) as usize).await;
    // The present of its page; one that is closed before shows when something is missing.
    drop(read(caller, number, tally).await);
}

/// One more of a session each. Its present is on its way, and nothing of it is read.
async fn stall(door: &Door, number: u32) -> Caller {
    let _place = door.places.acquire().await.expect("never closed");
    let caller = Caller::connect_narrowly(door.address, number).await;
    door.enter(caller, number, number as usize).await
}

impl Door {
    async fn enter(&self, mut caller: Caller, number: u32, session: usize) -> Caller {
        let Self { address, cookies, cursor, .. } = self;
        let cookie = format!("Cookie: {}\r\n", cookies[session]);
        let ticket = Caller::connect(*address, number).await.ask("POST", "/live/ticket", &cookie, "").await;
        let body: serde_json::Value = serde_json::from_slice(&ticket.body).unwrap_or_default();
        let ticket = body["ticket"].as_str().unwrap_or_else(|| panic!("no ticket: {} {body}", ticket.status));
        let path = format!("/live?cursor={cursor}&ticket={ticket}&topics={TOPICS}");
        let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let answer = caller.ask("GET", &path, &format!("{cookie}{upgrade}"), "").await;
        assert_eq!(answer.status, 101, "no socket: {}", answer.head);
        caller
    }
}

struct Reader {
    socket: usize,
    stream: TcpStream,
    begun: Option<oneshot::Sender<()>>,
    /// The number the next piece must have; the first one may have any.
    next: Option<u32>,
    tally: Rc<Tally>,
}

impl Reader {
    async fn run(mut self, rest: Vec<u8>) {
        let mut bytes = Vec::with_capacity(BUFFER);
        bytes.extend(rest);
        loop {
            self.read(&mut bytes).await;
            match self.stream.read_buf(&mut bytes).await {
                Ok(length) if length > 0 => {}
                Ok(_) | Err(_) => return self.tally.closed(),
            }
        }
    }

    /// Takes whole frames off the beginning.
    async fn read(&mut self, bytes: &mut Vec<u8>) {
        let (mut taken, now) = (0, stamp());
        while let Some(found) = frame::first(&bytes[taken..]) {
            let whole = taken..taken + found.payload.end;
            let payload = taken + found.payload.start..whole.end;
            match found.kind {
                Kind::Text => self.text(&bytes[whole.clone()], now),
                Kind::Ping => self.answer(&bytes[payload]).await,
                Kind::Close => self.tally.goodbye(&bytes[payload]),
                Kind::Other => {}
            }
            taken = whole.end;
        }
        bytes.drain(..taken);
    }

    fn text(&mut self, frame: &[u8], now: u64) {
        if let Some(begun) = self.begun.take() {
            // Nobody waits for it at the floor.
            let _ = begun.send(());
        }
        let mut last = None;
        // A piece may say its number more than once.
        for mark in frame::marks(frame).filter(|mark| last.replace(mark.number) != Some(mark.number)) {
            let in_order = self.next.is_none_or(|next| next == mark.number);
            self.tally.piece(Piece { socket: self.socket, number: mark.number, in_order }, now, frame);
            self.next = Some(mark.number + 1);
        }
        // Others show what they like at any moment, as the bell does.
        if last.is_none() && frame.windows(CHANGES.len()).any(|part| part == CHANGES) {
            self.tally.change(self.socket, now, frame);
        }
    }

    /// A browser masks what it says; with zeros, for us.
    async fn answer(&mut self, asked: &[u8]) {
        let length = u8::try_from(asked.len()).unwrap_or_default();
        let frame = [&[0x8a, 0x80 | length, 0, 0, 0, 0], asked].concat();
        // A server that is gone is noticed by reading.
        drop(self.stream.write_all(&frame).await);
    }
}
