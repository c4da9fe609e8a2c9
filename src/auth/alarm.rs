//! Tells administrators, once each time, that the NAS no longer accepts the service key, and that it does again.

use std::sync::{Mutex, PoisonError};

use crate::auth::Error;
use crate::domain::event::{Audience, Line};
use crate::domain::notice::Notice;
use crate::live::Hub;
use crate::runtime::Clock;
use crate::store::Store;

/// There while the key is refused, also across a restart: what was told is not told again.
const MARK: &str = "truenas.key_refused";

#[derive(Debug)]
pub struct KeyAlarm {
    store: Store,
    hub: Hub,
    clock: Clock,
    /// What was last written down, if anything was since the start.
    written: Mutex<Option<bool>>,
}

impl KeyAlarm {
    pub fn new(store: Store, hub: Hub, clock: Clock) -> Self {
        Self { store, hub, clock, written: Mutex::default() }
    }

    /// What is so now. Telling it again does nothing.
    pub async fn set(&self, refused: bool) -> Result<(), Error> {
        if *self.written.lock().unwrap_or_else(PoisonError::into_inner) == Some(refused) {
            return Ok(());
        }
        let is_news = if refused {
            self.store.create_setting(MARK, "", self.clock.now()).await
        } else {
            self.store.remove_setting(MARK).await
        };
        let is_news = is_news.map_err(Error::Alarm)?;
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(refused);
        if is_news {
            let notice = if refused { Notice::KeyRefused } else { Notice::KeyAccepted };
            self.hub.tell(Audience::Administrators, Line::Notice(notice)).await.map_err(Error::Tell)?;
        }
        Ok(())
    }
}
