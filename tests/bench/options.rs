//! What may be chosen on the command line.

use clap::{Parser, ValueEnum};

/// Measures the real server against the simulated NAS, beside the simplest program that could do the same work.
///
/// fanout: a piece of 1 KiB to many sockets, in rounds paired with the floor, a plain TCP server that writes the same
/// bytes; memory of an idle socket; requests meanwhile. stalled: the same piece while some sockets read nothing. pages: pages
/// and sign-ins a second. start: from nothing to the first page, and the size of the program. idle: the memory of the
/// program with 100 pages open. The server has a core of its own; everything else shares another one.
#[derive(Debug, Parser)]
#[command(
    name = "cargo bench --profile dist --bench farol --",
    bin_name = "cargo bench --profile dist --bench farol --"
)]
pub struct Options {
    /// One JSON object instead of the table.
    #[arg(long)]
    pub json: bool,
    /// Fewer rounds, at most 1,000 sockets: to see that it works, not to compare.
    #[arg(long)]
    quick: bool,
    /// How many rounds; what is shown is their median, with the least and the most.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: Option<u32>,
    /// How many sockets, one measurement each.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=10_000))]
    sockets: Option<Vec<u32>>,
    /// Only these parts.
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    only: Vec<Part>,
    /// What cargo says to a benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    Fanout,
    Stalled,
    Pages,
    Start,
    Idle,
}

const ROUNDS: u32 = 5;
const QUICK_ROUNDS: u32 = 2;
const SOCKETS: [u32; 3] = [10, 1_000, 10_000];
const QUICK_SOCKETS: [u32; 2] = [10, 1_000];

impl Options {
    /// `None`: somebody runs all test programs, and this one is none.
    pub fn read() -> Option<Self> {
        if std::env::args().any(|word| word == "--list") {
            return None;
        }
        let options = Self::parse();
        options.bench.then_some(options)
    }

    pub fn rounds(&self) -> u32 {
        self.rounds.unwrap_or(if self.quick { QUICK_ROUNDS } else { ROUNDS })
    }

    pub fn sockets(&self) -> Vec<u32> {
        let usual: &[u32] = if self.quick { &QUICK_SOCKETS } else { &SOCKETS };
        self.sockets.clone().unwrap_or_else(|| usual.to_vec())
    }

    pub fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// What goes on, for whoever waits.
    #[expect(clippy::print_stderr, reason = "a program for a terminal")]
    pub fn tell(&self, what: &str) {
        if !self.json {
            eprintln!("{what}");
        }
    }
}
