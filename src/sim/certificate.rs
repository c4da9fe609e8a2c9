//! The certificate it makes for itself at every start, named like the factory's: localhost.

use std::sync::Arc;

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use sha2::{Digest as _, Sha256};

use super::Error;

#[derive(Debug)]
pub(super) struct Certificate {
    pub(super) fingerprint: [u8; 32],
    pub(super) pem: String,
    pub(super) tls: Arc<ServerConfig>,
}

pub(super) fn make() -> Result<Certificate, Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "localhost");
    let certificate = params.self_signed(&key)?;
    let engine = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut tls = ServerConfig::builder_with_provider(engine)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Certificate {
        fingerprint: Sha256::digest(certificate.der()).into(),
        pem: certificate.pem(),
        tls: Arc::new(tls),
    })
}
