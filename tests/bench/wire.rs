//! What the processes of the benchmark say to each other: a line of JSON each.

use std::collections::BTreeSet;
use std::io::{BufRead as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

/// Before the name of a role, on the command line.
pub const ROLE: &str = "--play=";
/// People of the simulated NAS beyond the demo's own. A person may have twenty sockets.
pub const HIRED: u32 = 640;
/// Sockets of a session.
pub const TABS: u32 = 4;
pub const PASSWORD: &str = "demo-ana";
/// Longer than any step takes, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Nas,
    Server,
    Floor,
    Load,
}

impl Role {
    const ALL: [Self; 4] = [Self::Nas, Self::Server, Self::Floor, Self::Load];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nas => "nas",
            Self::Server => "server",
            Self::Floor => "floor",
            Self::Load => "load",
        }
    }

    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|role| role.as_str() == word).expect("only this program names its own roles")
    }
}

/// Of the simulator: how to reach it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Nas {
    pub url: String,
    pub username: String,
    pub key: String,
    pub fingerprint: String,
}

/// To the server: where its files are, and who is signed in.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    pub folder: PathBuf,
    pub nas: Nas,
    pub people: u32,
    pub sessions_each: u32,
}

/// Of the server, or of the floor without cookies.
#[derive(Debug, Serialize, Deserialize)]
pub struct Open {
    pub address: SocketAddr,
    pub cookies: Vec<String>,
    pub cursor: String,
}

/// To server and floor.
#[derive(Debug, Serialize, Deserialize)]
pub enum Order {
    /// Pieces with the numbers from `first` on.
    Pieces { first: u32, count: u32, filling: usize },
    /// Something shown whole is not as it was.
    Change,
    /// How many frames were not kept for those who do not take them.
    Dropped,
    /// To the floor: the bytes of a piece, as the server sends them.
    Template(Vec<u8>),
}

/// When each piece was on its way, and when the work for the first of them began.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sent {
    pub begun: u64,
    pub sent: Vec<u64>,
}

/// To the browsers.
#[derive(Debug, Serialize, Deserialize)]
pub enum Listen {
    Connect {
        address: SocketAddr,
        sockets: u32,
        cookies: Vec<String>,
        cursor: String,
    },
    /// Nothing is read of these after their present.
    Stall {
        address: SocketAddr,
        sockets: u32,
        cookies: Vec<String>,
        cursor: String,
    },
    /// No handshake: the floor.
    ConnectPlainly {
        address: SocketAddr,
        sockets: u32,
    },
    /// Such pieces come next.
    Expect {
        first: u32,
        count: u32,
    },
    ExpectChange,
    /// Answers when all have come.
    Collect(Sent),
    /// The bytes of the last piece.
    Sample,
}

/// Nanoseconds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Received {
    /// From the first piece on its way to the last socket that has the last one.
    pub completion: u64,
    /// From the beginning of the work for the first piece until it was on its way.
    pub kept: u64,
    pub p50: u64,
    pub p99: u64,
    /// Of one piece, in bytes on the wire.
    pub bytes: usize,
    pub lost: usize,
    /// Pieces that were not the next one.
    pub disorder: u32,
    /// Sockets the server closed.
    pub closed: u32,
    /// What it gave as the reason.
    pub codes: BTreeSet<u16>,
}

/// Of the one clock all processes share.
#[expect(clippy::disallowed_methods, reason = "spans between processes are measured, by the calendar they share")]
pub fn stamp() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// A child says something to the parent.
pub fn say(what: &impl Serialize) {
    let mut line = serde_json::to_string(what).expect("plain values");
    line.push('\n');
    let mut out = std::io::stdout().lock();
    // A parent that is gone needs no answer; the end of the input ends us.
    drop(out.write_all(line.as_bytes()).and_then(|()| out.flush()));
}

/// What the parent asks of a child, until it is gone.
pub fn orders<T: DeserializeOwned + Send + 'static>() -> mpsc::Receiver<T> {
    let (orders, heard) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let order =
                line.ok().and_then(|line| serde_json::from_str(&line).ok()).expect("the parent speaks our words");
            if orders.blocking_send(order).is_err() {
                return;
            }
        }
    });
    heard
}
