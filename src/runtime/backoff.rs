//! Growing delays between tries, with a ceiling and jitter.

use std::time::Duration;

use crate::runtime::Random;

#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    ceiling: Duration,
    tries: u32,
    random: Random,
}

impl Backoff {
    pub fn new(first: Duration, ceiling: Duration, random: Random) -> Self {
        Self { first, ceiling, tries: 0, random }
    }

    /// How long to wait before the next try: doubles each time up to the ceiling, then jittered.
    pub fn next_delay(&mut self) -> Duration {
        let delay = Self::delay(self.first, self.ceiling, self.tries, &self.random);
        self.tries = self.tries.saturating_add(1);
        delay
    }

    /// The same for whoever counts the tries elsewhere.
    pub fn delay(first: Duration, ceiling: Duration, tries: u32, random: &Random) -> Duration {
        let doubled = first.saturating_mul(2_u32.saturating_pow(tries.min(16)));
        random.jitter(doubled.min(ceiling))
    }

    /// It worked: the next failure starts from the shortest delay again.
    pub fn reset(&mut self) {
        self.tries = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_the_ceiling_and_start_again_after_a_reset() {
        let mut backoff = Backoff::new(Duration::from_secs(2), Duration::from_mins(1), Random::seeded(1));
        let delays: Vec<_> = (0..100).map(|_| backoff.next_delay()).collect();
        assert!(delays[0] <= Duration::from_secs(2));
        assert!(delays[5..].iter().all(|delay| (30..=60).contains(&delay.as_secs())), "{delays:?}");
        backoff.reset();
        assert!(backoff.next_delay() <= Duration::from_secs(2));
    }
}
