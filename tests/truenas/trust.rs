//! Who is believed to be our NAS, and what is never said to anybody else.

use farol::domain::Secret;
use farol::domain::nas::Road;
use farol::sim::Profile;
use farol::truenas::{Client, Error, Fingerprint, InvalidUrl, Settings, Survey, Trust};
use serde_json::{Value, json};

use crate::fake::{self, Fake};
use crate::nas::{Nas, REST, ROADS, RPC, Stage, soon};

fn trusting(settings: &Settings, trust: Trust) -> Settings {
    let mut settings = settings.clone();
    settings.trust = trust;
    settings
}

#[tokio::test]
async fn another_certificate_than_the_pinned_one_is_refused_by_naming_it() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let client = nas.stage.client(trusting(&nas.settings(), Trust::Pinned(Fingerprint([7; 32]))));
        let found = match soon(client.read_state()).await {
            Err(Error::WrongCertificate { found }) => found,
            other => panic!("{profile}: {other:?}"),
        };
        assert_eq!(found, Fingerprint(nas.sim.fingerprint()));
        nas.stop().await;
    }
}

#[tokio::test]
async fn nothing_is_said_to_a_nas_with_the_wrong_certificate() {
    let stage = Stage::new();
    let fake = Fake::start(&stage.tasks, fake::modern, fake::welcoming).await;
    let client = stage.client(trusting(&fake.settings(), Trust::Pinned(Fingerprint([7; 32]))));
    assert!(matches!(soon(client.read_state()).await, Err(Error::WrongCertificate { .. })));
    assert_eq!(fake.seen(), Vec::<String>::new());
    // The same one, trusted, is spoken to.
    let client = stage.client(fake.settings());
    assert!(matches!(soon(client.read_state()).await, Err(Error::Protocol { .. })));
    assert_eq!(fake.count("auth.login_ex"), 1);
    stage.stop().await;
}

#[tokio::test]
async fn the_authorities_of_the_system_do_not_vouch_for_a_self_signed_certificate() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let settings = trusting(&nas.settings(), Trust::System);
        // A machine without any authority says so at once.
        match Client::start(settings, &nas.stage.clock, &farol::runtime::Random::seeded(1), &nas.stage.tasks) {
            Ok(client) => assert!(matches!(soon(client.read_state()).await, Err(Error::Tls(_)))),
            Err(error) => assert!(matches!(error, Error::Authority(_)), "{error}"),
        }
        nas.stop().await;
    }
}

#[tokio::test]
async fn an_own_authority_file_is_enough_when_the_name_fits() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), nas.sim.certificate_pem()).unwrap();
        let client = nas.stage.client(trusting(&nas.settings(), Trust::Authority(file.path().to_owned())));
        assert!(soon(client.read_state()).await.is_ok(), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn an_authority_file_of_somebody_else_vouches_for_nobody() {
    for profile in ROADS {
        let (nas, other) = (Nas::start(profile).await, Nas::start(profile).await);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), other.sim.certificate_pem()).unwrap();
        let client = nas.stage.client(trusting(&nas.settings(), Trust::Authority(file.path().to_owned())));
        assert!(matches!(soon(client.read_state()).await, Err(Error::Tls(_))), "{profile}");
        other.stop().await;
        nas.stop().await;
    }
}

#[tokio::test]
async fn an_authority_file_without_authority_is_told_before_anything_starts() {
    let nas = Nas::start(Profile::R25_10).await;
    let empty = tempfile::NamedTempFile::new().unwrap();
    for file in [empty.path().to_owned(), "/nowhere/ca.pem".into()] {
        let settings = trusting(&nas.settings(), Trust::Authority(file));
        let started = Client::start(settings, &nas.stage.clock, &farol::runtime::Random::seeded(1), &nas.stage.tasks);
        assert!(matches!(started, Err(Error::Authority(_))));
    }
    nas.stop().await;
}

#[tokio::test]
async fn the_certificate_can_be_looked_at_before_it_is_trusted() {
    let nas = Nas::start(Profile::R25_10).await;
    let settings = trusting(&nas.settings(), Trust::Pinned(Fingerprint([7; 32])));
    let survey = Survey { settings: &settings, clock: &nas.stage.clock };
    assert_eq!(soon(survey.look_at_certificate()).await.unwrap().fingerprint, Fingerprint(nas.sim.fingerprint()));
    assert!(matches!(soon(survey.verify_certificate()).await, Err(Error::WrongCertificate { .. })));
    nas.stop().await;
}

#[tokio::test]
async fn every_layer_of_the_way_is_proved_alone() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let settings = nas.settings();
        let survey = Survey { settings: &settings, clock: &nas.stage.clock };
        assert_eq!(soon(survey.resolve()).await.unwrap().len(), 1);
        soon(survey.connect()).await.unwrap();
        soon(survey.verify_certificate()).await.unwrap();
        let road = if REST.contains(&profile) { Road::Rest } else { Road::Rpc };
        assert_eq!(soon(survey.find_road()).await.unwrap(), road, "{profile}");
        nas.turn("502", true);
        assert!(matches!(soon(survey.find_road()).await, Err(Error::NotReady { .. })), "{profile}");
        soon(survey.verify_certificate()).await.unwrap();
        nas.turn("power-off", true);
        assert!(matches!(soon(survey.connect()).await, Err(Error::Unreachable(_))), "{profile}");
        nas.stop().await;
    }
}

fn plain(nas: &Nas, allowed: bool) -> Settings {
    let url = Settings::parse_url(&nas.sim.plain_url().unwrap(), true).unwrap();
    let key = Secret::from(nas.sim.api_key().as_str());
    let mut settings = Settings::new(url, nas.sim.username().to_owned(), key, Trust::System);
    settings.allow_plain_http = allowed;
    settings
}

#[tokio::test]
async fn plain_http_is_refused_unless_it_was_allowed() {
    let nas = Nas::start(Profile::R24_10).await;
    assert_eq!(Settings::parse_url(&nas.sim.plain_url().unwrap(), false), Err(InvalidUrl::Plain));
    // Allowed for the address, but not for the key.
    let client = nas.stage.client(plain(&nas, false));
    assert!(matches!(soon(client.read_state()).await, Err(Error::PlainRefused)));
    nas.stop().await;
}

#[tokio::test]
async fn plain_http_works_up_to_24_10_when_allowed() {
    for profile in REST {
        let nas = Nas::start(profile).await;
        let client = nas.stage.client(plain(&nas, true));
        assert_eq!(soon(client.list_shares()).await.unwrap().len(), 9, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn since_25_04_no_key_leaves_over_plain_http_even_when_allowed() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let client = nas.stage.client(plain(&nas, true));
        assert!(matches!(soon(client.read_state()).await, Err(Error::PlainRefused)), "{profile}");
        nas.stage.pass(std::time::Duration::from_secs(90)).await;
        assert!(matches!(soon(client.read_state()).await, Err(Error::PlainRefused)), "{profile}");
        let revoked = nas.sim.world().people.keys.iter().any(|key| key.revoked);
        assert!(!revoked, "{profile}: a key reached the NAS in the clear");
        nas.stop().await;
    }
}

/// Everything that is asked leads to another address of the same server.
fn leading(path: &str) -> (u16, Option<String>, Value) {
    if path == "/elsewhere" { (200, None, json!([])) } else { (307, Some("/elsewhere".to_owned()), Value::Null) }
}

/// Looks like an old release, whose interface then leads elsewhere.
fn leading_later(path: &str) -> (u16, Option<String>, Value) {
    if path.starts_with("/api/v2.0") { leading(path) } else { (302, Some("/ui/".to_owned()), Value::Null) }
}

#[tokio::test]
async fn no_redirect_is_ever_followed() {
    let stage = Stage::new();
    for pages in [leading, leading_later] {
        let fake = Fake::start(&stage.tasks, pages, fake::welcoming).await;
        let client = stage.client(fake.settings());
        assert!(matches!(soon(client.list_shares()).await, Err(Error::Protocol { .. })));
        assert!(fake.count("/api/versions") > 0);
        let astray: Vec<_> = fake.seen().into_iter().filter(|path| !path.starts_with("/api/")).collect();
        assert_eq!(astray, Vec::<String>::new());
    }
    stage.stop().await;
}
