//! One look at the NAS: what is asked, and what the answers mean.

use std::time::Duration;

use crate::domain::health::{Level, Snapshot};
use crate::domain::nas::{Alert, AlertLevel, Pool, SystemState};
use crate::runtime::Clock;
use crate::truenas::{Client, Error};

/// The longest a restart takes that need not worry anybody.
const COMING_BACK: Duration = Duration::from_mins(10);

pub async fn look(client: &Client, clock: &Clock, before: &Snapshot) -> Snapshot {
    let asked_at = clock.uptime();
    let state = client.read_state().await;
    let latency = clock.uptime().saturating_sub(asked_at);
    let going_down_since = match &state {
        Ok(SystemState::ShuttingDown | SystemState::Booting) => before.going_down_since.or(Some(clock.now())),
        Ok(SystemState::Ready) => None,
        Err(_) => before.going_down_since,
    };
    let (level, open_alerts) = match state {
        // A key that may not ask still got an answer: the NAS lives.
        Ok(SystemState::Ready) | Err(Error::RoleMissing { .. }) => {
            wellness(client).await.unwrap_or_else(|error| (level_of(&error), 0))
        }
        Ok(SystemState::Booting | SystemState::ShuttingDown) => (Level::Restarting, 0),
        Err(error) => (level_of(&error), 0),
    };
    let now = clock.now();
    let answered = !matches!(level, Level::Unreachable | Level::KeyRefused);
    let level = match going_down_since {
        // Silence is how a restart looks, not a new trouble.
        Some(since) if level == Level::Unreachable && now.since(since) < COMING_BACK => Level::Restarting,
        _ => level,
    };
    Snapshot {
        level,
        since: if level == before.level { before.since } else { now },
        going_down_since,
        checked_at: Some(now),
        latency_ms: answered.then(|| u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)),
        open_alerts,
        ..before.clone()
    }
}

/// An error only when the link broke meanwhile.
async fn wellness(client: &Client) -> Result<(Level, u32), Error> {
    let (alerts, pools) = tokio::join!(client.list_alerts(), client.list_pools());
    let open = readable(alerts)?.iter().filter(|alert| is_open(alert)).count();
    let pools_well = readable(pools)?.iter().all(is_well);
    let level = if open == 0 && pools_well { Level::Online } else { Level::Attention };
    Ok((level, u32::try_from(open).unwrap_or(u32::MAX)))
}

/// What cannot be read counts as well: our key's limits are no trouble of the storage.
fn readable<T>(answer: Result<Vec<T>, Error>) -> Result<Vec<T>, Error> {
    match answer {
        Err(error) if error.is_about_one_item() => Ok(Vec::new()),
        answer => answer,
    }
}

fn is_open(alert: &Alert) -> bool {
    !alert.dismissed && alert.level >= AlertLevel::Warning
}

fn is_well(pool: &Pool) -> bool {
    pool.healthy && !pool.warning
}

fn level_of(error: &Error) -> Level {
    match error {
        Error::KeyRefused { .. } | Error::SessionEnded => Level::KeyRefused,
        Error::NotReady { .. } => Level::Restarting,
        // It answers, only not with what we asked.
        Error::Busy | Error::RoleMissing { .. } | Error::Missing { .. } | Error::Refused { .. } => Level::Attention,
        Error::Unreachable(_)
        | Error::TimedOut(_)
        | Error::Disconnected(_)
        | Error::Tls(_)
        | Error::WrongCertificate { .. }
        | Error::Authority(_)
        | Error::PlainRefused
        | Error::AddressRefused
        | Error::Standby { .. }
        | Error::RateLimited
        | Error::Protocol { .. } => Level::Unreachable,
    }
}
