use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::*;
use crate::domain::FixedClock;
use crate::sandbox::faults::{Fault, FaultRule};
use crate::sandbox::world::WorldSize;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_264_000, 0).unwrap()
}

fn unlimited() -> EtsyOptions {
    EtsyOptions { calls_per_second: None, calls_per_day: None, ..EtsyOptions::default() }
}

/// A running server and a caller with the rights of its first shop.
struct Running {
    base: String,
    client: Client,
    shop_id: i64,
    access_token: String,
    refresh_token: String,
    world: Arc<tokio::sync::Mutex<World>>,
    clock: Arc<FixedClock>,
    _stop: oneshot::Sender<()>,
    _server: JoinSet<Result<(), ServeError>>,
}

async fn run(options: EtsyOptions, receipts: usize) -> Running {
    let world = World::new(WorldSize { receipts, listings: 48, shops: 2, seed: 11 }, noon());
    let shop = &world.shops()[0];
    let shop_id = shop.shop_id.0;
    let access_token = shop.access_token.expose_secret().to_owned();
    let refresh_token = shop.refresh_token.expose_secret().to_owned();
    let world = Arc::new(tokio::sync::Mutex::new(world));
    let clock = Arc::new(FixedClock::at(noon()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let mut server = JoinSet::new();
    let dynamic: Arc<dyn Clock> = Arc::<FixedClock>::clone(&clock);
    server.spawn(serve(listener, Arc::clone(&world), dynamic, options, async {
        stopped.await.unwrap_or_default();
    }));
    let client = Client::new();
    Running {
        base,
        client,
        shop_id,
        access_token,
        refresh_token,
        world,
        clock,
        _stop: stop,
        _server: server,
    }
}

impl Running {
    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .header("x-api-key", "sandbox-keystring:sandbox-secret")
            .bearer_auth(&self.access_token)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.call(Method::GET, path)).await
    }

    /// A path below the shop.
    fn shop(&self, path: &str) -> String {
        format!("/v3/application/shops/{}{path}", self.shop_id)
    }
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

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

/// The id of a listing with two properties, and its inventory as one would write it back.
async fn writable(etsy: &Running) -> (i64, Value) {
    let listing_id = {
        let world = etsy.world.lock().await;
        let variants = world.listings().iter().find(|listing| {
            listing.shop == 0 && listing.is_active() && listing.products.len() >= 4
        });
        variants.unwrap().id
    };
    let path = format!("/v3/application/listings/{listing_id}/inventory");
    let (_, mut inventory) = etsy.get(&path).await;
    let body = inventory.as_object_mut().unwrap();
    body.remove("listing");
    for product in body["products"].as_array_mut().unwrap() {
        let product = product.as_object_mut().unwrap();
        product.remove("product_id");
        product.remove("is_deleted");
        for value in product["property_values"].as_array_mut().unwrap() {
            value.as_object_mut().unwrap().remove("scale_name");
        }
        for offering in product["offerings"].as_array_mut().unwrap() {
            let offering = offering.as_object_mut().unwrap();
            offering.remove("offering_id");
            offering.remove("is_deleted");
            let cents = offering["price"]["amount"].as_i64().unwrap();
            offering["price"] = format!("{}.{:02}", cents / 100, cents % 100).parse().unwrap();
        }
    }
    (listing_id, inventory)
}

#[tokio::test]
async fn an_inventory_survives_the_round_trip_with_new_ids() {
    let etsy = run(unlimited(), 0).await;
    let (listing_id, body) = writable(&etsy).await;
    let path = format!("/v3/application/listings/{listing_id}/inventory");
    let (_, before) = etsy.get(&path).await;
    let (status, written) = answer(etsy.call(Method::PUT, &path).json(&body)).await;
    assert_eq!(status, 200, "{written}");
    let (_, after) = etsy.get(&path).await;
    assert_eq!(after["products"], written["products"]);
    for (old, new) in
        before["products"].as_array().unwrap().iter().zip(after["products"].as_array().unwrap())
    {
        assert_ne!(old["product_id"], new["product_id"]);
        assert_ne!(old["offerings"][0]["offering_id"], new["offerings"][0]["offering_id"]);
        assert_eq!(old["sku"], new["sku"]);
        assert_eq!(old["property_values"], new["property_values"]);
        assert_eq!(old["offerings"][0]["price"], new["offerings"][0]["price"]);
        assert_eq!(old["offerings"][0]["quantity"], new["offerings"][0]["quantity"]);
    }
}

#[tokio::test]
async fn inventories_are_refused_in_etsys_words() {
    let etsy = run(unlimited(), 0).await;
    let (listing_id, good) = writable(&etsy).await;
    let path = format!("/v3/application/listings/{listing_id}/inventory");
    let refused = async |change: &dyn Fn(&mut Value)| {
        let mut body = good.clone();
        change(&mut body);
        let (status, body) = answer(etsy.call(Method::PUT, &path).json(&body)).await;
        (status, body["error"].as_str().unwrap_or_default().to_owned())
    };
    let no = |words: &str| (400, words.to_owned());

    let all_zero = refused(&|body| {
        for product in body["products"].as_array_mut().unwrap() {
            product["offerings"][0]["quantity"] = json!(0);
        }
    });
    assert_eq!(all_zero.await, no("One offering must have quantity greater than 0"));
    let missing = refused(&|body| drop(body.as_object_mut().unwrap().remove("products")));
    assert_eq!(missing.await, no("Missing Input Parameter: [products]"));
    let empty = refused(&|body| body["products"][0]["property_values"][0]["values"] = json!([]));
    assert_eq!(empty.await, no("Property values can't be empty"));
    let third = refused(&|body| {
        for product in body["products"].as_array_mut().unwrap() {
            let third = json!({"property_id": 514, "value_ids": [7], "values": ["Rough"]});
            product["property_values"].as_array_mut().unwrap().push(third);
        }
    });
    assert_eq!(
        third.await,
        no("Could not update inventory with unsupported number of variations. \
            The maximum number of supported variations is 2.")
    );
    let read_only = refused(&|body| body["products"][0]["product_id"] = json!(5)).await;
    assert_eq!(read_only.0, 400);
    let no_profile = refused(&|body| {
        let offering = body["products"][0]["offerings"][0].as_object_mut().unwrap();
        offering.remove("readiness_state_id");
    });
    assert_eq!(no_profile.await.0, 400);
    let incoherent = refused(&|body| {
        body["price_on_property"] = json!([]);
        body["products"][0]["offerings"][0]["price"] = json!(999.25);
    });
    assert_eq!(incoherent.await.0, 400);
    let unchanged = etsy.get(&path).await.1["products"][0]["offerings"][0]["quantity"].clone();
    assert_eq!(unchanged, good["products"][0]["offerings"][0]["quantity"]);
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
async fn a_sold_out_listing_comes_back_with_one_unit() {
    let etsy = run(unlimited(), 0).await;
    let (_, page) = etsy.get(&etsy.shop("/listings?state=sold_out")).await;
    let listing_id = page["results"][0]["listing_id"].as_i64().unwrap();
    let path = etsy.shop(&format!("/listings/{listing_id}"));
    let ignored = etsy.call(Method::PATCH, &path).json(&json!({"state": "active"}));
    assert_eq!(answer(ignored).await.1["state"], "sold_out");
    let (status, listing) =
        answer(etsy.call(Method::PATCH, &path).form(&[("state", "active")])).await;
    assert_eq!(
        (status, &listing["state"], &listing["quantity"]),
        (200, &json!("active"), &json!(1))
    );
    let (_, listing) = answer(etsy.call(Method::PATCH, &path).form(&[("state", "inactive")])).await;
    assert_eq!(listing["state"], "inactive");
}

#[tokio::test]
async fn a_lost_answer_is_a_write_that_happened() {
    let faults = FaultScript::new(vec![
        FaultRule::nth("PUT /v3/application/listings", 1, Fault::ResetBefore),
        FaultRule::nth("PUT /v3/application/listings", 2, Fault::ResetAfter),
    ]);
    let etsy = run(EtsyOptions { faults, ..unlimited() }, 0).await;
    let (listing_id, body) = writable(&etsy).await;
    let path = format!("/v3/application/listings/{listing_id}/inventory");
    let product_id = async || etsy.get(&path).await.1["products"][0]["product_id"].clone();
    let before = product_id().await;
    assert!(etsy.call(Method::PUT, &path).json(&body).send().await.is_err());
    assert_eq!(product_id().await, before, "the request was lost");
    assert!(etsy.call(Method::PUT, &path).json(&body).send().await.is_err());
    assert_ne!(product_id().await, before, "the answer was lost");
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
