//! A certificate of our own, for a house that has no authority: people confirm it once, and it is kept.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use tracing::{info, warn};

use crate::domain::Timestamp;
use crate::web::tls::{Pair, Trouble};

const DAY: Duration = Duration::from_hours(24);
/// The longest that every browser accepts is 825 days.
const LIFETIME: Duration = DAY.saturating_mul(800);
/// Time enough for everybody to hear of the new one.
const RENEWED_BEFORE: Duration = DAY.saturating_mul(60);

pub fn paths(folder: &Path) -> (PathBuf, PathBuf) {
    (folder.join("certificate.pem"), folder.join("key.pem"))
}

/// The one that is kept, or a new one where there is none, it says too little, or its time comes to an end.
pub fn keep(folder: &Path, names: &[String], now: Timestamp) -> Result<Pair, Trouble> {
    let (certificate, key) = paths(folder);
    match Pair::read(&certificate, &key) {
        Ok(pair) if !is_old(&pair, now) && names.iter().all(|name| pair.names.contains(name)) => return Ok(pair),
        Ok(_) => info!("our own certificate is made anew: it ends soon, or names have been added"),
        // What cannot be read now may be well and known to everybody: it is not thrown away.
        Err(trouble @ Trouble::Read { .. }) if !is_missing(&trouble) => return Err(trouble),
        Err(Trouble::Read { .. }) => {}
        Err(trouble) => warn!(reason = %trouble, "our own certificate is made anew"),
    }
    make(folder, names, now)?;
    let pair = Pair::read(&certificate, &key)?;
    info!(fingerprint = pair.fingerprint(), names = names.join(", "), "a certificate of our own was made");
    Ok(pair)
}

fn is_old(pair: &Pair, now: Timestamp) -> bool {
    pair.expires_at.since(now) < RENEWED_BEFORE
}

fn is_missing(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Read { source, .. } if source.kind() == io::ErrorKind::NotFound)
}

fn make(folder: &Path, names: &[String], now: Timestamp) -> Result<(), Trouble> {
    let key = KeyPair::generate().map_err(Trouble::Make)?;
    let mut params = CertificateParams::new(names).map_err(Trouble::Make)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, names.first().map_or("Farol", String::as_str));
    // The clock of a browser may be behind ours.
    let (from, until) = (date(now.minus(DAY)), date(now.plus(LIFETIME)));
    params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
    params.not_after = rcgen::date_time_ymd(until.0, until.1, until.2);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.self_signed(&key).map_err(Trouble::Make)?;
    let (certificate_path, key_path) = paths(folder);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| Trouble::Write { path: folder.to_owned(), source })?;
    write(&key_path, &key.serialize_pem())?;
    write(&certificate_path, &certificate.pem())
}

fn date(moment: Timestamp) -> (i32, u8, u8) {
    let date = moment.in_zone(&TimeZone::UTC).date();
    (date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
}

/// Whole or not at all, and for nobody else to read.
fn write(path: &Path, text: &str) -> Result<(), Trouble> {
    let new = path.with_extension("new");
    let written = || {
        let _ = fs::remove_file(&new);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    written().map_err(|source| Trouble::Write { path: path.to_owned(), source })
}
