//! How often somebody who is not logged in may call.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

/// Open calls of one method from one address within [`WINDOW`].
const CALLS: usize = 20;
const WINDOW: Duration = Duration::from_mins(1);
/// Callers remembered at once. When full, every newcomer is refused until the table is cleared.
const ENTRIES: usize = 100;
const CLEARED_EVERY: Duration = Duration::from_mins(10);

#[derive(Debug, Default)]
pub(super) struct Limits {
    calls: BTreeMap<(IpAddr, String), Vec<Duration>>,
    cleared_at: Duration,
}

impl Limits {
    /// Counts the call, and says whether it may go on.
    pub(super) fn admit(&mut self, from: IpAddr, method: &str, uptime: Duration) -> bool {
        if uptime.saturating_sub(self.cleared_at) >= CLEARED_EVERY {
            self.calls.clear();
            self.cleared_at = uptime;
        }
        let key = (from, method.to_owned());
        if self.calls.len() >= ENTRIES && !self.calls.contains_key(&key) {
            return false;
        }
        let times = self.calls.entry(key).or_default();
        times.retain(|at| uptime.saturating_sub(*at) < WINDOW);
        if times.len() >= CALLS {
            return false;
        }
        times.push(uptime);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn the_twenty_first_call_of_a_minute_is_refused_and_others_are_counted_apart() {
        let (mut limits, here) = (Limits::default(), IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert!((0..CALLS).all(|_| limits.admit(here, "auth.login_ex", Duration::ZERO)));
        assert!(!limits.admit(here, "auth.login_ex", Duration::from_secs(59)));
        assert!(limits.admit(here, "core.ping", Duration::from_secs(59)));
        assert!(limits.admit(here, "auth.login_ex", WINDOW));
    }

    #[test]
    fn a_full_table_refuses_newcomers_until_it_is_cleared() {
        let (mut limits, mut admitted) = (Limits::default(), 0);
        for last in 0..=200 {
            admitted += usize::from(limits.admit(Ipv4Addr::new(10, 0, 0, last).into(), "core.ping", Duration::ZERO));
        }
        assert_eq!(admitted, ENTRIES);
        assert!(limits.admit(Ipv4Addr::new(10, 0, 0, 200).into(), "core.ping", CLEARED_EVERY));
    }
}
