//! What the store promises on every database.

use std::error::Error as _;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use farol::store::{Error, KEY_LIMIT, Setting, Store, Transaction};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use url::Url;

use crate::database::{Backend, at, try_open};

pub const MIGRATIONS: [&str; 11] = [
    "m0001_setting",
    "m0002_session",
    "m0003_ban",
    "m0004_administrator",
    "m0005_audit",
    "m0006_session_password",
    "m0007_event",
    "m0008_health",
    "m0009_notices",
    "m0010_message",
    "m0011_second_factor",
];

pub async fn migrating_twice_does_the_work_once(backend: Backend) {
    let database = backend.database().await;
    let store = database.open().await;
    assert_eq!(store.migrate().await.unwrap(), MIGRATIONS);
    assert_eq!(store.migrate().await.unwrap(), Vec::<String>::new());
    store.put_setting("kept", "yes", at(1)).await.unwrap();
    store.close().await.unwrap();
    let store = database.open_migrated().await;
    assert_eq!(store.find_setting("kept").await.unwrap().unwrap().value, "yes");
}

pub async fn many_processes_may_migrate_at_once(backend: Backend) {
    let database = backend.database().await;
    let mut starts = JoinSet::new();
    for _ in 0..8 {
        let url = database.url.clone();
        starts.spawn(async move { crate::database::open(&url).await.migrate().await.unwrap() });
    }
    let applied: Vec<String> = starts.join_all().await.into_iter().flatten().collect();
    assert_eq!(applied, MIGRATIONS);
}

pub async fn asking_for_pending_migrations_changes_nothing(backend: Backend) {
    let database = backend.database().await;
    let store = database.open().await;
    for _ in 0..2 {
        assert_eq!(store.pending_migrations().await.unwrap(), MIGRATIONS);
    }
    // It would fail if there were one already.
    database
        .execute("CREATE TABLE seaql_migrations (version VARCHAR(99) PRIMARY KEY, applied_at BIGINT NOT NULL)")
        .await;
    store.migrate().await.unwrap();
    assert_eq!(store.pending_migrations().await.unwrap(), Vec::<String>::new());
}

pub async fn a_newer_database_is_refused_by_name(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    database.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 1)").await;
    for refusal in [store.migrate().await, store.pending_migrations().await] {
        let refusal = refusal.unwrap_err();
        assert!(matches!(&refusal, Error::NewerDatabase { unknown } if unknown == &["m9999_future"]), "{refusal:?}");
    }
}

pub async fn a_setting_is_created_replaced_and_removed(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    assert_eq!(store.find_setting("id").await.unwrap(), None);
    assert!(store.create_setting("id", "first", at(1)).await.unwrap());
    assert!(!store.create_setting("id", "second", at(2)).await.unwrap());
    assert_eq!(store.find_setting("id").await.unwrap(), Some(Setting { value: "first".to_owned(), updated_at: at(1) }));
    store.put_setting("id", "third", at(3)).await.unwrap();
    store.put_setting("other", "x", at(4)).await.unwrap();
    assert_eq!(store.find_setting("id").await.unwrap(), Some(Setting { value: "third".to_owned(), updated_at: at(3) }));
    assert!(store.remove_setting("id").await.unwrap());
    assert!(!store.remove_setting("id").await.unwrap());
    assert_eq!(store.find_setting("id").await.unwrap(), None);
    assert_eq!(store.find_setting("other").await.unwrap().unwrap().value, "x");
}

pub async fn of_many_creators_exactly_one_hears_yes(backend: Backend) {
    let database = backend.database().await;
    database.open_migrated().await;
    let mut creators = JoinSet::new();
    for number in 0..8 {
        let url = database.url.clone();
        creators.spawn(async move {
            let store = crate::database::open(&url).await;
            let name = number.to_string();
            let created = store.create_setting("installation", &name, at(number)).await.unwrap();
            (created, store.find_setting("installation").await.unwrap().unwrap().value, name)
        });
    }
    let answers = creators.join_all().await;
    let winners: Vec<_> = answers.iter().filter(|(created, ..)| *created).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|(_, value, _)| *value == winners[0].2), "{answers:?}");
}

pub async fn keys_differ_in_case_accent_and_trailing_space(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let keys = ["acao", "Acao", "ação", "acao ", " acao"];
    for key in keys {
        assert!(store.create_setting(key, key, at(1)).await.unwrap(), "{key:?}");
    }
    for key in keys {
        assert_eq!(store.find_setting(key).await.unwrap().unwrap().value, key);
    }
}

pub async fn any_text_comes_back_as_it_was(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let longest_key = "ç".repeat(KEY_LIMIT as usize);
    let long = "é".repeat(64 * 1024);
    let texts = [
        "",
        " ",
        "Ação & 'aspas' \"duplas\" \\ %_;--",
        "🗼 日本語 \u{202e}\r\n\t\u{7f}",
        &"x".repeat(64 * 1024),
        &long,
    ];
    for text in texts {
        store.put_setting(&longest_key, text, at(i64::MAX)).await.unwrap();
        let found = store.find_setting(&longest_key).await.unwrap().unwrap();
        assert!(found.value == text && found.updated_at == at(i64::MAX), "{} bytes", text.len());
    }
}

pub async fn what_one_database_could_not_keep_is_refused_by_all(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let too_long = "k".repeat(KEY_LIMIT as usize + 1);
    for (key, value) in [("", "x"), (too_long.as_str(), "x"), ("nul\0", "x"), ("nul", "\0")] {
        let refusals = [
            store.put_setting(key, value, at(1)).await.unwrap_err(),
            store.create_setting(key, value, at(1)).await.unwrap_err(),
        ];
        assert!(refusals.iter().all(|refusal| matches!(refusal, Error::InvalidSetting(_))), "{refusals:?}");
    }
}

pub async fn twenty_writers_lose_nothing_and_are_never_refused(backend: Backend) {
    const WRITERS: usize = 20;
    const ROUNDS: usize = 10;
    let database = backend.database().await;
    let stores = [database.open_migrated().await, database.open().await];
    stores[0].put_setting("count", "0", at(0)).await.unwrap();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let store = stores[writer % stores.len()].clone();
        writers.spawn(async move {
            for round in 0..ROUNDS {
                store.write(|tx| count_one_more(tx, format!("{writer} {round}"))).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let count = stores[0].find_setting("count").await.unwrap().unwrap().value;
    assert_eq!(count, (WRITERS * ROUNDS).to_string());
    for writer in 0..WRITERS {
        for round in 0..ROUNDS {
            assert!(stores[1].find_setting(&format!("{writer} {round}")).await.unwrap().is_some());
        }
    }
}

/// As the house does it: the row that guards the reading is written first.
async fn count_one_more(tx: Transaction, own: String) -> Result<(), Error> {
    tx.put_setting("guard", &own, at(1)).await?;
    let count: usize = tx.find_setting("count").await?.unwrap().value.parse().unwrap();
    tx.put_setting(&own, "written", at(1)).await?;
    tx.put_setting("count", &(count + 1).to_string(), at(1)).await
}

pub async fn a_failed_transaction_leaves_nothing(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    store.put_setting("old", "before", at(1)).await.unwrap();
    let outcome = store
        .write(|tx| async move {
            tx.put_setting("old", "after", at(2)).await?;
            tx.put_setting("new", "x", at(2)).await?;
            assert!(tx.find_setting("new").await?.is_some());
            tx.put_setting("", "refused", at(2)).await
        })
        .await;
    assert!(matches!(outcome, Err(Error::InvalidSetting(_))), "{outcome:?}");
    assert_eq!(store.find_setting("old").await.unwrap().unwrap().value, "before");
    assert_eq!(store.find_setting("new").await.unwrap(), None);
    store.put_setting("new", "the next writer is not in its way", at(3)).await.unwrap();
}

pub async fn a_transaction_that_outlives_its_work_is_not_committed(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let kept = std::sync::Mutex::new(None);
    let outcome = store
        .write(|tx| async {
            tx.put_setting("a", "b", at(1)).await?;
            *kept.lock().unwrap() = Some(tx);
            Ok(())
        })
        .await;
    assert!(matches!(outcome, Err(Error::StillInUse)), "{outcome:?}");
    drop(kept);
    assert_eq!(store.find_setting("a").await.unwrap(), None);
}

/// Each holds a row the other wants. SQLite never lets it come so far: the second starts when the first has ended.
pub async fn transactions_in_each_others_way_both_succeed(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    for key in ["a", "b"] {
        store.put_setting(key, "0", at(1)).await.unwrap();
    }
    let meet = (backend != Backend::Sqlite).then(|| Arc::new(Barrier::new(2)));
    let runs = Arc::new(AtomicUsize::new(0));
    let mut writers = JoinSet::new();
    for (own, other) in [("a", "b"), ("b", "a")] {
        writers.spawn(cross(store.clone(), (own, other), meet.clone(), Arc::clone(&runs)));
    }
    writers.join_all().await;
    // One of the two had to run again; on a busy machine more than once.
    let ran = runs.load(Ordering::SeqCst);
    assert!(if backend == Backend::Sqlite { ran == 2 } else { ran >= 3 }, "{ran}");
    let [a, b] = [store.find_setting("a").await.unwrap().unwrap(), store.find_setting("b").await.unwrap().unwrap()];
    assert_eq!(a.value, b.value, "the last of the two wrote both rows");
}

async fn cross(store: Store, keys: (&'static str, &'static str), meet: Option<Arc<Barrier>>, runs: Arc<AtomicUsize>) {
    let tried = AtomicUsize::new(0);
    let (runs, meet, tried) = (&runs, &meet, &tried);
    let outcome = store
        .write(|tx| async move {
            runs.fetch_add(1, Ordering::SeqCst);
            tx.put_setting(keys.0, keys.0, at(2)).await?;
            if let (Some(meet), 0) = (meet, tried.fetch_add(1, Ordering::SeqCst)) {
                meet.wait().await;
            }
            tx.put_setting(keys.1, keys.0, at(2)).await
        })
        .await;
    outcome.unwrap();
}

/// Only SQLite keeps what does not fit its column; the other two refuse it at the door.
pub async fn a_corrupt_value_is_named(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    store.put_setting("broken", "whole", at(1)).await.unwrap();
    let (column, damage) = match backend {
        Backend::Sqlite => ("updated_at", "UPDATE setting SET updated_at = 'yesterday'"),
        Backend::Postgres => ("value", "ALTER TABLE setting ALTER value TYPE bytea USING value::bytea"),
        Backend::Mariadb => ("value", "ALTER TABLE setting MODIFY value DOUBLE NULL, MODIFY updated_at BIGINT NULL"),
    };
    if backend == Backend::Mariadb {
        store.put_setting("broken", "1", at(1)).await.unwrap();
    }
    database.execute(damage).await;
    store.close().await.unwrap();
    let store = database.open().await;
    let refusal = store.find_setting("broken").await.unwrap_err();
    let named = matches!(&refusal, Error::CorruptRow { table: "setting", row, column: found, .. }
        if row == "broken" && *found == column);
    assert!(named, "{refusal:?}");
    assert!(refusal.to_string().contains("table setting, row broken, column"), "{refusal}");
}

pub async fn a_database_that_is_not_there_is_named(backend: Backend) {
    let database = backend.database().await;
    let mut url = Url::parse(&database.url).unwrap();
    if backend == Backend::Sqlite {
        url.set_query(Some("mode=rw"));
        let refusal = try_open(url.as_str()).await.unwrap_err();
        assert!(matches!(refusal, Error::Connect(_)), "mode=rw wants an existing file: {refusal:?}");
        return;
    }
    // Nobody listens there.
    url.set_port(Some(1)).unwrap();
    let refusal = try_open(url.as_str()).await.unwrap_err();
    assert!(matches!(refusal, Error::Unreachable), "{refusal:?}");
}

pub async fn no_error_shows_the_password(backend: Backend) {
    let database = backend.database().await;
    let mut stranger = Url::parse(&database.url).unwrap();
    if backend == Backend::Sqlite {
        stranger.set_query(Some("mode=k4nary"));
    } else {
        stranger.set_username("stranger").unwrap();
        stranger.set_password(Some("k4nary")).unwrap();
    }
    let scheme = stranger.scheme();
    let urls = [
        stranger.to_string(),
        format!("{scheme}://farol:k4nary@127.0.0.1:port/farol?x=k4nary"),
        format!("{scheme}2://farol:k4nary@127.0.0.1/farol"),
        format!("{scheme}:k4nary"),
    ];
    for (index, url) in urls.iter().enumerate() {
        let refusal = try_open(url).await.unwrap_err();
        let expected =
            if index == 0 { matches!(refusal, Error::Connect(_)) } else { matches!(refusal, Error::InvalidUrl) };
        assert!(expected, "URL number {index}: {refusal:?}");
        let mut shown = format!("{refusal:?} {refusal}");
        let mut cause = refusal.source();
        while let Some(inner) = cause {
            shown.push_str(&inner.to_string());
            cause = inner.source();
        }
        assert!(backend == Backend::Sqlite || !shown.contains("k4nary"), "{shown}");
    }
}

#[tokio::test]
async fn a_new_sqlite_file_is_for_us_alone() {
    let database = Backend::Sqlite.database().await;
    let store = database.open_migrated().await;
    store.put_setting("a", "b", at(1)).await.unwrap();
    let directory = database.directory().unwrap();
    let modes: Vec<u32> = std::fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert!(modes.len() > 1 && modes.iter().all(|mode| *mode == 0o600), "{modes:?}");
    assert_eq!(std::fs::metadata(directory).unwrap().permissions().mode() & 0o777, 0o700);
}
