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

    /// The next free slot, at `now` or later.
    ///
    /// # Errors
    ///
    /// When the day's calls are spent: then nothing is reserved.
    pub fn reserve(&self, now: DateTime<Utc>) -> Result<Slot, DaySpent> {
        self.state().reserve(now)
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

    fn reserve(&mut self, now: DateTime<Utc>) -> Result<Slot, DaySpent> {
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CEILINGS: Ceilings = Ceilings { per_second: 10, per_day: 10_000 };
    const QUIET: Allowance = Allowance {
        per_second: None,
        remaining_this_second: None,
        per_day: None,
        remaining_today: None,
        retry_after: None,
    };

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_788_264_000, 0).unwrap()
    }

    fn milliseconds(number: i64) -> TimeDelta {
        TimeDelta::milliseconds(number)
    }

    #[test]
    fn the_first_second_goes_at_once_and_the_next_waits_for_it() {
        let limiter = Limiter::new(CEILINGS);
        for _ in 0..10 {
            assert_eq!(limiter.reserve(noon()).unwrap().send_at, noon());
        }
        let next = noon() + SECOND + MARGIN_START;
        assert_eq!(limiter.reserve(noon()).unwrap().send_at, next);
    }

    #[test]
    fn a_refusal_widens_the_margin_once_and_holds_everybody() {
        let limiter = Limiter::new(CEILINGS);
        let slots: Vec<_> = (0..3).map(|_| limiter.reserve(noon()).unwrap()).collect();
        for slot in slots {
            limiter.learn(noon(), slot, &QUIET, true);
        }
        assert_eq!(
            limiter.margin(),
            milliseconds(50),
            "three refusals of one burst are one lesson"
        );
        let slot = limiter.reserve(noon()).unwrap();
        assert_eq!(slot.send_at, noon() + SECOND);
        for _ in 0..20 {
            let slot = limiter.reserve(noon()).unwrap();
            limiter.learn(noon(), slot, &QUIET, true);
        }
        assert_eq!(limiter.margin(), MARGIN_CEILING);
    }

    #[test]
    fn a_hundred_clean_calls_take_a_millisecond_off() {
        let limiter = Limiter::new(CEILINGS);
        let slot = limiter.reserve(noon()).unwrap();
        for _ in 0..99 {
            limiter.learn(noon(), slot, &QUIET, false);
        }
        assert_eq!(limiter.margin(), milliseconds(25));
        limiter.learn(noon(), slot, &QUIET, false);
        assert_eq!(limiter.margin(), milliseconds(24));
    }

    #[test]
    fn a_retry_after_holds_everybody() {
        let limiter = Limiter::new(CEILINGS);
        let slot = limiter.reserve(noon()).unwrap();
        let asked = Allowance { retry_after: Some(TimeDelta::seconds(7)), ..QUIET };
        limiter.learn(noon(), slot, &asked, true);
        assert_eq!(limiter.reserve(noon()).unwrap().send_at, noon() + TimeDelta::seconds(7));
    }

    #[test]
    fn a_daily_refusal_is_no_matter_of_the_margin() {
        let limiter = Limiter::new(CEILINGS);
        let slot = limiter.reserve(noon()).unwrap();
        let day = TimeDelta::seconds(86_400);
        let spent = Allowance { remaining_today: Some(0), retry_after: Some(day), ..QUIET };
        limiter.learn(noon(), slot, &spent, true);
        assert_eq!(limiter.margin(), MARGIN_START);
        assert_eq!(limiter.reserve(noon()), Err(DaySpent { until: noon() + day }));
    }

    #[test]
    fn headers_lower_the_rate_and_raise_it_up_to_the_ceiling() {
        let limiter = Limiter::new(CEILINGS);
        let slot = limiter.reserve(noon()).unwrap();
        limiter.learn(noon(), slot, &Allowance { per_second: Some(2), ..QUIET }, false);
        assert_eq!(limiter.reserve(noon()).unwrap().send_at, noon());
        assert_eq!(limiter.reserve(noon()).unwrap().send_at, noon() + milliseconds(1_025));
        let later = noon() + TimeDelta::minutes(1);
        limiter.learn(later, slot, &Allowance { per_second: Some(500), ..QUIET }, false);
        let at_once = (0..30).filter(|_| limiter.reserve(later).unwrap().send_at == later).count();
        assert_eq!(at_once, 10);
    }

    #[test]
    fn a_second_that_somebody_else_filled_is_waited_for() {
        let limiter = Limiter::new(CEILINGS);
        let slot = limiter.reserve(noon()).unwrap();
        let full = Allowance { remaining_this_second: Some(0), ..QUIET };
        limiter.learn(noon() + milliseconds(80), slot, &full, false);
        assert_eq!(limiter.reserve(noon()).unwrap().send_at, noon() + milliseconds(1_080));

        let alone = Limiter::new(CEILINGS);
        let own: Vec<_> = (0..10).map(|_| alone.reserve(noon()).unwrap()).collect();
        alone.learn(noon() + milliseconds(80), own[9], &full, false);
        let next = alone.reserve(noon() + milliseconds(80)).unwrap().send_at;
        assert_eq!(next, noon() + milliseconds(1_025), "our own calls filled it: no extra wait");
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_hold_calls() {
        let limiter = Limiter::new(CEILINGS);
        for _ in 0..20 {
            limiter.reserve(noon()).unwrap();
        }
        let corrected = noon() - TimeDelta::hours(1);
        assert_eq!(limiter.reserve(corrected).unwrap().send_at, corrected);
    }

    /// A strict server in simulated time: a sliding log on arrival, each way taking up to `jitter_ms` more.
    /// Answers (accepted, refused, milliseconds that it took).
    fn against_a_strict_server(calls: u32, jitter_ms: i64, seed: u64) -> (u32, u32, i64) {
        let mut random = fastrand::Rng::with_seed(seed);
        let limiter = Limiter::new(CEILINGS);
        let mut log: VecDeque<DateTime<Utc>> = VecDeque::new();
        let (mut accepted, mut refused) = (0, 0);
        // (moment, what happens, slot): 0 = a call arrives, 1 = an answer arrives; 30 calls are in flight.
        let mut events = std::collections::BTreeMap::new();
        let mut last = noon();
        let mut sequence = 0_u32;
        let mut send = |events: &mut std::collections::BTreeMap<_, _>,
                        random: &mut fastrand::Rng,
                        now: DateTime<Utc>| {
            let slot = limiter.reserve(now).unwrap();
            sequence += 1;
            let arrival = slot.send_at + milliseconds(40 + random.i64(0..=jitter_ms));
            events.insert((arrival, sequence), (slot, None));
        };
        for _ in 0..30 {
            send(&mut events, &mut random, noon());
        }
        while let Some(((now, id), (slot, verdict))) = events.pop_first() {
            if let Some(was_refused) = verdict {
                limiter.learn(now, slot, &QUIET, was_refused);
                if accepted + refused < calls {
                    send(&mut events, &mut random, now);
                }
                continue;
            }
            while log.front().is_some_and(|oldest| *oldest <= now - SECOND) {
                log.pop_front();
            }
            let refuse = log.len() >= 10;
            if refuse {
                refused += 1;
            } else {
                accepted += 1;
                log.push_back(now);
                last = now;
            }
            let back = now + milliseconds(40 + random.i64(0..=jitter_ms));
            events.insert((back, id), (slot, Some(refuse)));
        }
        (accepted, refused, (last - noon()).num_milliseconds())
    }

    /// Accepted calls in percent of what a sliding second of ten admits, the first ten being free.
    fn percent_of_limit(accepted: u32, took_ms: i64) -> i64 {
        (i64::from(accepted) - 10) * 100 * 100 / took_ms
    }

    #[test]
    fn a_strict_server_is_used_to_97_percent_and_hardly_ever_refuses() {
        for seed in 0..5 {
            let (accepted, refused, took_ms) = against_a_strict_server(1_200, 20, seed);
            let percent = percent_of_limit(accepted, took_ms);
            assert!(percent >= 97, "seed {seed}: {percent} %");
            assert!(refused <= 2, "seed {seed}: {refused} of 1,200 refused");
        }
    }

    #[test]
    fn a_jittery_network_is_learned() {
        for seed in 0..5 {
            let (accepted, refused, took_ms) = against_a_strict_server(6_000, 100, seed);
            let percent = percent_of_limit(accepted, took_ms);
            assert!(percent >= 90, "seed {seed}: {percent} %");
            assert!(refused <= 10, "seed {seed}: {refused} of 6,000 refused");
        }
    }

    proptest! {
        #[test]
        fn no_sliding_second_holds_more_than_the_limit(
            per_second in 1_u32..12,
            steps in prop::collection::vec((-50_i64..400, any::<bool>(), 0_u32..15), 1..200),
        ) {
            let limiter = Limiter::new(Ceilings { per_second, per_day: 1_000_000 });
            let mut now = noon();
            let mut sends = Vec::new();
            for (step_ms, refused, header) in steps {
                now += milliseconds(step_ms);
                let slot = limiter.reserve(now).unwrap();
                prop_assert!(slot.send_at >= now);
                sends.push(slot.send_at);
                let allowance = Allowance { per_second: Some(per_second + header), ..QUIET };
                limiter.learn(now, slot, &allowance, refused);
            }
            prop_assert!(sends.is_sorted());
            let limit = usize::try_from(per_second).unwrap();
            for pair in sends.windows(limit + 1) {
                prop_assert!(pair[limit] - pair[0] >= SECOND);
            }
        }

        #[test]
        fn no_rolling_day_holds_more_than_the_budget(
            per_day in 1_u32..30,
            steps_s in prop::collection::vec(0_i64..20_000, 1..200),
        ) {
            let limiter = Limiter::new(Ceilings { per_second: 10, per_day });
            let mut now = noon();
            let mut sends: Vec<DateTime<Utc>> = Vec::new();
            for step_s in steps_s {
                now += TimeDelta::seconds(step_s);
                match limiter.reserve(now) {
                    Ok(slot) => sends.push(slot.send_at),
                    Err(spent) => {
                        prop_assert!(spent.until > now);
                        prop_assert!(spent.until - now <= TimeDelta::minutes(24 * 60 + 5));
                    }
                }
            }
            let budget = usize::try_from(per_day).unwrap();
            for pair in sends.windows(budget + 1) {
                prop_assert!(pair[budget] - pair[0] >= TimeDelta::hours(24));
            }
        }
    }
}
