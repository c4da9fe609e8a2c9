//! Tickets: a page holds one, and the socket it opens takes it. A stranger's page has none.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::session::SessionId;
use crate::runtime::{Clock, Random};

/// A page opens its socket at once; one that comes later asks for another ticket.
const VALID: Duration = Duration::from_mins(2);
/// More pages than an office opens in that time. The oldest make room.
const MOST: usize = 20_000;

/// Cheap to clone; all clones are one drawer.
#[derive(Debug, Clone)]
pub struct Tickets {
    clock: Clock,
    random: Random,
    issued: Arc<Mutex<Issued>>,
}

#[derive(Debug, Default)]
struct Issued {
    holders: HashMap<String, SessionId>,
    /// The oldest first, taken ones among them.
    order: VecDeque<(Duration, String)>,
}

impl Tickets {
    pub fn new(clock: Clock, random: Random) -> Self {
        Self { clock, random, issued: Arc::default() }
    }

    pub fn issue(&self, session: &SessionId) -> String {
        let now = self.clock.uptime();
        let ticket = self.random.token();
        let mut issued = self.issued();
        issued.forget(now);
        issued.holders.insert(ticket.clone(), session.clone());
        issued.order.push_back((now + VALID, ticket.clone()));
        ticket
    }

    /// Whether it was issued to this session, not long ago, and never taken. Whoever tries somebody else's spoils it.
    pub fn take(&self, ticket: &str, session: &SessionId) -> bool {
        let now = self.clock.uptime();
        let mut issued = self.issued();
        issued.forget(now);
        issued.holders.remove(ticket).as_ref() == Some(session)
    }

    /// A plain map: a panic elsewhere leaves it whole.
    fn issued(&self) -> MutexGuard<'_, Issued> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Issued {
    fn forget(&mut self, now: Duration) {
        while self.order.front().is_some_and(|(until, _)| *until <= now) || self.order.len() >= MOST {
            let Some((_, ticket)) = self.order.pop_front() else { return };
            self.holders.remove(&ticket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    #[test]
    fn a_ticket_is_taken_once_in_time_and_by_its_own_session() {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let tickets = Tickets::new(clock, Random::seeded(1));
        let (ana, bruno) = (SessionId::new("ana"), SessionId::new("bruno"));
        let ticket = tickets.issue(&ana);
        assert!(tickets.take(&ticket, &ana));
        assert!(!tickets.take(&ticket, &ana), "replayed");
        let ticket = tickets.issue(&ana);
        assert!(!tickets.take(&ticket, &bruno), "foreign");
        assert!(!tickets.take(&ticket, &ana), "spoiled");
        let ticket = tickets.issue(&ana);
        hand.advance(VALID);
        assert!(!tickets.take(&ticket, &ana), "late");
        assert!(!tickets.take("", &ana));
    }

    #[test]
    fn tickets_nobody_takes_do_not_fill_the_memory() {
        let (clock, _hand) = Clock::by_hand(Timestamp::from_millis(0));
        let (tickets, ana) = (Tickets::new(clock, Random::seeded(1)), SessionId::new("ana"));
        let first = tickets.issue(&ana);
        let last = (0..MOST).map(|_| tickets.issue(&ana)).last().unwrap();
        assert!(tickets.issued().order.len() <= MOST && tickets.issued().holders.len() <= MOST);
        assert!(!tickets.take(&first, &ana));
        assert!(tickets.take(&last, &ana));
    }
}
