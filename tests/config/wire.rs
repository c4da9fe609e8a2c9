//! Everything that handles secrets on the wire, used well and badly, for whoever listens to what it says meanwhile.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use farol::domain::Secret;
use farol::runtime::{Clock, Random, Tasks};
use farol::sim::{self, Profile, Sim};
use farol::smb::{self, Prover};
use farol::store::{self, Store};
use farol::truenas::{self, Client, Fingerprint, Trust};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

/// Longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Signs in to a NAS of either road with the right key, a wrong one and a revoked one. Gives the right keys.
pub async fn sign_in_everywhere(wrong_key: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for release in [Profile::R24_10, Profile::R25_10] {
        let tasks = Tasks::default();
        let settings = sim::Settings { release, listen: LOOPBACK, plain: None, panel: None, seed: 7 };
        let sim = sim::start(settings, Clock::real(), &tasks).await.unwrap();
        assert!(read_state(&sim, &sim.api_key()).await.is_ok(), "{release}");
        assert!(read_state(&sim, wrong_key).await.is_err(), "{release}");
        sim.set_fault("revoked-key", true).unwrap();
        assert!(read_state(&sim, &sim.api_key()).await.is_err(), "{release}");
        keys.push(sim.api_key());
        tasks.stop(&Clock::real(), PATIENCE).await;
    }
    keys
}

async fn read_state(sim: &Sim, key: &str) -> Result<(), truenas::Error> {
    let (clock, tasks) = (Clock::real(), Tasks::default());
    let url = truenas::Settings::parse_url(&sim.url(), false).unwrap();
    let trust = Trust::Pinned(Fingerprint(sim.fingerprint()));
    let settings = truenas::Settings::new(url, sim.username().to_owned(), Secret::from(key), trust);
    let client = Client::start(settings, &clock, &Random::seeded(1), &tasks).unwrap();
    let state = clock.timeout(PATIENCE, client.read_state()).await.unwrap();
    tasks.stop(&clock, PATIENCE).await;
    state.map(drop)
}

/// Offers a password where nobody listens, and to somebody who speaks garbage.
pub async fn offer_password(password: &str) {
    let tasks = Tasks::default();
    let deaf = TcpListener::bind(LOOPBACK).await.unwrap().local_addr().unwrap();
    for port in [deaf.port(), start_babbler(&tasks).await] {
        let settings = smb::Settings { host: "127.0.0.1".to_owned(), port, timeout: PATIENCE };
        let verdict = Prover::new(settings, Clock::real()).prove_password("ana", &Secret::from(password)).await;
        assert!(!matches!(verdict, smb::Verdict::Accepted | smb::Verdict::Refused(_)), "{verdict:?}");
    }
    tasks.stop(&Clock::real(), Duration::ZERO).await;
}

/// Opens databases that are none, and some whose address nobody understands.
pub async fn open_databases(password: &str) -> Vec<store::Error> {
    let tasks = Tasks::default();
    let port = start_babbler(&tasks).await;
    let mut errors = Vec::new();
    for url in [
        format!("postgres://farol:{password}@127.0.0.1:{port}/farol?password={password}"),
        format!("mysql://farol:{password}@127.0.0.1:{port}/farol"),
        format!("postgres://farol:{password}@127.0.0.1:port/farol"),
        format!("oracle://farol:{password}@db"),
    ] {
        errors.push(match store::Settings::new(Secret::new(url)) {
            Ok(settings) => Store::open(&settings).await.unwrap_err(),
            Err(error) => error,
        });
    }
    tasks.stop(&Clock::real(), Duration::ZERO).await;
    errors
}

/// Says to everybody what no protocol knows.
async fn start_babbler(tasks: &Tasks) -> u16 {
    let listener = TcpListener::bind(LOOPBACK).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tasks.run("babbler", async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(&[0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]).await.unwrap();
        }
    });
    port
}
