//! How many of each offering may be for sale, against a real Postgres: the staged rows of both sides are made up, and what
//! the program makes of them is compared with what one would reckon by hand.
#![expect(
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    clippy::match_same_arms,
    reason = "a test stops where it meets what it does not expect, and tells each case in a line of its own"
)]

mod bad_input;
mod commands;
mod counted;
mod worlds;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use etsy_odoo::db::Warehouse;
use etsy_odoo::diff::{
    CountFinding, InventoryFinding, compare, count_findings, inventory_findings, stock_standings,
};
use etsy_odoo::domain::{RunId, ShopId, Subject};
use etsy_odoo::plan::{Decision, Planner, ShopPolicy, StockStanding};
use etsy_odoo::shop;
use etsy_odoo::stage::{StockDirection, stage_quantities};
use rust_decimal::Decimal;
use tokio_postgres::Client;

use crate::support::TestDatabase;

pub(super) const SHOP: i64 = 61_234_567;
pub(super) const OTHER_SHOP: i64 = 71_234_567;
pub(super) const RUN: i64 = 5;

/// When the run began.
pub(super) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_264_000, 0).unwrap()
}

/// So many minutes before that.
pub(super) fn before(minutes: i64) -> DateTime<Utc> {
    now() - TimeDelta::minutes(minutes)
}

/// When Etsy's quantities were read, and when both sides last agreed.
pub(super) const READ: i64 = 60;
pub(super) const AGREED: i64 = 120;

/// A database with two shops, of which the first is compared, and a warehouse.
pub(super) struct Desk {
    pub(super) warehouse: Warehouse,
    pub(super) client: Client,
    _database: TestDatabase,
}

impl Desk {
    pub(super) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let warehouse = Warehouse::connect(database.config()).await.unwrap();
        let client = database.client().await;
        let desk = Self { warehouse, client, _database: database };
        desk.clear().await;
        desk
    }

    /// Begins anew.
    pub(super) async fn clear(&self) {
        self.client
            .batch_execute(
                "truncate staging.etsy_listing, staging.etsy_offering, staging.etsy_inventory, staging.etsy_order,
                     staging.etsy_order_line, staging.etsy_transaction, staging.odoo_order, staging.odoo_product,
                     staging.odoo_part, staging.odoo_stock, staging.offering_base, staging.offering_target,
                     snapshot.etsy_page, snapshot.watermark, snapshot.odoo_warehouse, snapshot.odoo_company,
                     snapshot.odoo_countable, snapshot.odoo_sale_order, snapshot.odoo_external_id, diff.finding, diff.tally,
                     journal.inventory_written, shop.shop, journal.run cascade;
                 insert into snapshot.odoo_company values (5, 1, 'Acme', 1, true);
                 insert into snapshot.odoo_warehouse values
                     (5, 1, 'Main', 'WH', 7, 8, 1, true), (5, 2, 'Second', 'W2', 17, 18, 1, true),
                     (5, 3, 'Old', 'W3', 27, 28, 1, false)",
            )
            .await
            .unwrap();
        for (shop, name) in [(SHOP, "acme"), (OTHER_SHOP, "other")] {
            self.client
                .execute("insert into shop.shop values ($1, $2, 'active', now())", &[&shop, &name])
                .await
                .unwrap();
            self.client
                .execute(
                    "insert into shop.policy (shop_id, stock_master) values ($1, 'odoo')",
                    &[&shop],
                )
                .await
                .unwrap();
        }
        self.client
            .execute(
                "insert into journal.run (run_id, command, shop_ids, subjects, full_read, started_at, version)
                 overriding system value values ($1, 'plan', $2, '{inventory}', false, $3, '0')",
                &[&RUN, &vec![SHOP], &now()],
            )
            .await
            .unwrap();
        self.client
            .execute(
                "insert into snapshot.etsy_page
                     (page_id, run_id, shop_id, stream, window_from, window_until, row_offset, said_count, row_count,
                      fetched_at, body)
                 overriding system value
                 values (1, $1, $2, 'listings_active', $3, $3, 0, 1, 1, $3, '')",
                &[&RUN, &SHOP, &before(READ)],
            )
            .await
            .unwrap();
        self.prove_receipts(before(10)).await;
    }

    pub(super) async fn prove_receipts(&self, until: DateTime<Utc>) {
        self.client
            .execute(
                "insert into snapshot.watermark values ($1, 'receipts', $2, 5)
                 on conflict (shop_id, stream) do update set proven_until = excluded.proven_until",
                &[&SHOP, &until],
            )
            .await
            .unwrap();
    }

    pub(super) async fn set(&self, policy: &str) {
        self.client
            .batch_execute(
                &["update shop.policy set ", policy, " where shop_id = 61234567"].concat(),
            )
            .await
            .unwrap();
    }

    pub(super) async fn listing(&self, listing: i64, state: &str) {
        self.client
            .execute(
                "insert into staging.etsy_listing
                     (shop_id, listing_id, state, title, is_digital, quantity, currency, price, updated_at, content_hash,
                      page_id, changed_in_run)
                 values ($1, $2, $3, 'A cup', false, 1, 'USD', 2, $4, 1, 1, 5)",
                &[&SHOP, &listing, &state, &before(600)],
            )
            .await
            .unwrap();
    }

    pub(super) async fn inventory(&self, listing: i64, fault: Option<&str>) {
        self.client
            .execute(
                "insert into staging.etsy_inventory
                     (shop_id, listing_id, currency, content_hash, page_id, changed_in_run, fault)
                 values ($1, $2, 'USD', 1, 1, 5, $3)",
                &[&SHOP, &listing, &fault],
            )
            .await
            .unwrap();
    }

    /// An offering at 2 USD; its quantity is in common with those of the same group.
    pub(super) async fn offering(
        &self,
        listing: i64,
        variant: &str,
        group: &str,
        key: &str,
        quantity: i32,
    ) {
        self.client
            .execute(
                "insert into staging.etsy_offering
                     (shop_id, listing_id, variant_key, product_key, sku, variations, quantity, price, is_enabled,
                      etsy_product_id, etsy_offering_id, quantity_group)
                 values ($1, $2, $3, $4, upper($4), $3, $5, 2, true, 1, 1, $6)",
                &[&SHOP, &listing, &variant, &key, &quantity, &group],
            )
            .await
            .unwrap();
    }

    /// A listing of one offering.
    pub(super) async fn plain(&self, listing: i64, key: &str, quantity: i32) {
        self.listing(listing, "active").await;
        self.inventory(listing, None).await;
        self.offering(listing, "", "", key, quantity).await;
    }

    /// A product in Odoo that answers to a key, and how many Odoo has of it.
    pub(super) async fn product(&self, key: &str, product: i32, available: Option<Decimal>) {
        self.linked(key, product, 1, "sku", true).await;
        self.part(product, product, Decimal::ONE).await;
        if let Some(available) = available {
            self.stock(product, 1, available).await;
        }
    }

    pub(super) async fn linked(
        &self,
        key: &str,
        product: i32,
        copies: i32,
        rule: &str,
        active: bool,
    ) {
        self.client
            .execute(
                "insert into staging.odoo_product (run_id, product_key, copies, product_id, matched_by, name, active)
                 values ($1, $2, $3, $4, $5, 'Cup', $6)",
                &[&RUN, &key, &copies, &product, &rule, &active],
            )
            .await
            .unwrap();
    }

    pub(super) async fn part(&self, product: i32, part: i32, per_unit: Decimal) {
        self.client
            .execute(
                "insert into staging.odoo_part values ($1, $2, $3, $4)",
                &[&RUN, &product, &part, &per_unit],
            )
            .await
            .unwrap();
    }

    /// Free stock: one more is on hand and reserved, and three are on their way.
    pub(super) async fn stock(&self, product: i32, warehouse: i32, sellable: Decimal) {
        self.client
            .execute(
                "insert into staging.odoo_stock
                 select $1, $2, $3, $4::numeric + 1, $4, $4::numeric + 4, $4, 1, 3, 0, 0, 0, false",
                &[&RUN, &product, &warehouse, &sellable],
            )
            .await
            .unwrap();
    }

    pub(super) async fn base(&self, listing: i64, variant: &str, quantity: i32, target: i32) {
        self.client
            .execute(
                "insert into staging.offering_base values ($1, $2, $3, $4, $5, $6)",
                &[&SHOP, &listing, &variant, &quantity, &target, &before(AGREED)],
            )
            .await
            .unwrap();
    }

    /// A receipt with one line; `order` is the state of its order in Odoo.
    pub(super) async fn sold(&self, sale: Sale<'_>) {
        self.client
            .execute(
                "insert into staging.etsy_order
                 values ($1, $2, $3, $4, 'USD', 2, 1, 1, 'buyer_1', null, 0, 1, 1, 5)",
                &[&sale.shop, &sale.receipt, &sale.standing, &sale.at],
            )
            .await
            .unwrap();
        self.client
            .execute(
                "insert into staging.etsy_order_line
                     (shop_id, receipt_id, line_key, position, product_key, name, quantity, price_unit, is_delivery,
                      transaction_id)
                 values ($1, $2, 'tx', 1, $3, 'Cup', $4::integer, 2, false, $2)",
                &[&sale.shop, &sale.receipt, &sale.key, &sale.quantity],
            )
            .await
            .unwrap();
        self.client
            .execute(
                "insert into staging.etsy_transaction
                 values ($1, $2, $2, 1, $3, null, $4, $5, 'Cup', '', '', false, $6, 2)",
                &[
                    &sale.shop,
                    &sale.receipt,
                    &sale.listing,
                    &sale.key,
                    &sale.variant,
                    &sale.quantity,
                ],
            )
            .await
            .unwrap();
        if let Some(state) = sale.order {
            self.client
                .execute(
                    "insert into staging.odoo_order
                         (run_id, shop_id, receipt_id, copies, order_id, order_name, state, ordered_at, currency, total,
                          line_count, units, invoice_status, delivery_status)
                     values ($1, $2, $3, 1, 1, 'S1', $4, $5, 'USD', 2, 1, 1, 'no', 'none')",
                    &[&RUN, &sale.shop, &sale.receipt, &state, &sale.at],
                )
                .await
                .unwrap();
        }
    }

    /// Marks a listing as taken off sale by us.
    pub(super) async fn taken_off(&self, listing: i64, variant: &str, quantity: i32) {
        let attempt = self.attempt_to_take_off(listing, AGREED).await;
        self.client
            .execute(
                "insert into journal.inventory_written values ($1, $3, $2, $4, $5, 0, 'inactive', $6, $7)",
                &[&attempt, &listing, &SHOP, &variant, &quantity, &before(600), &before(AGREED)],
            )
            .await
            .unwrap();
    }

    /// An attempt to take a listing off sale, so many minutes ago; without an outcome nobody knows how it ended.
    pub(super) async fn tried_to_take_off(
        &self,
        listing: i64,
        minutes: i64,
        outcome: Option<&str>,
    ) {
        let attempt = self.attempt_to_take_off(listing, minutes).await;
        if let Some(outcome) = outcome {
            self.client
                .execute(
                    "insert into journal.outcome (attempt_id, outcome, recorded_at) values ($1, $2, $3)",
                    &[&attempt, &outcome, &before(minutes)],
                )
                .await
                .unwrap();
        }
    }

    async fn attempt_to_take_off(&self, listing: i64, minutes: i64) -> i64 {
        self.client
            .query_one(
                "with decided as (
                     insert into journal.decision
                         (run_id, decision_no, shop_id, subject, key, verdict, decision, action, reason, payload)
                     values ($1, $2::bigint::integer, $3, 'inventory', $2::bigint::text, 'differs', 'act',
                         'deactivate_listing', '', '{}')
                     returning run_id, decision_no
                 )
                 insert into journal.attempt (run_id, decision_no, applied_by, batch, attempted_at)
                 select run_id, decision_no, run_id, 1, $4 from decided
                 returning attempt_id",
                &[&RUN, &listing, &SHOP, &before(minutes)],
            )
            .await
            .unwrap()
            .get(0)
    }

    pub(super) async fn stage(&self, direction: StockDirection) {
        stage_quantities(
            &self.warehouse,
            RunId(RUN),
            &[ShopId(SHOP)],
            &[(ShopId(SHOP), direction)],
        )
        .await
        .unwrap();
    }

    /// Stages and compares; the comparison foots, or it fails.
    pub(super) async fn compare(&self, direction: StockDirection) {
        self.stage(direction).await;
        compare(&self.warehouse, RunId(RUN), &[ShopId(SHOP)], &[Subject::Inventory]).await.unwrap();
    }

    pub(super) async fn findings(&self) -> Vec<InventoryFinding> {
        let mut stream = inventory_findings(&self.warehouse, RunId(RUN)).await.unwrap();
        stream.next().await.unwrap()
    }

    pub(super) async fn counts(&self) -> Vec<CountFinding> {
        let mut stream = count_findings(&self.warehouse, RunId(RUN)).await.unwrap();
        stream.next().await.unwrap()
    }

    /// The decisions of a plan, and why the guard refuses it.
    pub(super) async fn plan(&self) -> (Vec<Decision>, Vec<String>) {
        let policies: BTreeMap<ShopId, ShopPolicy> = shop::list(&self.warehouse)
            .await
            .unwrap()
            .into_iter()
            .map(|shop| (shop.id, ShopPolicy { name: shop.name, policy: shop.policy }))
            .collect();
        let mut planner = Planner::new(&policies, None);
        let mut decisions: Vec<Decision> =
            self.counts().await.iter().filter_map(|finding| planner.count(finding)).collect();
        for finding in self.findings().await {
            decisions.extend(planner.inventory(&finding, now()));
        }
        let standings = stock_standings(&self.warehouse, RunId(RUN)).await.unwrap();
        let standings = standings
            .into_iter()
            .map(|(shop, standing)| {
                let standing = StockStanding {
                    on_sale: standing.on_sale,
                    compared: standing.compared,
                    warehouse_ids: standing.warehouse_ids,
                    absent_warehouse_ids: standing.absent_warehouse_ids,
                    is_empty: standing.is_empty,
                    allowed_before: standing.allowed_before,
                };
                (shop, standing)
            })
            .collect();
        let refusals = planner.refusals(&BTreeMap::new(), &standings);
        (decisions, refusals.into_iter().map(|refusal| refusal.reason).collect())
    }

    /// Compares, and makes a plan.
    pub(super) async fn planned(&self) -> (Vec<Decision>, Vec<String>) {
        self.compare(StockDirection::Push).await;
        self.plan().await
    }

    /// A number of an offering, as it is staged.
    pub(super) async fn target(&self, listing: i64, variant: &str) -> i32 {
        self.client
            .query_one(
                "select target from staging.offering_target where listing_id = $1 and variant_key = $2",
                &[&listing, &variant],
            )
            .await
            .unwrap()
            .get(0)
    }
}

/// One purchase of one thing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sale<'a> {
    pub(super) shop: i64,
    pub(super) receipt: i64,
    pub(super) listing: i64,
    pub(super) variant: &'a str,
    pub(super) key: &'a str,
    pub(super) quantity: i32,
    pub(super) at: DateTime<Utc>,
    pub(super) standing: &'a str,
    pub(super) order: Option<&'a str>,
}

impl<'a> Sale<'a> {
    /// Paid, and booked in Odoo.
    pub(super) fn booked(
        receipt: i64,
        listing: i64,
        key: &'a str,
        quantity: i32,
        minutes: i64,
    ) -> Self {
        Self {
            shop: SHOP,
            receipt,
            listing,
            variant: "",
            key,
            quantity,
            at: before(minutes),
            standing: "due",
            order: Some("sale"),
        }
    }

    /// Paid, and not in Odoo yet.
    pub(super) fn pending(
        receipt: i64,
        listing: i64,
        key: &'a str,
        quantity: i32,
        minutes: i64,
    ) -> Self {
        Self { order: None, ..Self::booked(receipt, listing, key, quantity, minutes) }
    }
}
