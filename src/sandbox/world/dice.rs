//! The one source of chance. The same seed throws the same numbers.

/// A seeded generator with the throws that a world needs.
#[derive(Debug, Clone)]
pub(super) struct Dice(fastrand::Rng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A number from 0 up to, not including, `limit`; 0 when there is nothing to choose from.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        if limit == 0 { 0 } else { self.0.usize(..limit) }
    }

    /// A number between two, both included; the lower one when they run backwards.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        if low >= high { low } else { self.0.i64(low..=high) }
    }

    pub(super) fn percent(&mut self, chance: i64) -> bool {
        self.between(1, 100) <= chance
    }

    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let index = self.below(choices.len());
        choices.get(index)
    }

    /// A word of a list; empty when the list is.
    pub(super) fn word(&mut self, choices: &[&'static str]) -> &'static str {
        self.pick(choices).copied().unwrap_or_default()
    }

    /// The pattern with each `#` replaced by a digit; the first is never 0.
    pub(super) fn digits(&mut self, pattern: &str) -> String {
        let mut lowest = 1;
        pattern
            .chars()
            .map(|letter| {
                if letter != '#' {
                    return letter;
                }
                let digit = self.between(lowest, 9);
                lowest = 0;
                u32::try_from(digit)
                    .ok()
                    .and_then(|digit| char::from_digit(digit, 10))
                    .unwrap_or('0')
            })
            .collect()
    }
}
