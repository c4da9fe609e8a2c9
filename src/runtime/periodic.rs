//! Work that comes round: every so often, and at once when somebody pokes it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::runtime::Clock;

/// Asks for a round now. Many pokes before it starts are one.
#[derive(Debug, Clone, Default)]
pub struct Poke(Arc<watch::Sender<()>>);

impl Poke {
    pub fn now(&self) {
        self.0.send_replace(());
    }
}

/// Runs `round` at once, then after every `period` and every poke, until the stop. A round does not retry: the next one does.
pub async fn every<F: Future<Output = ()>>(
    period: Duration,
    clock: &Clock,
    poke: &Poke,
    stop: CancellationToken,
    mut round: impl FnMut() -> F,
) {
    let mut pokes = poke.0.subscribe();
    loop {
        // Whatever was asked for until now, this round answers.
        pokes.mark_unchanged();
        tokio::select! {
            () = stop.cancelled() => return,
            () = round() => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = clock.sleep(period) => {}
            _ = pokes.changed() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::domain::Timestamp;

    #[tokio::test]
    async fn a_round_comes_with_its_period_and_when_poked_and_ends_with_the_stop() {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let (poke, stop, (ran, mut rounds)) = (Poke::default(), CancellationToken::new(), mpsc::channel(9));
        let rounds_task =
            every(Duration::from_secs(5), &clock, &poke, stop.clone(), || async { ran.send(()).await.unwrap() });
        let story = async {
            rounds.recv().await.unwrap();
            hand.advance(Duration::from_secs(5));
            rounds.recv().await.unwrap();
            poke.now();
            poke.now();
            rounds.recv().await.unwrap();
            assert!(rounds.try_recv().is_err(), "two pokes before a round are one");
            stop.cancel();
        };
        tokio::join!(rounds_task, story);
    }
}
