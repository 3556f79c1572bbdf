//! What is written: whole inventories, states, and answers that are lost.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Running, answer, run, unlimited};
use crate::sandbox::etsy::EtsyOptions;
use crate::sandbox::faults::{Fault, FaultRule, FaultScript};

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
