//! Asks until there is an answer or no sense in asking: reserve, wait, call, learn, and again if it may help.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tracing::{debug, info};

use crate::domain::Clock;
use crate::etsy::allowance::{KEPT_HEADERS, REQUEST_UUID, allowance};
use crate::etsy::error::{EtsyError, Said};
use crate::etsy::settings::EtsySettings;
use crate::etsy::wire::Unreadable;
use crate::http::{
    Answer, Attempts, Backoff, Call, Client, ClientSettings, HttpError, Limiter, NoSlot,
};

/// A call and what it is for, to complete "cannot …".
#[derive(Debug)]
pub(super) struct Errand {
    pub(super) asked: String,
    pub(super) call: Call,
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

    /// The answer as `read` understands it.
    ///
    /// Only for calls that may be made twice.
    pub(super) async fn ask<T>(
        &self,
        errand: &Errand,
        limiter: Option<&Limiter>,
        read: impl Fn(&Answer) -> Result<T, Unreadable>,
    ) -> Result<T, EtsyError> {
        let mut attempts = Attempts::begin(self.backoff, self.clock.now(), fastrand::u64(..));
        loop {
            let failed = match self.attempt(errand, limiter, &attempts, &read).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if !failed.error.is_transient() {
                return Err(failed.error);
            }
            let now = self.clock.now();
            let Some(again_at) = attempts.after_failure(now, failed.retry_after) else {
                return Err(failed.error);
            };
            info!(
                error = %failed.error,
                attempt = attempts.failed(),
                wait_ms = (again_at - now).num_milliseconds(),
                "Etsy did not answer as it should; it is asked again"
            );
            self.sleep_until(again_at).await;
        }
    }

    async fn attempt<T>(
        &self,
        errand: &Errand,
        limiter: Option<&Limiter>,
        attempts: &Attempts,
        read: impl Fn(&Answer) -> Result<T, Unreadable>,
    ) -> Result<T, Failed> {
        let number = attempts.failed().saturating_add(1);
        let answer = match self.send(errand, limiter, attempts.give_up_at()).await? {
            Ok(answer) => answer,
            Err(source) => {
                let asked = errand.asked.clone();
                return Err(EtsyError::NoAnswer { asked, attempts: number, source }.into());
            }
        };
        if answer.is_success() {
            let asked = errand.asked.clone();
            return read(&answer).map_err(|source| {
                EtsyError::Unreadable { asked, attempts: number, source }.into()
            });
        }
        let error = EtsyError::Refused {
            asked: errand.asked.clone(),
            status: answer.status,
            said: Said::of(&answer),
            attempts: number,
        };
        Err(Failed { error, retry_after: answer.retry_after(self.clock.now()) })
    }

    /// The outer error is why the call was not made, the inner one what became of it.
    async fn send(
        &self,
        errand: &Errand,
        limiter: Option<&Limiter>,
        give_up_at: DateTime<Utc>,
    ) -> Result<Result<Answer, HttpError>, EtsyError> {
        let Some(limiter) = limiter else {
            return Ok(self.client.send(&errand.call).await);
        };
        let asked = &errand.asked;
        let slot = limiter.reserve(self.clock.now(), give_up_at).map_err(|no_slot| {
            let asked = asked.clone();
            match no_slot {
                NoSlot::DaySpent(source) => EtsyError::DaySpent { asked, source },
                NoSlot::TooLate { free_at } => EtsyError::HeldBack { asked, until: free_at },
            }
        })?;
        self.sleep_until(slot.send_at).await;
        let outcome = self.client.send(&errand.call).await;
        if let Ok(answer) = &outcome {
            let now = self.clock.now();
            limiter.learn(now, slot, &allowance(answer, now), answer.status == 429);
            debug!(
                asked,
                status = answer.status,
                body_bytes = answer.body.len(),
                call_ms = (now - slot.send_at).num_milliseconds(),
                request_uuid = answer.header(REQUEST_UUID),
                "Etsy answered"
            );
        }
        Ok(outcome)
    }

    async fn sleep_until(&self, moment: DateTime<Utc>) {
        if let Ok(wait) = (moment - self.clock.now()).to_std() {
            tokio::time::sleep(wait).await;
        }
    }
}
