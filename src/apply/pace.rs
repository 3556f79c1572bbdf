//! How many records go into one call: as many as Odoo handles in the time that a call should take.
//!
//! Large calls cost less per record, up to 50 or 100 orders; past that they only hold a worker of Odoo longer, and one
//! that runs into Odoo's time limit is rolled back whole.

use std::collections::VecDeque;
use std::time::Duration;

/// How many batches are remembered.
const MEMORY: usize = 3;

/// The size of the next batch.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    size: usize,
    largest: usize,
    target: Duration,
    /// What a record took in the last batches.
    costs: VecDeque<Duration>,
}

impl Pace {
    /// Begins with half of the largest size.
    pub(super) fn new(largest: usize, target: Duration) -> Self {
        let size = largest.div_ceil(2).max(1);
        Self { size, largest: largest.max(1), target, costs: VecDeque::new() }
    }

    /// How many records the next batch should have.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Learns from a batch of `sent` records, of which `done` got in, that took `elapsed`.
    ///
    /// The middle of the last three batches counts, so that one slow moment (a worker of Odoo that was just started
    /// loads its registry first, half a second and more) changes nothing. A batch that took twice the time it should is
    /// believed at once. A short batch, or one of which nothing got in, shows no speed.
    pub(super) fn learn(&mut self, sent: usize, done: usize, elapsed: Duration) {
        let is_late = elapsed > self.target.saturating_mul(2);
        if !is_late && (done == 0 || sent < self.size.div_ceil(2)) {
            return;
        }
        let Some(cost) = elapsed.checked_div(u32::try_from(sent).unwrap_or(u32::MAX)) else {
            return;
        };
        if self.costs.len() >= MEMORY {
            self.costs.pop_front();
        }
        self.costs.push_back(cost);
        let believed = if is_late { cost } else { self.middle().unwrap_or(cost) };
        let fitting = self.target.as_micros() / believed.as_micros().max(1);
        let most = self.size.saturating_add(self.size.div_ceil(2)).min(self.largest);
        let least = (self.size / 4).max(1);
        self.size = usize::try_from(fitting).unwrap_or(most).clamp(least.min(most), most);
    }

    /// The middle of what was seen; of two the lower.
    fn middle(&self) -> Option<Duration> {
        let mut costs: Vec<Duration> = self.costs.iter().copied().collect();
        costs.sort_unstable();
        let before = costs.len().checked_sub(1)? / 2;
        costs.get(before).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: Duration = Duration::from_secs(5);

    fn learn(pace: &mut Pace, each: Duration, at_first: Duration) {
        let size = pace.size();
        pace.learn(size, size, at_first + each * u32::try_from(size).unwrap());
    }

    #[test]
    fn finds_the_size_that_fits_the_time() {
        let mut pace = Pace::new(100, TARGET);
        for _ in 0..50 {
            learn(&mut pace, Duration::from_millis(200), Duration::ZERO);
        }
        assert_eq!(pace.size(), 25);
    }

    #[test]
    fn never_leaves_its_bounds() {
        let mut pace = Pace::new(100, TARGET);
        for _ in 0..20 {
            pace.learn(pace.size(), pace.size(), Duration::from_millis(1));
        }
        assert_eq!(pace.size(), 100);
        for _ in 0..20 {
            pace.learn(pace.size(), pace.size(), Duration::from_mins(2));
        }
        assert_eq!(pace.size(), 1);
        for _ in 0..3 {
            pace.learn(1, 1, Duration::from_millis(1));
        }
        assert!(pace.size() > 1);
    }

    #[test]
    fn a_cold_worker_shrinks_nothing() {
        let mut pace = Pace::new(100, TARGET);
        learn(&mut pace, Duration::from_millis(40), Duration::from_millis(1_500));
        learn(&mut pace, Duration::from_millis(40), Duration::ZERO);
        assert_eq!(pace.size(), 100);
        learn(&mut pace, Duration::from_millis(40), Duration::ZERO);
        learn(&mut pace, Duration::from_millis(40), Duration::from_secs(4));
        assert_eq!(pace.size(), 100);
    }

    #[test]
    fn a_server_that_slows_is_believed() {
        let mut pace = Pace::new(100, TARGET);
        for _ in 0..4 {
            learn(&mut pace, Duration::from_millis(40), Duration::ZERO);
        }
        learn(&mut pace, Duration::from_millis(90), Duration::ZERO);
        assert_eq!(pace.size(), 100);
        learn(&mut pace, Duration::from_millis(90), Duration::ZERO);
        assert!((50..=56).contains(&pace.size()), "{}", pace.size());
        // and four times as slow again, at once
        learn(&mut pace, Duration::from_millis(400), Duration::ZERO);
        assert!(pace.size() <= 14, "{}", pace.size());
    }

    #[test]
    fn a_short_batch_teaches_nothing() {
        let mut pace = Pace::new(100, TARGET);
        pace.learn(3, 3, Duration::from_secs(2));
        // a server that refuses at once is no fast server
        pace.learn(50, 0, Duration::from_millis(1));
        assert_eq!(pace.size(), 50);
    }
}
