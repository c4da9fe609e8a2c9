//! What is known of this installation: what runs, since when, on what, and what should be put right.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::SecondFactor;
use crate::domain::nas::Road;
use crate::domain::{Setting, Timestamp};
use crate::health::Health;
use crate::runtime::{Clock, Round, Space, Tasks, space};
use crate::web::live::{Counters, Figures};

/// Time servers set a clock right by less.
const JUMP: Duration = Duration::from_secs(30);
/// Less than this, and the database or the log soon has no room.
const LITTLE_SPACE: u64 = 1 << 30;

/// How the server was set up.
#[derive(Debug, Clone)]
pub struct Installation {
    pub in_force: Vec<Setting>,
    /// What the database is called.
    pub database: &'static str,
    pub data_dir: PathBuf,
    pub log_dir: PathBuf,
}

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct System(Arc<Parts>);

#[derive(Debug)]
pub struct Parts {
    pub installation: Installation,
    pub health: Health,
    pub clock: Clock,
    pub tasks: Tasks,
    pub sockets: Counters,
    pub second_factor: SecondFactor,
    /// Browsers reach us over TLS.
    pub secure: bool,
    /// What the calendar and the clock said when all of this was built.
    pub started: (Timestamp, Duration),
}

/// How it all is at one moment.
#[derive(Debug, Clone)]
pub struct Condition {
    pub version: &'static str,
    pub database: &'static str,
    pub release: Option<String>,
    pub road: Option<Road>,
    pub started_at: Timestamp,
    pub uptime: Duration,
    /// Of the folders of the data and of the log; `None` when it cannot be told.
    pub data_space: Option<Space>,
    pub log_space: Option<Space>,
    pub sockets: Figures,
    pub rounds: Vec<Round>,
    pub warnings: Vec<Warning>,
    pub in_force: Vec<Setting>,
}

/// What works, and should be put right all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    NoSecondFactor,
    PlainHttp,
    /// The calendar was set while we ran.
    ClockJumped,
    LogNotWritable,
    LittleSpace,
}

impl System {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Asks the disks, so it may have to wait for them.
    pub fn look(&self) -> Condition {
        let Parts { installation, health, clock, tasks, sockets, started, .. } = &*self.0;
        let Installation { in_force, database, data_dir, log_dir } = installation;
        let (data_space, log_space) = (Space::of(data_dir).ok(), Space::of(log_dir).ok());
        Condition {
            version: env!("CARGO_PKG_VERSION"),
            database,
            release: health.latest().release.map(|release| release.to_string()),
            road: health.road(),
            started_at: started.0,
            uptime: clock.uptime().saturating_sub(started.1),
            data_space,
            log_space,
            sockets: sockets.figures(),
            rounds: tasks.rounds().list(),
            warnings: self.warnings([data_space, log_space]),
            in_force: in_force.clone(),
        }
    }

    fn warnings(&self, spaces: [Option<Space>; 2]) -> Vec<Warning> {
        let Parts { installation, clock, second_factor, secure, started, .. } = &*self.0;
        let expected = started.0.plus(clock.uptime().saturating_sub(started.1));
        let now = clock.now();
        let jumped = now.since(expected).max(expected.since(now)) > JUMP;
        let little = spaces.into_iter().flatten().any(|space| space.free < LITTLE_SPACE);
        [
            (Warning::NoSecondFactor, *second_factor == SecondFactor::Off),
            (Warning::PlainHttp, !secure),
            (Warning::ClockJumped, jumped),
            (Warning::LogNotWritable, !space::is_writable(&installation.log_dir)),
            (Warning::LittleSpace, little),
        ]
        .into_iter()
        .filter_map(|(warning, holds)| holds.then_some(warning))
        .collect()
    }
}

impl Warning {
    #[cfg(test)]
    pub const ALL: [Self; 5] =
        [Self::NoSecondFactor, Self::PlainHttp, Self::ClockJumped, Self::LogNotWritable, Self::LittleSpace];

    /// For files that programs and supporters read.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSecondFactor => "no second factor",
            Self::PlainHttp => "plain HTTP",
            Self::ClockJumped => "the clock was set",
            Self::LogNotWritable => "the log cannot be written",
            Self::LittleSpace => "little space left",
        }
    }
}
