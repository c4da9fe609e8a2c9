//! The rules of letters, on every office imaginable.

use proptest::prelude::*;

use super::*;
use crate::shares::LETTERS;
use crate::shares::tests::share;

fn settings(letters: &str, fixed: &[(&str, char)]) -> Settings {
    let fixed_letters = fixed.iter().map(|(name, letter)| ((*name).to_owned(), *letter)).collect();
    Settings { host: "nas".into(), letters: letters.chars().collect(), fixed_letters }
}

fn shares(ids: impl IntoIterator<Item = i64>) -> Vec<Share> {
    ids.into_iter().map(|id| share(id, &format!("share{id}"))).collect()
}

fn ids(shares: &[Share]) -> BTreeSet<i64> {
    shares.iter().map(|share| share.id).collect()
}

#[test]
fn a_fixed_letter_is_kept_for_its_share_and_the_others_follow_the_list() {
    let settings = settings("MNOP", &[("FINANCEIRO", 'n'), ("Velho", 'C')]);
    let all = [share(1, "Geral"), share(2, "Financeiro"), share(3, "Velho"), share(4, "Projetos")];
    assert_eq!(hand_out(&settings, &all, &ids(&all)), BTreeMap::from([(1, 'M'), (2, 'N'), (3, 'O'), (4, 'P')]));
    let others = BTreeSet::from([1, 3, 4]);
    assert_eq!(hand_out(&settings, &all, &others), BTreeMap::from([(1, 'M'), (3, 'O'), (4, 'P')]));
}

#[test]
fn a_disabled_share_keeps_its_place_and_one_nobody_maps_has_none() {
    let settings = settings("MNO", &[]);
    let mut all = shares(1..=3);
    all[0].enabled = false;
    all[1].kind = ShareKind::TimeMachine;
    assert_eq!(hand_out(&settings, &all, &BTreeSet::from([3])), BTreeMap::from([(3, 'N')]));
}

#[test]
fn of_two_shares_with_one_place_the_older_keeps_it_and_the_rest_go_without() {
    let settings = settings("MNO", &[]);
    let all = shares(1..=5);
    assert_eq!(hand_out(&settings, &all, &BTreeSet::from([2, 5])), BTreeMap::from([(2, 'N'), (5, 'O')]));
    assert_eq!(hand_out(&settings, &all, &ids(&all)).len(), 3);
}

#[test]
fn no_letters_at_all_is_no_trouble() {
    let all = shares(1..=2);
    for letters in ["", "ABC", "é1 "] {
        assert_eq!(hand_out(&settings(letters, &[]), &all, &ids(&all)), BTreeMap::new());
    }
}

proptest! {
    #[test]
    fn letters_are_allowed_ones_and_each_is_given_once(
        count in 0_i64..60, mine in prop::collection::btree_set(0_i64..60, 0..40), letters in "[A-Za-z0-9]{0,30}",
        fixed in prop::collection::btree_map("share[0-9]{1,2}", prop::char::range('A', 'z'), 0..6),
    ) {
        let fixed: Vec<(&str, char)> = fixed.iter().map(|(name, letter)| (name.as_str(), *letter)).collect();
        let handed = hand_out(&settings(&letters, &fixed), &shares(0..count), &mine);
        let distinct: BTreeSet<char> = handed.values().copied().collect();
        prop_assert_eq!(distinct.len(), handed.len());
        prop_assert!(distinct.iter().all(|letter| ('D'..='Z').contains(letter)));
        prop_assert!(handed.keys().all(|id| mine.contains(id) && *id < count));
    }

    #[test]
    fn everybody_has_the_same_letter_for_a_share_while_letters_suffice(
        count in 1_i64..=23, one in prop::collection::btree_set(0_i64..23, 0..23), other in prop::collection::btree_set(0_i64..23, 0..23),
    ) {
        let (settings, all) = (settings(LETTERS, &[("share2", 'X')]), shares(0..count));
        let (one, other) = (hand_out(&settings, &all, &one), hand_out(&settings, &all, &other));
        for (id, letter) in &one {
            prop_assert!(other.get(id).is_none_or(|theirs| theirs == letter));
        }
    }

    #[test]
    fn a_new_share_moves_no_earlier_one(
        count in 0_i64..60, mine in prop::collection::btree_set(0_i64..60, 0..40), gets_it: bool,
    ) {
        let settings = settings(LETTERS, &[("share1", 'X')]);
        let before = hand_out(&settings, &shares(0..count), &mine);
        let mut more = mine;
        if gets_it { more.insert(count); } else { more.remove(&count); }
        let after = hand_out(&settings, &shares(0..=count), &more);
        prop_assert!(before.iter().all(|(id, letter)| after.get(id) == Some(letter)));
    }

    #[test]
    fn while_letters_are_left_nobody_goes_without(mine in prop::collection::btree_set(0_i64..60, 0..=23)) {
        prop_assert_eq!(hand_out(&settings(LETTERS, &[]), &shares(0..60), &mine).len(), mine.len());
    }
}
