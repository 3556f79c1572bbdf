//! Receipts that are written, shop settings, and pages under drift and quirks.

use axum::http::header::CONTENT_TYPE;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Running, answer, noon, run, unlimited};
use crate::sandbox::etsy::{
    DriftRates, DriftScript, EtsyOptions, LimitHeaders, Network, OmittedFilter, Quirks,
};
use crate::sandbox::world::Drifted;

/// A paid receipt that is not sent, bought by somebody in the US.
async fn unsent(etsy: &Running) -> i64 {
    etsy.client.post(format!("{}/_sandbox/live?buy=60", etsy.base)).send().await.unwrap();
    let (_, page) =
        etsy.get(&etsy.shop("/receipts?was_paid=true&was_shipped=false&limit=100")).await;
    let receipts = page["results"].as_array().unwrap();
    let found = receipts
        .iter()
        .find(|it| it["country_iso"] == "US" && it["grandtotal"]["amount"].as_i64() > Some(1_000));
    found.unwrap()["receipt_id"].as_i64().unwrap()
}

async fn mails(etsy: &Running) -> Value {
    let calls = etsy.client.get(format!("{}/_sandbox/calls", etsy.base));
    answer(calls).await.1["mails_to_buyers"].clone()
}

#[tokio::test]
async fn a_parcel_is_noted_once_and_mailed() {
    let etsy = run(unlimited(), 0).await;
    let receipt = unsent(&etsy).await;
    let path = etsy.shop(&format!("/receipts/{receipt}/tracking"));
    let send = |body: Value| answer(etsy.call(Method::POST, &path).json(&body));
    let needed = json!({"error": "A tracking number is required"});
    assert_eq!(send(json!({"send_bcc": false})).await, (400, needed));
    assert_eq!(send(json!({"tracking_code": "94001"})).await.0, 400);
    assert_eq!(mails(&etsy).await, 0);

    etsy.clock.advance(TimeDelta::minutes(10));
    let parcel = json!({"tracking_code": "94001", "carrier_name": "usps"});
    let (status, sent) = send(parcel.clone()).await;
    assert_eq!((status, &sent["is_shipped"]), (200, &json!(true)));
    assert_eq!(sent["status"].as_str().unwrap().to_lowercase(), "completed");
    assert_eq!(sent["shipments"][0]["tracking_code"], "94001");
    assert_eq!(sent["updated_timestamp"], (noon() + TimeDelta::minutes(10)).timestamp());
    assert_eq!(send(parcel).await.0, 409);
    assert_eq!(mails(&etsy).await, 1);
    etsy.client.delete(format!("{}/_sandbox/calls", etsy.base)).send().await.unwrap();
    assert_eq!(mails(&etsy).await, 0);
}

#[tokio::test]
async fn json_under_the_type_of_a_form_sends_the_order_without_a_code() {
    let etsy = run(unlimited(), 0).await;
    let receipt = unsent(&etsy).await;
    let path = etsy.shop(&format!("/receipts/{receipt}/tracking"));
    let call = etsy
        .call(Method::POST, &path)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(r#"{"tracking_code": "94001", "carrier_name": "usps"}"#);
    let (status, sent) = answer(call).await;
    assert_eq!((status, &sent["is_shipped"], &sent["shipments"]), (200, &json!(true), &json!([])));
}

#[tokio::test]
async fn a_receipt_is_changed_by_a_form() {
    let etsy = run(unlimited(), 0).await;
    let receipt = unsent(&etsy).await;
    let path = etsy.shop(&format!("/receipts/{receipt}"));
    let ignored = etsy.call(Method::PUT, &path).json(&json!({"was_shipped": true}));
    assert_eq!(answer(ignored).await.1["is_shipped"], false);
    let sent = etsy.call(Method::PUT, &path).form(&[("was_shipped", "true")]);
    assert_eq!(answer(sent).await.1["is_shipped"], true);
    let unknown =
        etsy.call(Method::PUT, &etsy.shop("/receipts/5")).form(&[("was_shipped", "true")]);
    assert_eq!(answer(unknown).await.0, 404);
}

#[tokio::test]
async fn lines_are_found_by_all_ways() {
    let etsy = run(unlimited(), 200).await;
    let (_, all) = etsy.get(&etsy.shop("/transactions?limit=100")).await;
    let line = all["results"].as_array().unwrap().iter().find(|it| it["sku"].is_string()).unwrap();
    let (_, one) = etsy.get(&etsy.shop(&format!("/transactions/{}", line["transaction_id"]))).await;
    assert_eq!(&one, line);
    for of in
        [format!("/receipts/{}", line["receipt_id"]), format!("/listings/{}", line["listing_id"])]
    {
        let (status, page) = etsy.get(&etsy.shop(&format!("{of}/transactions?limit=100"))).await;
        assert_eq!(status, 200);
        assert!(page["results"].as_array().unwrap().contains(line), "{of}");
    }
    assert_eq!(etsy.get(&etsy.shop("/transactions/7")).await.0, 404);
    let (_, listings) =
        etsy.get(&etsy.shop(&format!("/receipts/{}/listings", line["receipt_id"]))).await;
    assert!(listings["count"].as_u64() > Some(0));
}

#[tokio::test]
async fn settings_of_listings_are_found() {
    let etsy = run(unlimited(), 5).await;
    let (_, page) =
        etsy.get(&etsy.shop("/listings?sort_on=updated&sort_order=asc&limit=100")).await;
    let listings = page["results"].as_array().unwrap();
    assert!(listings.is_sorted_by_key(|it| it["updated_timestamp"].as_i64()));
    let listing = listings.iter().find(|it| it["listing_type"] == "physical").unwrap();
    let of = async |path: &str| etsy.get(&etsy.shop(path)).await.1["results"][0].clone();
    let shipping = of("/shipping-profiles").await;
    assert_eq!(shipping["shipping_profile_id"], listing["shipping_profile_id"]);
    let readiness = of("/readiness-state-definitions").await;
    assert_eq!(readiness["readiness_state_id"], listing["readiness_state_id"]);
    let returns = of("/policies/return").await;
    assert_eq!(returns["return_policy_id"], listing["return_policy_id"]);
    assert_eq!(etsy.get(&etsy.shop("/production-partners")).await.0, 200);
    let (_, shop) = etsy.get(&etsy.shop("")).await;
    let (_, first) = etsy.get(&etsy.shop("/receipts?sort_order=asc&limit=1")).await;
    assert!(shop["create_date"].as_i64() < first["results"][0]["created_timestamp"].as_i64());
}

#[tokio::test]
async fn inventory_with_listings_can_be_withdrawn() {
    let options = EtsyOptions { offers_inventory_with_listings: false, ..unlimited() };
    let etsy = run(options, 0).await;
    let (_, page) = etsy.get(&etsy.shop("/listings?includes=Inventory")).await;
    let listings = page["results"].as_array().unwrap();
    assert!(!listings.is_empty() && listings.iter().all(|it| it["inventory"].is_null()));
}

#[tokio::test]
async fn what_left_out_filters_mean_can_be_chosen() {
    let quirks = Quirks { omitted_was_canceled: OmittedFilter::MeansAll, ..Quirks::default() };
    let etsy = run(EtsyOptions { quirks, ..unlimited() }, 400).await;
    let count = async |more: &str| {
        etsy.get(&etsy.shop(&format!("/receipts{more}"))).await.1["count"].clone()
    };
    assert_eq!(count("").await, count("?was_canceled=null").await);
    assert_ne!(count("").await, count("?was_canceled=false").await);
    let (delivered, not) =
        (count("?was_delivered=true").await, count("?was_delivered=false").await);
    assert_eq!(
        delivered.as_u64().unwrap() + not.as_u64().unwrap(),
        count("").await.as_u64().unwrap()
    );
}

#[tokio::test]
async fn pages_drift_while_the_script_is_on() {
    let drift =
        DriftScript::new(4, DriftRates { buy: 1_000, edit: 1_000, cancel: 1_000, late_seconds: 0 });
    let etsy = run(EtsyOptions { drift: drift.clone(), ..unlimited() }, 200).await;
    etsy.clock.advance(TimeDelta::minutes(1));
    let (_, first) = etsy.get(&etsy.shop("/receipts?was_canceled=null&limit=10")).await;
    let [Drifted::Arrived(arrived), Drifted::Edited(_), Drifted::Cancelled(_)] =
        drift.happened()[..]
    else {
        panic!("{:?}", drift.happened());
    };
    drift.switch(false);
    let (_, second) = etsy.get(&etsy.shop("/receipts?was_canceled=null&limit=10&offset=1")).await;
    assert_eq!(second["count"].as_u64().unwrap(), first["count"].as_u64().unwrap() + 1);
    assert_eq!(second["results"][0], first["results"][0], "{arrived} pushed it down");
    assert_eq!(drift.happened().len(), 3);
}

#[tokio::test]
async fn a_page_can_begin_one_row_early() {
    let quirks = Quirks { repeated_rows: 1_000, ..Quirks::default() };
    let etsy = run(EtsyOptions { quirks, ..unlimited() }, 100).await;
    for path in ["/receipts", "/listings"] {
        let (_, first) = etsy.get(&etsy.shop(&format!("{path}?limit=4"))).await;
        let (_, second) = etsy.get(&etsy.shop(&format!("{path}?limit=4&offset=4"))).await;
        let id = |page: &Value, row: usize| {
            page["results"][row]["receipt_id"]
                .as_i64()
                .or(page["results"][row]["listing_id"].as_i64())
        };
        assert_eq!(id(&second, 0), id(&first, 3));
    }
}

#[tokio::test]
async fn quirks_are_switched_on_by_a_lever() {
    let etsy = run(unlimited(), 20).await;
    let set = etsy
        .client
        .post(format!("{}/_sandbox/quirks", etsy.base))
        .json(&json!({"unknown_status": 1_000}));
    assert_eq!(set.send().await.unwrap().status(), 204);
    let (_, page) = etsy.get(&etsy.shop("/receipts")).await;
    assert!(page["results"].as_array().unwrap().iter().all(|it| it["status"] == "on hold"));
    let wrong =
        etsy.client.post(format!("{}/_sandbox/quirks", etsy.base)).json(&json!({"nonsense": 1}));
    assert_eq!(wrong.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn limits_are_told_as_chosen() {
    let names = async |limit_headers| {
        let etsy = run(
            EtsyOptions { calls_per_second: Some(1), limit_headers, ..EtsyOptions::default() },
            0,
        )
        .await;
        let mut told = Vec::new();
        for _ in 0..2 {
            let response =
                etsy.call(Method::GET, "/v3/application/openapi-ping").send().await.unwrap();
            let names = response.headers().keys().map(|name| name.as_str().to_owned());
            let wanted = names.filter(|it| {
                it.contains("limit") || it.contains("remaining") || it.contains("retry")
            });
            let mut wanted: Vec<String> = wanted.collect();
            wanted.sort_unstable();
            told.push((response.status().as_u16(), wanted.join(" ")));
        }
        told
    };
    let silent = names(LimitHeaders::SilentOnRefusal).await;
    assert_eq!(silent[1], (429, String::new()));
    assert!(silent[0].1.contains("x-remaining-this-second"));
    let gateway = names(LimitHeaders::RateLimit).await;
    assert!(gateway[1].1.starts_with("retry-after x-ratelimit-limit-day"), "{gateway:?}");
    assert!(
        names(LimitHeaders::EtsyMisprinted).await[0]
            .1
            .ends_with("x-remaining-this-secon x-remaining-today")
    );
}

#[test]
fn the_way_takes_its_time() {
    use std::time::Duration;
    let network = Network {
        seed: 1,
        one_way_jitter: Duration::from_millis(400),
        answer_delay: Duration::from_millis(400),
    };
    let mut traffic = crate::sandbox::etsy::network::Traffic::new(network);
    let waits: Vec<Duration> = (0..100).map(|_| traffic.up_to(network.one_way_jitter)).collect();
    assert!(waits.iter().all(|wait| *wait <= network.one_way_jitter));
    assert!(waits.iter().any(|wait| *wait > network.one_way_jitter / 2));
}

#[tokio::test]
async fn a_path_that_does_not_read_is_refused_in_json() {
    let etsy = run(unlimited(), 0).await;
    let (status, body) = etsy.get("/v3/application/shops/mine/receipts").await;
    assert_eq!((status, body["error"].is_string()), (400, true));
}
