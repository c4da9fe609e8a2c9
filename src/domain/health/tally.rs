//! How long the storage was how, and how fast it answered: what a span of time amounts to.

use crate::domain::health::Level;

/// Sums of a span. Two of them added are the sums of both spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub online_ms: u64,
    pub attention_ms: u64,
    pub planned_ms: u64,
    pub restarting_ms: u64,
    pub unreachable_ms: u64,
    pub key_refused_ms: u64,
    /// Of all of it, how much a planned window was running for.
    pub window_ms: u64,
    pub looks: u64,
    /// Looks that were answered, and their latencies. The extremes mean nothing without one.
    pub answers: u64,
    pub latency_min_ms: u64,
    pub latency_max_ms: u64,
    pub latency_sum_ms: u64,
}

impl Tally {
    /// `span_ms` at this level.
    #[must_use]
    pub fn of(level: Level, span_ms: u64) -> Self {
        let mut tally = Self::default();
        match level {
            Level::Unknown => {}
            Level::Online => tally.online_ms = span_ms,
            Level::Attention => tally.attention_ms = span_ms,
            Level::Planned => tally.planned_ms = span_ms,
            Level::Restarting => tally.restarting_ms = span_ms,
            Level::Unreachable => tally.unreachable_ms = span_ms,
            Level::KeyRefused => tally.key_refused_ms = span_ms,
        }
        tally
    }

    #[must_use]
    pub fn plus(self, other: &Self) -> Self {
        let latency_min_ms = match (self.answers, other.answers) {
            (_, 0) => self.latency_min_ms,
            (0, _) => other.latency_min_ms,
            _ => self.latency_min_ms.min(other.latency_min_ms),
        };
        Self {
            online_ms: self.online_ms.saturating_add(other.online_ms),
            attention_ms: self.attention_ms.saturating_add(other.attention_ms),
            planned_ms: self.planned_ms.saturating_add(other.planned_ms),
            restarting_ms: self.restarting_ms.saturating_add(other.restarting_ms),
            unreachable_ms: self.unreachable_ms.saturating_add(other.unreachable_ms),
            key_refused_ms: self.key_refused_ms.saturating_add(other.key_refused_ms),
            window_ms: self.window_ms.saturating_add(other.window_ms),
            looks: self.looks.saturating_add(other.looks),
            answers: self.answers.saturating_add(other.answers),
            latency_min_ms,
            latency_max_ms: self.latency_max_ms.max(other.latency_max_ms),
            latency_sum_ms: self.latency_sum_ms.saturating_add(other.latency_sum_ms),
        }
    }

    pub fn up_ms(&self) -> u64 {
        self.online_ms.saturating_add(self.attention_ms)
    }

    /// Away, and nobody had said so beforehand.
    pub fn down_ms(&self) -> u64 {
        self.restarting_ms.saturating_add(self.unreachable_ms)
    }

    /// Up as a share of the time we know of; planned time counts apart. While our key is refused we know nothing of the
    /// storage, so that time counts for neither.
    pub fn share_up(&self) -> Option<f64> {
        let known = self.up_ms().saturating_add(self.down_ms());
        #[expect(clippy::cast_precision_loss, reason = "a share of milliseconds, shown with two digits")]
        let share = (known > 0).then(|| self.up_ms() as f64 / known as f64);
        share
    }

    pub fn latency_mean_ms(&self) -> Option<u64> {
        self.latency_sum_ms.checked_div(self.answers)
    }

    /// The level that stands for the whole span: the worst that took part in it.
    pub fn worst(&self) -> Level {
        let seen = [
            (self.unreachable_ms, Level::Unreachable),
            (self.key_refused_ms, Level::KeyRefused),
            (self.restarting_ms, Level::Restarting),
            (self.planned_ms, Level::Planned),
            (self.attention_ms, Level::Attention),
            (self.online_ms, Level::Online),
        ];
        seen.into_iter().find(|(span, _)| *span > 0).map_or(Level::Unknown, |(_, level)| level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planned_time_and_time_without_a_key_count_neither_for_nor_against() {
        let tallies = [(Level::Online, 80), (Level::Attention, 10), (Level::Unreachable, 5), (Level::Restarting, 5)];
        let sum = tallies.iter().fold(Tally::default(), |sum, (level, span)| sum.plus(&Tally::of(*level, *span)));
        let more = sum.plus(&Tally::of(Level::Planned, 1_000)).plus(&Tally::of(Level::KeyRefused, 1_000));
        assert_eq!((sum.share_up(), more.share_up()), (Some(0.9), Some(0.9)));
        assert_eq!(Tally::of(Level::Planned, 9).share_up(), None);
        assert_eq!((sum.worst(), Tally::default().worst()), (Level::Unreachable, Level::Unknown));
    }

    #[test]
    fn the_fastest_answer_of_two_spans_is_none_of_the_span_without_answers() {
        let slow = Tally { answers: 2, latency_min_ms: 30, latency_max_ms: 50, latency_sum_ms: 80, ..Tally::default() };
        for sum in [slow.plus(&Tally::default()), Tally::default().plus(&slow)] {
            assert_eq!((sum.latency_min_ms, sum.latency_max_ms, sum.latency_mean_ms()), (30, 50, Some(40)));
        }
        let quick = Tally { latency_min_ms: 3, ..slow };
        assert_eq!(slow.plus(&quick).latency_min_ms, 3);
        assert_eq!(Tally::default().latency_mean_ms(), None);
    }
}
