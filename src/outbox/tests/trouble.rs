//! What cannot be handed over: tried again ever more slowly, given up after a day, told once.

use std::time::Duration;

use crate::domain::Secret;
use crate::domain::event::Line;
use crate::domain::nas::AlertLevel;
use crate::domain::notice::Notice;
use crate::live::Replay;
use crate::outbox::tests::office::{Office, sending, until, webhook};
use crate::outbox::tests::servers::{Reply, http};
use crate::outbox::{Counts, Failure, Kind, Target};

/// What administrators were told of messages that never arrived.
async fn told(office: &Office, since: &crate::domain::event::Cursor) -> Vec<String> {
    let Replay::Lines(lines) = office.hub.since(since).await.unwrap() else { panic!("nothing should be missing") };
    let undelivered = |line: &Line| {
        let Line::Notice(Notice::MessageUndelivered { channel }) = line else { return None };
        Some(channel.clone())
    };
    lines.iter().filter_map(|told| undelivered(&told.line)).collect()
}

#[tokio::test]
async fn a_message_is_tried_ever_more_slowly_for_a_day_and_then_given_up_once_for_all_of_the_channel() {
    let (broken, well) = (http(None).await, http(None).await);
    broken.answer(Reply::Code(500));
    let ntfy = Target::Ntfy { url: Secret::new(well.url("/topic")), token: None };
    let office = Office::open(sending(vec![webhook(&broken.url("/")), ntfy])).await;
    let beginning = office.hub.cursor();
    office.alert(AlertLevel::Error, "disk").await;
    office.tell(Notice::KeyRefused).await;
    office.waiting("webhook", 2).await;
    office.gathered("ntfy", 2).await;
    office.failures(2).await;
    well.seen(2).await;
    let mut pauses = Vec::new();
    while office.view("webhook").await.waiting == 2 {
        let next = office.store.find_next_message("webhook").await.unwrap().unwrap();
        pauses.push((next.attempts, next.next_at.since(office.clock.now())));
        office.hand.advance(next.next_at.since(office.clock.now()));
        until(async || {
            let after = office.store.find_next_message("webhook").await.unwrap();
            after.is_none_or(|after| after.next_at > office.clock.now())
        })
        .await;
    }
    assert!(pauses.iter().all(|(_, pause)| *pause <= Duration::from_hours(1)), "{pauses:?}");
    let longest = |tries: i64| pauses.iter().filter(|(known, _)| *known == tries).map(|(_, pause)| *pause).max();
    assert!(longest(1).unwrap() <= Duration::from_secs(30) && longest(12) > longest(3), "{pauses:?}");
    office.hand.advance(Duration::from_hours(2));
    office.waiting("webhook", 0).await;
    assert_eq!(told(&office, &beginning).await, ["webhook"], "two messages, one trouble");
    let last = well.seen(3).await.remove(2).json();
    assert!(last["message"].as_str().unwrap().ends_with("mensagens não foram entregues. Canal: webhook."), "{last}");
    let (kind, counts) = office.outbox.counts()[0];
    assert_eq!((kind, counts.given_up, counts.delivered), (Kind::Webhook, 2, 0));
    assert!((24..60).contains(&(counts.failed / 2)), "{counts:?}");
    let view = office.view("webhook").await;
    let (_, failure) = view.last_failure.unwrap();
    // The clock leaps here, perhaps over a try under way.
    assert!(matches!(failure, Failure::Answered(500) | Failure::TimedOut), "{failure:?}");
    assert_eq!(view.last_success, None);
    office.stop().await;
}

#[tokio::test]
async fn a_channel_that_works_again_hands_over_what_waited() {
    let server = http(None).await;
    server.answer(Reply::Code(500));
    let office = Office::open(sending(vec![webhook(&server.url("/"))])).await;
    office.tell(Notice::KeyRefused).await;
    office.gathered("webhook", 1).await;
    office.failures(1).await;
    server.answer(Reply::Code(202));
    office.hand.advance(Duration::from_secs(30));
    office.waiting("webhook", 0).await;
    let seen = server.seen(2).await;
    assert_eq!(seen[0].header("idempotency-key"), seen[1].header("idempotency-key"));
    assert_ne!(seen[0].header("x-farol-timestamp"), seen[1].header("x-farol-timestamp"));
    until(async || office.outbox.counts()[0].1 == Counts { delivered: 1, failed: 1, given_up: 0, dropped: 0 }).await;
    office.stop().await;
}
