//! Etsy's two limits, enforced without mercy: so many calls in any second, so many in any 24 hours
//! (<https://developers.etsy.com/documentation/essentials/rate-limits>).

use std::collections::VecDeque;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use tokio::time::Instant;

use super::options::LimitHeaders;
use super::refusal::Refusal;

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);
/// Etsy sums the day in buckets of a width that it does not tell.
const BUCKET: Duration = Duration::from_mins(5);

/// Limit and rest of the second, limit and rest of the day.
const ETSY: [&str; 4] =
    ["x-limit-per-second", "x-remaining-this-second", "x-limit-per-day", "x-remaining-today"];
const MISPRINTED: [&str; 4] =
    ["x-limit-per-second", "x-remaining-this-secon", "x-limit-per-day", "x-remaining-today"];
const RATE_LIMIT: [&str; 4] = [
    "x-ratelimit-limit-second",
    "x-ratelimit-remaining-second",
    "x-ratelimit-limit-day",
    "x-ratelimit-remaining-day",
];

/// Counts calls on arrival. Calls that it refuses are not counted.
#[derive(Debug)]
pub(super) struct Limiter {
    per_second: Option<u32>,
    per_day: Option<u32>,
    headers: LimitHeaders,
    last_second: VecDeque<Instant>,
    /// The start of each bucket and the calls in it.
    last_day: VecDeque<(Instant, u32)>,
    pub(super) refused_per_second: u64,
    pub(super) refused_per_day: u64,
}

/// What the headers of an answer say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    per_second: Option<u32>,
    left_this_second: u32,
    per_day: Option<u32>,
    left_today: u32,
    retry_after: Option<u64>,
    headers: LimitHeaders,
}

impl Limiter {
    pub(super) fn new(
        per_second: Option<u32>,
        per_day: Option<u32>,
        headers: LimitHeaders,
    ) -> Self {
        Self {
            per_second,
            per_day,
            headers,
            last_second: VecDeque::new(),
            last_day: VecDeque::new(),
            refused_per_second: 0,
            refused_per_day: 0,
        }
    }

    /// Counts a call that arrives at `now`, or refuses it; the second is judged before the day.
    pub(super) fn admit(&mut self, now: Instant) -> (Standing, Result<(), Refusal>) {
        while self.last_second.front().is_some_and(|call| now.duration_since(*call) >= SECOND) {
            self.last_second.pop_front();
        }
        while self.last_day.front().is_some_and(|(start, _)| now.duration_since(*start) >= DAY) {
            self.last_day.pop_front();
        }
        let refusal = |words: &str| Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, words));
        let standing = self.standing();
        if self.per_second.is_some() && standing.left_this_second == 0 {
            self.refused_per_second = self.refused_per_second.saturating_add(1);
            let standing = Standing { retry_after: Some(1), ..standing };
            return (standing, refusal("Exceeded per second rate limit"));
        }
        if self.per_day.is_some() && standing.left_today == 0 {
            self.refused_per_day = self.refused_per_day.saturating_add(1);
            // Seen so, whenever the next bucket falls out (<https://github.com/etsy/open-api/issues/256>).
            let standing = Standing { retry_after: Some(DAY.as_secs()), ..standing };
            return (standing, refusal("Exceeded daily rate limit"));
        }
        self.count(now);
        (self.standing(), Ok(()))
    }

    fn count(&mut self, now: Instant) {
        if self.per_second.is_some() {
            self.last_second.push_back(now);
        }
        match self.last_day.back_mut() {
            Some((start, calls)) if now.duration_since(*start) < BUCKET => {
                *calls = calls.saturating_add(1);
            }
            _ => self.last_day.push_back((now, 1)),
        }
    }

    fn standing(&self) -> Standing {
        let this_second = u32::try_from(self.last_second.len()).unwrap_or(u32::MAX);
        let today = self.last_day.iter().fold(0_u32, |sum, (_, calls)| sum.saturating_add(*calls));
        Standing {
            per_second: self.per_second,
            left_this_second: self.per_second.unwrap_or_default().saturating_sub(this_second),
            per_day: self.per_day,
            left_today: self.per_day.unwrap_or_default().saturating_sub(today),
            retry_after: None,
            headers: self.headers,
        }
    }
}

impl Standing {
    /// Writes the headers; a limit that is not enforced is not told.
    pub(super) fn write(self, headers: &mut HeaderMap) {
        let [second, second_left, day, day_left] = match self.headers {
            LimitHeaders::Etsy => ETSY,
            LimitHeaders::SilentOnRefusal if self.retry_after.is_none() => ETSY,
            LimitHeaders::EtsyMisprinted => MISPRINTED,
            LimitHeaders::RateLimit => RATE_LIMIT,
            LimitHeaders::Silent | LimitHeaders::SilentOnRefusal => return,
        };
        let mut put = |name: &'static str, value: u64| {
            headers.insert(name, HeaderValue::from(value));
        };
        if let Some(limit) = self.per_second {
            put(second, u64::from(limit));
            put(second_left, u64::from(self.left_this_second));
        }
        if let Some(limit) = self.per_day {
            put(day, u64::from(limit));
            put(day_left, u64::from(self.left_today));
        }
        if let Some(seconds) = self.retry_after {
            put("retry-after", seconds);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_call_frees_its_place_after_a_whole_second() {
        let start = Instant::now();
        let mut limiter = Limiter::new(Some(2), None, LimitHeaders::Etsy);
        let mut at =
            |milliseconds| limiter.admit(start + Duration::from_millis(milliseconds)).1.is_ok();
        assert!(at(0) && at(900));
        assert!(!at(999), "two calls lie in the last second");
        assert!(at(1000), "the first is a whole second old");
        assert!(!at(1899));
        assert!(at(1900));
    }

    #[test]
    fn the_day_rolls_and_says_so() {
        let start = Instant::now();
        let mut limiter = Limiter::new(None, Some(3), LimitHeaders::Etsy);
        for hour in 0..3 {
            assert!(limiter.admit(start + Duration::from_hours(hour)).1.is_ok());
        }
        let (standing, answer) = limiter.admit(start + Duration::from_hours(20));
        assert_eq!(answer.unwrap_err().error, "Exceeded daily rate limit");
        let mut headers = HeaderMap::new();
        standing.write(&mut headers);
        assert_eq!(headers["x-remaining-today"], "0");
        assert_eq!(headers["retry-after"], "86400");
        assert!(!headers.contains_key("x-limit-per-second"));
        assert!(limiter.admit(start + Duration::from_hours(24)).1.is_ok());
    }

    proptest! {
        #[test]
        fn no_second_holds_more_than_the_limit(
            limit in 1_u32..12,
            gaps in prop::collection::vec(0_u64..400, 1..300),
        ) {
            let start = Instant::now();
            let mut limiter = Limiter::new(Some(limit), None, LimitHeaders::Etsy);
            let mut moment = 0;
            let mut admitted: Vec<u64> = Vec::new();
            for gap in gaps {
                moment += gap;
                let in_window = admitted.iter().filter(|call| moment - **call < 1000).count();
                let is_ok = limiter.admit(start + Duration::from_millis(moment)).1.is_ok();
                prop_assert_eq!(is_ok, in_window < usize::try_from(limit).unwrap());
                if is_ok {
                    admitted.push(moment);
                }
            }
        }
    }
}
