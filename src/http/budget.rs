//! What is known of the calls with one key, as a value: it is told the time and can be written down.
//!
//! A sliding log by send time: the call `limit` places back must be a second and a [`Margin`] old. A token bucket would
//! let `limit` calls go at once and as many again within the same second, which a strict server refuses.
//!
//! Calls are kept a few milliseconds apart. That costs no rate, because a log hands the spacing on from second to second,
//! and lets the answers show in which order calls arrive.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::http::allowance::Allowance;
use crate::http::day::Day;
use crate::http::limiter::{Ceilings, NoSlot, Purpose, Slot};
use crate::http::margin::{LARGEST_SPREAD, Margin};

const SECOND: TimeDelta = TimeDelta::seconds(1);

/// A second's calls are sent over this long at least, at most `LARGEST_SPACING_US` apart.
const BURST_US: u32 = 80_000;
const LARGEST_SPACING_US: u32 = 8_000;

/// A step back of the clock beyond this is a correction, not two that raced for the book.
const CLOCK_WAS_SET_BACK: TimeDelta = TimeDelta::seconds(10);

/// How many seconds' calls are remembered, to compare answers with. An answer that takes longer teaches nothing.
const SECONDS_REMEMBERED: usize = 4;
const MANY_CALLS: usize = 400;

/// What is known of the calls with one key: the second, the day, the network.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Budget {
    /// As the other side said last.
    per_second: Option<usize>,
    day: Day,
    /// The send times of the last calls, ascending; the last ones may lie ahead.
    sent: VecDeque<Sent>,
    reserved: u64,
    margin: Margin,
    held_until: Option<DateTime<Utc>>,
    latest_now: Option<DateTime<Utc>>,
}

/// Written down as a plain number: there are many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Sent(#[serde(with = "chrono::serde::ts_microseconds")] DateTime<Utc>);

impl Budget {
    /// The next free slot, if it is not further away than `patience`.
    ///
    /// # Errors
    ///
    /// When there is none: then nothing is reserved.
    pub fn reserve(
        &mut self,
        now: DateTime<Utc>,
        ceilings: Ceilings,
        purpose: Purpose,
        patience: TimeDelta,
    ) -> Result<Slot, NoSlot> {
        self.notice_clock(now);
        let send_at = self.free_at(now, ceilings);
        if send_at - now > patience {
            return Err(NoSlot::TooLate { free_at: send_at });
        }
        let number = self.reserved.saturating_add(1);
        self.day.take(send_at, number, ceilings, purpose)?;
        self.reserved = number;
        let ceiling = count(ceilings.per_second);
        let remembered = ceiling.saturating_mul(SECONDS_REMEMBERED).min(ceiling.max(MANY_CALLS));
        while self.sent.len() >= remembered {
            self.sent.pop_front();
        }
        self.sent.push_back(Sent(send_at));
        Ok(Slot { wait: (send_at - now).to_std().unwrap_or_default(), send_at, number })
    }

    /// Takes in what the answer to the call in `slot` said, and whether it was refused for being one too many.
    pub fn learn(&mut self, now: DateTime<Utc>, slot: Slot, allowance: &Allowance, refused: bool) {
        if let Some(per_second) = allowance.per_second {
            self.per_second = Some(count(per_second));
        }
        let remaining_today = allowance.remaining_today;
        self.day.learn(now, slot.number, allowance.per_day, remaining_today);
        if refused && remaining_today == Some(0) {
            self.day.close(now, allowance.retry_after);
            return;
        }
        if let Some(wait) = allowance.retry_after.or(refused.then_some(SECOND)) {
            self.hold_until(now + wait);
        }
        if refused {
            self.margin.refused(slot.number, self.reserved);
            return;
        }
        let said = self.per_second.zip(allowance.remaining_this_second.map(plain_count));
        let arrived = said.map(|(limit, remaining)| limit.saturating_sub(remaining));
        self.margin.accepted(arrived.and_then(|arrived| self.proven_spread(slot, arrived)));
        if let Some((limit, 0)) = said
            && self.somebody_else_calls(slot, now, limit)
        {
            self.hold_until(now + SECOND);
        }
    }

    fn free_at(&self, now: DateTime<Utc>, ceilings: Ceilings) -> DateTime<Utc> {
        let ceiling = count(ceilings.per_second);
        let per_second = self.per_second.map_or(ceiling, |said| said.min(ceiling));
        let behind_the_log = self
            .sent
            .len()
            .checked_sub(per_second)
            .and_then(|index| self.sent.get(index))
            .map(|sent| sent.0 + SECOND + self.margin.width());
        let after_the_last = self.sent.back().map(|last| last.0 + spacing(per_second));
        [behind_the_log, after_the_last, self.held_until]
            .into_iter()
            .flatten()
            .fold(now, DateTime::max)
    }

    /// The smallest spread of the one-way delay with which `arrived` calls of ours can have reached the other side within
    /// the second that ended with the arrival of this one; `None` if we have not sent so many.
    fn proven_spread(&self, slot: Slot, arrived: usize) -> Option<TimeDelta> {
        let since = slot.send_at - SECOND;
        let mut needed: Vec<TimeDelta> = self
            .sent
            .iter()
            .map(|Sent(sent)| (*sent - slot.send_at).max(since - *sent).max(TimeDelta::zero()))
            .collect();
        needed.sort_unstable();
        needed.get(arrived.checked_sub(1)?).copied()
    }

    /// Whether the second was used up although our own calls, counted generously, did not fill it: then somebody spends
    /// the same key without this book.
    fn somebody_else_calls(&self, slot: Slot, now: DateTime<Utc>, limit: usize) -> bool {
        let since = slot.send_at - SECOND - LARGEST_SPREAD;
        let own = self.sent.iter().filter(|sent| since <= sent.0).count();
        let sent_by_now = self.sent.front().is_some_and(|oldest| oldest.0 <= now);
        sent_by_now && own < limit
    }

    fn hold_until(&mut self, until: DateTime<Utc>) {
        self.held_until = Some(self.held_until.map_or(until, |known| known.max(until)));
    }

    /// A clock that was set back would otherwise hold calls until it has caught up with the log.
    fn notice_clock(&mut self, now: DateTime<Utc>) {
        if self.latest_now.is_some_and(|latest| latest - now > CLOCK_WAS_SET_BACK) {
            self.sent.clear();
            self.held_until = None;
            self.latest_now = None;
            self.day.notice_clock(now);
        }
        self.latest_now = self.latest_now.max(Some(now));
    }
}

fn spacing(per_second: usize) -> TimeDelta {
    let calls = u32::try_from(per_second.max(1)).unwrap_or(u32::MAX);
    TimeDelta::microseconds(i64::from((BURST_US / calls).min(LARGEST_SPACING_US)))
}

fn count(calls: u32) -> usize {
    plain_count(calls.max(1))
}

fn plain_count(calls: u32) -> usize {
    usize::try_from(calls).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
