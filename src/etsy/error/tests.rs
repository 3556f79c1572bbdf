//! Each refusal that Etsy is known for, and what a person is told.

use std::sync::Arc;

use super::*;
use crate::domain::{Clock as _, ShopId, SystemClock, Trouble};
use crate::etsy::{EtsyReader, EtsySettings, Limiter};
use crate::http::scripted_server::{Reply, ScriptedServer};
use crate::http::{Call, Client, ClientSettings};

async fn answer(reply: Reply) -> Answer {
    let server = ScriptedServer::start(vec![reply]).await;
    let client = Client::new(ClientSettings::default()).unwrap();
    client.send(&Call::get(server.url("/"))).await.unwrap()
}

async fn refusal(reply: Reply) -> EtsyError {
    let answer = answer(reply).await;
    let (asked, said) = ("read shop 61".to_owned(), Said::of(&answer));
    EtsyError::Refused { asked, status: answer.status, said, attempts: 1 }
}

/// The error that a caller gets, after as many attempts as a tenth of a second allows.
async fn met(reply: Reply) -> EtsyError {
    let server = ScriptedServer::start(vec![reply]).await;
    let settings = EtsySettings {
        api_url: server.url("/v3").to_string(),
        deadline: Duration::from_millis(100),
        ..EtsySettings::new("keystring".into(), "secret".into())
    };
    let limiter = Arc::new(Limiter::in_memory(settings.ceilings(), SystemClock.now()));
    let reader = EtsyReader::new(&settings, limiter, Arc::new(SystemClock)).unwrap();
    reader.shop(&"61.token".into(), ShopId(61)).await.unwrap_err()
}

/// Every body that Etsy is known or assumed to refuse with: whether the same call may pass later, who has to do something
/// about it, and words of what he is told.
#[tokio::test]
async fn each_refusal_has_its_remedy() {
    use Trouble::{Failed, NeedsPerson, TryAgain};
    let said = |error: &str| serde_json::json!({ "error": error }).to_string();
    let oauth = |error: &str, description: &str| {
        serde_json::json!({ "error": error, "error_description": description }).to_string()
    };
    let missing_secret = "Shared secret is required in x-api-key header.";
    let no_receipt = "Could not find a Shop Receipt with receipt_id = 3712345999 associated with shop_id = 61234567";
    let window = "Time window between min_created and max_created must be no more than 2678400 seconds (31 days).";
    let offset = "Offset provided is greater than the maximum offset allowed.";
    let variations = "Could not update inventory with unsupported number of variations. The maximum number of supported variations is 2.";
    let conflict = "There was a request conflict with the current state of the target resource.";
    let digital = "Listing has inventory that must be reset before changing type.";
    let all_zero = "One offering must have quantity greater than 0";
    let cases = [
        (400, said("Property values can't be empty"), Failed, "rename it on Etsy"),
        (400, said(all_zero), Failed, "set inactive"),
        (400, said(window), Failed, "31 days"),
        (400, said("Missing Input Parameter: [products]"), Failed, "newer version"),
        (400, said(offset), Failed, "12,000"),
        (400, said(variations), Failed, "more variations"),
        (400, said("A tracking number is required"), Failed, "tracking number"),
        (401, oauth("invalid_token", "access token is expired"), TryAgain, "clock"),
        (401, oauth("invalid_token", "invalid token"), NeedsPerson, "shop login acme`"),
        (401, said("Invalid API key"), NeedsPerson, "etsy.keystring"),
        (403, oauth("insufficient_scope", "Insufficient scope"), NeedsPerson, "transactions_r"),
        (403, said("Invalid API key"), NeedsPerson, "etsy.keystring"),
        (403, said(missing_secret), NeedsPerson, "etsy.shared_secret"),
        (403, said("Unauthorized"), NeedsPerson, "approved"),
        (404, said(no_receipt), Failed, "shop_id"),
        (409, said(digital), Failed, "inventory"),
        (409, said(conflict), TryAgain, "next run"),
        (500, said("Server Error"), TryAgain, "later"),
    ];
    for (status, body, trouble, remedy) in cases {
        let error = met(Reply::json(status, &body)).await;
        expect(&error, trouble, remedy, status == 500);
    }
    // the limiter would wait longer than this test
    let error = refusal(Reply::json(429, &said("Exceeded per second rate limit"))).await;
    expect(&error, TryAgain, "calls_per_second", true);
    // the day's calls are told by when there are some again
    let error = met(Reply::json(429, &said("Exceeded daily rate limit"))).await;
    assert!(matches!(error, EtsyError::DaySpent { .. }), "{error}");
    expect(&error, TryAgain, "goes on where it stopped", false);
    let page = "<!DOCTYPE html><html><head><title>Etsy - Service Unavailable</title></head>\
                <body><h1>Oops!</h1></body></html>\n";
    for reply in [Reply::html(502, ""), Reply::html(503, page).header("retry-after", "30")] {
        // one of them says when to come back, which is later than this test would wait
        expect(&refusal(reply).await, TryAgain, "etsystatus", true);
    }
}

fn expect(error: &EtsyError, trouble: Trouble, remedy: &str, is_transient: bool) {
    let advice = error.advice_for("acme");
    assert_eq!(advice.trouble, trouble, "{error}");
    assert!(advice.hint.as_ref().unwrap().contains(remedy), "{error}: {advice:?}");
    assert_eq!(error.is_transient(), is_transient, "{error}");
}

#[tokio::test]
async fn the_words_are_etsys_and_a_body_is_never_repeated() {
    let cases = [
        (
            Reply::json(401, r#"{"error":"invalid_token","error_description":"invalid token"}"#),
            "cannot read shop 61: Etsy answers 401: invalid_token: invalid token",
        ),
        (
            Reply::json(500, r#"{"error":"Server Error","buyer":"Dana"}"#),
            "cannot read shop 61: Etsy answers 500: Server Error",
        ),
        (Reply::html(502, ""), "cannot read shop 61: Etsy answers 502: an empty body"),
        (
            Reply::html(503, "<!DOCTYPE html><html><body><h1>Oops, Dana!</h1></body></html>\n"),
            "cannot read shop 61: Etsy answers 503: an HTML page",
        ),
        (
            Reply::json(400, r#"{"buyer":"Dana"}"#),
            "cannot read shop 61: Etsy answers 400: JSON without an `error`",
        ),
        (
            Reply::json(400, r#"["Dana"]"#),
            "cannot read shop 61: Etsy answers 400: 8 bytes that are no JSON error",
        ),
    ];
    for (reply, expected) in cases {
        assert_eq!(refusal(reply).await.to_string(), expected);
    }
}

#[tokio::test]
async fn long_and_hostile_words_become_one_short_line() {
    let body = serde_json::json!({"error": format!("a\n\u{1b}[31mb{}", "é".repeat(1_000))});
    let said = Said::of(&answer(Reply::json(400, &body.to_string())).await).to_string();
    assert!(said.starts_with("a  [31mb") && said.ends_with("é…"), "{said}");
    assert_eq!(said.chars().count(), CLIPPED_AT_CHARACTERS + 1);
}

#[test]
fn what_was_not_asked_may_be_asked_later() {
    let until = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
    let asked = "read shop 61".to_owned();
    let spent = EtsyError::DaySpent { asked: asked.clone(), source: DaySpent { until } };
    let held = EtsyError::HeldBack { asked, until };
    for error in [spent, held] {
        assert!(!error.is_transient(), "not within the same call");
        assert_eq!(error.advice().trouble, Trouble::TryAgain);
        assert!(error.advice().hint.unwrap().contains("2026-09-01 12:00 UTC"));
    }
}
