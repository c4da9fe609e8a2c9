//! The one task that owns the connection passwords are checked on.

use std::sync::Arc;

use rustls::ClientConfig;
use tokio::sync::mpsc;

use crate::runtime::{Clock, Random, Tasks};
use crate::truenas::password::Ask;
use crate::truenas::{Error, Settings, tls};

/// Everything that is needed to check passwords, waiting to be started.
pub struct PasswordTask {
    settings: Settings,
    tls: Arc<ClientConfig>,
    clock: Clock,
    random: Random,
    asks: mpsc::Receiver<Ask>,
}

impl PasswordTask {
    pub(super) fn new(
        settings: Settings,
        clock: &Clock,
        random: &Random,
        asks: mpsc::Receiver<Ask>,
    ) -> Result<Self, Error> {
        let tls = Arc::new(tls::client_config(&settings.trust)?);
        Ok(Self { settings, tls, clock: clock.clone(), random: random.clone(), asks })
    }

    pub fn start(mut self, tasks: &Tasks) {
        let stop = tasks.stopping();
        tasks.keep("truenas-passwords", async move {
            stop.cancelled().await;
            self.asks.close();
        });
    }
}
