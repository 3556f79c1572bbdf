//! What a seller grants, to whom, and what it opens.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use reqwest::redirect::Policy;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::*;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const BACK: &str = "http://localhost:3003/oauth/redirect";

async fn connect(etsy: &Running, redirect_uri: &str, scope: &str, more: &str) -> reqwest::Response {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let asked = [
        ("response_type", "code"),
        ("client_id", "sandbox-keystring"),
        ("redirect_uri", redirect_uri),
        ("scope", scope),
        ("state", "s"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let page = format!("{}/oauth/connect", etsy.base);
    let mut page = Url::parse_with_params(&page, asked).unwrap();
    page.query_pairs_mut().append_pair(more, &etsy.shop_id.to_string());
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    client.get(page).send().await.unwrap()
}

/// What the redirect says under a name.
fn brought(response: &reqwest::Response, name: &str) -> Option<String> {
    let target: Url = response.headers().get("location")?.to_str().ok()?.parse().ok()?;
    let found = target.query_pairs().find(|(key, _)| key == name)?;
    Some(found.1.into_owned())
}

async fn exchange(etsy: &Running, code: &str) -> (u16, Value) {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "sandbox-keystring"),
        ("redirect_uri", BACK),
        ("code", code),
        ("code_verifier", VERIFIER),
    ];
    let token = format!("{}/v3/public/oauth/token", etsy.base);
    answer(etsy.client.post(token).form(&fields)).await
}

#[tokio::test]
async fn a_token_opens_what_was_granted_and_nothing_else() {
    let mut etsy = run(unlimited(), 0).await;
    let agreed = connect(&etsy, BACK, "shops_r listings_r", "shop_id").await;
    let (status, pair) = exchange(&etsy, &brought(&agreed, "code").unwrap()).await;
    assert_eq!(status, 200, "{pair}");
    etsy.access_token = pair["access_token"].as_str().unwrap().to_owned();
    assert_eq!(etsy.get("/v3/application/users/me").await.0, 200);
    assert_eq!(etsy.get(&etsy.shop("/listings")).await.0, 200);
    let insufficient =
        json!({"error": "insufficient_scope", "error_description": "Insufficient scope"});
    assert_eq!(etsy.get(&etsy.shop("/receipts")).await, (403, insufficient));
    let scopes = etsy.call(Method::POST, "/v3/application/scopes");
    let scopes = scopes.form(&[("token", &etsy.access_token)]);
    assert_eq!(answer(scopes).await, (200, json!({"scopes": ["listings_r", "shops_r"]})));
}

#[tokio::test]
async fn a_browser_is_sent_only_where_the_app_is_at_home() {
    let etsy = run(unlimited(), 0).await;
    let elsewhere = connect(&etsy, "https://example.com/back", "shops_r", "shop_id").await;
    assert_eq!(elsewhere.status(), StatusCode::BAD_REQUEST);
    let registered = Some(vec![BACK.to_owned()]);
    let etsy = run(EtsyOptions { redirect_uris: registered, ..unlimited() }, 0).await;
    assert!(brought(&connect(&etsy, BACK, "shops_r", "shop_id").await, "code").is_some());
    for other in ["http://localhost:3003/oauth/redirect/", "http://127.0.0.1:3003/oauth/redirect"] {
        let refused = connect(&etsy, other, "shops_r", "shop_id").await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{other}");
    }
    let unknown = connect(&etsy, BACK, "shops_r billing_r", "shop_id").await;
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_seller_may_say_no_and_may_take_it_back() {
    let etsy = run(unlimited(), 0).await;
    let declined = connect(&etsy, BACK, "shops_r", "deny").await;
    assert_eq!(brought(&declined, "error").as_deref(), Some("access_denied"));
    assert_eq!(brought(&declined, "state").as_deref(), Some("s"));
    assert_eq!(brought(&declined, "code"), None);
    let revoke = format!("{}/_sandbox/revoke?shop_id={}", etsy.base, etsy.shop_id);
    assert_eq!(answer(etsy.client.post(&revoke)).await, (200, json!({"tokens": 2})));
    assert_eq!(etsy.get("/v3/application/users/me").await.0, 401);
}
