//! How failures become waiting, and under which names they are counted. Pure.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// People mistype; the sixth failure is the first that costs time.
pub const FREE_FAILURES: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_secs(2);
pub const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// For what an account suffers from others. Whoever fails waits minutes at their own address, so renewing these seconds
/// over and over takes dozens of addresses, and a person at a new one comes in between.
const LONGEST_FOR_ACCOUNT: Duration = Duration::from_secs(5);

/// In characters, as much as may be typed.
const LONGEST_ACCOUNT: usize = 256;

/// Before the name of an account whose codes are tried.
const CODE: &str = "code\\";

/// Doubles with each failure, up to a ceiling: long enough to make guessing useless, short enough to wait for.
pub fn wait_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE_FAILURES + 1) {
        None => Duration::ZERO,
        Some(doublings) => FIRST_WAIT.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_WAIT),
    }
}

/// The same for a whole account, wherever its failures come from.
fn account_wait_after(failures: u32) -> Duration {
    wait_after(failures).min(LONGEST_FOR_ACCOUNT)
}

/// What failures counted under this key never exceed.
pub fn longest_wait(key: &str) -> Duration {
    let is_of_account = key.strip_prefix("account:").is_some_and(|account| !account.starts_with(CODE));
    if is_of_account { LONGEST_FOR_ACCOUNT } else { LONGEST_WAIT }
}

/// How long to wait after so many failures.
pub type Waits = fn(u32) -> Duration;

/// Who tries to be which account, from where.
#[derive(Debug, Clone)]
pub struct Who {
    account: String,
    ip: IpAddr,
}

impl Who {
    /// One account however it is written: `OFFICE\ana`, `ana@office` and `Ana` are counted as one.
    pub fn new(username: &str, ip: IpAddr) -> Self {
        let name = username.rsplit('\\').next().unwrap_or_default();
        let name = name.split('@').next().unwrap_or_default();
        Self { account: in_lower_case(name), ip: ip.to_canonical() }
    }

    /// A local administrator is nobody on the NAS, even when the names are the same. No name typed at the NAS's own form
    /// is counted as this one: there, all before a backslash is cut off.
    pub fn local(username: &str, ip: IpAddr) -> Self {
        Self { account: format!("local\\{}", in_lower_case(username)), ip: ip.to_canonical() }
    }

    /// Whoever guesses codes knows the password already: what they do there is counted apart.
    pub fn with_code(username: &str, ip: IpAddr) -> Self {
        Self { account: format!("{CODE}{}", in_lower_case(username)), ip: ip.to_canonical() }
    }

    /// Whoever tries codes knows the password: to keep them waiting hurts nobody who comes from where they always do.
    pub fn waits_of_account(&self) -> Waits {
        if self.account.starts_with(CODE) { wait_after } else { account_wait_after }
    }

    pub fn ip(&self) -> IpAddr {
        self.ip
    }

    pub fn pair(&self) -> String {
        format!("pair:{}|{}", self.account, network(self.ip))
    }

    pub fn address(&self) -> String {
        format!("address:{}", network(self.ip))
    }

    pub fn account(&self) -> String {
        format!("account:{}", self.account)
    }

    /// Failures at an address the account has signed in from.
    pub fn usual(&self) -> String {
        format!("usual:{}|{}", self.account, network(self.ip))
    }

    pub fn known(&self) -> String {
        format!("known:{}|{}", self.account, network(self.ip))
    }
}

/// Whose failures are counted under a key, and where. Empty: anybody's, anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub account: String,
    pub address: String,
    pub door: Door,
}

/// What was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Password,
    /// The break-glass sign-in.
    Emergency,
    /// The second factor of the portal's administrators.
    Code,
}

/// What the key of a ban means. A name may hold a bar, an address never.
pub fn counted(key: &str) -> Counted {
    let (kind, rest) = key.split_once(':').unwrap_or_default();
    let (account, address) = match kind {
        "address" => ("", rest),
        "account" => (rest, ""),
        _ => rest.rsplit_once('|').unwrap_or((rest, "")),
    };
    let doors = [("local\\", Door::Emergency), (CODE, Door::Code), ("", Door::Password)];
    let mut known = doors.iter().filter_map(|(mark, door)| Some((account.strip_prefix(mark)?, *door)));
    let (account, door) = known.next().unwrap_or((account, Door::Password));
    Counted { account: account.to_owned(), address: address.to_owned(), door }
}

/// Some letters become two or three: what is kept stays as short as what may be typed.
fn in_lower_case(name: &str) -> String {
    name.to_lowercase().chars().take(LONGEST_ACCOUNT).collect()
}

/// An address known to belong to an account is no ban.
pub fn is_ban(key: &str) -> bool {
    ["pair:", "address:", "account:", "usual:"].iter().any(|kind| key.starts_with(kind))
}

/// Whoever has one IPv6 address has the 2^64 beside it too.
fn network(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("{}/64", Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_begins_with_the_sixth_failure_doubles_and_stays_bearable() {
        let seconds = |failures| wait_after(failures).as_secs();
        assert_eq!((0..=8).map(seconds).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 2, 4, 8]);
        assert_eq!([13, 14, 60, u32::MAX].map(seconds), [256, 300, 300, 300]);
    }

    #[test]
    fn a_key_is_read_as_what_it_was_made_of() {
        let ip = IpAddr::from([10, 0, 0, 7]);
        let read = |key: &str| {
            let Counted { account, address, door } = counted(key);
            (account, address, door)
        };
        let told = |account: &str, address: &str, door| (account.to_owned(), address.to_owned(), door);
        assert_eq!(read(&Who::new("a|b", ip).pair()), told("a|b", "10.0.0.7", Door::Password));
        assert_eq!(read(&Who::local("root", ip).account()), told("root", "", Door::Emergency));
        assert_eq!(read(&Who::with_code("ana", ip).usual()), told("ana", "10.0.0.7", Door::Code));
        assert_eq!(read(&Who::new("ana", ip).address()), told("", "10.0.0.7", Door::Password));
        assert_eq!(read("nonsense"), told("", "", Door::Password));
    }

    #[test]
    fn an_account_never_waits_longer_than_moments_unless_its_password_is_known() {
        let seconds = |failures| account_wait_after(failures).as_secs();
        assert_eq!([0, 5, 6, 7, 8, 60, u32::MAX].map(seconds), [0, 0, 2, 4, 5, 5, 5]);
        let ip = IpAddr::from([10, 0, 0, 7]);
        let longest = |who: Who| who.waits_of_account()(60).as_secs();
        assert_eq!(
            [Who::new("root", ip), Who::local("root", ip), Who::with_code("root", ip)].map(longest),
            [5, 5, 300]
        );
    }

    #[test]
    fn one_account_and_one_network_are_counted_as_one_however_they_are_written() {
        let pair = |name: &str, ip: &str| Who::new(name, ip.parse().unwrap()).pair();
        for name in ["Ana", "OFFICE\\ana", "ana@office", "OFFICE\\ANA@x"] {
            assert_eq!(pair(name, "::ffff:10.0.0.7"), "pair:ana|10.0.0.7", "{name}");
        }
        assert_eq!(pair("ana", "2001:db8:1:2:3:4:5:6"), "pair:ana|2001:db8:1:2::/64");
        assert_ne!(pair("ana", "2001:db8:1:2::1"), pair("ana", "2001:db8:1:3::1"));
        assert_eq!(Who::local("Root", IpAddr::from([10, 0, 0, 7])).account(), "account:local\\root");
    }

    #[test]
    fn no_name_grows_beyond_what_is_kept_or_is_taken_for_a_local_one() {
        let ip = IpAddr::from([10, 0, 0, 7]);
        assert_eq!(Who::new(&"İ".repeat(256), ip).account().chars().count(), "account:".len() + 256);
        for typed in ["local\\root", "local:root", "code\\root", "root"] {
            assert_ne!(Who::new(typed, ip).account(), Who::local("root", ip).account(), "{typed}");
            assert_ne!(Who::new(typed, ip).account(), Who::with_code("root", ip).account(), "{typed}");
        }
    }
}
