//! What an answer says about the calls that are left.

use chrono::{DateTime, TimeDelta, Utc};

/// Longer waits than this are not believed; two days cover any rolling day.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(2);

/// The limits of the other side and what is left of them, in no vendor's words. What was not said is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowance {
    /// Calls allowed per second.
    pub per_second: Option<u32>,
    /// Calls left in the present second.
    pub remaining_this_second: Option<u32>,
    /// Calls allowed per day.
    pub per_day: Option<u32>,
    /// Calls left today; what a day is, the other side decides.
    pub remaining_today: Option<u32>,
    /// How long the other side asks to be left alone.
    pub retry_after: Option<TimeDelta>,
}

/// Reads a `retry-after`: seconds, or a date
/// (<https://www.rfc-editor.org/rfc/rfc9110#name-retry-after>). What does not read is `None`.
pub(super) fn retry_after(text: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    let text = text.trim();
    let wait = if let Ok(seconds) = text.parse::<u32>() {
        TimeDelta::seconds(i64::from(seconds))
    } else {
        DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc).signed_duration_since(now)
    };
    Some(wait.clamp(TimeDelta::zero(), LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_reads_seconds_and_dates() {
        let now = DateTime::parse_from_rfc3339("2026-09-01T12:00:00Z").unwrap().to_utc();
        assert_eq!(retry_after(" 30 ", now), Some(TimeDelta::seconds(30)));
        assert_eq!(retry_after("Tue, 01 Sep 2026 12:01:00 GMT", now), Some(TimeDelta::seconds(60)));
        assert_eq!(
            retry_after("Tue, 01 Sep 2026 11:00:00 GMT", now),
            Some(TimeDelta::zero()),
            "a date that has passed asks for no wait"
        );
        assert_eq!(retry_after("soon", now), None);
        assert_eq!(retry_after("4294967295", now), Some(LONGEST_WAIT));
    }
}
