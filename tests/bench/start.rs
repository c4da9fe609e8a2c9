//! From nothing to the first page, by the program itself with an empty folder; and how large that program is.

use std::net::SocketAddr;
use std::process::{Command, Stdio};

use serde::Serialize;
use tokio::net::TcpStream;

use crate::figures::{Spread, milliseconds};
use crate::http::Caller;
use crate::options::Options;
use crate::server::settings_file;
use crate::wire::{Nas, stamp};

const FAROL: &str = env!("CARGO_BIN_EXE_farol");

#[derive(Debug, Serialize)]
pub struct Start {
    pub first_page_ms: Spread,
    pub program_bytes: u64,
}

pub fn measure(options: &Options, nas: &Nas) -> Start {
    options.tell("cold start");
    let times = (0..options.rounds()).map(|_| milliseconds(start_once(nas)));
    let program_bytes = std::fs::metadata(FAROL).map_or(0, |program| program.len());
    Start { first_page_ms: Spread::of(times), program_bytes }
}

fn start_once(nas: &Nas) -> u64 {
    let home = tempfile::Builder::new().prefix("farol-bench-").tempdir().expect("a folder for temporary files");
    // Free now, and nobody else asks for one.
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let file = home.path().join("farol.toml");
    std::fs::write(&file, settings_file(nas, home.path(), &free.to_string())).expect("a folder of our own");
    let begun = stamp();
    let mut command = Command::new(FAROL);
    command.env_clear().current_dir(home.path()).args(["serve", "--config", "farol.toml"]);
    let mut farol = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("a program just built");
    first_page(free);
    let took = stamp().saturating_sub(begun);
    drop(farol.kill());
    drop(farol.wait());
    took
}

#[tokio::main(flavor = "current_thread")]
async fn first_page(address: SocketAddr) {
    while TcpStream::connect(address).await.is_err() {
        tokio::task::yield_now().await;
    }
    let answer = Caller::connect(address, 0).await.ask("GET", "/", "", "").await;
    assert_eq!(answer.status, 200, "{}", answer.head);
}
