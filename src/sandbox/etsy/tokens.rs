//! OAuth as Etsy grants it: access tokens that expire, refresh tokens that are used once, codes bound by PKCE
//! (<https://developers.etsy.com/documentation/essentials/authentication>).

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::refusal::Refusal;
use super::scopes::{self, Scopes};
use crate::sandbox::world::Shop;

/// How long a refresh token keeps.
const REFRESH_DAYS: i64 = 90;

/// A code verifier has that many characters (<https://www.rfc-editor.org/rfc/rfc7636#section-4.1>).
const VERIFIER: std::ops::RangeInclusive<usize> = 43..=128;

/// A user that a token stands for, what it may do, and until when.
#[derive(Clone)]
struct Right {
    user_id: i64,
    scopes: Scopes,
    until: DateTime<Utc>,
}

/// What a seller agreed to in the browser, waiting to be exchanged.
pub(super) struct Consent {
    pub(super) user_id: i64,
    pub(super) scopes: Scopes,
    pub(super) challenge: String,
    pub(super) redirect_uri: String,
}

/// All tokens that are or were good.
pub(super) struct Tokens {
    lifetime: TimeDelta,
    access: BTreeMap<String, Right>,
    refresh: BTreeMap<String, Right>,
    codes: BTreeMap<String, Consent>,
    issued: u64,
}

/// What the token endpoint is asked, as a form or as JSON.
#[derive(Deserialize)]
pub(super) struct TokenRequest {
    grant_type: Option<String>,
    client_id: Option<String>,
    refresh_token: Option<String>,
    code: Option<String>,
    code_verifier: Option<String>,
    redirect_uri: Option<String>,
}

/// What the token endpoint answers.
#[derive(Serialize)]
pub(super) struct TokenAnswer {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    refresh_token: String,
}

impl Tokens {
    /// The tokens that the shops start with, which may do all that can be done here; the access tokens are fresh at `now`.
    pub(super) fn new(shops: &[Shop], lifetime: TimeDelta, now: DateTime<Utc>) -> Self {
        let right = |shop: &Shop, lasts: TimeDelta| Right {
            user_id: shop.user_id,
            scopes: scopes::usual(),
            until: now + lasts,
        };
        let access = shops
            .iter()
            .map(|shop| (shop.access_token.expose_secret().to_owned(), right(shop, lifetime)));
        let refresh = shops.iter().map(|shop| {
            let lasts = TimeDelta::days(REFRESH_DAYS);
            (shop.refresh_token.expose_secret().to_owned(), right(shop, lasts))
        });
        Self {
            lifetime,
            access: access.collect(),
            refresh: refresh.collect(),
            codes: BTreeMap::new(),
            issued: 0,
        }
    }

    /// The user that an access token stands for, if he has granted what is needed.
    pub(super) fn user(
        &self,
        access_token: &str,
        needed: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<i64, Refusal> {
        let right = self.right(access_token, now)?;
        if needed.is_none_or(|scope| right.scopes.contains(scope)) {
            Ok(right.user_id)
        } else {
            Err(Refusal::scope())
        }
    }

    /// What an access token may do.
    pub(super) fn scopes(
        &self,
        access_token: &str,
        now: DateTime<Utc>,
    ) -> Result<&Scopes, Refusal> {
        self.right(access_token, now).map(|right| &right.scopes)
    }

    fn right(&self, access_token: &str, now: DateTime<Utc>) -> Result<&Right, Refusal> {
        match self.access.get(access_token) {
            Some(right) if now < right.until => Ok(right),
            Some(_) => Err(Refusal::token("access token is expired")),
            None => Err(Refusal::token("invalid token")),
        }
    }

    /// Ends all tokens and codes of a user, and says how many they were.
    pub(super) fn revoke(&mut self, user_id: i64) -> usize {
        let count = |tokens: &Self| {
            tokens
                .access
                .len()
                .saturating_add(tokens.refresh.len())
                .saturating_add(tokens.codes.len())
        };
        let before = count(self);
        self.access.retain(|_, right| right.user_id != user_id);
        self.refresh.retain(|_, right| right.user_id != user_id);
        self.codes.retain(|_, consent| consent.user_id != user_id);
        before.saturating_sub(count(self))
    }

    /// Notes the consent of a seller; the code is good for one exchange.
    pub(super) fn consent(&mut self, consent: Consent) -> String {
        self.issued = self.issued.saturating_add(1);
        let code = format!("sandbox-code-{}", self.issued);
        self.codes.insert(code.clone(), consent);
        code
    }

    /// Exchanges a code or a refresh token for a new pair. A refresh token dies with its use.
    pub(super) fn exchange(
        &mut self,
        request: &TokenRequest,
        keystring: &str,
        now: DateTime<Utc>,
    ) -> Result<TokenAnswer, Refusal> {
        if request.client_id.as_deref() != Some(keystring) {
            return Err(Refusal::grant("invalid_client", "client_id is not known"));
        }
        let (user_id, scopes) = match request.grant_type.as_deref() {
            Some("refresh_token") => self.use_refresh_token(request, now)?,
            Some("authorization_code") => self.use_code(request)?,
            _ => {
                return Err(Refusal::grant(
                    "unsupported_grant_type",
                    "grant_type is not supported",
                ));
            }
        };
        Ok(self.issue(user_id, &scopes, now))
    }

    fn use_refresh_token(
        &mut self,
        request: &TokenRequest,
        now: DateTime<Utc>,
    ) -> Result<(i64, Scopes), Refusal> {
        let token = request.refresh_token.as_deref().unwrap_or_default();
        match self.refresh.remove(token) {
            Some(right) if now < right.until => Ok((right.user_id, right.scopes)),
            _ => Err(Refusal::grant("invalid_grant", "refresh_token is revoked")),
        }
    }

    fn use_code(&mut self, request: &TokenRequest) -> Result<(i64, Scopes), Refusal> {
        let code = request.code.as_deref().unwrap_or_default();
        let consent = self
            .codes
            .remove(code)
            .ok_or_else(|| Refusal::grant("invalid_grant", "code is invalid"))?;
        let verifier = request.code_verifier.as_deref().unwrap_or_default();
        let is_verifier = VERIFIER.contains(&verifier.len())
            && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        if !is_verifier {
            return Err(Refusal::grant("invalid_request", "code_verifier is missing or malformed"));
        }
        if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != consent.challenge {
            return Err(Refusal::grant("invalid_grant", "code_verifier does not match"));
        }
        if request.redirect_uri.as_ref() != Some(&consent.redirect_uri) {
            return Err(Refusal::grant("invalid_grant", "redirect_uri does not match"));
        }
        Ok((consent.user_id, consent.scopes))
    }

    fn issue(&mut self, user_id: i64, scopes: &Scopes, now: DateTime<Utc>) -> TokenAnswer {
        self.issued = self.issued.saturating_add(1);
        let access_token = format!("{user_id}.sandbox-access-{}", self.issued);
        let refresh_token = format!("{user_id}.sandbox-refresh-{}", self.issued);
        let right =
            |lasts: TimeDelta| Right { user_id, scopes: scopes.clone(), until: now + lasts };
        self.access.insert(access_token.clone(), right(self.lifetime));
        self.refresh.insert(refresh_token.clone(), right(TimeDelta::days(REFRESH_DAYS)));
        let expires_in = self.lifetime.num_seconds();
        TokenAnswer { access_token, token_type: "Bearer", expires_in, refresh_token }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::sandbox::world::{World, WorldSize};

    fn refresh(token: &str) -> TokenRequest {
        TokenRequest {
            grant_type: Some("refresh_token".to_owned()),
            client_id: Some("key".to_owned()),
            refresh_token: Some(token.to_owned()),
            code: None,
            code_verifier: None,
            redirect_uri: None,
        }
    }

    fn tokens(now: DateTime<Utc>) -> (Tokens, i64, String, String) {
        let world = World::new(WorldSize { receipts: 0, listings: 0, shops: 1, seed: 1 }, now);
        let shop = &world.shops()[0];
        let access = shop.access_token.expose_secret().to_owned();
        let refresh = shop.refresh_token.expose_secret().to_owned();
        (Tokens::new(world.shops(), TimeDelta::hours(1), now), shop.user_id, access, refresh)
    }

    #[test]
    fn a_refresh_token_is_good_once() {
        let now = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
        let (mut tokens, user_id, access, first) = tokens(now);
        assert_eq!(tokens.user(&access, None, now), Ok(user_id));

        let pair = tokens.exchange(&refresh(&first), "key", now).unwrap();
        assert!(pair.access_token.starts_with(&format!("{user_id}.")));
        assert_ne!(pair.refresh_token, first);
        assert_eq!(tokens.user(&pair.access_token, None, now), Ok(user_id));

        let again = tokens.exchange(&refresh(&first), "key", now).err().unwrap();
        assert_eq!(
            (again.status, again.error.as_str()),
            (StatusCode::BAD_REQUEST, "invalid_grant")
        );
        assert_eq!(again.description, Some("refresh_token is revoked"));
        assert!(tokens.exchange(&refresh(&pair.refresh_token), "key", now).is_ok());
    }

    #[test]
    fn tokens_expire() {
        let now = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
        let (mut tokens, user_id, access, first) = tokens(now);
        let almost = now + TimeDelta::seconds(3599);
        assert_eq!(tokens.user(&access, None, almost), Ok(user_id));
        let later = now + TimeDelta::seconds(3600);
        assert_eq!(
            tokens.user(&access, None, later),
            Err(Refusal::token("access token is expired"))
        );
        assert_eq!(tokens.user("1.none", None, now), Err(Refusal::token("invalid token")));
        let too_late = now + TimeDelta::days(REFRESH_DAYS);
        assert!(tokens.exchange(&refresh(&first), "key", too_late).is_err());
    }

    #[test]
    fn a_code_needs_the_verifier_of_its_challenge() {
        let now = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
        let (mut tokens, user_id, ..) = tokens(now);
        // The example of RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let uri = "http://127.0.0.1:8137/callback";
        let mut exchange = |verifier: &str| {
            let code = tokens.consent(Consent {
                user_id,
                scopes: ["shops_r"].into(),
                challenge: challenge.to_owned(),
                redirect_uri: uri.to_owned(),
            });
            let request = TokenRequest {
                grant_type: Some("authorization_code".to_owned()),
                code: Some(code),
                code_verifier: Some(verifier.to_owned()),
                redirect_uri: Some(uri.to_owned()),
                ..refresh("")
            };
            let first = tokens.exchange(&request, "key", now);
            assert!(tokens.exchange(&request, "key", now).is_err(), "a code is good once");
            first.map(|answer| answer.access_token).map_err(|refusal| refusal.error)
        };
        assert_eq!(exchange("another-verifier"), Err("invalid_request".to_owned()));
        assert_eq!(exchange(&"a".repeat(43)), Err("invalid_grant".to_owned()));
        let access = exchange(verifier).unwrap();
        assert_eq!(tokens.scopes(&access, now), Ok(&["shops_r"].into()));
        assert_eq!(tokens.user(&access, Some("shops_r"), now), Ok(user_id));
        assert_eq!(tokens.user(&access, Some("listings_r"), now), Err(Refusal::scope()));
    }

    #[test]
    fn a_renewal_grants_what_the_login_did() {
        let now = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
        let (mut tokens, _, _, first) = tokens(now);
        let pair = tokens.exchange(&refresh(&first), "key", now).unwrap();
        assert_eq!(tokens.scopes(&pair.access_token, now), Ok(&scopes::usual()));
    }

    #[test]
    fn a_seller_can_take_everything_back() {
        let now = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
        let (mut tokens, user_id, access, first) = tokens(now);
        assert_eq!(tokens.revoke(user_id), 2);
        assert_eq!(tokens.revoke(user_id), 0);
        assert_eq!(tokens.user(&access, None, now), Err(Refusal::token("invalid token")));
        assert!(tokens.exchange(&refresh(&first), "key", now).is_err());
    }
}
