//! What the board remembers, and of which moment.

use super::*;
use crate::domain::person::Person;
use crate::domain::share::{Reason, Right, Through};
use crate::shares::tests::share;

fn access(id: i64, name: &str, right: Right) -> ShareAccess {
    ShareAccess {
        share: share(id, name),
        reach: Reach { right, reason: Reason::Writes(Through::Everyone), hints: Vec::new() },
    }
}

fn table(uid: u32, shares: Vec<ShareAccess>) -> PersonAccess {
    let person = Person {
        uid,
        username: format!("user{uid}"),
        full_name: String::new(),
        sid: None,
        groups: Vec::new(),
        local: true,
        locked: false,
        password_disabled: false,
        smb: true,
        password_changed_at: None,
    };
    PersonAccess { person, shares }
}

fn known(access: PersonAccess, proofs: &[(&str, Proof)], read_at: i64) -> Known {
    let proofs = proofs.iter().map(|(name, proof)| ((*name).to_owned(), *proof)).collect();
    Known { access: Arc::new(access), read_at: Timestamp::from_millis(read_at), proofs, basis: Basis::default() }
}

#[test]
fn a_share_the_file_server_refused_is_not_offered_and_one_it_opened_gains_no_right() {
    let settings = Settings { host: "nas".into(), letters: vec!['M', 'N', 'O', 'P'], fixed_letters: BTreeMap::new() };
    let shares = vec![
        access(1, "plans", Right::Write),
        access(2, "Docs", Right::Read),
        access(3, "Safe", Right::Write),
        access(4, "Hidden", Right::None),
    ];
    let proofs = [("plans", Proof::Reached), ("Safe", Proof::Denied), ("Hidden", Proof::Reached)];
    let offers = known(table(1, shares), &proofs, 0).offers(&settings);
    let told: Vec<_> = offers.iter().map(|offer| (offer.share.name.as_str(), offer.proof, offer.letter)).collect();
    assert_eq!(told, [("Docs", None, Some('N')), ("plans", Some(Proof::Reached), Some('M'))]);
}

#[test]
fn a_proof_lasts_while_the_table_says_the_same_of_its_share() {
    let before = table(1, vec![access(1, "docs", Right::Write), access(2, "plans", Right::Write)]);
    let now = table(1, vec![access(1, "docs", Right::Write), access(2, "plans", Right::Read)]);
    let before = known(before, &[("docs", Proof::Reached), ("plans", Proof::Denied), ("gone", Proof::Reached)], 0);
    let left = still_true(&before, &now);
    assert_eq!(left.into_iter().collect::<Vec<_>>(), [("docs".to_owned(), Proof::Reached)]);
}

#[test]
fn who_was_read_longest_ago_makes_room() {
    let everybody = (0..).map(|uid| (AccountId::of_uid(uid), known(table(uid, Vec::new()), &[], i64::from(uid))));
    let mut people = People { known: everybody.take(PEOPLE_KEPT).collect(), followed: HashMap::new() };
    people.make_room();
    assert_eq!(people.known.len(), PEOPLE_KEPT - 1);
    assert!(!people.known.contains_key(&AccountId::of_uid(0)));
}
