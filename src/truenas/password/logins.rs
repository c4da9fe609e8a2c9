//! How often we may sign in before the NAS refuses all of us.

use std::collections::VecDeque;
use std::time::Duration;

/// The NAS allows twenty a minute to our address; the rest is for the link and for tests of the connection.
const LOGINS: usize = 14;
const WINDOW: Duration = Duration::from_mins(1);

/// The sign-ins of the last minute on connections that were nobody's yet: only those are counted.
#[derive(Debug, Default)]
pub struct Logins(VecDeque<Duration>);

impl Logins {
    /// Counts one more, and says whether it may be made.
    pub fn take(&mut self, uptime: Duration) -> bool {
        self.0.retain(|at| uptime.saturating_sub(*at) <= WINDOW);
        let allowed = self.0.len() < LOGINS;
        if allowed {
            self.0.push_back(uptime);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_ins_beyond_our_share_wait_for_the_first_to_be_forgotten() {
        let mut logins = Logins::default();
        assert!((0..LOGINS).all(|_| logins.take(Duration::ZERO)));
        assert!(!logins.take(WINDOW));
        assert!(logins.take(WINDOW + Duration::from_millis(1)));
    }
}
