//! Tokens over HTTP: the page on which a seller agrees, and the endpoint that exchanges what he got.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::query::Parameters;
use super::refusal::Refusal;
use super::scopes::{self, Scopes};
use super::tokens::{Consent, TokenRequest};
use super::wire::with_entities;
use super::{Etsy, form, lock};

/// `GET /oauth/connect`: with a `shop_id` the seller of that shop has agreed, with `deny` nobody has; with neither, a page
/// to choose from. What is wrong with the question is told on the page: the browser is not sent to an address that is
/// not registered.
pub(super) async fn connect(
    State(etsy): State<Arc<Etsy>>,
    RawQuery(raw): RawQuery,
    Query(pairs): Query<BTreeMap<String, String>>,
) -> Result<Response, Refusal> {
    let given = Parameters(pairs);
    let needed = |name: &str| {
        given.word(name).ok_or_else(|| Refusal::bad_request(format!("Missing parameter: {name}")))
    };
    if needed("client_id")? != etsy.options.keystring {
        return Err(Refusal::bad_request("The application is not known"));
    }
    if needed("response_type")? != "code" || needed("code_challenge_method")? != "S256" {
        return Err(Refusal::bad_request("Only response_type=code with S256 is supported"));
    }
    let challenge = needed("code_challenge")?.to_owned();
    let redirect_uri = needed("redirect_uri")?.to_owned();
    let mut target = registered(&etsy, &redirect_uri)?;
    let scopes = scopes::asked(needed("scope")?)?;
    let state = given.word("state").unwrap_or_default();
    if given.word("deny").is_some() {
        target
            .query_pairs_mut()
            .append_pair("error", "access_denied")
            .append_pair("error_description", "The user denied the request")
            .append_pair("state", state);
        return Ok(Redirect::to(target.as_str()).into_response());
    }
    let world = etsy.world.lock().await;
    let Some(shop_id) = given.integer("shop_id")? else {
        let raw = with_entities(&raw.unwrap_or_default());
        let mut page =
            String::from("<!DOCTYPE html><title>Sandbox</title><h1>Which shop?</h1><ul>");
        for shop in world.shops() {
            let name = with_entities(&shop.name);
            // A String takes all that is written to it.
            write!(page, "<li><a href=\"?{raw}&amp;shop_id={}\">{name}</a>", shop.shop_id)
                .unwrap_or_default();
        }
        write!(page, "</ul><p><a href=\"?{raw}&amp;deny=1\">None: deny access</a>")
            .unwrap_or_default();
        return Ok(Html(page).into_response());
    };
    let (_, shop) = world.shop(shop_id).ok_or_else(|| Refusal::no_shop(shop_id))?;
    let consent = Consent { user_id: shop.user_id, scopes, challenge, redirect_uri };
    let code = lock(&etsy.tokens).consent(consent);
    target.query_pairs_mut().append_pair("code", &code).append_pair("state", state);
    Ok(Redirect::to(target.as_str()).into_response())
}

/// `POST /v3/public/oauth/token`, a form or JSON.
pub(super) async fn token(
    State(etsy): State<Arc<Etsy>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let request: TokenRequest = if kind.starts_with("application/json") {
        serde_json::from_slice(&body)
            .ok()
            .ok_or_else(|| Refusal::grant("invalid_request", "the body does not read"))?
    } else {
        form(&body)?
    };
    let now = etsy.clock.now();
    let answer = lock(&etsy.tokens).exchange(&request, &etsy.options.keystring, now)?;
    Ok(Json(answer).into_response())
}

/// Etsy compares the address exactly with those that are registered.
fn registered(etsy: &Etsy, redirect_uri: &str) -> Result<Url, Refusal> {
    let refused = || Refusal::bad_request("The redirect_uri is not registered");
    let target: Url = redirect_uri.parse().ok().ok_or_else(refused)?;
    let is_registered = match &etsy.options.redirect_uris {
        Some(known) => known.iter().any(|known| known == redirect_uri),
        None => matches!(target.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
    };
    is_registered.then_some(target).ok_or_else(refused)
}

#[derive(Deserialize)]
struct Question {
    token: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    scopes: &'a Scopes,
}

/// `POST /v3/application/scopes`: what the token in the form may do.
pub(super) async fn scopes(
    State(etsy): State<Arc<Etsy>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let Question { token } = form(&body)?;
    let now = etsy.clock.now();
    let tokens = lock(&etsy.tokens);
    let scopes = tokens.scopes(&token, now)?;
    Ok(Json(Answer { scopes }).into_response())
}
