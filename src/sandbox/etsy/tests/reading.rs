//! What is read: bytes, sums, pages, windows.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{noon, run, unlimited};
use crate::sandbox::etsy::{listing_wire, wire};
use crate::sandbox::world::{World, WorldSize};

fn everything(world: &World) -> String {
    let receipts = world.receipts().iter().map(|receipt| {
        let (_, seller) = world.shop(receipt.shop_id.0).unwrap();
        serde_json::to_string(&wire::receipt(receipt, seller)).unwrap()
    });
    let listings = world.listings().iter().map(|listing| {
        let seller = &world.shops()[listing.shop];
        let viewer = Some(listing_wire::Viewer::Owner);
        serde_json::to_string(&listing_wire::listing(listing, seller, viewer)).unwrap()
    });
    receipts.chain(listings).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let make = |seed| {
        let mut world =
            World::new(WorldSize { receipts: 300, listings: 40, shops: 3, seed }, noon());
        world.buy(20, noon());
        world.edit(5, noon());
        world.cancel(3, noon());
        world.refund(3, noon());
        world.pay(3, noon());
        everything(&world)
    };
    assert_eq!(make(1), make(1));
    assert_ne!(make(1), make(2));
}

fn amount(of: &Value, field: &str) -> i64 {
    of[field]["amount"].as_i64().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_arithmetic_of_every_receipt_holds(seed in any::<u64>()) {
        let mut world =
            World::new(WorldSize { receipts: 60, listings: 30, shops: 3, seed }, noon());
        world.buy(10, noon());
        world.refund(5, noon());
        for receipt in world.receipts() {
            let (_, seller) = world.shop(receipt.shop_id.0).unwrap();
            let body = serde_json::to_value(wire::receipt(receipt, seller)).unwrap();
            let lines = body["transactions"].as_array().unwrap();
            let total: i64 = lines
                .iter()
                .map(|line| amount(line, "price") * line["quantity"].as_i64().unwrap())
                .sum();
            prop_assert!(total > 0);
            prop_assert_eq!(amount(&body, "total_price"), total);
            let subtotal = total - amount(&body, "discount_amt");
            prop_assert_eq!(amount(&body, "subtotal"), subtotal);
            let added = ["total_shipping_cost", "total_tax_cost", "total_vat_cost", "gift_wrap_price"]
                .iter()
                .map(|field| amount(&body, field))
                .sum::<i64>();
            prop_assert_eq!(amount(&body, "grandtotal"), subtotal + added);
            let divisor = if body["grandtotal"]["currency_code"] == "JPY" { 1 } else { 100 };
            prop_assert_eq!(body["grandtotal"]["divisor"].as_i64(), Some(divisor));
            let refunded: i64 =
                body["refunds"].as_array().unwrap().iter().map(|refund| amount(refund, "amount")).sum();
            prop_assert!(refunded <= amount(&body, "grandtotal"));
        }
    }
}

#[tokio::test]
async fn pages_in_ascending_order_meet_and_cover() {
    let etsy = run(unlimited(), 700).await;
    for sort_on in ["created", "updated", "receipt_id"] {
        let mut ids = Vec::new();
        let mut count = usize::MAX;
        while ids.len() < count {
            let offset = ids.len();
            let path = etsy.shop(&format!(
                "/receipts?limit=100&offset={offset}&sort_on={sort_on}&sort_order=asc&was_canceled=null"
            ));
            let (status, page) = etsy.get(&path).await;
            assert_eq!(status, 200);
            count = usize::try_from(page["count"].as_u64().unwrap()).unwrap();
            for receipt in page["results"].as_array().unwrap() {
                let key = match sort_on {
                    "created" => &receipt["created_timestamp"],
                    "updated" => &receipt["updated_timestamp"],
                    _ => &receipt["receipt_id"],
                };
                ids.push((key.as_i64().unwrap(), receipt["receipt_id"].as_i64().unwrap()));
            }
        }
        assert!(ids.is_sorted());
        let world = etsy.world.lock().await;
        let all: BTreeSet<i64> = world
            .receipts()
            .iter()
            .filter(|receipt| receipt.shop_id.0 == etsy.shop_id)
            .map(|receipt| receipt.receipt_id.0)
            .collect();
        assert_eq!(ids.iter().map(|id| id.1).collect::<BTreeSet<_>>(), all);
        assert_eq!(ids.len(), all.len());
    }
}

#[tokio::test]
async fn cancelled_receipts_are_shown_when_asked_for() {
    let etsy = run(unlimited(), 400).await;
    let (_, default) = etsy.get(&etsy.shop("/receipts?limit=100")).await;
    let (_, cancelled) = etsy.get(&etsy.shop("/receipts?limit=100&was_canceled=true")).await;
    let (_, all) = etsy.get(&etsy.shop("/receipts?was_canceled=null")).await;
    let count = |page: &Value| page["count"].as_u64().unwrap();
    assert!(count(&cancelled) > 0);
    assert_eq!(count(&default) + count(&cancelled), count(&all));
    assert_eq!(all["results"].as_array().unwrap().len(), 25);
    for receipt in cancelled["results"].as_array().unwrap() {
        assert_eq!(receipt["status"].as_str().unwrap().to_lowercase(), "canceled");
    }
    let cancelled_id = cancelled["results"][0]["receipt_id"].as_i64().unwrap();
    let (status, one) = etsy.get(&etsy.shop(&format!("/receipts/{cancelled_id}"))).await;
    assert_eq!((status, one["receipt_id"].as_i64()), (200, Some(cancelled_id)));
    let (status, body) = etsy.get(&etsy.shop("/receipts/5")).await;
    let words = format!(
        "Could not find a Shop Receipt with receipt_id = 5 associated with shop_id = {}",
        etsy.shop_id
    );
    assert_eq!((status, body), (404, json!({ "error": words })));
}

#[tokio::test]
async fn windows_are_inclusive_and_count_what_they_hold() {
    let etsy = run(unlimited(), 300).await;
    let (_, page) = etsy.get(&etsy.shop("/receipts?limit=3&sort_order=up&was_canceled=null")).await;
    let created = |place: usize| page["results"][place]["created_timestamp"].as_i64().unwrap();
    let path = format!(
        "/receipts?min_created={}&max_created={}&was_canceled=null",
        created(0),
        created(2)
    );
    let (_, window) = etsy.get(&etsy.shop(&path)).await;
    assert_eq!(window["count"], 3);
    let (status, _) = etsy.get(&etsy.shop("/receipts?min_created=10")).await;
    assert_eq!(status, 400);
    let (status, body) = etsy.get(&etsy.shop("/receipts?offset=12001")).await;
    let words = "Offset provided is greater than the maximum offset allowed.";
    assert_eq!((status, body), (400, json!({ "error": words })));
}

#[tokio::test]
async fn one_unknown_id_refuses_a_whole_batch() {
    let etsy = run(unlimited(), 0).await;
    let (_, page) = etsy.get(&etsy.shop("/listings?limit=3&includes=Inventory")).await;
    let id = |place: usize| page["results"][place]["listing_id"].as_i64().unwrap();
    assert!(page["results"][0]["inventory"]["products"].is_array());
    let batch = |ids: String| format!("/v3/application/listings/batch/inventory?listing_ids={ids}");
    let (status, found) = etsy.get(&batch(format!("{},{}", id(2), id(0)))).await;
    assert_eq!((status, found["count"].as_u64()), (200, Some(2)));
    let (status, _) = etsy.get(&batch(format!("{},5", id(0)))).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_seller_is_asked_for_his_shop() {
    let running = run(unlimited(), 10).await;
    let (_, me) = running.get("/v3/application/users/me").await;
    let seller = me["user_id"].as_i64().unwrap();
    let of = |user: i64| format!("/v3/application/users/{user}/shops");
    let (status, shop) = running.get(&of(seller)).await;
    assert_eq!((status, shop["shop_id"].as_i64()), (200, Some(running.shop_id)));
    assert_eq!(running.get(&of(1)).await.0, 404);
}
