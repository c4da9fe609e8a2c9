//! Pages and sign-ins a second, asked for by a few browsers that ask again as soon as they are answered.

use std::net::SocketAddr;

use futures_util::future::join_all;
use serde::Serialize;

use crate::figures::{Spread, milliseconds, per_second, quantile};
use crate::helper::Helper;
use crate::http::Caller;
use crate::machine::Cores;
use crate::nas::person;
use crate::options::Options;
use crate::wire::{HIRED, Nas, Open, PASSWORD, Plan, Role, stamp};

const BROWSERS: u32 = 4;
/// Pages of one person in a round: all rounds together stay below what a person may ask for in a minute.
const PAGES_EACH: u32 = 15;
/// People in a round, for each browser.
const PEOPLE: u32 = 25;
/// In a round, for each browser.
const SIGN_INS: u32 = 10;

#[derive(Debug, Serialize)]
pub struct Pages {
    pub what: &'static str,
    pub per_s: Spread,
    pub p50_ms: Spread,
    pub p99_ms: Spread,
}

/// What a browser does, and how long each step of it took.
trait Work: AsyncFn(SocketAddr, u32) -> Vec<u64> {}

impl<W: AsyncFn(SocketAddr, u32) -> Vec<u64>> Work for W {}

pub fn measure(options: &Options, cores: &Cores, nas: &Nas) -> Vec<Pages> {
    options.tell("pages and sign-ins");
    let home = tempfile::Builder::new().prefix("farol-bench-").tempdir().expect("a folder for temporary files");
    let plan = Plan { folder: home.path().to_owned(), nas: nas.clone(), people: HIRED, sessions_each: 1 };
    let mut server = Helper::start(Role::Server, cores.server);
    let Open { address, cookies, .. } = server.ask(&plan);
    let (cookies, rounds) = (&cookies, options.rounds());
    let dashboard = async |address: SocketAddr, number: u32| {
        let cookie = format!("Cookie: {}\r\n", cookies[number as usize % cookies.len()]);
        visit(address, number, "/dashboard", &cookie).await
    };
    let sign_in_page = async |address: SocketAddr, number: u32| visit(address, number, "/", "").await;
    vec![
        rate("GET / (sign-in page)", address, (rounds, PEOPLE), sign_in_page),
        rate("GET /dashboard", address, (rounds, PEOPLE), dashboard),
        rate("sign-ins (page, form, NAS)", address, (rounds, SIGN_INS), sign_in),
    ]
}

#[tokio::main(flavor = "current_thread")]
async fn rate(what: &'static str, address: SocketAddr, (rounds, times): (u32, u32), work: impl Work) -> Pages {
    let (mut per_s, mut p50, mut p99) = (Vec::new(), Vec::new(), Vec::new());
    let work = &work;
    // The first round only warms up.
    for round in 0..=rounds {
        let begun = stamp();
        let browsers = (0..BROWSERS).map(|browser| async move {
            let mut waits = Vec::new();
            for time in 0..times {
                waits.extend(work(address, (round * times + time) * BROWSERS + browser).await);
            }
            waits
        });
        let mut waits = join_all(browsers).await.concat();
        let took = stamp().saturating_sub(begun);
        waits.sort_unstable();
        if round > 0 {
            per_s.push(per_second(u32::try_from(waits.len()).unwrap_or_default(), took));
            p50.push(milliseconds(quantile(&waits, 50)));
            p99.push(milliseconds(quantile(&waits, 99)));
        }
    }
    Pages { what, per_s: Spread::of(per_s), p50_ms: Spread::of(p50), p99_ms: Spread::of(p99) }
}

/// The same page several times over one connection.
async fn visit(address: SocketAddr, number: u32, path: &str, cookie: &str) -> Vec<u64> {
    let (mut caller, mut waits) = (Caller::connect(address, number).await, Vec::new());
    for _ in 0..PAGES_EACH {
        let begun = stamp();
        let answer = caller.ask("GET", path, cookie, "").await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.head);
        waits.push(stamp().saturating_sub(begun));
    }
    waits
}

/// The page of the form, then the form, which waits for the NAS.
async fn sign_in(address: SocketAddr, number: u32) -> Vec<u64> {
    let (mut caller, begun) = (Caller::connect(address, number).await, stamp());
    enter(&mut caller, number).await;
    vec![stamp().saturating_sub(begun)]
}

/// The cookie of who is signed in now.
pub async fn enter(caller: &mut Caller, number: u32) -> String {
    let (_, username) = person(number % HIRED);
    let page = caller.ask("GET", "/", "", "").await;
    let cookie = page.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap_or_default();
    let headers = format!("Content-Type: application/x-www-form-urlencoded\r\nCookie: {cookie}\r\n");
    let form = format!("username={username}&password={PASSWORD}");
    let answer = caller.ask("POST", "/", &headers, &form).await;
    assert_eq!(answer.status, 303, "{username} is not let in: {}", answer.head);
    answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap_or_default().to_owned()
}
