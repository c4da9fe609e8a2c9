//! Time: the real one, or one that tests and the demo move by hand.
#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the real clock and really waits")]

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

use crate::domain::Timestamp;

/// What a wait that ran out of time says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no answer within {} ms", .0.as_millis())]
pub struct Elapsed(pub Duration);

#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    Real { start: Instant },
    Moved { epoch: Arc<AtomicI64>, passed: watch::Receiver<Duration> },
}

/// Moves the clock it came with. Dropping it stops the time for good.
#[derive(Debug, Clone)]
pub struct Hand {
    passed: Arc<watch::Sender<Duration>>,
    /// What the calendar said at the start, in milliseconds.
    epoch: Arc<AtomicI64>,
}

impl Hand {
    pub fn advance(&self, span: Duration) {
        self.passed.send_modify(|passed| *passed += span);
    }

    /// Sets the calendar ahead or back, as an administrator or a time server does. No time passes.
    pub fn set_calendar(&self, by_ms: i64) {
        self.epoch.fetch_add(by_ms, Ordering::Relaxed);
    }
}

impl Clock {
    pub fn real() -> Self {
        Self(Source::Real { start: Instant::now() })
    }

    pub fn by_hand(epoch: Timestamp) -> (Self, Hand) {
        let (hand, passed) = watch::channel(Duration::ZERO);
        let epoch = Arc::new(AtomicI64::new(epoch.as_millis()));
        (Self(Source::Moved { epoch: epoch.clone(), passed }), Hand { passed: Arc::new(hand), epoch })
    }

    /// What the calendar says. May jump; use [`Clock::uptime`] to measure a span.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Real { .. } => {
                let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
            }
            Source::Moved { epoch, passed } => {
                Timestamp::from_millis(epoch.load(Ordering::Relaxed)).plus(*passed.borrow())
            }
        }
    }

    /// Time since the clock was made. Never jumps and never goes back.
    pub fn uptime(&self) -> Duration {
        match &self.0 {
            Source::Real { start } => start.elapsed(),
            Source::Moved { passed, .. } => *passed.borrow(),
        }
    }

    /// The span counts from this call, not from the first time somebody polls the answer.
    pub fn sleep(&self, span: Duration) -> impl Future<Output = ()> + Send + use<> {
        let (real, moved) = match &self.0 {
            Source::Real { .. } => (Some(tokio::time::sleep(span)), None),
            Source::Moved { passed, .. } => (None, Some((*passed.borrow() + span, passed.clone()))),
        };
        async move {
            if let Some(sleep) = real {
                sleep.await;
            }
            if let Some((wake_at, mut passed)) = moved
                && passed.wait_for(|now| *now >= wake_at).await.is_err()
            {
                // Nobody can move this clock any more, so this moment never comes.
                std::future::pending::<()>().await;
            }
        }
    }

    pub fn timeout<F: Future>(
        &self,
        limit: Duration,
        work: F,
    ) -> impl Future<Output = Result<F::Output, Elapsed>> + use<F> {
        let sleep = self.sleep(limit);
        async move {
            tokio::select! {
                biased;
                done = work => Ok(done),
                () = sleep => Err(Elapsed(limit)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_moved_clock_wakes_a_sleeper_only_when_its_time_has_come() {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(1_000));
        let sleep = clock.sleep(Duration::from_secs(30));
        tokio::pin!(sleep);
        hand.advance(Duration::from_secs(29));
        assert!(poll_once(sleep.as_mut()).await.is_none());
        hand.advance(Duration::from_secs(1));
        sleep.await;
        assert_eq!(clock.now(), Timestamp::from_millis(31_000));
        assert_eq!(clock.uptime(), Duration::from_secs(30));
    }

    #[test]
    fn a_calendar_that_is_set_moves_no_span() {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(10_000));
        hand.advance(Duration::from_secs(1));
        hand.set_calendar(-5_000);
        assert_eq!((clock.now(), clock.uptime()), (Timestamp::from_millis(6_000), Duration::from_secs(1)));
    }

    #[tokio::test]
    async fn a_timeout_says_how_long_it_waited() {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let wait = clock.timeout(Duration::from_secs(10), std::future::pending::<()>());
        tokio::pin!(wait);
        assert!(poll_once(wait.as_mut()).await.is_none());
        hand.advance(Duration::from_secs(10));
        assert_eq!(wait.await, Err(Elapsed(Duration::from_secs(10))));
    }

    async fn poll_once<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
        std::future::poll_fn(|cx| match std::pin::Pin::new(&mut future).poll(cx) {
            std::task::Poll::Ready(out) => std::task::Poll::Ready(Some(out)),
            std::task::Poll::Pending => std::task::Poll::Ready(None),
        })
        .await
    }
}
