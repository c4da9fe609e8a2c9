//! Whom to believe that they are who they say: the authorities of the operating system, and those of the house.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::outbox::Error;

pub struct Trust {
    /// In PEM; empty when the house has none of its own.
    pub own: Vec<u8>,
}

impl Trust {
    pub fn read(file: Option<&Path>) -> Result<Self, Error> {
        let own = file.map_or(Ok(Vec::new()), std::fs::read).map_err(Error::Authority)?;
        Ok(Self { own })
    }

    pub fn client_config(&self) -> Result<ClientConfig, Error> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let unreadable = |why: String| Error::Authority(std::io::Error::new(std::io::ErrorKind::InvalidData, why));
        for certificate in CertificateDer::pem_slice_iter(&self.own) {
            let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
            roots.add(certificate).map_err(Error::Tls)?;
        }
        Ok(ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(Error::Tls)?
            .with_root_certificates(roots)
            .with_no_client_auth())
    }
}
