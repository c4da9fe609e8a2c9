//! Knowing that whoever answers is our NAS: one TLS configuration for both roads.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::truenas::certificate::Certificate;
use crate::truenas::{Error, Fingerprint, Trust};

/// The configuration for `trust`. Speaks HTTP/1.1 only: over HTTP/2 the upgrade to a WebSocket fails.
pub fn client_config(trust: &Trust) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Pinned(expected) => judged_by(Judge::Pinned(*expected), &provider),
        Trust::System => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                // No settings of ours are wrong: this machine simply trusts nobody, and a fingerprint can be pinned.
                return Err(Error::Tls(Arc::new(rustls::Error::General("this machine knows no authority".to_owned()))));
            }
            authority_verifier(roots, &provider)?
        }
        Trust::Authority(file) => {
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_file_iter(file).map_err(|e| Error::Authority(Arc::new(e)))? {
                let certificate = certificate.map_err(|e| Error::Authority(Arc::new(e)))?;
                roots.add(certificate).map_err(|e| Error::Authority(Arc::new(e)))?;
            }
            authority_verifier(roots, &provider)?
        }
    };
    configure(&provider, verifier)
}

/// Looks at the certificate and believes it, to show it to a person. No secret may be sent over such a connection.
pub fn looking_config(seen: &Seen) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    configure(&provider, judged_by(Judge::Looking(seen.clone()), &provider))
}

fn judged_by(judge: Judge, provider: &Arc<CryptoProvider>) -> Arc<dyn ServerCertVerifier> {
    Arc::new(LeafVerifier { judge, provider: provider.clone() })
}

fn authority_verifier(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    if roots.is_empty() {
        let why = "no authority to trust was found";
        return Err(Error::Authority(Arc::new(rustls::Error::General(why.to_owned()))));
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map(|verifier| verifier as Arc<dyn ServerCertVerifier>)
        .map_err(|e| Error::Authority(Arc::new(e)))
}

fn configure(provider: &Arc<CryptoProvider>, verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Tls(Arc::new(e)))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The fingerprint of a certificate that was not the pinned one, found in a chain of causes.
pub fn unexpected_fingerprint(error: &(dyn std::error::Error + 'static)) -> Option<Fingerprint> {
    causes(error).find_map(|cause| {
        let rustls::Error::InvalidCertificate(CertificateError::Other(other)) = cause.downcast_ref()? else {
            return None;
        };
        other.0.downcast_ref::<UnexpectedCertificate>().map(|unexpected| unexpected.found)
    })
}

/// The other side was reached and speaks, but cannot be trusted or does not speak TLS.
pub fn is_about_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    causes(error).any(<dyn std::error::Error>::is::<rustls::Error>)
}

/// Every error below this one, the inner errors of `std::io` included, which hides them from its `source`.
pub fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return io.get_ref().map(|inner| inner as &(dyn std::error::Error + 'static));
        }
        error.source()
    })
}

#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the certificate has the fingerprint {found}, not the pinned one")]
struct UnexpectedCertificate {
    found: Fingerprint,
}

/// Where a looking connection leaves what it saw.
#[derive(Debug, Clone, Default)]
pub struct Seen(Arc<Mutex<Option<Certificate>>>);

impl Seen {
    pub fn certificate(&self) -> Option<Certificate> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What decides about a certificate when no authority does.
#[derive(Debug)]
enum Judge {
    /// Accepts one certificate, whatever its name and dates.
    Pinned(Fingerprint),
    /// Accepts any, and tells which it was.
    Looking(Seen),
}

/// Signatures are always checked: whoever shows a certificate must also hold its key.
#[derive(Debug)]
struct LeafVerifier {
    judge: Judge,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for LeafVerifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let certificate = Certificate::of(leaf);
        let found = certificate.fingerprint;
        match &self.judge {
            Judge::Pinned(expected) if found != *expected => {
                let why = rustls::OtherError(Arc::new(UnexpectedCertificate { found }));
                return Err(rustls::Error::InvalidCertificate(CertificateError::Other(why)));
            }
            Judge::Pinned(_) => {}
            Judge::Looking(seen) => *seen.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(certificate),
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
