//! Answers *when* a call may be sent; never sleeps for the caller.
//!
//! What is known of a key is a [`Budget`]; where it is kept is a [`Book`]. One process alone keeps
//! it in memory; all who share a key keep it where all of them can write.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{self, BoxFuture};
use tokio::time::Instant;

use crate::domain::Advice;
use crate::http::allowance::Allowance;
use crate::http::budget::Budget;
use crate::http::day::DaySpent;

/// What the settings allow at most. The other side's headers lower these, and raise them again up to here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceilings {
    /// Calls in any sliding second; 0 counts as 1.
    pub per_second: u32,
    /// Calls in any rolling 24 hours.
    pub per_day: u32,
    /// How many of the day's calls are kept for [`Purpose::Orders`]; in proportion when the other side allows fewer
    /// a day than `per_day`, and never more than half of them.
    pub reserved_for_orders: u32,
}

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Sold goods and their money: may use up the day.
    Orders,
    /// All else: stops short of what is kept for orders.
    Other,
}

/// A call that may be sent, and when. It is spent whether or not it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// How long to wait from now on.
    pub wait: Duration,
    /// The same by the clock of the book, which may not be the caller's.
    pub(super) send_at: DateTime<Utc>,
    pub(super) number: u64,
}

impl Slot {
    /// Its number among all calls with the same key.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The moment to send at, by the clock of the book.
    pub fn send_at(&self) -> DateTime<Utc> {
        self.send_at
    }

    /// The same slot, for a caller who hears of it `late` after the book was asked for the time.
    #[must_use]
    pub fn heard_after(mut self, late: Duration) -> Self {
        self.wait = self.wait.saturating_sub(late);
        self
    }
}

/// Why there is no slot.
#[derive(Debug, thiserror::Error)]
pub enum NoSlot {
    /// The day's calls are spent.
    #[error(transparent)]
    DaySpent(#[from] DaySpent),
    /// What is left of the day is kept for orders.
    #[error(
        "what is left of the day's calls is kept for orders until {}",
        until.format("%Y-%m-%d %H:%M:%S UTC")
    )]
    Reserved {
        /// When it is worth asking again.
        until: DateTime<Utc>,
    },
    /// The next slot is later than the caller can wait.
    #[error("the next call is free at {}", free_at.format("%Y-%m-%d %H:%M:%S UTC"))]
    TooLate {
        /// When it is.
        free_at: DateTime<Utc>,
    },
    /// The book cannot be read or written.
    #[error(transparent)]
    Book(#[from] BookError),
}

/// A book that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the book of calls that all processes share is out of reach")]
pub struct BookError {
    advice: Advice,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl BookError {
    /// Wraps what the keeper of the book says.
    pub fn new(advice: Advice, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { advice, source: Box::new(source) }
    }

    /// What to do about it.
    pub fn advice(&self) -> Advice {
        self.advice.clone()
    }
}

/// Where the [`Budget`] of a key is kept. Whoever asks has the budget to himself meanwhile, and the book's clock
/// is the one that counts.
pub trait Book: Send + Sync + std::fmt::Debug {
    /// Asks the budget for a slot.
    fn reserve(
        &self,
        ceilings: Ceilings,
        purpose: Purpose,
        patience: TimeDelta,
    ) -> BoxFuture<'_, Result<Slot, NoSlot>>;

    /// Tells the budget what the answer to a call said.
    fn learn(
        &self,
        slot: Slot,
        allowance: Allowance,
        refused: bool,
    ) -> BoxFuture<'_, Result<(), BookError>>;
}

/// Shares out the calls of one key among everybody who holds it.
#[derive(Debug)]
pub struct Limiter {
    book: Box<dyn Book>,
    ceilings: Ceilings,
}

impl Limiter {
    /// A limiter that shares what is in `book`.
    pub fn new(ceilings: Ceilings, book: Box<dyn Book>) -> Self {
        Self { book, ceilings }
    }

    /// A limiter for this process alone, which begins at `now`.
    pub fn in_memory(ceilings: Ceilings, now: DateTime<Utc>) -> Self {
        Self::new(ceilings, Box::new(MemoryBook::new(now)))
    }

    /// The next free slot, if it is not further away than `patience`.
    ///
    /// # Errors
    ///
    /// When there is none: then nothing is reserved.
    pub async fn reserve(&self, purpose: Purpose, patience: Duration) -> Result<Slot, NoSlot> {
        let patience = TimeDelta::from_std(patience).unwrap_or(TimeDelta::MAX);
        self.book.reserve(self.ceilings, purpose, patience).await
    }

    /// Takes in what the answer to the call in `slot` said, and whether it was refused for being one too many
    /// (a 429). To be told of every answer, or nothing is learned of the network.
    pub async fn learn(
        &self,
        slot: Slot,
        allowance: &Allowance,
        refused: bool,
    ) -> Result<(), BookError> {
        self.book.learn(slot, *allowance, refused).await
    }
}

/// The book of a process that shares its key with nobody. Its clock is set once and runs by itself, so that neither a
/// correction of the machine's clock nor a clock that stands still holds calls.
#[derive(Debug)]
struct MemoryBook {
    budget: Mutex<Budget>,
    opened_at: DateTime<Utc>,
    opened: Instant,
}

impl MemoryBook {
    fn new(now: DateTime<Utc>) -> Self {
        Self { budget: Mutex::default(), opened_at: now, opened: Instant::now() }
    }

    fn with<T>(&self, ask: impl FnOnce(&mut Budget, DateTime<Utc>) -> T) -> T {
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        let open_for = TimeDelta::from_std(self.opened.elapsed()).unwrap_or(TimeDelta::MAX);
        ask(&mut budget, self.opened_at.checked_add_signed(open_for).unwrap_or(self.opened_at))
    }
}

impl Book for MemoryBook {
    fn reserve(
        &self,
        ceilings: Ceilings,
        purpose: Purpose,
        patience: TimeDelta,
    ) -> BoxFuture<'_, Result<Slot, NoSlot>> {
        let reserved = self.with(|budget, now| budget.reserve(now, ceilings, purpose, patience));
        Box::pin(future::ready(reserved))
    }

    fn learn(
        &self,
        slot: Slot,
        allowance: Allowance,
        refused: bool,
    ) -> BoxFuture<'_, Result<(), BookError>> {
        self.with(|budget, now| budget.learn(now, slot, &allowance, refused));
        Box::pin(future::ready(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CEILINGS: Ceilings = Ceilings { per_second: 2, per_day: 100, reserved_for_orders: 0 };

    #[tokio::test(start_paused = true)]
    async fn time_passes_in_the_book_of_one_process_whatever_the_clock_shows() {
        let noon = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
        let limiter = Limiter::in_memory(CEILINGS, noon);
        let begun = Instant::now();
        let mut sent = Vec::new();
        for _ in 0..6 {
            let slot = limiter.reserve(Purpose::Orders, Duration::MAX).await.unwrap();
            tokio::time::sleep(slot.wait).await;
            sent.push(begun.elapsed());
        }
        for pair in sent.windows(3) {
            let apart = pair[2].saturating_sub(pair[0]);
            assert!(
                (Duration::from_secs(1)..Duration::from_millis(1_200)).contains(&apart),
                "{apart:?}"
            );
        }
        let refused = limiter.reserve(Purpose::Orders, Duration::from_millis(100)).await;
        assert!(matches!(refused, Err(NoSlot::TooLate { .. })), "{refused:?}");
    }
}
