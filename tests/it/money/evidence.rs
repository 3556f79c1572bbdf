//! What the raw pages of Etsy say, read here and nowhere else: a second opinion on every total.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::read::GzDecoder;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::Accounting;

/// Every different row of the stored pages of some streams, as it came last: by shop and by the number in `id`.
pub(crate) async fn rows(
    accounting: &Accounting,
    streams: &[&str],
    id: &str,
) -> BTreeMap<(i64, i64), Value> {
    let pages = accounting
        .ours
        .query(
            "select shop_id, body from snapshot.etsy_page where stream = any($1) order by page_id",
            &[&streams],
        )
        .await
        .unwrap();
    let mut rows = BTreeMap::new();
    for page in pages {
        let mut text = String::new();
        GzDecoder::new(page.get::<_, &[u8]>("body")).read_to_string(&mut text).unwrap();
        let body: Value = serde_json::from_str(&text).unwrap();
        for row in body["results"].as_array().unwrap() {
            rows.insert((page.get("shop_id"), row[id].as_i64().unwrap()), row.clone());
        }
    }
    rows
}

/// An amount with its divisor.
pub(crate) fn money(value: &Value) -> Decimal {
    let (amount, divisor) = (value["amount"].as_i64().unwrap(), value["divisor"].as_i64().unwrap());
    Decimal::from(amount) / Decimal::from(divisor)
}

/// Sums by shop, currency and some word.
pub(crate) type Sums = BTreeMap<(i64, String, String), (i64, Decimal)>;

/// Adds one amount.
pub(crate) fn add(sums: &mut Sums, shop: i64, currency: &str, word: &str, amount: Decimal) {
    let sum = sums.entry((shop, currency.to_owned(), word.to_owned())).or_default();
    *sum = (sum.0 + 1, (sum.1 + amount).normalize());
}

/// The class of a type, by Etsy's help pages and the forum, written down once more.
pub(crate) fn class(ledger_type: &str) -> &'static str {
    match ledger_type.to_lowercase().as_str() {
        "payment_gross" => "sale",
        "refund_gross" | "refund" => "refund",
        "sales_tax" | "sales_tax_refund" => "etsy_tax",
        "transaction" | "transaction_refund" | "shipping_transaction" | "gift_wrap_fees" => {
            "fee_transaction"
        }
        "payment_processing_fee" | "refund_processing_fee" => "fee_processing",
        "listing"
        | "renew_sold_auto"
        | "auto_renew_expired"
        | "renew_expired"
        | "transaction_quantity" => "fee_listing",
        "regulatory_operating_fee" => "fee_regulatory",
        "vat_seller_services" | "vat_on_processing_fees" => "vat_on_fees",
        "offsite_ads_fee" | "prolist" => "ads",
        "shipping_labels" => "labels",
        "seller_driven_traffic_credit" => "credit",
        "disburse" | "disburse2" => "payout",
        "recoup" => "recoupment",
        _ => "suspense",
    }
}

/// The decimals of the currencies of the simulated world.
pub(crate) fn decimals(currency: &str) -> u32 {
    if currency == "JPY" { 0 } else { 2 }
}

/// The sums that a query of ours gives: shop, currency, word, count, amount.
pub(crate) async fn sums(accounting: &Accounting, query: &str) -> Sums {
    let mut sums = Sums::new();
    for row in accounting.ours.query(query, &[]).await.unwrap() {
        let key = (row.get(0), row.get(1), row.get(2));
        sums.insert(key, (row.get(3), row.get::<_, Decimal>(4).normalize()));
    }
    sums
}
