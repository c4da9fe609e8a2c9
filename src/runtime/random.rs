//! The one source of chance: from the operating system, or seeded so that a run can be repeated.
#![expect(clippy::disallowed_methods, reason = "this is the one place that draws from the operating system")]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};

#[derive(Debug, Clone)]
pub struct Random(Arc<Mutex<StdRng>>);

impl Random {
    pub fn from_system() -> Self {
        Self::new(StdRng::from_rng(&mut rand::rng()))
    }

    /// The same seed gives the same run. Never for secrets of a real installation.
    pub fn seeded(seed: u64) -> Self {
        Self::new(StdRng::seed_from_u64(seed))
    }

    fn new(rng: StdRng) -> Self {
        Self(Arc::new(Mutex::new(rng)))
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// 256 random bits as 64 hexadecimal digits: a key, an id nobody can guess.
    pub fn token(&self) -> String {
        self.bytes::<32>().iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// Between half of `span` and all of it, so that many who wait do not come back together.
    pub fn jitter(&self, span: Duration) -> Duration {
        let share: f64 = self.0.lock().unwrap_or_else(PoisonError::into_inner).random_range(0.5..=1.0);
        span.mul_f64(share)
    }

    pub fn below(&self, limit: u64) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).random_range(0..limit.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_run_and_the_system_never_does() {
        assert_eq!(Random::seeded(7).token(), Random::seeded(7).token());
        assert_ne!(Random::from_system().token(), Random::from_system().token());
        assert_eq!(Random::seeded(1).token().len(), 64);
    }

    #[test]
    fn jitter_stays_between_half_and_all() {
        let random = Random::seeded(3);
        for _ in 0..1_000 {
            let span = random.jitter(Duration::from_secs(10));
            assert!((Duration::from_secs(5)..=Duration::from_secs(10)).contains(&span), "{span:?}");
        }
    }
}
