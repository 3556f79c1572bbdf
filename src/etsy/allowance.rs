//! What Etsy's headers say about the calls that are left.
//!
//! Documented at <https://developers.etsy.com/documentation/essentials/rate-limits>, with a misprint
//! (`x-remaining-this-secon`) that is accepted beside the name that real answers have
//! (<https://github.com/etsy/open-api/issues/648>). Gateways that count per window use `x-ratelimit-…-second` and
//! `x-ratelimit-…-day`.

use chrono::{DateTime, Utc};

use crate::etsy::error::Said;
use crate::http::{Allowance, Answer};

const LIMIT_PER_SECOND: &[&str] = &["x-limit-per-second", "x-ratelimit-limit-second"];
const REMAINING_THIS_SECOND: &[&str] =
    &["x-remaining-this-second", "x-remaining-this-secon", "x-ratelimit-remaining-second"];
const LIMIT_PER_DAY: &[&str] = &["x-limit-per-day", "x-ratelimit-limit-day"];
const REMAINING_TODAY: &[&str] = &["x-remaining-today", "x-ratelimit-remaining-day"];

/// Etsy's number for one call: what its support asks for.
pub(super) const REQUEST_UUID: &str = "x-etsy-request-uuid";

/// Etsy's time, when it answered.
pub(super) const DATE: &str = "date";

/// The headers that the client must keep.
pub(super) const KEPT_HEADERS: &[&str] = &[
    "x-limit-per-second",
    "x-ratelimit-limit-second",
    "x-remaining-this-second",
    "x-remaining-this-secon",
    "x-ratelimit-remaining-second",
    "x-limit-per-day",
    "x-ratelimit-limit-day",
    "x-remaining-today",
    "x-ratelimit-remaining-day",
    REQUEST_UUID,
    DATE,
];

/// Reads the headers; a daily refusal that comes without them (seen in 2021) is told by its words.
pub(super) fn allowance(answer: &Answer, now: DateTime<Utc>) -> Allowance {
    let number =
        |names: &[&str]| names.iter().find_map(|name| answer.header(name)?.trim().parse().ok());
    let day_is_spent = answer.status == 429 && Said::of(answer).mentions("daily");
    Allowance {
        per_second: number(LIMIT_PER_SECOND),
        remaining_this_second: number(REMAINING_THIS_SECOND),
        per_day: number(LIMIT_PER_DAY),
        remaining_today: if day_is_spent { Some(0) } else { number(REMAINING_TODAY) },
        retry_after: answer.retry_after(now),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::http::scripted_server::{Reply, ScriptedServer};
    use crate::http::{Call, Client, ClientSettings};

    async fn told_by(reply: Reply) -> Allowance {
        let server = ScriptedServer::start(vec![reply]).await;
        let settings = ClientSettings { kept_headers: KEPT_HEADERS, ..ClientSettings::default() };
        let client = Client::new(settings).unwrap();
        let answer = client.send(&Call::get(server.url("/"))).await.unwrap();
        allowance(&answer, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn every_header_that_is_read_is_kept() {
        for name in
            [LIMIT_PER_SECOND, REMAINING_THIS_SECOND, LIMIT_PER_DAY, REMAINING_TODAY].concat()
        {
            assert!(KEPT_HEADERS.contains(&name), "{name}");
        }
    }

    #[tokio::test]
    async fn the_usual_headers_are_read() {
        let reply = Reply::json(200, "{}")
            .header("X-Limit-Per-Second", "10")
            .header("X-Remaining-This-Second", "9")
            .header("X-Limit-Per-Day", "10000")
            .header("X-Remaining-Today", "9321");
        let expected = Allowance {
            per_second: Some(10),
            remaining_this_second: Some(9),
            per_day: Some(10_000),
            remaining_today: Some(9_321),
            retry_after: None,
        };
        assert_eq!(told_by(reply).await, expected);
    }

    #[tokio::test]
    async fn other_spellings_are_read_and_nonsense_is_not() {
        let reply = Reply::json(200, "{}")
            .header("x-remaining-this-secon", "4")
            .header("x-ratelimit-limit-day", "5000")
            .header("x-limit-per-second", "many")
            .header("retry-after", "2");
        let expected = Allowance {
            remaining_this_second: Some(4),
            per_day: Some(5_000),
            retry_after: Some(TimeDelta::seconds(2)),
            ..Allowance::default()
        };
        assert_eq!(told_by(reply).await, expected);
    }

    #[tokio::test]
    async fn a_daily_refusal_without_headers_is_told_by_its_words() {
        let day = Reply::json(429, r#"{"error":"Exceeded daily rate limit"}"#);
        assert_eq!(told_by(day).await.remaining_today, Some(0));
        let second = Reply::json(429, r#"{"error":"Exceeded per second rate limit"}"#);
        assert_eq!(told_by(second).await.remaining_today, None);
    }
}
