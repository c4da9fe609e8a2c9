//! The machine, its pools, services and alerts.

use serde_json::{Value, json};

use super::{date, merge};
use crate::sim::profile::Profile;
use crate::sim::world::{Alert, Phase, Pool, Service, World};

/// A machine that has been up since before the office opened.
const UPTIME_BEFORE_START_S: u64 = 5 * 86_400;

/// The release as it names itself, and the next one after an update.
pub(in crate::sim) fn version(profile: Profile, world: &World) -> String {
    let next = if world.updated { ".1" } else { "" };
    format!("{}{next}", profile.version())
}

pub(in crate::sim) fn info(profile: Profile, world: &World, now_ms: i64, running_s: u64) -> Value {
    let since_boot = world.booted_ms.map(|booted| u64::try_from((now_ms - booted) / 1_000).unwrap_or(0));
    let uptime_s = since_boot.unwrap_or(UPTIME_BEFORE_START_S + running_s);
    let (days, hours, minutes, seconds) = (uptime_s / 86_400, uptime_s / 3_600 % 24, uptime_s / 60 % 60, uptime_s % 60);
    let booted = now_ms - i64::try_from(uptime_s * 1_000).unwrap_or(0);
    let mut record = json!({
        "version": version(profile, world), "buildtime": date(1_761_955_200_000), "hostname": "nas01",
        "physmem": 68_719_476_736_u64, "model": "Intel(R) Xeon(R) E-2388G", "cores": 16, "physical_cores": 8,
        "loadavg": [0.2, 0.3, 0.3], "uptime": format!("{days} days, {hours}:{minutes:02}:{seconds:02}"),
        "uptime_seconds": uptime_s, "system_serial": null, "system_product": null, "system_product_version": null,
        "license": null, "boottime": date(booted), "datetime": date(now_ms), "timezone": "America/Sao_Paulo",
        "system_manufacturer": null, "ecc_memory": true,
    });
    if profile < Profile::R25_04 {
        merge(&mut record, json!({"birthday": date(1_577_836_800_000)}));
    }
    record
}

pub(in crate::sim) fn state(phase: Phase) -> &'static str {
    match phase {
        Phase::Booting => "BOOTING",
        Phase::Ready => "READY",
        Phase::ShuttingDown | Phase::Restarting | Phase::Off => "SHUTTING_DOWN",
    }
}

pub(in crate::sim) fn pool(pool: &Pool) -> Value {
    let scan = if pool.scrubbing {
        json!({"function": "SCRUB", "state": "SCANNING", "errors": 0, "percentage": 12.5,
            "start_time": date(1_767_600_000_000), "end_time": null})
    } else {
        json!({"function": "SCRUB", "state": "FINISHED", "errors": 0, "percentage": 100.0,
            "start_time": date(1_767_500_000_000), "end_time": date(1_767_510_000_000)})
    };
    json!({
        "id": pool.id, "name": pool.name, "guid": format!("1029384756{}", pool.id),
        "path": format!("/mnt/{}", pool.name), "status": pool.status, "status_code": "OK", "status_detail": null,
        "healthy": pool.healthy, "warning": pool.warning, "size": pool.size, "allocated": pool.allocated,
        "free": pool.size - pool.allocated, "freeing": 0, "fragmentation": "7", "autotrim": {"value": "off"},
        "is_upgraded": true,
        "scan": scan,
        "topology": {"data": [{"name": "mirror-0", "type": "MIRROR", "status": pool.status, "children": []}],
            "log": [], "cache": [], "spare": [], "special": [], "dedup": []},
    })
}

pub(in crate::sim) fn service(service: &Service) -> Value {
    let state = if service.running { "RUNNING" } else { "STOPPED" };
    let pids: &[u32] = if service.running { &[4_242] } else { &[] };
    json!({"id": service.id, "service": service.name, "enable": service.running, "state": state, "pids": pids})
}

pub(in crate::sim) fn alert(alert: &Alert) -> Value {
    json!({
        "uuid": alert.uuid, "id": alert.uuid, "source": alert.class, "klass": alert.class, "level": alert.level,
        "args": {}, "node": "A", "key": format!("[\"{}\"]", alert.class), "datetime": date(alert.raised_ms),
        "last_occurrence": date(alert.raised_ms), "dismissed": alert.dismissed, "mail": null,
        "text": alert.formatted, "formatted": alert.formatted, "one_shot": false,
    })
}
