//! One look at the NAS: what is asked, and what the answers mean by themselves.

use std::time::Duration;

use crate::domain::health::{Level, Reason};
use crate::domain::nas::{Alert, BootId, Pool, System, SystemState};
use crate::health::{Parts, Silenced};
use crate::truenas::{Client, Error};

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Only whether it is still there.
    Knock,
    Whole,
    /// What changes only from one start to the next as well.
    Anew,
}

/// What one look found, without regard to what was known before.
#[derive(Debug)]
pub struct Look {
    pub asked_at: Duration,
    pub level: Level,
    pub reason: Reason,
    /// `None` when it did not answer.
    pub latency: Option<Duration>,
    /// `None` when they were not asked for, or not answered.
    pub details: Option<Details>,
    /// The inner ones are `None` when the NAS does not tell.
    pub start: Option<(Option<BootId>, Option<System>)>,
}

#[derive(Debug, Clone)]
pub struct Details {
    pub alerts: Vec<Alert>,
    pub pools: Vec<Pool>,
    /// Of the alerts, how many want somebody.
    pub open: usize,
}

impl Look {
    /// The NAS said so itself, or is there. Anything else may be one lost packet.
    pub fn is_certain(&self) -> bool {
        match self.level {
            Level::Online | Level::Attention | Level::KeyRefused => true,
            Level::Restarting => matches!(self.reason, Reason::Booting | Reason::ShuttingDown),
            Level::Unknown | Level::Planned | Level::Unreachable => false,
        }
    }

    pub fn failed(asked_at: Duration, error: &Error) -> Self {
        let (level, reason) = judge(error);
        Self { asked_at, level, reason, latency: None, details: None, start: None }
    }
}

pub async fn look(parts: &Parts, depth: Depth) -> Look {
    let Parts { client, clock, silenced, .. } = parts;
    let asked_at = clock.uptime();
    let state = client.read_state().await;
    let latency = Some(clock.uptime().saturating_sub(asked_at));
    let answered = |level, reason| Look { asked_at, level, reason, latency, details: None, start: None };
    match state {
        Ok(SystemState::Booting) => answered(Level::Restarting, Reason::Booting),
        Ok(SystemState::ShuttingDown) => answered(Level::Restarting, Reason::ShuttingDown),
        // A key that may not ask still got an answer: the NAS lives.
        Ok(SystemState::Ready) | Err(Error::RoleMissing { .. }) => {
            let found = match depth {
                Depth::Knock => return answered(Level::Online, Reason::Well),
                Depth::Whole => details(client, silenced).await.map(|details| (details, None)),
                Depth::Anew => both(client, silenced).await,
            };
            match found {
                Ok((details, start)) => {
                    let (level, reason) = wellness(&details);
                    Look { details: Some(details), start, ..answered(level, reason) }
                }
                Err(error) => Look::failed(asked_at, &error),
            }
        }
        Err(error) => {
            let (level, reason) = judge(&error);
            Look { latency: latency.filter(|_| level == Level::Attention), ..answered(level, reason) }
        }
    }
}

type Found = (Details, Option<(Option<BootId>, Option<System>)>);

async fn both(client: &Client, silenced: &Silenced) -> Result<Found, Error> {
    let (details, boot_id, system) =
        tokio::join!(details(client, silenced), client.find_boot_id(), client.read_system());
    let system = match system {
        Err(error) if !error.is_about_one_item() => return Err(error),
        system => system.ok(),
    };
    Ok((details?, Some((boot_id?, system))))
}

/// An error only when the link broke meanwhile.
async fn details(client: &Client, silenced: &Silenced) -> Result<Details, Error> {
    let (alerts, pools) = tokio::join!(client.list_alerts(), client.list_pools());
    let (alerts, pools) = (readable(alerts)?, readable(pools)?);
    let open = alerts.iter().filter(|alert| silenced.leaves_open(alert)).count();
    Ok(Details { alerts, pools, open })
}

/// What cannot be read counts as well: our key's limits are no trouble of the storage.
fn readable<T>(answer: Result<Vec<T>, Error>) -> Result<Vec<T>, Error> {
    match answer {
        Err(error) if error.is_about_one_item() => Ok(Vec::new()),
        answer => answer,
    }
}

fn wellness(details: &Details) -> (Level, Reason) {
    if !details.pools.iter().all(|pool| pool.healthy && !pool.warning) {
        (Level::Attention, Reason::Pools)
    } else if details.open > 0 {
        (Level::Attention, Reason::Alerts)
    } else {
        (Level::Online, Reason::Well)
    }
}

fn judge(error: &Error) -> (Level, Reason) {
    match error {
        Error::KeyRefused { .. } | Error::SessionEnded => (Level::KeyRefused, Reason::Key),
        Error::NotReady { .. } => (Level::Restarting, Reason::Proxy),
        // It answers, only not with what we asked.
        Error::Busy | Error::RoleMissing { .. } | Error::Missing { .. } | Error::Refused { .. } => {
            (Level::Attention, Reason::Hindered)
        }
        Error::Unreachable(_) => (Level::Unreachable, Reason::Refused),
        Error::TimedOut(_) => (Level::Unreachable, Reason::NoAnswer),
        Error::Disconnected(_) => (Level::Unreachable, Reason::LinkLost),
        Error::Tls(_) | Error::WrongCertificate { .. } | Error::Authority(_) => {
            (Level::Unreachable, Reason::Certificate)
        }
        Error::PlainRefused => (Level::Unreachable, Reason::PlainRefused),
        Error::AddressRefused => (Level::Unreachable, Reason::AddressRefused),
        Error::Standby { .. } => (Level::Unreachable, Reason::Standby),
        Error::RateLimited => (Level::Unreachable, Reason::RateLimited),
        Error::Protocol { .. } => (Level::Unreachable, Reason::Strange),
    }
}
