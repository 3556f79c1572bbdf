//! A plain receipt, and what real ones were seen to do to it.

use serde_json::{Value, json};

use super::*;

fn usd(cents: i64) -> Value {
    json!({"amount": cents, "divisor": 100, "currency_code": "USD"})
}

const PLAIN: &str = r#"{
  "receipt_id": 3712345001, "receipt_type": 0, "seller_user_id": 812345678,
  "seller_email": "shop@example.com", "buyer_user_id": 990011223, "buyer_email": null,
  "name": "Dana Whitlock", "first_line": "18 Alder Lane", "second_line": "Unit 4",
  "city": "Portland", "state": "OR", "zip": "97205", "status": "paid",
  "formatted_address": "Dana Whitlock\n18 Alder Lane", "country_iso": "US",
  "message_from_buyer": "Please leave at the side door.", "is_paid": true, "is_shipped": false,
  "create_timestamp": 1788264000, "created_timestamp": 1788264000,
  "update_timestamp": 1788264025, "updated_timestamp": 1788264025,
  "grandtotal": {"amount": 10405, "divisor": 100, "currency_code": "USD"},
  "subtotal": {"amount": 8685, "divisor": 100, "currency_code": "USD"},
  "total_price": {"amount": 9650, "divisor": 100, "currency_code": "USD"},
  "total_shipping_cost": {"amount": 720, "divisor": 100, "currency_code": "USD"},
  "total_tax_cost": {"amount": 600, "divisor": 100, "currency_code": "USD"},
  "total_vat_cost": {"amount": 0, "divisor": 100, "currency_code": "USD"},
  "discount_amt": {"amount": 965, "divisor": 100, "currency_code": "USD"},
  "gift_wrap_price": {"amount": 400, "divisor": 100, "currency_code": "USD"},
  "shipments": [], "refunds": [],
  "transactions": [{
    "transaction_id": 4512345001, "title": "Serving board, walnut", "quantity": 2,
    "listing_id": 1712345001, "product_id": 21876543001, "sku": "BRD-WAL-L", "is_digital": false,
    "price": {"amount": 2400, "divisor": 100, "currency_code": "USD"}, "shop_coupon": 4.8,
    "variations": [
      {"property_id": 513, "value_id": 61234000313, "formatted_name": "Board size",
       "formatted_value": "Large"},
      {"property_id": 54, "value_id": null, "formatted_name": "Personalization",
       "formatted_value": "For Ana & Bo", "question_id": 88001}
    ],
    "product_data": [
      {"property_id": 513, "property_name": "Board size", "scale_id": null, "scale_name": null,
       "value_ids": [61234000313], "values": ["Large"]}
    ]
  }]
}"#;

fn plain() -> Value {
    serde_json::from_str(PLAIN).unwrap()
}

/// Of a text that lives as long as the test run.
fn reading(receipt: &Value) -> Result<Receipt<'static>, Unreadable> {
    Receipt::read(Box::leak(serde_json::value::to_raw_value(receipt).unwrap()))
}

fn read_with(change: impl FnOnce(&mut Value)) -> Receipt<'static> {
    let mut receipt = plain();
    change(&mut receipt);
    reading(&receipt).unwrap()
}

#[test]
fn a_plain_receipt_reads() {
    let receipt = reading(&plain()).unwrap();
    assert_eq!(receipt.receipt_id, 3_712_345_001);
    assert_eq!(receipt.status(), ReceiptStatus::Paid);
    assert_eq!(receipt.created_timestamp.timestamp(), 1_788_264_000);
    assert_eq!(receipt.updated_timestamp.timestamp(), 1_788_264_025);
    assert_eq!(receipt.grandtotal.money().unwrap().to_string(), "104.05 USD");
    let line = &receipt.transactions[0];
    assert_eq!((line.quantity, line.sku.as_deref()), (2, Some("BRD-WAL-L")));
    assert_eq!(line.price.money().unwrap().to_string(), "24.00 USD");
    assert_eq!(line.product_data[0].values, ["Large"]);
}

#[test]
fn a_personalisation_is_told_from_a_choice() {
    let receipt = reading(&plain()).unwrap();
    let [choice, text] = receipt.transactions[0].variations.as_slice() else {
        panic!("two variations");
    };
    assert!(!choice.is_personalisation() && text.is_personalisation());
    assert_eq!((text.value_id, text.formatted_value.as_ref()), (None, "For Ana & Bo"));
}

#[test]
fn the_case_of_a_status_does_not_matter_and_unknown_ones_are_kept() {
    for (word, status) in [
        ("Paid", ReceiptStatus::Paid),
        ("COMPLETED", ReceiptStatus::Completed),
        ("Fully Refunded", ReceiptStatus::FullyRefunded),
        ("partially refunded", ReceiptStatus::PartiallyRefunded),
        ("Payment Processing", ReceiptStatus::PaymentProcessing),
        ("Canceled", ReceiptStatus::Canceled),
        ("open", ReceiptStatus::Open),
        ("on hold", ReceiptStatus::Unknown),
    ] {
        let receipt = read_with(|receipt| receipt["status"] = json!(word));
        assert_eq!((receipt.status(), receipt.status.as_ref()), (status, word));
    }
}

#[test]
fn a_withheld_address_reads() {
    let receipt = read_with(|receipt| {
        for field in ["first_line", "second_line", "city", "state", "zip", "country_iso"] {
            receipt[field] = Value::Null;
        }
    });
    assert_eq!((receipt.first_line, receipt.country_iso), (None, None));
    assert_eq!(receipt.name, "Dana Whitlock");
}

#[test]
fn a_deleted_listing_leaves_a_line_without_ids() {
    let receipt = read_with(|receipt| {
        let line = &mut receipt["transactions"][0];
        line["listing_id"] = json!(0);
        line["product_id"] = Value::Null;
        line["sku"] = Value::Null;
    });
    let line = &receipt.transactions[0];
    assert_eq!((line.listing_id, line.product_id, line.sku.as_deref()), (None, None, None));
}

#[test]
fn entities_stay_as_etsy_wrote_them() {
    let receipt = read_with(|receipt| receipt["first_line"] = json!("13 O&#39;Connell Street"));
    assert_eq!(receipt.first_line.as_deref(), Some("13 O&#39;Connell Street"));
}

#[test]
fn unknown_fields_are_skipped_and_nulls_are_empty() {
    let receipt = read_with(|receipt| {
        receipt["brand_new_field"] = json!({"x": 1});
        receipt["refunds"] = Value::Null;
        receipt["gift_wrap_price"] = Value::Null;
        receipt["transactions"][0]["variations"] = Value::Null;
        receipt["transactions"][0]["title"] = Value::Null;
    });
    assert!(receipt.refunds.is_empty() && receipt.gift_wrap_price.is_none());
    assert!(receipt.transactions[0].variations.is_empty());
    assert_eq!(receipt.transactions[0].title, "");
}

#[test]
fn a_refund_reads() {
    let receipt = read_with(|receipt| {
        receipt["refunds"] = json!([{
            "amount": usd(1_080), "created_timestamp": 1_789_041_600, "reason": "Item damaged",
            "note_from_issuer": "Tag arrived cracked", "status": "SETTLED",
        }]);
    });
    let refund = &receipt.refunds[0];
    assert_eq!(refund.amount.money().unwrap().to_string(), "10.80 USD");
    assert_eq!(refund.status.as_deref(), Some("SETTLED"));
}

#[test]
fn the_divisor_is_data() {
    let yen = read_with(|receipt| {
        receipt["grandtotal"] = json!({"amount": 10_500, "divisor": 1, "currency_code": "JPY"});
    });
    assert_eq!(yen.grandtotal.money().unwrap().to_string(), "10500 JPY");
    let broken = read_with(|receipt| receipt["grandtotal"]["divisor"] = json!(0));
    assert!(broken.grandtotal.money().is_err(), "it reads, and is refused as money");
}

#[test]
fn a_complaint_names_the_field_and_not_the_buyer() {
    let mut receipt = plain();
    receipt["transactions"][0]["price"]["divisor"] = json!("Dana");
    let error = reading(&receipt).unwrap_err();
    assert_eq!(error.to_string(), "`transactions[0].price.divisor`: found string, expected i64");
    receipt = plain();
    receipt["is_paid"] = json!("Dana Whitlock");
    let error = reading(&receipt).unwrap_err();
    assert_eq!(error.to_string(), "`is_paid`: found string, expected a boolean");
}

#[test]
fn debug_shows_ids_only() {
    let receipt = reading(&plain()).unwrap();
    let shown =
        format!("{receipt:?} {:?} {:?}", receipt.transactions, receipt.transactions[0].variations);
    for hidden in ["Dana", "Alder", "side door", "Ana", "97205"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
    assert!(shown.contains("3712345001") && shown.contains("4512345001"));
}
