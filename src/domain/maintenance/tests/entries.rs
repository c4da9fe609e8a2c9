//! From what a form holds to a plan, or to what is wrong with it.

use proptest::prelude::*;

use super::*;
use crate::domain::entry::{Field, Problem, Typed};

type Change = fn(&mut Entry);

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

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
