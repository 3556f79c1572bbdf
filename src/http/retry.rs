//! Which failures pass by themselves, and when to try again. A schedule, not a loop: it never sleeps.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Whether an answer with this status may be different next time: 408, 425, 429 and 5xx, except 501.
///
/// Failures without a status are judged by [`HttpError::is_transient`](crate::http::HttpError::is_transient).
pub fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599) && status != 501
}

/// How patiently a call is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The wait after the first failure, before jitter; it doubles with each further one.
    pub first: Duration,
    /// No wait grows beyond this, unless the other side asks for more.
    pub ceiling: Duration,
    /// From the first attempt to the last; a wait that would end later is not begun.
    pub deadline: Duration,
}

impl Backoff {
    /// The wait after the failed attempt `attempt` (the first is 1): half of it fixed, half of it drawn from
    /// `seed`, so that callers that failed together do not return together.
    pub fn delay(&self, attempt: u32, seed: u64) -> Duration {
        let doublings = attempt.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        let whole = self.first.saturating_mul(factor).min(self.ceiling);
        let half_ms = u64::try_from(whole.as_millis() / 2).unwrap_or(u64::MAX);
        let drawn_ms = fastrand::Rng::with_seed(seed ^ u64::from(attempt)).u64(0..=half_ms);
        (whole / 2).saturating_add(Duration::from_millis(drawn_ms))
    }
}

/// The attempts at one call: how many there were, and whether and when there is another.
#[derive(Debug, Clone)]
pub struct Attempts {
    backoff: Backoff,
    seed: u64,
    give_up_at: DateTime<Utc>,
    failed: u32,
}

impl Attempts {
    /// Begins to count at `now`; `seed` decides the jitter.
    pub fn begin(backoff: Backoff, now: DateTime<Utc>, seed: u64) -> Self {
        Self { backoff, seed, give_up_at: later(now, backoff.deadline), failed: 0 }
    }

    /// How many attempts have failed.
    pub fn failed(&self) -> u32 {
        self.failed
    }

    /// When no further attempt begins.
    pub fn give_up_at(&self) -> DateTime<Utc> {
        self.give_up_at
    }

    /// Counts a transient failure and says when to try again; `None` when that would be too late. A `retry_after`
    /// of the other side is obeyed, and never shortens the wait.
    pub fn after_failure(
        &mut self,
        now: DateTime<Utc>,
        retry_after: Option<TimeDelta>,
    ) -> Option<DateTime<Utc>> {
        self.failed = self.failed.saturating_add(1);
        let planned = later(now, self.backoff.delay(self.failed, self.seed));
        let asked = retry_after.and_then(|wait| now.checked_add_signed(wait));
        let at = asked.map_or(planned, |asked| asked.max(planned));
        (at <= self.give_up_at).then_some(at)
    }
}

fn later(moment: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by)
        .ok()
        .and_then(|by| moment.checked_add_signed(by))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BACKOFF: Backoff = Backoff {
        first: Duration::from_millis(500),
        ceiling: Duration::from_secs(30),
        deadline: Duration::from_mins(2),
    };

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_788_264_000, 0).unwrap()
    }

    #[test]
    fn what_passes_by_itself_is_told_from_what_does_not() {
        for status in [408, 425, 429, 500, 502, 503, 504, 520] {
            assert!(is_transient(status), "{status}");
        }
        for status in [200, 301, 400, 401, 403, 404, 409, 422, 501] {
            assert!(!is_transient(status), "{status}");
        }
    }

    #[test]
    fn waits_double_up_to_the_ceiling() {
        for (attempt, whole_ms) in
            [(1, 500_u128), (2, 1_000), (5, 8_000), (7, 30_000), (99, 30_000)]
        {
            let delay_ms = BACKOFF.delay(attempt, 7).as_millis();
            assert!((whole_ms / 2..=whole_ms).contains(&delay_ms), "{attempt}: {delay_ms} ms");
        }
    }

    #[test]
    fn callers_that_failed_together_do_not_return_together() {
        let delays: std::collections::BTreeSet<_> =
            (0..20).map(|seed| BACKOFF.delay(6, seed)).collect();
        assert!(delays.len() > 15, "{delays:?}");
        assert_eq!(BACKOFF.delay(6, 3), BACKOFF.delay(6, 3), "the same seed draws the same wait");
    }

    #[test]
    fn a_retry_after_is_obeyed_and_never_shortens_the_wait() {
        let mut attempts = Attempts::begin(BACKOFF, noon(), 1);
        let asked = TimeDelta::seconds(40);
        assert_eq!(attempts.after_failure(noon(), Some(asked)), Some(noon() + asked));
        let at = attempts.after_failure(noon(), Some(TimeDelta::zero())).unwrap();
        assert!(at >= noon() + TimeDelta::milliseconds(500));
        assert_eq!(attempts.failed(), 2);
    }

    #[test]
    fn nobody_waits_past_the_deadline() {
        let mut attempts = Attempts::begin(BACKOFF, noon(), 1);
        assert_eq!(attempts.after_failure(noon(), Some(TimeDelta::days(1))), None);
        let late = noon() + TimeDelta::seconds(120);
        assert_eq!(attempts.after_failure(late, None), None);
    }

    proptest! {
        #[test]
        fn the_schedule_ends_and_stays_within_its_bounds(
            seed in any::<u64>(),
            first_ms in 1_u64..5_000,
            ceiling_ms in 1_u64..60_000,
            deadline_s in 0_u64..3_600,
        ) {
            let backoff = Backoff {
                first: Duration::from_millis(first_ms),
                ceiling: Duration::from_millis(ceiling_ms),
                deadline: Duration::from_secs(deadline_s),
            };
            let mut attempts = Attempts::begin(backoff, noon(), seed);
            let mut now = noon();
            for _ in 0..50 {
                let Some(at) = attempts.after_failure(now, None) else { break };
                prop_assert!(at >= now && at <= attempts.give_up_at());
                prop_assert!((at - now).to_std().unwrap() <= backoff.ceiling);
                now = at;
            }
        }
    }
}
