//! One write, one call: what is sent, and when it is sent again.

use std::time::Duration;

use super::*;
use crate::domain::SystemClock;
use crate::etsy::wire::Inventory;
use crate::http::scripted_server::{Reply, ScriptedServer, Seen};

const PLAIN: &str = r#"{"products": [{"product_id": 1, "sku": "A", "is_deleted": false, "offerings": [{"offering_id": 2,
    "quantity": 4, "is_enabled": true, "is_deleted": false, "readiness_state_id": null,
    "price": {"amount": 1950, "divisor": 100, "currency_code": "USD"}}], "property_values": []}],
    "price_on_property": [], "quantity_on_property": [], "sku_on_property": [], "readiness_state_on_property": []}"#;

fn document() -> InventoryDocument {
    InventoryDocument::read(&serde_json::from_str::<Inventory<'_>>(PLAIN).unwrap()).unwrap()
}

fn writer(server: &ScriptedServer) -> EtsyWriter {
    let settings = EtsySettings {
        api_url: server.url("/v3").to_string(),
        deadline: Duration::from_secs(3),
        call_timeout: Duration::from_millis(300),
        ..EtsySettings::new("keystring".into(), "secret".into())
    };
    let limiter = Arc::new(Limiter::in_memory(settings.ceilings(), SystemClock.now()));
    EtsyWriter::new(&settings, limiter, Arc::new(SystemClock)).unwrap()
}

async fn after(replies: Vec<Reply>) -> (Result<(), EtsyError>, Vec<Seen>) {
    let server = ScriptedServer::start(replies).await;
    let token = "61.token".into();
    (writer(&server).put_inventory(&token, 7, &document()).await, server.seen())
}

#[tokio::test]
async fn an_inventory_is_put_as_json() {
    let (written, seen) = after(vec![Reply::json(200, PLAIN)]).await;
    written.unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path_and_query.as_str()),
        ("PUT", "/v3/application/listings/7/inventory")
    );
    assert_eq!(seen[0].header("content-type"), Some("application/json"));
    assert_eq!(seen[0].header("authorization"), Some("Bearer 61.token"));
    assert_eq!(
        seen[0].body,
        r#"{"products":[{"sku":"A","property_values":[],"offerings":[{"price":19.50,"quantity":4,"is_enabled":true,"readiness_state_id":null}]}],"price_on_property":[],"quantity_on_property":[],"sku_on_property":[],"readiness_state_on_property":[]}"#
    );
}

/// Under any other type the call is accepted and ignored (<https://github.com/etsy/open-api/issues/135>).
#[tokio::test]
async fn a_state_is_patched_as_a_form() {
    let server = ScriptedServer::start(vec![Reply::json(200, "{}")]).await;
    let written = writer(&server)
        .set_listing_state(&"61.token".into(), ShopId(61), 7, SaleState::Inactive)
        .await;
    written.unwrap();
    let seen = server.seen();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path_and_query.as_str(), seen[0].body.as_str()),
        ("PATCH", "/v3/application/shops/61/listings/7", "state=inactive")
    );
    assert_eq!(seen[0].header("content-type"), Some("application/x-www-form-urlencoded"));
}

#[tokio::test]
async fn what_etsy_did_not_carry_out_is_sent_again() {
    let too_fast = Reply::json(429, r#"{"error": "Exceeded per second rate limit"}"#);
    let (written, seen) = after(vec![too_fast, Reply::json(200, PLAIN)]).await;
    written.unwrap();
    assert_eq!(seen.len(), 2);
}

#[tokio::test]
async fn what_etsy_may_have_carried_out_is_not_sent_again() {
    for reply in [
        Reply::json(500, r#"{"error": "Server Error"}"#),
        Reply::html(503, "<html></html>"),
        Reply::json(502, ""),
        Reply::json(200, PLAIN).cut_short(),
        Reply::silence(),
    ] {
        let (written, seen) = after(vec![reply.clone(), Reply::json(200, PLAIN)]).await;
        let error = written.unwrap_err();
        assert!(error.may_have_had_effect(), "{reply:?}: {error}");
        assert_eq!(seen.len(), 1, "{reply:?}");
    }
}

#[tokio::test]
async fn a_refusal_is_a_refusal() {
    for (status, words) in [
        (400, "One offering must have quantity greater than 0"),
        (401, "access token is expired"),
        (403, "Insufficient scope"),
        (404, "Could not find a listing"),
        (409, "There was a request conflict with the current state of the target resource."),
    ] {
        let body = serde_json::json!({ "error": words }).to_string();
        let (written, seen) = after(vec![Reply::json(status, &body)]).await;
        let error = written.unwrap_err();
        assert!(!error.may_have_had_effect(), "{error}");
        assert_eq!(error.is_of_token(), status == 401, "{error}");
        assert_eq!(seen.len(), 1);
    }
}
