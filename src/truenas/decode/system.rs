//! `system.info`, `system.state`, `pool.query` and `service.query`.

use serde_json::Value;

use crate::domain::nas::{Pool, Release, Service, SystemState};
use crate::truenas::Error;
use crate::truenas::decode::record::Record;
use crate::truenas::error::one_line;

pub fn release(answer: &Value) -> Result<Release, Error> {
    let record = Record::of("system.info", answer)?;
    let text = record.text("version")?;
    Release::parse(text).ok_or_else(|| record.error(format!("no number in the version {:?}", one_line(text))))
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
        })
    };
    Record::list("pool.query", answer)?.into_iter().map(pool).collect()
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
