//! Who is connected, what we wait for from each of them, and how long.
//!
//! Time is counted in beats of a second that we have really lived through: nobody is cut off for the minute this process
//! was stopped or starved, while what they had sent lay in the kernel.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tracing::{debug, warn};

/// More than an office has browsers, proxies and tabs; each costs a file handle. Sockets are counted by themselves.
const MOST: usize = 16_384;
/// More than ever connect within the moment a request takes to follow.
const MOST_FRESH: usize = 512;

/// A TLS greeting, or the head of a first or another request, once it has begun. In beats, like all below.
const HEAD_WITHIN: u32 = 10;
/// Forms are small.
const BODY_WITHIN: u32 = 30;
/// Whoever takes nothing of an answer for so long takes nothing any more.
const STALLED_AFTER: u32 = 30;
/// Longer than proxies keep theirs, so that they let go first and never ask into a connection that is being closed.
const IDLE_WITHIN: u32 = 75;

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// It has never asked for anything.
    Fresh,
    /// Between two requests.
    Idle,
    /// Another request has begun to come.
    Head,
    Body,
    /// It waits for us; the layers see to it that this ends.
    Answering,
    Sending,
    /// It has its answer, and sends on what nobody reads.
    Trailing,
    /// It has been told to go.
    Leaving,
}

impl Phase {
    const ALL: [Self; 8] = [
        Self::Fresh,
        Self::Idle,
        Self::Head,
        Self::Body,
        Self::Answering,
        Self::Sending,
        Self::Trailing,
        Self::Leaving,
    ];

    /// It is their turn, and what they have asked for so far is little or has been done.
    const fn is_awaited(self) -> bool {
        matches!(self, Self::Idle | Self::Head | Self::Body | Self::Sending | Self::Trailing)
    }

    const fn limit(self) -> Option<u32> {
        match self {
            Self::Fresh | Self::Head => Some(HEAD_WITHIN),
            Self::Idle => Some(IDLE_WITHIN),
            Self::Body | Self::Trailing => Some(BODY_WITHIN),
            Self::Sending => Some(STALLED_AFTER),
            Self::Answering | Self::Leaving => None,
        }
    }
}

/// How many there may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    all: usize,
    fresh: usize,
}

impl Limits {
    /// Half of the files and connections the system allows are for everything else.
    pub fn within(handles: usize) -> Self {
        let all = MOST.min(handles / 2);
        Self { all, fresh: MOST_FRESH.min(all / 2) }
    }
}

/// Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Crowd(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: Limits,
    beat: AtomicU32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    all: BTreeMap<u64, Arc<Visitor>>,
    /// Those of them that have never asked, the oldest first.
    fresh: BTreeMap<u64, Arc<Visitor>>,
    /// The log has been told, once for each rush.
    told_fresh: bool,
    told_full: bool,
}

/// One connection.
#[derive(Debug)]
pub struct Visitor {
    crowd: Crowd,
    id: u64,
    /// The phase above the beat in which it began.
    mark: AtomicU64,
    /// Of what it asked last, not everything has come.
    unread: AtomicBool,
    /// It has its answer and goes on sending.
    trails: Notify,
    go: Notify,
}

/// Among the others until dropped.
#[derive(Debug)]
pub struct Place(pub Arc<Visitor>);

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.0.crowd.lock();
        state.all.remove(&self.0.id);
        state.fresh.remove(&self.0.id);
    }
}

impl Crowd {
    pub fn new(limits: Limits) -> Self {
        Self(Arc::new(Inner { limits, beat: AtomicU32::new(0), state: Mutex::default() }))
    }

    /// Somebody has come. Where there are too many, whoever has had their answer or else asks nothing goes for them, the
    /// longest first; `None` when all wait for us.
    pub fn enter(&self) -> Option<Place> {
        let mut state = self.lock();
        if state.all.len() >= self.0.limits.all {
            if !std::mem::replace(&mut state.told_full, true) {
                warn!(
                    connections = state.all.len(),
                    "there are as many connections as we hold; the slowest are closed"
                );
            }
            let awaited = state.all.values().filter(|visitor| visitor.phase().is_awaited());
            let rank = |phase| [Phase::Trailing, Phase::Idle].iter().position(|gone| *gone == phase).unwrap_or(2);
            awaited.min_by_key(|visitor| (rank(visitor.phase()), visitor.began()))?.send_away();
        }
        if state.fresh.len() >= self.0.limits.fresh {
            if !std::mem::replace(&mut state.told_fresh, true) {
                warn!(connections = state.fresh.len(), "many connect and ask nothing; the oldest of them are closed");
            }
            if let Some((_, oldest)) = state.fresh.pop_first() {
                oldest.send_away();
            }
        }
        state.last += 1;
        let id = state.last;
        let visitor = Visitor {
            crowd: self.clone(),
            id,
            mark: AtomicU64::new(0),
            unread: AtomicBool::new(false),
            trails: Notify::new(),
            go: Notify::new(),
        };
        visitor.set(Phase::Fresh);
        let visitor = Arc::new(visitor);
        state.all.insert(id, visitor.clone());
        state.fresh.insert(id, visitor.clone());
        Some(Place(visitor))
    }

    /// A second has passed: whoever has had their time goes.
    pub fn beat(&self) {
        let now = self.0.beat.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let mut state = self.lock();
        for visitor in state.all.values() {
            let phase = visitor.phase();
            if phase.limit().is_some_and(|limit| now.wrapping_sub(visitor.began()) > limit) {
                debug!(?phase, "a connection that took too long is closed");
                visitor.send_away();
            }
        }
        state.told_full &= state.all.len() >= self.0.limits.all;
        state.told_fresh &= state.fresh.len() >= self.0.limits.fresh / 2;
    }

    fn now(&self) -> u32 {
        self.0.beat.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Visitor {
    /// It begins something else, or the same anew.
    pub fn set(&self, phase: Phase) {
        let mark = |phase: Phase| u64::from(phase as u8) << 32 | u64::from(self.crowd.now());
        // Whoever was sent away does not come back to anything.
        if self.phase() != Phase::Leaving {
            self.mark.store(mark(phase), Ordering::Relaxed);
        }
    }

    /// It begins something else only if this is what it did.
    pub fn turn(&self, from: Phase, to: Phase) {
        if self.phase() == from {
            self.set(to);
        }
    }

    /// A whole head has come.
    pub fn asked(&self, has_body: bool) {
        if self.phase() == Phase::Fresh {
            self.crowd.lock().fresh.remove(&self.id);
        }
        self.unread.store(has_body, Ordering::Relaxed);
        self.set(if has_body { Phase::Body } else { Phase::Answering });
    }

    /// So has all of its body.
    pub fn asked_all(&self) {
        self.unread.store(false, Ordering::Relaxed);
        self.turn(Phase::Body, Phase::Answering);
    }

    /// Of whoever has been answered and is told nothing more.
    pub fn still_sends(&self) -> bool {
        let trailing = self.unread.load(Ordering::Relaxed);
        if trailing && self.phase() != Phase::Trailing {
            self.set(Phase::Trailing);
            self.trails.notify_one();
        }
        trailing
    }

    /// Waits until it only sends what nobody reads.
    pub async fn trails(&self) {
        self.trails.notified().await;
    }

    pub fn phase(&self) -> Phase {
        let at = usize::try_from(self.mark.load(Ordering::Relaxed) >> 32).unwrap_or_default();
        Phase::ALL.get(at).copied().unwrap_or(Phase::Leaving)
    }

    fn began(&self) -> u32 {
        u32::try_from(self.mark.load(Ordering::Relaxed) & u64::from(u32::MAX)).unwrap_or_default()
    }

    fn send_away(&self) {
        self.set(Phase::Leaving);
        self.go.notify_one();
    }

    /// Waits until it shall go.
    pub async fn sent_away(&self) {
        self.go.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(all: usize, fresh: usize) -> Crowd {
        Crowd::new(Limits { all, fresh })
    }

    fn beats(crowd: &Crowd, count: u32) {
        (0..count).for_each(|_| crowd.beat());
    }

    #[test]
    fn each_phase_has_its_time_and_ours_has_none() {
        for (phase, limit) in [
            (Phase::Fresh, Some(10)),
            (Phase::Head, Some(10)),
            (Phase::Body, Some(30)),
            (Phase::Sending, Some(30)),
            (Phase::Trailing, Some(30)),
            (Phase::Idle, Some(75)),
            (Phase::Answering, None),
        ] {
            let crowd = crowd(9, 9);
            beats(&crowd, 7);
            let place = crowd.enter().unwrap();
            place.0.set(phase);
            beats(&crowd, limit.unwrap_or(1_000));
            assert_eq!(place.0.phase(), phase, "not yet");
            beats(&crowd, 1);
            assert_eq!(place.0.phase() == Phase::Leaving, limit.is_some(), "{phase:?}");
        }
    }

    #[test]
    fn of_too_many_who_ask_nothing_the_oldest_goes_and_who_has_asked_stays() {
        let crowd = crowd(9, 2);
        let places: Vec<Place> = (0..2).map(|_| crowd.enter().unwrap()).collect();
        places[0].0.asked(false);
        let third = crowd.enter().unwrap();
        assert_eq!(places[1].0.phase(), Phase::Fresh);
        let fourth = crowd.enter().unwrap();
        let phases = [&places[0], &places[1], &third, &fourth].map(|place| place.0.phase());
        assert_eq!(phases, [Phase::Answering, Phase::Leaving, Phase::Fresh, Phase::Fresh]);
    }

    #[test]
    fn where_it_is_full_whoever_is_waited_for_the_longest_makes_room_and_nobody_who_waits_for_us() {
        let crowd = crowd(3, 3);
        let places: Vec<Place> = (0..3).map(|_| crowd.enter().unwrap()).collect();
        for place in &places {
            place.0.asked(false);
        }
        assert!(crowd.enter().is_none());
        places[2].0.set(Phase::Idle);
        beats(&crowd, 1);
        places[1].0.set(Phase::Idle);
        let new = crowd.enter();
        let phases = [0, 1, 2].map(|at: usize| places[at].0.phase());
        assert!(new.is_some());
        assert_eq!(phases, [Phase::Answering, Phase::Idle, Phase::Leaving]);
        drop(places);
        let state = crowd.lock();
        assert_eq!((state.all.len(), state.fresh.len()), (1, 1), "who left is counted no more");
        drop(state);
        drop(new);
    }

    #[test]
    fn where_it_is_full_whoever_has_had_their_answer_goes_before_whoever_may_ask_again() {
        let crowd = crowd(2, 2);
        let places = [crowd.enter().unwrap(), crowd.enter().unwrap()];
        places[0].0.set(Phase::Idle);
        beats(&crowd, 1);
        places[1].0.asked(true);
        assert!(places[1].0.still_sends());
        let new = crowd.enter();
        assert!(new.is_some());
        assert_eq!([&places[0], &places[1]].map(|place| place.0.phase()), [Phase::Idle, Phase::Leaving]);
        drop(places);
    }

    #[test]
    fn who_was_sent_away_is_told_and_begins_nothing_more() {
        let crowd = crowd(9, 9);
        let place = crowd.enter().unwrap();
        beats(&crowd, 11);
        place.0.asked(true);
        assert_eq!(place.0.phase(), Phase::Leaving);
        assert!(futures_util::FutureExt::now_or_never(place.0.sent_away()).is_some());
    }
}
