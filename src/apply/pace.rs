//! How many records go into one call: as many as Odoo handles in the time that a call should take.
//!
//! Large calls cost less per record, up to 50 or 100 orders; past that they only hold a worker of Odoo longer, and one
//! that runs into Odoo's time limit is rolled back whole.

use std::time::Duration;

/// The size of the next batch.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    size: usize,
    largest: usize,
    target: Duration,
}

impl Pace {
    /// Begins with half of the largest size.
    pub(super) fn new(largest: usize, target: Duration) -> Self {
        Self { size: largest.div_ceil(2).max(1), largest: largest.max(1), target }
    }

    /// How many records the next batch should have.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Learns from a batch of `sent` records, of which `done` got in, that took `elapsed`: halves when that was too
    /// long, and grows by half when a full batch got in whole and took less than half of the time.
    pub(super) fn learn(&mut self, sent: usize, done: usize, elapsed: Duration) {
        if elapsed > self.target {
            self.size = (sent.min(self.size) / 2).max(1);
        } else if done >= self.size && elapsed < self.target / 2 {
            self.size = self.size.saturating_add(self.size.div_ceil(2)).min(self.largest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: Duration = Duration::from_secs(5);

    #[test]
    fn finds_the_size_that_fits_the_time() {
        // 200 ms a record: 25 of them fit into 5 s
        let mut pace = Pace::new(100, TARGET);
        for _ in 0..50 {
            let size = pace.size();
            pace.learn(size, size, Duration::from_millis(200) * u32::try_from(size).unwrap());
        }
        assert!((7..=25).contains(&pace.size()), "{}", pace.size());
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
        pace.learn(1, 1, Duration::from_millis(1));
        assert_eq!(pace.size(), 2);
    }

    #[test]
    fn a_short_batch_teaches_nothing_good() {
        let mut pace = Pace::new(100, TARGET);
        pace.learn(3, 3, Duration::from_millis(1));
        // a server that refuses at once is no fast server
        pace.learn(50, 0, Duration::from_millis(1));
        assert_eq!(pace.size(), 50);
    }
}
