//! Ledger and payments.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Running, noon, run, unlimited};
use crate::sandbox::etsy::{EtsyOptions, LedgerOrder, Quirks};

const DAY: i64 = 86_400;

fn window(days: i64) -> String {
    let to = noon().timestamp();
    format!("min_created={}&max_created={to}", to - days * DAY)
}

async fn ledger(etsy: &Running, more: &str) -> (u16, Value) {
    etsy.get(&etsy.shop(&format!("/payment-account/ledger-entries?{more}"))).await
}

#[tokio::test]
async fn a_window_is_needed_and_no_wider_than_31_days() {
    let etsy = run(unlimited(), 100).await;
    let wide = json!({
        "error": "Time window between min_created and max_created must be no more than 2678400 seconds (31 days)."
    });
    let to = noon().timestamp();
    let by = |seconds: i64| format!("min_created={}&max_created={to}", to - seconds);
    assert_eq!(ledger(&etsy, &by(2_678_401)).await, (400, wide));
    assert_eq!(ledger(&etsy, &by(2_678_400)).await.0, 200);
    assert_eq!(ledger(&etsy, "min_created=1788264000").await.0, 400);
    assert_eq!(ledger(&etsy, &format!("{}&offset=12001", window(1))).await.0, 400);
}

#[tokio::test]
async fn pages_of_the_ledger_cover_the_window_in_either_order() {
    for order in [LedgerOrder::NewestFirst, LedgerOrder::OldestFirst] {
        let etsy = run(EtsyOptions { ledger_order: order, ..unlimited() }, 400).await;
        let mut balances = Vec::new();
        let mut count = usize::MAX;
        while balances.len() < count {
            let more = format!("{}&limit=100&offset={}", window(30), balances.len());
            let (_, page) = ledger(&etsy, &more).await;
            count = usize::try_from(page["count"].as_u64().unwrap()).unwrap();
            for entry in page["results"].as_array().unwrap() {
                let number = |field: &str| entry[field].as_i64().unwrap();
                balances.push((number("sequence_number"), number("amount"), number("balance")));
            }
        }
        if order == LedgerOrder::NewestFirst {
            balances.reverse();
        }
        assert!(count > 100);
        for pair in balances.windows(2) {
            assert_eq!(pair[1].0, pair[0].0 + 1);
            assert_eq!(pair[1].2, pair[0].2 + pair[1].1);
        }
    }
}

#[tokio::test]
async fn entries_lead_to_payments() {
    let etsy = run(unlimited(), 300).await;
    let (_, page) = ledger(&etsy, &format!("{}&limit=100", window(31))).await;
    let ids_of = |kind: &str| -> Vec<String> {
        let entries = page["results"].as_array().unwrap().iter();
        let found = entries.filter(|entry| entry["ledger_type"] == kind);
        found.map(|entry| entry["entry_id"].to_string()).collect()
    };
    let sales = ids_of("PAYMENT_GROSS");
    let path = |ids: &[String]| {
        etsy.shop(&format!(
            "/payment-account/ledger-entries/payments?ledger_entry_ids={}",
            ids.join(",")
        ))
    };
    let (status, payments) = etsy.get(&path(&sales)).await;
    assert_eq!((status, payments["count"].as_u64()), (200, u64::try_from(sales.len()).ok()));
    let nothing = json!({"count": 0, "results": []});
    assert_eq!(etsy.get(&path(&ids_of("transaction"))).await, (200, nothing));

    let payment = &payments["results"][0];
    let (_, named) =
        etsy.get(&etsy.shop(&format!("/payments?payment_ids={}", payment["payment_id"]))).await;
    assert_eq!(&named["results"][0], payment);
    let (_, of_receipt) =
        etsy.get(&etsy.shop(&format!("/receipts/{}/payments", payment["receipt_id"]))).await;
    assert_eq!(of_receipt, json!({"count": 1, "results": [payment]}));
    assert_eq!(etsy.get(&etsy.shop("/payments")).await.0, 400);

    let (_, entry) =
        etsy.get(&etsy.shop(&format!("/payment-account/ledger-entries/{}", sales[0]))).await;
    assert_eq!(entry["entry_id"].to_string(), sales[0]);
    assert_eq!(etsy.get(&etsy.shop("/payment-account/ledger-entries/17")).await.0, 400);
}

#[tokio::test]
async fn a_list_with_brackets_or_repeated_is_no_list() {
    let etsy = run(unlimited(), 0).await;
    for list in
        ["payment_ids[]=1&payment_ids[]=2", "payment_ids=1&payment_ids=2", "payment_ids=1,x"]
    {
        assert_eq!(etsy.get(&etsy.shop(&format!("/payments?{list}"))).await.0, 400, "{list}");
    }
    let many: Vec<String> = (1..=101).map(|id: i32| id.to_string()).collect();
    let (status, _) =
        etsy.get(&etsy.shop(&format!("/payments?payment_ids={}", many.join(",")))).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_payment_is_posted_when_shipped_and_adjusted_when_refunded() {
    let etsy = run(unlimited(), 400).await;
    let (_, receipts) =
        etsy.get(&etsy.shop("/receipts?limit=100&was_paid=true&was_canceled=null")).await;
    let mut seen = BTreeSet::new();
    for receipt in receipts["results"].as_array().unwrap() {
        let (_, payments) =
            etsy.get(&etsy.shop(&format!("/receipts/{}/payments", receipt["receipt_id"]))).await;
        let payment = &payments["results"][0];
        let is_shipped = receipt["is_shipped"].as_bool().unwrap();
        let is_refunded = receipt["refunds"] != json!([]);
        assert_eq!(payment["amount_gross"], receipt["grandtotal"]);
        assert_eq!(payment["posted_net"].is_object(), is_shipped);
        assert_eq!(payment["adjusted_net"].is_object(), is_refunded);
        assert_eq!(payment["payment_adjustments"] != json!([]), is_refunded);
        seen.insert((is_shipped, is_refunded));
    }
    assert!(seen.len() >= 3, "{seen:?}");
}

#[tokio::test]
async fn the_ledger_grows_as_the_world_lives_on() {
    let etsy = run(unlimited(), 50).await;
    let count = async || {
        let to = etsy.world_now();
        let (_, page) =
            ledger(&etsy, &format!("min_created={}&max_created={to}", to - 20 * DAY)).await;
        page["count"].as_u64().unwrap()
    };
    let before = count().await;
    etsy.client.post(format!("{}/_sandbox/live?buy=20", etsy.base)).send().await.unwrap();
    let after = count().await;
    assert!(after > before);
    etsy.clock.advance(TimeDelta::minutes(50));
    etsy.world.lock().await.refund(12, noon() + TimeDelta::minutes(50));
    assert!(count().await > after);
}

#[tokio::test]
async fn references_come_as_numbers_when_asked_for() {
    let quirks = Quirks { integer_reference: 1_000, ..Quirks::default() };
    let etsy = run(EtsyOptions { quirks, ..unlimited() }, 20).await;
    let (_, page) = ledger(&etsy, &window(30)).await;
    assert!(page["results"].as_array().unwrap().iter().all(|it| it["reference_id"].is_i64()));
}
