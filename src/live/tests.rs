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
    Hub::open(store(home).await, Clock::real(), &Random::from_system(), &Tasks::default()).await.unwrap()
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
    let second = Hub::open(store, Clock::real(), &Random::from_system(), &Tasks::default()).await.unwrap();
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

#[tokio::test]
async fn lines_told_at_once_are_heard_in_the_order_of_their_numbers_and_none_is_lost() {
    let home = tempfile::tempdir().unwrap();
    let hub = hub(&home).await;
    let mut subscription = hub.subscribe();
    let told = futures_util::future::join_all((0..200).map(|pool| hub.tell(Audience::Everybody, line(pool)))).await;
    let said: Vec<u64> = told.iter().map(|told| told.as_ref().unwrap().seq).collect();
    assert_eq!(said, (1..=200).collect::<Vec<_>>());
    for told in told {
        let Some(Heard::Told(heard)) = subscription.next().await else { panic!("a line was expected") };
        assert_eq!(heard, told.unwrap());
    }
    let kept = hub.list_before(None, 999).await.unwrap();
    assert_eq!(kept.iter().rev().map(|told| told.seq).collect::<Vec<_>>(), said);
}

#[tokio::test]
async fn a_line_that_cannot_be_kept_takes_no_other_along() {
    let home = tempfile::tempdir().unwrap();
    let hub = hub(&home).await;
    let endless = Line::Fact(Fact::ScrubBegan { pool: "x".repeat(20_000) });
    let tell = |line| hub.tell(Audience::Everybody, line);
    let (one, refused, two) = tokio::join!(tell(line(1)), tell(endless), tell(line(2)));
    assert!(matches!(refused, Err(Error::Keep(_))), "{refused:?}");
    assert_eq!((one.unwrap().seq, two.unwrap().seq), (1, 2));
}

#[tokio::test]
async fn what_is_told_once_is_told_once_among_many_others() {
    let home = tempfile::tempdir().unwrap();
    let hub = hub(&home).await;
    let key = ["window 7".to_owned()];
    let once = || hub.tell_once(&key, Audience::Everybody, line(7));
    let plain = || hub.tell(Audience::Everybody, line(8));
    let (_, first, _, second, _) = tokio::join!(plain(), once(), plain(), once(), plain());
    assert_eq!((first.unwrap().map(|told| told.seq), second.unwrap()), (Some(2), None));
    assert_eq!(hub.cursor().seq, 4);
}

#[tokio::test]
async fn whoever_gives_up_waiting_leaves_no_hole() {
    let home = tempfile::tempdir().unwrap();
    let hub = hub(&home).await;
    let cursor = hub.cursor();
    for pool in 0..20 {
        let mut telling = Box::pin(hub.tell(Audience::Everybody, line(pool)));
        assert!(futures_util::poll!(telling.as_mut()).is_pending());
        drop(telling);
        hub.tell(Audience::Everybody, line(100 + pool)).await.unwrap();
    }
    let told = lines(hub.since(&cursor).await.unwrap());
    let kept = hub.list_before(None, 999).await.unwrap();
    assert_eq!(told, kept.into_iter().rev().map(|told| told.line.clone()).collect::<Vec<_>>());
    assert!((0..20).all(|pool| told.contains(&line(100 + pool))));
}

#[tokio::test]
async fn a_kept_line_that_means_nothing_keeps_no_other_from_people() {
    let home = tempfile::tempdir().unwrap();
    let first = hub(&home).await;
    let cursor = first.cursor();
    tell(&first, 0..1).await;
    let newer = ("\"everybody\"".to_owned(), r#"{"a_kind_of_line_to_come":{}}"#.to_owned());
    store(&home).await.add_events(Timestamp::from_millis(0), &[newer]).await.unwrap();
    let second = hub(&home).await;
    tell(&second, 2..3).await;
    let third = hub(&home).await;
    assert_eq!(lines(third.since(&cursor).await.unwrap()), [0, 2].map(line));
    assert_eq!(third.list_before(None, 9).await.unwrap().len(), 2);
}

#[tokio::test]
async fn telling_goes_on_after_the_task_that_keeps_was_broken() {
    let home = tempfile::tempdir().unwrap();
    let hub = hub(&home).await;
    let (answer, answered) = oneshot::channel();
    let texts = (text(&Audience::Everybody).unwrap(), text(&line(1)).unwrap());
    let coming = Coming { audience: Audience::Everybody, line: line(1), texts, keys: Vec::new(), answer };
    assert!(hub.waiting().add(coming), "somebody has to begin the work");
    // It takes the line along, and never comes back.
    let mut task = Box::pin(hub.clone().keep_waiting());
    assert!(futures_util::poll!(task.as_mut()).is_pending());
    drop(task);
    assert!(answered.await.is_err());
    hub.tell(Audience::Everybody, line(2)).await.unwrap();
}

#[tokio::test]
async fn a_line_is_of_one_moment_however_long_it_takes_to_keep_it() {
    let home = tempfile::tempdir().unwrap();
    let (clock, hand) = Clock::by_hand(Timestamp::from_millis(1_000));
    let hub = Hub::open(store(&home).await, clock, &Random::from_system(), &Tasks::default()).await.unwrap();
    // The clock goes on in every pause of the writing.
    let time = async {
        loop {
            hand.advance(Duration::from_secs(1));
            tokio::task::yield_now().await;
        }
    };
    let told = tokio::select! {
        told = hub.tell(Audience::Everybody, line(1)) => told.unwrap(),
        () = time => unreachable!("time never ends"),
    };
    assert_eq!(hub.list_before(None, 2).await.unwrap(), [told], "read from the database");
}

#[tokio::test]
async fn the_newest_lines_are_the_same_from_memory_as_from_the_database() {
    let home = tempfile::tempdir().unwrap();
    let first = hub(&home).await;
    tell(&first, 0..9).await;
    let second = hub(&home).await;
    for before in [None, Some(0), Some(1), Some(4), Some(10), Some(99)] {
        for limit in [0, 1, 3, 9, 99] {
            let kept = second.list_before(before, limit).await.unwrap();
            assert_eq!(first.list_before(before, limit).await.unwrap(), kept, "{before:?}, {limit}");
        }
    }
    store(&home).await.remove_events_before(Timestamp::from_millis(i64::MAX)).await.unwrap();
    assert_eq!(first.list_before(Some(9), 3).await.unwrap().len(), 3, "the database was not asked");
}

#[tokio::test]
async fn memory_keeps_a_line_no_longer_than_the_database() {
    let home = tempfile::tempdir().unwrap();
    let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
    let hub = Hub::open(store(&home).await, clock, &Random::from_system(), &Tasks::default()).await.unwrap();
    tell(&hub, 0..2).await;
    hand.advance(Duration::from_hours(1));
    tell(&hub, 2..3).await;
    hand.advance(KEPT);
    hub.let_go().await;
    let left = hub.list_before(None, 1).await.unwrap();
    assert_eq!(left.iter().map(|told| told.seq).collect::<Vec<_>>(), [3]);
    assert_eq!(hub.list_before(None, 2).await.unwrap(), left);
}
