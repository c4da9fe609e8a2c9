//! A house: one server, one simulated NAS, a clock moved by hand; and browsers that visit it.

mod browser;
mod factor;
mod pieces;
mod socket;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;
use std::time::Duration;

use farol::app::{self, Process};
use farol::config;
use farol::domain::{Secret, Timestamp};
use farol::live::Hub;
use farol::runtime::{Clock, Hand, Random, Round, Tasks, logging};
use farol::sim::{self, Profile, Sim};
use farol::truenas::{self, Fingerprint, Trust};
use farol::web::Route;
use farol::{auth, health, outbox, shares, smb, store, web};

pub use browser::{Answer, Browser, unescaped};
use factor::Authenticator;
pub use factor::offered;
pub use pieces::{element, element_within, pieces_of};
pub use socket::{Asked, Raw, Socket, toasts_of, trusting};

/// Longer than anything here takes, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);
const STOP_LIMIT: Duration = Duration::from_secs(5);
const EPOCH: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Every release people still run, and the one the customer described.
pub const RELEASES: [Profile; 6] =
    [Profile::R22_12, Profile::R24_10, Profile::R25_04, Profile::R25_10, Profile::R26, Profile::Spec];

/// Small beside every limit, so that a moved clock never leaps over what is still under way.
const STEP: Duration = Duration::from_millis(250);

pub struct House {
    pub sim: Sim,
    pub hand: Hand,
    pub clock: Clock,
    pub routes: Vec<Route>,
    pub settings: config::Settings,
    /// Of the administrators, by name.
    authenticators: Mutex<BTreeMap<String, Authenticator>>,
    address: SocketAddr,
    hub: Option<Hub>,
    desk: Option<web::Desk>,
    tasks: Tasks,
    server: Tasks,
    _home: tempfile::TempDir,
}

impl House {
    pub async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// `change` has the last word on the settings.
    pub async fn with(change: impl FnOnce(&mut config::Settings)) -> Self {
        Self::before(Profile::R25_10, change).await
    }

    /// Before a NAS of this release.
    pub async fn before(release: Profile, change: impl FnOnce(&mut config::Settings)) -> Self {
        let (clock, hand) = Clock::by_hand(EPOCH);
        let server = Tasks::default();
        let nas = sim::Settings { release, listen: LOOPBACK, plain: None, panel: None, seed: 7 };
        let sim = sim::start(nas, clock.clone(), &server).await.unwrap();
        let home = tempfile::Builder::new().prefix("farol-test-").tempdir().unwrap();
        let mut settings = settings(&Nas::of(&sim), home.path());
        change(&mut settings);
        let mut house = Self {
            sim,
            hand,
            clock,
            routes: Vec::new(),
            settings,
            authenticators: Mutex::default(),
            address: LOOPBACK,
            hub: None,
            desk: None,
            tasks: Tasks::default(),
            server,
            _home: home,
        };
        Box::pin(house.start()).await;
        house
    }

    async fn start(&mut self) {
        let tasks = Tasks::default();
        let process = Process { clock: self.clock.clone(), random: Random::from_system(), tasks: tasks.clone() };
        let app = Box::pin(app::build(&self.settings, &process, config::Handed::default())).await.unwrap();
        (self.address, self.routes) = (app.address(), app.routes().to_vec());
        (self.hub, self.desk) = (Some(app.hub()), Some(app.desk()));
        app.start(&tasks);
        self.tasks = tasks;
    }

    /// The server ends and begins again where it was, with what it kept.
    pub async fn restart(&mut self) {
        assert_eq!(self.tasks.stop(&Clock::real(), STOP_LIMIT).await, Vec::<&str>::new());
        self.settings.web.listen = self.address;
        self.start().await;
    }

    /// What its pages are told goes through here.
    pub fn hub(&self) -> &Hub {
        self.hub.as_ref().unwrap()
    }

    /// What goes on over its sockets.
    pub fn desk(&self) -> &web::Desk {
        self.desk.as_ref().unwrap()
    }

    pub fn turn(&self, fault: &str, on: bool) {
        self.sim.set_fault(fault, on).unwrap();
    }

    /// Moves the clock in steps, everybody having their turn in between.
    pub async fn pass(&self, span: Duration) {
        let end = self.clock.uptime() + span;
        while self.clock.uptime() < end {
            self.hand.advance(STEP);
            Clock::real().sleep(Duration::from_millis(1)).await;
        }
    }

    /// Lets the clock run until `work` is done.
    pub async fn pass_until<T>(&self, work: impl Future<Output = T>) -> T {
        let running = async {
            loop {
                self.hand.advance(STEP);
                Clock::real().sleep(Duration::from_millis(1)).await;
            }
        };
        beside(running, work).await
    }

    /// Lets the clock go with the one on the wall until `work` is done.
    pub async fn live_until<T>(&self, work: impl Future<Output = T>) -> T {
        let running = async {
            let (wall, mut shown) = (Clock::real(), Duration::ZERO);
            loop {
                wall.sleep(Duration::from_millis(5)).await;
                let now = wall.uptime();
                self.hand.advance(now.saturating_sub(shown));
                shown = now;
            }
        };
        beside(running, work).await
    }

    pub fn browser(&self) -> Browser {
        let certificate = match &self.settings.web.tls {
            web::Tls::Off => return Browser::new(self.address),
            web::Tls::SelfSigned { folder, .. } => folder.join("certificate.pem"),
            web::Tls::Files { certificate, .. } => certificate.clone(),
        };
        Browser::over_tls(self.address, &std::fs::read_to_string(certificate).unwrap())
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What became of the last round of this kind.
    pub fn round(&self, name: &str) -> Option<Round> {
        self.tasks.rounds().list().into_iter().find(|round| round.name == name)
    }

    pub async fn signed_in(&self, username: &str) -> Browser {
        let browser = self.browser();
        let answer = browser.sign_in(username, &format!("demo-{username}")).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/dashboard"), "{}", answer.body);
        browser
    }

    pub async fn close(self) {
        assert_eq!(self.tasks.stop(&Clock::real(), STOP_LIMIT).await, Vec::<&str>::new());
        self.server.stop(&Clock::real(), STOP_LIMIT).await;
    }
}

/// How a NAS is reached by us.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Nas {
    url: String,
    username: String,
    key: String,
    fingerprint: [u8; 32],
}

impl Nas {
    pub fn of(sim: &Sim) -> Self {
        let username = sim.username().to_owned();
        Self { url: sim.url(), username, key: sim.api_key(), fingerprint: sim.fingerprint() }
    }
}

pub fn settings(nas: &Nas, home: &std::path::Path) -> config::Settings {
    let url = truenas::Settings::parse_url(&nas.url, false).unwrap();
    let trust = Trust::Pinned(Fingerprint(nas.fingerprint));
    let key = Secret::from(nas.key.as_str());
    let truenas = truenas::Settings::new(url, nas.username.clone(), key, trust);
    let host = truenas.host().to_owned();
    config::Settings {
        smb: smb::Settings { host: host.clone(), port: smb::SMB_PORT, timeout: PATIENCE },
        store: store::Settings::in_file(&home.join("farol.db")),
        web: web::Settings {
            listen: LOOPBACK,
            tls: web::Tls::Off,
            redirect_listen: None,
            secret_key: Secret::from("a secret of the tests, long enough for anybody"),
            public_url: None,
            trusted_proxies: Vec::new(),
            time_zone: Some("America/Cuiaba".into()),
            scrapers: web::Scrapers::default(),
            public_status: true,
        },
        auth: auth::Settings {
            authenticator: auth::Authenticator::TruenasApi,
            administrators_group: auth::ADMINISTRATORS_GROUP.to_owned(),
            on_service_key_refused: auth::OnKeyRefused::LogOut,
            second_factor: auth::SecondFactor::Required,
            session_timeout: auth::SESSION_TIMEOUT,
            idle_timeout: auth::IDLE_TIMEOUT,
        },
        shares: shares::Settings { host, letters: shares::LETTERS.chars().collect(), fixed_letters: BTreeMap::new() },
        health: health::Settings { period: health::PERIOD },
        outbox: outbox::Settings::default(),
        log: logging::Settings { directory: home.join("logs"), keep_days: 1, filter: "info".to_owned() },
        data_dir: home.to_owned(),
        in_force: Vec::new(),
        truenas,
    }
}

async fn beside<T>(running: impl Future<Output = ()>, work: impl Future<Output = T>) -> T {
    let either = async {
        tokio::select! {
            done = work => done,
            () = running => unreachable!("time never ends"),
        }
    };
    // Hundreds of people take their time on a busy machine.
    Clock::real().timeout(PATIENCE * 4, either).await.expect("it never came")
}

/// Waits by the real clock: what does not come within the limit never comes.
pub async fn soon<T>(work: impl Future<Output = T>) -> T {
    Clock::real().timeout(PATIENCE, work).await.expect("it never came")
}
