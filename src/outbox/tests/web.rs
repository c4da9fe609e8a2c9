//! Channels over HTTP: what they are sent, and what becomes of strange answers.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::domain::Secret;
use crate::domain::health::Level as Storage;
use crate::domain::nas::AlertLevel;
use crate::domain::notice::Notice;
use crate::outbox::tests::office::{CANARY, NOON, Office, chief, sending, webhook};
use crate::outbox::tests::servers::{Reply, certificate, http};
use crate::outbox::{Failure, Kind, Settings, Target};

#[tokio::test]
async fn every_kind_of_channel_gets_what_it_understands() {
    let server = http(None).await;
    let secret = |path: &str| Secret::new(server.url(path));
    let mut office = Office::open(sending(vec![
        webhook(&server.url("/hook")),
        Target::Ntfy { url: secret("/topic"), token: Some(Secret::from(CANARY)) },
        Target::Telegram { url: server.url("").parse().unwrap(), token: Secret::from("7:k"), chat: "-100".into() },
        Target::Teams { url: secret("/teams?sig=1") },
    ]))
    .await;
    office.tell(Notice::StorageChanged { before: Storage::Online, after: Storage::Unreachable }).await;
    for channel in ["webhook", "ntfy", "telegram", "teams"] {
        office.waiting(channel, 1).await;
    }
    office.gathered("webhook", 1).await;
    let mut seen = server.seen(4).await;
    seen.sort_by(|one, other| one.path.cmp(&other.path));
    let [ntfy, telegram, hook, teams] = seen.try_into().unwrap();
    let (subject, text) = ("Farol: o TrueNAS não responde", "25/11/2026 12:00 — o TrueNAS não responde");
    assert_eq!(hook.path, "/hook");
    let told = hook.json();
    assert_eq!((&told["event"], &told["level"], &told["count"]), (&"storage".into(), &"trouble".into(), &1.into()));
    assert_eq!((&told["subject"], &told["text"]), (&subject.into(), &text.into()));
    assert_eq!(told["created_at"], NOON.as_millis());
    assert_eq!(told["id"], hook.header("idempotency-key"));
    assert_eq!((ntfy.path.as_str(), ntfy.header("authorization")), ("/", "Bearer kanarienvogel"));
    let expected = serde_json::json!({"topic": "topic", "title": subject, "message": text, "priority": 5});
    assert_eq!(ntfy.json(), expected);
    assert_eq!(telegram.path, "/bot7:k/sendMessage");
    assert_eq!(
        (&telegram.json()["chat_id"], &telegram.json()["text"]),
        (&"-100".into(), &format!("{subject}\n\n{text}").into())
    );
    assert_eq!(teams.path, "/teams?sig=1");
    let card = &teams.json()["attachments"][0]["content"];
    assert_eq!((&card["type"], &card["body"][0]["inlines"][0]["text"]), (&"AdaptiveCard".into(), &subject.into()));
    assert_eq!(card["body"][1]["inlines"][0]["text"], text);
    office.waiting("teams", 0).await;
    assert_eq!(office.view("ntfy").await.last_success, Some(office.clock.now()));
    office.stop().await;
    office.start().await;
    server.seen(4).await;
    office.stop().await;
}

/// HMAC as its standard describes it, from the hash alone.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |pad: u8| block.map(|byte| byte ^ pad).to_vec();
    let inner = Sha256::digest([padded(0x36), text.to_vec()].concat()).to_vec();
    Sha256::digest([padded(0x5c), inner].concat()).to_vec()
}

#[tokio::test]
async fn a_webhook_is_signed_over_its_time_and_its_body() {
    let server = http(None).await;
    let office = Office::open(sending(vec![webhook(&server.url("/"))])).await;
    office.outbox.test(Kind::Webhook, &chief()).await.unwrap();
    let request = server.seen(1).await.remove(0);
    assert_eq!(request.header("x-farol-timestamp"), (NOON.as_millis() / 1_000).to_string());
    let signed = format!("{}.{}", request.header("x-farol-timestamp"), request.body);
    let expected = hmac(CANARY.as_bytes(), signed.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    assert_eq!(request.header("x-farol-signature"), format!("sha256={expected}"));
    office.stop().await;
}

#[tokio::test]
async fn a_test_tells_in_plain_kinds_what_failed() {
    let server = http(None).await;
    let elsewhere = http(None).await;
    let office = Office::open(sending(vec![webhook(&server.url("/"))])).await;
    for (reply, outcome) in [
        (Reply::Code(204), Ok(())),
        (Reply::Huge, Ok(())),
        (Reply::Code(401), Err(Failure::WrongSecret)),
        (Reply::Code(404), Err(Failure::Answered(404))),
        (Reply::Code(503), Err(Failure::Answered(503))),
        (Reply::Redirect(elsewhere.url("/")), Err(Failure::Answered(307))),
        (Reply::Garbage, Err(Failure::NotUnderstood)),
    ] {
        server.answer(reply.clone());
        assert_eq!(office.outbox.test(Kind::Webhook, &chief()).await, outcome, "{reply:?}");
    }
    elsewhere.seen(0).await;
    assert_eq!(office.outbox.test(Kind::Email, &chief()).await, Err(Failure::NotSetUp));
    server.answer(Reply::Silence);
    let silent = async {
        server.seen(8).await;
        office.hand.advance(std::time::Duration::from_secs(30));
    };
    let caller = chief();
    let (outcome, ()) = tokio::join!(office.outbox.test(Kind::Webhook, &caller), silent);
    assert_eq!(outcome, Err(Failure::TimedOut));
    office.stop().await;
}

#[tokio::test]
async fn nobody_is_believed_without_a_certificate_of_somebody_we_trust() {
    let home = tempfile::tempdir().unwrap();
    let (tls, file) = certificate(home.path());
    let server = http(Some(tls)).await;
    let deaf = http(None).await.address;
    for (url, ca_file, outcome) in [
        (format!("https://localhost:{}/", server.address.port()), Some(file.clone()), Ok(())),
        (format!("https://localhost:{}/", server.address.port()), None, Err(Failure::Certificate)),
        (format!("https://127.0.0.2:{}/", server.address.port()), Some(file.clone()), Err(Failure::Unreachable)),
        (format!("http://{deaf}/"), None, Err(Failure::Unreachable)),
        ("https://nobody.invalid/".to_owned(), None, Err(Failure::AddressUnknown)),
    ] {
        let office = Office::open(Settings { ca_file, ..sending(vec![webhook(&url)]) }).await;
        assert_eq!(office.outbox.test(Kind::Webhook, &chief()).await, outcome, "{url}");
        office.stop().await;
    }
}

#[tokio::test]
async fn no_secret_is_shown_or_kept() {
    let server = http(None).await;
    server.answer(Reply::Code(500));
    let settings = sending(vec![
        webhook(&server.url(&format!("/{CANARY}"))),
        Target::Teams { url: Secret::new(server.url(&format!("/{CANARY}"))) },
    ]);
    let shown = format!("{settings:?}");
    let office = Office::open(settings).await;
    office.alert(AlertLevel::Critical, "disk").await;
    office.gathered("teams", 1).await;
    office.failures(2).await;
    let kept = office.store.find_next_message("webhook").await.unwrap();
    let told = format!("{shown}{:?}{:?}{kept:?}", office.outbox, office.outbox.channels().await.unwrap());
    assert!(!told.contains(CANARY), "{told}");
    office.stop().await;
}
