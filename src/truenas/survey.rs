//! The link layer by layer, for the set-up and the connection test: each step alone, each with its own result.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::domain::nas::Road;
use crate::runtime::Clock;
use crate::truenas::certificate::Certificate;
use crate::truenas::tls::{self, Seen};
use crate::truenas::{Error, Settings, dial, probe};

#[derive(Debug)]
pub struct Survey<'a> {
    pub settings: &'a Settings,
    pub clock: &'a Clock,
}

impl Survey<'_> {
    pub async fn resolve(&self) -> Result<Vec<SocketAddr>, Error> {
        let limit = self.settings.call_timeout;
        self.clock.timeout(limit, dial::resolve(self.settings.url())).await.unwrap_or(Err(Error::TimedOut(limit)))
    }

    pub async fn connect(&self) -> Result<(), Error> {
        dial::connect_tcp(self.settings.url(), self.clock, self.settings.call_timeout).await.map(|_| ())
    }

    /// Shows the certificate without judging it. Nothing is sent.
    pub async fn look_at_certificate(&self) -> Result<Certificate, Error> {
        let seen = Seen::default();
        let config = Arc::new(tls::looking_config(&seen)?);
        dial::connect_tls(self.settings.url(), config, self.clock, self.settings.call_timeout).await?;
        seen.certificate().ok_or_else(|| Error::protocol("TLS", "no certificate was shown"))
    }

    /// Judges the certificate as the link will. Nothing is sent.
    pub async fn verify_certificate(&self) -> Result<(), Error> {
        let config = Arc::new(tls::client_config(&self.settings.trust)?);
        dial::connect_tls(self.settings.url(), config, self.clock, self.settings.call_timeout).await.map(|_| ())
    }

    /// Asks over HTTP, without any secret, which road there is.
    pub async fn find_road(&self) -> Result<Road, Error> {
        let config = Arc::new(tls::client_config(&self.settings.trust)?);
        probe::offer(self.settings, &config, self.clock).await.map(|offer| offer.road)
    }
}
