//! Answering a single word at once, and a flood of them with rests.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::runtime::Clock;

/// A directory being synchronised tells thousands of changes. Some rounds come as they are asked for; if they keep coming,
/// there is a rest between two.
const ROUNDS_AT_ONCE: u32 = 8;
const WINDOW: Duration = Duration::from_secs(10);
const REST: Duration = Duration::from_millis(500);

/// How many rounds there have been since when.
#[derive(Debug, Default)]
pub struct Pace(Mutex<(Duration, u32)>);

impl Pace {
    /// To be called after each round.
    pub async fn rest(&self, clock: &Clock) {
        let now = clock.uptime();
        let rounds = {
            let mut pace = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let (since, rounds) = *pace;
            *pace = if now.saturating_sub(since) >= WINDOW { (now, 1) } else { (since, rounds + 1) };
            pace.1
        };
        if rounds > ROUNDS_AT_ONCE {
            clock.sleep(REST).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use super::*;
    use crate::domain::Timestamp;

    #[tokio::test]
    async fn some_rounds_come_at_once_and_then_there_is_a_rest_between_two() {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let pace = Pace::default();
        for _ in 0..ROUNDS_AT_ONCE {
            pace.rest(&clock).await;
        }
        let mut rest = Box::pin(pace.rest(&clock));
        let first = std::future::poll_fn(|cx| Poll::Ready(rest.as_mut().poll(cx))).await;
        assert!(first.is_pending());
        hand.advance(REST);
        rest.await;
        hand.advance(WINDOW);
        pace.rest(&clock).await;
    }
}
