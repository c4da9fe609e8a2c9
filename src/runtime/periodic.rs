//! Work that comes round: every so often, and at once when somebody pokes it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::runtime::Clock;
use crate::runtime::rounds::Turn;

/// Asks for a round now. Many pokes before it starts are one.
#[derive(Debug, Clone, Default)]
pub struct Poke(Arc<watch::Sender<()>>);

impl Poke {
    pub fn now(&self) {
        self.0.send_replace(());
    }

    /// Hears of every poke from now on.
    pub fn listen(&self) -> watch::Receiver<()> {
        self.0.subscribe()
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
    let mut pokes = poke.listen();
    loop {
        // Whatever was asked for until now, this round answers.
        pokes.mark_unchanged();
        let turn = Turn::begin(clock);
        tokio::select! {
            () = stop.cancelled() => return,
            () = round() => {}
        }
        turn.end(clock, period);
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
    use crate::runtime::{Tasks, rounds};

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

    #[tokio::test]
    async fn the_last_round_of_a_task_is_remembered_with_what_became_of_it() {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(1_000));
        let (poke, (ran, mut turns), tasks) = (Poke::default(), mpsc::channel(9), Tasks::default());
        let (stop, time) = (tasks.stopping(), clock.clone());
        let round = async move |time: &Clock| {
            ran.send(()).await.unwrap();
            if time.uptime().is_zero() {
                rounds::failed(&std::io::Error::other("the broom is broken"));
                time.sleep(Duration::from_secs(2)).await;
            }
        };
        tasks.child().keep("sweep", async move {
            every(Duration::from_secs(5), &time, &poke, stop, || round(&time)).await;
        });
        turns.recv().await.unwrap();
        assert_eq!(tasks.rounds().list(), []);
        hand.advance(Duration::from_secs(2));
        let first = first_of(&tasks, 1).await;
        assert_eq!((first.name, first.failure.as_deref()), ("sweep", Some("the broom is broken")));
        assert_eq!((first.started_at, first.took), (Timestamp::from_millis(1_000), Duration::from_secs(2)));
        assert_eq!(first.next_at, Timestamp::from_millis(8_000));
        hand.advance(Duration::from_secs(5));
        let second = first_of(&tasks, 2).await;
        assert_eq!((second.failure, second.failures, second.took), (None, 1, Duration::ZERO));
        tasks.stop(&Clock::real(), Duration::from_secs(5)).await;
    }

    #[tokio::test]
    async fn a_task_that_makes_several_kinds_of_rounds_writes_down_each_by_its_name() {
        let (clock, tasks) = (Clock::real(), Tasks::default());
        let (ran, mut turns) = mpsc::channel(9);
        tasks.run("sweep", async move {
            let floor = async {
                rounds::failed(&std::io::Error::other("the broom is broken"));
                Turn::begin(&clock).end(&clock, Duration::ZERO);
            };
            rounds::under("floor", floor).await;
            Turn::begin(&clock).end(&clock, Duration::ZERO);
            ran.send(()).await.unwrap();
        });
        turns.recv().await.unwrap();
        let told: Vec<_> = tasks.rounds().list().iter().map(|round| (round.name, round.failures)).collect();
        assert_eq!(told, [("floor", 1), ("sweep", 0)]);
    }

    async fn first_of(tasks: &Tasks, rounds: u64) -> crate::runtime::Round {
        loop {
            match tasks.rounds().list().pop() {
                Some(round) if round.rounds == rounds => return round,
                _ => tokio::task::yield_now().await,
            }
        }
    }
}
