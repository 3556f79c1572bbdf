//! Each refusal that Etsy is known for, and what a person is told.

use super::*;
use crate::domain::Trouble;
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

#[tokio::test]
async fn each_refusal_has_its_remedy() {
    use Trouble::{Failed, NeedsPerson, TryAgain};
    let cases = [
        (
            401,
            r#"{"error":"invalid_token","error_description":"invalid token"}"#,
            NeedsPerson,
            "shop login",
        ),
        (
            403,
            r#"{"error":"insufficient_scope","error_description":"Insufficient scope"}"#,
            NeedsPerson,
            "transactions_r",
        ),
        (403, r#"{"error":"Invalid API key"}"#, NeedsPerson, "etsy.keystring"),
        (
            403,
            r#"{"error":"Shared secret is required in x-api-key header."}"#,
            NeedsPerson,
            "etsy.shared_secret",
        ),
        (403, r#"{"error":"Unauthorized"}"#, NeedsPerson, "approved"),
        (
            404,
            r#"{"error":"Could not find a Shop Receipt with receipt_id = 37 associated with shop_id = 61"}"#,
            Failed,
            "shop_id",
        ),
        (
            400,
            r#"{"error":"Offset provided is greater than the maximum offset allowed."}"#,
            Failed,
            "12,000",
        ),
        (
            400,
            r#"{"error":"Time window between min_created and max_created must be no more than 2678400 seconds (31 days)."}"#,
            Failed,
            "31 days",
        ),
        (400, r#"{"error":"Property values can't be empty"}"#, Failed, "newer version"),
        (
            409,
            r#"{"error":"There was a request conflict with the current state of the target resource."}"#,
            TryAgain,
            "next run",
        ),
        (429, r#"{"error":"Exceeded per second rate limit"}"#, TryAgain, "calls_per_second"),
        (429, r#"{"error":"Exceeded daily rate limit"}"#, TryAgain, "tomorrow"),
        (500, r#"{"error":"Server Error"}"#, TryAgain, "later"),
        (502, "", TryAgain, "etsystatus"),
    ];
    for (status, body, trouble, remedy) in cases {
        let error = refusal(Reply::json(status, body)).await;
        let advice = error.advice();
        assert_eq!(advice.trouble, trouble, "{error}");
        assert!(advice.hint.as_ref().unwrap().contains(remedy), "{error}: {advice:?}");
        assert_eq!(error.is_transient(), matches!(status, 429 | 500..), "{error}");
    }
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
