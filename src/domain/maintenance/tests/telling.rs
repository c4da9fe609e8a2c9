//! Who is told of a window what, and when.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::health::Level;
use crate::domain::notice::Notice;

const START: &str = "2026-11-21T22:00:00Z";

/// What was told, as the database keeps it.
#[derive(Default)]
struct Memory {
    keys: BTreeSet<String>,
    notices: Vec<Notice>,
}

impl Memory {
    fn round(&mut self, window: &Window, now: Timestamp, nas: Nas) -> Vec<Notice> {
        let known = keys(window, now);
        let asked = |key: &str| {
            assert!(known.iter().any(|known| known == key), "{key} was not asked for beforehand");
            self.keys.contains(key)
        };
        let mut new = Vec::new();
        for due in due(window, now, nas, &asked) {
            assert!(due.keys.iter().all(|key| known.contains(key)), "{:?}", due.keys);
            assert!(!self.keys.contains(&due.keys[0]), "{} was told", due.keys[0]);
            new.push(due);
        }
        let mut told = Vec::new();
        for due in new {
            if self.keys.insert(due.keys[0].clone()) {
                told.push(due.notice);
            }
            self.keys.extend(due.keys);
        }
        self.notices.extend(told.clone());
        told
    }
}

/// In words that fit a line.
fn said(notices: &[Notice]) -> Vec<String> {
    let word = |notice: &Notice| {
        if let Notice::MaintenanceAhead { minutes, .. } = notice {
            return format!("in {minutes}");
        }
        let text = format!("{notice:?}");
        let name = text.split('(').next().unwrap_or_default();
        name.trim_start_matches("Maintenance").to_lowercase()
    };
    notices.iter().map(word).collect()
}

fn tonight() -> Window {
    window(once(START, "2026-11-21T23:00:00Z"), "UTC", "2026-11-01T00:00:00Z")
}

fn minutes_from_start(minutes: i64) -> Timestamp {
    millis(at(START).as_millis() + minutes * MINUTE)
}

#[test]
fn whoever_watches_all_the_time_hears_every_step_once() {
    let (window, mut memory) = (tonight(), Memory::default());
    for minutes in -2_000..200 {
        memory.round(
            &window,
            minutes_from_start(minutes),
            if minutes < 65 && minutes > 2 { Nas::Away } else { Nas::Up },
        );
    }
    assert_eq!(said(&memory.notices), ["in 1440", "in 60", "in 15", "in 1", "began", "overdue", "ended"]);
}

#[test]
fn a_late_start_tells_only_what_still_matters() {
    for (minutes, nas, expected) in [
        (-2_000, Nas::Up, &[][..]),
        (-100, Nas::Up, &["in 100"]),
        (-50, Nas::Up, &["in 50"]),
        (-10, Nas::Up, &["in 10"]),
        (30, Nas::Away, &["began"]),
        (61, Nas::Up, &[]),
        (61, Nas::Away, &[]),
    ] {
        assert_eq!(said(&Memory::default().round(&tonight(), minutes_from_start(minutes), nas)), expected, "{minutes}");
    }
}

#[test]
fn the_end_is_all_clear_only_when_the_storage_is_there() {
    for (nas, at_the_end, later) in
        [(Nas::Up, &["ended"][..], &[][..]), (Nas::Away, &[], &["overdue"]), (Nas::Unclear, &[], &[])]
    {
        let (window, mut memory) = (tonight(), Memory::default());
        memory.round(&window, minutes_from_start(30), Nas::Away);
        assert_eq!(said(&memory.round(&window, minutes_from_start(60), nas)), at_the_end, "{nas:?}");
        assert_eq!(said(&memory.round(&window, minutes_from_start(61), nas)), later, "{nas:?}");
        let stages: Vec<Stage> = shown(&window, minutes_from_start(61), &|key| memory.keys.contains(key))
            .iter()
            .map(|shown| shown.stage)
            .collect();
        assert_eq!(stages == [Stage::Overdue], nas == Nas::Away, "{stages:?}");
    }
}

#[test]
fn only_a_storage_that_is_known_to_answer_is_up() {
    let of = |levels: [Level; 2]| levels.map(Nas::from);
    assert_eq!(of([Level::Online, Level::Attention]), [Nas::Up; 2]);
    assert_eq!(of([Level::Planned, Level::Unreachable]), [Nas::Away; 2]);
    assert_eq!(of([Level::Unknown, Level::KeyRefused]), [Nas::Unclear; 2]);
}

#[test]
fn who_heard_of_it_hears_that_it_is_called_off_or_moved() {
    for heard in [false, true] {
        let (window, mut memory) = (tonight(), Memory::default());
        if heard {
            memory.round(&window, minutes_from_start(-50), Nas::Up);
        }
        let now = minutes_from_start(-40);
        let mut off = Memory { keys: memory.keys.clone(), notices: Vec::new() };
        let without = window.clone().without(None, now).unwrap();
        off.round(&without, now, Nas::Up);
        off.round(&without, now, Nas::Up);
        assert_eq!(said(&off.notices), if heard { &["calledoff"][..] } else { &[] });

        let plan = |start, end| Plan { rule: once(start, end), ..window.plan.clone() };
        let once_moved = window.clone().changed(plan("2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z"), now);
        let moved_again = once_moved.clone().changed(plan("2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z"), now);
        let moved = memory.round(&moved_again, now, Nas::Up);
        assert_eq!(said(&moved), if heard { ["moved"] } else { ["in 880"] }, "two changes at once are one");
        assert!(memory.round(&moved_again, now, Nas::Up).is_empty());
        let mut reworded = moved_again.clone();
        reworded.plan.title.portuguese = "Outra coisa".into();
        assert!(
            memory.round(&moved_again.changed(reworded.plan, now), now, Nas::Up).is_empty(),
            "only its words changed"
        );
    }
}

#[test]
fn a_window_that_is_moved_and_moved_back_is_told_both_times() {
    let (window, mut memory) = (tonight(), Memory::default());
    let now = minutes_from_start(-50);
    memory.round(&window, now, Nas::Up);
    let there = window
        .clone()
        .changed(Plan { rule: once("2026-11-21T22:30:00Z", "2026-11-21T23:00:00Z"), ..window.plan.clone() }, now);
    assert_eq!(said(&memory.round(&there, now, Nas::Up)), ["moved"]);
    let back = there.changed(window.plan, now);
    assert_eq!(said(&memory.round(&back, now, Nas::Up)), ["moved"]);
}

#[test]
fn a_window_that_is_late_may_get_more_time_and_ends_again() {
    let (window, mut memory) = (tonight(), Memory::default());
    for minutes in [30, 61] {
        memory.round(&window, minutes_from_start(minutes), Nas::Away);
    }
    let now = minutes_from_start(62);
    let longer = Plan { rule: once(START, "2026-11-22T01:00:00Z"), ..window.plan.clone() };
    assert!(window.may_change(now) && !window.may_change(minutes_from_start(60 + 24 * 60)));
    assert!(!window.clone().without(None, minutes_from_start(1)).unwrap().may_change(now));
    let window = window.changed(longer.clone(), now);
    for (minutes, nas) in
        [(62, Nas::Away), (63, Nas::Up), (180, Nas::Away), (181, Nas::Away), (182, Nas::Up), (183, Nas::Up)]
    {
        memory.round(&window, minutes_from_start(minutes), nas);
    }
    assert_eq!(said(&memory.notices), ["began", "overdue", "moved", "overdue", "ended"]);
    // What has ended well is not moved: the next time is a new one.
    let again = Plan { rule: once("2026-11-23T00:00:00Z", "2026-11-23T01:00:00Z"), ..longer };
    let window = window.changed(again, minutes_from_start(190));
    assert_eq!(said(&memory.round(&window, at("2026-11-22T23:30:00Z"), Nas::Up)), ["in 30"]);
}

#[test]
fn the_next_waking_is_never_late() {
    let window = tonight();
    for (minutes, next) in [
        (-1_500, None),
        (-1_440, Some(-60)),
        (-60, Some(-15)),
        (-1, Some(0)),
        (0, Some(60)),
        (60, Some(61)),
        (61, None),
    ] {
        assert_eq!(wake_at(&window, minutes_from_start(minutes)), next.map(minutes_from_start), "{minutes}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_is_told_twice_whatever_the_clock_does(
        moments in proptest::collection::vec((-3_000..3_000_i64, proptest::sample::select(vec![Nas::Up, Nas::Away, Nas::Unclear])), 1..60),
    ) {
        let (window, mut memory) = (tonight(), Memory::default());
        for (minutes, nas) in moments {
            memory.round(&window, minutes_from_start(minutes), nas);
        }
        let mut said = said(&memory.notices);
        let ahead = said.iter().filter(|word| word.starts_with("in ")).count();
        prop_assert!(ahead <= 4, "{said:?}");
        said.retain(|word| !word.starts_with("in "));
        let told = said.len();
        said.sort();
        said.dedup();
        prop_assert_eq!(said.len(), told);
    }
}
