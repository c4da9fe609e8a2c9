//! What was measured, as a table for people or as one JSON object.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use serde::Serialize;

use crate::fanout::{Fanout, OneByOne, Outcome};
use crate::figures::Spread;
use crate::idle::{self, Idle};
use crate::machine::Machine;
use crate::pages::Pages;
use crate::stalled::Stalled;
use crate::start::Start;

#[derive(Debug, Serialize)]
pub struct Report {
    pub machine: Machine,
    pub load_after: String,
    pub fanout: Vec<Outcome>,
    pub stalled: Option<Stalled>,
    pub pages: Vec<Pages>,
    pub start: Option<Start>,
    pub idle: Option<Idle>,
}

impl Report {
    pub fn show(&self, json: bool) {
        if json {
            println!("{}", serde_json::to_string(self).expect("plain values"));
            return;
        }
        println!("{}, {} afterwards", self.machine, self.load_after);
        println!("Medians (least to most) of the rounds.");
        for outcome in &self.fanout {
            match outcome {
                Outcome::Measured(fanout) => show_fanout(fanout),
                Outcome::Skipped { sockets, reason } => println!("\n{sockets} sockets: left out, {reason}"),
            }
        }
        self.stalled.iter().for_each(show_stalled);
        if !self.pages.is_empty() {
            println!("\nPages, four browsers{:>24}{:>28}{:>28}", "a second", "p50, ms", "p99, ms");
        }
        for Pages { what, per_s, p50_ms, p99_ms } in &self.pages {
            println!("  {what:<26}{}{}{}", wide(per_s, 0), wide(p50_ms, 2), wide(p99_ms, 2));
        }
        if let Some(Start { first_page_ms, program_bytes }) = &self.start {
            println!("\nFrom the start to the first page, ms: {}", narrow(first_page_ms, 0));
            println!("Size of the program: {program_bytes} bytes");
        }
        if let Some(Idle { alone_mib, open_mib }) = &self.idle {
            let (alone, open, pages) = (narrow(alone_mib, 1), narrow(open_mib, 1), idle::PAGES);
            println!("\nMemory of the program, MiB: {alone} with nobody there, {open} with {pages} pages open");
        }
    }
}

fn show_fanout(fanout: &Fanout) {
    let Fanout { sockets, frame_bytes, floor, server, ratio, eight, .. } = fanout;
    println!("\nA piece of {frame_bytes} bytes to {sockets} sockets{:>23}{:>28}", "floor", "server");
    for ((what, digits, floor), (_, _, server)) in rows(floor).into_iter().zip(rows(server)) {
        println!("  {what:<26}{}{}", wide(floor, digits), wide(server, digits));
    }
    println!("  completion, times the floor: {}", narrow(ratio, 2));
    println!(
        "  with 8 in flight: {} deliveries a second, {} times the floor with 1; time on the core each, us: {}",
        narrow(&eight.deliveries_per_s, 0),
        narrow(&eight.times_floor, 2),
        narrow(&eight.cpu_us, 2)
    );
    println!(
        "  meanwhile a page took, ms: p50 {}, p99 {}",
        narrow(&fanout.page_p50_ms, 2),
        narrow(&fanout.page_p99_ms, 2)
    );
    println!("  kept in the database before, ms: {}", narrow(&fanout.kept_ms, 2));
    println!("  a change of {} bytes, last socket, ms: {}", fanout.change_bytes, narrow(&fanout.change_ms, 2));
    println!("  memory of an idle socket: {:.2} KiB", fanout.memory_kib);
    println!("  nothing lost, nothing out of order");
}

fn show_stalled(stalled: &Stalled) {
    let Stalled { reading, silent, before_p99_ms, p50_ms, p99_ms, completion_ms, dropped } = stalled;
    println!("\nThe same to {reading} sockets while {silent} others read nothing");
    println!(
        "  of those that read, ms: p50 {}, p99 {}, last {}; p99 before {}",
        narrow(p50_ms, 2),
        narrow(p99_ms, 2),
        narrow(completion_ms, 2),
        narrow(before_p99_ms, 2)
    );
    println!("  not kept for those that read nothing: {dropped} frames");
}

/// With how many digits behind the point they are told.
fn rows(side: &OneByOne) -> [(&str, usize, &Spread); 5] {
    [
        ("last socket has it, ms", 2, &side.completion_ms),
        ("p50 of the sockets, ms", 2, &side.p50_ms),
        ("p99 of the sockets, ms", 2, &side.p99_ms),
        ("deliveries a second", 0, &side.deliveries_per_s),
        ("time on the core each, us", 2, &side.cpu_us),
    ]
}

fn narrow(Spread { median, least, most }: &Spread, digits: usize) -> String {
    format!("{median:.digits$} ({least:.digits$} to {most:.digits$})")
}

fn wide(spread: &Spread, digits: usize) -> String {
    format!("{:>28}", narrow(spread, digits))
}
