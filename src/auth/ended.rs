//! Why sessions ended whose browsers still believe in them: for a while, so that the person can be told.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::session::End;
use crate::runtime::Clock;

/// Until the next morning.
const KEPT: Duration = Duration::from_hours(16);
/// More than twice as many as an office has browsers. The oldest make room.
pub const MOST: usize = 4_000;

#[derive(Debug)]
pub struct Ended {
    clock: Clock,
    /// By the hash of what the browser holds, and by the name of the session: when, and why.
    known: Mutex<HashMap<String, (Duration, End)>>,
}

impl Ended {
    pub fn new(clock: Clock) -> Self {
        Self { clock, known: Mutex::default() }
    }

    /// The first reason stays: what comes after it ended nothing.
    pub fn remember(&self, hashes: impl IntoIterator<Item = String>, end: End) {
        let now = self.clock.uptime();
        let mut known = self.known();
        known.retain(|_, (at, _)| now.saturating_sub(*at) < KEPT);
        for hash in hashes {
            known.entry(hash).or_insert((now, end));
        }
        while known.len() > MOST {
            let oldest = known.iter().min_by_key(|(_, (at, _))| *at).map(|(hash, _)| hash.clone());
            let Some(oldest) = oldest else { return };
            known.remove(&oldest);
        }
    }

    pub fn find(&self, hash: &str) -> Option<End> {
        let now = self.clock.uptime();
        self.known().get(hash).filter(|(at, _)| now.saturating_sub(*at) < KEPT).map(|(_, end)| *end)
    }

    /// A plain map: a panic elsewhere leaves it whole.
    fn known(&self) -> MutexGuard<'_, HashMap<String, (Duration, End)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    #[test]
    fn a_reason_is_told_until_the_next_morning_and_the_oldest_make_room() {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let ended = Ended::new(clock);
        ended.remember(["first".to_owned()], End::AccountLocked);
        ended.remember(["first".to_owned()], End::Unused);
        assert_eq!(ended.find("first"), Some(End::AccountLocked), "the first reason stays");
        assert_eq!(ended.find("other"), None);
        hand.advance(KEPT / 2);
        assert!(ended.find("first").is_some());
        hand.advance(KEPT / 2);
        assert_eq!(ended.find("first"), None);
        ended.remember(["old".to_owned()], End::Unused);
        hand.advance(Duration::from_secs(1));
        ended.remember((0..MOST).map(|number| number.to_string()), End::TimeOver);
        assert_eq!((ended.find("old"), ended.find("0")), (None, Some(End::TimeOver)));
        assert_eq!(ended.known().len(), MOST);
    }
}
