//! That any tampering with the trail is found, and that what is recorded is fit to be read.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::store::{AuditHead, Settings};

/// One way to tamper with a trail of some entries.
#[derive(Debug, Clone)]
enum Tampering {
    /// A byte of a field of an entry, the hash included.
    Flip {
        entry: Index,
        field: usize,
        byte: Index,
        bit: u8,
    },
    /// The first letter of a field becomes the last of the one before.
    MoveLetter {
        entry: Index,
        field: usize,
    },
    Swap {
        one: Index,
        other: Index,
    },
    Remove {
        entry: Index,
    },
    /// A copy of an entry under a number nobody gave.
    Add {
        entry: Index,
        number: i64,
    },
    HeadNumber {
        by: i64,
    },
    HeadHash {
        byte: Index,
    },
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let index = any::<Index>;
    prop_oneof![
        4 => (index(), 0..8_usize, index(), 0..7_u8)
            .prop_map(|(entry, field, byte, bit)| Tampering::Flip { entry, field, byte, bit }),
        1 => (index(), 1..6_usize).prop_map(|(entry, field)| Tampering::MoveLetter { entry, field }),
        1 => (index(), index()).prop_map(|(one, other)| Tampering::Swap { one, other }),
        1 => index().prop_map(|entry| Tampering::Remove { entry }),
        1 => (index(), prop_oneof![Just(0_i64), -5..0_i64, 100..105_i64])
            .prop_map(|(entry, number)| Tampering::Add { entry, number }),
        1 => prop_oneof![-3..0_i64, 1..4_i64].prop_map(|by| Tampering::HeadNumber { by }),
        1 => index().prop_map(|byte| Tampering::HeadHash { byte }),
    ]
}

fn trail() -> impl Strategy<Value = (Vec<AuditRecord>, AuditHead)> {
    let text = || "[a-c\u{e7} ]{0,4}";
    let row = (any::<i64>(), "[a-z_]{1,9}", text(), "(|10\\.0\\.0\\.[0-9])", text(), text());
    proptest::collection::vec(row, 1..9).prop_map(|rows| {
        let mut head = AuditHead { number: 0, hash: String::new() };
        let chained = rows.into_iter().map(|(at_ms, action, actor, address, subject, detail)| {
            let number = head.number + 1;
            let mut record =
                AuditRecord { number, at_ms, action, actor, address, subject, detail, hash: String::new() };
            record.hash = chain::hash(&record, &head.hash);
            head = AuditHead { number, hash: record.hash.clone() };
            record
        });
        let records: Vec<AuditRecord> = chained.collect();
        (records, head)
    })
}

fn texts(record: &mut AuditRecord) -> [&mut String; 6] {
    let AuditRecord { action, actor, address, subject, detail, hash, .. } = record;
    [action, actor, address, subject, detail, hash]
}

/// Another text in which one byte differs, if it has any.
fn flip(text: &mut String, byte: Index, bit: u8) {
    let mut letters: Vec<char> = text.chars().collect();
    if !letters.is_empty() {
        let at = byte.index(letters.len());
        letters[at] = char::from_u32(u32::from(letters[at]) ^ (1 << bit)).unwrap_or('?');
        *text = letters.into_iter().collect();
    }
}

fn tamper(records: &mut Vec<AuditRecord>, head: &mut AuditHead, how: &Tampering) {
    let count = records.len();
    match how {
        Tampering::Flip { entry, field, byte, bit } => {
            let record = &mut records[entry.index(count)];
            match field {
                0 => record.number ^= 1 << bit,
                1 => record.at_ms ^= 1 << bit,
                field => flip(texts(record)[field - 2], *byte, *bit),
            }
        }
        Tampering::MoveLetter { entry, field } => {
            let texts = texts(&mut records[entry.index(count)]);
            if !texts[*field].is_empty() {
                let letter = texts[*field].remove(0);
                texts[field - 1].push(letter);
            }
        }
        Tampering::Swap { one, other } => {
            let (one, other) = (one.index(count), other.index(count));
            let (first, second) = (records[one].number, records[other].number);
            (records[one].number, records[other].number) = (second, first);
        }
        Tampering::Remove { entry } => drop(records.remove(entry.index(count))),
        Tampering::Add { entry, number } => {
            let copy = AuditRecord { number: *number, ..records[entry.index(count)].clone() };
            records.push(copy);
        }
        Tampering::HeadNumber { by } => head.number += by,
        Tampering::HeadHash { byte } => flip(&mut head.hash, *byte, 0),
    }
    records.sort_by_key(|record| record.number);
}

fn judge(records: &[AuditRecord], head: Option<&AuditHead>) -> Verdict {
    let mut chain = Chain::default();
    for record in records {
        if let Err(found) = chain.follow(record) {
            return Verdict::Broken(found);
        }
    }
    chain.close(head)
}

proptest! {
    #[test]
    fn any_tampering_with_a_trail_is_found((records, head) in trail(), how in tampering()) {
        let whole = judge(&records, Some(&head));
        prop_assert!(matches!(&whole, Verdict::Whole(whole) if whole.hash == head.hash), "{whole:?}");
        let (mut others, mut other_head) = (records.clone(), head.clone());
        tamper(&mut others, &mut other_head, &how);
        prop_assume!(others != records || other_head != head);
        let verdict = judge(&others, Some(&other_head));
        prop_assert!(matches!(verdict, Verdict::Broken(_)), "{verdict:?}");
    }

    #[test]
    fn a_kept_line_is_one_line_and_never_too_long(text in "\\PC{0,9}[\\x00-\\x{2fff}]{0,40}", limit in 2..30_u32) {
        let kept = line(&text, limit);
        prop_assert!(!kept.chars().any(char::is_control) && kept.chars().count() <= limit as usize, "{kept:?}");
    }
}

/// Each kind of damage at a place that is known, and the row that is named for it.
#[test]
fn the_first_bad_row_is_named() {
    let mut head = AuditHead { number: 0, hash: String::new() };
    let mut records = Vec::new();
    for number in 1..=5 {
        let empty = String::new;
        let action = "sign_in".to_owned();
        let (actor, address, subject, detail) = (format!("ana {number}"), empty(), empty(), empty());
        let mut record = AuditRecord { number, at_ms: 7, action, actor, address, subject, detail, hash: empty() };
        record.hash = chain::hash(&record, &head.hash);
        head = AuditHead { number, hash: record.hash.clone() };
        records.push(record);
    }
    let after = |damage: fn(&mut Vec<AuditRecord>, &mut AuditHead)| {
        let (mut records, mut head) = (records.clone(), head.clone());
        damage(&mut records, &mut head);
        match judge(&records, Some(&head)) {
            Verdict::Broken(found) => found,
            Verdict::Whole(whole) => panic!("{whole:?}"),
        }
    };
    assert_eq!(after(|records, _| records[2].detail.push('x')), Break::Altered { number: 3 });
    assert_eq!(after(|records, _| drop(records.remove(1))), Break::Missing { number: 2 });
    assert_eq!(after(|records, _| drop(records.remove(0))), Break::Missing { number: 1 });
    assert_eq!(after(|records, _| records.truncate(3)), Break::CutOff { number: 4 });
    assert_eq!(after(|records, _| records.clear()), Break::CutOff { number: 1 });
    assert_eq!(after(|_, head| head.number = 4), Break::Added { number: 5 });
    assert_eq!(after(|_, head| head.hash.clear()), Break::Head { number: 5 });
    let swapped = after(|records, _| {
        records.swap(1, 3);
        (records[1].number, records[3].number) = (2, 4);
    });
    assert_eq!(swapped, Break::Altered { number: 2 });
    // Who computes the hash of a changed row anew is found at the next.
    let rehashed = after(|records, _| {
        records[2].actor.clear();
        records[2].hash = chain::hash(&records[2], &records[1].hash.clone());
    });
    assert_eq!(rehashed, Break::Altered { number: 4 });
    assert_eq!(judge(&records, None), Verdict::Broken(Break::Head { number: 5 }));
}

#[test]
fn a_hostile_text_is_spelled_out_and_a_share_keeps_its_name() {
    assert_eq!(line("ana\r\n\0\u{1b}[2J\u{202e}", 320), "ana\\r\\n\\u{0}\\u{1b}[2J\\u{202e}");
    assert_eq!(line("\\\\nas\\R&D (2026)! ç", 320), "\\\\nas\\R&D (2026)! ç");
    assert_eq!(line(&"ç".repeat(10), 10), "ç".repeat(10));
    assert_eq!(line(&"ç".repeat(11), 10), "ç".repeat(9) + "…");
    assert_eq!(line("\n\n\n", 5), "\\n\\n…");
}

#[tokio::test]
async fn what_is_recorded_is_listed_newest_first_and_found_whole() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&Settings::in_file(&directory.path().join("farol.db"))).await.unwrap();
    store.migrate().await.unwrap();
    let (clock, hand) = Clock::by_hand(Timestamp::from_millis(1_000));
    let audit = Audit::new(store, clock);
    let none = Whole { entries: 0, span: None, hash: String::new() };
    assert_eq!(audit.verify().await.unwrap(), Verdict::Whole(none));
    let mut recorded = Vec::new();
    // More than a page.
    for number in 0..PAGE + 20 {
        let address = (number % 2 == 0).then(|| "fe80::7".parse().unwrap());
        let action = Action::ALL[usize::try_from(number).unwrap() % Action::ALL.len()];
        let (actor, subject, detail) = (format!("ana {number}"), "x\ny".to_owned(), String::new());
        let deed = Deed { action, actor, address, subject, detail };
        recorded.push(audit.record(deed).await.unwrap());
        hand.advance(std::time::Duration::from_secs(1));
    }
    assert_eq!(recorded[0].deed.subject, "x\\ny");
    let listed = audit.list(None, 3).await.unwrap();
    assert_eq!(listed, recorded.iter().rev().take(3).cloned().collect::<Vec<_>>());
    let earlier = audit.list(Some(listed[2].number), 1).await.unwrap();
    assert_eq!(earlier[0], recorded[recorded.len() - 4]);
    assert_eq!(audit.list(None, u64::MAX).await.unwrap().len(), usize::try_from(PAGE).unwrap());
    let last = recorded.last().unwrap();
    let span = Some((recorded[0].at, last.at));
    let whole = Whole { entries: last.number, span, hash: last.hash.clone() };
    assert_eq!(audit.verify().await.unwrap(), Verdict::Whole(whole));
}
