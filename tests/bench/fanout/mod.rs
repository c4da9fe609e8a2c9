//! One piece to many sockets of the real server, in rounds paired with the floor.

mod meanwhile;
pub mod side;

use serde::Serialize;

use crate::figures::{Spread, milliseconds, per_second, quantile};
use crate::machine::{self, Cores};
use crate::options::Options;
use crate::wire::Nas;
use meanwhile::Meanwhile;
use side::{Side, Singles};

/// Told one after the other before the first has arrived everywhere.
const IN_FLIGHT: u32 = 8;
/// Of the socket's frame that is measured.
const PIECE_BYTES: usize = 1_024;
/// Files a process has open beside its sockets.
const OTHER_FILES: u64 = 200;

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Outcome {
    Measured(Box<Fanout>),
    Skipped { sockets: u32, reason: String },
}

#[derive(Debug, Serialize)]
pub struct Fanout {
    pub sockets: u32,
    pub frame_bytes: usize,
    pub floor: OneByOne,
    pub server: OneByOne,
    /// Completion of the server beside that of the floor of the same round.
    pub ratio: Spread,
    pub eight: Eight,
    /// Until a piece is kept in the database. It comes before all that is measured here.
    pub kept_ms: Spread,
    /// Of something shown whole, which is not kept.
    pub change_ms: Spread,
    pub change_bytes: usize,
    pub memory_kib: f64,
    /// Of a page asked for while eight pieces were in flight, again and again.
    pub page_p50_ms: Spread,
    pub page_p99_ms: Spread,
}

/// One piece in flight.
#[derive(Debug, Default, Serialize)]
pub struct OneByOne {
    pub completion_ms: Spread,
    pub p50_ms: Spread,
    pub p99_ms: Spread,
    pub deliveries_per_s: Spread,
    pub cpu_us: Spread,
}

/// Eight pieces in flight.
#[derive(Debug, Default, Serialize)]
pub struct Eight {
    pub deliveries_per_s: Spread,
    /// Beside the floor's deliveries with one piece in flight, in the same round.
    pub times_floor: Spread,
    pub cpu_us: Spread,
}

struct Round {
    floor: Singles,
    server: Singles,
    eight: Singles,
    changes: Singles,
    page_waits: Vec<u64>,
}

pub fn measure(options: &Options, cores: &Cores, nas: &Nas) -> Vec<Outcome> {
    options.sockets().into_iter().map(|sockets| stage(options, cores, nas, sockets)).collect()
}

fn stage(options: &Options, cores: &Cores, nas: &Nas, sockets: u32) -> Outcome {
    let (limit, needed) = (machine::open_files(), u64::from(sockets) + OTHER_FILES);
    if limit < needed {
        let reason = format!("a process may open {limit} files here and needs {needed}: raise `ulimit -n`");
        options.tell(&format!("{sockets} sockets: left out, {reason}"));
        return Outcome::Skipped { sockets, reason };
    }
    options.tell(&format!("{sockets} sockets: opening"));
    let home = tempfile::Builder::new().prefix("farol-bench-").tempdir().expect("a folder for temporary files");
    let (mut server, memory_kib) = Side::server(cores, nas, home.path(), sockets);
    let template = server.calibrate(PIECE_BYTES);
    let mut floor = Side::floor(cores, sockets, template);
    let mut rounds = Vec::new();
    for number in 0..options.rounds() {
        options.tell(&format!("{sockets} sockets: round {} of {}", number + 1, options.rounds()));
        rounds.push(round(&mut floor, &mut server, number % 2 == 0));
    }
    Outcome::Measured(Box::new(sum(&rounds, &server, memory_kib)))
}

/// The floor directly before or directly after the server.
fn round(floor: &mut Side, server: &mut Side, floor_first: bool) -> Round {
    let sockets = server.sockets;
    let pieces = (20_000 / sockets).clamp(5, 50);
    let before = floor_first.then(|| floor.one_by_one(pieces));
    let singles = server.one_by_one(pieces);
    let floor = before.unwrap_or_else(|| floor.one_by_one(pieces));
    let changes = server.changes(pieces.min(10));
    let meanwhile = Meanwhile::start(server.address);
    let eight = server.together(IN_FLIGHT, (40_000 / sockets).clamp(4, 20));
    Round { floor, server: singles, eight, changes, page_waits: meanwhile.stop() }
}

fn sum(rounds: &[Round], server: &Side, memory_kib: f64) -> Fanout {
    let sockets = server.sockets;
    let over = |figure: fn(&Round) -> f64| Spread::of(rounds.iter().map(figure));
    let one_by_one = |singles: fn(&Round) -> &Singles| OneByOne {
        completion_ms: Spread::of(rounds.iter().map(|round| milliseconds(singles(round).completion()))),
        p50_ms: Spread::of(rounds.iter().map(|round| milliseconds(singles(round).p50()))),
        p99_ms: Spread::of(rounds.iter().map(|round| milliseconds(singles(round).p99()))),
        deliveries_per_s: Spread::of(rounds.iter().map(|round| per_second(sockets, singles(round).completion()))),
        cpu_us: Spread::of(rounds.iter().map(|round| singles(round).cpu_us())),
    };
    let together: Vec<f64> =
        rounds.iter().map(|round| per_second(sockets * IN_FLIGHT, round.eight.completion())).collect();
    let alone = rounds.iter().map(|round| per_second(sockets, round.floor.completion()));
    Fanout {
        sockets,
        frame_bytes: server.frame_bytes,
        floor: one_by_one(|round| &round.floor),
        server: one_by_one(|round| &round.server),
        ratio: over(|round| milliseconds(round.server.completion()) / milliseconds(round.floor.completion())),
        eight: Eight {
            deliveries_per_s: Spread::of(together.iter().copied()),
            times_floor: Spread::of(together.iter().zip(alone).map(|(together, alone)| together / alone)),
            cpu_us: over(|round| round.eight.cpu_us()),
        },
        kept_ms: over(|round| milliseconds(round.server.kept())),
        change_ms: over(|round| milliseconds(round.changes.completion())),
        change_bytes: rounds.first().map_or(0, |round| round.changes.bytes()),
        memory_kib,
        page_p50_ms: over(|round| milliseconds(quantile(&round.page_waits, 50))),
        page_p99_ms: over(|round| milliseconds(quantile(&round.page_waits, 99))),
    }
}
