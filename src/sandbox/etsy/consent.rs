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
use serde::Serialize;

use super::query::Parameters;
use super::refusal::Refusal;
use super::tokens::TokenRequest;
use super::wire::with_entities;
use super::{Caller, Etsy, form, lock};

/// What the sandbox's tokens may do: all that the synchronisation needs.
const SCOPES: &[&str] =
    &["transactions_r", "transactions_w", "listings_r", "listings_w", "shops_r"];

/// `GET /oauth/connect`: with a `shop_id` the seller of that shop has agreed; without one, a page to choose from.
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
    let mut target: Url = redirect_uri
        .parse()
        .ok()
        .ok_or_else(|| Refusal::bad_request("The redirect_uri is not a URL"))?;
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
        return Ok(Html(page).into_response());
    };
    let (_, shop) = world.shop(shop_id).ok_or_else(|| Refusal::no_shop(shop_id))?;
    let code = lock(&etsy.tokens).consent(shop.user_id, challenge, redirect_uri);
    let state = given.word("state").unwrap_or_default();
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

#[derive(Serialize)]
struct Scopes {
    scopes: &'static [&'static str],
}

/// `POST /v3/application/scopes`.
pub(super) async fn scopes(_caller: Caller) -> Response {
    Json(Scopes { scopes: SCOPES }).into_response()
}
