//! The proof of a password and a share, against a real Samba and against servers that lie.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its stage must stop at once")]

#[path = "../server/harness/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the stories of the server need more of it than these")]
mod harness;
mod hostile;
mod middle;
mod office;
mod password;
mod samba;
mod shares;
mod signin;

use std::time::Duration;

use farol::domain::Secret;
use farol::runtime::Clock;
use farol::smb::{Prover, Settings};

/// Longer than any honest answer on loopback takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn prover(port: u16) -> Prover {
    Prover::new(settings(port), Clock::real())
}

fn settings(port: u16) -> Settings {
    Settings { host: "127.0.0.1".to_owned(), port, timeout: PATIENCE }
}

fn secret(password: &str) -> Secret<String> {
    Secret::from(password)
}
