//! How many requests somebody may make. By person, whatever the address; by address for whoever is not signed in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::domain::caller::AccountId;
use crate::runtime::Clock;
use crate::web::error::Error;
use crate::web::identity::caller_in;
use crate::web::layers::address_in;

/// A person who reads, clicks and reloads stays far below.
const MOST_OF_PERSON: u32 = 100;
/// Behind one address may sit a whole office that has just arrived.
const MOST_OF_ADDRESS: u32 = 1_000;
const WINDOW: Duration = Duration::from_mins(1);

/// More callers than any office has. Beyond them everybody starts anew, so that strangers cannot fill the memory.
const MOST_CALLERS: usize = 10_000;

#[derive(Debug, Clone)]
pub struct Pace {
    clock: Clock,
    windows: Arc<Mutex<HashMap<Who, Window>>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    Person(AccountId),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Window {
    since: Duration,
    requests: u32,
}

impl Who {
    fn most_requests(&self) -> u32 {
        match self {
            Self::Person(_) => MOST_OF_PERSON,
            Self::Address(_) => MOST_OF_ADDRESS,
        }
    }
}

impl Pace {
    pub fn new(clock: Clock) -> Self {
        Self { clock, windows: Arc::default() }
    }

    /// How long to wait, when it is too much.
    fn count(&self, who: Who) -> Result<(), Duration> {
        let now = self.clock.uptime();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MOST_CALLERS && !windows.contains_key(&who) {
            windows.retain(|_, window| now < window.since + WINDOW);
            if windows.len() >= MOST_CALLERS {
                windows.clear();
            }
        }
        let most = who.most_requests();
        let window = windows.entry(who).or_insert(Window { since: now, requests: 0 });
        if now >= window.since + WINDOW {
            *window = Window { since: now, requests: 0 };
        }
        window.requests = window.requests.saturating_add(1);
        if window.requests > most { Err((window.since + WINDOW).saturating_sub(now)) } else { Ok(()) }
    }
}

/// Static files are free, and so is the question whether we live: the one comes by the dozen, the other from machines.
fn is_free(path: &str) -> bool {
    path.starts_with("/assets/") || path == "/healthz"
}

pub async fn layer(State(pace): State<Pace>, request: Request, next: Next) -> Response {
    let who = match caller_in(request.extensions()) {
        Some(caller) => Who::Person(caller.account.id.clone()),
        None => Who::Address(network_of(address_in(request.extensions()))),
    };
    if is_free(request.uri().path()) {
        return next.run(request).await;
    }
    match pace.count(who) {
        Ok(()) => next.run(request).await,
        Err(wait) => Error::TooMany { wait }.into_response(),
    }
}

/// One subscriber has a whole IPv6 network to choose addresses from.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    #[test]
    fn too_many_requests_wait_for_the_end_of_the_minute() {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let pace = Pace::new(clock);
        let ana = || Who::Person(AccountId::of_uid(3001));
        hand.advance(Duration::from_secs(90));
        for _ in 0..MOST_REQUESTS {
            assert_eq!(pace.count(ana()), Ok(()));
        }
        hand.advance(Duration::from_secs(20));
        assert_eq!(pace.count(ana()), Err(Duration::from_secs(40)));
        assert_eq!(pace.count(Who::Person(AccountId::of_uid(3002))), Ok(()), "somebody else is not slowed down");
        hand.advance(Duration::from_secs(40));
        assert_eq!(pace.count(ana()), Ok(()));
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let (clock, _hand) = Clock::by_hand(Timestamp::from_millis(0));
        let pace = Pace::new(clock);
        for number in 0..(MOST_CALLERS + 5) {
            let bits = u32::try_from(number).unwrap();
            assert_eq!(pace.count(Who::Address(IpAddr::V4(bits.into()))), Ok(()));
        }
        assert!(pace.windows.lock().unwrap().len() <= MOST_CALLERS);
    }

    #[test]
    fn a_network_is_one_caller() {
        let of = |text: &str| network_of(text.parse().unwrap()).to_string();
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }
}
