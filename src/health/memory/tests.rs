//! The rules over many looks, by a clock that exists only here.

use super::*;
use crate::domain::nas::BootId;
use crate::health::look::Details;

/// A NAS and what is remembered of it.
struct Story {
    memory: Memory,
    seen: Snapshot,
    now: Moment,
    planned: bool,
    last: Option<Picture>,
}

impl Story {
    fn begin() -> Self {
        let at = Timestamp::from_millis(1_000_000);
        Self {
            memory: Memory::new(Duration::from_mins(1)),
            seen: Snapshot::unknown(at),
            now: Moment { at, uptime: Duration::ZERO },
            planned: false,
            last: None,
        }
    }

    fn pass(&mut self, span: Duration) {
        self.now = Moment { at: self.now.at.plus(span), uptime: self.now.uptime + span };
    }

    fn show(&mut self, seen: Snapshot) -> (Level, Reason) {
        let picture = self.memory.place(&self.seen, seen, self.planned, self.now);
        self.seen = picture.snapshot.clone();
        self.last = Some(picture);
        (self.seen.level, self.seen.reason)
    }

    /// `None` when the look was not believed.
    fn look(&mut self, level: Level, reason: Reason) -> Option<(Level, Reason)> {
        let details = level.is_up().then(|| Details { alerts: Vec::new(), pools: Vec::new(), open: 0 });
        let latency = level.is_up().then_some(Duration::from_millis(7));
        let start = level.is_up().then(|| (Some(BootId("a".to_owned())), None));
        let look = Look { asked_at: self.now.uptime, level, reason, latency, details, start };
        let seen = self.memory.take(&self.seen, look, self.now)?;
        Some(self.show(seen))
    }

    fn announce(&mut self) -> (Level, Reason) {
        let seen = self.memory.announce(&self.seen, true, "an update", self.now);
        self.show(seen)
    }

    fn well(&mut self) -> Option<(Level, Reason)> {
        self.look(Level::Online, Reason::Well)
    }

    fn gone(&mut self) -> Option<(Level, Reason)> {
        self.look(Level::Unreachable, Reason::Refused)
    }
}

const ONLINE: Option<(Level, Reason)> = Some((Level::Online, Reason::Well));
const AWAY: Option<(Level, Reason)> = Some((Level::Unreachable, Reason::Refused));
const MOMENT: Duration = Duration::from_secs(5);

#[test]
fn an_announcement_holds_against_a_nas_that_still_says_it_is_ready() {
    let mut story = Story::begin();
    assert_eq!(story.well(), ONLINE);
    assert_eq!(story.announce(), (Level::Restarting, Reason::Rebooting));
    assert_eq!((story.seen.words.as_str(), story.seen.going_down_since), ("an update", Some(story.now.at)));
    story.pass(MOMENT);
    assert_eq!(story.well(), None, "it has not gone down yet");
    story.memory.linked();
    assert_eq!(story.well(), ONLINE);
    assert_eq!((story.seen.words.as_str(), story.seen.going_down_since), ("", None));
}

#[test]
fn an_announcement_that_nothing_follows_was_called_off() {
    let mut story = Story::begin();
    story.well();
    story.announce();
    story.pass(ANNOUNCED);
    assert_eq!(story.well(), ONLINE);
}

#[test]
fn a_look_asked_before_the_announcement_says_nothing_after_it() {
    let mut story = Story::begin();
    story.well();
    let asked_at = story.now.uptime;
    story.pass(MOMENT);
    story.announce();
    story.memory.linked();
    let seen = story.seen.clone();
    story.announce();
    let old = Look { asked_at, level: Level::Online, reason: Reason::Well, latency: None, details: None, start: None };
    assert_eq!(story.memory.take(&seen, old, story.now), None);
}

#[test]
fn silence_is_a_restart_for_ten_minutes_after_an_announcement_and_trouble_then() {
    let mut story = Story::begin();
    story.well();
    story.announce();
    for _ in 0..119 {
        story.pass(MOMENT);
        assert_eq!(story.gone(), Some((Level::Restarting, Reason::Refused)));
    }
    story.pass(MOMENT);
    assert_eq!(story.gone(), AWAY);
}

#[test]
fn away_in_a_window_is_planned_and_a_fall_of_nobodys_fault() {
    let mut story = Story::begin();
    story.well();
    for planned in [true, true, true, false] {
        story.planned = planned;
        story.pass(MOMENT);
        let expected = if planned { Some((Level::Planned, Reason::Refused)) } else { AWAY };
        assert_eq!(story.gone(), expected);
        assert_eq!(story.seen.planned, planned);
        story.pass(MOMENT);
        assert_eq!(story.well(), ONLINE, "{planned}");
    }
}

#[test]
fn a_window_that_begins_or_ends_changes_what_is_seen_already() {
    let mut story = Story::begin();
    story.well();
    story.gone();
    story.planned = true;
    let seen = story.seen.clone();
    assert_eq!(story.show(seen.clone()), (Level::Planned, Reason::Refused));
    story.planned = false;
    assert_eq!(story.show(seen), (Level::Unreachable, Reason::Refused));
}

#[test]
fn three_falls_in_ten_minutes_are_unsteady_until_they_are_long_ago() {
    let mut story = Story::begin();
    let unsteady = Some((Level::Attention, Reason::Unsteady));
    story.well();
    for fall in 1..=3 {
        story.pass(MOMENT);
        assert_eq!(story.gone(), AWAY);
        story.pass(MOMENT);
        assert_eq!(story.well(), if fall < FALLS { ONLINE } else { unsteady });
    }
    assert!(story.last.as_ref().unwrap().unsteady);
    story.pass(UNSTEADY.saturating_sub(MOMENT * 6));
    assert_eq!(story.well(), unsteady);
    story.pass(MOMENT);
    assert_eq!(story.well(), ONLINE);
    assert!(!story.last.as_ref().unwrap().unsteady);
}

#[test]
fn time_counts_for_what_was_seen_before_and_not_at_all_when_nobody_looked() {
    let mut story = Story::begin();
    story.well();
    let tally = |story: &Story| story.last.as_ref().unwrap().tally;
    assert_eq!((tally(&story).up_ms(), tally(&story).answers), (0, 1));
    story.pass(MOMENT);
    story.gone();
    assert_eq!((tally(&story).online_ms, tally(&story).answers, tally(&story).looks), (5_000, 0, 1));
    story.pass(MOMENT);
    story.well();
    assert_eq!((tally(&story).unreachable_ms, tally(&story).latency_sum_ms), (5_000, 7));
    story.pass(Duration::from_mins(2));
    story.well();
    assert_eq!(tally(&story).up_ms(), 0, "the machine slept");
    story.pass(MOMENT);
    story.planned = true;
    story.well();
    story.pass(MOMENT);
    let seen = story.seen.clone();
    story.show(seen);
    assert_eq!((tally(&story).window_ms, tally(&story).looks, tally(&story).answers), (5_000, 0, 0));
}

#[test]
fn a_calendar_that_is_set_moves_what_began_with_it() {
    let mut story = Story::begin();
    story.well();
    story.announce();
    for by_ms in [3_600_000, -7_200_000] {
        let since = story.seen.since;
        story.now.at = Timestamp::from_millis(story.now.at.as_millis() + by_ms);
        story.pass(MOMENT);
        story.gone();
        let picture = story.last.as_ref().unwrap();
        assert_eq!((picture.jumped, picture.tally.restarting_ms), (Some(by_ms), 5_000));
        assert_eq!(story.seen.since.as_millis(), since.as_millis() + by_ms);
        assert_eq!(story.seen.going_down_since, Some(story.seen.since));
    }
    story.pass(MOMENT);
    story.gone();
    assert_eq!(story.last.as_ref().unwrap().jumped, None);
}
