//! Why a certificate cannot be used.

use std::io;
use std::path::{Path, PathBuf};

use crate::domain::Timestamp;

#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("{} could not be read", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} holds no certificate in PEM", path.display())]
    NoCertificate { path: PathBuf },
    #[error("{} holds no private key in PEM", path.display())]
    NoKey { path: PathBuf },
    #[error("the key in {} is not the one of the certificate", key.display())]
    Mismatch { key: PathBuf },
    #[error("the certificate in {} is not understood", path.display())]
    Malformed { path: PathBuf },
    #[error("the certificate in {} has expired", path.display())]
    Expired { path: PathBuf, at: Timestamp },
    #[error("the certificate in {} is not valid yet", path.display())]
    NotYet { path: PathBuf, from: Timestamp },
    #[error("the key in {} is of a kind that cannot be used", path.display())]
    Unsupported { path: PathBuf, source: rustls::Error },
    #[error("a certificate of our own could not be made")]
    Make(#[source] rcgen::Error),
    #[error("{} could not be written", path.display())]
    Write { path: PathBuf, source: io::Error },
}

impl Trouble {
    /// The file it is about.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Mismatch { key: path }
            | Self::Read { path, .. }
            | Self::NoCertificate { path }
            | Self::NoKey { path }
            | Self::Malformed { path }
            | Self::Expired { path, .. }
            | Self::NotYet { path, .. }
            | Self::Unsupported { path, .. }
            | Self::Write { path, .. } => Some(path),
            Self::Make(_) => None,
        }
    }
}
