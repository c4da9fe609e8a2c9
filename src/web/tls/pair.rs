//! A certificate and its key, read from their files and found fit to be shown.

use std::fs::File;
use std::io::{self, Read as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use sha2::{Digest as _, Sha256};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::domain::Timestamp;
use crate::web::tls::{Trouble, engine};

/// A chain has a few certificates of a few kilobytes; whatever is larger was named by mistake.
const LARGEST_FILE: u64 = 1 << 20;

#[derive(Debug, Clone)]
pub struct Pair {
    pub shown: Arc<CertifiedKey>,
    /// Names and addresses, as browsers write them.
    pub names: Vec<String>,
    pub from: Timestamp,
    pub expires_at: Timestamp,
    path: PathBuf,
}

impl Pair {
    /// Whether it holds now is another question: [`Self::holds_at`].
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, Trouble> {
        let path = certificate.to_owned();
        let read = CertificateDer::pem_slice_iter(&read_file(certificate)?).collect::<Result<Vec<_>, _>>();
        let chain = read.ok().filter(|chain| !chain.is_empty()).ok_or(Trouble::NoCertificate { path: path.clone() })?;
        let secret = zeroize::Zeroizing::new(read_file(key)?);
        let secret = PrivateKeyDer::from_pem_slice(&secret).map_err(|_| Trouble::NoKey { path: key.to_owned() })?;
        let (names, from, expires_at) = facts(&chain[0]).ok_or(Trouble::Malformed { path: path.clone() })?;
        let shown = CertifiedKey::from_der(chain, secret, &engine()).map_err(|source| {
            let path = key.to_owned();
            if source == Error::InconsistentKeys(InconsistentKeys::KeyMismatch) {
                Trouble::Mismatch { key: path }
            } else {
                Trouble::Unsupported { path, source }
            }
        })?;
        Ok(Self { shown: Arc::new(shown), names, from, expires_at, path })
    }

    pub fn holds_at(&self, now: Timestamp) -> Result<(), Trouble> {
        let path = self.path.clone();
        if now < self.from {
            Err(Trouble::NotYet { path, from: self.from })
        } else if now >= self.expires_at {
            Err(Trouble::Expired { path, at: self.expires_at })
        } else {
            Ok(())
        }
    }

    /// As browsers show it.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(&self.shown.cert[0]);
        digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }

    pub fn is_same(&self, other: &Self) -> bool {
        self.shown.cert == other.shown.cert
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, Trouble> {
    let trouble = |source| Trouble::Read { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(trouble)?;
    // A device or a pipe would never end.
    if !file.metadata().map_err(trouble)?.is_file() {
        return Err(trouble(io::ErrorKind::Unsupported.into()));
    }
    let mut bytes = Vec::new();
    file.by_ref().take(LARGEST_FILE).read_to_end(&mut bytes).map_err(trouble)?;
    Ok(bytes)
}

/// Its names, and from when until when it holds.
fn facts(der: &CertificateDer<'_>) -> Option<(Vec<String>, Timestamp, Timestamp)> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let millis = |seconds: i64| Timestamp::from_millis(seconds.saturating_mul(1_000));
    let validity = certificate.validity();
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.map_or_else(Vec::new, |names| names.value.general_names.iter().filter_map(name).collect());
    Some((names, millis(validity.not_before.timestamp()), millis(validity.not_after.timestamp())))
}

/// A name for many machines is the name of none.
fn name(name: &GeneralName<'_>) -> Option<String> {
    if let GeneralName::DNSName(name) = name {
        return (!name.contains('*')).then(|| (*name).to_owned());
    }
    let GeneralName::IPAddress(bytes) = name else { return None };
    let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
    let address = v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from));
    address.ok().map(|address| address.to_string())
}
