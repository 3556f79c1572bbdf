//! How much longer than a second a sliding second must be, so that the other side counts no call too many.
//!
//! The other side counts calls when they arrive, we when they are sent. With a margin of m between the second and the
//! call that takes the place of one a second ago, nobody is refused as long as the one-way delay spreads by less than
//! m. A margin costs m of every second: 25 ms is 97.5 % of the limit, 100 ms is 91 %. So it has to be small on a calm
//! network and wide on a rough one, and a refusal is a dear way to tell them apart: it costs a call and about a second.
//!
//! It is told apart without a refusal. An answer says how many calls its second held when the call *arrived*; our own log
//! says how many it can have held if the delay spread by no more than d. The smallest d that explains the answer is
//! proven, and calls that are sent a few milliseconds apart prove it often: one that two later ones have overtaken has
//! been delayed by 16 ms more than they were. (Nothing is concluded from answers that say too little: on a server that
//! counts per calendar second they would prove what is not so. What another process spends proves too much, which
//! costs rate, not refusals.)
//!
//! The figures are from simulation: 300 times 600 calls, 16 in flight, answers of 0 ms or 0 to 300 ms, timers up to a
//! millisecond late and one in two hundred up to 15 ms. At a jitter of 20 ms hardly one answer in 600 proves 15 ms or
//! more, at 100 ms every fifth does. Four times the fourth largest proof of 100 to 200 answers, from 15 ms on, keeps
//! 97.3 % of the limit on the first and 90.8 % on the second; at most one trial in fifty meets a refusal, none two.
//! Tried and worse: twice the proof (refusals in nearly every trial at 100 ms), the second largest of 200 to 400 answers
//! times six without a threshold (97 % missed at 20 ms). With one timer in fifty up to 25 ms late, as on an overloaded
//! machine, a sixth of the trials at 20 ms is refused once and misses 97 %, whichever of the largest proofs counts.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// On a calm network.
const CALM_MS: u32 = 24;

/// Until the first answers have shown what the network is like.
const CAREFUL_MS: u32 = 75;
const CAREFUL_ANSWERS: u32 = 20;

/// The widest margin that proofs alone bring about.
const ROUGH_MS: u32 = 100;

/// Proofs below this are what a calm network shows too.
const CALM_SPREAD_MS: u32 = 15;
const MARGIN_PER_SPREAD: u32 = 4;

/// Proofs count for as long as one to two blocks of answers.
const BLOCK: u32 = 100;

/// After the first refusal, for every further one, and at most. A quarter of it fades with each block of answers: most
/// refusals are hiccups of a machine, and a network that is worse than the proofs say refuses again.
const REFUSED_MS: u32 = 105;
const REFUSED_AGAIN_MS: u32 = 25;
const REFUSED_CEILING_MS: u32 = 250;

/// A larger spread is none: then somebody else has used the key.
pub(super) const LARGEST_SPREAD: TimeDelta = TimeDelta::milliseconds(250);

/// What has been learned of the network.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Margin {
    answers: u32,
    in_block: u32,
    proofs: Proofs,
    earlier_proofs: Proofs,
    refused_ms: u32,
    /// Refusals of calls up to this number have been answered by a wider margin.
    covers: u64,
}

impl Margin {
    pub(super) fn width(&self) -> TimeDelta {
        let proven = self.proofs.and(self.earlier_proofs).fourth();
        let learned = if proven < CALM_SPREAD_MS {
            CALM_MS
        } else {
            proven.saturating_mul(MARGIN_PER_SPREAD).clamp(CALM_MS, ROUGH_MS)
        };
        let careful = if self.answers < CAREFUL_ANSWERS { CAREFUL_MS } else { 0 };
        TimeDelta::milliseconds(i64::from(learned.max(careful).max(self.refused_ms)))
    }

    /// A call was not refused, and its answer proves this spread of the delay.
    pub(super) fn accepted(&mut self, proven: Option<TimeDelta>) {
        if let Some(spread) = proven.filter(|spread| *spread < LARGEST_SPREAD) {
            self.proofs.add(u32::try_from(spread.num_milliseconds()).unwrap_or(0));
        }
        self.answers = self.answers.saturating_add(1).min(CAREFUL_ANSWERS);
        self.in_block = self.in_block.saturating_add(1);
        if self.in_block >= BLOCK {
            self.in_block = 0;
            self.earlier_proofs = std::mem::take(&mut self.proofs);
            self.refused_ms -= self.refused_ms.div_ceil(4);
        }
    }

    /// Call `number` was refused. One step per lesson: calls that were reserved before the margin grew, up to
    /// `reserved`, say nothing about the new one.
    pub(super) fn refused(&mut self, number: u64, reserved: u64) {
        if number > self.covers {
            let wider = self.refused_ms.saturating_add(REFUSED_AGAIN_MS);
            self.refused_ms = wider.clamp(REFUSED_MS, REFUSED_CEILING_MS);
            self.covers = reserved;
        }
    }
}

/// The four largest proofs of a block of answers, in milliseconds, largest first. Hiccups of a machine are no network, so
/// the fourth is the one that counts.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Proofs([u32; 4]);

impl Proofs {
    fn add(&mut self, proven: u32) {
        let Self([first, second, third, fourth]) = *self;
        let mut five = [first, second, third, fourth, proven];
        five.sort_unstable_by(|one, other| other.cmp(one));
        let [first, second, third, fourth, _] = five;
        *self = Self([first, second, third, fourth]);
    }

    fn and(mut self, others: Self) -> Self {
        for proven in others.0 {
            self.add(proven);
        }
        self
    }

    fn fourth(self) -> u32 {
        let Self([_, _, _, fourth]) = self;
        fourth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(answers: u32, proven_ms: i64) -> Margin {
        let mut margin = Margin::default();
        for _ in 0..answers {
            margin.accepted(Some(TimeDelta::milliseconds(proven_ms)));
        }
        margin
    }

    fn width_ms(margin: &Margin) -> i64 {
        margin.width().num_milliseconds()
    }

    #[test]
    fn the_first_calls_are_careful_and_a_calm_network_is_then_trusted() {
        assert_eq!(width_ms(&after(0, 0)), 75);
        assert_eq!(width_ms(&after(19, 8)), 75);
        assert_eq!(width_ms(&after(20, 8)), 24);
    }

    #[test]
    fn a_rough_network_widens_and_is_forgotten_after_two_blocks() {
        assert_eq!(width_ms(&after(20, 16)), 64);
        let mut margin = after(20, 60);
        assert_eq!(width_ms(&margin), 100);
        for _ in 0..180 {
            margin.accepted(None);
        }
        assert_eq!(width_ms(&margin), 24);
    }

    #[test]
    fn three_hiccups_are_no_network_and_neither_is_somebody_else() {
        let mut margin = after(20, 0);
        for _ in 0..3 {
            margin.accepted(Some(TimeDelta::milliseconds(90)));
        }
        for _ in 0..50 {
            margin.accepted(Some(TimeDelta::milliseconds(250)));
        }
        assert_eq!(width_ms(&margin), 24);
    }

    #[test]
    fn refusals_widen_once_a_lesson_and_fade() {
        let mut margin = after(20, 0);
        for number in 1..=3 {
            margin.refused(number, 3);
        }
        assert_eq!(width_ms(&margin), 105, "three refusals of one burst are one lesson");
        for number in 4..40 {
            margin.refused(number, number);
        }
        assert_eq!(width_ms(&margin), 250);
        for _ in 0..3_000 {
            margin.accepted(None);
        }
        assert_eq!(width_ms(&margin), 24);
    }
}
