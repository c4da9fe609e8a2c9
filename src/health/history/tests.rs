//! Spans made of turns.

use super::*;

fn turn(at: i64, before: Level, after: Level, reason: Reason) -> HealthTransition {
    HealthTransition { number: at, at: Timestamp::from_millis(at), before, after, reason }
}

#[test]
fn a_span_of_trouble_reaches_from_well_to_well_and_is_named_for_its_worst() {
    let turns = [
        turn(9, Level::Online, Level::Unreachable, Reason::NoAnswer),
        turn(8, Level::Unreachable, Level::Online, Reason::Well),
        turn(5, Level::Restarting, Level::Unreachable, Reason::Refused),
        turn(4, Level::Attention, Level::Restarting, Reason::Rebooting),
        turn(3, Level::Online, Level::Attention, Reason::Alerts),
        turn(2, Level::Unknown, Level::Online, Reason::Well),
    ];
    let at = Timestamp::from_millis;
    let lasting = Trouble { began_at: at(9), ended_at: None, level: Level::Unreachable, reason: Reason::NoAnswer };
    let over = Trouble { began_at: at(4), ended_at: Some(at(8)), level: Level::Unreachable, reason: Reason::Refused };
    assert_eq!(troubles(&turns), [lasting, over]);
}

#[test]
fn a_clock_set_back_gives_no_span_that_ends_before_it_begins() {
    let turns = [
        turn(1, Level::Unreachable, Level::Online, Reason::Well),
        turn(7, Level::Online, Level::Unreachable, Reason::Refused),
    ];
    assert_eq!(troubles(&turns)[0].ended_at, Some(Timestamp::from_millis(7)));
}

#[test]
fn steps_cover_the_whole_span_and_are_never_nothing() {
    assert_eq!(step(Duration::from_millis(1_001), 10), Duration::from_millis(101));
    assert_eq!(step(Duration::ZERO, 10), Duration::from_millis(1));
}
