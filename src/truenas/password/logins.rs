//! How often we may sign in before the NAS refuses all of us.

use std::collections::VecDeque;
use std::time::Duration;

use crate::runtime::Clock;

/// The NAS allows twenty a minute to our address; the rest is for the link and for tests of the connection.
const LOGINS: usize = 14;
const WINDOW: Duration = Duration::from_mins(1);
/// One to open the shared connection again, one more for when that breaks: nobody waits for a minute because others
/// were asked for their codes.
const FOR_THE_SHARED: usize = 2;

/// The sign-ins of the last minute on connections that were nobody's yet: only those are counted.
#[derive(Debug)]
pub struct Logins {
    clock: Clock,
    made: VecDeque<Duration>,
}

impl Logins {
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), made: VecDeque::new() }
    }

    /// Waits until one more may be made. It is counted only by [`Logins::count`]: not every connection comes about.
    pub async fn wait(&mut self) {
        while self.left() == 0 {
            let Some(oldest) = self.made.front() else { return };
            let forgotten_in = (*oldest + WINDOW).saturating_sub(self.clock.uptime());
            self.clock.sleep(forgotten_in + Duration::from_millis(1)).await;
        }
    }

    pub fn count(&mut self) {
        self.made.push_back(self.clock.uptime());
    }

    /// Whether the shared connection may be given away to somebody's code.
    pub fn can_spare_one(&mut self) -> bool {
        self.left() >= FOR_THE_SHARED
    }

    fn left(&mut self) -> usize {
        let uptime = self.clock.uptime();
        self.made.retain(|at| uptime.saturating_sub(*at) <= WINDOW);
        LOGINS.saturating_sub(self.made.len())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::domain::Timestamp;

    #[tokio::test]
    async fn sign_ins_beyond_our_share_wait_for_the_first_to_be_forgotten() {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let mut logins = Logins::new(&clock);
        for made in 0..LOGINS {
            assert_eq!(logins.can_spare_one(), made < LOGINS - 1, "after {made}");
            assert!(logins.wait().now_or_never().is_some(), "after {made}");
            logins.count();
        }
        let mut waiting = Box::pin(logins.wait());
        hand.advance(WINDOW);
        assert!(waiting.as_mut().now_or_never().is_none());
        hand.advance(Duration::from_millis(1));
        assert!(waiting.as_mut().now_or_never().is_some());
    }
}
