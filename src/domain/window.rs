//! Spans of time, closed at the start and open at the end.

use chrono::{DateTime, TimeDelta, Utc};

/// `from ≤ t < until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// The first moment inside.
    pub from: DateTime<Utc>,
    /// The first moment after.
    pub until: DateTime<Utc>,
}

impl Window {
    /// A window, or nothing when it would be empty or run backwards.
    pub fn new(from: DateTime<Utc>, until: DateTime<Utc>) -> Option<Self> {
        (from < until).then_some(Self { from, until })
    }

    /// How long it is.
    pub fn length(&self) -> TimeDelta {
        self.until - self.from
    }

    /// The two halves, cut at a whole second; nothing when it is a second long or less.
    pub fn halves(&self) -> Option<(Self, Self)> {
        let half = TimeDelta::seconds(self.length().num_seconds() / 2);
        let middle = self.from + half;
        Some((Self::new(self.from, middle)?, Self::new(middle, self.until)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_meet_and_cover() {
        let from = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
        let whole = Window::new(from, from + TimeDelta::seconds(7)).unwrap();
        let (first, second) = whole.halves().unwrap();
        assert_eq!((first.from, first.until, second.until), (whole.from, second.from, whole.until));
    }

    #[test]
    fn a_second_cannot_be_halved() {
        let from = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
        assert_eq!(Window::new(from, from + TimeDelta::seconds(1)).unwrap().halves(), None);
        assert_eq!(Window::new(from, from), None);
    }
}
