//! How many requests somebody may make: a person, whatever the address; and an address, whoever sits there.

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
use crate::web::identity::{caller_in, is_asked_by_itself};
use crate::web::layers::{address_in, network_of};

/// A person who reads, clicks and reloads stays far below. What their pages ask for by themselves is counted apart, so
/// that whoever clicks fast still has a live page.
const MOST_OF_PERSON: u32 = 100;
/// Behind one address may sit a whole office that has just arrived.
const MOST_OF_ADDRESS: u32 = 3_000;
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
    PagesOf(AccountId),
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
            Self::Person(_) | Self::PagesOf(_) => MOST_OF_PERSON,
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

    async fn let_pass(&self, who: Option<Who>, request: Request, next: Next) -> Response {
        match who.filter(|_| !is_free(request.uri().path())).map(|who| self.count(who)) {
            None | Some(Ok(())) => next.run(request).await,
            Some(Err(wait)) => Error::TooMany { wait }.into_response(),
        }
    }
}

/// Static files are free, and so is the question whether we live: the one comes by the dozen, the other from machines.
fn is_free(path: &str) -> bool {
    path.starts_with("/assets/") || path == "/healthz"
}

/// Before anything is looked up for a request: a flood costs as little as possible.
pub async fn by_address(State(pace): State<Pace>, request: Request, next: Next) -> Response {
    let who = Who::Address(network_of(address_in(request.extensions())));
    pace.let_pass(Some(who), request, next).await
}

pub async fn by_person(State(pace): State<Pace>, request: Request, next: Next) -> Response {
    let counted = if is_asked_by_itself(request.uri().path()) { Who::PagesOf } else { Who::Person };
    let who = caller_in(request.extensions()).map(|caller| counted(caller.account.id.clone()));
    pace.let_pass(who, request, next).await
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
        for _ in 0..MOST_OF_PERSON {
            assert_eq!(pace.count(ana()), Ok(()));
        }
        hand.advance(Duration::from_secs(20));
        assert_eq!(pace.count(ana()), Err(Duration::from_secs(40)));
        assert_eq!(pace.count(Who::Person(AccountId::of_uid(3002))), Ok(()), "somebody else is not slowed down");
        assert_eq!(pace.count(Who::PagesOf(AccountId::of_uid(3001))), Ok(()), "what is open stays live");
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
}
