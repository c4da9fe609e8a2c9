//! Certificates of every kind, and how they are kept.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use super::*;
use crate::domain::Timestamp;
use crate::runtime::{Clock, Tasks};

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const DAY_MS: i64 = 24 * 3600 * 1000;

/// Valid in these years. The text of the certificate, and of its key.
fn issue(name: &str, years: (i32, i32)) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([name.to_owned(), "*.example".to_owned(), "10.0.0.7".to_owned()]).unwrap();
    params.not_before = date_time_ymd(years.0, 1, 1);
    params.not_after = date_time_ymd(years.1, 1, 1);
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

fn put(folder: &Path, (certificate, key): &(String, String)) -> Tls {
    let (certificate_path, key_path) = own::paths(folder);
    fs::write(&certificate_path, certificate).unwrap();
    fs::write(&key_path, key).unwrap();
    Tls::Files { certificate: certificate_path, key: key_path, names: Vec::new() }
}

fn read(folder: &Path) -> Result<Pair, Trouble> {
    let (certificate, key) = own::paths(folder);
    let pair = Pair::read(&certificate, &key)?;
    pair.holds_at(NOW)?;
    Ok(pair)
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (good, other) = (issue("farol", (2020, 2040)), issue("farol", (2020, 2040)));
    let said = |pair: (String, String)| {
        put(folder.path(), &pair);
        read(folder.path()).unwrap_err().to_string().replace(&format!("{}/", folder.path().display()), "")
    };
    let text = |text: &str| text.to_owned();
    assert_eq!(said((text("nothing"), good.1.clone())), "certificate.pem holds no certificate in PEM");
    assert_eq!(said((good.0.clone(), text("nothing"))), "key.pem holds no private key in PEM");
    assert_eq!(said((good.0.clone(), good.0.clone())), "key.pem holds no private key in PEM");
    assert_eq!(said((good.0.clone(), other.1.clone())), "the key in key.pem is not the one of the certificate");
    assert_eq!(said(issue("farol", (2020, 2026))), "the certificate in certificate.pem has expired");
    assert_eq!(said(issue("farol", (2030, 2040))), "the certificate in certificate.pem is not valid yet");
    let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(said((text(nonsense), good.1.clone())), "the certificate in certificate.pem is not understood");
    fs::remove_file(folder.path().join("key.pem")).unwrap();
    assert!(matches!(read(folder.path()), Err(Trouble::Read { .. })));
}

#[test]
fn a_good_one_says_its_names_and_its_end() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &issue("farol.local", (2020, 2040)));
    let pair = read(folder.path()).unwrap();
    assert_eq!(pair.names, ["farol.local", "10.0.0.7"]);
    assert_eq!(pair.expires_at.to_string(), "2040-01-01T00:00:00Z");
    assert_eq!(pair.fingerprint().len(), 32 * 3 - 1);
}

fn own(folder: &Path, names: &[&str], now: Timestamp) -> Result<Pair, Trouble> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    own::keep(&folder.join("tls"), &names, now)
}

#[test]
fn our_own_is_made_once_for_us_alone_and_renewed_before_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let later = |days: i64| Timestamp::from_millis(NOW.as_millis() + days * DAY_MS);
    let first = own(folder.path(), &["farol.local", "::1", "10.0.0.7"], NOW).unwrap();
    assert_eq!(first.names, ["farol.local", "::1", "10.0.0.7"]);
    for (name, mode) in [("tls", 0o700), ("tls/certificate.pem", 0o600), ("tls/key.pem", 0o600)] {
        let found = fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{name}");
    }
    let lives = first.expires_at.since(NOW).as_secs() / (24 * 3600);
    assert!((790..=800).contains(&lives), "browsers accept no more than 825 days, and not one day at a time: {lives}");
    assert!(own(folder.path(), &["farol.local"], later(700)).unwrap().is_same(&first));
    let renewed = own(folder.path(), &["farol.local"], later(745)).unwrap();
    assert!(!renewed.is_same(&first));
    let named = own(folder.path(), &["intranet.local"], later(745)).unwrap();
    assert_eq!(named.names, ["intranet.local"]);
    let behind = own(folder.path(), &["intranet.local"], Timestamp::from_millis(0)).unwrap();
    assert!(behind.is_same(&named), "by a clock that is behind nobody has to confirm another one");
}

#[test]
fn our_own_is_made_anew_when_it_is_broken_and_not_when_it_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let first = own(folder.path(), &["farol"], NOW).unwrap();
    fs::write(folder.path().join("tls/key.pem"), "").unwrap();
    assert!(!own(folder.path(), &["farol"], NOW).unwrap().is_same(&first));
    let key = folder.path().join("tls/key.pem");
    fs::remove_file(&key).unwrap();
    fs::create_dir(&key).unwrap();
    assert!(matches!(own(folder.path(), &["farol"], NOW), Err(Trouble::Read { .. })));
}

#[tokio::test]
async fn another_certificate_is_shown_once_it_is_there_and_a_broken_one_never() {
    let (folder, tasks) = (tempfile::tempdir().unwrap(), Tasks::default());
    let (clock, _hand) = Clock::by_hand(NOW);
    let (one, two) = (issue("one", (2020, 2040)), issue("two", (2020, 2040)));
    let source = put(folder.path(), &one);
    let keeper = Keeper::open(&source, clock).unwrap().unwrap();
    tasks.keep("certificate", keeper.clone().run(tasks.stopping()));
    let look = async |pair: &(String, String)| {
        put(folder.path(), pair);
        keeper.look_now().await;
        keeper.pair().names
    };
    assert_eq!(look(&one).await[0], "one");
    assert_eq!(look(&two).await[0], "two");
    assert_eq!(look(&(one.0.clone(), two.1.clone())).await[0], "two", "the key of another");
    assert_eq!(look(&(String::new(), String::new())).await[0], "two");
    assert_eq!(look(&one).await[0], "one");
    tasks.stop(&Clock::real(), std::time::Duration::from_secs(5)).await;
    let round = tasks.rounds().list().pop().unwrap();
    assert_eq!((round.name, round.failures, round.failure), ("certificate", 2, None));
}

#[tokio::test]
async fn one_that_does_not_hold_is_better_than_no_page_and_replaces_none_that_does() {
    let (folder, tasks) = (tempfile::tempdir().unwrap(), Tasks::default());
    let (clock, _hand) = Clock::by_hand(NOW);
    let (expired, good) = (issue("expired", (2020, 2026)), issue("good", (2020, 2040)));
    let keeper = Keeper::open(&put(folder.path(), &expired), clock).unwrap().unwrap();
    assert_eq!(keeper.pair().names[0], "expired");
    tasks.keep("certificate", keeper.clone().run(tasks.stopping()));
    for (pair, shown) in [(&good, "good"), (&expired, "good")] {
        put(folder.path(), pair);
        keeper.look_now().await;
        assert_eq!(keeper.pair().names[0], shown);
    }
    tasks.stop(&Clock::real(), std::time::Duration::from_secs(5)).await;
    let failure = tasks.rounds().list().pop().unwrap().failure.unwrap();
    assert!(failure.contains("has expired"), "{failure}");
}

#[test]
fn where_no_tls_is_spoken_no_certificate_is_needed() {
    assert!(Keeper::open(&Tls::Off, Clock::real()).unwrap().is_none());
    let missing = Tls::Files { certificate: "none.pem".into(), key: "none.pem".into(), names: Vec::new() };
    assert!(Keeper::open(&missing, Clock::real()).is_err());
}
