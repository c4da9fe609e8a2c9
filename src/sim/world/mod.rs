//! The state of the simulated NAS: plain data, no wire shapes.

mod folders;
mod people;
mod shares;
mod storage;

pub use folders::{Ace, Acl, Folder, PosixEntry};
pub use people::{ApiKey, Group, People, Person, Privilege};
pub use shares::{Share, ShareAce};
pub use storage::{Alert, Pool, Service};

pub(super) use folders::basic;
pub(super) use people::{FINANCEIRO, SIGN_IN, STAFF, TI, sign_in_privilege};

use crate::runtime::Random;

/// Where the machine is between power off and ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Booting,
    Ready,
    ShuttingDown,
    /// The kernel runs but nothing answers behind the proxy.
    Restarting,
    Off,
}

/// A long-running call and what became of it.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: u64,
    pub method: String,
}

#[derive(Debug, Clone)]
pub struct World {
    pub phase: Phase,
    pub boot_id: String,
    /// `None`: it has been up since before the office opened.
    pub booted_ms: Option<i64>,
    /// It runs the release after the one of its profile.
    pub updated: bool,
    /// Where the active half of the pair answers while this one stands by.
    pub other_controller: String,
    pub people: People,
    pub shares: Vec<Share>,
    pub folders: Vec<Folder>,
    pub pools: Vec<Pool>,
    pub services: Vec<Service>,
    pub alerts: Vec<Alert>,
    pub jobs: Vec<Job>,
}

impl World {
    /// The same chance gives the same world, keys and ids included.
    pub(super) fn demo(random: &Random) -> Self {
        Self {
            phase: Phase::Ready,
            boot_id: uuid(random),
            booted_ms: None,
            updated: false,
            other_controller: "https://10.0.0.6".to_owned(),
            people: People::demo(random),
            shares: shares::demo(),
            folders: folders::demo(),
            pools: storage::pools(),
            services: storage::services(),
            alerts: storage::alerts(random),
            jobs: Vec::new(),
        }
    }

    pub fn find_share(&self, name: &str) -> Option<&Share> {
        self.shares.iter().find(|share| share.name.eq_ignore_ascii_case(name))
    }

    pub fn find_share_mut(&mut self, name: &str) -> Option<&mut Share> {
        self.shares.iter_mut().find(|share| share.name.eq_ignore_ascii_case(name))
    }

    pub fn find_folder(&self, path: &str) -> Option<&Folder> {
        self.folders.iter().find(|folder| folder.path == path)
    }

    pub fn find_folder_mut(&mut self, path: &str) -> Option<&mut Folder> {
        self.folders.iter_mut().find(|folder| folder.path == path)
    }
}

/// A random id in the usual spelling.
pub(super) fn uuid(random: &Random) -> String {
    let digits = random.token();
    format!("{}-{}-4{}-a{}-{}", &digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..32])
}
