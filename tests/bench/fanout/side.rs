//! Whoever sends pieces, and the browsers that hear it: the real server, or the floor.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use crate::figures::quantile;
use crate::helper::Helper;
use crate::machine::{self, Cores};
use crate::wire::{Listen, Nas, Open, Order, Plan, Received, Role, Sent, TABS};

/// Sessions of a person: as many browsers.
const SESSIONS_EACH: u32 = 4;
/// Sockets that come and go before any is measured.
const FIRST: u32 = 100;
/// After opening, until everybody has done what they had put off.
pub const SETTLE: Duration = Duration::from_secs(3);
/// Before a piece: both sides are idle again, and what is merged within 50 ms is not what is measured.
const PAUSE: Duration = Duration::from_millis(80);

pub struct Side {
    source: Helper,
    browsers: Helper,
    pub address: SocketAddr,
    pub sockets: u32,
    /// Of the server: who is signed in, and where their pages begin.
    door: (Vec<String>, String),
    next: u32,
    filling: usize,
    pub frame_bytes: usize,
}

/// Pieces, or groups of pieces, sent one after the other.
pub struct Singles {
    received: Vec<Received>,
    cpu: u64,
    deliveries: u32,
}

impl Singles {
    fn median(&self, figure: impl Fn(&Received) -> u64) -> u64 {
        let mut values: Vec<u64> = self.received.iter().map(figure).collect();
        values.sort_unstable();
        quantile(&values, 50)
    }

    pub fn completion(&self) -> u64 {
        self.median(|received| received.completion)
    }

    pub fn kept(&self) -> u64 {
        self.median(|received| received.kept)
    }

    pub fn p50(&self) -> u64 {
        self.median(|received| received.p50)
    }

    pub fn p99(&self) -> u64 {
        self.median(|received| received.p99)
    }

    pub fn bytes(&self) -> usize {
        self.received.last().map_or(0, |received| received.bytes)
    }

    pub fn cpu_us(&self) -> f64 {
        Duration::from_nanos(self.cpu).as_secs_f64() * 1e6 / f64::from(self.deliveries.max(1))
    }
}

impl Side {
    /// With all sockets open and idle; and how much memory each of them takes, in KiB.
    pub fn server(cores: &Cores, nas: &Nas, folder: &Path, sockets: u32) -> (Self, f64) {
        let people = sockets.div_ceil(SESSIONS_EACH * TABS);
        let plan = Plan { folder: folder.to_owned(), nas: nas.clone(), people, sessions_each: SESSIONS_EACH };
        let mut source = Helper::start(Role::Server, cores.server);
        let Open { address, cookies, cursor } = source.ask(&plan);
        // What the first ones make the server do once and keep is none of the others' memory.
        let mut first = Helper::start(Role::Load, cores.load);
        let few = sockets.min(FIRST);
        let () =
            first.ask(&Listen::Connect { address, sockets: few, cookies: cookies.clone(), cursor: cursor.clone() });
        drop(first);
        pause(SETTLE);
        let before = machine::memory_kib(source.id());
        let mut browsers = Helper::start(Role::Load, cores.load);
        let door = (cookies.clone(), cursor.clone());
        let () = browsers.ask(&Listen::Connect { address, sockets, cookies, cursor });
        pause(SETTLE);
        let taken = machine::memory_kib(source.id()).saturating_sub(before);
        let side = Self { door, ..Self::new(source, browsers, address, sockets) };
        (side, f64::from(taken) / f64::from(sockets))
    }

    /// More sockets of the same people, which take as little as can be and read nothing while the helper lives.
    pub fn stall(&self, cores: &Cores, sockets: u32) -> Helper {
        let (address, (cookies, cursor)) = (self.address, self.door.clone());
        let mut stalled = Helper::start(Role::Load, cores.load);
        let () = stalled.ask(&Listen::Stall { address, sockets, cookies, cursor });
        stalled
    }

    /// Frames the server has not kept for whoever does not take them.
    pub fn dropped(&mut self) -> u64 {
        self.source.ask(&Order::Dropped)
    }

    /// Of these bytes.
    pub fn floor(cores: &Cores, sockets: u32, template: Vec<u8>) -> Self {
        let mut source = Helper::start(Role::Floor, cores.server);
        let Open { address, .. } = source.hear();
        let mut browsers = Helper::start(Role::Load, cores.load);
        let () = browsers.ask(&Listen::ConnectPlainly { address, sockets });
        let () = source.ask(&Order::Template(template));
        Self::new(source, browsers, address, sockets)
    }

    fn new(source: Helper, browsers: Helper, address: SocketAddr, sockets: u32) -> Self {
        Self { source, browsers, address, sockets, door: Default::default(), next: 0, filling: 0, frame_bytes: 0 }
    }

    /// Finds the text that makes a piece of `bytes`, and gives such a piece as it is on the wire.
    pub fn calibrate(&mut self, bytes: usize) -> Vec<u8> {
        for _ in 0..3 {
            let is = self.pieces(1).bytes;
            self.filling = (self.filling + bytes).saturating_sub(is);
        }
        self.frame_bytes = self.pieces(1).bytes;
        self.browsers.ask(&Listen::Sample)
    }

    pub fn one_by_one(&mut self, pieces: u32) -> Singles {
        self.several(pieces, self.sockets, |side| side.pieces(1))
    }

    /// `groups` times `count` pieces in flight.
    pub fn together(&mut self, count: u32, groups: u32) -> Singles {
        self.several(groups, self.sockets * count, |side| side.pieces(count))
    }

    /// `count` pieces in flight, of so much text each.
    pub fn flood(&mut self, count: u32, text: usize) {
        let filling = std::mem::replace(&mut self.filling, text);
        self.pieces(count);
        self.filling = filling;
    }

    /// Of something shown whole.
    pub fn changes(&mut self, changes: u32) -> Singles {
        self.several(changes, self.sockets, |side| side.send(&Listen::ExpectChange, &Order::Change))
    }

    fn several(&mut self, times: u32, deliveries: u32, one: impl Fn(&mut Self) -> Received) -> Singles {
        let (mut received, mut cpu) = (Vec::new(), 0);
        for _ in 0..times {
            pause(PAUSE);
            let before = machine::time_on_core(self.source.id());
            received.push(one(self));
            cpu += machine::time_on_core(self.source.id()).saturating_sub(before);
        }
        Singles { received, cpu, deliveries: times * deliveries }
    }

    fn pieces(&mut self, count: u32) -> Received {
        let first = self.next;
        self.next += count;
        let order = Order::Pieces { first, count, filling: self.filling };
        self.send(&Listen::Expect { first, count }, &order)
    }

    fn send(&mut self, expected: &Listen, order: &Order) -> Received {
        let () = self.browsers.ask(expected);
        let sent: Sent = self.source.ask(order);
        let received: Received = self.browsers.ask(&Listen::Collect(sent));
        let Received { lost, disorder, closed, ref codes, .. } = received;
        let well = lost == 0 && disorder == 0 && closed == 0;
        assert!(
            well,
            "{lost} deliveries lost, {disorder} out of order, {closed} sockets closed by the server, {codes:?}"
        );
        received
    }
}

#[expect(clippy::disallowed_methods, reason = "this process does nothing else")]
pub fn pause(span: Duration) {
    std::thread::sleep(span);
}
