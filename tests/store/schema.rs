//! Every schema there ever was, brought to the newest: all rows are there, and the tables are those of a fresh database.
//!
//! `tests/fixtures/schema/` keeps, for each migration, what it did to the tables of each database when it was new, and
//! rows of its time under `rows/`: the files up to a number are a database of that version. None is ever edited.

use std::path::PathBuf;

use farol::audit::{Audit, Verdict};
use farol::domain::caller::AccountId;
use farol::runtime::Clock;
use farol::store::{Error, Store};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::database::{Backend, Database, at, connect};
use crate::suite::MIGRATIONS;

/// Each table and the migration it came with.
const TABLES: [(&str, usize); 17] = [
    ("setting", 1),
    ("session", 2),
    ("ban", 3),
    ("administrator", 4),
    ("audit", 5),
    ("audit_head", 5),
    ("event", 7),
    ("event_head", 7),
    ("health_sample", 8),
    ("health_transition", 8),
    ("health_lease", 8),
    ("document", 9),
    ("event_once", 9),
    ("read_mark", 9),
    ("confirmation", 9),
    ("message", 10),
    ("second_factor", 11),
];

fn fixture(folder: &str, name: &str) -> String {
    let home = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/schema");
    let path = home.join(folder).join(format!("{name}.sql"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{} is missing: {error}", path.display()))
}

/// A database as the first `count` migrations left it, with rows of their time.
async fn as_it_was(backend: Backend, count: usize) -> Database {
    let database = backend.database().await;
    drop(database.open().await);
    let quotes = if backend == Backend::Mariadb { "SET sql_mode = 'ANSI_QUOTES';\n" } else { "" };
    for name in &MIGRATIONS[..count] {
        database.execute(&fixture(backend.module(), name)).await;
        database.execute(&format!("{quotes}{}", fixture("rows", name))).await;
        let applied = format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{name}', 1760000000)");
        database.execute(&applied).await;
    }
    database
}

/// The first column of every row.
async fn texts(database: &Database, sql: &str) -> Vec<String> {
    let connection = connect(&database.url).await;
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// All tables, columns and indexes, in an order of their own.
async fn shape(database: &Database) -> Vec<String> {
    let queries: &[&str] = match database.backend {
        Backend::Sqlite => &["SELECT name || ': ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"],
        Backend::Postgres => &[
            "SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, \
             column_default) FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        ],
        Backend::Mariadb => &[
            "SELECT CAST(CONCAT_WS(' ', table_name, column_name, column_type, collation_name, is_nullable, \
             column_default) AS CHAR) FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1",
            "SELECT CAST(CONCAT_WS(' ', table_name, index_name, seq_in_index, column_name, non_unique) AS CHAR) \
             FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1",
        ],
    };
    let mut shape = Vec::new();
    for sql in queries {
        shape.extend(texts(database, sql).await);
    }
    shape
}

pub async fn every_schema_there_ever_was_becomes_the_newest_with_all_its_rows(backend: Backend) {
    let fresh = backend.database().await;
    fresh.open_migrated().await.close().await.unwrap();
    let newest = shape(&fresh).await;
    assert!(newest.len() >= TABLES.len(), "{newest:?}");
    for count in 1..=MIGRATIONS.len() {
        let database = as_it_was(backend, count).await;
        let store = database.open().await;
        assert_eq!(store.find_schema().await.unwrap().as_deref(), Some(MIGRATIONS[count - 1]));
        assert_eq!(store.migrate().await.unwrap(), MIGRATIONS[count..]);
        assert_eq!(shape(&database).await, newest, "from {}", MIGRATIONS[count - 1]);
        for (table, since) in TABLES.iter().filter(|(_, since)| *since <= count) {
            let rows = texts(&database, &format!("SELECT CAST(COUNT(*) AS CHAR(9)) FROM {table}")).await;
            let expected = if *table == "audit" { "2" } else { "1" };
            assert_eq!(rows[0].trim(), expected, "{table} of {since}, from {}", MIGRATIONS[count - 1]);
        }
        read_all(&store, count).await;
        store.close().await.unwrap();
    }
}

/// As this version reads them.
async fn read_all(store: &Store, count: usize) {
    let ana = AccountId::of_uid(3_001);
    assert_eq!(store.find_setting("kept").await.unwrap().unwrap().value, "São João & 'aspas'");
    if count >= 2 {
        let session = store.find_session("hash-1").await.unwrap().unwrap();
        assert_eq!((&session.account.id, session.account.username.as_str()), (&ana, "ana"));
        let changed = (count >= 6).then(|| at(1_759_000_000_000));
        let confirmed = (count >= 11).then(|| at(1_760_000_001_000));
        assert_eq!((session.password_changed_at, session.confirmed_at), (changed, confirmed));
    }
    if count >= 3 {
        assert_eq!(store.find_ban("user:ana").await.unwrap().unwrap().failures, 3);
    }
    if count >= 4 {
        assert_eq!(store.list_administrators().await.unwrap()[0].last_step, 58_666_666);
    }
    if count >= 5 {
        let verdict = Audit::new(store.clone(), Clock::real()).verify().await.unwrap();
        assert!(matches!(&verdict, Verdict::Whole(whole) if whole.entries == 2), "{verdict:?}");
    }
    if count >= 7 {
        let events = store.list_events_after(0, 9).await.unwrap();
        assert_eq!((events.len(), events[0].line.as_str()), (1, "{\"kept\":true}"));
    }
    if count >= 8 {
        assert_eq!(store.list_health_transitions(None, 9).await.unwrap()[0].at, at(1_760_000_000_000));
    }
    if count >= 9 {
        assert_eq!(store.find_read_mark(&ana).await.unwrap(), 1);
        assert_eq!(store.list_confirmations("d1").await.unwrap().len(), 1);
        let told = ["window:1:begins".to_owned()];
        assert_eq!(store.list_told_once(&told).await.unwrap(), told);
    }
    if count >= 10 {
        assert_eq!(store.find_channel("email").await.unwrap().waiting, 1);
    }
    if count >= 11 {
        assert_eq!(store.find_factor(&ana).await.unwrap().unwrap().sealed, "c2VhbGVk");
    }
}

pub async fn the_schema_is_told_and_not_that_of_a_newer_program(backend: Backend) {
    let database = backend.database().await;
    let store = database.open().await;
    assert_eq!(store.find_schema().await.unwrap(), None);
    store.migrate().await.unwrap();
    let newest = MIGRATIONS[MIGRATIONS.len() - 1];
    assert_eq!(store.find_schema().await.unwrap().as_deref(), Some(newest));
    assert!(farol::store::is_known_schema(newest) && !farol::store::is_known_schema("m9999_future"));
    database.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 1)").await;
    assert!(matches!(store.find_schema().await, Err(Error::NewerDatabase { .. })));
}
