//! Rows as Etsy answers them, with every field that the reference has for a receipt.

use serde_json::{Value, json};

use super::SHOP;

pub(super) fn usd(cents: i64) -> Value {
    json!({"amount": cents, "divisor": 100, "currency_code": "USD"})
}

pub(super) fn line(transaction: i64, quantity: i64) -> Value {
    json!({
        "transaction_id": transaction, "title": "Serving board, walnut", "description": "Small-batch item.",
        "seller_user_id": 812_345_678, "buyer_user_id": 990_011_223, "create_timestamp": 1_788_264_000,
        "created_timestamp": 1_788_264_000, "paid_timestamp": 1_788_264_020, "shipped_timestamp": null,
        "quantity": quantity, "listing_image_id": 5_200_012_345_i64, "receipt_id": 1, "is_digital": false, "file_data": "",
        "listing_id": 1_712_345_001, "transaction_type": "listing", "product_id": 21_876_543_001_i64, "sku": "BRD-WAL-L",
        "price": usd(2_400), "shipping_cost": usd(0),
        "variations": [
            {"property_id": 200, "value_id": 61_234_000_201_i64, "formatted_name": "Primary color", "formatted_value": "Walnut"},
            {"property_id": 54, "value_id": null, "formatted_name": "Personalization", "formatted_value": "For Ana & Bo", "question_id": 88_001}
        ],
        "product_data": [{"property_id": 200, "property_name": "Primary color", "scale_id": null, "scale_name": null,
                          "value_ids": [61_234_000_201_i64], "values": ["Walnut"]}],
        "shipping_profile_id": 214_455_667_788_i64, "min_processing_days": 3, "max_processing_days": 5,
        "shipping_method": null, "shipping_upgrade": null, "expected_ship_date": 1_788_696_000,
        "buyer_coupon": 0.0, "shop_coupon": 4.8
    })
}

/// A receipt with every field of the reference.
pub(super) fn receipt(id: i64) -> Value {
    json!({
        "receipt_id": id, "receipt_type": 0, "seller_user_id": 812_345_678, "seller_email": "shop@example.com",
        "buyer_user_id": 990_011_223, "buyer_email": null, "name": "Dana Whitlock", "first_line": "18 Alder Lane",
        "second_line": "Unit 4", "city": "Portland", "state": "OR", "zip": "97205", "status": "paid",
        "formatted_address": "Dana Whitlock\n18 Alder Lane\nUnit 4\nPortland, OR 97205\nUS", "country_iso": "US",
        "payment_method": "cc", "payment_email": null, "message_from_seller": null,
        "message_from_buyer": "Please leave at the side door.", "message_from_payment": null, "is_paid": true,
        "is_shipped": false, "create_timestamp": 1_788_264_000, "created_timestamp": 1_788_264_000,
        "update_timestamp": 1_788_264_025, "updated_timestamp": 1_788_264_025, "is_gift": true,
        "gift_message": "Happy birthday!", "gift_sender": "Dana", "grandtotal": usd(10_405), "subtotal": usd(8_685),
        "total_price": usd(9_650), "total_shipping_cost": usd(795), "total_tax_cost": usd(625), "total_vat_cost": usd(0),
        "discount_amt": usd(965), "gift_wrap_price": usd(300), "shipments": [],
        "transactions": [line(id * 10, 2), line(id * 10 + 1, 1)], "refunds": []
    })
}

pub(super) fn with(mut value: Value, changes: &[(&str, Value)]) -> Value {
    for (path, change) in changes {
        let (parent, name) = path.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap()[name] = change.clone();
    }
    value
}

pub(super) fn product(id: i64, sku: &str, quantity: i64, size: &str) -> Value {
    json!({
        "product_id": id, "sku": sku, "is_deleted": false,
        "offerings": [{"offering_id": id + 1, "quantity": quantity, "is_enabled": true, "is_deleted": false,
                       "price": usd(2_400), "readiness_state_id": 71_234_567_890_i64}],
        "property_values": [{"property_id": 513, "property_name": "Board size", "scale_id": null, "scale_name": null,
                             "value_ids": [61_234_000_313_i64], "values": [size]}]
    })
}

pub(super) fn inventory(products: &[Value]) -> Value {
    json!({"products": products, "price_on_property": [], "quantity_on_property": [], "sku_on_property": [],
           "readiness_state_on_property": []})
}

pub(super) fn listing(id: i64, inventory: &Value) -> Value {
    json!({
        "listing_id": id, "user_id": 812_345_678, "shop_id": SHOP.0, "title": "Dad&#39;s board &quot;XL&quot;",
        "description": "Small-batch item.", "state": "active", "updated_timestamp": 1_788_260_400, "quantity": 8,
        "num_favorers": 3, "views": 12, "listing_type": "physical", "tags": ["board"], "price": usd(2_100),
        "skus": [], "inventory": inventory
    })
}

pub(super) fn entry(number: i64, amount: i64, balance: i64) -> Value {
    json!({
        "entry_id": 21_000_000_000_i64 + number, "ledger_id": 8_080_291_000_i64, "sequence_number": number, "amount": amount,
        "currency": "USD", "description": "transaction", "balance": balance, "create_date": 1_788_264_030,
        "created_timestamp": 1_788_264_030, "ledger_type": "transaction", "reference_type": "transaction",
        "reference_id": 4_512_345_001_i64, "parent_entry_id": 0, "payment_adjustments": []
    })
}

pub(super) fn adjustment(id: i64) -> Value {
    json!({
        "payment_adjustment_id": id, "payment_id": 101_096_640_003_i64, "status": "SETTLED", "is_success": true,
        "user_id": 812_345_678, "reason_code": "Buyer wanted to cancel", "total_adjustment_amount": 4_445,
        "shop_total_adjustment_amount": 4_445, "buyer_total_adjustment_amount": 4_445, "total_fee_adjustment_amount": 133,
        "create_timestamp": 1_788_184_000, "created_timestamp": 1_788_184_000, "update_timestamp": 1_788_185_000,
        "updated_timestamp": 1_788_185_000, "payment_adjustment_items": []
    })
}

pub(super) fn payment(id: i64) -> Value {
    json!({
        "payment_id": id, "buyer_user_id": 990_011_223, "shop_id": SHOP.0, "receipt_id": 3_712_345_003_i64,
        "amount_gross": usd(4_445), "amount_fees": usd(158), "amount_net": usd(4_287), "posted_gross": usd(4_445),
        "posted_fees": usd(158), "posted_net": usd(4_287), "adjusted_gross": usd(0), "adjusted_fees": usd(25),
        "adjusted_net": usd(-25), "currency": "USD", "shop_currency": "USD", "buyer_currency": "USD",
        "shipping_user_id": 990_011_223, "shipping_address_id": 88_112_233, "billing_address_id": 0, "status": "settled",
        "shipped_timestamp": 1_788_264_000, "create_timestamp": 1_788_177_600, "created_timestamp": 1_788_177_600,
        "update_timestamp": 1_788_177_660, "updated_timestamp": 1_788_177_660,
        "payment_adjustments": [adjustment(100_307_830_003)]
    })
}
