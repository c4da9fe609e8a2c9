//! A share of all sockets and the one task that owns them: it writes what is shown, reads what browsers say, and lets go of
//! those that are slow, silent or rude. It never waits for any of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{AbortHandle, Abortable, Aborted, FuturesUnordered, SelectAll};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info};

use crate::domain::caller::AccountId;
use crate::runtime::Clock;
use crate::web::live::backlog::Kind;
use crate::web::live::desk::Desk;
use crate::web::live::frame::{self, Ending, Heard};
use crate::web::live::input::{Came, Input};
use crate::web::live::registry::{Id, Seat};
use crate::web::live::socket::{Beat, Show, Socket, Stage};
use crate::web::live::together::{MOST, by_person, chosen, join};
use crate::web::live::wire::{In, Out};

/// Who takes nothing for so long is let go.
const STALLED_AFTER: Duration = Duration::from_secs(30);
const BEAT: Duration = Duration::from_secs(1);
/// Everybody else has their turn after so much work: to look whether somebody wants something is 1, to write is more.
const WORK_AT_ONCE: usize = 1_024;
const WORK_OF_WRITE: usize = 32;

/// What a shard is told.
#[derive(Debug)]
pub enum Order {
    /// A browser has come. `begun` is what it had already sent.
    Open {
        seat: Seat,
        input: In,
        out: Out,
        begun: Bytes,
    },
    Begin(Id, Beginning),
    Show(Arc<Show>),
    /// With these frames before the goodbye.
    Close(Id, Option<Bytes>, Ending),
    /// What waits is thrown away, and made again from what is true now.
    BeginAgain(Which),
}

#[derive(Debug, Clone)]
pub enum Which {
    /// Lines are missing between what was shown and what will be.
    All,
    /// The rights of this person, or of anybody, may have changed since it was put there.
    Waiting(Option<AccountId>),
    /// Lines after this one were withheld from this person, and need not be any more.
    From(AccountId, u64),
}

/// What a socket begins with.
#[derive(Debug)]
pub struct Beginning {
    pub bytes: Bytes,
    /// By the rights of then its lines were chosen.
    pub begun: u64,
    /// The last line the browser had.
    pub from: u64,
    /// The last line it has with this.
    pub up_to: u64,
    pub version: u64,
}

/// What came of waiting for a full socket.
struct Written {
    id: Id,
    out: Out,
    /// What is left of the bytes. `None`: it is beyond repair, or takes nothing.
    rest: Option<Bytes>,
}

pub struct Shard {
    desk: Desk,
    clock: Clock,
    orders: mpsc::Receiver<Order>,
    sockets: BTreeMap<Id, Socket>,
    inputs: SelectAll<Abortable<Input>>,
    writing: FuturesUnordered<Abortable<BoxFuture<'static, Written>>>,
    /// Frames that waited at the last beat.
    waiting: u64,
}

impl Shard {
    pub fn new(desk: Desk, clock: Clock, orders: mpsc::Receiver<Order>) -> Self {
        let (inputs, writing) = (SelectAll::new(), FuturesUnordered::new());
        Self { desk, clock, orders, sockets: BTreeMap::new(), inputs, writing, waiting: 0 }
    }

    pub async fn run(mut self, stop: CancellationToken) {
        let mut beat = Box::pin(self.clock.sleep(BEAT));
        loop {
            tokio::select! {
                () = stop.cancelled() => return self.say_goodbye(),
                Some(order) = self.orders.recv() => self.obey(order).await,
                Some((id, came)) = self.inputs.next() => self.hear(id, came),
                Some(written) = self.writing.next() => self.go_on(written),
                () = &mut beat => {
                    self.beat();
                    beat = Box::pin(self.clock.sleep(BEAT));
                }
            }
        }
    }

    /// This one and those that wait behind it, in their order; then browsers have their turn.
    async fn obey(&mut self, first: Order) {
        let mut shows: Vec<Arc<Show>> = Vec::new();
        let (mut next, mut left) = (Some(first), MOST);
        while let Some(order) = next {
            if let Order::Show(show) = order {
                shows.push(show);
            } else {
                self.show(&std::mem::take(&mut shows)).await;
                self.obey_one(order);
            }
            left -= 1;
            next = if left > 0 { self.orders.try_recv().ok() } else { None };
        }
        self.show(&shows).await;
    }

    fn obey_one(&mut self, order: Order) {
        match order {
            Order::Show(_) => {}
            Order::Open { seat, input, out, begun } => {
                let (id, now_s) = (seat.id, self.now_s());
                let (input, handle) = stream::abortable(Input::new(id, input, &begun));
                self.inputs.push(input);
                self.sockets.insert(id, Socket::new(seat, out, handle, now_s));
                self.desk.counters().opened();
            }
            Order::Begin(id, beginning) => self.begin(id, beginning),
            Order::Close(id, last, ending) => self.close(id, last, ending),
            Order::BeginAgain(which) => self.begin_again(&which),
        }
    }

    fn begin_again(&mut self, which: &Which) {
        let (mut again, version) = (Vec::new(), self.desk.version());
        for (id, socket) in &mut self.sockets {
            let is_of = |account: &AccountId| socket.seat.person.account.id == *account;
            let (meant, latest) = match which {
                Which::All => (true, u64::MAX),
                Which::Waiting(of) => (socket.is_waiting() && of.as_ref().is_none_or(is_of), u64::MAX),
                Which::From(of, seq) => (is_of(of), *seq),
            };
            if meant {
                socket.begin_again(latest, version);
                again.push(*id);
            }
        }
        for id in again {
            self.flush(id);
        }
    }

    /// To everybody it is for: at once where nothing waits, else behind what waits.
    async fn show(&mut self, shows: &[Arc<Show>]) {
        if shows.is_empty() {
            return;
        }
        let (common, own) = by_person(shows);
        let mut joined: HashMap<u64, Bytes> = HashMap::new();
        let (mut full, mut lost, mut frames) = (Vec::new(), Vec::new(), 0);
        let mut work = 0;
        for (id, socket) in &mut self.sockets {
            work += 1;
            if work >= WORK_AT_ONCE {
                work = 0;
                tokio::task::yield_now().await;
            }
            let meant = common | own.get(&socket.seat.person.account.id).copied().unwrap_or_default();
            if meant == 0 {
                continue;
            }
            let bit = |at: usize| u64::from(meant & (1 << at) != 0 && socket.wants(&shows[at])) << at;
            let mask = (0..shows.len()).map(bit).fold(0, |mask, bit| mask | bit);
            if mask == 0 {
                continue;
            }
            work += WORK_OF_WRITE;
            frames += u64::from(mask.count_ones());
            if socket.is_clear() {
                let bytes = joined.entry(mask).or_insert_with(|| join(shows, mask));
                match socket.out.as_mut().map_or_else(|| Ok(Some(bytes.clone())), |out| out.try_write(bytes)) {
                    Ok(None) => {}
                    Ok(Some(rest)) => full.push((*id, rest)),
                    Err(_) => lost.push((*id, None)),
                }
            } else {
                let counters = self.desk.counters();
                let wanted = chosen(shows, mask);
                let queued = wanted.map(|show| socket.queue(show.kind, show.bytes.clone(), counters));
                if let Err(ending) = queued.collect::<Result<(), _>>() {
                    lost.push((*id, Some(ending)));
                }
            }
        }
        self.desk.counters().sent(frames);
        for (id, rest) in full {
            self.wait(id, rest);
        }
        for (id, ending) in lost {
            match ending {
                Some(ending) => self.close(id, None, ending),
                None => self.let_go(id),
            }
        }
    }

    fn begin(&mut self, id: Id, beginning: Beginning) {
        let Some(socket) = self.sockets.get_mut(&id) else { return };
        socket.begin(beginning);
        self.flush(id);
    }

    /// Writes what waits, as far as it is taken.
    fn flush(&mut self, id: Id) {
        while let Some(socket) = self.sockets.get_mut(&id) {
            let Some(bytes) = socket.next() else { break };
            let Some(out) = socket.out.as_mut() else { break };
            match out.try_write(&bytes) {
                Ok(None) => {}
                Ok(Some(rest)) => return self.wait(id, rest),
                Err(_) => return self.let_go(id),
            }
        }
        self.drained(id);
    }

    /// Nothing waits any more.
    fn drained(&mut self, id: Id) {
        let Some(socket) = self.sockets.get_mut(&id).filter(|socket| socket.out.is_some()) else { return };
        match socket.stage {
            Stage::Open => socket.resynced = false,
            Stage::Behind { from } => {
                socket.stage = Stage::Beginning { again: true, remake: None };
                self.desk.counters().resynced();
                self.desk.begin_again(id, socket.seat.person.clone(), socket.seat.look, from);
            }
            // Half of the goodbye is that nothing more will come.
            Stage::Closing { .. } => socket.out = None,
            Stage::Beginning { .. } => {}
        }
    }

    fn wait(&mut self, id: Id, rest: Bytes) {
        let Some(socket) = self.sockets.get_mut(&id) else { return };
        let Some(mut out) = socket.out.take() else { return };
        let clock = self.clock.clone();
        let write = async move {
            let written = clock.timeout(STALLED_AFTER, out.write(&rest)).await;
            let rest = written.ok().and_then(Result::ok).map(|written| rest.slice(written..));
            Written { id, out, rest }
        };
        let (handle, registration) = AbortHandle::new_pair();
        socket.writing = Some(handle);
        self.writing.push(Abortable::new(write.boxed(), registration));
    }

    fn go_on(&mut self, written: Result<Written, Aborted>) {
        let Ok(Written { id, out, rest }) = written else { return };
        let Some(socket) = self.sockets.get_mut(&id) else { return };
        socket.writing = None;
        socket.out = Some(out);
        match rest {
            Some(rest) if rest.is_empty() => self.flush(id),
            Some(rest) => self.wait(id, rest),
            None => {
                // No goodbye reaches somebody who takes nothing.
                self.tell_end(id, Ending::TooSlow);
                self.let_go(id);
            }
        }
    }

    fn hear(&mut self, id: Id, came: Came) {
        let now_s = self.now_s();
        let Some(socket) = self.sockets.get_mut(&id) else { return };
        let heard = match came {
            Came::Gone => return self.let_go(id),
            Came::Violation(violation) => return self.refuse(id, &violation.to_string()),
            Came::Frame(heard) => heard,
        };
        if matches!(socket.stage, Stage::Closing { .. }) {
            if heard == Heard::Close {
                self.let_go(id);
            }
            return;
        }
        if !socket.count(matches!(heard, Heard::Text(_)), now_s) {
            return self.refuse(id, "more in a minute than allowed");
        }
        match heard {
            Heard::Fragment => {}
            Heard::Pong => socket.answered(now_s),
            Heard::Ping(payload) => self.answer(id, frame::pong(&payload)),
            Heard::Close => self.close(id, None, Ending::Normal),
            Heard::Text(text) if text == "ping" => self.answer(id, frame::text("pong")),
            Heard::Text(text) => match text.strip_prefix("seen ").and_then(|seq| seq.parse().ok()) {
                Some(seq) => self.desk.see(id, socket.seat.person.clone(), seq),
                None => self.refuse(id, "a message that means nothing"),
            },
        }
    }

    fn answer(&mut self, id: Id, bytes: Bytes) {
        let Some(socket) = self.sockets.get_mut(&id) else { return };
        match socket.queue(Kind::Aside, bytes, self.desk.counters()) {
            Ok(()) => self.flush(id),
            Err(ending) => self.close(id, None, ending),
        }
    }

    fn refuse(&mut self, id: Id, reason: &str) {
        if let Some(socket) = self.sockets.get(&id) {
            info!(user = socket.seat.person.account.username, reason, "a browser's socket sent what it must not");
            self.desk.counters().violated();
        }
        self.close(id, None, Ending::NotAllowed);
    }

    /// Says goodbye, after `last`, and stops listening to all but the answer.
    fn close(&mut self, id: Id, last: Option<Bytes>, ending: Ending) {
        let now_s = self.now_s();
        self.tell_end(id, ending);
        let Some(socket) = self.sockets.get_mut(&id) else { return };
        if !matches!(socket.stage, Stage::Closing { .. }) {
            socket.close(last.into_iter().chain([frame::close(ending)]).collect(), now_s);
            self.flush(id);
        }
    }

    fn tell_end(&self, id: Id, ending: Ending) {
        let Some(socket) = self.sockets.get(&id) else { return };
        let (user, code) = (&socket.seat.person.account.username, ending.code());
        match ending {
            Ending::TooSlow => {
                self.desk.counters().too_slow();
                info!(user, code, "a browser takes nothing any more and is let go");
            }
            Ending::Normal | Ending::Restart | Ending::Busy | Ending::SessionEnded | Ending::NotAllowed => {
                debug!(user, code, "a browser's socket is closed");
            }
        }
    }

    fn let_go(&mut self, id: Id) {
        if self.sockets.remove(&id).is_some() {
            self.desk.counters().closed();
            self.desk.tell_online();
        }
    }

    fn beat(&mut self) {
        let now_s = self.now_s();
        let backlogs = self.sockets.values().filter_map(|socket| socket.backlog.as_ref());
        let waiting = backlogs.map(|backlog| backlog.len() as u64).sum();
        self.desk.counters().wait(std::mem::replace(&mut self.waiting, waiting), waiting);
        let beats = self.sockets.iter_mut().map(|(id, socket)| (*id, socket.beat(now_s)));
        let due: Vec<(Id, Beat)> = beats.filter(|(_, beat)| *beat != Beat::Nothing).collect();
        for (id, beat) in due {
            if beat == Beat::Ping { self.answer(id, frame::ping()) } else { self.let_go(id) }
        }
    }

    fn say_goodbye(mut self) {
        for socket in self.sockets.values_mut() {
            if let Some(out) = socket.out.as_mut().filter(|_| !matches!(socket.stage, Stage::Closing { .. })) {
                // Whoever takes nothing at this moment comes back all the same.
                let _ = out.try_write(&frame::close(Ending::Restart));
            }
        }
    }

    fn now_s(&self) -> u32 {
        u32::try_from(self.clock.uptime().as_secs()).unwrap_or(u32::MAX)
    }
}
