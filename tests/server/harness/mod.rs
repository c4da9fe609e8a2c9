//! A house: one server, one simulated NAS, a clock moved by hand; and browsers that visit it.

mod browser;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use farol::app::{self, Process};
use farol::config;
use farol::domain::{Secret, Timestamp};
use farol::runtime::{Clock, Hand, Random, Tasks, logging};
use farol::sim::{self, Profile, Sim};
use farol::truenas::{self, Fingerprint, Trust};
use farol::web::Route;
use farol::{auth, health, shares, smb, store, web};

pub use browser::Browser;

/// Longer than anything here takes, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);
const STOP_LIMIT: Duration = Duration::from_secs(5);
const EPOCH: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

pub struct House {
    pub sim: Sim,
    pub hand: Hand,
    pub routes: Vec<Route>,
    pub clock: Clock,
    /// The server's own, for what is done at its command line.
    pub store: store::Settings,
    address: SocketAddr,
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
        let (clock, hand) = Clock::by_hand(EPOCH);
        let server = Tasks::default();
        let nas = sim::Settings { release: Profile::R25_10, listen: LOOPBACK, plain: None, panel: None, seed: 7 };
        let sim = sim::start(nas, clock.clone(), &server).await.unwrap();
        let home = tempfile::Builder::new().prefix("farol-test-").tempdir().unwrap();
        let mut settings = settings(&sim, home.path());
        change(&mut settings);
        let tasks = Tasks::default();
        let process = Process { clock: clock.clone(), random: Random::seeded(3), tasks: tasks.clone() };
        let app = app::build(&settings, &process).await.unwrap();
        let (address, routes) = (app.address(), app.routes().to_vec());
        app.start(&tasks);
        let store = settings.store.clone();
        Self { sim, hand, routes, clock, store, address, tasks, server, _home: home }
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.address)
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

fn settings(sim: &Sim, home: &std::path::Path) -> config::Settings {
    let url = truenas::Settings::parse_url(&sim.url(), false).unwrap();
    let trust = Trust::Pinned(Fingerprint(sim.fingerprint()));
    let key = Secret::from(sim.api_key().as_str());
    let truenas = truenas::Settings::new(url, sim.username().to_owned(), key, trust);
    let host = truenas.host().to_owned();
    config::Settings {
        smb: smb::Settings { host: host.clone(), port: smb::SMB_PORT, timeout: PATIENCE },
        store: store::Settings::in_file(&home.join("farol.db")),
        web: web::Settings {
            listen: LOOPBACK,
            secret_key: Secret::from("a secret of the tests, long enough for anybody"),
            public_url: None,
            trusted_proxies: Vec::new(),
            time_zone: Some("America/Cuiaba".into()),
        },
        auth: auth::Settings {
            authenticator: auth::Authenticator::TruenasApi,
            administrators_group: auth::ADMINISTRATORS_GROUP.to_owned(),
            session_timeout: auth::SESSION_TIMEOUT,
            idle_timeout: auth::IDLE_TIMEOUT,
        },
        shares: shares::Settings { host, letters: shares::LETTERS.chars().collect(), fixed_letters: BTreeMap::new() },
        health: health::Settings { period: health::PERIOD },
        log: logging::Settings { directory: home.join("logs"), keep_days: 1, filter: "info".to_owned() },
        data_dir: home.to_owned(),
        truenas,
    }
}
