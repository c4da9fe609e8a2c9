//! A hub over a database of its own.

use super::*;
use crate::domain::health::Fact;
use crate::store::Settings;

async fn store(home: &tempfile::TempDir) -> Store {
    let store = Store::open(&Settings::in_file(&home.path().join("farol.db"))).await.unwrap();
    store.migrate().await.unwrap();
    store
}

async fn hub(home: &tempfile::TempDir) -> Hub {
    Hub::open(store(home).await, Clock::real(), &Random::from_system()).await.unwrap()
}

fn line(pool: usize) -> Line {
    Line::Fact(Fact::ScrubBegan { pool: pool.to_string() })
}

async fn tell(hub: &Hub, pools: std::ops::Range<usize>) {
    for pool in pools {
        hub.tell(Audience::Everybody, line(pool)).await.unwrap();
    }
}

fn lines(replay: Replay) -> Vec<Line> {
    match replay {
        Replay::Lines(lines) => lines.iter().map(|told| told.line.clone()).collect(),
        Replay::Gap => panic!("nothing should be missing"),
    }
}

#[tokio::test]
async fn what_came_after_a_cursor_is_heard_once_and_in_order_even_after_a_new_start() {
    let home = tempfile::tempdir().unwrap();
    let first = hub(&home).await;
    tell(&first, 0..2).await;
    let cursor = first.cursor();
    tell(&first, 2..5).await;
    assert_eq!(lines(first.since(&cursor).await.unwrap()), [2, 3, 4].map(line));
    drop(first);
    let second = hub(&home).await;
    assert_eq!(lines(second.since(&cursor).await.unwrap()), [2, 3, 4].map(line), "read from the database");
    tell(&second, 5..6).await;
    assert_eq!(lines(second.since(&cursor).await.unwrap()), [2, 3, 4, 5].map(line));
    assert_eq!(second.cursor().seq, 6);
}

#[tokio::test]
async fn nothing_is_continued_across_a_new_beginning_from_the_future_or_from_too_long_ago() {
    let home = tempfile::tempdir().unwrap();
    let hub = hub(&home).await;
    let beginning = hub.cursor();
    tell(&hub, 0..1).await;
    for cursor in [Cursor { epoch: "other".into(), ..hub.cursor() }, Cursor { seq: 2, ..hub.cursor() }] {
        assert_eq!(hub.since(&cursor).await.unwrap(), Replay::Gap, "{cursor}");
    }
    tell(&hub, 1..usize::try_from(MOST_REPLAYED).unwrap() + 1).await;
    assert_eq!(hub.since(&beginning).await.unwrap(), Replay::Gap);
    assert_eq!(lines(hub.since(&Cursor { seq: 1, ..beginning }).await.unwrap()).len(), 500);
}

#[tokio::test]
async fn lines_let_go_leave_a_gap_and_not_a_silence() {
    let home = tempfile::tempdir().unwrap();
    let first = hub(&home).await;
    let cursor = first.cursor();
    tell(&first, 0..2).await;
    drop(first);
    let store = store(&home).await;
    store.remove_events_before(Timestamp::from_millis(i64::MAX)).await.unwrap();
    let second = Hub::open(store, Clock::real(), &Random::from_system()).await.unwrap();
    assert_eq!(second.since(&cursor).await.unwrap(), Replay::Gap);
    assert_eq!(second.since(&second.cursor()).await.unwrap(), Replay::Lines(Vec::new()));
}

#[tokio::test]
async fn who_hears_too_slowly_is_told_that_something_was_missed() {
    let home = tempfile::tempdir().unwrap();
    let hub = hub(&home).await;
    let mut subscription = hub.subscribe();
    for _ in 0..=LAG {
        hub.changed(Region::Storage);
    }
    assert!(matches!(subscription.next().await, Some(Heard::Missed)));
    assert!(matches!(subscription.next().await, Some(Heard::Changed(Region::Storage))));
}

#[test]
fn what_is_kept_is_understood_again() {
    let fact = Fact::GoesDown { restarts: true, reason: "\"quoted\"".into() };
    for line in [Line::Fact(fact), line(7)] {
        assert_eq!(serde_json::from_str::<Line>(&text(&line).unwrap()).unwrap(), line);
    }
}
