//! Whatever was before and is now: the differences lead from the one to the other, and say no more than is known.

use proptest::prelude::*;

use super::*;

fn right() -> impl Strategy<Value = Right> {
    prop_oneof![Just(Right::Write), Just(Right::Read), Just(Right::None), Just(Right::Unknown)]
}

/// Few names, so that they meet; ids that come and go.
fn standing() -> impl Strategy<Value = Standing> {
    let held = (0..9_i64, right()).prop_map(|(share, right)| Held { share, right });
    proptest::collection::btree_map("[a-f]", held, 0..7).prop_map(Standing)
}

fn decided(standing: &Standing) -> BTreeMap<String, Right> {
    let decided = standing.0.iter().filter(|(_, held)| !matches!(held.right, Right::None | Right::Unknown));
    decided.map(|(name, held)| (name.clone(), held.right)).collect()
}

/// Whoever was told all of it, and knew where they stood.
fn told(before: &Standing, differences: &[Difference]) -> BTreeMap<String, Right> {
    let mut now = decided(before);
    for difference in differences {
        match difference {
            Difference::Gained { name, right, .. } => assert_eq!(now.insert(name.clone(), *right), None),
            Difference::Changed { name, right, .. } => assert_ne!(now.insert(name.clone(), *right), Some(*right)),
            Difference::Lost { name } => assert!(now.remove(name).is_some()),
        }
    }
    now
}

proptest! {
    #[test]
    fn differences_lead_from_before_to_now(before in standing(), read in standing()) {
        let now = read.settled(&before);
        let mut expected = decided(&now);
        // What nobody knew before is no news.
        expected.retain(|name, _| before.right(name) != Right::Unknown);
        prop_assert_eq!(told(&before, &differences(&before, &now)), expected);
    }

    #[test]
    fn nothing_is_told_of_what_stayed_or_cannot_be_read(before in standing()) {
        let unreadable = before.0.iter().map(|(name, held)| (name.clone(), Held { right: Right::Unknown, ..*held }));
        let now = Standing(unreadable.collect()).settled(&before);
        prop_assert_eq!(&now, &before);
        prop_assert_eq!(differences(&before, &now), []);
    }

    #[test]
    fn whoever_waits_through_an_unreadable_moment_hears_the_same(before in standing(), read in standing()) {
        let now = read.settled(&before);
        let lost_from_sight = now.0.iter().map(|(name, held)| (name.clone(), Held { right: Right::Unknown, ..*held }));
        let between = Standing(lost_from_sight.collect()).settled(&before);
        let late = now.clone().settled(&between);
        let both = [differences(&before, &between), differences(&between, &late)].concat();
        prop_assert_eq!(told(&before, &both), told(&before, &differences(&before, &now)));
    }
}

#[test]
fn a_share_made_anew_under_its_name_is_the_same_to_whoever_maps_it() {
    let of = |share, right| Standing([("Geral".to_owned(), Held { share, right })].into());
    assert_eq!(differences(&of(1, Right::Write), &of(2, Right::Write)), []);
    let (name, right) = ("Geral".to_owned(), Right::Read);
    let changed = Difference::Changed { share: 2, name: name.clone(), right };
    assert_eq!(differences(&of(1, Right::Write), &of(2, Right::Read)), [changed]);
    let gained = Difference::Gained { share: 2, name: name.clone(), right };
    assert_eq!(differences(&Standing::default(), &of(2, Right::Read)), [gained]);
    assert_eq!(differences(&of(2, Right::Read), &Standing::default()), [Difference::Lost { name }]);
}
