//! Asks until there is an answer or no sense in asking: reserve, wait, call, learn, and again if it may help.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;
use tracing::{debug, info, warn};

use crate::domain::Clock;
use crate::etsy::allowance::{KEPT_HEADERS, REQUEST_UUID, allowance};
use crate::etsy::error::{EtsyError, Said};
use crate::etsy::settings::EtsySettings;
use crate::etsy::wire::Unreadable;
use crate::http::{
    Allowance, Answer, Attempts, Backoff, Call, Client, ClientSettings, DaySpent, HttpError,
    Limiter, NoSlot, Once, Purpose, Repeatable,
};

/// A call, what it is about, to complete "cannot …", and whose share of the day it takes.
#[derive(Debug)]
pub(super) struct Errand<Repetition = Repeatable> {
    pub(super) asked: String,
    pub(super) call: Call<Repetition>,
    pub(super) purpose: Purpose,
}

/// The words by which the path of an endpoint tells that it serves orders or their money.
const WORDS_OF_ORDERS: &[&str] = &["receipts", "transactions", "payments", "payment-account"];

/// The words by which it tells that it serves the stock, or what a listing refers to.
const WORDS_OF_THE_REST: &[&str] = &[
    "listings",
    "inventory",
    "offerings",
    "products",
    "sections",
    "shipping-profiles",
    "production-partners",
    "readiness-state-definitions",
    "policies",
    "seller-taxonomy",
    "buyer-taxonomy",
];

/// What a call to this path is for. The shop and the seller themselves are asked for before anything else, so they
/// count as orders do.
pub(super) fn purpose(path: &[&str]) -> Purpose {
    let has = |words: &[&str]| path.iter().any(|segment| words.contains(segment));
    if has(WORDS_OF_ORDERS) || !has(WORDS_OF_THE_REST) { Purpose::Orders } else { Purpose::Other }
}

/// Time as it passes for one errand: the clock tells when it began, the machine how long it has lasted, so that it ends
/// under a clock that stands still or is set.
#[derive(Debug, Clone, Copy)]
struct Watch {
    begun_at: DateTime<Utc>,
    begun: Instant,
}

impl Watch {
    fn start(clock: &dyn Clock) -> Self {
        Self { begun_at: clock.now(), begun: Instant::now() }
    }

    fn now(self) -> DateTime<Utc> {
        let lasted = TimeDelta::from_std(self.begun.elapsed()).unwrap_or(TimeDelta::MAX);
        self.begun_at.checked_add_signed(lasted).unwrap_or(self.begun_at)
    }

    fn until(self, moment: DateTime<Utc>) -> Duration {
        (moment - self.now()).to_std().unwrap_or_default()
    }
}

#[derive(Debug)]
pub(super) struct Caller {
    client: Client,
    clock: Arc<dyn Clock>,
    backoff: Backoff,
}

/// An attempt that failed, and how long Etsy asks to be left alone.
struct Failed {
    error: EtsyError,
    retry_after: Option<TimeDelta>,
}

impl From<EtsyError> for Failed {
    fn from(error: EtsyError) -> Self {
        Self { error, retry_after: None }
    }
}

impl Caller {
    pub(super) fn new(settings: &EtsySettings, clock: Arc<dyn Clock>) -> Result<Self, EtsyError> {
        let client = Client::new(ClientSettings {
            call_timeout: settings.call_timeout,
            kept_headers: KEPT_HEADERS,
            ..ClientSettings::default()
        })
        .map_err(EtsyError::SetUp)?;
        Ok(Self { client, clock, backoff: settings.backoff() })
    }

    /// The answer as `read` understands it; it is also told when the call was sent.
    pub(super) async fn ask<T>(
        &self,
        errand: &Errand,
        limiter: Option<&Limiter>,
        read: impl Fn(&Answer, DateTime<Utc>) -> Result<T, Unreadable>,
    ) -> Result<T, EtsyError> {
        self.pursue(errand, limiter, EtsyError::is_transient, read).await
    }

    /// The same for a call whose second time may have a second effect: it is sent again only where the first time surely
    /// had none.
    pub(super) async fn ask_once<T>(
        &self,
        errand: &Errand<Once>,
        limiter: Option<&Limiter>,
        read: impl Fn(&Answer, DateTime<Utc>) -> Result<T, Unreadable>,
    ) -> Result<T, EtsyError> {
        let is_harmless = |error: &EtsyError| error.is_transient() && !error.may_have_had_effect();
        self.pursue(errand, limiter, is_harmless, read).await
    }

    async fn pursue<Repetition, T>(
        &self,
        errand: &Errand<Repetition>,
        limiter: Option<&Limiter>,
        may_go_again: impl Fn(&EtsyError) -> bool,
        read: impl Fn(&Answer, DateTime<Utc>) -> Result<T, Unreadable>,
    ) -> Result<T, EtsyError> {
        let watch = Watch::start(self.clock.as_ref());
        let mut attempts = Attempts::begin(self.backoff, watch.now(), fastrand::u64(..));
        loop {
            let failed = match self.attempt(errand, limiter, &attempts, watch, &read).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if !may_go_again(&failed.error) {
                return Err(failed.error);
            }
            let now = watch.now();
            let Some(again_at) = attempts.after_failure(now, failed.retry_after) else {
                return Err(failed.given_up(errand, now, attempts.give_up_at()));
            };
            let wait = watch.until(again_at);
            info!(
                error = %failed.error,
                attempt = attempts.failed(),
                wait_ms = wait.as_millis(),
                "Etsy did not answer as it should; it is asked again"
            );
            tokio::time::sleep(wait).await;
        }
    }

    async fn attempt<Repetition, T>(
        &self,
        errand: &Errand<Repetition>,
        limiter: Option<&Limiter>,
        attempts: &Attempts,
        watch: Watch,
        read: impl Fn(&Answer, DateTime<Utc>) -> Result<T, Unreadable>,
    ) -> Result<T, Failed> {
        let number = attempts.failed().saturating_add(1);
        let patience = watch.until(attempts.give_up_at());
        let (asked_at, outcome) = self.send(errand, limiter, patience).await?;
        let answer = match outcome {
            Ok(answer) => answer,
            Err(source) => {
                let asked = errand.asked.clone();
                return Err(EtsyError::NoAnswer { asked, attempts: number, source }.into());
            }
        };
        if answer.is_success() {
            let asked = errand.asked.clone();
            return read(&answer, asked_at).map_err(|source| {
                EtsyError::Unreadable { asked, attempts: number, source }.into()
            });
        }
        let now = self.clock.now();
        let Allowance { remaining_today, retry_after, .. } = allowance(&answer, now);
        let asked = errand.asked.clone();
        if answer.status == 429 && remaining_today == Some(0) {
            let source = DaySpent::refused(now, retry_after);
            return Err(EtsyError::DaySpent { asked, source }.into());
        }
        let said = Said::of(&answer);
        let error = EtsyError::Refused { asked, status: answer.status, said, attempts: number };
        Err(Failed { error, retry_after })
    }

    /// The outer error is why the call was not made, the inner one what became of it after it was sent.
    async fn send<Repetition>(
        &self,
        errand: &Errand<Repetition>,
        limiter: Option<&Limiter>,
        patience: Duration,
    ) -> Result<(DateTime<Utc>, Result<Answer, HttpError>), EtsyError> {
        let Some(limiter) = limiter else {
            return Ok((self.clock.now(), self.client.send(&errand.call).await));
        };
        let slot = limiter
            .reserve(errand.purpose, patience)
            .await
            .map_err(|no_slot| not_made(&errand.asked, no_slot))?;
        tokio::time::sleep(slot.wait).await;
        let (sent_at, sent) = (self.clock.now(), Instant::now());
        let outcome = self.client.send(&errand.call).await;
        if let Ok(answer) = &outcome {
            let call_ms = sent.elapsed().as_millis();
            let told = allowance(answer, self.clock.now());
            if let Err(error) = limiter.learn(slot, &told, answer.status == 429).await {
                warn!(%error, "what Etsy said of the calls that are left is not written down");
            }
            debug!(
                asked = errand.asked,
                slot = slot.number(),
                status = answer.status,
                body_bytes = answer.body.len(),
                call_ms,
                request_uuid = answer.header(REQUEST_UUID),
                "Etsy answered"
            );
        }
        Ok((sent_at, outcome))
    }
}

impl Failed {
    /// The error to end with at `now`. A wait that Etsy asks for and that ends after the deadline says when to come
    /// back.
    fn given_up<Repetition>(
        self,
        errand: &Errand<Repetition>,
        now: DateTime<Utc>,
        give_up_at: DateTime<Utc>,
    ) -> EtsyError {
        let until = self.retry_after.and_then(|wait| now.checked_add_signed(wait));
        match until.filter(|until| *until > give_up_at) {
            Some(until) => EtsyError::HeldBack { asked: errand.asked.clone(), until },
            None => self.error,
        }
    }
}

fn not_made(asked: &str, no_slot: NoSlot) -> EtsyError {
    let asked = asked.to_owned();
    match no_slot {
        NoSlot::DaySpent(source) => EtsyError::DaySpent { asked, source },
        NoSlot::Reserved { until } => EtsyError::Reserved { asked, until },
        NoSlot::TooLate { free_at } => EtsyError::HeldBack { asked, until: free_at },
        NoSlot::Book(source) => EtsyError::NoBook { asked, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_and_their_money_are_told_from_the_rest_by_the_path() {
        for path in [
            ["shops", "1", "receipts"].as_slice(),
            &["shops", "1", "payment-account", "ledger-entries"],
            &["shops", "1", "payment-account", "ledger-entries", "payments"],
            &["shops", "1", "receipts", "2", "listings"],
            &["shops", "1"],
            &["users", "me"],
            &["openapi-ping"],
        ] {
            assert_eq!(purpose(path), Purpose::Orders, "{path:?}");
        }
        for path in [
            ["shops", "1", "listings"].as_slice(),
            &["listings", "batch", "inventory"],
            &["shops", "1", "shipping-profiles"],
            &["shops", "1", "policies", "return"],
        ] {
            assert_eq!(purpose(path), Purpose::Other, "{path:?}");
        }
    }
}
