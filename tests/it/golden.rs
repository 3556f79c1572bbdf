//! The whole line, world in and report out, over both stand-ins and a clock that stands still.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use etsy_odoo::db::Warehouse;
use etsy_odoo::domain::{ReceiptId, RunId};
use etsy_odoo::pipeline;
use etsy_odoo::report::{self, Payloads, Rows};
use etsy_odoo::sandbox::world::{Receipt, ReceiptStatus};
use futures_util::{SinkExt as _, TryStreamExt as _};
use rust_decimal::Decimal;

use crate::support::{House, TestDatabase};

/// An order as Odoo has it: currency, total, lines with goods or services, state.
type Booked = BTreeMap<i64, (String, Decimal, i64, String)>;

async fn booked(house: &House) -> Booked {
    let rows = house
        .odoo_database
        .client()
        .await
        .query(
            "select o.x_etsy_receipt_id::bigint, c.name, o.amount_total, o.state,
                 (select count(*) from sale_order_line l where l.order_id = o.id and l.display_type is null)
             from sale_order o
             join res_currency c on c.id = o.currency_id
             where o.x_etsy_receipt_id is not null",
            &[],
        )
        .await
        .unwrap();
    let count = rows.len();
    let booked: Booked = rows
        .iter()
        .map(|row| {
            (row.get(0), (row.get(1), row.get::<_, Decimal>(2).normalize(), row.get(4), row.get(3)))
        })
        .collect();
    assert_eq!(booked.len(), count, "a receipt has more than one order");
    booked
}

/// What a receipt must be in Odoo, computed from the world and not from anything that we staged: all that the buyer paid
/// but the tax that Etsy collects.
fn wanted(receipt: &Receipt) -> (String, Decimal, i64, String) {
    let minor = receipt.grandtotal() - receipt.tax - receipt.vat;
    let total = Decimal::new(minor, u32::from(receipt.decimals)).normalize();
    let charges = [receipt.discount(), receipt.shipping, receipt.gift_wrap];
    let charges = charges.iter().filter(|amount| **amount != 0).count();
    let lines = i64::try_from(receipt.lines.len() + charges).unwrap();
    (receipt.currency.to_string(), total, lines, "sale".to_owned())
}

async fn due(house: &House) -> Booked {
    let world = house.pair.world.lock().await;
    world
        .receipts()
        .iter()
        .filter(|receipt| receipt.is_paid() && receipt.status != ReceiptStatus::Canceled)
        .map(|receipt| {
            let ReceiptId(id) = receipt.receipt_id;
            (id, wanted(receipt))
        })
        .collect()
}

#[tokio::test]
async fn every_paid_receipt_is_one_order_to_the_cent_and_a_second_run_plans_nothing() {
    let house = House::new(150, 60, 3, 7).await;
    let (run, planned) = house.run().await;
    assert!(planned.acts > 150 && planned.holds == 0 && planned.refusals.is_empty(), "{planned:?}");
    assert_eq!(booked(&house).await, due(&house).await);
    let currencies: std::collections::BTreeSet<String> =
        booked(&house).await.into_values().map(|order| order.0).collect();
    assert_eq!(currencies, ["EUR", "JPY", "USD"].map(String::from).into());

    let report = report::load_report(&house.warehouse, run.id).await.unwrap();
    assert!(report.foots, "{:?}", report.broken_sums);
    let (second, nothing) = house.plan().await;
    assert_eq!((nothing.acts, nothing.holds), (0, 0), "run {}", second.id);
}

#[tokio::test]
async fn a_report_is_the_same_bytes_every_time_and_reads_as_it_did() {
    let house = House::new(30, 30, 3, 3).await;
    let (run, _) = house.run().await;
    let report = report::load_report(&house.warehouse, run.id).await.unwrap();
    let again = report::load_report(&house.warehouse, run.id).await.unwrap();
    assert_eq!(report.to_html().unwrap(), again.to_html().unwrap());
    assert_eq!(report.to_json().unwrap(), again.to_json().unwrap());
    // the name of a test's database, and the version, are not the report's business
    let text = report.to_text().replace(house.odoo_database.name(), "simulated_odoo");
    insta::assert_snapshot!("golden_report", text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    // later runs do not change what an earlier one said
    house.pair.world.lock().await.buy(5, today_later(&house));
    house.run().await;
    let later = report::load_report(&house.warehouse, run.id).await.unwrap();
    assert_eq!(report.to_text(), later.to_text());
    assert_eq!(report.to_html().unwrap(), later.to_html().unwrap());
}

/// Moves the clock past the settling time, and gives the moment before.
fn today_later(house: &House) -> chrono::DateTime<chrono::Utc> {
    use etsy_odoo::domain::Clock as _;
    let bought_at = house.clock.now();
    house.clock.advance(TimeDelta::minutes(10));
    bought_at
}

#[tokio::test]
async fn the_world_lives_on_and_the_runs_keep_up() {
    let house = House::new(60, 40, 3, 11).await;
    house.run().await;
    for round in 0..4 {
        {
            let mut world = house.pair.world.lock().await;
            let now = today_later(&house);
            world.buy(6, now);
            world.edit(4, now);
            world.pay(1, now);
            world.refund(1, now);
            world.cancel(1, now);
        }
        house.run().await;
        let orders = booked(&house).await;
        let wanted = due(&house).await;
        for (receipt, order) in &wanted {
            assert_eq!(orders.get(receipt), Some(order), "round {round}, receipt {receipt}");
        }
        for (receipt, order) in orders.iter().filter(|(receipt, _)| !wanted.contains_key(receipt)) {
            assert_eq!(order.3, "cancel", "round {round}: receipt {receipt} is not due");
        }
        let (_, nothing) = house.plan().await;
        assert_eq!((nothing.acts, nothing.holds), (0, 0), "round {round}");
    }
}

/// The evidence of a run, and what it needs to be decided again: the shops, the run itself, the pages, Odoo's rows.
const EVIDENCE: &[&str] = &[
    "shop.shop",
    "shop.policy",
    "journal.run",
    "snapshot.etsy_page",
    "snapshot.etsy_window",
    "snapshot.odoo_read",
    "snapshot.odoo_company",
    "snapshot.odoo_currency",
    "snapshot.odoo_country",
    "snapshot.odoo_country_state",
    "snapshot.odoo_lang",
    "snapshot.odoo_pricelist",
    "snapshot.odoo_tax",
    "snapshot.odoo_product_tax",
    "snapshot.odoo_external_id",
    "snapshot.odoo_partner",
    "snapshot.odoo_product",
    "snapshot.odoo_product_template",
    "snapshot.odoo_sale_order",
    "snapshot.odoo_sale_order_line",
    "snapshot.odoo_stock",
    "snapshot.odoo_kit",
    "snapshot.odoo_invoice",
    "snapshot.odoo_warehouse",
];

async fn copy_evidence(from: &TestDatabase, into: &TestDatabase) {
    let (from, into) = (from.client().await, into.client().await);
    for table in EVIDENCE {
        let bytes: Vec<bytes::Bytes> = from
            .copy_out(&format!("copy {table} to stdout (format binary)"))
            .await
            .unwrap()
            .try_collect()
            .await
            .unwrap();
        let sink = into.copy_in(&format!("copy {table} from stdin (format binary)")).await.unwrap();
        let mut sink = std::pin::pin!(sink);
        for chunk in bytes {
            sink.send(chunk).await.unwrap();
        }
        sink.finish().await.unwrap();
    }
}

async fn plan_bytes(warehouse: &Warehouse, run: RunId) -> (Vec<u8>, String) {
    let plan = report::load_plan(warehouse, run, Rows::All).await.unwrap();
    let mut json = Vec::new();
    report::write_plan_json(warehouse, &plan, Payloads::Whole, &mut json).await.unwrap();
    (json, plan.to_text())
}

#[tokio::test]
async fn a_run_replayed_from_its_evidence_gives_the_same_bytes() {
    let house = House::new(40, 30, 3, 5).await;
    let (run, _) = house.plan().await;
    let replica = TestDatabase::new().await;
    copy_evidence(&house.ours, &replica).await;
    let warehouse = Warehouse::connect(replica.config()).await.unwrap();
    let planned = pipeline::decide(&warehouse, &run).await.unwrap();
    assert!(planned.acts > 40);
    assert_eq!(plan_bytes(&warehouse, run.id).await, plan_bytes(&house.warehouse, run.id).await);
    let (there, here) = (
        report::load_report(&warehouse, run.id).await.unwrap(),
        report::load_report(&house.warehouse, run.id).await.unwrap(),
    );
    assert_eq!(there.to_html().unwrap(), here.to_html().unwrap());
}
