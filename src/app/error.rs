//! Why the rooms could not be built.

use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("somebody is alone in {}", .0.display())]
    FolderTaken(PathBuf),
    #[error("the database could not be opened")]
    OpenStore(#[source] crate::store::Error),
    #[error("the database could not be brought up to date")]
    MigrateStore(#[source] crate::store::Error),
    #[error("the database could not be written to")]
    WriteStore(#[source] crate::store::Error),
    #[error("the database could not be read")]
    ReadStore(#[source] crate::store::Error),
    #[error("{address} could not be opened for listening")]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("a socket that was handed over cannot be listened on")]
    Handed(#[source] std::io::Error),
    /// The settings could not know of it.
    #[error("the socket that was handed over would show cookies to the network at {0}")]
    Exposed(SocketAddr),
    #[error("the certificate cannot be used")]
    Certificate(#[source] crate::web::Trouble),
    #[error("the link to the NAS could not be prepared")]
    PrepareLink(#[source] crate::truenas::Error),
    #[error("the messages outside the page could not be prepared")]
    PrepareMessages(#[source] crate::outbox::Error),
}
