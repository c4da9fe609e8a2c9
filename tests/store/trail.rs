//! The audit trail on every database: many write it at once, and whatever is done to its rows is found.

use std::collections::BTreeSet;

use farol::audit::{Audit, Break, Error, Verdict};
use farol::domain::audit::{Action, Deed, Entry, Filter};
use farol::runtime::Clock;
use tokio::task::JoinSet;

use crate::database::{Backend, Database, at};

fn deed(actor: &str) -> Deed {
    Deed {
        action: Action::SignIn,
        actor: actor.to_owned(),
        address: Some([10, 0, 0, 7].into()),
        subject: "R&D (2026)! ação 🗼 \\\\nas\\x".to_owned(),
        detail: String::new(),
    }
}

async fn audit(database: &Database) -> Audit {
    let (clock, _) = Clock::by_hand(at(1_700_000_000_000));
    Audit::new(database.open_migrated().await, clock)
}

async fn trail_of(database: &Database, entries: usize) -> Audit {
    let audit = audit(database).await;
    for number in 1..=entries {
        audit.record(deed(&format!("ana {number}"))).await.unwrap();
    }
    audit
}

pub async fn many_writers_leave_a_whole_trail_without_a_gap(backend: Backend) {
    const WRITERS: usize = 20;
    const ROUNDS: usize = 10;
    let database = backend.database().await;
    let audits = [audit(&database).await, audit(&database).await];
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let audit = audits[writer % audits.len()].clone();
        writers.spawn(async move {
            let mut recorded = Vec::new();
            for round in 0..ROUNDS {
                recorded.push(audit.record(deed(&format!("{writer} {round}"))).await.unwrap());
            }
            recorded
        });
    }
    // Meanwhile it is whole at every moment.
    while !writers.is_empty() {
        let verdict = audits[0].verify().await.unwrap();
        assert!(matches!(verdict, Verdict::Whole(_)), "{verdict:?}");
        while writers.try_join_next().is_some() {}
        tokio::task::yield_now().await;
    }
    let Verdict::Whole(whole) = audits[1].verify().await.unwrap() else { panic!("it is not whole") };
    assert_eq!(whole.entries, i64::try_from(WRITERS * ROUNDS).unwrap());
    let listed: Vec<Entry> = audits[1].list(None, 999).await.unwrap();
    let actors: BTreeSet<&str> = listed.iter().map(|entry| entry.deed.actor.as_str()).collect();
    assert_eq!(actors.len(), WRITERS * ROUNDS, "nobody's deed is lost");
    assert!(listed.iter().map(|entry| entry.number).eq((1..=whole.entries).rev()), "newest first, without a gap");
    assert_eq!(listed[0].hash, whole.hash);
}

pub async fn whatever_is_done_to_a_row_of_the_trail_is_found(backend: Backend) {
    for (damage, expected) in [
        ("UPDATE audit SET detail = 'x' WHERE number = 3", Break::Altered { number: 3 }),
        ("UPDATE audit SET actor = 'Ana 2' WHERE number = 2", Break::Altered { number: 2 }),
        ("UPDATE audit SET actor = 'ana 2 ' WHERE number = 2", Break::Altered { number: 2 }),
        ("UPDATE audit SET at = at + 1 WHERE number = 1", Break::Altered { number: 1 }),
        ("UPDATE audit SET address = '' WHERE number = 4", Break::Altered { number: 4 }),
        ("UPDATE audit SET action = 'sign_out' WHERE number = 4", Break::Altered { number: 4 }),
        ("UPDATE audit SET number = 9 WHERE number = 2", Break::Missing { number: 2 }),
        ("UPDATE audit SET number = -9 WHERE number = 2", Break::Added { number: -9 }),
        ("DELETE FROM audit WHERE number = 3", Break::Missing { number: 3 }),
        ("DELETE FROM audit WHERE number > 3", Break::CutOff { number: 4 }),
        ("DELETE FROM audit", Break::CutOff { number: 1 }),
        ("UPDATE audit_head SET number = 3", Break::Added { number: 4 }),
        ("UPDATE audit_head SET hash = ''", Break::Head { number: 5 }),
        ("DELETE FROM audit_head", Break::Head { number: 5 }),
    ] {
        let database = backend.database().await;
        let audit = trail_of(&database, 5).await;
        database.execute(damage).await;
        assert_eq!(audit.verify().await.unwrap(), Verdict::Broken(expected), "{damage}");
    }
}

pub async fn a_trail_that_lost_its_end_takes_no_more_entries(backend: Backend) {
    for damage in ["DELETE FROM audit_head", "UPDATE audit_head SET number = 2"] {
        let database = backend.database().await;
        let audit = trail_of(&database, 5).await;
        database.execute(damage).await;
        let refusal = audit.record(deed("bruno")).await.unwrap_err();
        assert!(matches!(refusal, Error::Record(_)), "{refusal:?}");
        assert_eq!(audit.list(None, 1).await.unwrap()[0].number, 5);
    }
}

pub async fn an_entry_nobody_understands_is_named_when_listed_and_when_verified(backend: Backend) {
    let database = backend.database().await;
    let audit = trail_of(&database, 3).await;
    database.execute("UPDATE audit SET action = 'sabotage' WHERE number = 2").await;
    let refusal = audit.list(None, 9).await.unwrap_err();
    assert!(matches!(refusal, Error::Unknown { number: 2, column: "action" }), "{refusal:?}");
    assert_eq!(audit.list(None, 1).await.unwrap().len(), 1, "what is newer can be read");
    if backend == Backend::Sqlite {
        // Only SQLite keeps what does not fit its column.
        database.execute("UPDATE audit SET action = 'sign_in', at = 'yesterday' WHERE number = 2").await;
        let unreadable = Break::Unreadable { table: "audit", row: "2".to_owned(), column: "at" };
        assert_eq!(audit.verify().await.unwrap(), Verdict::Broken(unreadable));
        database.execute("UPDATE audit SET detail = 'x' WHERE number = 1").await;
        assert_eq!(audit.verify().await.unwrap(), Verdict::Broken(Break::Altered { number: 1 }), "the first is named");
    }
}

pub async fn the_trail_is_searched_by_action_actor_and_text(backend: Backend) {
    let database = backend.database().await;
    let audit = trail_of(&database, 3).await;
    let sign_out = Deed { action: Action::SignOut, detail: "100% Sure!".to_owned(), ..deed("Bruno_1") };
    audit.record(sign_out).await.unwrap();
    let numbers = async |filter: Filter, before: Option<i64>| {
        let found = audit.search(&filter, before, 9).await.unwrap();
        found.iter().map(|entry| entry.number).collect::<Vec<_>>()
    };
    let text = |text: &str| Filter { text: text.to_owned(), ..Filter::default() };
    assert_eq!(numbers(Filter::default(), None).await, [4, 3, 2, 1]);
    assert_eq!(numbers(Filter::default(), Some(3)).await, [2, 1]);
    let of_sign_in = Filter { action: Some(Action::SignIn), ..Filter::default() };
    assert_eq!(numbers(of_sign_in.clone(), Some(3)).await, [2, 1]);
    assert_eq!(numbers(Filter { actor: "ana 2".to_owned(), ..of_sign_in }, None).await, [2]);
    assert_eq!(numbers(Filter { actor: "ana".to_owned(), ..Filter::default() }, None).await, [0; 0]);
    for found in ["BRUNO_1", "100% sure!", "0%", "sure!", "uno_"] {
        assert_eq!(numbers(text(found), None).await, [4], "{found}");
    }
    assert_eq!(numbers(text("10.0.0.7"), None).await, [4, 3, 2, 1]);
    assert_eq!(numbers(text("r&d (2026)! ação"), None).await, [4, 3, 2, 1]);
    for nothing in ["a%2", "ana_2", "nas\\\\\\\\x", "\0", "' OR 1=1 --"] {
        assert_eq!(numbers(text(nothing), None).await, [0; 0], "{nothing}");
    }
}
