//! A simulated NAS and clients of it, all living by one clock that is moved by hand.
//!
//! Tests run on one thread: whatever a test can see has happened was done up to its next wait, so a clock moved
//! afterwards is seen by everybody.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use farol::domain::nas::Change;
use farol::domain::{Secret, Timestamp};
use farol::runtime::{Clock, Hand, Random, Tasks};
use farol::sim::{self, Profile, Sim};
use farol::truenas::{Changes, Client, Error, Fingerprint, Settings, Trust};

/// Longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the customer allows for a stop is two seconds, for the whole process.
const STOP_LIMIT: Duration = Duration::from_millis(1_500);
/// Small beside every limit of the client, so that a moved clock never leaps over what is still under way.
const STEP: Duration = Duration::from_millis(250);
/// The same for long spans, in which a try that ran out of time is only one try more.
const LONG_STEP: Duration = Duration::from_secs(1);
const EPOCH: Timestamp = Timestamp::from_millis(1_790_000_000_000);

pub const REST: [Profile; 3] = [Profile::R22_12, Profile::R24_10, Profile::Spec];
pub const RPC: [Profile; 3] = [Profile::R25_04, Profile::R25_10, Profile::R26];
/// One release of each road.
pub const ROADS: [Profile; 2] = [Profile::R24_10, Profile::R25_10];

pub const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// The time of one test, and what lives in it.
pub struct Stage {
    pub clock: Clock,
    pub tasks: Tasks,
    hand: Hand,
}

pub struct Nas {
    pub sim: Sim,
    pub stage: Stage,
    server: Tasks,
}

impl Stage {
    pub fn new() -> Self {
        let (clock, hand) = Clock::by_hand(EPOCH);
        Self { clock, tasks: Tasks::default(), hand }
    }

    pub fn client(&self, settings: Settings) -> Client {
        Client::start(settings, &self.clock, &Random::seeded(1), &self.tasks).unwrap()
    }

    pub fn since(&self, before: Duration) -> Duration {
        self.clock.uptime().saturating_sub(before)
    }

    /// Moves the clock a step, then lets everybody who woke up and every packet on its way have their turn.
    pub async fn step(&self, span: Duration) {
        self.hand.advance(span);
        Clock::real().sleep(Duration::from_millis(1)).await;
    }

    /// Lets everything happen that happens without time passing.
    pub async fn settle(&self, work: impl Future<Output = ()>) {
        const TURNS: u32 = 100;
        let turns = async {
            for _ in 0..TURNS {
                self.step(Duration::ZERO).await;
            }
        };
        tokio::select! {
            () = work => {}
            () = turns => {}
        }
    }

    pub async fn pass(&self, span: Duration) {
        let end = self.clock.uptime() + span;
        while self.clock.uptime() < end {
            self.step(LONG_STEP.min(end.saturating_sub(self.clock.uptime()))).await;
        }
    }

    /// Lets the clock run until `work` is done.
    pub async fn pass_until<T>(&self, work: impl Future<Output = T>) -> T {
        let running = async {
            loop {
                self.step(STEP).await;
            }
        };
        let either = async {
            tokio::select! {
                done = work => done,
                () = running => unreachable!("time never ends"),
            }
        };
        soon(either).await
    }

    /// Asks until the answer is an error of the wanted kind.
    pub async fn pass_until_error(&self, client: &Client, wanted: impl Fn(&Error) -> bool) {
        self.pass_until(async {
            while !client.read_state().await.as_ref().is_err_and(&wanted) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    pub async fn stop(&self) {
        assert_eq!(self.tasks.stop(&Clock::real(), STOP_LIMIT).await, Vec::<&str>::new());
    }
}

impl Nas {
    pub async fn start(release: Profile) -> Self {
        let stage = Stage::new();
        let server = Tasks::default();
        let settings = sim::Settings { release, listen: LOOPBACK, plain: Some(LOOPBACK), panel: None, seed: 7 };
        let sim = sim::start(settings, stage.clock.clone(), &server).await.unwrap();
        Self { sim, stage, server }
    }

    pub fn settings(&self) -> Settings {
        self.settings_for(self.sim.username(), &self.sim.api_key())
    }

    pub fn settings_for(&self, username: &str, key: &str) -> Settings {
        let url = Settings::parse_url(&self.sim.url(), false).unwrap();
        let trust = Trust::Pinned(Fingerprint(self.sim.fingerprint()));
        Settings::new(url, username.to_owned(), Secret::from(key), trust)
    }

    pub fn client(&self) -> Client {
        self.stage.client(self.settings())
    }

    /// A client whose first connection is already heard of.
    pub async fn connected(&self) -> (Client, Changes) {
        let client = self.client();
        let mut changes = client.changes();
        hear(&mut changes, CONNECTED).await;
        (client, changes)
    }

    /// Waits, while time passes, until answers come again.
    pub async fn recovery(&self, client: &Client) {
        let recovered = async {
            while client.list_shares().await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        self.stage.pass_until(recovered).await;
        assert!(works(client).await);
    }

    pub fn turn(&self, fault: &str, on: bool) {
        self.sim.set_fault(fault, on).unwrap();
    }

    pub async fn stop(self) {
        self.stage.stop().await;
        self.server.stop(&Clock::real(), STOP_LIMIT).await;
    }
}

pub const CONNECTED: fn(&Change) -> bool = |change| *change == Change::Connected;
pub const DISCONNECTED: fn(&Change) -> bool = |change| *change == Change::Disconnected;

/// The right answers come.
pub async fn works(client: &Client) -> bool {
    soon(client.list_shares()).await.is_ok_and(|shares| shares.len() == 9)
}

/// Waits by the real clock: what does not come within the limit never comes.
pub async fn soon<T>(work: impl Future<Output = T>) -> T {
    Clock::real().timeout(PATIENCE, work).await.expect("it never came")
}

/// Hears changes until the wanted one, and gives all before it.
pub async fn hear(changes: &mut Changes, wanted: impl Fn(&Change) -> bool) -> Vec<Change> {
    let mut before = Vec::new();
    loop {
        let change = soon(changes.next()).await.expect("the client is gone");
        if wanted(&change) {
            return before;
        }
        before.push(change);
    }
}
