//! Maintenance told step by step, over restarts and whatever the clock does.

use super::*;

#[tokio::test]
async fn each_step_is_told_once_however_often_the_server_begins_anew() {
    let mut office = Office::at(START).await;
    office.notices.windows.create(&carla(), once(30 * HOUR, HOUR)).await.unwrap();
    for (time, nas) in [
        (5 * HOUR, Nas::Up),
        (6 * HOUR, Nas::Up),
        (7 * HOUR, Nas::Up),
        (29 * HOUR, Nas::Up),
        (30 * HOUR - 15 * MINUTE, Nas::Up),
        (30 * HOUR - MINUTE, Nas::Up),
        // The clock is set back, and forward again.
        (28 * HOUR, Nas::Up),
        (30 * HOUR, Nas::Away),
        (29 * HOUR, Nas::Up),
        (30 * HOUR + MINUTE, Nas::Away),
        (31 * HOUR, Nas::Unclear),
        (31 * HOUR, Nas::Away),
        (31 * HOUR + MINUTE, Nas::Away),
        (31 * HOUR + 2 * MINUTE, Nas::Away),
        (32 * HOUR, Nas::Up),
        (33 * HOUR, Nas::Up),
    ] {
        office = office.restarted(START + time).await;
        office.round(nas).await;
        office.round(nas).await;
    }
    assert_eq!(office.said().await, ["in 1440", "in 60", "in 15", "in 1", "Began", "Overdue", "Ended"]);
}

#[tokio::test]
async fn a_server_that_was_down_tells_only_what_still_matters() {
    let office = Office::at(START).await;
    office.notices.windows.create(&carla(), once(30 * HOUR, HOUR)).await.unwrap();
    let office = office.restarted(START + 29 * HOUR + 50 * MINUTE).await;
    office.round(Nas::Up).await;
    assert_eq!(office.said().await, ["in 10"]);
    let office = office.restarted(START + 60 * HOUR).await;
    office.round(Nas::Up).await;
    assert_eq!(office.said().await, ["in 10"], "nobody heard it begin, so nobody waits for its end");
}

#[tokio::test]
async fn only_people_who_reach_the_shares_are_told() {
    let office = Office::at(START).await;
    let plan = Plan { shares: vec![3, 4], ..once(HOUR, HOUR) };
    let done = office.notices.windows.create(&carla(), plan).await.unwrap();
    office.round(Nas::Up).await;
    let told = office.told().await;
    assert_eq!(told[0].0, Audience::Reaching(vec![3, 4]));
    assert!(matches!(&told[0].1, Notice::MaintenanceAhead { window, minutes: 60 } if window.window == done.value.id));
    assert_eq!(
        (done.deed.action, &*done.deed.actor, &*done.deed.detail),
        (
            Action::MaintenancePlanned,
            "carla",
            "Discos; once, 2026-12-13T01:00:00Z to 2026-12-13T02:00:00Z (UTC); shares: 3 4"
        )
    );
}

#[tokio::test]
async fn who_heard_of_a_window_hears_that_it_is_moved_and_called_off() {
    let office = Office::at(START).await;
    let windows = &office.notices.windows;
    let planned = windows.create(&carla(), once(10 * HOUR, HOUR)).await.unwrap();
    let id = planned.value.id;
    office.round(Nas::Up).await;
    let changed = windows.change(&carla(), &id, once(12 * HOUR, HOUR)).await.unwrap().unwrap();
    assert_eq!((changed.value.revision, changed.deed.action), (1, Action::MaintenanceChanged));
    for (deed, starts) in [(planned.deed, "2026-12-13T10:00:00Z"), (changed.deed, "2026-12-13T12:00:00Z")] {
        assert!(deed.detail.contains(starts), "the trail tells from when to when it was moved: {deed:?}");
    }
    let office = office.restarted(START).await;
    office.round(Nas::Up).await;
    let office = office.restarted(START + MINUTE).await;
    office.round(Nas::Up).await;
    let windows = &office.notices.windows;
    assert_eq!(windows.call_off(&carla(), "another", None).await.unwrap(), None);
    let off = windows.call_off(&carla(), &id, None).await.unwrap().unwrap();
    assert_eq!(off.deed.action, Action::MaintenanceCalledOff);
    assert!(off.deed.detail.ends_with("; all of it"), "{:?}", off.deed);
    assert_eq!(windows.call_off(&carla(), &id, None).await.unwrap(), None, "there is nothing left of it");
    assert_eq!(windows.change(&carla(), &id, once(12 * HOUR, HOUR)).await.unwrap(), None);
    office.round(Nas::Up).await;
    office.round(Nas::Up).await;
    assert_eq!(office.said().await, ["in 600", "Moved", "CalledOff"]);
}

#[tokio::test]
async fn the_banner_and_the_lists_follow_the_time() {
    let office = Office::at(START).await;
    let windows = &office.notices.windows;
    let id = windows.create(&carla(), once(30 * HOUR, HOUR)).await.unwrap().value.id;
    let mut heard = office.hub.subscribe();
    let stages = || office.notices.windows.present().iter().map(|shown| shown.stage).collect::<Vec<_>>();
    let banner = [Region::Banner, Region::Status, Region::Room(crate::domain::event::Panel::Maintenance)];
    for (moved, nas, expected, changes) in [
        (0, Nas::Up, &[][..], &[][..]),
        (6 * HOUR, Nas::Up, &[Stage::Ahead], &banner),
        (HOUR, Nas::Up, &[Stage::Ahead], &[]),
        (23 * HOUR, Nas::Away, &[Stage::Running], &banner),
        (HOUR + MINUTE, Nas::Away, &[Stage::Overdue], &banner),
        (MINUTE, Nas::Up, &[], &banner),
    ] {
        office.hand.advance(span(moved));
        office.round(nas).await;
        assert_eq!(stages(), expected);
        assert_eq!(regions(&mut heard, &office.hub).await, changes, "{expected:?}");
        let listed = windows.list_occurrences().await.unwrap();
        let counts = [listed.coming.len(), listed.running.len()];
        match expected {
            [Stage::Running | Stage::Overdue] => assert_eq!(counts, [0, 1], "{listed:?}"),
            _ => assert_eq!(counts[1], 0, "{listed:?}"),
        }
    }
    let listed = windows.list_occurrences().await.unwrap();
    assert_eq!((listed.past[0].window.clone(), listed.past[0].stage), (id, Stage::Over));
    assert!(windows.list().await.unwrap().is_empty());
    let calendar = windows.calendar(crate::domain::Language::Portuguese, "Farol", |_| true).await.unwrap();
    assert!(calendar.contains("SUMMARY:Discos\r\n"), "{calendar}");
    let others = windows.calendar(crate::domain::Language::Portuguese, "Farol", |_| false).await.unwrap();
    assert!(!others.contains("VEVENT"), "{others}");
}

#[tokio::test]
async fn the_task_wakes_in_time_and_when_the_storage_is_back() {
    let office = Office::at(START).await;
    office.notices.windows.create(&carla(), once(HOUR + MINUTE, HOUR)).await.unwrap();
    let snapshot = Snapshot { level: Level::Unreachable, ..Snapshot::unknown(Timestamp::from_millis(START)) };
    let (nas, seen) = watch::channel(snapshot.clone());
    let (stop, mut heard) = (tokio_util::sync::CancellationToken::new(), office.hub.subscribe());
    let task = office.notices.scheduler.clone().run(seen, stop.clone());
    let story = async {
        let mut said = vec![next_word(&mut heard).await];
        // Each move wakes the task at that very moment.
        for moved in [MINUTE, 45 * MINUTE, 14 * MINUTE, MINUTE, HOUR + MINUTE] {
            office.hand.advance(span(moved));
            said.push(next_word(&mut heard).await);
        }
        nas.send_replace(Snapshot { level: Level::Online, ..snapshot.clone() });
        said.push(next_word(&mut heard).await);
        stop.cancel();
        said
    };
    let ((), said) = tokio::join!(task, story);
    assert_eq!(said, ["in 61", "in 60", "in 15", "in 1", "Began", "Overdue", "Ended"]);
}

async fn next_word(heard: &mut Subscription) -> String {
    loop {
        if let Heard::Told(told) = heard.next().await.unwrap() {
            let Line::Notice(notice) = &told.line else { panic!("{told:?}") };
            return word(notice);
        }
    }
}
