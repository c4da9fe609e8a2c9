//! The lines people are told, on every database: numbers without a gap, whoever writes, and an epoch that stays.

use std::collections::BTreeSet;

use farol::store::{EVENT_TEXT_LIMIT, Error};
use tokio::task::JoinSet;

use crate::database::{Backend, at};

fn line(text: &str) -> (String, String) {
    ("\"everybody\"".to_owned(), text.to_owned())
}

pub async fn of_many_who_tell_each_line_has_a_number_of_its_own_and_none_is_left_out(backend: Backend) {
    const TELLERS: i64 = 20;
    let database = backend.database().await;
    let stores = [database.open_migrated().await, database.open_migrated().await];
    let mut tellers = JoinSet::new();
    for teller in 0..TELLERS {
        let store = stores[usize::try_from(teller).unwrap() % stores.len()].clone();
        tellers.spawn(async move {
            let mut last = BTreeSet::new();
            for round in 0..5 {
                let both = [line(&format!("{teller} {round} a")), line(&format!("{teller} {round} b"))];
                last.insert(store.add_events(at(round), &both).await.unwrap());
            }
            last
        });
    }
    let last: BTreeSet<i64> = tellers.join_all().await.into_iter().flatten().collect();
    let expected: BTreeSet<i64> = (1..=TELLERS * 5).map(|pair| pair * 2).collect();
    assert_eq!(last, expected);
    let kept = stores[0].list_events_after(0, 1_000).await.unwrap();
    assert_eq!(kept.iter().map(|record| record.seq).collect::<Vec<_>>(), (1..=TELLERS * 10).collect::<Vec<_>>());
    for pair in kept.chunks(2) {
        assert_eq!(pair[0].line.strip_suffix('a'), pair[1].line.strip_suffix('b'), "told together, kept together");
    }
}

pub async fn numbers_go_on_where_they_stood_even_when_the_lines_are_gone(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let begun = store.begin_events("first").await.unwrap();
    assert_eq!((begun.epoch.as_str(), begun.seq), ("first", 0));
    let odd = "R&D (2026)! ação 🗼 \\n ' \" %";
    assert_eq!(store.add_events(at(1_000), &[line(odd), line("two")]).await.unwrap(), 2);
    assert_eq!(store.add_events(at(2_000), &[line("three")]).await.unwrap(), 3);
    let kept = store.list_events_after(0, 2).await.unwrap();
    assert_eq!((kept[0].line.as_str(), kept[0].at, kept[1].line.as_str()), (odd, at(1_000), "two"));
    let newest = store.list_events_before(None, 2).await.unwrap();
    assert_eq!(newest.iter().map(|record| record.seq).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(store.list_events_before(Some(2), 9).await.unwrap().len(), 1);
    assert_eq!(store.remove_events_before(at(2_000)).await.unwrap(), 2);
    let begun = database.open_migrated().await.begin_events("second").await.unwrap();
    assert_eq!((begun.epoch.as_str(), begun.seq), ("first", 3));
    assert_eq!(store.add_events(at(3_000), &[line("four")]).await.unwrap(), 4);
}

pub async fn a_line_no_database_keeps_is_refused_and_takes_no_number(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let long = "x".repeat(EVENT_TEXT_LIMIT as usize + 1);
    for text in [long.as_str(), "a\0b"] {
        let refused = store.add_events(at(1), &[line("fine"), line(text)]).await;
        assert!(matches!(refused, Err(Error::InvalidText { column: "line", .. })), "{refused:?}");
    }
    let longest = "ç".repeat(EVENT_TEXT_LIMIT as usize);
    assert_eq!(store.add_events(at(1), &[line(&longest)]).await.unwrap(), 1);
    assert_eq!(store.list_events_after(0, 9).await.unwrap()[0].line, longest);
}
