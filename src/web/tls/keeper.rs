//! Shows the certificate, and looks again whether there is a newer one.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::domain::Timestamp;
use crate::runtime::{Clock, Poke, periodic, rounds};
use crate::web::tls::{Pair, Tls, Trouble, own, server};

/// Whoever renews a certificate need not tell us.
const PERIOD: Duration = Duration::from_mins(1);

/// Cheap to clone; all clones show the same certificate.
#[derive(Debug, Clone)]
pub struct Keeper(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    source: Tls,
    clock: Clock,
    /// Written by the round alone.
    pair: RwLock<Pair>,
    poke: Poke,
    /// How often we have looked.
    looks: watch::Sender<u64>,
}

impl Keeper {
    /// `None` where no TLS is spoken.
    pub fn open(source: &Tls, clock: Clock) -> Result<Option<Self>, Trouble> {
        let Some(pair) = read(source, clock.now())? else { return Ok(None) };
        info!(fingerprint = pair.fingerprint(), "TLS is spoken with this certificate");
        if let Err(trouble) = pair.holds_at(clock.now()) {
            warn!(error = &trouble as &dyn std::error::Error, "browsers will refuse the certificate");
        }
        let (source, looks) = (source.clone(), watch::Sender::default());
        Ok(Some(Self(Arc::new(Inner { source, clock, pair: RwLock::new(pair), poke: Poke::default(), looks }))))
    }

    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::new(server(self)))
    }

    /// Looks now, and waits until that is done.
    pub async fn look_now(&self) {
        let mut looks = self.0.looks.subscribe();
        self.0.poke.now();
        // It ends only with the process.
        let _ = looks.changed().await;
    }

    /// Until the stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut told = None;
        let inner = &self.0;
        periodic::every(PERIOD, &inner.clock, &inner.poke, stop, || {
            self.look(&mut told);
            std::future::ready(())
        })
        .await;
    }

    /// A certificate that does not hold or cannot be used changes nothing. That is told once, and by every round.
    fn look(&self, told: &mut Option<String>) {
        let inner = &self.0;
        let now = inner.clock.now();
        let found = read(&inner.source, now).and_then(|pair| {
            pair.as_ref().map_or(Ok(()), |pair| pair.holds_at(now))?;
            Ok(pair)
        });
        match found {
            Ok(Some(pair)) => {
                *told = None;
                self.show(pair);
            }
            Ok(None) => {}
            Err(trouble) => {
                rounds::failed(&trouble);
                let why = trouble.to_string();
                if told.as_ref() != Some(&why) {
                    warn!(error = &trouble as &dyn std::error::Error, "the certificate is not replaced");
                    *told = Some(why);
                }
            }
        }
        inner.looks.send_modify(|looks| *looks += 1);
    }

    #[cfg(test)]
    pub fn pair(&self) -> Pair {
        self.0.pair.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn show(&self, pair: Pair) {
        let mut shown = self.0.pair.write().unwrap_or_else(PoisonError::into_inner);
        if !shown.is_same(&pair) {
            info!(fingerprint = pair.fingerprint(), "new connections are shown another certificate");
            *shown = pair;
        }
    }
}

impl ResolvesServerCert for Keeper {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.pair.read().unwrap_or_else(PoisonError::into_inner).shown.clone())
    }
}

fn read(source: &Tls, now: Timestamp) -> Result<Option<Pair>, Trouble> {
    match source {
        Tls::Off => Ok(None),
        Tls::SelfSigned { folder, names } => own::keep(folder, names, now).map(Some),
        Tls::Files { certificate, key, .. } => Pair::read(certificate, key).map(Some),
    }
}
