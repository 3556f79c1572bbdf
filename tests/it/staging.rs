//! Staging against a real Postgres: what lands, what is set aside, what stays as it is, whatever the pages hold.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use chrono::{DateTime, Utc};
use etsy_odoo::db::Warehouse;
use etsy_odoo::domain::{RunId, ShopId};
use etsy_odoo::stage::{
    Count, DriftKind, Entity, Retried, drift, ledger_breaks, rehearse, rejects, retry_rejects,
    stage_pages,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::support::TestDatabase;

const SHOP: ShopId = ShopId(61_234_567);

/// A database, and the pages that are put into it.
struct Pages {
    _database: TestDatabase,
    warehouse: Warehouse,
    client: Client,
    runs: i64,
}

impl Pages {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let warehouse = Warehouse::connect(database.config()).await.unwrap();
        let client = database.client().await;
        Self { _database: database, warehouse, client, runs: 0 }
    }

    /// Stores a body as evidence, and gives its number.
    async fn store(&self, stream: &str, body: &str) -> i64 {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(body.as_bytes()).unwrap();
        let zipped = encoder.finish().unwrap();
        let at = DateTime::<Utc>::from_timestamp(1_788_300_000, 0).unwrap();
        let row = self
            .client
            .query_one(
                "insert into snapshot.etsy_page
                     (run_id, shop_id, stream, window_from, window_until, row_offset, said_count, row_count, fetched_at, body)
                 values (1, $1, $2, $3, $3, 0, 0, 0, $3, $4)
                 returning page_id",
                &[&SHOP.0, &stream, &at, &zipped],
            )
            .await
            .unwrap();
        row.get(0)
    }

    async fn page(&self, stream: &str, rows: &[Value]) -> i64 {
        self.store(stream, &json!({"count": rows.len(), "results": rows}).to_string()).await
    }

    async fn stage(&mut self) -> Vec<Count> {
        self.runs += 1;
        stage_pages(&self.warehouse, RunId(self.runs), &[SHOP]).await.unwrap()
    }

    async fn texts(&self, query: &str) -> Vec<String> {
        let rows = self.client.query(query, &[]).await.unwrap();
        rows.iter()
            .map(|row| row.get::<_, Option<String>>(0).unwrap_or_else(|| "null".to_owned()))
            .collect()
    }

    async fn text(&self, query: &str) -> String {
        self.texts(query).await.join("\n")
    }

    /// Which version of each row is kept: a row that is written again, even as it was, gets another.
    async fn versions(&self) -> Vec<String> {
        let mut versions = Vec::new();
        for table in [
            "etsy_receipt",
            "etsy_transaction",
            "etsy_listing",
            "etsy_offering",
            "etsy_inventory",
            "etsy_ledger_entry",
            "etsy_payment",
            "etsy_payment_adjustment",
            "etsy_reference",
        ] {
            versions.extend(
                self.texts(&format!(
                    "select '{table} ' || xmin::text || ctid::text from staging.{table} order by 1"
                ))
                .await,
            );
        }
        versions
    }
}

fn usd(cents: i64) -> Value {
    json!({"amount": cents, "divisor": 100, "currency_code": "USD"})
}

fn line(transaction: i64, quantity: i64) -> Value {
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
fn receipt(id: i64) -> Value {
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

fn with(mut value: Value, changes: &[(&str, Value)]) -> Value {
    for (path, change) in changes {
        let (parent, name) = path.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap()[name] = change.clone();
    }
    value
}

fn product(id: i64, sku: &str, quantity: i64, size: &str) -> Value {
    json!({
        "product_id": id, "sku": sku, "is_deleted": false,
        "offerings": [{"offering_id": id + 1, "quantity": quantity, "is_enabled": true, "is_deleted": false,
                       "price": usd(2_400), "readiness_state_id": 71_234_567_890_i64}],
        "property_values": [{"property_id": 513, "property_name": "Board size", "scale_id": null, "scale_name": null,
                             "value_ids": [61_234_000_313_i64], "values": [size]}]
    })
}

fn inventory(products: &[Value]) -> Value {
    json!({"products": products, "price_on_property": [], "quantity_on_property": [], "sku_on_property": [],
           "readiness_state_on_property": []})
}

fn listing(id: i64, inventory: Value) -> Value {
    json!({
        "listing_id": id, "user_id": 812_345_678, "shop_id": SHOP.0, "title": "Dad&#39;s board &quot;XL&quot;",
        "description": "Small-batch item.", "state": "active", "updated_timestamp": 1_788_260_400, "quantity": 8,
        "num_favorers": 3, "views": 12, "listing_type": "physical", "tags": ["board"], "price": usd(2_100),
        "skus": [], "inventory": inventory
    })
}

fn entry(number: i64, amount: i64, balance: i64) -> Value {
    json!({
        "entry_id": 21_000_000_000_i64 + number, "ledger_id": 8_080_291_000_i64, "sequence_number": number, "amount": amount,
        "currency": "USD", "description": "transaction", "balance": balance, "create_date": 1_788_264_030,
        "created_timestamp": 1_788_264_030, "ledger_type": "transaction", "reference_type": "transaction",
        "reference_id": 4_512_345_001_i64, "parent_entry_id": 0, "payment_adjustments": []
    })
}

fn adjustment(id: i64) -> Value {
    json!({
        "payment_adjustment_id": id, "payment_id": 101_096_640_003_i64, "status": "SETTLED", "is_success": true,
        "user_id": 812_345_678, "reason_code": "Buyer wanted to cancel", "total_adjustment_amount": 4_445,
        "shop_total_adjustment_amount": 4_445, "buyer_total_adjustment_amount": 4_445, "total_fee_adjustment_amount": 133,
        "create_timestamp": 1_788_184_000, "created_timestamp": 1_788_184_000, "update_timestamp": 1_788_185_000,
        "updated_timestamp": 1_788_185_000, "payment_adjustment_items": []
    })
}

fn payment(id: i64) -> Value {
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

fn count(counts: &[Count], entity: Entity) -> (i64, i64, i64, i64) {
    let count = counts.iter().find(|count| count.entity == entity.as_str()).unwrap();
    (count.fetched, count.staged, count.rejected, count.repeated)
}

/// Each file of real answers that differs from a plain receipt, by its difference.
#[tokio::test]
async fn what_real_receipts_were_seen_to_do() {
    let mut pages = Pages::new().await;
    let refund = json!({"amount": usd(1_080), "created_timestamp": 1_788_264_100, "reason": "Item damaged",
                        "note_from_issuer": "Tag arrived cracked", "status": "SETTLED"});
    let withheld: Vec<(&str, Value)> = [
        "/first_line",
        "/second_line",
        "/city",
        "/state",
        "/zip",
        "/country_iso",
        "/formatted_address",
    ]
    .map(|field| (field, Value::Null))
    .to_vec();
    let rows = [
        receipt(1),
        with(receipt(2), &withheld),
        with(
            receipt(3),
            &[
                ("/transactions/0/listing_id", json!(0)),
                ("/transactions/0/product_id", Value::Null),
                ("/transactions/0/sku", Value::Null),
            ],
        ),
        with(
            receipt(4),
            &[
                ("/first_line", json!("13 O&#39;Connell Street")),
                ("/message_from_buyer", json!("Is it 12&quot; wide &amp; flat?")),
                ("/transactions/0/title", json!("Dad&#39;s board &quot;XL&quot;")),
            ],
        ),
        with(receipt(5), &[("/status", json!("Paid"))]),
        with(receipt(6), &[("/status", json!("Fully Refunded"))]),
        with(receipt(7), &[("/status", json!("on hold")), ("/brand_new_field", json!({"x": 1}))]),
        with(
            receipt(8),
            &[("/status", json!("partially refunded")), ("/refunds", json!([refund]))],
        ),
        with(receipt(9), &[("/status", json!("payment processing")), ("/is_paid", json!(false))]),
    ];
    pages.page("receipts", &rows).await;
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::Receipt), (9, 9, 0, 0));
    let kept = pages
        .texts(
            "select concat_ws('|', receipt_id, status, is_paid, is_cancelled, grandtotal, refunded,
                              coalesce(first_line, '-'), coalesce(address_fingerprint is not null, false), message_from_buyer)
             from staging.etsy_receipt order by receipt_id",
        )
        .await;
    let plain = "18 Alder Lane|t|Please leave at the side door.";
    assert_eq!(
        kept,
        [
            format!("1|paid|t|f|104.05|0|{plain}"),
            "2|paid|t|f|104.05|0|-|f|Please leave at the side door.".to_owned(),
            format!("3|paid|t|f|104.05|0|{plain}"),
            "4|paid|t|f|104.05|0|13 O'Connell Street|t|Is it 12\" wide & flat?".to_owned(),
            format!("5|paid|t|f|104.05|0|{plain}"),
            format!("6|fully refunded|t|f|104.05|0|{plain}"),
            format!("7|on hold|t|f|104.05|0|{plain}"),
            format!("8|partially refunded|t|f|104.05|10.80|{plain}"),
            format!("9|payment processing|f|f|104.05|0|{plain}"),
        ]
    );
    assert_eq!(
        pages.texts("select product_key from staging.etsy_transaction where receipt_id = 3 order by position").await[0],
        "placeholder"
    );
    let new = drift(&pages.warehouse, RunId(1)).await.unwrap();
    let seen: Vec<_> = new
        .iter()
        .map(|new| (new.entity.as_str(), new.kind, new.field.as_str(), new.word.as_str(), new.rows))
        .collect();
    assert_eq!(
        seen,
        [
            ("receipt", DriftKind::Field, "brand_new_field", "", 1),
            ("receipt", DriftKind::Word, "status", "on hold", 1),
        ]
    );
    // the next run sees it again, and has nothing to tell
    pages.page("receipts", &rows).await;
    pages.stage().await;
    assert!(drift(&pages.warehouse, RunId(2)).await.unwrap().is_empty());
    assert_eq!(pages.text("select sum(rows)::text from staging.drift").await, "4");
}

#[tokio::test]
async fn finance_and_reference_facts_land() {
    let mut pages = Pages::new().await;
    let refund = with(
        entry(1_003, -4_445, 5_623),
        &[
            ("/payment_adjustments", json!([adjustment(100_307_830_003)])),
            ("/ledger_type", json!("REFUND_GROSS")),
            ("/reference_id", json!("100307830003")),
        ],
    );
    pages.page("ledger", &[entry(1_001, 10_405, 10_405), entry(1_002, -337, 10_068), refund]).await;
    pages.page("payments", &[payment(101_096_640_003)]).await;
    pages
        .store("shop", r#"{"shop_id": 61234567, "shop_name": "AlderAndOak", "currency_code": "USD", "title": "Boards & blocks"}"#)
        .await;
    pages
        .page(
            "shipping_profiles",
            &[json!({"shipping_profile_id": 5, "title": "Parcels &amp; letters", "user_id": 1})],
        )
        .await;
    pages
        .page(
            "production_partners",
            &[json!({"production_partner_id": 6, "partner_name": "Oak & Co", "location": "X"})],
        )
        .await;
    pages
        .page("readiness_states", &[json!({"shop_id": 61_234_567, "readiness_state_id": 7, "readiness_state": "ready_to_ship",
            "min_processing_days": 3, "max_processing_days": 5, "processing_days_display_label": "3 - 5 days"})])
        .await;
    pages
        .page(
            "return_policies",
            &[json!({"return_policy_id": 8, "shop_id": 61_234_567, "accepts_returns": true,
            "accepts_exchanges": false, "return_deadline": 30})],
        )
        .await;
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::LedgerEntry), (3, 3, 0, 0));
    assert_eq!(count(&counts, Entity::Payment), (1, 1, 0, 0));
    assert_eq!(count(&counts, Entity::ReturnPolicy), (1, 1, 0, 0));
    assert_eq!(
        pages.texts("select concat_ws('|', kind, reference_id, name) from staging.etsy_reference order by reference_id").await,
        [
            "shipping_profile|5|Parcels & letters",
            "production_partner|6|Oak & Co",
            "readiness_state|7|ready to ship 3 - 5 days",
            "return_policy|8|returns within 30 days",
            "shop|61234567|AlderAndOak (USD)",
        ]
    );
    assert_eq!(
        pages
            .text("select concat_ws('|', currency, gross, fees, net, posted_net, adjusted_fees, adjusted_net, status) from staging.etsy_payment")
            .await,
        "USD|44.45|1.58|42.87|42.87|0.25|-0.25|settled"
    );
    assert_eq!(
        pages
            .texts("select concat_ws('|', sequence_number, amount, balance, reference_type, reference_id, parent_entry_id)
                    from staging.etsy_ledger_entry order by 1")
            .await,
        [
            "1001|10405|10405|transaction|4512345001",
            "1002|-337|10068|transaction|4512345001",
            "1003|-4445|5623|transaction|100307830003",
        ]
    );
    assert_eq!(
        pages.text("select concat_ws('|', payment_id, amount, fee_amount, is_success) from staging.etsy_payment_adjustment").await,
        "101096640003|4445|133|t",
        "once, although the ledger and the payment have it"
    );
    assert!(drift(&pages.warehouse, RunId(1)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_break_in_the_ledger_is_found_and_the_chain_around_it_is_not() {
    let mut pages = Pages::new().await;
    pages.page("ledger", &[entry(5, 100, 900), entry(3, 100, 300), entry(1, 100, 100)]).await;
    pages.page("ledger", &[entry(2, 100, 200), entry(6, -900, 0)]).await;
    pages.stage().await;
    let breaks = ledger_breaks(&pages.warehouse, &[SHOP]).await.unwrap();
    let found: Vec<_> = breaks
        .iter()
        .map(|found| (found.sequence_number, found.expected_balance, found.balance))
        .collect();
    assert_eq!(found, [(5, 400, 900)]);
    pages.page("ledger", &[entry(4, 500, 800)]).await;
    pages.stage().await;
    assert!(ledger_breaks(&pages.warehouse, &[SHOP]).await.unwrap().is_empty());
}

#[tokio::test]
async fn offerings_are_the_same_whichever_way_they_come_and_stay_when_a_page_has_none() {
    let mut pages = Pages::new().await;
    let products = [product(21, "BRD-L", 4, "Large"), product(31, "BRD-S", 3, "Small")];
    let offered = "select concat_ws('|', variant_key, sku, quantity, price) from staging.etsy_offering order by 1";
    pages.page("listings_active", &[listing(7, inventory(&products))]).await;
    pages.stage().await;
    let within = pages.texts(offered).await;
    assert_eq!(within, ["513=large|BRD-L|4|24.00", "513=small|BRD-S|3|24.00"]);
    let versions = pages.versions().await;
    // the same, apart: nothing is written
    pages.page("inventory", &[listing(7, inventory(&products))]).await;
    pages.page("listings_active", &[with(listing(7, Value::Null), &[("/views", json!(99))])]).await;
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::Inventory), (1, 1, 0, 0));
    assert_eq!((pages.texts(offered).await, pages.versions().await), (within, versions));
    // less, apart
    let sold = [product(41, "BRD-L", 1, "Large")];
    pages.page("inventory", &[json!({"listing_id": 7, "inventory": inventory(&sold)})]).await;
    pages
        .page(
            "listings_sold_out",
            &[with(listing(7, Value::Null), &[("/state", json!("sold_out"))])],
        )
        .await;
    pages.stage().await;
    assert_eq!(pages.texts(offered).await, ["513=large|BRD-L|1|24.00"]);
    assert_eq!(
        pages.text("select state || ' ' || title from staging.etsy_listing").await,
        "sold_out Dad's board \"XL\""
    );
}

#[tokio::test]
async fn a_cancellation_stays_until_a_stream_without_cancelled_ones_shows_otherwise() {
    let mut pages = Pages::new().await;
    let state =
        "select concat_ws('|', status, is_cancelled, changed_in_run) from staging.etsy_receipt";
    let refunded = with(receipt(1), &[("/status", json!("fully refunded"))]);
    for (stream, row, expected) in [
        ("receipts", receipt(1), "paid|f|1"),
        // by its id: paid, and nothing about a cancellation
        ("receipts_named", receipt(1), "paid|f|1"),
        ("cancelled_receipts", receipt(1), "paid|t|3"),
        // the same state by its id is no news, and no way back
        ("receipts_named", receipt(1), "paid|t|3"),
        ("cancelled_receipts", receipt(1), "paid|t|3"),
        ("receipts_named", refunded.clone(), "fully refunded|t|6"),
        ("cancelled_receipts", refunded.clone(), "fully refunded|t|6"),
        ("receipts", refunded.clone(), "fully refunded|f|8"),
        ("receipts_created", refunded.clone(), "fully refunded|f|8"),
        ("receipts_named", with(receipt(1), &[("/status", json!("Canceled"))]), "canceled|t|10"),
        (
            "cancelled_receipts",
            with(receipt(1), &[("/status", json!("Canceled"))]),
            "canceled|t|10",
        ),
    ] {
        pages.page(stream, &[row]).await;
        pages.stage().await;
        assert_eq!(pages.text(state).await, expected, "{stream}");
    }
    // within one run: the last page counts, and what an earlier one said where it is silent
    pages.page("cancelled_receipts", &[receipt(2)]).await;
    pages
        .page("receipts_named", &[with(receipt(2), &[("/transactions", json!([line(29, 5)]))])])
        .await;
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::Receipt), (2, 1, 0, 1));
    assert_eq!(
        pages
            .text(
                "select concat_ws('|', status, is_cancelled, transaction_id, quantity)
                 from staging.etsy_receipt join staging.etsy_transaction using (shop_id, receipt_id) where receipt_id = 2"
            )
            .await,
        "paid|t|29|5"
    );
}

#[tokio::test]
async fn pages_that_are_read_again_write_nothing_into_the_kept_tables() {
    let mut pages = Pages::new().await;
    let products = [product(21, "BRD-L", 4, "Large")];
    for _ in 0..2 {
        pages.page("receipts", &[receipt(1), receipt(2)]).await;
        pages
            .page("cancelled_receipts", &[with(receipt(3), &[("/status", json!("Canceled"))])])
            .await;
        pages.page("receipts_named", &[receipt(1)]).await;
        pages.store("receipts_named", &receipt(2).to_string()).await;
        pages.page("listings_active", &[listing(7, inventory(&products))]).await;
        pages.page("inventory", &[listing(7, inventory(&products))]).await;
        pages.page("ledger", &[entry(1, 100, 100)]).await;
        pages.page("payments", &[payment(5)]).await;
        pages
            .page("shipping_profiles", &[json!({"shipping_profile_id": 5, "title": "Parcels"})])
            .await;
        if pages.runs == 0 {
            pages.stage().await;
        }
    }
    let before = pages.versions().await;
    assert!(before.len() > 12, "{before:?}");
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::Receipt), (5, 3, 0, 2));
    assert_eq!(pages.versions().await, before);
}

#[tokio::test]
async fn rejects_are_resolved_by_a_later_good_read_and_by_a_retry_but_never_undo_a_newer_state() {
    let mut pages = Pages::new().await;
    let bad = |id: i64| with(receipt(id), &[("/grandtotal/divisor", json!(7))]);
    let first = pages.page("receipts", &[bad(1), receipt(2), bad(3), json!("no receipt")]).await;
    pages.stage().await;
    let open = rejects(&pages.warehouse, None).await.unwrap();
    let named: Vec<_> =
        open.iter().map(|reject| (reject.entity_id.as_str(), reject.field.as_str())).collect();
    let place = format!("row 4 of page {first}");
    assert_eq!(named, [("1", "grandtotal"), ("3", "grandtotal"), (place.as_str(), "(whole)")]);
    let ids: Vec<i64> = open.iter().map(|reject| reject.id).collect();

    // the same code reads the same page the same way
    let endings = retry_rejects(&pages.warehouse, RunId(2), &[ids[0], ids[2], 999]).await.unwrap();
    assert!(matches!(&endings[&ids[0]], Retried::StillBad { field, .. } if field == "grandtotal"));
    assert!(matches!(&endings[&ids[2]], Retried::StillBad { field, .. } if field == "(whole)"));
    assert_eq!(endings[&999], Retried::Gone);

    // code that reads what it could not read before: the evidence stands for it
    let good = json!({"count": 4, "results": [
        with(receipt(1), &[("/name", json!("From the older page"))]), receipt(2), receipt(3), receipt(4)]});
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(good.to_string().as_bytes()).unwrap();
    let zipped = encoder.finish().unwrap();
    pages
        .client
        .execute("update snapshot.etsy_page set body = $1 where page_id = $2", &[&zipped, &first])
        .await
        .unwrap();
    // meanwhile a newer state of the first has been kept, and its reject is open for some reason
    pages.page("receipts", &[with(receipt(1), &[("/name", json!("From the newer page"))])]).await;
    pages.stage().await;
    let resolved =
        pages.text("select resolved_in_run::text from staging.reject where entity_id = '1'").await;
    assert_eq!(resolved, pages.runs.to_string());
    pages
        .client
        .execute("update staging.reject set resolved_in_run = null where entity_id = '1'", &[])
        .await
        .unwrap();

    let endings = retry_rejects(&pages.warehouse, RunId(9), &ids).await.unwrap();
    assert_eq!(
        ids.iter().map(|id| endings[id].clone()).collect::<Vec<_>>(),
        [Retried::Superseded, Retried::Staged, Retried::Staged]
    );
    assert!(rejects(&pages.warehouse, None).await.unwrap().is_empty());
    assert_eq!(
        pages.texts("select receipt_id || ' ' || name || ' ' || changed_in_run from staging.etsy_receipt order by 1").await,
        ["1 From the newer page 2", "2 Dana Whitlock 1", "3 Dana Whitlock 9", "4 Dana Whitlock 9"]
    );
}

#[tokio::test]
async fn of_a_good_and_a_bad_reading_in_one_run_the_later_one_decides_about_the_reject() {
    let mut pages = Pages::new().await;
    let bad = |id: i64| with(receipt(id), &[("/subtotal/amount", json!(-1))]);
    pages.page("receipts", &[bad(1), receipt(2)]).await;
    pages.page("receipts", &[receipt(1), bad(2)]).await;
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::Receipt), (4, 2, 2, 0));
    let open = rejects(&pages.warehouse, None).await.unwrap();
    assert_eq!(open.iter().map(|reject| reject.entity_id.as_str()).collect::<Vec<_>>(), ["2"]);
}

#[tokio::test]
async fn a_damaged_page_stops_staging_by_name_and_nothing_of_its_batch_is_kept() {
    let mut pages = Pages::new().await;
    pages.page("receipts", &[receipt(1)]).await;
    let damaged = pages
        .store("receipts", r#"{"count": 2, "results": [{"receipt_id": 2}, {"receipt_id": 3,]}"#)
        .await;
    let error = stage_pages(&pages.warehouse, RunId(1), &[SHOP]).await.unwrap_err();
    assert_eq!(error.to_string(), format!("page {damaged} of the evidence does not read"));
    assert_eq!(pages.text("select count(*)::text from staging.etsy_receipt").await, "0");
}

/// What is done to a row of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Harm {
    None,
    Divisor,
    Surrogate,
    NoObject,
    NoId,
    LateLine,
    Nul,
}

fn harmed(id: i64, harm: Harm) -> String {
    let plain = receipt(id).to_string();
    match harm {
        Harm::None => plain,
        Harm::Divisor => with(receipt(id), &[("/total_price/divisor", json!(12))]).to_string(),
        Harm::Surrogate => plain.replace("\"Portland\"", r#""\udc00""#),
        Harm::NoObject => format!("[{id}]"),
        Harm::NoId => with(receipt(id), &[("/receipt_id", json!("Dana"))]).to_string(),
        Harm::LateLine => with(receipt(id), &[("/transactions/1/quantity", json!(-3))]).to_string(),
        Harm::Nul => with(receipt(id), &[("/zip", json!("97\u{0}205"))]).to_string(),
    }
}

/// Pages of rows, some of them harmed: every row is accounted for, and the good ones land as they are.
#[test]
fn random_harm_to_random_rows_is_set_aside_and_the_neighbours_land() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let harm = prop_oneof![
        6 => Just(Harm::None), 1 => Just(Harm::Divisor), 1 => Just(Harm::Surrogate), 1 => Just(Harm::NoObject),
        1 => Just(Harm::NoId), 1 => Just(Harm::LateLine), 1 => Just(Harm::Nul),
    ];
    let page = proptest::collection::vec((1_i64..20, harm), 0..12);
    let case = proptest::collection::vec(page, 1..5);
    let mut runner =
        TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    runner
        .run(&case, |case| {
            runtime.block_on(async {
                let mut pages = Pages::new().await;
                let (mut good, mut bad, mut fetched) = (BTreeMap::new(), 0, 0);
                for (number, rows) in case.iter().enumerate() {
                    let texts: Vec<String> = rows.iter().map(|(id, harm)| harmed(*id, *harm)).collect();
                    let body = format!("{{\"count\": {}, \"results\": [{}]}}", rows.len(), texts.join(","));
                    pages.store("receipts", &body).await;
                    fetched += i64::try_from(rows.len()).unwrap();
                    for (id, harm) in rows {
                        if *harm == Harm::None { good.insert(*id, number); } else { bad += 1; }
                    }
                }
                let rehearsed = rehearse(&pages.warehouse, RunId(1), &[SHOP]).await.unwrap();
                let counts = pages.stage().await;
                prop_assert_eq!(&rehearsed, &counts);
                let staged = i64::try_from(good.len()).unwrap();
                prop_assert_eq!(count(&counts, Entity::Receipt), (fetched, staged, bad, fetched - staged - bad));
                let kept: BTreeSet<String> = pages
                    .texts("select concat_ws('|', receipt_id, name, city, zip, total_price, units) from staging.etsy_receipt
                            join (select receipt_id, sum(quantity) as units from staging.etsy_transaction group by 1) as lines
                            using (receipt_id)")
                    .await
                    .into_iter()
                    .collect();
                let expected: BTreeSet<String> =
                    good.keys().map(|id| format!("{id}|Dana Whitlock|Portland|97205|96.50|3")).collect();
                prop_assert_eq!(kept, expected);
                Ok(())
            })
        })
        .unwrap();
}
