//! Sessions on every database.

use std::net::IpAddr;

use farol::domain::caller::{Account, AccountId, Role};
use farol::domain::session::{DEVICE_LIMIT, Session, SessionId, Visitor};
use farol::store::{Error, Store};
use tokio::task::JoinSet;

use crate::database::{Backend, at};

fn account(name: &str) -> Account {
    Account {
        id: AccountId::kept(format!("uid:{name}")),
        username: name.to_owned(),
        full_name: format!("{name} Lima"),
        role: Role::Employee,
    }
}

fn session(id: &str, account: Account) -> Session {
    let address = IpAddr::from([10, 0, 0, 7]);
    let visitor = Visitor { address, device: "Firefox".to_owned() };
    Session {
        id: SessionId::new(id),
        account,
        visitor,
        created_at: at(10),
        used_at: at(10),
        ends_at: at(1_000),
        password_changed_at: Some(at(5)),
        confirmed_at: None,
    }
}

/// Each under a hash that is its id in capitals.
async fn create(store: &Store, sessions: &[(&str, &str)]) {
    for (id, name) in sessions {
        store.create_session(&session(id, account(name)), &id.to_uppercase()).await.unwrap();
    }
}

async fn ids(store: &Store) -> Vec<String> {
    let mut ids: Vec<String> =
        store.list_all_sessions(99).await.unwrap().iter().map(|session| session.id.as_str().to_owned()).collect();
    ids.sort();
    ids
}

pub async fn a_session_is_found_by_its_hash_exactly_as_it_was(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let mut hostile = session("a", account("\"><img src=x> R&D (2026)! \u{202e}🗼 %_'\\"));
    hostile.account.role = Role::Administrator;
    hostile.account.full_name = "ç".repeat(1_000);
    hostile.visitor.address = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff".parse().unwrap();
    hostile.visitor.device = "é".repeat(DEVICE_LIMIT as usize);
    hostile.ends_at = at(i64::MAX);
    store.create_session(&hostile, "Hash").await.unwrap();
    assert_eq!(store.find_session("Hash").await.unwrap(), Some(hostile.clone()));
    for other in ["hash", "Hash ", "a", "", "Hash\0", &"H".repeat(9_999)] {
        assert_eq!(store.find_session(other).await.unwrap(), None, "{other:?}");
    }
    let twice = store.create_session(&session("b", account("ana")), "Hash").await;
    assert!(matches!(twice, Err(Error::WriteSession(_))), "{twice:?}");
    assert_eq!(store.list_all_sessions(9).await.unwrap(), [hostile]);
    let silent = Session { password_changed_at: None, ..session("c", account("ana")) };
    store.create_session(&silent, "C").await.unwrap();
    assert_eq!(store.find_session("C").await.unwrap(), Some(silent));
}

pub async fn a_session_with_a_text_no_database_keeps_is_refused(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let whole = session("a", account("ana"));
    let with = |change: fn(&mut Session)| {
        let mut session = whole.clone();
        change(&mut session);
        session
    };
    for (broken, column) in [
        (with(|session| session.id = SessionId::new("i".repeat(129))), "id"),
        (with(|session| session.account.username.push('\0')), "username"),
        (with(|session| session.account.full_name = "f".repeat(1_001)), "full_name"),
        (with(|session| session.visitor.device.push('\0')), "device"),
    ] {
        let refusal = store.create_session(&broken, "h").await.unwrap_err();
        let named = matches!(refusal, Error::InvalidText { table: "session", column: found, .. } if found == column);
        assert!(named, "{refusal:?}");
    }
    let refusal = store.create_session(&whole, "\0").await.unwrap_err();
    assert!(matches!(refusal, Error::InvalidText { column: "hash", .. }), "{refusal:?}");
    assert!(ids(&store).await.is_empty());
}

pub async fn the_last_use_of_a_session_only_moves_forward(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    create(&store, &[("a", "ana"), ("b", "ana"), ("c", "bruno")]).await;
    for (id, moment) in [("b", 50), ("a", 60), ("a", 20), ("gone", 70), ("c", 55)] {
        store.touch_session(&SessionId::new(id), at(moment)).await.unwrap();
    }
    let used: Vec<(String, i64)> = store
        .list_all_sessions(9)
        .await
        .unwrap()
        .iter()
        .map(|session| (session.id.as_str().to_owned(), session.used_at.as_millis()))
        .collect();
    assert_eq!(used, [("a".to_owned(), 60), ("c".to_owned(), 55), ("b".to_owned(), 50)], "the last used first");
    let own = store.list_sessions(&account("ana").id).await.unwrap();
    assert_eq!(own.iter().map(|session| session.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(store.list_all_sessions(1).await.unwrap().len(), 1);
}

pub async fn of_many_who_rotate_one_session_exactly_one_succeeds(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    create(&store, &[("a", "ana")]).await;
    let mut rotations = JoinSet::new();
    for number in 0..8 {
        let store = store.clone();
        rotations.spawn(async move {
            let new = format!("new {number}");
            let named = (new.as_str(), &SessionId::new(format!("id {number}")));
            store.confirm_session("A", named, at(9)).await.unwrap().then_some(new)
        });
    }
    let winners: Vec<String> = rotations.join_all().await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert_eq!(store.find_session("A").await.unwrap(), None);
    let found = store.find_session(&winners[0]).await.unwrap().unwrap();
    let id = SessionId::new(winners[0].replace("new", "id"));
    let confirmed = Session { id, confirmed_at: Some(at(9)), ..session("a", account("ana")) };
    assert_eq!(found, confirmed, "it keeps everything but its name");
}

pub async fn a_session_is_removed_by_its_owner_or_by_whoever_may_any(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    create(&store, &[("a", "ana"), ("b", "ana"), ("c", "bruno"), ("d", "bruno")]).await;
    let (ana, bruno) = (account("ana").id, account("bruno").id);
    let a = SessionId::new("a");
    assert!(!store.remove_session(&a, Some(&bruno)).await.unwrap(), "it is not theirs");
    assert_eq!(ids(&store).await, ["a", "b", "c", "d"]);
    assert!(store.remove_session(&a, Some(&ana)).await.unwrap());
    assert!(!store.remove_session(&a, Some(&ana)).await.unwrap(), "it is gone");
    assert!(store.remove_session(&SessionId::new("c"), None).await.unwrap());
    assert!(!store.remove_session(&SessionId::new("x\0"), None).await.unwrap());
    assert!(store.remove_session_by_hash("D").await.unwrap());
    assert!(!store.remove_session_by_hash("D").await.unwrap());
    assert_eq!(ids(&store).await, ["b"]);
}

pub async fn sessions_are_removed_by_account_and_but_local_ones(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    create(&store, &[("a", "ana"), ("b", "ana"), ("c", "ana"), ("d", "bruno")]).await;
    let ana = account("ana").id;
    assert_eq!(store.remove_sessions_of(&ana, Some(&SessionId::new("b"))).await.unwrap(), 2);
    assert_eq!(ids(&store).await, ["b", "d"]);
    assert_eq!(store.remove_sessions_of(&ana, None).await.unwrap(), 1);
    let local = Account { id: AccountId::of_local("root"), ..account("root") };
    store.create_session(&session("z", local), "Z").await.unwrap();
    assert_eq!(store.remove_sessions_but_local().await.unwrap(), 1);
    assert_eq!(ids(&store).await, ["z"]);
}

pub async fn listed_sessions_tell_their_hashes_and_are_removed_alone(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    create(&store, &[("a", "ana"), ("b", "ana"), ("c", "bruno")]).await;
    let listed = ["a", "c", "x"].map(SessionId::new);
    let mut hashes = store.list_session_hashes(&listed).await.unwrap();
    hashes.sort();
    assert_eq!(hashes, ["A", "C"]);
    assert_eq!(store.list_session_hashes(&[]).await.unwrap(), Vec::<String>::new());
    assert_eq!(store.remove_listed_sessions(&[]).await.unwrap(), 0);
    assert_eq!(store.remove_listed_sessions(&listed).await.unwrap(), 2);
    assert_eq!(ids(&store).await, ["b"]);
}

pub async fn sessions_end_at_their_time_and_when_nobody_uses_them(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    for (id, used_at, ends_at) in [("live", 500, 901), ("over", 500, 900), ("idle", 400, 999), ("used", 401, 999)] {
        let session = Session { used_at: at(used_at), ends_at: at(ends_at), ..session(id, account("ana")) };
        store.create_session(&session, id).await.unwrap();
    }
    assert_eq!(store.remove_dead_sessions(at(900), at(400)).await.unwrap(), 2);
    assert_eq!(ids(&store).await, ["live", "used"]);
}

pub async fn a_corrupt_session_is_named(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    for (damage, column) in [("role = 'root'", "role"), ("address = 'here'", "address")] {
        store.remove_sessions_of(&account("ana").id, None).await.unwrap();
        create(&store, &[("a", "ana")]).await;
        database.execute(&format!("UPDATE session SET {damage}")).await;
        for refusal in [store.find_session("A").await.unwrap_err(), store.list_all_sessions(9).await.unwrap_err()] {
            let named = matches!(&refusal, Error::CorruptRow { table: "session", row, column: found, .. }
                if row == "a" && *found == column);
            assert!(named, "{refusal:?}");
        }
    }
}
