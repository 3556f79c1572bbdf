//! The limiter under a clock that the tests move, and against a strict server in simulated time.

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

const FOREVER: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

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
        assert_eq!(limiter.reserve(noon(), FOREVER).unwrap().send_at, noon());
    }
    let next = noon() + SECOND + MARGIN_START;
    assert_eq!(limiter.reserve(noon(), FOREVER).unwrap().send_at, next);
}

#[test]
fn a_slot_that_comes_too_late_is_left_to_others() {
    let limiter = Limiter::new(Ceilings { per_second: 1, per_day: 2 });
    limiter.reserve(noon(), noon()).unwrap();
    let free_at = noon() + SECOND + MARGIN_START;
    for _ in 0..5 {
        assert_eq!(limiter.reserve(noon(), noon() + SECOND), Err(NoSlot::TooLate { free_at }));
    }
    assert_eq!(limiter.reserve(noon(), free_at).unwrap().send_at, free_at);
    assert!(matches!(limiter.reserve(free_at, FOREVER), Err(NoSlot::DaySpent(_))));
}

#[test]
fn a_refusal_widens_the_margin_once_and_holds_everybody() {
    let limiter = Limiter::new(CEILINGS);
    let slots: Vec<_> = (0..3).map(|_| limiter.reserve(noon(), FOREVER).unwrap()).collect();
    for slot in slots {
        limiter.learn(noon(), slot, &QUIET, true);
    }
    assert_eq!(limiter.margin(), milliseconds(50), "three refusals of one burst are one lesson");
    let slot = limiter.reserve(noon(), FOREVER).unwrap();
    assert_eq!(slot.send_at, noon() + SECOND);
    for _ in 0..20 {
        let slot = limiter.reserve(noon(), FOREVER).unwrap();
        limiter.learn(noon(), slot, &QUIET, true);
    }
    assert_eq!(limiter.margin(), MARGIN_CEILING);
}

#[test]
fn a_hundred_clean_calls_take_a_millisecond_off() {
    let limiter = Limiter::new(CEILINGS);
    let slot = limiter.reserve(noon(), FOREVER).unwrap();
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
    let slot = limiter.reserve(noon(), FOREVER).unwrap();
    let asked = Allowance { retry_after: Some(TimeDelta::seconds(7)), ..QUIET };
    limiter.learn(noon(), slot, &asked, true);
    assert_eq!(limiter.reserve(noon(), FOREVER).unwrap().send_at, noon() + TimeDelta::seconds(7));
}

#[test]
fn a_daily_refusal_is_no_matter_of_the_margin() {
    let limiter = Limiter::new(CEILINGS);
    let slot = limiter.reserve(noon(), FOREVER).unwrap();
    let day = TimeDelta::seconds(86_400);
    let spent = Allowance { remaining_today: Some(0), retry_after: Some(day), ..QUIET };
    limiter.learn(noon(), slot, &spent, true);
    assert_eq!(limiter.margin(), MARGIN_START);
    assert_eq!(limiter.reserve(noon(), FOREVER), Err(DaySpent { until: noon() + day }.into()));
}

#[test]
fn headers_lower_the_rate_and_raise_it_up_to_the_ceiling() {
    let limiter = Limiter::new(CEILINGS);
    let slot = limiter.reserve(noon(), FOREVER).unwrap();
    limiter.learn(noon(), slot, &Allowance { per_second: Some(2), ..QUIET }, false);
    assert_eq!(limiter.reserve(noon(), FOREVER).unwrap().send_at, noon());
    assert_eq!(limiter.reserve(noon(), FOREVER).unwrap().send_at, noon() + milliseconds(1_025));
    let later = noon() + TimeDelta::minutes(1);
    limiter.learn(later, slot, &Allowance { per_second: Some(500), ..QUIET }, false);
    let at_once =
        (0..30).filter(|_| limiter.reserve(later, FOREVER).unwrap().send_at == later).count();
    assert_eq!(at_once, 10);
}

#[test]
fn a_second_that_somebody_else_filled_is_waited_for() {
    let limiter = Limiter::new(CEILINGS);
    let slot = limiter.reserve(noon(), FOREVER).unwrap();
    let full = Allowance { remaining_this_second: Some(0), ..QUIET };
    limiter.learn(noon() + milliseconds(80), slot, &full, false);
    assert_eq!(limiter.reserve(noon(), FOREVER).unwrap().send_at, noon() + milliseconds(1_080));

    let alone = Limiter::new(CEILINGS);
    let own: Vec<_> = (0..10).map(|_| alone.reserve(noon(), FOREVER).unwrap()).collect();
    alone.learn(noon() + milliseconds(80), own[9], &full, false);
    let next = alone.reserve(noon() + milliseconds(80), FOREVER).unwrap().send_at;
    assert_eq!(next, noon() + milliseconds(1_025), "our own calls filled it: no extra wait");
}

#[test]
fn a_clock_that_is_set_back_does_not_hold_calls() {
    let limiter = Limiter::new(CEILINGS);
    for _ in 0..20 {
        limiter.reserve(noon(), FOREVER).unwrap();
    }
    let corrected = noon() - TimeDelta::hours(1);
    assert_eq!(limiter.reserve(corrected, FOREVER).unwrap().send_at, corrected);
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
        let slot = limiter.reserve(now, FOREVER).unwrap();
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
            let slot = limiter.reserve(now, FOREVER).unwrap();
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
            match limiter.reserve(now, FOREVER) {
                Ok(slot) => sends.push(slot.send_at),
                Err(NoSlot::TooLate { free_at }) => prop_assert!(false, "{free_at}"),
                Err(NoSlot::DaySpent(spent)) => {
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
