//! Memory of the program itself: with nobody there, and with pages open and nothing happening.

use std::net::SocketAddr;

use serde::Serialize;

use crate::fanout::side::{SETTLE, pause};
use crate::figures::Spread;
use crate::helper::Helper;
use crate::http::Caller;
use crate::machine::{self, Cores};
use crate::options::Options;
use crate::pages;
use crate::program::Program;
use crate::wire::{Listen, Nas, Role, TABS};

pub const PAGES: u32 = 100;

#[derive(Debug, Serialize)]
pub struct Idle {
    pub alone_mib: Spread,
    pub open_mib: Spread,
}

pub fn measure(options: &Options, cores: &Cores, nas: &Nas) -> Idle {
    options.tell(&format!("memory with {PAGES} pages open"));
    let rounds: Vec<_> = (0..options.rounds()).map(|_| round(cores, nas)).collect();
    let over = |figure: fn(&(f64, f64)) -> f64| Spread::of(rounds.iter().map(figure));
    Idle { alone_mib: over(|round| round.0), open_mib: over(|round| round.1) }
}

/// Each round is a new program and new people.
fn round(cores: &Cores, nas: &Nas) -> (f64, f64) {
    let program = Program::start(nas);
    let address = program.address;
    wait_for(&program);
    pause(SETTLE);
    let alone = machine::memory_kib(program.id());
    let (cookies, cursor) = sign_in(address);
    let mut browsers = Helper::start(Role::Load, cores.load);
    let () = browsers.ask(&Listen::Connect { address, sockets: PAGES, cookies, cursor });
    pause(SETTLE);
    (f64::from(alone) / 1_024.0, f64::from(machine::memory_kib(program.id())) / 1_024.0)
}

#[tokio::main(flavor = "current_thread")]
async fn wait_for(program: &Program) {
    program.listens().await;
}

/// Who the pages belong to, and where they begin.
#[tokio::main(flavor = "current_thread")]
async fn sign_in(address: SocketAddr) -> (Vec<String>, String) {
    let (mut cookies, mut cursor) = (Vec::new(), String::new());
    for number in 0..PAGES.div_ceil(TABS) {
        let mut caller = Caller::connect(address, number).await;
        let cookie = pages::enter(&mut caller, number).await;
        let page = caller.ask("GET", "/dashboard", &format!("Cookie: {cookie}\r\n"), "").await;
        assert_eq!(page.status, 200, "{}", page.head);
        let text = String::from_utf8_lossy(&page.body).into_owned();
        let said = text.split_once("data-cursor=\"").and_then(|(_, rest)| rest.split_once('"'));
        cursor = String::from(said.expect("a live page").0);
        cookies.push(cookie);
    }
    (cookies, cursor)
}
