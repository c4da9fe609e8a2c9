//! Counted failures and local administrators on every database.

use std::time::Duration;

use farol::domain::Secret;
use farol::domain::ban::Ban;
use farol::domain::caller::AccountId;
use farol::store::{Administrator, BAN_KEY_LIMIT, Error, Factor, Failure};
use tokio::task::JoinSet;

use crate::database::{Backend, at};

fn ban(key: &str, last_at: i64, until: i64) -> Ban {
    Ban { key: key.to_owned(), failures: 3, first_at: at(1), last_at: at(last_at), until: at(until) }
}

fn failure(key: &str, millis: i64) -> Failure<'_> {
    Failure { key, at: at(millis), forget_before: at(millis - 1_000) }
}

pub async fn a_ban_is_put_found_listed_and_removed(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let longest = format!("account:{}", "ç".repeat(BAN_KEY_LIMIT as usize - 8));
    let kept = [ban(&longest, 10, 400), ban("account:ana", 20, 600), ban("account:Ana", 30, 500)];
    for ban in &kept {
        store.put_ban(ban).await.unwrap();
        assert_eq!(store.find_ban(&ban.key).await.unwrap().as_ref(), Some(ban));
    }
    for other in ["account:ANA", "account:ana ", "account:ana\0", &"k".repeat(9_999)] {
        assert_eq!(store.find_ban(other).await.unwrap(), None, "{other:?}");
        assert!(!store.remove_ban(other).await.unwrap());
    }
    let keys = |bans: Vec<Ban>| bans.into_iter().map(|ban| ban.key).collect::<Vec<_>>();
    assert_eq!(keys(store.list_bans(at(400), 9).await.unwrap()), ["account:ana", "account:Ana"]);
    assert_eq!(keys(store.list_bans(at(399), 9).await.unwrap()).len(), 3);
    assert_eq!(keys(store.list_bans(at(0), 1).await.unwrap()), ["account:ana"]);
    let replaced = Ban { failures: u32::MAX, ..ban("account:ana", 99, 98) };
    store.put_ban(&replaced).await.unwrap();
    assert_eq!(store.find_ban("account:ana").await.unwrap(), Some(replaced));
    assert!(store.remove_ban("account:Ana").await.unwrap());
    assert!(!store.remove_ban("account:Ana").await.unwrap());
    assert_eq!(store.remove_old_bans(at(400)).await.unwrap(), 1, "one still waits at that moment");
    assert_eq!(store.remove_old_bans(at(401)).await.unwrap(), 1);
    for key in ["a\0", &"k".repeat(BAN_KEY_LIMIT as usize + 1)] {
        let refusal = store.put_ban(&ban(key, 1, 1)).await.unwrap_err();
        assert!(matches!(refusal, Error::InvalidText { table: "ban", column: "key", .. }), "{refusal:?}");
    }
}

pub async fn failures_add_up_keep_waiting_and_are_forgotten(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let wait = |failures| Duration::from_millis(if failures < 3 { 0 } else { u64::from(failures) * 100 });
    let first = store.count_failure(failure("a", 5_000), wait).await.unwrap();
    assert_eq!(first, Ban { failures: 1, ..count(5_000, 5_000, 5_000) });
    let second = store.count_failure(failure("a", 5_500), wait).await.unwrap();
    assert_eq!(second, Ban { failures: 2, ..count(5_000, 5_500, 5_500) });
    let third = store.count_failure(failure("a", 5_600), wait).await.unwrap();
    assert_eq!(third, Ban { failures: 3, ..count(5_000, 5_600, 5_900) });
    assert_eq!(store.find_ban("a").await.unwrap(), Some(third));
    let late = store.count_failure(failure("a", 5_100), wait).await.unwrap();
    assert_eq!(late, Ban { failures: 4, ..count(5_000, 5_600, 5_900) }, "what is heard late shortens nothing");
    let anew = store.count_failure(failure("a", 6_601), wait).await.unwrap();
    assert_eq!(anew, Ban { failures: 1, ..count(6_601, 6_601, 6_601) });
    assert_eq!(store.find_ban("a").await.unwrap(), Some(anew));
}

fn count(first_at: i64, last_at: i64, until: i64) -> Ban {
    Ban { key: "a".to_owned(), failures: 0, first_at: at(first_at), last_at: at(last_at), until: at(until) }
}

pub async fn of_many_failures_at_once_each_is_counted(backend: Backend) {
    const COUNTERS: u32 = 20;
    const ROUNDS: u32 = 5;
    let database = backend.database().await;
    let stores = [database.open_migrated().await, database.open().await];
    let mut counters = JoinSet::new();
    for counter in 0..COUNTERS as usize {
        let store = stores[counter % stores.len()].clone();
        counters.spawn(async move {
            let mut seen = Vec::new();
            for _ in 0..ROUNDS {
                let wait = |failures| Duration::from_secs(u64::from(failures));
                seen.push(store.count_failure(failure("a", 5_000), wait).await.unwrap().failures);
            }
            seen
        });
    }
    let mut seen: Vec<u32> = counters.join_all().await.into_iter().flatten().collect();
    seen.sort_unstable();
    assert_eq!(seen, (1..=COUNTERS * ROUNDS).collect::<Vec<_>>(), "each hears a count of its own");
    let all = stores[0].find_ban("a").await.unwrap().unwrap();
    assert_eq!((all.failures, all.until), (COUNTERS * ROUNDS, at(5_000 + i64::from(COUNTERS * ROUNDS) * 1_000)));
}

fn administrator(username: &str) -> Administrator {
    Administrator {
        username: username.to_owned(),
        password_hash: Secret::from("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"),
        totp_secret: Secret::from("JBSWY3DPEHPK3PXP"),
        last_step: 0,
        created_at: at(7),
    }
}

pub async fn an_administrator_is_created_once_and_removed(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    assert!(store.create_administrator(&administrator("root")).await.unwrap());
    let second = Administrator { password_hash: Secret::from("another"), ..administrator("root") };
    assert!(!store.create_administrator(&second).await.unwrap());
    assert!(store.create_administrator(&administrator("Root")).await.unwrap());
    assert_eq!(store.find_administrator("root").await.unwrap(), Some(administrator("root")));
    let mut found: Vec<String> =
        store.list_administrators().await.unwrap().into_iter().map(|administrator| administrator.username).collect();
    found.sort();
    assert_eq!(found, ["Root", "root"]);
    for unknown in ["ROOT", "root ", "root\0", ""] {
        assert_eq!(store.find_administrator(unknown).await.unwrap(), None);
        assert!(!store.remove_administrator(unknown).await.unwrap());
    }
    assert!(store.remove_administrator("root").await.unwrap());
    assert!(!store.remove_administrator("root").await.unwrap());
    for (name, column) in [("", "username"), ("a\0", "username"), (&*"n".repeat(129), "username")] {
        let refusal = store.create_administrator(&administrator(name)).await.unwrap_err();
        let named =
            matches!(refusal, Error::InvalidText { table: "administrator", column: found, .. } if found == column);
        assert!(named, "{refusal:?}");
    }
}

pub async fn a_code_is_taken_once_and_no_older_one_after_it(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    store.create_administrator(&administrator("root")).await.unwrap();
    let mut users = JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        users.spawn(async move { store.use_code_step("root", 100).await.unwrap() });
    }
    let taken = users.join_all().await.into_iter().filter(|taken| *taken).count();
    assert_eq!(taken, 1);
    for (step, taken) in [(99, false), (100, false), (101, true), (100, false)] {
        assert_eq!(store.use_code_step("root", step).await.unwrap(), taken, "{step}");
    }
    assert!(!store.use_code_step("nobody", 200).await.unwrap());
}

pub async fn a_second_factor_is_kept_once_and_takes_no_code_twice(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let factor = |uid: u32, username: &str| Factor {
        account: AccountId::of_uid(uid),
        username: username.to_owned(),
        sealed: "00ff".repeat(34),
        last_step: 10,
        created_at: at(5),
    };
    let (carla, ana) = (factor(3, "carla"), factor(1, "ana"));
    assert!(store.create_factor(&carla).await.unwrap());
    assert!(store.create_factor(&ana).await.unwrap());
    assert!(!store.create_factor(&Factor { username: "other".to_owned(), ..factor(3, "") }).await.unwrap());
    assert_eq!(store.find_factor(&carla.account).await.unwrap(), Some(carla.clone()));
    assert_eq!(store.list_factors_of("carla").await.unwrap(), std::slice::from_ref(&carla));
    assert_eq!(store.list_factors_of("CARLA").await.unwrap(), []);
    for (step, taken) in [(10, false), (11, true), (11, false), (9, false), (12, true)] {
        assert_eq!(store.use_factor_step(&carla.account, step).await.unwrap(), taken, "{step}");
    }
    assert_eq!(store.find_factor(&ana.account).await.unwrap(), Some(ana.clone()), "each has their own steps");
    assert!(store.remove_factor(&carla.account).await.unwrap());
    assert!(!store.remove_factor(&carla.account).await.unwrap());
    assert!(!store.use_factor_step(&carla.account, 20).await.unwrap());
    assert_eq!(store.find_factor(&ana.account).await.unwrap(), Some(ana));
}
