//! How the storage was, on every database.

use std::time::Duration;

use farol::domain::Timestamp;
use farol::domain::health::{Level, Reason, Tally};
use farol::store::{Error, Grain, HealthTransition, Store};

use crate::database::{Backend, at};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

fn look(level: Level, span_ms: u64, latency_ms: Option<u64>) -> Tally {
    let latency = latency_ms.unwrap_or(0);
    Tally {
        window_ms: 7,
        looks: 1,
        answers: u64::from(latency_ms.is_some()),
        latency_min_ms: latency,
        latency_max_ms: latency,
        latency_sum_ms: latency,
        ..Tally::of(level, span_ms)
    }
}

async fn sum(store: &Store, from: i64, to: i64) -> Tally {
    let step = Duration::from_millis(u64::try_from(to - from).unwrap());
    let sums = store.list_health_sums(at(from)..at(to), step).await.unwrap();
    sums.iter().fold(Tally::default(), |sum, (_, tally)| sum.plus(tally))
}

async fn count(store: &Store, to: i64) -> usize {
    store.list_health_sums(at(0)..at(to), Duration::from_millis(1)).await.unwrap().len()
}

pub async fn sums_of_health_are_listed_by_steps_from_the_start_of_the_span(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    for (moment, level, latency) in [
        (10, Level::Online, Some(3)),
        (14, Level::Online, Some(9)),
        (25, Level::Unreachable, None),
        (40, Level::Planned, None),
    ] {
        store.add_health_sample(at(moment), &look(level, 5_000, latency)).await.unwrap();
    }
    let sums = store.list_health_sums(at(5)..at(40), Duration::from_millis(10)).await.unwrap();
    let first = look(Level::Online, 5_000, Some(3)).plus(&look(Level::Online, 5_000, Some(9)));
    assert_eq!(sums, [(at(5), first), (at(25), look(Level::Unreachable, 5_000, None))]);
    assert_eq!((first.latency_min_ms, first.latency_max_ms, first.latency_mean_ms()), (3, 9, Some(6)));
    assert_eq!(store.list_health_sums(at(50)..at(60), Duration::from_millis(10)).await.unwrap(), []);
}

pub async fn old_looks_grow_coarse_and_their_sums_stay(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let levels = [Level::Online, Level::Attention, Level::Restarting, Level::KeyRefused];
    for (index, level) in (0..30).zip(levels.into_iter().cycle()) {
        let latency = u64::try_from(index).ok().filter(|_| level.is_up());
        store.add_health_sample(at(index * 10 * SECOND), &look(level, 10_000, latency)).await.unwrap();
    }
    let whole = sum(&store, 0, HOUR).await;
    assert_eq!((whole.looks, count(&store, HOUR).await), (30, 30));
    // In two goes, the second of which meets the minute the first left half done.
    assert_eq!(store.thin_health_samples(Grain::Look, at(4 * MINUTE), 9).await.unwrap(), 9);
    assert_eq!(store.thin_health_samples(Grain::Look, at(4 * MINUTE), 100).await.unwrap(), 15);
    assert_eq!(store.thin_health_samples(Grain::Look, at(4 * MINUTE), 100).await.unwrap(), 0);
    assert_eq!((sum(&store, 0, HOUR).await, count(&store, HOUR).await), (whole, 4 + 6));
    let third = sum(&store, 2 * MINUTE, 3 * MINUTE).await;
    assert_eq!((third.looks, third.latency_min_ms, third.latency_max_ms), (6, 12, 17));
    assert_eq!(store.thin_health_samples(Grain::Minute, at(HOUR), 100).await.unwrap(), 4);
    assert_eq!((sum(&store, 0, HOUR).await, count(&store, HOUR).await), (whole, 1 + 6));
    assert_eq!(store.thin_health_samples(Grain::Hour, at(HOUR), 100).await.unwrap(), 1);
    assert_eq!(sum(&store, 0, HOUR).await.looks, 6, "what is older than anybody asks for goes");
}

pub async fn two_looks_at_one_moment_are_one(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    for span in [1, 2] {
        store.add_health_sample(at(9), &look(Level::Online, span, None)).await.unwrap();
    }
    assert_eq!(sum(&store, 0, 10).await, look(Level::Online, 1, None));
}

pub async fn turns_are_listed_from_the_newest_back(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let turn = |moment: i64, before, after, reason| HealthTransition {
        number: 0,
        at: at(moment),
        before,
        after,
        reason,
    };
    // The clock was set back in between: the order of what happened stays.
    for added in [
        turn(5, Level::Unknown, Level::Online, Reason::Well),
        turn(9, Level::Online, Level::Unreachable, Reason::LinkLost),
        turn(2, Level::Unreachable, Level::Attention, Reason::Unsteady),
    ] {
        store.add_health_transition(&added).await.unwrap();
    }
    let newest = store.list_health_transitions(None, 2).await.unwrap();
    let told: Vec<(i64, Timestamp, Level)> = newest.iter().map(|turn| (turn.number, turn.at, turn.after)).collect();
    assert_eq!(told, [(3, at(2), Level::Attention), (2, at(9), Level::Unreachable)]);
    let rest = store.list_health_transitions(Some(2), 9).await.unwrap();
    assert_eq!(rest, [HealthTransition { number: 1, ..turn(5, Level::Unknown, Level::Online, Reason::Well) }]);
    store.close().await.unwrap();
    database.execute("UPDATE health_transition SET reason = 'whatever' WHERE number = 3").await;
    let refusal = database.open().await.list_health_transitions(None, 1).await.unwrap_err();
    assert!(matches!(refusal, Error::CorruptRow { table: "health_transition", column: "reason", .. }), "{refusal:?}");
}

pub async fn of_many_processes_one_holds_the_lease_until_it_runs_out(backend: Backend) {
    const SPAN: Duration = Duration::from_secs(15);
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let ask = async |holder: &str, moment: i64| store.take_health_lease(holder, at(moment), SPAN).await.unwrap();
    assert!(ask("one", SECOND).await);
    assert!(!ask("two", 16 * SECOND).await);
    assert!(ask("one", 15 * SECOND).await && ask("one", 15 * SECOND).await);
    assert!(ask("two", 30 * SECOND + 1).await, "it ran out");
    assert!(!ask("one", 31 * SECOND).await);
    store.release_health_lease("one").await.unwrap();
    assert!(!ask("one", 31 * SECOND).await, "nobody gives away what is not theirs");
    store.release_health_lease("two").await.unwrap();
    assert!(ask("one", 31 * SECOND).await);
    assert!(ask("two", -HOUR).await, "no lease reaches so far ahead: the clock was set back");
}
