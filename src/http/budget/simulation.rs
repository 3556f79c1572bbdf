//! The budget against a strict server in simulated time: 600 calls, a sliding log on arrival, a one-way delay that varies.

use std::collections::{BTreeMap, VecDeque};

use super::*;

const CEILINGS: Ceilings =
    Ceilings { per_second: 10, per_day: 1_000_000, reserved_for_orders: 2_000 };
const CALLS: usize = 600;
/// In microseconds: the first ten calls may come at once.
const IDEAL: i64 = 59_000_000;

/// Times in microseconds.
#[derive(Debug, Clone, Copy)]
struct Network {
    jitter: i64,
    answer: (i64, i64),
    in_flight: usize,
    header: bool,
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Asked,
    Arrives(Slot),
    Answered { slot: Slot, remaining: usize, refused: bool },
}

#[derive(Debug, Clone, Copy)]
struct Outcome {
    refused: usize,
    /// In hundredths of a percent of the limit.
    share: i64,
}

fn moment(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_264_000, 0).unwrap() + TimeDelta::microseconds(at)
}

fn position(moment_: DateTime<Utc>) -> i64 {
    (moment_ - moment(0)).num_microseconds().unwrap()
}

/// A timer is up to a millisecond late, and one in two hundred up to 15 ms.
fn lateness(random: &mut fastrand::Rng) -> i64 {
    let hiccup = if random.u32(0..200) == 0 { random.i64(0..=15_000) } else { 0 };
    random.i64(0..=1_000) + hiccup
}

fn run(network: Network, seed: u64) -> Outcome {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut budget = Budget::default();
    let mut events: BTreeMap<(i64, usize), Event> =
        (0..network.in_flight).map(|id| ((0, id), Event::Asked)).collect();
    let (mut id, mut left) = (network.in_flight, CALLS - network.in_flight);
    let mut log: VecDeque<i64> = VecDeque::new();
    let (mut first, mut last, mut refused_calls) = (None, 0, 0);
    while let Some(((at, _), event)) = events.pop_first() {
        let now = moment(at);
        let next = match event {
            Event::Asked => {
                let slot =
                    budget.reserve(now, CEILINGS, Purpose::Orders, TimeDelta::days(1)).unwrap();
                let sent = position(slot.send_at) + lateness(&mut random);
                Some((sent + random.i64(0..=network.jitter), Event::Arrives(slot)))
            }
            Event::Arrives(slot) => {
                while log.front().is_some_and(|oldest| *oldest <= at - 1_000_000) {
                    log.pop_front();
                }
                let refused = log.len() >= 10;
                if refused {
                    refused_calls += 1;
                } else {
                    log.push_back(at);
                    first.get_or_insert(at);
                    last = at;
                }
                let back = random.i64(network.answer.0..=network.answer.1)
                    + random.i64(0..=network.jitter);
                let remaining = 10 - log.len();
                Some((at + back, Event::Answered { slot, remaining, refused }))
            }
            Event::Answered { slot, remaining, refused } => {
                let allowance = Allowance {
                    per_second: network.header.then_some(10),
                    remaining_this_second: network
                        .header
                        .then(|| u32::try_from(remaining).unwrap()),
                    retry_after: refused.then_some(SECOND),
                    ..Allowance::default()
                };
                budget.learn(now, slot, &allowance, refused);
                if !refused {
                    left = left.saturating_sub(1);
                }
                (refused || left > 0).then_some((at, Event::Asked))
            }
        };
        if let Some((at, event)) = next {
            id += 1;
            events.insert((at, id), event);
        }
    }
    Outcome { refused: refused_calls, share: IDEAL * 10_000 / (last - first.unwrap()) }
}

/// How many of the trials miss the share or are refused more than once.
fn misses(network: Network, share: i64, trials: u64) -> usize {
    (0..trials)
        .filter(|seed| {
            let outcome = run(network, *seed);
            outcome.share < share || outcome.refused > 1
        })
        .count()
}

/// Every pace of answers, and enough calls in flight for it.
fn networks(jitter: i64) -> impl Iterator<Item = Network> {
    [(0, 0), (100_000, 100_000), (300_000, 300_000), (0, 300_000)]
        .map(|answer| Network { jitter, answer, in_flight: 16, header: true })
        .into_iter()
}

#[test]
fn a_calm_network_is_used_to_97_percent() {
    for network in networks(20_000).chain(networks(0)) {
        let missed = misses(network, 9_700, 25);
        assert!(missed <= 1, "{network:?}: {missed} of 25");
    }
}

#[test]
fn a_rough_network_is_used_to_90_percent_almost_without_refusals() {
    for network in networks(100_000) {
        let missed = misses(network, 9_000, 25);
        assert!(missed <= 1, "{network:?}: {missed} of 25");
        let refused: usize = (100..120).map(|seed| run(network, seed).refused).sum();
        assert!(refused <= 2, "{network:?}: {refused} of 12,000 refused");
    }
}

#[test]
fn a_middling_network_is_found_between_the_two() {
    for network in networks(50_000) {
        let missed = misses(network, 9_000, 25);
        assert!(missed <= 2, "{network:?}: {missed} of 25");
    }
}

#[test]
fn without_the_header_refusals_teach_and_stay_rare() {
    for network in networks(100_000) {
        let network = Network { header: false, ..network };
        let refused: usize = (0..10).map(|seed| run(network, seed).refused).sum();
        assert!(refused <= 60, "{network:?}: {refused} of 6,000 refused");
    }
}
