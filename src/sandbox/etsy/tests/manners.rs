//! Keys, tokens, limits, faults and levers.

use std::sync::Arc;

use axum::http::HeaderValue;
use chrono::TimeDelta;
use reqwest::{Client, Method};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{answer, noon, run, unlimited};
use crate::domain::{Clock, FixedClock};
use crate::sandbox::etsy::{EtsyOptions, ServeError, serve};
use crate::sandbox::world::{World, WorldSize};

#[tokio::test]
async fn keys_and_tokens_are_looked_at() {
    let etsy = run(unlimited(), 10).await;
    let url = format!("{}/v3/application/users/me", etsy.base);
    let with_key =
        |key: &str| etsy.client.get(&url).header("x-api-key", key).bearer_auth(&etsy.access_token);
    let missing = json!({"error": "Shared secret is required in x-api-key header."});
    assert_eq!(answer(with_key("sandbox-keystring")).await, (403, missing));
    let wrong = json!({"error": "Invalid API key"});
    assert_eq!(answer(with_key("sandbox-keystring:guess")).await, (403, wrong));
    let (status, me) = answer(with_key("sandbox-keystring:sandbox-secret")).await;
    assert_eq!((status, me["shop_id"].as_i64()), (200, Some(etsy.shop_id)));

    let other_shop = {
        let world = etsy.world.lock().await;
        world.shops()[1].shop_id
    };
    let (status, _) = etsy.get(&format!("/v3/application/shops/{other_shop}/receipts")).await;
    assert_eq!(status, 401);
    etsy.clock.advance(TimeDelta::seconds(3600));
    let expired = json!({"error": "invalid_token", "error_description": "access token is expired"});
    assert_eq!(etsy.get("/v3/application/users/me").await, (401, expired));
}

#[tokio::test]
async fn a_refresh_replaces_the_pair() {
    let etsy = run(unlimited(), 0).await;
    let refresh = |token: &str| {
        etsy.client.post(format!("{}/v3/public/oauth/token", etsy.base)).form(&[
            ("grant_type", "refresh_token"),
            ("client_id", "sandbox-keystring"),
            ("refresh_token", token),
        ])
    };
    let (status, pair) = answer(refresh(&etsy.refresh_token)).await;
    assert_eq!(
        (status, &pair["token_type"], &pair["expires_in"]),
        (200, &json!("Bearer"), &json!(3600))
    );
    let revoked =
        json!({"error": "invalid_grant", "error_description": "refresh_token is revoked"});
    assert_eq!(answer(refresh(&etsy.refresh_token)).await, (400, revoked));
    let body = json!({
        "grant_type": "refresh_token",
        "client_id": "sandbox-keystring",
        "refresh_token": pair["refresh_token"],
    });
    let as_json = etsy.client.post(format!("{}/v3/public/oauth/token", etsy.base)).json(&body);
    assert_eq!(answer(as_json).await.0, 200);
}

#[tokio::test]
async fn the_eleventh_call_of_a_second_is_refused() {
    let options = EtsyOptions { calls_per_day: Some(500), ..EtsyOptions::default() };
    let etsy = run(options, 0).await;
    let mut calls = JoinSet::new();
    for _ in 0..11 {
        calls.spawn(etsy.call(Method::GET, "/v3/application/openapi-ping").send());
    }
    let answers = calls.join_all().await;
    let (refused, admitted): (Vec<_>, Vec<_>) =
        answers.into_iter().map(Result::unwrap).partition(|answer| answer.status() == 429);
    assert_eq!((refused.len(), admitted.len()), (1, 10));
    let headers = refused[0].headers();
    assert_eq!(headers["retry-after"], "1");
    assert_eq!(
        (&headers["x-limit-per-second"], &headers["x-limit-per-day"]),
        (&HeaderValue::from_static("10"), &HeaderValue::from_static("500"))
    );
    let lowest =
        admitted.iter().map(|answer| answer.headers()["x-remaining-today"].to_str().unwrap()).min();
    assert_eq!(lowest, Some("490"));
    let (_, counted) = answer(etsy.client.get(format!("{}/_sandbox/calls", etsy.base))).await;
    assert_eq!(counted["calls"]["GET /v3/application/openapi-ping"], 11);
    assert_eq!(counted["refused_per_second"], 1);
}

#[tokio::test]
async fn bodies_break_off_and_pages_come_instead_of_json() {
    let etsy = run(unlimited(), 30).await;
    let script = json!([
        {"on": "/receipts", "nth": 1, "kind": "truncated"},
        {"on": "/receipts", "nth": 2, "kind": "html"},
        {"on": "/receipts", "nth": 3, "kind": {"status": {"code": 500, "body": "{\"error\":\"Server Error\"}"}}},
    ]);
    let set = etsy.client.post(format!("{}/_sandbox/faults", etsy.base)).json(&script);
    assert_eq!(set.send().await.unwrap().status(), 204);
    let receipts = || etsy.call(Method::GET, &etsy.shop("/receipts")).send();
    let truncated = receipts().await.unwrap();
    assert_eq!(truncated.status(), 200, "the head arrives");
    assert!(truncated.bytes().await.is_err());
    let page = receipts().await.unwrap();
    assert_eq!(page.status(), 503);
    assert_eq!(page.headers()["retry-after"], "30");
    assert!(page.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    assert_eq!(etsy.get(&etsy.shop("/receipts")).await, (500, json!({"error": "Server Error"})));
    assert_eq!(etsy.get(&etsy.shop("/receipts")).await.0, 200);
}

#[tokio::test]
async fn the_world_lives_on_command() {
    let etsy = run(unlimited(), 100).await;
    let live = etsy.client.post(format!("{}/_sandbox/live?buy=5&refund=1&pay=1", etsy.base));
    let (status, happened) = answer(live).await;
    assert_eq!((status, happened["bought"].as_array().map(Vec::len)), (200, Some(5)));
    assert_eq!(happened["edited"], json!([]));
    assert_eq!(etsy.world.lock().await.receipts().len(), 105);
}

#[tokio::test]
async fn consent_leads_back_with_a_code() {
    let etsy = run(unlimited(), 0).await;
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let connect = |more: &str| {
        let query = "response_type=code&client_id=sandbox-keystring&scope=shops_r&state=s%261\
             &code_challenge=abc&code_challenge_method=S256&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcb";
        client.get(format!("{}/oauth/connect?{query}{more}", etsy.base)).send()
    };
    let page = connect("").await.unwrap().text().await.unwrap();
    assert!(page.contains(&format!("&amp;shop_id={}", etsy.shop_id)));
    let back = connect(&format!("&shop_id={}", etsy.shop_id)).await.unwrap();
    let target = back.headers()["location"].to_str().unwrap().to_owned();
    assert!(
        target.starts_with("http://127.0.0.1:9/cb?code=sandbox-code-1&state=s%261"),
        "{target}"
    );
}

#[tokio::test]
async fn other_machines_are_not_served() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let world = World::new(WorldSize { receipts: 0, listings: 0, shops: 1, seed: 1 }, noon());
    let world = Arc::new(tokio::sync::Mutex::new(world));
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(noon()));
    let refused = serve(listener, world, clock, unlimited(), std::future::pending()).await;
    assert!(matches!(refused, Err(ServeError::NotLoopback(_))));
}
