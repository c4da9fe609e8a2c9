//! Single differences by example, any two looks by property.

use proptest::prelude::*;

use super::*;
use crate::domain::Timestamp;
use crate::domain::nas::{AlertLevel, BootId, Release};

fn well() -> Snapshot {
    let now = Timestamp::from_millis(1_000);
    let looked = Some(now);
    Snapshot {
        level: Level::Online,
        reason: Reason::Well,
        checked_at: looked,
        details_at: looked,
        ..Snapshot::unknown(now)
    }
}

fn pool(name: &str, status: &str) -> Pool {
    Pool {
        name: name.to_owned(),
        status: status.to_owned(),
        healthy: status == "ONLINE",
        warning: false,
        size: None,
        allocated: None,
        scrub_percent: None,
    }
}

fn alert(id: &str, dismissed: bool) -> Alert {
    Alert {
        id: id.to_owned(),
        class: "Some".to_owned(),
        level: AlertLevel::Warning,
        text: format!("text of {id}"),
        raised_at: None,
        dismissed,
    }
}

#[test]
fn a_first_look_is_no_news() {
    let first = Snapshot { alerts: vec![alert("a", false)], pools: vec![pool("tank", "DEGRADED")], ..well() };
    assert_eq!(compare(&Snapshot::unknown(Timestamp::from_millis(0)), &first), []);
}

#[test]
fn an_alert_is_raised_dismissed_brought_back_and_cleared() {
    let with = |alerts: &[Alert]| Snapshot { alerts: alerts.to_vec(), ..well() };
    let (none, open, dismissed) = (with(&[]), with(&[alert("a", false)]), with(&[alert("a", true)]));
    let text = || "text of a".to_owned();
    let raised = Fact::AlertRaised { level: AlertLevel::Warning, text: text() };
    assert_eq!(compare(&none, &open), [raised.clone()]);
    assert_eq!(compare(&open, &dismissed), [Fact::AlertDismissed { text: text() }]);
    assert_eq!(compare(&dismissed, &open), [raised]);
    assert_eq!(compare(&open, &none), [Fact::AlertCleared { text: text() }]);
}

#[test]
fn a_pool_falls_ill_is_checked_and_goes_away() {
    let with = |pools: &[Pool]| Snapshot { pools: pools.to_vec(), ..well() };
    let (fine, ill) = (pool("tank", "ONLINE"), pool("tank", "DEGRADED"));
    let scrubbed = Pool { scrub_percent: Some(3), ..fine.clone() };
    let changed = |before: &str, after: &str, healthy| {
        vec![Fact::PoolChanged { name: "tank".into(), before: before.into(), after: after.into(), healthy }]
    };
    assert_eq!(compare(&with(&[fine.clone()]), &with(&[ill])), changed("ONLINE", "DEGRADED", false));
    assert_eq!(compare(&with(&[fine.clone()]), &with(&[])), changed("ONLINE", "", false));
    assert_eq!(compare(&with(&[]), &with(&[fine.clone()])), changed("", "ONLINE", true));
    let tank = || "tank".to_owned();
    assert_eq!(compare(&with(&[fine.clone()]), &with(&[scrubbed.clone()])), [Fact::ScrubBegan { pool: tank() }]);
    let further = Pool { scrub_percent: Some(80), ..scrubbed.clone() };
    assert_eq!(compare(&with(&[scrubbed.clone()]), &with(&[further])), []);
    assert_eq!(compare(&with(&[scrubbed]), &with(&[fine])), [Fact::ScrubEnded { pool: tank() }]);
}

#[test]
fn whoever_comes_back_was_restarted_or_only_out_of_reach() {
    let started = |id: Option<&str>, at: Option<i64>| Snapshot {
        boot_id: id.map(|id| BootId(id.to_owned())),
        started_at: at.map(Timestamp::from_millis),
        ..well()
    };
    let away = |seen: &Snapshot, announced: bool| Snapshot {
        level: Level::Unreachable,
        going_down_since: announced.then_some(seen.since),
        ..seen.clone()
    };
    for (old, new, announced, restarted) in [
        (started(Some("a"), None), started(Some("b"), None), false, true),
        (started(Some("a"), None), started(Some("a"), None), true, false),
        (started(None, Some(0)), started(None, Some(900_000)), false, true),
        (started(None, Some(900_000)), started(None, Some(0)), false, true),
        (started(None, Some(0)), started(None, Some(900)), true, false),
        (started(None, None), started(None, None), true, true),
        (started(None, None), started(None, None), false, false),
    ] {
        let facts = compare(&away(&old, announced), &new);
        let told = (facts.contains(&Fact::Restarted), facts.contains(&Fact::LinkMended));
        assert_eq!(told, (restarted, !restarted), "{old:?} {new:?}");
    }
    // Quicker than we look.
    assert_eq!(compare(&started(Some("a"), None), &started(Some("b"), None)), [Fact::Restarted]);
}

#[test]
fn a_warning_names_what_comes_and_an_update_is_known_by_its_words() {
    let at = Some(Timestamp::from_millis(2_000));
    let down = |reason, words: &str| Snapshot {
        level: Level::Restarting,
        reason,
        going_down_since: at,
        words: words.to_owned(),
        ..well()
    };
    let goes = |restarts, reason: &str| Fact::GoesDown { restarts, reason: reason.to_owned() };
    let update = compare(&well(), &down(Reason::Rebooting, "System update"));
    assert_eq!(update[..2], [goes(true, "System update"), Fact::UpdateBegan]);
    assert_eq!(compare(&well(), &down(Reason::ShuttingDown, ""))[0], goes(false, ""));
    let told = down(Reason::Rebooting, "");
    assert_eq!(compare(&told, &Snapshot { reason: Reason::Refused, ..told.clone() }), [], "it is told once");
    let release = |text| Release::parse(text);
    let old = Snapshot { release: release("25.10.1"), ..well() };
    let new = Snapshot { release: release("25.10.2"), ..well() };
    assert_eq!(compare(&old, &new), [Fact::Updated { before: "25.10.1".into(), after: "25.10.2".into() }]);
}

#[test]
fn a_refused_key_is_told_and_so_is_its_end() {
    let refused = Snapshot { level: Level::KeyRefused, reason: Reason::Key, ..well() };
    assert!(compare(&well(), &refused).contains(&Fact::KeyRefused));
    let back = compare(&refused, &well());
    assert!(back.contains(&Fact::KeyAccepted) && !back.contains(&Fact::LinkMended), "{back:?}");
}

fn any_snapshot() -> impl Strategy<Value = Snapshot> {
    let level = proptest::sample::select(Level::ALL.to_vec());
    let reason = proptest::sample::select(Reason::ALL.to_vec());
    let statuses = proptest::sample::select(vec!["ONLINE", "DEGRADED"]);
    let pools = proptest::collection::btree_map("[ab]", (statuses, proptest::option::of(0..100_u8)), 0..3);
    let alerts = proptest::collection::btree_map("[abc]", any::<bool>(), 0..4);
    let times = (any::<i64>(), proptest::option::of(any::<i64>()), proptest::option::of(any::<i64>()));
    let id = proptest::option::of("[ab]");
    (level, reason, pools, alerts, times, id, any::<bool>()).prop_map(
        |(level, reason, pools, alerts, (since, started, going_down), id, detailed)| {
            let at = Timestamp::from_millis(since);
            let pools =
                pools.into_iter().map(|(name, (status, scrub_percent))| Pool { scrub_percent, ..pool(&name, status) });
            Snapshot {
                level,
                reason,
                checked_at: (level != Level::Unknown).then_some(at),
                going_down_since: going_down.map(Timestamp::from_millis),
                details_at: detailed.then_some(at),
                alerts: alerts.into_iter().map(|(id, dismissed)| alert(&id, dismissed)).collect(),
                pools: pools.collect(),
                boot_id: id.map(BootId),
                started_at: started.map(Timestamp::from_millis),
                ..Snapshot::unknown(at)
            }
        },
    )
}

/// What the facts make of the alerts that were open.
fn apply(facts: &[Fact], before: &Snapshot) -> Vec<String> {
    let mut open: Vec<String> =
        before.alerts.iter().filter(|alert| !alert.dismissed).map(|alert| alert.text.clone()).collect();
    for fact in facts {
        match fact {
            Fact::AlertRaised { text, .. } => open.push(text.clone()),
            Fact::AlertDismissed { text } | Fact::AlertCleared { text } => open.retain(|known| known != text),
            _ => {}
        }
    }
    open.sort();
    open
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_differs_from_itself(seen in any_snapshot()) {
        let facts = compare(&seen, &seen);
        prop_assert!(facts.iter().all(|fact| matches!(fact, Fact::LinkMended | Fact::Restarted)), "{facts:?}");
        prop_assert!(facts.is_empty() || seen.level.is_away() || !seen.level.is_up());
    }

    #[test]
    fn the_facts_lead_from_one_look_to_the_next(before in any_snapshot(), after in any_snapshot()) {
        let facts = compare(&before, &after);
        let levels: Vec<_> = facts.iter().filter(|fact| matches!(fact, Fact::LevelChanged { .. })).collect();
        let changed = before.level != after.level && before.level != Level::Unknown;
        prop_assert_eq!(levels.len(), usize::from(changed));
        let returns = facts.iter().filter(|fact| matches!(fact, Fact::Restarted | Fact::LinkMended)).count();
        prop_assert!(returns <= 1);
        prop_assert!(!(before.level.is_away() && after.level.is_up()) || returns == 1);
        if before.details_at.is_some() {
            let open: Vec<String> =
                after.alerts.iter().filter(|alert| !alert.dismissed).map(|alert| alert.text.clone()).collect();
            prop_assert_eq!(apply(&facts, &before), open);
        }
    }
}
