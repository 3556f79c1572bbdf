//! Staging against a real Postgres: what lands, what is set aside, what stays as it is, whatever the pages hold.

mod again;
mod offered;
mod random;
mod rows;

use std::io::Write as _;

use chrono::{DateTime, Utc};
use etsy_odoo::db::Warehouse;
use etsy_odoo::domain::{RunId, ShopId};
use etsy_odoo::stage::{Count, DriftKind, Entity, drift, ledger_breaks, stage_pages};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::support::TestDatabase;
use rows::{adjustment, entry, inventory, listing, payment, product, receipt, usd, with};

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

fn count(counts: &[Count], entity: Entity) -> (i64, i64, i64, i64) {
    let count = counts.iter().find(|count| count.entity == entity.as_str()).unwrap();
    (count.fetched, count.staged, count.rejected, count.repeated)
}

/// Each file of real answers that differs from a plain receipt, by its difference.
fn real_receipts() -> [Value; 9] {
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
    [
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
    ]
}

#[tokio::test]
async fn what_real_receipts_were_seen_to_do() {
    let mut pages = Pages::new().await;
    let rows = real_receipts();
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

async fn store_finance_and_facts(pages: &Pages) {
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
}

#[tokio::test]
async fn finance_and_reference_facts_land() {
    let mut pages = Pages::new().await;
    store_finance_and_facts(&pages).await;
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
    pages.page("listings_active", &[listing(7, &inventory(&products))]).await;
    pages.stage().await;
    let within = pages.texts(offered).await;
    assert_eq!(within, ["513=large|BRD-L|4|24.00", "513=small|BRD-S|3|24.00"]);
    let versions = pages.versions().await;
    // the same, apart: nothing is written
    pages.page("inventory", &[listing(7, &inventory(&products))]).await;
    pages
        .page("listings_active", &[with(listing(7, &Value::Null), &[("/views", json!(99))])])
        .await;
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::Inventory), (1, 1, 0, 0));
    assert_eq!((pages.texts(offered).await, pages.versions().await), (within, versions));
    // less, apart
    let sold = [product(41, "BRD-L", 1, "Large")];
    pages.page("inventory", &[json!({"listing_id": 7, "inventory": inventory(&sold)})]).await;
    pages
        .page(
            "listings_sold_out",
            &[with(listing(7, &Value::Null), &[("/state", json!("sold_out"))])],
        )
        .await;
    pages.stage().await;
    assert_eq!(pages.texts(offered).await, ["513=large|BRD-L|1|24.00"]);
    assert_eq!(
        pages.text("select state || ' ' || title from staging.etsy_listing").await,
        "sold_out Dad's board \"XL\""
    );
}
