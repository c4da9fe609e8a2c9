//! When a window comes round: on the clocks of its zone, in every month, whatever they do.

use std::time::Duration;

use proptest::prelude::*;

use super::*;

const DAY: i64 = 24 * 60 * MINUTE;

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

#[test]
fn a_year_of_a_daily_window_is_whole_and_no_more_than_that_is_made() {
    let daily = window(weekly(&Weekday::ALL, 3, 0, 10), "UTC", "2026-01-01T00:00:00Z");
    let from = at("2026-01-01T00:00:00Z");
    assert_eq!(daily.occurrences(from, from.plus(Duration::from_hours(365 * 24))).len(), 365);
    assert_eq!(daily.occurrences(from, millis(i64::MAX)).len(), rule::MOST);
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
}
