//! What reads and writes have in common: the key, the limiter, the address, and what Etsy means by a refusal.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::domain::Clock;
use crate::etsy::caller::Caller;
use crate::etsy::error::EtsyError;
use crate::etsy::settings::EtsySettings;
use crate::http::{Call, HttpError, Limiter, Url};

/// The way to Etsy with one app's key.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) caller: Caller,
    pub(super) limiter: Arc<Limiter>,
    api_url: Url,
    api_key: SecretString,
}

impl Connection {
    /// Calls nobody yet. `limiter` is to be shared by all who call with the same key.
    pub(super) fn new(
        settings: &EtsySettings,
        limiter: Arc<Limiter>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EtsyError> {
        let (keystring, shared_secret) =
            (settings.keystring.expose_secret(), settings.shared_secret.expose_secret());
        Ok(Self {
            caller: Caller::new(settings, clock)?,
            limiter,
            api_url: settings.api_url.parse().ok().ok_or(EtsyError::SetUp(HttpError::Address))?,
            api_key: format!("{keystring}:{shared_secret}").into(),
        })
    }

    /// The address of an endpoint.
    pub(super) fn url(
        &self,
        path: &[&str],
        parameters: &[(&str, String)],
    ) -> Result<Url, HttpError> {
        let mut url = self.api_url.clone();
        url.path_segments_mut()
            .ok()
            .ok_or(HttpError::Address)?
            .pop_if_empty()
            .push("application")
            .extend(path);
        if !parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(parameters);
        }
        Ok(url)
    }

    /// The same call with the app's key, and a seller's token where there is one.
    pub(super) fn signed<Repetition>(
        &self,
        call: Call<Repetition>,
        token: Option<&SecretString>,
    ) -> Result<Call<Repetition>, HttpError> {
        let call = call.secret_header("x-api-key", &self.api_key)?;
        let Some(token) = token else { return Ok(call) };
        let bearer = format!("Bearer {}", token.expose_secret());
        call.secret_header("authorization", &bearer.into())
    }
}

/// `invalid_token` covers expired and unknown tokens alike; only the description tells them apart
/// (<https://github.com/etsy/open-api/issues/519>).
pub(super) fn name_expiry(error: EtsyError) -> EtsyError {
    if let EtsyError::Refused { status: 401, asked, said, .. } = &error
        && said.mentions("expired")
    {
        return EtsyError::TokenExpired { asked: asked.clone() };
    }
    error
}
