//! An office for one test: a simulated NAS, the server before it, and people with browsers.

mod browser;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use farol::app::{self, Process};
use farol::config::Settings;
use farol::domain::{Secret, Timestamp};
use farol::runtime::{Clock, Hand, Random, Tasks, logging};
use farol::sim::{self, Profile, Sim};
use farol::truenas::{self, Fingerprint, Trust};
use farol::{auth, health, shares, smb, store, web};

pub use browser::{Answer, Browser, field};

/// Longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const STOP_LIMIT: Duration = Duration::from_millis(1_500);
const STEP: Duration = Duration::from_millis(250);
const EPOCH: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const ANYWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// Every release people still run, and the one the customer described.
pub const PROFILES: [Profile; 6] =
    [Profile::R22_12, Profile::R24_10, Profile::R25_04, Profile::R25_10, Profile::R26, Profile::Spec];

pub struct Office {
    pub sim: Sim,
    pub settings: Settings,
    clock: Clock,
    hand: Hand,
    nas: Tasks,
    server: Tasks,
    address: SocketAddr,
    home: tempfile::TempDir,
}

impl Office {
    pub async fn open() -> Self {
        Self::open_with(Profile::R25_10, |_| {}).await
    }

    pub async fn open_before(release: Profile) -> Self {
        Self::open_with(release, |_| {}).await
    }

    /// `change` sees the settings before the server does.
    pub async fn open_with(release: Profile, change: impl FnOnce(&mut Settings)) -> Self {
        let (clock, hand) = Clock::by_hand(EPOCH);
        let nas = Tasks::default();
        let simulated = sim::Settings { release, listen: ANYWHERE, plain: None, panel: None, seed: 7 };
        let sim = sim::start(simulated, clock.clone(), &nas).await.unwrap();
        let home = tempfile::Builder::new().prefix("farol-office-").tempdir().unwrap();
        let mut settings = settings(&sim, home.path());
        change(&mut settings);
        let mut office = Self { sim, settings, clock, hand, nas, server: Tasks::default(), address: ANYWHERE, home };
        office.start().await;
        office
    }

    async fn start(&mut self) {
        let process = Process { clock: self.clock.clone(), random: Random::from_system(), tasks: Tasks::default() };
        let app = app::build(&self.settings, &process).await.unwrap();
        self.address = app.address();
        app.start(&process.tasks);
        self.server = process.tasks;
    }

    /// The server ends and begins again where it was, with what it kept.
    pub async fn restart(&mut self) {
        assert_eq!(self.server.stop(&Clock::real(), STOP_LIMIT).await, Vec::<&str>::new());
        self.settings.web.listen = self.address;
        self.start().await;
    }

    pub fn site(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A browser nobody has used yet.
    pub fn browser(&self) -> Browser {
        Browser::new(self.site())
    }

    /// A browser somebody has signed in with.
    pub async fn signed_in(&self, who: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(who, &format!("demo-{who}")).await;
        assert_eq!((answer.status, answer.location()), (303, "/dashboard"), "{}", answer.body);
        browser
    }

    pub fn turn(&self, fault: &str, on: bool) {
        self.sim.set_fault(fault, on).unwrap();
    }

    /// Moves the clock in steps, everybody having their turn in between.
    pub async fn pass(&self, span: Duration) {
        let end = self.clock.uptime() + span;
        while self.clock.uptime() < end {
            self.step(Duration::from_secs(1).min(end.saturating_sub(self.clock.uptime()))).await;
        }
    }

    /// Moves the clock at once: for spans in which nobody is expected to do anything.
    pub async fn leap(&self, span: Duration) {
        self.step(span).await;
    }

    async fn step(&self, span: Duration) {
        self.hand.advance(span);
        Clock::real().sleep(Duration::from_millis(1)).await;
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
        Clock::real().timeout(PATIENCE, either).await.expect("it never came")
    }

    /// Everything the server wrote to its log directory and database: where a secret would be found.
    pub fn everything_kept(&self) -> String {
        let mut text = String::new();
        for entry in std::fs::read_dir(self.home.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                text.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
            }
        }
        text
    }

    /// Ends in order; nobody hangs on.
    pub async fn close(self) {
        assert_eq!(self.server.stop(&Clock::real(), STOP_LIMIT).await, Vec::<&str>::new());
        self.nas.stop(&Clock::real(), STOP_LIMIT).await;
    }
}

fn settings(sim: &Sim, home: &Path) -> Settings {
    let url = truenas::Settings::parse_url(&sim.url(), false).unwrap();
    let trust = Trust::Pinned(Fingerprint(sim.fingerprint()));
    let truenas = truenas::Settings::new(url, sim.username().to_owned(), Secret::from(sim.api_key().as_str()), trust);
    Settings {
        smb: smb::Settings { host: truenas.host().to_owned(), port: smb::SMB_PORT, timeout: Duration::from_secs(10) },
        store: store::Settings::in_file(&home.join("farol.db")),
        web: web::Settings {
            listen: ANYWHERE,
            secret_key: Secret::from("0123456789abcdef0123456789abcdef-of-the-office"),
            public_url: None,
            trusted_proxies: Vec::new(),
            time_zone: Some("America/Cuiaba".to_owned()),
        },
        auth: auth::Settings {
            authenticator: auth::Authenticator::TruenasApi,
            administrators_group: auth::ADMINISTRATORS_GROUP.to_owned(),
            session_timeout: auth::SESSION_TIMEOUT,
            idle_timeout: auth::IDLE_TIMEOUT,
        },
        shares: shares::Settings {
            host: "nas.escritorio.local".to_owned(),
            letters: shares::LETTERS.chars().collect(),
            fixed_letters: BTreeMap::new(),
        },
        health: health::Settings { period: health::PERIOD },
        log: logging::Settings { directory: home.join("logs"), keep_days: 1, filter: "info".to_owned() },
        data_dir: home.to_owned(),
        truenas,
    }
}
