//! Listening sockets that really close, and connections that can all be cut at once.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

use super::nas::Nas;
use super::{Error, front};

/// An address to listen on: closed, connections are refused; open again, it is the same port.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) address: SocketAddr,
    listener: Mutex<Option<TcpListener>>,
    changed: Notify,
}

impl Door {
    pub(super) fn bind(address: SocketAddr) -> Result<Self, Error> {
        let failed = |source| Error::Listen { address, source };
        let listener = listen(address).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { address, listener: Mutex::new(Some(listener)), changed: Notify::new() })
    }

    pub(super) fn close(&self) {
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.changed.notify_one();
    }

    pub(super) fn open(&self) {
        let mut listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        if listener.is_none() {
            match listen(self.address) {
                Ok(again) => *listener = Some(again),
                Err(error) => warn!(%error, address = %self.address, "the simulator cannot listen again"),
            }
        }
        self.changed.notify_one();
    }

    pub(super) async fn next(&self) -> (TcpStream, SocketAddr) {
        loop {
            let accepted = std::future::poll_fn(|context| {
                let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
                listener.as_ref().map_or(Poll::Pending, |listener| listener.poll_accept(context))
            });
            tokio::select! {
                () = self.changed.notified() => {}
                accepted = accepted => match accepted {
                    Ok(accepted) => return accepted,
                    Err(error) => debug!(%error, "a connection was gone before it was accepted"),
                },
            }
        }
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    // The standard one may take its port again while old connections linger.
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

/// Where a connection comes from and whether it is encrypted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer {
    pub(super) address: IpAddr,
    pub(super) encrypted: bool,
}

/// Accepts until the stop. With `tls` the connection is encrypted.
pub(super) async fn accept(nas: Arc<Nas>, door: Arc<Door>, tls: Option<TlsAcceptor>) {
    let stop = nas.tasks.stopping();
    loop {
        let (stream, from) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = door.next() => accepted,
        };
        let peer = Peer { address: from.ip(), encrypted: tls.is_some() };
        // Otherwise small answers wait for the client's acknowledgement, which takes its time.
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "a connection was gone before it was served");
        }
        let (server, tls) = (Arc::clone(&nas), tls.clone());
        nas.tasks.run("sim connection", async move {
            let lifeline = server.lifeline();
            let work = async {
                match tls {
                    None => serve(server, stream, peer).await,
                    Some(tls) => match tls.accept(stream).await {
                        Ok(stream) => serve(server, stream, peer).await,
                        Err(error) => debug!(%error, "the client gave up during the TLS handshake"),
                    },
                }
            };
            tokio::select! {
                // First: what is cut says nothing more.
                biased;
                () = lifeline.cancelled() => {}
                () = work => {}
            }
        });
    }
    // Others hold the door too; only closing it frees the port.
    door.close();
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(nas: Arc<Nas>, stream: S, peer: Peer) {
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let nas = Arc::clone(&nas);
        async move { Ok::<_, Infallible>(front::answer(nas, peer, request).await) }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.with_upgrades().await {
        debug!(%error, "a connection of the simulator broke");
    }
}
