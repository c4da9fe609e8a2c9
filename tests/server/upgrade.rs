//! A new program takes the place of the old one while people read and click, as `systemctl restart` does it: the port stays
//! open in between, and nobody but the sockets of open pages notices.

use std::cell::Cell;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use farol::runtime::{Clock, Random, Tasks};
use farol::sim::{self, Profile, Sim};
use farol::truenas::Fingerprint;
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use tokio::sync::oneshot;

use crate::crowd::{hire, sign_in_all};
use crate::harness::{Browser, Socket};
use crate::program::{Desk, Program};

/// The script of the page, which says how long it waits.
const SCRIPT: &str = include_str!("../../assets/js/live.js");

const PEOPLE: u32 = 40;
const PAGES_OF_EACH: usize = 5;
/// So many sign in one after the other, in each of several queues.
const QUEUES: u32 = 4;
const IN_EACH_QUEUE: u32 = 8;
const PAGES: [&str; 4] = ["/dashboard", "/sessions", "/status", "/notices"];
/// Between two of a queue: the first come before the old program goes, the last after the new one is there.
const ARRIVE_EVERY: Duration = Duration::from_millis(400);
/// Fifty in a second.
const ASK_EVERY: Duration = Duration::from_millis(20);
/// Asked before the old program is told to go, and after the last page is back.
const ASKED_AROUND: usize = 50;
/// Kept connections that were closed and whose end had not been noticed yet.
const MOST_TWICE: usize = 5;
const BACK_WITHIN: Duration = Duration::from_secs(10);
const SPREAD_OVER: Duration = Duration::from_secs(3);
/// The service manager would kill it then.
const STOPS_WITHIN: Duration = Duration::from_secs(3);
/// All of it, on a machine with other work.
const LIMIT: Duration = Duration::from_secs(100);

const SECRET: &str = "f3b1c8e2a7d94605b8c1e3f7a2d9460bf3b1c8e2a7d94605";

/// What systemd holds: the port, and what the unit says.
struct Unit {
    desk: Desk,
    port: TcpListener,
}

impl Unit {
    fn new(sim: &Sim) -> Self {
        let desk = Desk::new()
            .with("TRUENAS_API_URL", sim.url())
            .with("TRUENAS_API_KEY", sim.api_key())
            .with("FAROL_TRUENAS_USERNAME", sim.username())
            .with("FAROL_TRUENAS_FINGERPRINT", Fingerprint(sim.fingerprint()).to_string())
            .with("FAROL_AUTH_AUTHENTICATOR", "truenas-api")
            .with("SECRET_KEY", SECRET);
        Self { desk, port: TcpListener::bind("127.0.0.1:0").unwrap() }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.desk = self.desk.with(name, value);
        self
    }

    fn address(&self) -> SocketAddr {
        self.port.local_addr().unwrap()
    }

    fn start(&self) -> Program {
        let mut program = self.desk.start_handing_over(&["serve"], "http", &self.port);
        program.said("Farol atende em");
        program
    }

    /// `systemctl restart`.
    fn restart(&self, mut old: Program) -> Program {
        old.signal("TERM");
        assert!(old.ends_within(STOPS_WITHIN), "it takes too long to stop");
        old.outcome().ended(0);
        self.start()
    }
}

/// Work that waits, beside everything else.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, wait) = oneshot::channel();
    thread::spawn(move || done.send(work()));
    wait.await.expect("it failed")
}

/// How long a page waits after it was told that the server restarts: between these two, in milliseconds.
fn wait_of_the_page() -> (u64, u64) {
    let (_, rule) = SCRIPT.split_once("code === 1012) again(spread(").expect("the page has its rule");
    let (least, most) = rule.split_once("))").unwrap().0.split_once(", ").unwrap();
    (least.parse().unwrap(), most.parse().unwrap())
}

/// An open page: it loses its socket, waits as its script does, and is back. Gives when it was told and when it was back.
async fn stays_open(browser: &Browser, mut socket: Socket, clock: &Clock, chance: &Random) -> (Duration, Duration) {
    assert_eq!(socket.end().await, Some(1012));
    let told = clock.uptime();
    let (least, most) = wait_of_the_page();
    clock.sleep(Duration::from_millis(least + chance.below(most - least))).await;
    let mut again = browser.try_again(&socket.cursor).await.expect("it was refused");
    again.until("id=\"cursor\"").await;
    (told, clock.uptime())
}

/// Somebody who asks for a page over a kept connection, or over one of its own.
struct Reader {
    kept: Browser,
    fresh: Browser,
}

impl Reader {
    /// Whether the page had to be asked for twice: a kept connection may be closed while something comes over it, and then
    /// every browser asks again over a new one.
    async fn reads(&self, path: &str, keeps: bool) -> bool {
        let browser = if keeps { &self.kept } else { &self.fresh };
        let ask = |browser| Browser::try_ask(browser, "GET", path, &[("accept", "text/html")], "");
        let (answer, again) = match ask(browser).await {
            Ok(answer) => (answer, false),
            Err(_) if keeps => (ask(&self.fresh).await.unwrap(), true),
            Err(error) => panic!("{path}: {error:?}"),
        };
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert!(answer.body.contains("</html>"), "{path}: {}", answer.body);
        again
    }
}

/// Fifty requests in a second until somebody has had enough.
struct Crowd<'a> {
    readers: &'a [Reader],
    clock: &'a Clock,
    chance: &'a Random,
    asked: Cell<usize>,
    enough: Cell<bool>,
}

impl Crowd<'_> {
    /// How many had to ask twice.
    async fn reads(&self) -> usize {
        let (mut under_way, mut twice, mut next) = (FuturesUnordered::new(), 0, self.clock.uptime());
        while !(self.enough.get() && under_way.is_empty()) {
            let pause = next.saturating_sub(self.clock.uptime());
            tokio::select! {
                Some(again) = under_way.next() => twice += usize::from(again),
                () = self.clock.sleep(pause), if !self.enough.get() => {
                    let number = self.asked.replace(self.asked.get() + 1);
                    let (reader, page) = (number % self.readers.len(), usize::from(self.chance.bytes::<1>()[0]) % PAGES.len());
                    under_way.push(self.readers[reader].reads(PAGES[page], self.chance.below(2) == 0));
                    next += ASK_EVERY;
                }
            }
        }
        twice
    }

    async fn reads_some(&self) {
        let until = self.asked.get() + ASKED_AROUND;
        while self.asked.get() < until {
            self.clock.sleep(ASK_EVERY).await;
        }
    }
}

/// People who sign in meanwhile. Gives when each was let in.
async fn arrives(browser: &Browser, first: u32, clock: &Clock) -> Vec<Duration> {
    let mut moments = Vec::new();
    for number in first..first + IN_EACH_QUEUE {
        let answer = browser.twin().sign_in(&format!("pessoa{number}"), "demo-ana").await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        moments.push(clock.uptime());
        clock.sleep(ARRIVE_EVERY).await;
    }
    moments
}

/// `client` gives a browser that has not been anywhere yet, of a server that runs.
async fn nobody_notices(unit: Unit, sim: &Sim, client: impl Fn(&Unit) -> Browser) {
    let (clock, chance, unit) = (Clock::real(), Random::seeded(7), Arc::new(unit));
    hire(sim, PEOPLE + QUEUES * IN_EACH_QUEUE);
    let starting = Arc::clone(&unit);
    let old = beside(move || starting.start()).await;
    let people = sign_in_all(&client(&unit), PEOPLE).await;
    let hurried = client(&unit).saying("connection", "close");
    let readers: Vec<Reader> =
        people.iter().map(|kept| Reader { kept: kept.twin(), fresh: hurried.like(kept) }).collect();
    let mut sockets = Vec::new();
    for browser in people.iter().flat_map(|browser| std::iter::repeat_n(browser, PAGES_OF_EACH)) {
        let mut socket = browser.live().await;
        socket.until("id=\"storage\"").await;
        sockets.push(stays_open(browser, socket, &clock, &chance));
    }
    let crowd =
        Crowd { readers: &readers, clock: &clock, chance: &chance, asked: Cell::default(), enough: Cell::default() };
    let upgrade = async {
        crowd.reads_some().await;
        let (restarting, begun) = (Arc::clone(&unit), clock.uptime());
        let new = beside(move || restarting.restart(old)).await;
        let done = clock.uptime();
        crowd.reads_some().await;
        (new, begun, done)
    };
    let arriving = join_all((0..QUEUES).map(|queue| arrives(&hurried, PEOPLE + queue * IN_EACH_QUEUE, &clock)));
    let story = async {
        let all = tokio::join!(upgrade, join_all(sockets), arriving);
        crowd.reads_some().await;
        crowd.enough.set(true);
        all
    };
    let (twice, ((new, begun, done), back, arrived)) = tokio::join!(crowd.reads(), story);
    let arrived = arrived.concat();
    assert!(
        arrived.iter().any(|at| *at < begun) && arrived.iter().any(|at| *at > done),
        "{begun:?} {done:?} {arrived:?}"
    );
    let longest = back.iter().map(|(told, back)| back.saturating_sub(*told)).max().unwrap();
    let moments = back.iter().map(|(_, back)| *back);
    let spread = moments.clone().max().unwrap().saturating_sub(moments.min().unwrap());
    assert!(twice <= MOST_TWICE, "{twice} of {}", crowd.asked.get());
    assert!(longest < BACK_WITHIN, "{longest:?}");
    assert!(spread > SPREAD_OVER, "{spread:?}");
    beside(move || drop(new)).await;
}

async fn nas(tasks: &Tasks) -> Sim {
    let listen: SocketAddr = ([127, 0, 0, 1], 0).into();
    let settings = sim::Settings { release: Profile::R25_10, listen, plain: None, panel: None, seed: 7 };
    sim::start(settings, Clock::real(), tasks).await.unwrap()
}

async fn passes(dress: impl FnOnce(Unit) -> Unit, client: impl Fn(&Unit) -> Browser) {
    let tasks = Tasks::default();
    let sim = nas(&tasks).await;
    let story = nobody_notices(dress(Unit::new(&sim)), &sim, client);
    Box::pin(Clock::real().timeout(LIMIT, Box::pin(story))).await.expect("it takes too long");
}

#[tokio::test]
async fn an_upgrade_loses_no_request_and_every_page_comes_back_by_itself() {
    passes(|unit| unit, |unit| Browser::new(unit.address())).await;
}

#[tokio::test]
async fn an_upgrade_loses_no_request_over_tls_of_its_own() {
    let speaks_tls =
        |unit: Unit| unit.with("FAROL_SERVER_TLS", "self-signed").with("FAROL_SERVER_TLS_NAMES", "127.0.0.1");
    let trusting = |unit: &Unit| {
        let certificate = std::fs::read_to_string(unit.desk.path("farol-data/tls/certificate.pem")).unwrap();
        Browser::over_tls(unit.address(), &certificate)
    };
    passes(speaks_tls, trusting).await;
}
