//! `system.info`, `system.state`, `pool.query` and `service.query`.

use serde_json::Value;

use crate::domain::nas::{Pool, Release, Service, System, SystemState};
use crate::truenas::Error;
use crate::truenas::decode::record::Record;
use crate::truenas::error::one_line;

pub fn system(answer: &Value) -> Result<System, Error> {
    let record = Record::of("system.info", answer)?;
    let text = record.text("version")?;
    let unknown = || record.error(format!("no number in the version {:?}", one_line(text)));
    let release = Release::parse(text).ok_or_else(unknown)?;
    Ok(System { release, started_at: record.find_time("boottime"), now: record.find_time("datetime") })
}

pub fn system_state(answer: &Value) -> Result<SystemState, Error> {
    match answer.as_str() {
        Some("READY") => Ok(SystemState::Ready),
        Some("BOOTING") => Ok(SystemState::Booting),
        Some("SHUTTING_DOWN") => Ok(SystemState::ShuttingDown),
        _ => Err(Error::protocol("system.state", format!("an unknown state: {}", one_line(&answer.to_string())))),
    }
}

pub fn pools(answer: &Value) -> Result<Vec<Pool>, Error> {
    let pool = |record: Record<'_>| {
        Ok(Pool {
            name: record.text("name")?.to_owned(),
            status: record.text("status")?.to_owned(),
            healthy: record.flag("healthy")?,
            warning: record.find_flag("warning").unwrap_or(false),
            size: record.number("size").ok(),
            allocated: record.number("allocated").ok(),
            scrub_percent: record.find_record("scan").and_then(scrub_percent),
        })
    };
    Record::list("pool.query", answer)?.into_iter().map(pool).collect()
}

/// `None` unless one is under way. A resilver is told by the state of the pool.
fn scrub_percent(scan: Record<'_>) -> Option<u8> {
    let scrubs = scan.text_or_empty("function") == "SCRUB" && scan.text_or_empty("state") == "SCANNING";
    let percentage = scan.find("percentage").and_then(Value::as_f64).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a percentage may be")]
    let percent = percentage.clamp(0.0, 100.0) as u8;
    scrubs.then_some(percent)
}

pub fn services(answer: &Value) -> Result<Vec<Service>, Error> {
    let service = |record: Record<'_>| {
        Ok(Service {
            name: record.text("service")?.to_owned(),
            running: record.text_or_empty("state") == "RUNNING",
            enabled: record.find_flag("enable").unwrap_or(false),
        })
    };
    Record::list("service.query", answer)?.into_iter().map(service).collect()
}
