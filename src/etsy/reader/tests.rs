//! The loop of reserve, wait, call, learn and again, against a scripted server.

use std::time::{Duration, Instant};

use chrono::DateTime;
use tokio::task::JoinSet;

use super::*;
use crate::domain::{SystemClock, Trouble, Window};
use crate::etsy::{ListingQuery, ListingState, Order, ReceiptQuery, ReceiptTime, Reference};
use crate::http::is_transient;
use crate::http::scripted_server::{Reply, ScriptedServer};

const SHOP: ShopId = ShopId(61_234_567);
const EMPTY_PAGE: &str = r#"{"count": 0, "results": []}"#;
const PAGE: &str = r#"{"count": 7, "results": [{"receipt_id": 1}, {"receipt_id": 2}]}"#;

fn settings(server: &ScriptedServer, deadline: Duration) -> EtsySettings {
    EtsySettings {
        api_url: server.url("/v3").to_string(),
        call_timeout: Duration::from_secs(5),
        deadline,
        ..EtsySettings::new("a-keystring".into(), "hush-secret".into())
    }
}

fn reader_with(settings: &EtsySettings) -> EtsyReader {
    let limiter = Arc::new(Limiter::in_memory(settings.ceilings(), SystemClock.now()));
    EtsyReader::new(settings, limiter, Arc::new(SystemClock)).unwrap()
}

fn query() -> ReceiptQuery {
    let from = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
    let window = Window::new(from, from + chrono::TimeDelta::days(1)).unwrap();
    let time = ReceiptTime::Modified;
    let order = Order::Ascending;
    ReceiptQuery { time, window: Some(window), was_canceled: None, order, offset: 0 }
}

async fn receipts(reader: &EtsyReader) -> Result<RawPage, EtsyError> {
    reader.page(&"812345678.hush".into(), SHOP, &Query::Receipts(query())).await
}

/// The outcome, and how often the server was asked.
async fn after(replies: Vec<Reply>, deadline: Duration) -> (Result<RawPage, EtsyError>, usize) {
    let server = ScriptedServer::start(replies).await;
    let outcome = receipts(&reader_with(&settings(&server, deadline))).await;
    (outcome, server.seen().len())
}

#[tokio::test]
async fn a_page_is_asked_for_as_etsy_wants_it_and_comes_as_it_is() {
    let server =
        ScriptedServer::start(vec![Reply::json(200, PAGE), Reply::json(200, EMPTY_PAGE)]).await;
    let reader = reader_with(&settings(&server, Duration::from_secs(5)));
    let page = receipts(&reader).await.unwrap();
    assert_eq!((page.body.as_ref(), page.count, page.rows), (PAGE.as_bytes(), 7, 2));
    let created = ReceiptQuery {
        time: ReceiptTime::Created,
        was_canceled: Some(true),
        offset: 300,
        order: Order::Descending,
        ..query()
    };
    let page =
        reader.page(&"812345678.hush".into(), SHOP, &Query::Receipts(created)).await.unwrap();
    assert_eq!((page.count, page.rows), (0, 0));
    let seen = server.seen();
    assert_eq!(
        seen[0].path_and_query,
        "/v3/application/shops/61234567/receipts?min_last_modified=1788264000\
         &max_last_modified=1788350400&sort_on=updated&sort_order=asc&offset=0&limit=100"
    );
    assert_eq!(
        seen[1].path_and_query,
        "/v3/application/shops/61234567/receipts?min_created=1788264000&max_created=1788350400\
         &sort_on=created&sort_order=desc&offset=300&limit=100&was_canceled=true"
    );
    assert_eq!(seen[0].header("x-api-key"), Some("a-keystring:hush-secret"));
    assert_eq!(seen[0].header("authorization"), Some("Bearer 812345678.hush"));
}

#[tokio::test]
async fn listings_are_asked_for_with_their_inventory() {
    let server = ScriptedServer::start(vec![Reply::json(200, EMPTY_PAGE); 2]).await;
    let reader = reader_with(&settings(&server, Duration::from_secs(5)));
    for order in [Order::Ascending, Order::Descending] {
        let query = ListingQuery { state: ListingState::SoldOut, order, offset: 0 };
        reader.page(&"1.hush".into(), SHOP, &Query::Listings(query)).await.unwrap();
    }
    let seen = server.seen();
    let head = "/v3/application/shops/61234567/listings?state=sold_out&includes=Inventory";
    assert_eq!(
        seen[0].path_and_query,
        format!("{head}&sort_on=created&sort_order=asc&offset=0&limit=100")
    );
    assert_eq!(
        seen[1].path_and_query,
        format!("{head}&sort_on=updated&sort_order=desc&offset=0&limit=100")
    );
}

#[tokio::test]
async fn lists_of_ids_are_comma_separated_and_records_are_pages_of_one() {
    let replies = [EMPTY_PAGE, EMPTY_PAGE, EMPTY_PAGE, r#"{"receipt_id": 7}"#, EMPTY_PAGE];
    let server = ScriptedServer::start(replies.map(|body| Reply::json(200, body)).to_vec()).await;
    let reader = reader_with(&settings(&server, Duration::from_secs(5)));
    let window = query().window.unwrap();
    for asked in [
        Query::Inventory(vec![1, 2]),
        Query::Payments(vec![3]),
        Query::Ledger { window, offset: 100 },
        Query::Receipt(7),
        Query::Reference(Reference::ReadinessStates),
    ] {
        let page = reader.page(&"1.hush".into(), SHOP, &asked).await.unwrap();
        let is_record = matches!(asked, Query::Receipt(_));
        assert_eq!((page.count, page.rows), if is_record { (1, 1) } else { (0, 0) });
    }
    let asked: Vec<String> = server.seen().iter().map(|call| call.path_and_query.clone()).collect();
    let shop = "/v3/application/shops/61234567";
    assert_eq!(
        asked,
        [
            "/v3/application/listings/batch/inventory?listing_ids=1%2C2".to_owned(),
            format!("{shop}/payments?payment_ids=3"),
            format!(
                "{shop}/payment-account/ledger-entries?min_created=1788264000\
                 &max_created=1788350400&limit=100&offset=100"
            ),
            format!("{shop}/receipts/7"),
            format!("{shop}/readiness-state-definitions?limit=100"),
        ]
    );
}

#[tokio::test]
async fn ping_me_and_shop_read() {
    let server = ScriptedServer::start(vec![
        Reply::json(200, r#"{"application_id": 1234567890}"#),
        Reply::json(200, r#"{"user_id": 812345678, "shop_id": 61234567}"#),
        Reply::json(
            200,
            r#"{"shop_id": 61234567, "user_id": 812345678, "shop_name": "AlderAndOak",
                "currency_code": "USD", "is_vacation": false, "title": "Boards"}"#,
        ),
    ])
    .await;
    let reader = reader_with(&settings(&server, Duration::from_secs(5)));
    reader.ping().await.unwrap();
    let me = reader.me(&"1.hush".into()).await.unwrap();
    assert_eq!((me.user_id, me.shop_id), (812_345_678, Some(61_234_567)));
    let shop = reader.shop(&"1.hush".into(), SHOP).await.unwrap();
    assert_eq!((shop.shop_name.as_str(), shop.currency_code.as_str()), ("AlderAndOak", "USD"));
    let seen = server.seen();
    assert_eq!(seen[0].path_and_query, "/v3/application/openapi-ping");
    assert_eq!(seen[0].header("authorization"), None, "no seller is needed to ping");
    assert_eq!(seen[1].path_and_query, "/v3/application/users/me");
    assert_eq!(seen[2].path_and_query, "/v3/application/shops/61234567");
}

#[tokio::test]
async fn a_429_is_repeated_not_sooner_than_it_says() {
    let server = ScriptedServer::start(vec![
        Reply::json(429, r#"{"error":"Exceeded per second rate limit"}"#)
            .header("retry-after", "1"),
        Reply::json(200, PAGE),
    ])
    .await;
    let reader = reader_with(&settings(&server, Duration::from_secs(30)));
    assert_eq!(receipts(&reader).await.unwrap().rows, 2);
    let seen = server.seen();
    assert!(seen[1].at - seen[0].at >= Duration::from_millis(990));
}

#[tokio::test]
async fn a_daily_429_is_not_waited_for_and_the_next_call_is_not_made() {
    let refusal = Reply::json(429, r#"{"error":"Exceeded daily rate limit"}"#)
        .header("x-remaining-today", "0")
        .header("retry-after", "86400");
    let server = ScriptedServer::start(vec![refusal]).await;
    let reader = reader_with(&settings(&server, Duration::from_secs(30)));
    for _ in 0..2 {
        let error = receipts(&reader).await.unwrap_err();
        let EtsyError::DaySpent { ref source, .. } = error else { panic!("{error}") };
        assert!(source.until - SystemClock.now() > chrono::TimeDelta::hours(23));
        assert_eq!(error.advice().trouble, Trouble::TryAgain);
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let refusal = Reply::json(429, r#"{"error":"Exceeded per second rate limit"}"#)
        .header("retry-after", "60");
    let server = ScriptedServer::start(vec![refusal]).await;
    let reader = reader_with(&settings(&server, Duration::from_secs(5)));
    for _ in 0..2 {
        let error = receipts(&reader).await.unwrap_err();
        let EtsyError::HeldBack { until, .. } = error else { panic!("{error}") };
        assert!(until - SystemClock.now() > chrono::TimeDelta::seconds(55), "it says when");
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_body_that_is_cut_short_is_asked_for_again() {
    let replies =
        vec![Reply::json(200, r#"{"count": 7, "results": [{"#).cut_short(), Reply::json(200, PAGE)];
    let (outcome, asked) = after(replies, Duration::from_secs(5)).await;
    assert_eq!((outcome.unwrap().rows, asked), (2, 2));
}

#[tokio::test]
async fn json_that_ends_early_in_a_complete_answer_is_asked_for_again() {
    let replies = vec![Reply::json(200, r#"{"count": 7, "results": [{"#), Reply::json(200, PAGE)];
    let (outcome, asked) = after(replies, Duration::from_secs(5)).await;
    assert_eq!((outcome.unwrap().rows, asked), (2, 2));
}

#[tokio::test]
async fn a_200_without_json_is_asked_for_again_and_then_an_error() {
    let page = Reply::html(200, "<html>Dana, please wait</html>");
    let (outcome, asked) = after(vec![page; 20], Duration::from_secs(3)).await;
    let error = outcome.unwrap_err();
    assert!((2..20).contains(&asked), "{asked}");
    let EtsyError::Unreadable { attempts, ref source, .. } = error else { panic!("{error}") };
    assert_eq!(usize::try_from(attempts).unwrap(), asked);
    assert_eq!(source.to_string(), "`(whole)`: expected value");
    assert_eq!(error.advice().trouble, Trouble::TryAgain);
}

#[tokio::test]
async fn json_of_another_shape_is_not_asked_for_again() {
    let replies = vec![Reply::json(200, r#"{"count": 7, "rows": []}"#)];
    let (outcome, asked) = after(replies, Duration::from_secs(5)).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.advice().trouble, asked), (Trouble::Failed, 1));
    assert_eq!(
        error.to_string(),
        "cannot read the receipts of shop 61234567 from offset 0: the answer to attempt 1, \
         the last, does not read"
    );
}

#[tokio::test]
async fn an_expired_token_is_told_apart_and_left_to_the_caller() {
    let body = r#"{"error":"invalid_token","error_description":"access token is expired"}"#;
    let (outcome, asked) = after(vec![Reply::json(401, body)], Duration::from_secs(5)).await;
    let error = outcome.unwrap_err();
    assert!(matches!(error, EtsyError::TokenExpired { .. }), "{error}");
    assert_eq!(asked, 1);
    let body = r#"{"error":"invalid_token","error_description":"invalid token"}"#;
    let (outcome, asked) = after(vec![Reply::json(401, body)], Duration::from_secs(5)).await;
    assert!(matches!(outcome, Err(EtsyError::Refused { status: 401, .. })));
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn what_does_not_pass_by_itself_is_asked_once() {
    for status in [400, 403, 404, 409, 501] {
        let replies = vec![Reply::json(status, r#"{"error":"no"}"#), Reply::json(200, PAGE)];
        let (outcome, asked) = after(replies, Duration::from_secs(5)).await;
        assert!(matches!(outcome, Err(EtsyError::Refused { .. })), "{status}");
        assert_eq!((asked, is_transient(status)), (1, false), "{status}");
    }
}

#[tokio::test]
async fn gateways_in_trouble_are_outlived() {
    let replies =
        vec![Reply::html(502, ""), Reply::html(503, "<html></html>"), Reply::json(200, PAGE)];
    let (outcome, asked) = after(replies, Duration::from_secs(10)).await;
    assert_eq!((outcome.unwrap().rows, asked), (2, 3));
}

#[tokio::test]
async fn calls_run_side_by_side_within_one_limit() {
    let server = ScriptedServer::start(vec![Reply::json(200, EMPTY_PAGE); 6]).await;
    let settings =
        EtsySettings { calls_per_second: 4, ..settings(&server, Duration::from_secs(30)) };
    let reader = Arc::new(reader_with(&settings));
    let begun = Instant::now();
    let mut calls = JoinSet::new();
    for _ in 0..6 {
        let reader = Arc::clone(&reader);
        calls.spawn(async move { receipts(&reader).await });
    }
    while let Some(outcome) = calls.join_next().await {
        outcome.unwrap().unwrap();
    }
    assert!(begun.elapsed() >= Duration::from_secs(1), "the fifth waits for the first to age");
    assert_eq!(server.seen().len(), 6);
}

#[tokio::test]
async fn silence_is_no_answer_and_says_how_often_it_was_met() {
    let server = ScriptedServer::start(vec![Reply::silence(); 3]).await;
    let settings = EtsySettings {
        call_timeout: Duration::from_millis(300),
        ..settings(&server, Duration::from_millis(400))
    };
    let error = receipts(&reader_with(&settings)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot read the receipts of shop 61234567 from offset 0: no answer to attempt 1, the last"
    );
    assert_eq!(error.advice().trouble, Trouble::TryAgain);
}

#[tokio::test]
async fn nothing_shown_holds_a_secret() {
    let server = ScriptedServer::start(vec![Reply::json(200, PAGE)]).await;
    let reader = reader_with(&settings(&server, Duration::from_secs(5)));
    let page = receipts(&reader).await.unwrap();
    let shown = format!("{reader:?} {page:?}");
    assert!(!shown.contains("hush") && !shown.contains("receipt_id"), "{shown}");
    let error = reader.me(&"hush\nhush".into()).await.unwrap_err();
    assert!(matches!(error, EtsyError::Unsendable { .. }), "{error}");
    assert!(!format!("{error:?} {error}").contains("hush"));
}
