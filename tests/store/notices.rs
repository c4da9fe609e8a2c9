//! What people are told, on every database: kept whole, told once, read and confirmed.

use farol::domain::Timestamp;
use farol::domain::announcement::Confirmation;
use farol::domain::caller::AccountId;
use farol::store::{Document, Error};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use crate::database::{Backend, at};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Paper {
    id: String,
    text: String,
    count: u32,
    over_at: Option<Timestamp>,
}

impl Document for Paper {
    const KIND: &'static str = "paper";

    fn id(&self) -> &str {
        &self.id
    }

    fn created_at(&self) -> Timestamp {
        at(i64::from(self.count))
    }

    fn over_at(&self) -> Option<Timestamp> {
        self.over_at
    }
}

/// Another kind in the same table.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stone {
    id: String,
}

impl Document for Stone {
    const KIND: &'static str = "stone";

    fn id(&self) -> &str {
        &self.id
    }

    fn created_at(&self) -> Timestamp {
        at(0)
    }

    fn over_at(&self) -> Option<Timestamp> {
        None
    }
}

fn paper(id: &str, count: u32, over_at: Option<i64>) -> Paper {
    Paper { id: id.to_owned(), text: "Ação 🗼 \"x\"\n\\".to_owned(), count, over_at: over_at.map(at) }
}

pub async fn a_document_is_kept_listed_changed_and_let_go_by_its_kind(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let papers = [paper("a", 1, None), paper("b", 2, Some(50)), paper("c", 3, Some(90))];
    for paper in &papers {
        store.create_document(paper).await.unwrap();
    }
    store.create_document(&Stone { id: "s".to_owned() }).await.unwrap();
    assert_eq!(store.find_document::<Paper>("b").await.unwrap().as_ref(), Some(&papers[1]));
    assert_eq!(store.find_document::<Stone>("b").await.unwrap(), None, "it is of another kind");
    let ids = |papers: Vec<Paper>| papers.into_iter().map(|paper| paper.id).collect::<Vec<_>>();
    assert_eq!(ids(store.list_documents(at(0)).await.unwrap()), ["c", "b", "a"]);
    assert_eq!(ids(store.list_documents(at(50)).await.unwrap()), ["c", "a"]);
    let longer = |paper: Paper| Some(Paper { over_at: Some(at(200)), ..paper });
    assert_eq!(store.change_document("b", longer).await.unwrap().unwrap().over_at, Some(at(200)));
    assert_eq!(store.change_document("s", longer).await.unwrap(), None);
    assert_eq!(store.change_document("c", |_: Paper| None).await.unwrap(), None);
    assert_eq!(ids(store.list_documents(at(95)).await.unwrap()), ["b", "a"]);
    assert_eq!(store.remove_documents::<Paper>(at(100)).await.unwrap(), 1);
    assert_eq!(ids(store.list_documents(at(0)).await.unwrap()), ["b", "a"]);
    let long = Paper { text: "é".repeat(499_000), ..paper("long", 4, None) };
    store.create_document(&long).await.unwrap();
    assert_eq!(store.find_document::<Paper>("long").await.unwrap(), Some(long));
    let refused = store.create_document(&Paper { text: "é".repeat(500_001), ..paper("longer", 5, None) }).await;
    assert!(matches!(refused, Err(Error::InvalidText { column: "body", .. })), "{refused:?}");
}

pub async fn of_many_who_change_one_document_none_is_lost(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    store.create_document(&paper("a", 0, None)).await.unwrap();
    let mut writers = JoinSet::new();
    for _ in 0..8 {
        let url = database.url.clone();
        writers.spawn(async move {
            let store = crate::database::open(&url).await;
            for _ in 0..5 {
                let count = |paper: Paper| Some(Paper { count: paper.count + 1, ..paper });
                store.change_document("a", count).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    assert_eq!(store.find_document::<Paper>("a").await.unwrap().unwrap().count, 40);
}

pub async fn a_corrupt_document_is_named(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    store.create_document(&paper("a", 0, None)).await.unwrap();
    database.execute("UPDATE document SET body = '{}'").await;
    let refused = store.find_document::<Paper>("a").await.unwrap_err();
    assert!(
        matches!(&refused, Error::CorruptRow { table: "document", row, column: "body", .. } if row == "a"),
        "{refused:?}"
    );
}

pub async fn what_is_told_once_is_told_by_one_of_many_and_leaves_no_gap(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    store.begin_events("epoch").await.unwrap();
    let mut tellers = JoinSet::new();
    for _ in 0..8 {
        let url = database.url.clone();
        tellers.spawn(async move {
            let store = crate::database::open(&url).await;
            let line = ("audience".to_owned(), "line".to_owned());
            store.add_event_once(at(1), &["a".to_owned(), "b".to_owned()], &line).await.unwrap()
        });
    }
    let told: Vec<i64> = tellers.join_all().await.into_iter().flatten().collect();
    assert_eq!(told, [1]);
    let line = ("audience".to_owned(), "line".to_owned());
    let keys = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect::<Vec<_>>();
    assert_eq!(store.add_event_once(at(2), &keys(&["b"]), &line).await.unwrap(), None, "it was taken with the first");
    assert_eq!(store.add_event_once(at(2), &keys(&["c", "a"]), &line).await.unwrap(), Some(2));
    let too_long = ("audience".to_owned(), "x".repeat(12_001));
    store.add_event_once(at(3), &keys(&["d"]), &too_long).await.unwrap_err();
    assert_eq!(store.add_event_once(at(3), &keys(&["d"]), &line).await.unwrap(), Some(3), "what failed took no key");
    let mut taken = store.list_told_once(&keys(&["a", "b", "c", "d", "e"])).await.unwrap();
    taken.sort();
    assert_eq!(taken, ["a", "b", "c", "d"]);
    assert_eq!(store.list_told_once(&[]).await.unwrap(), Vec::<String>::new());
    let seqs: Vec<i64> = store.list_events_after(0, 9).await.unwrap().into_iter().map(|line| line.seq).collect();
    assert_eq!(seqs, [1, 2, 3]);
    assert_eq!(store.remove_told_once_before(at(2)).await.unwrap(), 2);
}

pub async fn a_read_mark_only_moves_forward_and_goes_when_it_is_old(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let (ana, bruno) = (AccountId::of_uid(1), AccountId::of_uid(2));
    assert_eq!(store.find_read_mark(&ana).await.unwrap(), 0);
    let mut moved = Vec::new();
    for (seq, time) in [(5, 1), (3, 2), (5, 3), (9, 4)] {
        moved.push(store.move_read_mark(&ana, seq, at(time)).await.unwrap());
    }
    assert_eq!(moved, [true, false, false, true]);
    store.move_read_mark(&bruno, 1, at(2)).await.unwrap();
    assert_eq!(store.remove_read_marks_before(at(4)).await.unwrap(), 1);
    let marks = [store.find_read_mark(&ana).await.unwrap(), store.find_read_mark(&bruno).await.unwrap()];
    assert_eq!(marks, [9, 0]);
}

pub async fn each_person_confirms_once_and_only_what_is_there_is_remembered(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    store.create_document(&paper("kept", 1, None)).await.unwrap();
    let confirmation =
        |uid, time| Confirmation { account: AccountId::of_uid(uid), username: format!("user {uid}"), at: at(time) };
    let mut first = Vec::new();
    for (paper, uid, time) in [("kept", 1, 5), ("kept", 1, 6), ("kept", 2, 3), ("gone", 1, 4)] {
        first.push(store.add_confirmation(paper, &confirmation(uid, time)).await.unwrap());
    }
    assert_eq!(first, [true, false, true, true]);
    assert_eq!(store.list_confirmations("kept").await.unwrap(), [confirmation(2, 3), confirmation(1, 5)]);
    let mut counts = store.count_confirmations().await.unwrap();
    counts.sort();
    assert_eq!(counts, [("gone".to_owned(), 1), ("kept".to_owned(), 2)]);
    assert_eq!(store.remove_orphaned_confirmations().await.unwrap(), 1);
    assert_eq!(store.list_confirmed_by(&AccountId::of_uid(1)).await.unwrap(), ["kept"]);
}
