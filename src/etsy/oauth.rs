//! Tokens: an access token lives for an hour, and each renewal also replaces the refresh token.
//!
//! <https://developers.etsy.com/documentation/essentials/authentication>

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use crate::domain::Clock;
use crate::etsy::caller::{Caller, Errand};
use crate::etsy::error::EtsyError;
use crate::etsy::settings::EtsySettings;
use crate::etsy::wire::{self, Unreadable};
use crate::http::{Answer, Call, HttpError, Purpose, Url};

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

/// Etsy's token endpoint.
#[derive(Debug)]
pub struct TokenEndpoint {
    caller: Caller,
    url: Url,
    keystring: SecretString,
}

impl TokenEndpoint {
    /// An endpoint that calls nobody yet.
    pub fn new(settings: &EtsySettings, clock: Arc<dyn Clock>) -> Result<Self, EtsyError> {
        let url = settings.token_url.parse().ok().ok_or(EtsyError::SetUp(HttpError::Address))?;
        let keystring = settings.keystring.clone();
        Ok(Self { caller: Caller::new(settings, clock)?, url, keystring })
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
        let fields = vec![
            ("grant_type", SecretString::from("refresh_token")),
            ("client_id", self.keystring.clone()),
            ("refresh_token", refresh_token.clone()),
        ];
        let errand = Errand {
            asked: "renew the access token".to_owned(),
            // the worst that a second time can do is find the refresh token used, which a lost answer has done already
            call: Call::post_form(self.url.clone(), fields).harmless_twice(),
            purpose: Purpose::Orders,
        };
        self.caller.ask(&errand, None, read_pair).await.map_err(name_refusal)
    }
}

fn read_pair(answer: &Answer) -> Result<TokenPair, Unreadable> {
    #[derive(Deserialize)]
    struct Grant {
        access_token: String,
        refresh_token: String,
        expires_in: u32,
    }
    let grant: Grant = wire::read(&answer.body)?;
    Ok(TokenPair {
        access: grant.access_token.into(),
        refresh: grant.refresh_token.into(),
        expires_in: Duration::from_secs(u64::from(grant.expires_in)),
    })
}

/// The words are those of RFC 6749, section 5.2.
fn name_refusal(error: EtsyError) -> EtsyError {
    let EtsyError::Refused { status: 400..=403, ref said, .. } = error else { return error };
    let mentions = |words: &[&str]| words.iter().any(|word| said.mentions(word));
    if mentions(&["invalid_client", "unauthorized_client", "client_id", "api key"]) {
        EtsyError::ClientRefused { said: said.clone() }
    } else if mentions(&["invalid_grant", "invalid_token"]) {
        EtsyError::RefreshRefused { said: said.clone() }
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::domain::{SystemClock, Trouble};
    use crate::http::scripted_server::{Reply, ScriptedServer};

    fn endpoint(server: &ScriptedServer) -> TokenEndpoint {
        let settings = EtsySettings {
            token_url: server.url("/v3/public/oauth/token").to_string(),
            deadline: Duration::from_secs(5),
            ..EtsySettings::new("a-keystring".into(), "hush-secret".into())
        };
        TokenEndpoint::new(&settings, Arc::new(SystemClock)).unwrap()
    }

    async fn refused(status: u16, body: &str) -> EtsyError {
        let server = ScriptedServer::start(vec![Reply::json(status, body)]).await;
        let outcome = endpoint(&server).refresh(&"hush-old".into()).await;
        assert_eq!(server.seen().len(), 1, "a person's matter is not asked twice");
        outcome.unwrap_err()
    }

    #[tokio::test]
    async fn a_refresh_token_is_turned_into_a_new_pair() {
        let body = r#"{"access_token": "812345678.new", "token_type": "Bearer", "expires_in": 3600,
                       "refresh_token": "812345678.hush-new"}"#;
        let server = ScriptedServer::start(vec![Reply::json(200, body)]).await;
        let pair = endpoint(&server).refresh(&"812345678.hush/old".into()).await.unwrap();
        assert_eq!(pair.access.expose_secret(), "812345678.new");
        assert_eq!(pair.refresh.expose_secret(), "812345678.hush-new");
        assert_eq!(pair.expires_in, Duration::from_hours(1));
        assert!(!format!("{pair:?}").contains("hush"));
        let seen = server.seen();
        assert_eq!(
            (seen[0].method.as_str(), seen[0].path_and_query.as_str()),
            ("POST", "/v3/public/oauth/token")
        );
        assert_eq!(
            seen[0].body,
            "grant_type=refresh_token&client_id=a-keystring&refresh_token=812345678.hush%2Fold",
            "the client id is the bare keystring"
        );
    }

    #[tokio::test]
    async fn a_dead_refresh_token_needs_the_seller() {
        let body = r#"{"error": "invalid_grant", "error_description": "refresh_token is revoked"}"#;
        let error = refused(400, body).await;
        assert_eq!(
            error.to_string(),
            "Etsy does not renew the access: invalid_grant: refresh_token is revoked"
        );
        assert_eq!(error.advice().trouble, Trouble::NeedsPerson);
        assert!(error.advice().hint.unwrap().contains("shop login"));
        let body = r#"{"error": "invalid_token", "error_description": "refresh token is expired"}"#;
        assert!(matches!(refused(401, body).await, EtsyError::RefreshRefused { .. }));
    }

    #[tokio::test]
    async fn a_wrong_keystring_is_no_matter_of_the_seller() {
        for body in [r#"{"error": "invalid_client"}"#, r#"{"error": "Invalid API key"}"#] {
            let error = refused(401, body).await;
            assert!(matches!(error, EtsyError::ClientRefused { .. }), "{error}");
            assert!(error.advice().hint.unwrap().contains("etsy.keystring"));
        }
    }

    #[tokio::test]
    async fn trouble_on_the_other_side_is_tried_again() {
        let body = r#"{"access_token": "1.a", "expires_in": 3600, "refresh_token": "1.b"}"#;
        let server = ScriptedServer::start(vec![
            Reply::json(500, r#"{"error": "Server Error"}"#),
            Reply::json(200, body),
        ])
        .await;
        let pair = endpoint(&server).refresh(&"1.old".into()).await.unwrap();
        assert_eq!(pair.refresh.expose_secret(), "1.b");
        assert_eq!(server.seen()[0].body, server.seen()[1].body);
    }
}
