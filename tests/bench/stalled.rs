//! Some of many sockets read nothing: what the others notice of it.

use serde::Serialize;

use crate::fanout::side::{Side, Singles};
use crate::figures::{Spread, milliseconds};
use crate::machine::Cores;
use crate::options::Options;
use crate::wire::Nas;

const READING: u32 = 450;
const STALLED: u32 = 50;
/// In a round. All of them take less time than the server waits for whoever takes nothing.
const PIECES: u32 = 10;
/// Sent until the server has given up keeping what the stalled ones do not take: in flight at once, text in each, and how
/// often at most. The system takes some four million bytes for whoever reads nothing.
const FLOOD: (u32, usize, u32) = (8, 8_000, 200);

#[derive(Debug, Serialize)]
pub struct Stalled {
    pub reading: u32,
    pub silent: u32,
    /// While everybody reads.
    pub before_p99_ms: Spread,
    pub p50_ms: Spread,
    pub p99_ms: Spread,
    pub completion_ms: Spread,
    /// Frames that were not kept for the stalled ones.
    pub dropped: u64,
}

pub fn measure(options: &Options, cores: &Cores, nas: &Nas) -> Stalled {
    options.tell(&format!("{STALLED} of {} sockets read nothing", READING + STALLED));
    let home = tempfile::Builder::new().prefix("farol-bench-").tempdir().expect("a folder for temporary files");
    let (mut server, _) = Side::server(cores, nas, home.path(), READING);
    let rounds =
        |server: &mut Side| -> Vec<Singles> { (0..options.rounds()).map(|_| server.one_by_one(PIECES)).collect() };
    let before = rounds(&mut server);
    let _stalled = server.stall(cores, STALLED);
    let (count, text, most) = FLOOD;
    let full = (0..most).any(|_| {
        server.flood(count, text);
        server.dropped() > 0
    });
    assert!(full, "whoever reads nothing has taken all of it");
    let meanwhile = rounds(&mut server);
    let over = |rounds: &[Singles], figure: fn(&Singles) -> u64| {
        Spread::of(rounds.iter().map(|round| milliseconds(figure(round))))
    };
    Stalled {
        reading: READING,
        silent: STALLED,
        before_p99_ms: over(&before, Singles::p99),
        p50_ms: over(&meanwhile, Singles::p50),
        p99_ms: over(&meanwhile, Singles::p99),
        completion_ms: over(&meanwhile, Singles::completion),
        dropped: server.dropped(),
    }
}
