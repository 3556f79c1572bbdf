//! One row of each kind, by hand after what Etsy was seen to answer.

/// A receipt with a coupon, a personalisation, a refund, and a field that nobody knows yet.
pub(super) const RECEIPT: &str = r#"{
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
    }]
}"#;

pub(super) const LISTING: &str = r#"{
    "listing_id": 1712345001, "state": "active", "title": "Serving board", "listing_type": "physical", "quantity": 8,
    "price": {"amount": 2100, "divisor": 100, "currency_code": "USD"}, "updated_timestamp": 1788260400,
    "inventory": {"products": [{
        "product_id": 21876543001, "sku": "BRD-WAL-L", "is_deleted": false,
        "offerings": [{
            "offering_id": 23456789001, "quantity": 4, "is_enabled": true, "is_deleted": false,
            "price": {"amount": 2400, "divisor": 100, "currency_code": "USD"}, "readiness_state_id": 71234567890
        }],
        "property_values": [{
            "property_id": 513, "property_name": "Board size", "scale_id": null, "scale_name": null,
            "value_ids": [61234000313], "values": ["Large"]
        }]
    }]}
}"#;

pub(super) const ENTRY: &str = r#"{
    "entry_id": 21000001016, "ledger_id": 8080291000, "sequence_number": 1016, "amount": -4445, "currency": "USD",
    "description": "REFUND_GROSS", "balance": 6715, "create_date": 1788264091, "created_timestamp": 1788264091,
    "ledger_type": "REFUND_GROSS", "reference_type": "payment_adjustment", "reference_id": "100307830003",
    "parent_entry_id": 0, "payment_adjustments": [{
        "payment_adjustment_id": 100307830003, "payment_id": 101096640003, "status": "SETTLED", "is_success": true,
        "user_id": 812345678, "reason_code": "Buyer wanted to cancel", "total_adjustment_amount": 4445,
        "shop_total_adjustment_amount": 4445, "buyer_total_adjustment_amount": 4445, "total_fee_adjustment_amount": 133,
        "create_timestamp": 1788184000, "created_timestamp": 1788184000, "update_timestamp": 1788185000,
        "updated_timestamp": 1788185000, "payment_adjustment_items": []
    }]
}"#;

pub(super) const PAYMENT: &str = r#"{
    "payment_id": 101096640003, "buyer_user_id": 990011223, "shop_id": 61234567, "receipt_id": 3712345003,
    "amount_gross": {"amount": 4445, "divisor": 100, "currency_code": "USD"},
    "amount_fees": {"amount": 158, "divisor": 100, "currency_code": "USD"},
    "amount_net": {"amount": 4287, "divisor": 100, "currency_code": "USD"},
    "posted_gross": null, "posted_fees": null, "posted_net": null,
    "adjusted_gross": {"amount": 0, "divisor": 100, "currency_code": "USD"},
    "adjusted_fees": {"amount": 25, "divisor": 100, "currency_code": "USD"},
    "adjusted_net": {"amount": -25, "divisor": 100, "currency_code": "USD"},
    "status": "settled", "created_timestamp": 1788177600, "updated_timestamp": 1788177660, "payment_adjustments": []
}"#;

pub(super) const POLICY: &str = r#"{
    "return_policy_id": 1512345, "shop_id": 61234567, "accepts_returns": true, "accepts_exchanges": false,
    "return_deadline": 30
}"#;
