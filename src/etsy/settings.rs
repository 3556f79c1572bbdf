//! What a person can set about Etsy.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::SecretString;

use crate::etsy::oauth::RedirectUri;
use crate::http::{Backoff, Ceilings};

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Where Etsy is, who we are, and how hard we may call. `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct EtsySettings {
    /// Up to and with the version, without a final slash: `https://openapi.etsy.com/v3`.
    pub api_url: String,
    /// The page on which a seller agrees.
    pub auth_url: String,
    /// Where his browser is sent then; registered with the app.
    pub redirect_uri: RedirectUri,
    /// The whole address of the token endpoint.
    pub token_url: String,
    /// The app's keystring, which is also its OAuth `client_id`.
    pub keystring: SecretString,
    /// The app's shared secret; Etsy refuses calls without it since 2026-02-09.
    pub shared_secret: SecretString,
    /// Calls in any second at most, over all shops of the key. Too high costs refusals until the headers have
    /// been seen; too low costs time.
    pub calls_per_second: u32,
    /// Calls in any 24 hours at most, over all shops of the key.
    pub calls_per_day: u32,
    /// How many of the day's calls only orders and their money may use. Too many, and listings are read late; too few,
    /// and a large stock keeps orders waiting.
    pub reserved_for_orders: u32,
    /// How far this machine's clock may be from Etsy's for evidence to be taken by it: less than windows of time overlap.
    /// Nothing: as far as it likes, for a clock that a test sets.
    pub clock_tolerance: Option<TimeDelta>,
    /// For one answer, from the first byte sent to the last received.
    pub call_timeout: Duration,
    /// For one answer with all its repetitions and waits; must exceed `call_timeout`.
    pub deadline: Duration,
}

impl EtsySettings {
    /// Etsy's own addresses, the historic limits of a new key (10 a second, 10,000 a day), a fifth of
    /// the day for orders, half a minute per call and three minutes with repetitions.
    pub fn new(keystring: SecretString, shared_secret: SecretString) -> Self {
        Self {
            api_url: "https://openapi.etsy.com/v3".to_owned(),
            auth_url: "https://www.etsy.com/oauth/connect".to_owned(),
            redirect_uri: RedirectUri::default(),
            token_url: "https://api.etsy.com/v3/public/oauth/token".to_owned(),
            keystring,
            shared_secret,
            calls_per_second: 10,
            calls_per_day: 10_000,
            reserved_for_orders: 2_000,
            clock_tolerance: Some(TimeDelta::minutes(10)),
            call_timeout: Duration::from_secs(30),
            deadline: Duration::from_mins(3),
        }
    }

    /// The same with less patience, for a person who waits for the answer.
    #[must_use]
    pub fn hurried(&self, deadline: Duration) -> Self {
        let deadline = self.deadline.min(deadline);
        Self { call_timeout: self.call_timeout.min(deadline), deadline, ..self.clone() }
    }

    /// The ceilings of the limiter that all callers with this key share.
    pub fn ceilings(&self) -> Ceilings {
        Ceilings {
            per_second: self.calls_per_second,
            per_day: self.calls_per_day,
            reserved_for_orders: self.reserved_for_orders,
        }
    }

    /// How patiently a failed call is repeated.
    pub fn backoff(&self) -> Backoff {
        Backoff { first: FIRST_WAIT, ceiling: LONGEST_WAIT, deadline: self.deadline }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let settings = EtsySettings::new("hush-key".into(), "hush-secret".into());
        let shown = format!("{settings:?}");
        assert!(shown.contains("openapi.etsy.com") && !shown.contains("hush"), "{shown}");
    }
}
