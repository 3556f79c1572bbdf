//! Logins: the page on which a seller agrees, the code that he brings back, and the tokens that it buys. An access token
//! lives for an hour, and each renewal also replaces the refresh token.
//!
//! <https://developers.etsy.com/documentation/essentials/authentication>

mod authorization;
mod loopback;
mod redirect;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use oauth2::http::header::{CONTENT_TYPE, HeaderValue};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, CsrfToken, EndpointNotSet, EndpointSet,
    HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, TokenResponse as _, TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::{Error as _, IgnoredAny};

use crate::domain::Clock;
use crate::etsy::caller::{Caller, Errand};
use crate::etsy::error::{EtsyError, Said};
use crate::etsy::scope::Scope;
use crate::etsy::settings::EtsySettings;
use crate::etsy::wire::{self, Unreadable};
use crate::http::{Call, HttpError, Purpose};

pub use authorization::{Authorization, Redirected};
pub use loopback::Loopback;
pub use redirect::RedirectUri;

/// An access token whose answer does not say how long it lives.
const USUAL_LIFE: Duration = Duration::from_hours(1);

/// What a grant brings. To be stored before it is used: the refresh token that it was made from may be dead.
#[derive(Debug, Clone)]
pub struct TokenPair {
    /// For `Authorization: Bearer`; begins with the seller's user id and a dot.
    pub access: SecretString,
    /// For the next renewal.
    pub refresh: SecretString,
    /// How long the access token lives from now on; an hour, usually.
    pub expires_in: Duration,
}

type OAuthClient =
    BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// Etsy's token endpoint, and the page on which a seller agrees. `Debug` shows no key.
pub struct TokenEndpoint {
    caller: Caller,
    client: OAuthClient,
}

impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TokenEndpoint").finish_non_exhaustive()
    }
}

impl TokenEndpoint {
    /// An endpoint that calls nobody yet.
    pub fn new(settings: &EtsySettings, clock: Arc<dyn Clock>) -> Result<Self, EtsyError> {
        let wrong = || EtsyError::SetUp(HttpError::Address);
        let page = AuthUrl::new(settings.auth_url.clone()).ok().ok_or_else(wrong)?;
        let tokens = TokenUrl::new(settings.token_url.clone()).ok().ok_or_else(wrong)?;
        let redirect = settings.redirect_uri.as_str().to_owned();
        let redirect = RedirectUrl::new(redirect).ok().ok_or_else(wrong)?;
        // the client id is the bare keystring; the shared secret is for `x-api-key` alone
        let keystring = ClientId::new(settings.keystring.expose_secret().to_owned());
        let client = BasicClient::new(keystring)
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(page)
            .set_token_uri(tokens)
            .set_redirect_uri(redirect);
        Ok(Self { caller: Caller::new(settings, clock)?, client })
    }

    /// Begins a login: a page for the seller, with a state and a verifier of its own.
    pub fn authorization(&self, scopes: &BTreeSet<Scope>) -> Authorization {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = scopes.iter().map(|scope| oauth2::Scope::new(scope.to_string()));
        let (page, state) = self
            .client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        Authorization { page, state, verifier }
    }

    /// Turns the code that a seller brought back into a pair.
    ///
    /// # Errors
    ///
    /// [`EtsyError::CodeRefused`] when the login has to begin again, [`EtsyError::ClientRefused`] when the app's
    /// settings are wrong, others when Etsy is in trouble.
    pub async fn exchange(
        &self,
        code: &SecretString,
        authorization: &Authorization,
    ) -> Result<TokenPair, EtsyError> {
        let asked = "exchange the code of the login for tokens";
        let code = AuthorizationCode::new(code.expose_secret().to_owned());
        let http = |request| self.send(asked, request);
        let answered = self
            .client
            .exchange_code(code)
            .set_pkce_verifier(PkceCodeVerifier::new(authorization.verifier.secret().clone()))
            .request_async(&http)
            .await;
        pair(asked, answered)
            .map_err(|error| name_refusal(error, |said, _| EtsyError::CodeRefused { said }))
    }

    /// Turns a refresh token into a new pair. Only one renewal per shop may be under way.
    ///
    /// A failure that may pass is tried again with the same token: if the lost answer held a new pair, nothing
    /// else is left to try.
    ///
    /// # Errors
    ///
    /// [`EtsyError::RefreshRefused`] when the seller has to log in again, [`EtsyError::ClientRefused`] when the
    /// app's settings are wrong, others when Etsy is in trouble.
    pub async fn refresh(&self, refresh_token: &SecretString) -> Result<TokenPair, EtsyError> {
        let asked = "renew the access token";
        let token = RefreshToken::new(refresh_token.expose_secret().to_owned());
        let http = |request| self.send(asked, request);
        let answered = self.client.exchange_refresh_token(&token).request_async(&http).await;
        pair(asked, answered).map_err(|error| {
            name_refusal(error, |said, attempts| EtsyError::RefreshRefused { said, attempts })
        })
    }

    /// The library's call with our client's manners. What is no success ends here, in Etsy's own words.
    async fn send(&self, asked: &str, request: HttpRequest) -> Result<HttpResponse, EtsyError> {
        let asked = asked.to_owned();
        let unsendable =
            || EtsyError::Unsendable { asked: asked.clone(), source: HttpError::Address };
        let (parts, form) = request.into_parts();
        let url = parts.uri.to_string().parse().ok().ok_or_else(unsendable)?;
        let form = String::from_utf8(form).ok().ok_or_else(unsendable)?;
        // the worst that a second time can do is find the code or token used, which a lost answer has done already
        let call = Call::post_written_form(url, form.into()).harmless_twice();
        let errand = Errand { asked, call, purpose: Purpose::Orders };
        let body = self
            .caller
            .ask(&errand, None, |answer, _| {
                // a body that was cut short is asked for again
                wire::read::<IgnoredAny>(&answer.body).map(|_| answer.body.to_vec())
            })
            .await?;
        let mut response = HttpResponse::new(body);
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        Ok(response)
    }
}

/// The library's errors can hold the answer, so none of them is passed on.
fn pair(
    asked: &str,
    answered: Result<BasicTokenResponse, RequestTokenError<EtsyError, BasicErrorResponse>>,
) -> Result<TokenPair, EtsyError> {
    let unreadable =
        |source| EtsyError::Unreadable { asked: asked.to_owned(), attempts: 1, source };
    let grant = match answered {
        Ok(grant) => grant,
        Err(RequestTokenError::Request(error)) => return Err(error),
        Err(RequestTokenError::Parse(error, _)) => {
            return Err(unreadable(Unreadable::at(&error.path().to_string(), error.inner())));
        }
        Err(RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_)) => {
            return Err(unreadable(Unreadable::because("(whole)", "is no answer with tokens")));
        }
    };
    let refresh = grant.refresh_token().ok_or_else(|| {
        unreadable(Unreadable::at(".", &serde_json::Error::missing_field("refresh_token")))
    })?;
    Ok(TokenPair {
        access: grant.access_token().secret().as_str().into(),
        refresh: refresh.secret().as_str().into(),
        expires_in: grant.expires_in().unwrap_or(USUAL_LIFE),
    })
}

/// The words are those of RFC 6749, section 5.2.
fn name_refusal(error: EtsyError, of_grant: impl Fn(Said, u32) -> EtsyError) -> EtsyError {
    let EtsyError::Refused { status: 400..=403, ref said, attempts, .. } = error else {
        return error;
    };
    let mentions = |words: &[&str]| words.iter().any(|word| said.mentions(word));
    if mentions(&["invalid_client", "unauthorized_client", "client_id", "api key"]) {
        EtsyError::ClientRefused { said: said.clone() }
    } else if mentions(&["invalid_grant", "invalid_token", "invalid_request"]) {
        of_grant(said.clone(), attempts)
    } else {
        error
    }
}

#[cfg(test)]
mod tests;
