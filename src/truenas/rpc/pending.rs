//! Who waits for which answer.

use std::collections::HashMap;

use serde_json::Value;
use tokio::sync::oneshot;

use crate::truenas::Error;
use crate::truenas::rpc::frame::Failure;

/// Callers that gave up are swept out when this many wait: with eight at once, the rest are gone.
const SWEEP_AT: usize = 64;

#[derive(Debug, Default)]
pub struct Pending(HashMap<u64, Waiter>);

#[derive(Debug)]
struct Waiter {
    method: &'static str,
    answer: oneshot::Sender<Result<Value, Error>>,
}

impl Pending {
    pub fn expect(&mut self, id: u64, method: &'static str, answer: oneshot::Sender<Result<Value, Error>>) {
        if self.0.len() >= SWEEP_AT {
            self.0.retain(|_, waiter| !waiter.answer.is_closed());
        }
        self.0.insert(id, Waiter { method, answer });
    }

    /// Returns whether the answer said that our session is over.
    pub fn settle(&mut self, id: u64, outcome: Result<Value, Failure>) -> bool {
        // A late answer to a caller that gave up is no news.
        let Some(waiter) = self.0.remove(&id) else { return false };
        let outcome = outcome.map_err(|failure| failure.into_error(waiter.method));
        let ended = matches!(outcome, Err(Error::SessionEnded));
        // The caller may have given up this very moment.
        let _ = waiter.answer.send(outcome);
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_gave_up_do_not_pile_up() {
        let mut pending = Pending::default();
        for id in 0..1_000 {
            pending.expect(id, "m", oneshot::channel().0);
        }
        assert!(pending.0.len() <= SWEEP_AT);
    }

    #[tokio::test]
    async fn an_answer_reaches_the_one_who_asked() {
        let mut pending = Pending::default();
        let (answer, waiting) = oneshot::channel();
        pending.expect(3, "m", answer);
        assert!(!pending.settle(4, Ok(Value::Null)));
        assert!(!pending.settle(3, Ok(Value::Bool(true))));
        assert_eq!(waiting.await.unwrap().unwrap(), Value::Bool(true));
    }
}
