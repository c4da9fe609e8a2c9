//! From nothing to the first page, by the program itself with an empty folder; and how large that program is.

use serde::Serialize;

use crate::figures::{Spread, milliseconds};
use crate::http::Caller;
use crate::options::Options;
use crate::program::{FAROL, Program};
use crate::wire::{Nas, stamp};

#[derive(Debug, Serialize)]
pub struct Start {
    pub first_page_ms: Spread,
    pub program_bytes: u64,
}

pub fn measure(options: &Options, nas: &Nas) -> Start {
    options.tell("cold start");
    let times = (0..options.rounds()).map(|_| milliseconds(first_page(nas)));
    let program_bytes = std::fs::metadata(FAROL).map_or(0, |program| program.len());
    Start { first_page_ms: Spread::of(times), program_bytes }
}

#[tokio::main(flavor = "current_thread")]
async fn first_page(nas: &Nas) -> u64 {
    let begun = stamp();
    let program = Program::start(nas);
    program.listens().await;
    let answer = Caller::connect(program.address, 0).await.ask("GET", "/", "", "").await;
    let took = stamp().saturating_sub(begun);
    assert_eq!(answer.status, 200, "{}", answer.head);
    took
}
