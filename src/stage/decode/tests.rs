//! The border: what real answers look like, and what is turned away.

use serde_json::{Value, json};

use super::*;

const ORIGIN: Origin = Origin { shop_id: 7, page_id: 1, run_id: 1, is_cancelled_stream: false };

/// A receipt with a coupon, a personalisation, a refund, and a field that nobody knows yet.
const SAMPLE: &str = r#"{
    "receipt_id": 4512345001, "buyer_user_id": 990011223, "status": "Paid", "is_paid": true, "is_shipped": false,
    "created_timestamp": 1788264000, "updated_timestamp": 1788264025, "name": "Dana O&#39;Neil",
    "first_line": "13 O&#39;Connell Street", "second_line": null, "city": "Portland", "state": "OR", "zip": "97205",
    "country_iso": "us", "message_from_buyer": "12&quot; wide &amp; flat?",
    "grandtotal": {"amount": 2725, "divisor": 100, "currency_code": "USD"},
    "subtotal": {"amount": 1800, "divisor": 100, "currency_code": "USD"},
    "total_price": {"amount": 2000, "divisor": 100, "currency_code": "USD"},
    "total_shipping_cost": {"amount": 500, "divisor": 100, "currency_code": "USD"},
    "total_tax_cost": {"amount": 125, "divisor": 100, "currency_code": "USD"},
    "total_vat_cost": {"amount": 0, "divisor": 100, "currency_code": "USD"},
    "discount_amt": {"amount": 200, "divisor": 100, "currency_code": "USD"},
    "gift_wrap_price": {"amount": 300, "divisor": 100, "currency_code": "USD"},
    "transactions": [{
        "transaction_id": 5512345001, "title": "Board &amp; knife", "quantity": 2, "listing_id": 4712345001,
        "product_id": 9, "sku": " BRD-1 ", "is_digital": false,
        "price": {"amount": 1000, "divisor": 100, "currency_code": "USD"},
        "variations": [
            {"property_id": 200, "value_id": 1, "formatted_name": "Color", "formatted_value": "Walnut"},
            {"property_id": 54, "value_id": null, "formatted_name": "Personalization", "formatted_value": "For Ana & Bo"}
        ],
        "product_data": [{"property_id": 200, "property_name": "Color", "value_ids": [1], "values": ["Walnut"]}]
    }],
    "refunds": [{
        "amount": {"amount": 100, "divisor": 100, "currency_code": "USD"}, "created_timestamp": 1788264100
    }],
    "a_field_of_tomorrow": {"x": 1}
}"#;

fn sample() -> Value {
    serde_json::from_str(SAMPLE).unwrap()
}

fn read(value: &Value) -> Result<ReceiptRow, Fault> {
    receipt(&serde_json::value::to_raw_value(value).unwrap(), ORIGIN)
}

fn with(path: &str, value: Value) -> Value {
    let mut sample = sample();
    *sample.pointer_mut(path).unwrap() = value;
    sample
}

fn refused(path: &str, value: Value) -> Fault {
    match read(&with(path, value)) {
        Err(fault) => fault,
        Ok(_) => panic!("{path} was taken"),
    }
}

#[test]
fn entities_are_decoded_once_and_amounts_are_exact() {
    let row = read(&sample()).ok().unwrap();
    assert_eq!(row.name, "Dana O'Neil");
    assert_eq!(row.first_line.as_deref(), Some("13 O'Connell Street"));
    assert_eq!(row.message_from_buyer.as_deref(), Some("12\" wide & flat?"));
    assert_eq!(
        (row.grandtotal.to_string(), row.refunded.to_string()),
        ("27.25".into(), "1.00".into())
    );
    assert_eq!((row.status.as_str(), row.country_iso.as_deref()), ("paid", Some("US")));
    let line = &row.transactions[0];
    assert_eq!((line.sku.as_deref(), line.title.as_str()), (Some("BRD-1"), "Board & knife"));
    assert_eq!(
        (line.variations.as_str(), line.personalisation.as_str()),
        ("Color: Walnut", "Personalization: For Ana & Bo")
    );
    assert_eq!(line.variant_key, "200=walnut");
    let twice = read(&with("/name", json!("&amp;amp;"))).ok().unwrap();
    assert_eq!(twice.name, "&amp;");
}

#[test]
fn a_deleted_listing_and_a_withheld_address_are_taken() {
    let mut deleted = sample();
    for field in ["listing_id", "product_id", "sku"] {
        deleted["transactions"][0][field] = Value::Null;
    }
    let row = read(&deleted).ok().unwrap();
    assert_eq!(row.transactions[0].product_key, "placeholder");
    let mut withheld = sample();
    for field in ["first_line", "second_line", "city", "state", "zip", "country_iso"] {
        withheld[field] = Value::Null;
    }
    assert_eq!(read(&withheld).ok().unwrap().address_fingerprint, None);
}

#[test]
fn an_unknown_status_is_kept_and_a_cancelled_stream_cancels() {
    let row = read(&with("/status", json!("On Hold"))).ok().unwrap();
    assert!(row.status == "on hold" && !row.is_cancelled && row.is_paid);
    assert!(read(&with("/status", json!("Canceled"))).ok().unwrap().is_cancelled);
    let raw = serde_json::value::to_raw_value(&sample()).unwrap();
    let origin = Origin { is_cancelled_stream: true, ..ORIGIN };
    let (plain, cancelled) =
        (receipt(&raw, ORIGIN).ok().unwrap(), receipt(&raw, origin).ok().unwrap());
    assert!(cancelled.is_cancelled && cancelled.content_hash != plain.content_hash);
}

#[test]
fn what_cannot_be_staged_names_its_field_and_never_its_value() {
    assert_eq!(refused("/grandtotal/divisor", json!(0)).field, "grandtotal");
    assert_eq!(
        refused("/grandtotal/divisor", json!(7)).reason,
        "the divisor is 7, and must be a power of ten from 1 to 10000"
    );
    assert_eq!(refused("/total_tax_cost/currency_code", json!("EUR")).field, "total_tax_cost");
    assert_eq!(refused("/total_shipping_cost/amount", json!(-1)).reason, "is negative");
    assert_eq!(refused("/transactions/0/quantity", json!(0)).field, "transactions[0].quantity");
    assert_eq!(refused("/created_timestamp", json!("yesterday")).field, "created_timestamp");
    let nul = refused("/name", json!("Dana\u{0}Whitlock"));
    assert_eq!((nul.field.as_str(), nul.reason.as_str()), ("name", "holds a NUL byte"));
    let long = refused("/city", json!("x".repeat(20_001)));
    assert!(!format!("{long:?}").contains("xxx"));
}

#[test]
fn a_hidden_nul_is_taken_out() {
    let row = read(&with("/city", json!("Port&#0;land"))).ok().unwrap();
    assert!(row.city.is_some_and(|city| !city.contains('\0')));
}
