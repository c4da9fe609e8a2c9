//! The certificate we show where we speak TLS ourselves: from files, which may be renewed while we run, or one of our own.

mod error;
mod keeper;
mod own;
mod pair;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};

pub use error::Trouble;
pub use keeper::Keeper;
pub use pair::Pair;

/// Whether we speak TLS, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    Off,
    /// With a certificate for these names and addresses, made at the first start and kept in this folder.
    SelfSigned {
        folder: PathBuf,
        names: Vec<String>,
    },
    /// With a chain of certificates and a key in PEM files; browsers know us by these names.
    Files {
        certificate: PathBuf,
        key: PathBuf,
        names: Vec<String>,
    },
}

impl Tls {
    pub fn is_on(&self) -> bool {
        *self != Self::Off
    }

    /// What browsers may call us.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Off => &[],
            Self::SelfSigned { names, .. } | Self::Files { names, .. } => names,
        }
    }
}

fn engine() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// TLS 1.2 and newer. Sockets need HTTP/1.1, so nothing else is offered.
fn server(keeper: &Keeper) -> ServerConfig {
    let mut server = ServerConfig::builder_with_provider(engine())
        .with_safe_default_protocol_versions()
        .expect("the engine knows every version that is safe")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(keeper.clone()));
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    server
}
