//! Pools, services and alerts.

use crate::runtime::Random;

#[derive(Debug, Clone)]
pub struct Pool {
    pub id: u64,
    pub name: &'static str,
    pub status: &'static str,
    pub healthy: bool,
    pub warning: bool,
    pub scrubbing: bool,
    pub size: u64,
    pub allocated: u64,
}

#[derive(Debug, Clone)]
pub struct Service {
    pub id: u64,
    pub name: &'static str,
    pub running: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub uuid: String,
    pub class: String,
    pub level: &'static str,
    /// May hold HTML, as the real ones do.
    pub formatted: String,
    pub raised_ms: i64,
    pub dismissed: bool,
}

const TERABYTE: u64 = 1 << 40;

pub(super) fn pools() -> Vec<Pool> {
    let tank = Pool {
        id: 1,
        name: "tank",
        status: "ONLINE",
        healthy: true,
        warning: false,
        scrubbing: false,
        size: 8 * TERABYTE,
        allocated: 3 * TERABYTE,
    };
    let archive = Pool {
        id: 2,
        name: "arquivo",
        status: "ONLINE",
        healthy: true,
        warning: true,
        scrubbing: false,
        size: 4 * TERABYTE,
        allocated: 7 * TERABYTE / 2,
    };
    vec![tank, archive]
}

pub(super) fn services() -> Vec<Service> {
    let names = [("cifs", true), ("nfs", false), ("ssh", true), ("smartd", true)];
    (1..).zip(names).map(|(id, (name, running))| Service { id, name, running }).collect()
}

pub(super) fn alerts(random: &Random) -> Vec<Alert> {
    // 2026-01-05 09:00 UTC: old news at every start.
    const RAISED_MS: i64 = 1_767_603_600_000;
    let known = [
        ("ZpoolCapacityWarning", "WARNING", "Space usage for pool \"arquivo\" is <b>87%</b>."),
        ("ScrubFinished", "INFO", "Scrub of pool 'tank' finished."),
    ];
    known
        .into_iter()
        .map(|(class, level, formatted)| Alert {
            uuid: super::uuid(random),
            class: class.to_owned(),
            level,
            formatted: formatted.to_owned(),
            raised_ms: RAISED_MS,
            dismissed: false,
        })
        .collect()
}
