//! What can keep the simulator from starting.

use std::net::SocketAddr;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot listen on {address}")]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("the panel breaks things on purpose, so it listens on loopback only, not on {0}")]
    PanelNotLoopback(SocketAddr),
    #[error("cannot make a self-signed certificate")]
    Certificate(#[from] rcgen::Error),
    #[error("cannot use the self-signed certificate")]
    Tls(#[from] rustls::Error),
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no fault named {0}")]
pub struct UnknownFault(pub String);
