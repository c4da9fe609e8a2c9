//! What waits: bursts, quiet hours, restarts.

use std::time::Duration;

use crate::domain::event::{Audience, Line};
use crate::domain::health::Level as Storage;
use crate::domain::nas::AlertLevel;
use crate::domain::notice::Notice;
use crate::outbox::tests::office::{Office, rule, sending, webhook};
use crate::outbox::tests::servers::{Reply, http};
use crate::outbox::{Channel, Event, Level, Quiet, Rule, Settings};

#[tokio::test]
async fn fifty_alerts_at_once_are_one_message() {
    let server = http(None).await;
    let office = Office::open(sending(vec![webhook(&server.url("/"))])).await;
    for number in 0..50 {
        office.alert(AlertLevel::Critical, &format!("Disk {number} has failed")).await;
    }
    office.alert(AlertLevel::Critical, "Disk 0 has failed").await;
    office.alert(AlertLevel::Info, "a word").await;
    super::office::until(async || {
        let found = office.store.find_untried_message("webhook", "alerts", "trouble").await.unwrap();
        found.is_some_and(|message| message.count == 51)
    })
    .await;
    office.gathered("webhook", 2).await;
    let mut seen = server.seen(2).await;
    seen.sort_by_key(|request| std::cmp::Reverse(request.json()["count"].as_i64()));
    let told = seen[0].json();
    assert_eq!((&told["count"], &told["level"]), (&51.into(), &"trouble".into()));
    assert_eq!(told["subject"], "Farol: alerta do TrueNAS: Disk 0 has failed (e mais 50)");
    let lines: Vec<&str> = told["text"].as_str().unwrap().lines().collect();
    assert_eq!(lines.len(), 50, "the same words twice are one line");
    assert!(lines[49].ends_with("— alerta do TrueNAS: Disk 49 has failed"), "{lines:?}");
    office.waiting("webhook", 0).await;
    office.alert(AlertLevel::Critical, "Disk 50 has failed").await;
    office.gathered("webhook", 1).await;
    assert_eq!(server.seen(3).await[2].json()["count"], 1, "what was sent takes in nothing more");
    office.stop().await;
}

#[tokio::test]
async fn in_the_quiet_all_but_trouble_waits_for_the_morning() {
    let server = http(None).await;
    let rule = Rule { quiet: Quiet::parse("11:00-14:00"), ..rule() };
    let channels = vec![Channel { target: webhook(&server.url("/")), rule }];
    let office = Office::open(Settings { channels, ..Settings::default() }).await;
    office.tell(Notice::AlertCleared { text: "old".to_owned() }).await;
    office.tell(Notice::KeyRefused).await;
    office.gathered("webhook", 2).await;
    assert_eq!(server.seen(1).await[0].json()["event"], "key");
    office.waiting("webhook", 1).await;
    office.hand.advance(Duration::from_mins(30));
    office.tell(Notice::AlertCleared { text: "older".to_owned() }).await;
    super::office::until(async || {
        let found = office.store.find_untried_message("webhook", "alerts", "info").await.unwrap();
        found.is_some_and(|message| message.count == 2)
    })
    .await;
    server.seen(1).await;
    office.hand.advance(Duration::from_mins(90));
    let told = server.seen(2).await[1].json();
    assert!(told["text"].as_str().unwrap().contains("12:00 — alerta encerrado: old\n"), "{told}");
    assert!(told["text"].as_str().unwrap().contains("12:30 — alerta encerrado: older"), "{told}");
    office.stop().await;
}

#[tokio::test]
async fn a_rule_lets_through_what_it_names_from_its_level_upwards() {
    let server = http(None).await;
    let rule = Rule { least: Level::Trouble, events: vec![Event::Storage], ..rule() };
    let channels = vec![Channel { target: webhook(&server.url("/")), rule }];
    let office = Office::open(Settings { channels, ..Settings::default() }).await;
    office.tell(Notice::KeyRefused).await;
    office.tell(Notice::StorageChanged { before: Storage::Online, after: Storage::Attention }).await;
    office.tell(Notice::StorageChanged { before: Storage::Unreachable, after: Storage::Online }).await;
    office.gathered("webhook", 1).await;
    let told = server.seen(1).await[0].json();
    assert_eq!(told["text"].as_str().unwrap().split(" — ").nth(1), Some("o TrueNAS está funcionando normalmente"));
    office.stop().await;
}

#[tokio::test]
async fn what_was_told_or_tried_before_a_restart_goes_out_after_it() {
    let server = http(None).await;
    let mut office = Office::open(sending(vec![webhook(&server.url("/"))])).await;
    server.answer(Reply::Code(503));
    office.alert(AlertLevel::Warning, "before").await;
    office.gathered("webhook", 1).await;
    office.failures(1).await;
    let first = server.seen(1).await.remove(0);
    office.stop().await;
    // More than one replay holds, and lines that are for nobody outside.
    for number in 0..600 {
        let line = Notice::ShareLost { name: number.to_string() };
        office.hub.tell(Audience::Everybody, Line::Notice(line)).await.unwrap();
    }
    office.tell(Notice::KeyRefused).await;
    server.answer(Reply::Code(200));
    office.start().await;
    office.waiting("webhook", 2).await;
    office.hand.advance(Duration::from_secs(30));
    let mut seen = server.seen(3).await;
    seen.remove(0);
    seen.sort_by_key(|request| request.json()["event"].to_string());
    assert_eq!(seen[0].header("idempotency-key"), first.header("idempotency-key"));
    assert_eq!((&seen[0].json()["event"], &seen[1].json()["event"]), (&"alerts".into(), &"key".into()));
    office.waiting("webhook", 0).await;
    office.stop().await;
}

#[tokio::test]
async fn what_was_told_before_there_was_a_channel_is_no_news() {
    let server = http(None).await;
    let mut office = Office::open(Settings::default()).await;
    office.tell(Notice::KeyRefused).await;
    office.stop().await;
    office.settings = sending(vec![webhook(&server.url("/"))]);
    office.start().await;
    office.tell(Notice::KeyAccepted).await;
    office.gathered("webhook", 1).await;
    assert!(server.seen(1).await[0].json()["text"].as_str().unwrap().contains("aceita de novo"));
    office.stop().await;
}
