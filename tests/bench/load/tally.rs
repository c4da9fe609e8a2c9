//! What has come, at which socket, when. One thread holds it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use tokio::sync::Notify;

use crate::figures::quantile;
use crate::wire::{Received, Sent};

#[derive(Debug, Default)]
pub struct Tally {
    sockets: usize,
    expected: Cell<Expected>,
    /// When each piece came at each socket; nothing yet is 0.
    arrivals: RefCell<Vec<u64>>,
    missing: Cell<usize>,
    disorder: Cell<u32>,
    closed: Cell<u32>,
    codes: RefCell<BTreeSet<u16>>,
    bytes: Cell<usize>,
    /// The last piece, as it came.
    pub sample: RefCell<Vec<u8>>,
    all_here: Notify,
}

#[derive(Debug, Clone, Copy, Default)]
pub enum Expected {
    #[default]
    Nothing,
    Pieces {
        first: u32,
        count: u32,
    },
    Change,
}

/// One that came.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    pub socket: usize,
    pub number: u32,
    /// Its number is the next one there.
    pub in_order: bool,
}

impl Tally {
    pub fn new(sockets: usize) -> Self {
        Self { sockets, ..Self::default() }
    }

    pub fn expect(&self, expected: Expected) {
        let count = match expected {
            Expected::Nothing => 0,
            Expected::Pieces { count, .. } => count as usize,
            Expected::Change => 1,
        };
        self.expected.set(expected);
        self.missing.set(count * self.sockets);
        self.disorder.set(0);
        let mut arrivals = self.arrivals.borrow_mut();
        arrivals.clear();
        arrivals.resize(count * self.sockets, 0);
    }

    pub fn piece(&self, piece: Piece, now: u64, bytes: &[u8]) {
        let Expected::Pieces { first, count } = self.expected.get() else { return };
        let Piece { socket, number, in_order } = piece;
        if !in_order {
            self.disorder.set(self.disorder.get() + 1);
        }
        if (first..first + count).contains(&number) {
            self.arrived((number - first) as usize * self.sockets + socket, now, bytes);
        }
    }

    /// The part that changes came. The first one counts: a look at the storage may show it again.
    pub fn change(&self, socket: usize, now: u64, bytes: &[u8]) {
        if matches!(self.expected.get(), Expected::Change) && self.arrivals.borrow()[socket] == 0 {
            self.arrived(socket, now, bytes);
        }
    }

    fn arrived(&self, place: usize, now: u64, bytes: &[u8]) {
        let mut arrivals = self.arrivals.borrow_mut();
        if arrivals[place] != 0 {
            self.disorder.set(self.disorder.get() + 1);
            return;
        }
        arrivals[place] = now;
        self.missing.set(self.missing.get() - 1);
        if self.missing.get() == 0 {
            self.bytes.set(bytes.len());
            let mut sample = self.sample.borrow_mut();
            sample.clear();
            sample.extend_from_slice(bytes);
            self.all_here.notify_one();
        }
    }

    /// The server says why it is about to close.
    pub fn goodbye(&self, reason: &[u8]) {
        self.codes.borrow_mut().extend(reason.first_chunk().map(|code| u16::from_be_bytes(*code)));
    }

    pub fn closed(&self) {
        self.closed.set(self.closed.get() + 1);
        self.all_here.notify_one();
    }

    /// Or somebody was closed, and nothing more is to be waited for.
    pub async fn all_here(&self) {
        while self.missing.get() > 0 && self.closed.get() == 0 {
            self.all_here.notified().await;
        }
    }

    pub fn collect(&self, sent: &Sent) -> Received {
        let arrivals = self.arrivals.borrow();
        let first = sent.sent.first().copied().unwrap_or_default();
        let of_each = arrivals.chunks(self.sockets.max(1)).zip(&sent.sent);
        let waits = of_each.flat_map(|(arrivals, sent)| arrivals.iter().map(|arrival| arrival.saturating_sub(*sent)));
        let mut waits: Vec<u64> = waits.collect();
        waits.sort_unstable();
        Received {
            completion: arrivals.iter().max().copied().unwrap_or_default().saturating_sub(first),
            kept: first.saturating_sub(sent.begun),
            p50: quantile(&waits, 50),
            p99: quantile(&waits, 99),
            bytes: self.bytes.get(),
            lost: self.missing.get(),
            disorder: self.disorder.get(),
            closed: self.closed.get(),
            codes: self.codes.borrow().clone(),
        }
    }
}
