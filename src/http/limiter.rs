//! Answers *when* a call may be sent; never sleeps.
//!
//! A sliding log by send time: the call `limit` places back must be a second and a margin old. The margin absorbs
//! the spread of the network's delay, and is learned: too small, and the other side counts one call too many;
//! too large, and calls are wasted. A token bucket would let `limit` calls go at once and as many again within the
//! same second, which a strict server refuses.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::http::allowance::Allowance;
use crate::http::day::{Day, DaySpent};

const SECOND: TimeDelta = TimeDelta::seconds(1);
const MARGIN_START: TimeDelta = TimeDelta::milliseconds(25);
const MARGIN_STEP: TimeDelta = TimeDelta::milliseconds(25);
const MARGIN_CEILING: TimeDelta = TimeDelta::milliseconds(250);
const MARGIN_RELIEF: TimeDelta = TimeDelta::milliseconds(1);
const CLEAN_CALLS_PER_RELIEF: u32 = 100;

/// A step back of the clock beyond this is a correction, not two threads that raced for the lock.
const CLOCK_WAS_SET_BACK: TimeDelta = TimeDelta::seconds(10);

/// What the settings allow at most. The other side's headers lower these, and raise them again up to here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceilings {
    /// Calls in any sliding second; 0 counts as 1.
    pub per_second: u32,
    /// Calls in any rolling 24 hours.
    pub per_day: u32,
}

/// A call that may be sent, and when. It is spent whether or not it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Not earlier than this.
    pub send_at: DateTime<Utc>,
    number: u64,
}

/// Why there is no slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSlot {
    /// The day's calls are spent.
    #[error(transparent)]
    DaySpent(#[from] DaySpent),
    /// The next slot is later than the caller can wait.
    #[error("the next call is free at {}", free_at.format("%Y-%m-%d %H:%M:%S UTC"))]
    TooLate {
        /// When it is.
        free_at: DateTime<Utc>,
    },
}

/// Shares out the calls of one key among everybody who holds it.
#[derive(Debug)]
pub struct Limiter {
    state: Mutex<State>,
}

impl Limiter {
    /// A limiter that nothing has been sent through yet.
    pub fn new(ceilings: Ceilings) -> Self {
        Self { state: Mutex::new(State::new(ceilings)) }
    }

    /// The next free slot, between `now` and `latest`.
    ///
    /// # Errors
    ///
    /// When there is none: then nothing is reserved.
    pub fn reserve(&self, now: DateTime<Utc>, latest: DateTime<Utc>) -> Result<Slot, NoSlot> {
        self.state().reserve(now, latest)
    }

    /// Takes in what the answer to the call in `slot` said, and whether it was refused for being one too many
    /// (a 429). To be told of every answer, or the margin never shrinks.
    pub fn learn(&self, now: DateTime<Utc>, slot: Slot, allowance: &Allowance, refused: bool) {
        self.state().learn(now, slot, allowance, refused);
    }

    /// What is added to the second at present.
    pub fn margin(&self) -> TimeDelta {
        self.state().margin
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct State {
    ceiling_per_second: usize,
    per_second: usize,
    day: Day,
    /// The send times of the last `ceiling_per_second` calls, ascending; the last ones may lie ahead.
    sent: VecDeque<DateTime<Utc>>,
    reserved: u64,
    margin: TimeDelta,
    clean_calls: u32,
    /// Refusals of calls up to this number have been answered by a wider margin.
    margin_covers: u64,
    held_until: Option<DateTime<Utc>>,
    latest_now: Option<DateTime<Utc>>,
}

impl State {
    fn new(ceilings: Ceilings) -> Self {
        let per_second = count(ceilings.per_second);
        Self {
            ceiling_per_second: per_second,
            per_second,
            day: Day::new(ceilings.per_day),
            sent: VecDeque::with_capacity(per_second),
            reserved: 0,
            margin: MARGIN_START,
            clean_calls: 0,
            margin_covers: 0,
            held_until: None,
            latest_now: None,
        }
    }

    fn reserve(&mut self, now: DateTime<Utc>, latest: DateTime<Utc>) -> Result<Slot, NoSlot> {
        self.notice_clock(now);
        let behind_the_log = self
            .sent
            .len()
            .checked_sub(self.per_second)
            .and_then(|index| self.sent.get(index))
            .map(|sent| *sent + SECOND + self.margin);
        let send_at = [behind_the_log, self.sent.back().copied(), self.held_until]
            .into_iter()
            .flatten()
            .fold(now, DateTime::max);
        if send_at > latest {
            return Err(NoSlot::TooLate { free_at: send_at });
        }
        let number = self.reserved.saturating_add(1);
        self.day.take(send_at, number)?;
        self.reserved = number;
        if self.sent.len() >= self.ceiling_per_second {
            self.sent.pop_front();
        }
        self.sent.push_back(send_at);
        Ok(Slot { send_at, number })
    }

    fn learn(&mut self, now: DateTime<Utc>, slot: Slot, allowance: &Allowance, refused: bool) {
        if let Some(per_second) = allowance.per_second {
            self.per_second = count(per_second).min(self.ceiling_per_second);
        }
        self.day.learn(now, slot.number, allowance.per_day, allowance.remaining_today);
        if refused && allowance.remaining_today == Some(0) {
            self.day.close(now, allowance.retry_after);
            return;
        }
        if let Some(wait) = allowance.retry_after.or(refused.then_some(SECOND)) {
            self.hold_until(now + wait);
        }
        if refused {
            self.widen_margin(slot);
        } else {
            self.count_clean_call();
            if allowance.remaining_this_second == Some(0) && self.somebody_else_calls(slot, now) {
                self.hold_until(now + SECOND);
            }
        }
    }

    /// One step per lesson: calls that were reserved before the margin grew say nothing about the new one.
    fn widen_margin(&mut self, slot: Slot) {
        self.clean_calls = 0;
        if slot.number > self.margin_covers {
            self.margin = (self.margin + MARGIN_STEP).min(MARGIN_CEILING);
            self.margin_covers = self.reserved;
        }
    }

    fn count_clean_call(&mut self) {
        self.clean_calls = self.clean_calls.saturating_add(1);
        if self.clean_calls >= CLEAN_CALLS_PER_RELIEF {
            self.clean_calls = 0;
            self.margin = (self.margin - MARGIN_RELIEF).max(TimeDelta::zero());
        }
    }

    fn hold_until(&mut self, until: DateTime<Utc>) {
        self.held_until = Some(self.held_until.map_or(until, |known| known.max(until)));
    }

    /// Whether the second was used up although our own calls, counted generously, did not fill it: then another
    /// process spends the same key.
    fn somebody_else_calls(&self, slot: Slot, now: DateTime<Utc>) -> bool {
        let since = slot.send_at - SECOND - MARGIN_CEILING;
        let own = self.sent.iter().filter(|sent| since <= **sent).count();
        let sent_by_now = self.sent.front().is_some_and(|oldest| *oldest <= now);
        sent_by_now && own < self.per_second
    }

    /// A clock that was set back would otherwise hold calls until it has caught up with the log.
    fn notice_clock(&mut self, now: DateTime<Utc>) {
        if self.latest_now.is_some_and(|latest| latest - now > CLOCK_WAS_SET_BACK) {
            self.sent.clear();
            self.held_until = None;
            self.latest_now = None;
        }
        self.latest_now = self.latest_now.max(Some(now));
    }
}

fn count(calls: u32) -> usize {
    usize::try_from(calls.max(1)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
