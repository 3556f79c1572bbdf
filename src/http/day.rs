//! The calls of a rolling day.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

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

/// What the other side said is left, as the number of the last call that it covers: calls that were reserved
/// after the answered one are accounted for without knowing which of them have arrived.
#[derive(Debug, Clone, Copy)]
struct Told {
    last_number: u64,
    believed_until: DateTime<Utc>,
}

/// Counts calls by the time they are sent; times must not run backwards.
#[derive(Debug)]
pub(super) struct Day {
    ceiling: u32,
    limit: u32,
    buckets: VecDeque<Bucket>,
    counted: u32,
    told: Option<Told>,
    closed_until: Option<DateTime<Utc>>,
}

#[derive(Debug)]
struct Bucket {
    end: DateTime<Utc>,
    calls: u32,
}

impl Day {
    pub(super) fn new(ceiling: u32) -> Self {
        Self {
            ceiling,
            limit: ceiling,
            buckets: VecDeque::new(),
            counted: 0,
            told: None,
            closed_until: None,
        }
    }

    /// Takes the call with this number, to be sent at `send_at`, out of the budget.
    pub(super) fn take(&mut self, send_at: DateTime<Utc>, number: u64) -> Result<(), DaySpent> {
        if let Some(until) = self.closed_until.filter(|until| send_at < *until) {
            return Err(DaySpent { until });
        }
        if let Some(told) = self.told
            && send_at < told.believed_until
            && number > told.last_number
        {
            return Err(DaySpent { until: told.believed_until });
        }
        self.give_back(send_at);
        if self.counted >= self.limit {
            let until = self.buckets.front().map_or(send_at + DAY, |oldest| oldest.end + DAY);
            return Err(DaySpent { until });
        }
        self.count(send_at);
        Ok(())
    }

    /// Takes in what the answer to the call `number` said. A limit above the ceiling does not raise it.
    pub(super) fn learn(
        &mut self,
        now: DateTime<Utc>,
        number: u64,
        per_day: Option<u32>,
        remaining: Option<u32>,
    ) {
        if let Some(per_day) = per_day {
            self.limit = per_day.min(self.ceiling);
        }
        if let Some(remaining) = remaining {
            self.told = Some(Told {
                last_number: number.saturating_add(u64::from(remaining)),
                believed_until: now + BELIEVED_FOR,
            });
        }
    }

    /// No call until `wait` has passed, or until it is worth asking again.
    pub(super) fn close(&mut self, now: DateTime<Utc>, wait: Option<TimeDelta>) {
        let until = now + wait.unwrap_or(BELIEVED_FOR);
        self.closed_until = Some(self.closed_until.map_or(until, |known| known.max(until)));
    }

    fn give_back(&mut self, now: DateTime<Utc>) {
        while let Some(oldest) = self.buckets.front()
            && oldest.end + DAY <= now
        {
            self.counted = self.counted.saturating_sub(oldest.calls);
            self.buckets.pop_front();
        }
    }

    fn count(&mut self, send_at: DateTime<Utc>) {
        self.counted = self.counted.saturating_add(1);
        match self.buckets.back_mut() {
            Some(last) if send_at < last.end => last.calls = last.calls.saturating_add(1),
            Some(_) | None => self.buckets.push_back(Bucket { end: send_at + BUCKET, calls: 1 }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_788_264_000, 0).unwrap()
    }

    #[test]
    fn calls_come_back_a_day_after_they_were_made() {
        let mut day = Day::new(2);
        assert_eq!(day.take(noon(), 1), Ok(()));
        assert_eq!(day.take(noon() + TimeDelta::hours(1), 2), Ok(()));
        let until = noon() + DAY + BUCKET;
        assert_eq!(day.take(noon() + TimeDelta::hours(2), 3), Err(DaySpent { until }));
        assert_eq!(day.take(until, 3), Ok(()));
        assert!(day.take(until, 4).is_err(), "the call of 13:00 is still within the day");
    }

    #[test]
    fn what_is_said_to_remain_counts_calls_in_flight() {
        let mut day = Day::new(10_000);
        for number in 1..=5 {
            day.take(noon(), number).unwrap();
        }
        // The answer to the first call says that three are left: the calls 2, 3 and 4. Call 5 is out already.
        day.learn(noon(), 1, Some(10_000), Some(3));
        assert_eq!(day.take(noon(), 6), Err(DaySpent { until: noon() + BELIEVED_FOR }));
        assert_eq!(day.take(noon() + BELIEVED_FOR, 6), Ok(()), "then it is asked again");
    }

    #[test]
    fn a_refusal_closes_the_day_for_as_long_as_it_says() {
        let mut day = Day::new(10_000);
        day.close(noon(), Some(TimeDelta::hours(24)));
        assert_eq!(day.take(noon(), 1), Err(DaySpent { until: noon() + DAY }));
        day.close(noon(), None);
        assert_eq!(day.take(noon(), 1), Err(DaySpent { until: noon() + DAY }), "never shortened");
        assert_eq!(day.take(noon() + DAY, 1), Ok(()));
    }

    #[test]
    fn a_lower_limit_is_believed_and_a_higher_one_is_not() {
        let mut day = Day::new(3);
        day.learn(noon(), 0, Some(1), None);
        assert_eq!(day.take(noon(), 1), Ok(()));
        assert!(day.take(noon(), 2).is_err());
        day.learn(noon(), 1, Some(100), None);
        assert_eq!((day.take(noon(), 2), day.take(noon(), 3)), (Ok(()), Ok(())));
        assert!(day.take(noon(), 4).is_err());
    }
}
