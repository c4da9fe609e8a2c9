//! Reaching the NAS step by step: name, TCP, TLS. The road and the connection test walk the same steps.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::runtime::Clock;
use crate::truenas::{Error, tls};

pub type TlsStream = tokio_rustls::client::TlsStream<TcpStream>;

/// `host:port`, the port only when the URL names one.
pub fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Host and port to connect to; an IPv6 address without its brackets.
fn target(url: &Url) -> (String, u16) {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    (host, url.port_or_known_default().unwrap_or(443))
}

pub async fn resolve(url: &Url) -> Result<Vec<SocketAddr>, Error> {
    let found = tokio::net::lookup_host(target(url)).await.map_err(|e| Error::Unreachable(Arc::new(e)))?;
    Ok(found.collect())
}

/// Tries the addresses of the name one after the other, each with its share of the time: one that swallows everything
/// must not keep us from the next.
pub async fn connect_tcp(url: &Url, clock: &Clock, timeout: Duration) -> Result<TcpStream, Error> {
    let addresses = clock.timeout(timeout, resolve(url)).await.unwrap_or(Err(Error::TimedOut(timeout)))?;
    let share = timeout / u32::try_from(addresses.len().max(1)).unwrap_or(1);
    let mut failure = Error::Unreachable(Arc::new(std::io::Error::from(std::io::ErrorKind::NotFound)));
    for address in addresses {
        match clock.timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Small questions, small answers: waiting to fill a packet only costs time.
                stream.set_nodelay(true).map_err(|e| Error::Unreachable(Arc::new(e)))?;
                return Ok(stream);
            }
            Ok(Err(error)) => failure = Error::Unreachable(Arc::new(error)),
            Err(_) => failure = Error::TimedOut(timeout),
        }
    }
    Err(failure)
}

pub async fn connect_tls(
    url: &Url,
    config: Arc<ClientConfig>,
    clock: &Clock,
    timeout: Duration,
) -> Result<TlsStream, Error> {
    if url.scheme() != "https" {
        return Err(Error::PlainRefused);
    }
    let name = ServerName::try_from(target(url).0).map_err(|e| Error::Tls(Arc::new(e)))?;
    let stream = connect_tcp(url, clock, timeout).await?;
    let handshake = TlsConnector::from(config).connect(name, stream);
    let stream = clock.timeout(timeout, handshake).await.map_err(|_| Error::TimedOut(timeout))?;
    stream.map_err(handshake_error)
}

fn handshake_error(error: std::io::Error) -> Error {
    match tls::unexpected_fingerprint(&error) {
        Some(found) => Error::WrongCertificate { found },
        None if tls::is_about_tls(&error) => Error::Tls(Arc::new(error)),
        None => Error::Disconnected(Arc::new(error)),
    }
}
