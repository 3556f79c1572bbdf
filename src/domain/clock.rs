//! Time is passed in, so that a run can be replayed.

use std::fmt;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

use super::Advice;

/// Tells the time. The one trait of this crate.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present moment, UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// How far a clock is ahead of another one; below zero, it is behind. Reads "3 h 5 min ahead of" or "2 min behind".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead(pub TimeDelta);

impl Ahead {
    /// What to do about a clock of this machine that is so far from the right time.
    pub fn advice(self) -> Advice {
        Advice::needs_person(
            "set the clock and keep it right (on Linux: `timedatectl set-ntp true`): by a wrong one tokens end early or late, and what is new is looked for at the wrong time",
        )
    }
}

impl fmt::Display for Ahead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let apart = self.0.abs();
        match (apart.num_days(), apart.num_hours() % 24, apart.num_minutes() % 60) {
            (0, 0, minutes) => write!(formatter, "{minutes} min")?,
            (0, hours, minutes) => write!(formatter, "{hours} h {minutes} min")?,
            (days, hours, _) => write!(formatter, "{days} d {hours} h")?,
        }
        formatter.write_str(if self.0 > TimeDelta::zero() { " ahead of" } else { " behind" })
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the machine is asked for the time"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// A clock that shows `moment`.
    pub fn at(moment: DateTime<Utc>) -> Self {
        Self(Mutex::new(moment))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        let mut shown = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(moved) = shown.checked_add_signed(by.abs()) {
            *shown = moved;
        }
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_told_with_its_way() {
        for (seconds, words) in [
            (121, "2 min ahead of"),
            (-3 * 3_600 - 240, "3 h 4 min behind"),
            (50 * 3_600, "2 d 2 h ahead of"),
        ] {
            assert_eq!(Ahead(TimeDelta::seconds(seconds)).to_string(), words);
        }
    }
}
