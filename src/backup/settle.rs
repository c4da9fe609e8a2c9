//! What a database must not bring back from the past.

use std::path::Path;

use crate::audit::Audit;
use crate::backup::Error;
use crate::domain::audit::{Action, Deed};
use crate::runtime::Clock;
use crate::store::{self, Store};

/// The audit trail's word for whoever sat at the server.
const AT_THE_SERVER: &str = "farol restore";

/// What lived in the copy and lives no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub sessions: u64,
    pub messages: u64,
}

/// A sound list of contents does not make a sound database.
pub(super) async fn judge(database: &Path) -> Result<(), Error> {
    let store = Store::open_copy(database).await.map_err(Error::Copy)?;
    let judged = async {
        store.pending_migrations().await?;
        store.find_damage().await
    };
    let damage = judged.await;
    store.close().await.map_err(Error::Copy)?;
    match damage {
        Ok(None) => Ok(()),
        Ok(Some(damage)) => Err(Error::Damaged(damage)),
        Err(store::Error::NewerDatabase { unknown }) => Err(Error::NewerSchema(unknown.join(", "))),
        Err(error) => Err(Error::Copy(error)),
    }
}

/// Who was signed in then may have signed out, lost a right or been locked since, and what waited to be sent was sent or is
/// no news any more. Brings the tables up to date first.
pub(super) async fn settle(database: &Path, made_at: &str, clock: &Clock) -> Result<Ended, Error> {
    let store = Store::open_existing(&store::Settings::in_file(database)).await.map_err(Error::Copy)?;
    let settled = async {
        store.migrate().await?;
        let sessions = store.remove_all_sessions().await?;
        Ok(Ended { sessions, messages: store.remove_waiting_messages().await? })
    };
    let ended = settled.await.map_err(Error::Copy);
    if ended.is_ok() {
        tell(&store, made_at, clock).await;
    }
    store.close().await.map_err(Error::Copy)?;
    ended
}

/// A trail that somebody has cut keeps nobody from a restore: `farol audit verify` names it.
async fn tell(store: &Store, made_at: &str, clock: &Clock) {
    let (actor, subject) = (AT_THE_SERVER.to_owned(), made_at.to_owned());
    let deed = Deed { action: Action::CopyRestored, actor, address: None, subject, detail: String::new() };
    if let Err(error) = Audit::new(store.clone(), clock.clone()).record(deed).await {
        tracing::warn!(%error, "the trail does not tell of the restore");
    }
}
