//! Windows come round, and people are told of them.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::domain::entry::{Field, Problem, Typed};
use crate::domain::health::Level;
use crate::domain::notice::Notice;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

fn at(text: &str) -> Timestamp {
    Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn millis(at: i64) -> Timestamp {
    Timestamp::from_millis(at)
}

fn window(rule: Rule, zone: &str, since: &str) -> Window {
    let title = Texts { portuguese: "Troca de discos".into(), english: String::new() };
    let plan = Plan { title, text: Texts::default(), rule, zone: zone.into(), shares: Vec::new() };
    Window::new("w".into(), plan, "carla".into(), at(since))
}

fn once(starts: &str, ends: &str) -> Rule {
    Rule::Once { starts_at: at(starts), ends_at: at(ends) }
}

fn weekly(weekdays: &[Weekday], hour: u8, minute: u8, minutes: u32) -> Rule {
    Rule::Weekly { weekdays: weekdays.to_vec(), at: LocalTime { hour, minute }, minutes }
}

fn monthly(day: MonthDay) -> Rule {
    Rule::Monthly { day, at: LocalTime { hour: 22, minute: 0 }, minutes: 60 }
}

fn starts(window: &Window, from: &str, to: &str) -> Vec<String> {
    let start = |one: &Occurrence| one.starts_at.to_string();
    window.occurrences(at(from), at(to)).iter().map(start).collect()
}

#[test]
fn a_local_time_that_is_skipped_comes_later_and_one_that_comes_twice_is_the_first() {
    let rule = weekly(&[Weekday::Sunday], 2, 30, 30);
    let skipped = window(rule, "America/New_York", "2026-01-01T00:00:00Z");
    let march = starts(&skipped, "2026-03-01T00:00:00Z", "2026-03-16T00:00:00Z");
    assert_eq!(march, ["2026-03-01T07:30:00Z", "2026-03-08T07:30:00Z", "2026-03-15T06:30:00Z"]);
    let twice = window(weekly(&[Weekday::Sunday], 1, 30, 30), "America/New_York", "2026-01-01T00:00:00Z");
    let november = starts(&twice, "2026-11-01T00:00:00Z", "2026-11-09T00:00:00Z");
    assert_eq!(november, ["2026-11-01T05:30:00Z", "2026-11-08T06:30:00Z"]);
}

#[test]
fn the_days_of_a_month_are_counted_and_a_short_month_ends_early() {
    for (day, expected) in [
        (MonthDay::Day(31), ["2027-02-01T01:00:00Z", "2027-03-01T01:00:00Z", "2027-04-01T01:00:00Z"]),
        (MonthDay::Nth(1, Weekday::Friday), ["2027-01-02T01:00:00Z", "2027-02-06T01:00:00Z", "2027-03-06T01:00:00Z"]),
        (MonthDay::Nth(4, Weekday::Monday), ["2027-01-26T01:00:00Z", "2027-02-23T01:00:00Z", "2027-03-23T01:00:00Z"]),
        (MonthDay::Last(Weekday::Sunday), ["2027-02-01T01:00:00Z", "2027-03-01T01:00:00Z", "2027-03-29T01:00:00Z"]),
    ] {
        let window = window(monthly(day), "America/Sao_Paulo", "2026-01-01T00:00:00Z");
        assert_eq!(starts(&window, "2027-01-01T12:00:00Z", "2027-04-02T00:00:00Z"), expected, "{day:?}");
    }
}

#[test]
fn the_trail_says_when_a_plan_takes_place_and_for_which_shares() {
    let days = [Weekday::Monday, Weekday::Friday];
    for (rule, said) in [
        (once("2026-11-01T01:00:00Z", "2026-11-01T02:00:00Z"), "once, 2026-11-01T01:00:00Z to 2026-11-01T02:00:00Z"),
        (weekly(&days, 7, 5, 90), "weekly, monday friday at 07:05 for 90 min"),
        (monthly(MonthDay::Last(Weekday::Sunday)), "monthly, last sunday at 22:00 for 60 min"),
        (monthly(MonthDay::Nth(2, Weekday::Sunday)), "monthly, 2 sunday at 22:00 for 60 min"),
    ] {
        let plan = window(rule, "America/Cuiaba", "2026-11-01T00:00:00Z").plan;
        assert_eq!(plan.to_string(), format!("Troca de discos; {said} (America/Cuiaba); shares: all"));
        let some = Plan { shares: vec![3, 14], ..plan };
        assert!(some.to_string().ends_with("; shares: 3 14"), "{some}");
    }
}

#[test]
fn what_ended_before_the_plan_was_made_did_not_follow_it() {
    let rule = weekly(&Weekday::ALL, 20, 0, 120);
    let window = window(rule, "UTC", "2026-11-21T21:00:00Z");
    let found = starts(&window, "2026-11-01T00:00:00Z", "2026-11-23T00:00:00Z");
    assert_eq!(found, ["2026-11-21T20:00:00Z", "2026-11-22T20:00:00Z"], "the one under way counts");
}

#[test]
fn other_words_change_nothing_of_what_took_place() {
    let daily = window(weekly(&Weekday::ALL, 20, 0, 120), "UTC", "2026-11-20T00:00:00Z");
    let now = at("2026-11-22T12:00:00Z");
    let title = Texts { portuguese: "Outra coisa".into(), english: String::new() };
    let reworded = daily.clone().changed(Plan { title, ..daily.plan.clone() }, now);
    let before = |window: &Window| window.occurrences(at("2026-11-20T00:00:00Z"), now).len();
    assert_eq!((before(&daily), before(&reworded), reworded.revision), (2, 2, 1));
    let rule = weekly(&Weekday::ALL, 21, 0, 120);
    assert_eq!(before(&daily.clone().changed(Plan { rule, ..daily.plan }, now)), 0);
}

#[test]
fn one_occurrence_is_called_off_or_all_that_are_left() {
    let daily = window(weekly(&Weekday::ALL, 20, 0, 120), "UTC", "2026-11-20T00:00:00Z");
    let now = at("2026-11-21T21:00:00Z");
    let tomorrow = at("2026-11-22T20:00:00Z");
    let without = daily.clone().without(Some(tomorrow), now).unwrap();
    assert_eq!((without.revision, without.over_at()), (1, None));
    let next = |window: &Window| window.next(at("2026-11-21T22:00:00Z")).map(|one| one.starts_at);
    assert_eq!([next(&daily), next(&without)], [Some(tomorrow), Some(at("2026-11-23T20:00:00Z"))]);
    for wrong in [tomorrow, at("2026-11-20T20:00:00Z"), at("2026-11-22T20:00:01Z")] {
        assert_eq!(without.clone().without(Some(wrong), now), None, "{wrong:?}");
    }
    let none = daily.clone().without(None, now).unwrap();
    assert_eq!((none.next(now), none.over_at()), (None, Some(now)));
    assert_eq!(none.clone().without(None, now), None);
    let past = Occurrence { starts_at: at("2026-11-20T20:00:00Z"), ends_at: at("2026-11-20T22:00:00Z") };
    assert!(!none.is_called_off(past), "what took place stays");
}

#[test]
fn an_entry_becomes_a_plan() {
    let entry = Entry {
        title: Typed { portuguese: "  Troca de discos ".into(), english: "Disks".into() },
        text: Typed { portuguese: "um\r\ndois".into(), english: String::new() },
        rule: "once".into(),
        starts: "2026-11-21T22:00".into(),
        ends: "2026-11-22T01:00".into(),
        zone: "America/Sao_Paulo".into(),
        shares: vec!["7".into(), "3".into(), "7".into()],
        ..Entry::default()
    };
    let plan = entry.parse(at("2026-11-21T00:00:00Z")).unwrap();
    assert_eq!(plan.rule, once("2026-11-22T01:00:00Z", "2026-11-22T04:00:00Z"));
    assert_eq!(
        (&*plan.title.portuguese, &*plan.text.portuguese, &*plan.shares),
        ("Troca de discos", "um\ndois", &[3, 7][..])
    );
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let weekly_entry = Entry {
        rule: "weekly".into(),
        weekdays: words(&["sunday", "monday", "sunday"]),
        time: "22:30".into(),
        minutes: "90".into(),
        ..entry.clone()
    };
    let plan = weekly_entry.parse(at("2026-11-21T00:00:00Z")).unwrap();
    assert_eq!(plan.rule, weekly(&[Weekday::Monday, Weekday::Sunday], 22, 30, 90));
    for (typed, day) in [
        ("15", MonthDay::Day(15)),
        ("2 saturday", MonthDay::Nth(2, Weekday::Saturday)),
        ("last sunday", MonthDay::Last(Weekday::Sunday)),
    ] {
        let entry = Entry { rule: "monthly".into(), day: typed.into(), ..weekly_entry.clone() };
        let Rule::Monthly { day: found, .. } = entry.parse(millis(0)).unwrap().rule else { panic!("{typed}") };
        assert_eq!(found, day);
    }
}

type Change = fn(&mut Entry);

#[test]
fn what_is_wrong_is_named_field_by_field() {
    let good = Entry {
        title: Typed { portuguese: "a".into(), english: String::new() },
        rule: "once".into(),
        starts: "2026-11-21T22:00".into(),
        ends: "2026-11-21T23:00".into(),
        weekdays: vec!["monday".into()],
        day: "1".into(),
        time: "22:00".into(),
        minutes: "60".into(),
        zone: "America/Sao_Paulo".into(),
        ..Entry::default()
    };
    let cases: [(Change, Field, Problem); 24] = [
        (|entry| entry.title.portuguese = " ".into(), Field::TitlePortuguese, Problem::Missing),
        (|entry| entry.title.portuguese = "é".repeat(121), Field::TitlePortuguese, Problem::TooLong),
        (|entry| entry.title.portuguese = "a\nb".into(), Field::TitlePortuguese, Problem::Unprintable),
        (|entry| entry.title.english = "a\u{202e}b".into(), Field::TitleEnglish, Problem::Unprintable),
        (|entry| entry.text.portuguese = "a".repeat(2_001), Field::TextPortuguese, Problem::TooLong),
        (|entry| entry.text.english = "a\0".into(), Field::TextEnglish, Problem::Unprintable),
        (|entry| entry.rule = String::new(), Field::Rule, Problem::Missing),
        (|entry| entry.rule = "daily".into(), Field::Rule, Problem::Unknown),
        (|entry| entry.starts = String::new(), Field::Starts, Problem::Missing),
        (|entry| entry.starts = "amanhã".into(), Field::Starts, Problem::Unknown),
        (|entry| entry.ends = "2026-11-21T22:00".into(), Field::Ends, Problem::EndsBeforeStart),
        (|entry| entry.ends = "2026-11-28T22:01".into(), Field::Ends, Problem::LastsTooLong),
        (
            |entry| (entry.starts, entry.ends) = ("2026-11-19T10:00".into(), "2026-11-20T10:00".into()),
            Field::Ends,
            Problem::Past,
        ),
        (|entry| entry.ends = "9999-12-31T23:59".into(), Field::Ends, Problem::OutOfRange),
        (|entry| entry.zone = "Brasil/Lua".into(), Field::Zone, Problem::Unknown),
        (|entry| entry.zone = String::new(), Field::Zone, Problem::Missing),
        (|entry| entry.shares = vec!["x".into()], Field::Shares, Problem::Unknown),
        (|entry| (entry.rule, entry.weekdays) = ("weekly".into(), Vec::new()), Field::Weekdays, Problem::Missing),
        (|entry| (entry.rule, entry.weekdays) = ("weekly".into(), vec!["x".into()]), Field::Weekdays, Problem::Unknown),
        (|entry| (entry.rule, entry.time) = ("weekly".into(), "25:00".into()), Field::Time, Problem::Unknown),
        (|entry| (entry.rule, entry.minutes) = ("weekly".into(), "0".into()), Field::Minutes, Problem::OutOfRange),
        (
            |entry| (entry.rule, entry.minutes) = ("weekly".into(), "10081".into()),
            Field::Minutes,
            Problem::LastsTooLong,
        ),
        (|entry| (entry.rule, entry.day) = ("monthly".into(), "32".into()), Field::Day, Problem::OutOfRange),
        (|entry| (entry.rule, entry.day) = ("monthly".into(), "5 monday".into()), Field::Day, Problem::OutOfRange),
    ];
    let now = at("2026-11-21T00:00:00Z");
    assert!(good.parse(now).is_ok());
    for (change, field, problem) in cases {
        let mut entry = good.clone();
        change(&mut entry);
        assert_eq!(entry.parse(now), Err(vec![(field, problem)]), "{field:?}");
    }
    let all = Entry::default().parse(now).unwrap_err();
    assert_eq!(
        all.iter().map(|(field, _)| *field).collect::<Vec<_>>(),
        [Field::TitlePortuguese, Field::Zone, Field::Rule]
    );
}

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

const START: &str = "2026-11-21T22:00:00Z";

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

fn rules() -> impl Strategy<Value = Rule> {
    let time = (0..24_u8, 0..60_u8).prop_map(|(hour, minute)| LocalTime { hour, minute });
    let minutes = 1..=LONGEST_MINUTES;
    let weekday = proptest::sample::select(Weekday::ALL.to_vec());
    let weekdays = proptest::sample::subsequence(Weekday::ALL.to_vec(), 1..=7);
    let day = prop_oneof![
        (1..=31_u8).prop_map(MonthDay::Day),
        (1..=4_u8, weekday.clone()).prop_map(|(nth, day)| MonthDay::Nth(nth, day)),
        weekday.prop_map(MonthDay::Last),
    ];
    prop_oneof![
        (weekdays, time.clone(), minutes.clone()).prop_map(|(weekdays, at, minutes)| Rule::Weekly {
            weekdays,
            at,
            minutes
        }),
        (day, time, minutes).prop_map(|(day, at, minutes)| Rule::Monthly { day, at, minutes }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn occurrences_are_in_order_touch_the_span_last_as_long_as_planned_and_show_the_time_on_the_wall(
        rule in rules(),
        zone in proptest::sample::select(vec!["America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
        from in 0..20_000_i64,
        days in 1..60_i64,
    ) {
        let (from, to) = (millis(from * DAY + 7), millis((from + days) * DAY));
        let (at, minutes) = match &rule {
            Rule::Weekly { at, minutes, .. } | Rule::Monthly { at, minutes, .. } => (*at, i64::from(*minutes)),
            Rule::Once { .. } => unreachable!(),
        };
        let found = rule.occurrences(zone, from, to);
        let tz = jiff::tz::TimeZone::get(zone).unwrap();
        prop_assert!(found.windows(2).all(|pair| pair[0].starts_at < pair[1].starts_at), "{found:?}");
        for one in &found {
            prop_assert!(one.ends_at > from && one.starts_at < to);
            prop_assert_eq!(one.ends_at.as_millis() - one.starts_at.as_millis(), minutes * MINUTE);
            let local = tz.to_datetime(jiff::Timestamp::from_millisecond(one.starts_at.as_millis()).unwrap());
            let wanted = local.date().at(at.hour.cast_signed(), at.minute.cast_signed(), 0, 0);
            let skipped = tz.to_ambiguous_timestamp(local - jiff::Span::new().hours(1)).offset() != tz.to_ambiguous_timestamp(local).offset();
            prop_assert!(local == wanted || skipped, "{local} {wanted}");
        }
        // Whoever looks further back finds no other ones that touch the span.
        let mut wider = rule.occurrences(zone, millis(from.as_millis() - 30 * DAY), to);
        wider.retain(|one| one.ends_at > from);
        prop_assert_eq!(wider, found);
    }

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

    #[test]
    fn any_text_is_a_plan_or_a_list_of_problems(text in ".{0,30}", rule in "once|weekly|monthly", now in any::<i64>()) {
        let typed = Typed { portuguese: text.clone(), english: text.clone() };
        let entry = Entry {
            title: typed.clone(), text: typed, rule, starts: text.clone(), ends: text.clone(), weekdays: vec![text.clone()],
            day: text.clone(), time: text.clone(), minutes: text.clone(), zone: text.clone(), shares: vec![text],
        };
        prop_assert!(entry.parse(millis(now)).is_err_and(|problems| !problems.is_empty()));
    }
}

#[test]
fn a_year_of_a_daily_window_is_whole_and_no_more_than_that_is_made() {
    let daily = window(weekly(&Weekday::ALL, 3, 0, 10), "UTC", "2026-01-01T00:00:00Z");
    let from = at("2026-01-01T00:00:00Z");
    assert_eq!(daily.occurrences(from, from.plus(Duration::from_hours(365 * 24))).len(), 365);
    assert_eq!(daily.occurrences(from, millis(i64::MAX)).len(), rule::MOST);
}
