//! The calls of a rolling day, and the part of them that is kept for orders.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::http::limiter::{Ceilings, NoSlot, Purpose};

const DAY: TimeDelta = TimeDelta::hours(24);

/// Calls are counted per five minutes: 289 numbers describe a day, and a call is given back at most five minutes
/// late.
const BUCKET: TimeDelta = TimeDelta::minutes(5);

/// How long "nothing is left" is believed when the other side does not say until when: in a rolling day a few
/// calls come back at any time, so it is asked again.
const BELIEVED_FOR: TimeDelta = TimeDelta::minutes(15);

/// The calls of the day are spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the calls of the day are spent until {}", until.format("%Y-%m-%d %H:%M:%S UTC"))]
pub struct DaySpent {
    /// When it is worth asking again.
    pub until: DateTime<Utc>,
}

impl DaySpent {
    /// What a refusal at `now` means that asks for this wait, or for none.
    pub fn refused(now: DateTime<Utc>, wait: Option<TimeDelta>) -> Self {
        Self { until: later(now, wait.unwrap_or(BELIEVED_FOR)) }
    }
}

/// What the other side said is left, as the number of the last call that it covers: calls that were reserved
/// after the answered one are accounted for without knowing which of them have arrived.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Told {
    last_number: u64,
    believed_until: DateTime<Utc>,
}

/// Counts calls by the time they are sent; times must not run backwards.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Day {
    /// As the other side said last.
    limit: Option<u32>,
    buckets: VecDeque<Bucket>,
    counted: u32,
    told: Option<Told>,
    closed_until: Option<DateTime<Utc>>,
}

/// The whole second in which it ends, and its calls. Written down as a pair of numbers: there are many.
#[derive(Debug, Serialize, Deserialize)]
struct Bucket(#[serde(with = "chrono::serde::ts_seconds")] DateTime<Utc>, u32);

impl Day {
    /// Takes the call with this number, to be sent at `send_at`, out of the budget.
    pub(super) fn take(
        &mut self,
        send_at: DateTime<Utc>,
        number: u64,
        ceilings: Ceilings,
        purpose: Purpose,
    ) -> Result<(), NoSlot> {
        if let Some(until) = self.closed_until.filter(|until| send_at < *until) {
            return Err(DaySpent { until }.into());
        }
        self.give_back(send_at);
        let limit = self.limit.map_or(ceilings.per_day, |said| said.min(ceilings.per_day));
        let kept = match purpose {
            Purpose::Orders => 0,
            Purpose::Other => kept_for_orders(limit, ceilings),
        };
        let asked_again = self.told.filter(|told| send_at < told.believed_until);
        let said_left = asked_again
            .map_or(u64::MAX, |told| told.last_number.saturating_add(1).saturating_sub(number));
        let counted_left = u64::from(limit.saturating_sub(self.counted));
        let left = said_left.min(counted_left);
        if left > u64::from(kept) {
            self.count(send_at);
            return Ok(());
        }
        let until = match asked_again {
            Some(told) if said_left <= u64::from(kept) && !self.explains_a_day_of(limit) => {
                told.believed_until
            }
            Some(_) | None => self.comes_back(send_at, limit, kept),
        };
        Err(if left == 0 { DaySpent { until }.into() } else { NoSlot::Reserved { until } })
    }

    /// Takes in what the answer to the call `number` said.
    pub(super) fn learn(
        &mut self,
        now: DateTime<Utc>,
        number: u64,
        per_day: Option<u32>,
        remaining: Option<u32>,
    ) {
        if let Some(per_day) = per_day {
            self.limit = Some(per_day);
        }
        if let Some(remaining) = remaining {
            self.told = Some(Told {
                last_number: number.saturating_add(u64::from(remaining)),
                believed_until: later(now, BELIEVED_FOR),
            });
        }
    }

    /// No call until `wait` has passed, or until it is worth asking again.
    pub(super) fn close(&mut self, now: DateTime<Utc>, wait: Option<TimeDelta>) {
        let DaySpent { until } = DaySpent::refused(now, wait);
        self.closed_until = Some(self.closed_until.map_or(until, |known| known.max(until)));
    }

    /// The clock was set back to `now`: the calls are as many as before, but none of them was made later than now,
    /// and what was closed is asked again.
    pub(super) fn notice_clock(&mut self, now: DateTime<Utc>) {
        let latest = whole_second(now + BUCKET);
        for Bucket(end, _) in &mut self.buckets {
            *end = latest.min(*end);
        }
        self.told = None;
        self.closed_until = None;
    }

    fn give_back(&mut self, now: DateTime<Utc>) {
        while let Some(Bucket(end, calls)) = self.buckets.front()
            && *end + DAY <= now
        {
            self.counted = self.counted.saturating_sub(*calls);
            self.buckets.pop_front();
        }
    }

    fn count(&mut self, send_at: DateTime<Utc>) {
        self.counted = self.counted.saturating_add(1);
        match self.buckets.back_mut() {
            Some(Bucket(end, calls)) if send_at < *end => *calls = calls.saturating_add(1),
            Some(_) | None => self.buckets.push_back(Bucket(whole_second(send_at + BUCKET), 1)),
        }
    }

    /// Whether our own log accounts for a spent day, so that it also knows when calls come back.
    fn explains_a_day_of(&self, limit: u32) -> bool {
        self.counted >= limit - limit / 10 && self.counted > 0
    }

    /// When so many of the counted calls are a day old that more than `kept` are left of `limit`.
    fn comes_back(&self, send_at: DateTime<Utc>, limit: u32, kept: u32) -> DateTime<Utc> {
        let mut counted = self.counted;
        for Bucket(end, calls) in &self.buckets {
            counted = counted.saturating_sub(*calls);
            if limit.saturating_sub(counted) > kept {
                return *end + DAY;
            }
        }
        send_at + DAY
    }
}

/// In proportion to the day that the other side allows, and never more than half of it.
fn kept_for_orders(limit: u32, ceilings: Ceilings) -> u32 {
    let whole = u64::from(ceilings.per_day).max(1);
    let share = u64::from(ceilings.reserved_for_orders).saturating_mul(u64::from(limit)) / whole;
    u32::try_from(share).unwrap_or(u32::MAX).min(limit / 2)
}

/// Rounded up.
fn whole_second(moment: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(moment.timestamp(), 0)
        .filter(|whole| *whole == moment)
        .or_else(|| DateTime::from_timestamp(moment.timestamp().saturating_add(1), 0))
        .unwrap_or(moment)
}

fn later(moment: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    moment.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: u32 = 2_000;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_788_264_000, 0).unwrap()
    }

    fn ceilings(per_day: u32, reserved_for_orders: u32) -> Ceilings {
        Ceilings { per_second: 10, per_day, reserved_for_orders }
    }

    /// For orders, out of a day of so many.
    fn take(
        day: &mut Day,
        per_day: u32,
        send_at: DateTime<Utc>,
        number: u64,
    ) -> Result<(), DateTime<Utc>> {
        match day.take(send_at, number, ceilings(per_day, 0), Purpose::Orders) {
            Ok(()) => Ok(()),
            Err(NoSlot::DaySpent(spent)) => Err(spent.until),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn calls_come_back_a_day_after_they_were_made() {
        let mut day = Day::default();
        assert_eq!(take(&mut day, 2, noon(), 1), Ok(()));
        assert_eq!(take(&mut day, 2, noon() + TimeDelta::hours(1), 2), Ok(()));
        let until = noon() + DAY + BUCKET;
        assert_eq!(take(&mut day, 2, noon() + TimeDelta::hours(2), 3), Err(until));
        assert_eq!(take(&mut day, 2, until, 3), Ok(()));
        assert!(take(&mut day, 2, until, 4).is_err(), "the call of 13:00 is still within the day");
    }

    #[test]
    fn what_is_said_to_remain_counts_calls_in_flight() {
        let mut day = Day::default();
        for number in 1..=5 {
            take(&mut day, 10_000, noon(), number).unwrap();
        }
        // The answer to the first call says that three are left: the calls 2, 3 and 4. Call 5 is out already.
        day.learn(noon(), 1, Some(10_000), Some(3));
        assert_eq!(take(&mut day, 10_000, noon(), 6), Err(noon() + BELIEVED_FOR));
        assert_eq!(
            take(&mut day, 10_000, noon() + BELIEVED_FOR, 6),
            Ok(()),
            "then it is asked again"
        );
    }

    #[test]
    fn a_day_that_we_have_spent_ourselves_ends_when_our_own_calls_come_back() {
        let mut day = Day::default();
        for number in 1..=9 {
            take(&mut day, 10, noon(), number).unwrap();
        }
        let evening = noon() + TimeDelta::hours(6);
        day.learn(evening, 9, Some(10), Some(0));
        assert_eq!(take(&mut day, 10, evening, 10), Err(noon() + DAY + BUCKET));
    }

    #[test]
    fn a_refusal_closes_the_day_for_as_long_as_it_says() {
        let mut day = Day::default();
        day.close(noon(), Some(TimeDelta::hours(24)));
        assert_eq!(take(&mut day, 10_000, noon(), 1), Err(noon() + DAY));
        day.close(noon(), None);
        assert_eq!(take(&mut day, 10_000, noon(), 1), Err(noon() + DAY), "never shortened");
        assert_eq!(take(&mut day, 10_000, noon() + DAY, 1), Ok(()));
    }

    #[test]
    fn a_lower_limit_is_believed_and_a_higher_one_is_not() {
        let mut day = Day::default();
        day.learn(noon(), 0, Some(1), None);
        assert_eq!(take(&mut day, 3, noon(), 1), Ok(()));
        assert!(take(&mut day, 3, noon(), 2).is_err());
        day.learn(noon(), 1, Some(100), None);
        assert_eq!((take(&mut day, 3, noon(), 2), take(&mut day, 3, noon(), 3)), (Ok(()), Ok(())));
        assert!(take(&mut day, 3, noon(), 4).is_err());
    }

    #[test]
    fn the_rest_stops_short_of_what_is_kept_for_orders() {
        let ceilings = ceilings(10_000, KEPT);
        let mut day = Day::default();
        for number in 1..=8_000 {
            day.take(noon(), number, ceilings, Purpose::Other).unwrap();
        }
        let until = noon() + DAY + BUCKET;
        match day.take(noon(), 8_001, ceilings, Purpose::Other) {
            Err(NoSlot::Reserved { until: said }) => assert_eq!(said, until),
            other => panic!("{other:?}"),
        }
        for number in 8_001..=10_000 {
            day.take(noon(), number, ceilings, Purpose::Orders).unwrap();
        }
        for purpose in [Purpose::Orders, Purpose::Other] {
            let spent = day.take(noon(), 10_001, ceilings, purpose);
            assert!(matches!(spent, Err(NoSlot::DaySpent(_))), "{spent:?}");
        }
    }

    #[test]
    fn what_the_other_side_says_is_left_is_kept_for_orders_too() {
        let ceilings = ceilings(10_000, KEPT);
        let mut day = Day::default();
        day.learn(noon(), 0, Some(10_000), Some(KEPT + 1));
        assert!(day.take(noon(), 1, ceilings, Purpose::Other).is_ok());
        match day.take(noon(), 2, ceilings, Purpose::Other) {
            Err(NoSlot::Reserved { until }) => assert_eq!(until, noon() + BELIEVED_FOR),
            other => panic!("{other:?}"),
        }
        assert!(day.take(noon(), 2, ceilings, Purpose::Orders).is_ok());
    }

    #[test]
    fn a_smaller_day_keeps_a_smaller_part() {
        assert_eq!(kept_for_orders(10_000, ceilings(10_000, KEPT)), 2_000);
        assert_eq!(kept_for_orders(5_000, ceilings(10_000, KEPT)), 1_000);
        assert_eq!(kept_for_orders(1_000, ceilings(1_000, KEPT)), 500, "never more than half");
        assert_eq!(kept_for_orders(0, ceilings(0, KEPT)), 0);
    }

    #[test]
    fn calls_of_a_clock_that_ran_ahead_come_back_within_a_day() {
        let mut day = Day::default();
        take(&mut day, 1, noon() + TimeDelta::days(365), 1).unwrap();
        day.notice_clock(noon());
        assert_eq!(take(&mut day, 1, noon(), 2), Err(noon() + DAY + BUCKET));
    }
}
