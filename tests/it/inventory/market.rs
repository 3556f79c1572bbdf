//! A shop on the simulated Etsy whose quantities a plan sets, made by hand.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use etsy_odoo::domain::{Clock as _, RunId, ShopId, StockBasis, Subject, Verdict};
use etsy_odoo::etsy::wire::{Listing, Page};
use etsy_odoo::etsy::{InventoryDocument, Query};
use etsy_odoo::journal::{Command, record_decisions};
use etsy_odoo::pipeline::PipelineError;
use etsy_odoo::plan::{Action, Choice, Decision, OfferingChange, ReactivateListing, SetInventory};
use etsy_odoo::sandbox::etsy::{EventScript, Quirks};
use etsy_odoo::sandbox::faults::FaultRule;
use etsy_odoo::sandbox::world::{Edit, Shelved, World, WorldSize};
use etsy_odoo::shop::{self, Shop, SoldOutListing, StockMaster};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::House;

/// What became of one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) state: String,
    pub(super) said: String,
}

/// A house whose shop has 32 listings, the kinds of which come around twice.
pub(super) struct Market {
    pub(super) house: House,
    pub(super) events: EventScript,
    shop: Shop,
}

impl Market {
    pub(super) async fn open() -> Self {
        Self::with(32, Quirks::default()).await
    }

    pub(super) async fn with(listings: usize, quirks: Quirks) -> Self {
        let events = EventScript::default();
        let size = WorldSize { receipts: 0, listings, shops: 1, seed: 5 };
        let house = House::with(size, |options| {
            options.etsy.events = events.clone();
            options.etsy.quirks = quirks;
        })
        .await;
        let shop = house.shops().await.remove(0);
        Self { house, events, shop }
    }

    pub(super) fn shop_id(&self) -> ShopId {
        self.shop.id
    }

    /// The active listings of so many variants.
    pub(super) async fn listings(&self, is_meant: impl Fn(&Shelved) -> bool) -> Vec<Shelved> {
        let world = self.house.pair.world.lock().await;
        world.shelves().into_iter().filter(is_meant).collect()
    }

    /// Listings of one variant with a few pieces.
    pub(super) async fn plain(&self) -> Vec<i64> {
        let is_plain =
            |it: &Shelved| it.quantities.len() == 1 && (3..100).contains(&it.quantities[0]);
        self.listings(is_plain).await.iter().map(|it| it.listing_id).collect()
    }

    /// Listings whose variants have quantities of their own.
    pub(super) async fn varied(&self) -> Vec<i64> {
        let is_varied = |it: &Shelved| {
            let mut quantities: Vec<i64> =
                it.quantities.iter().copied().filter(|one| *one > 2).collect();
            quantities.dedup();
            quantities.len() > 1
        };
        self.listings(is_varied).await.iter().map(|it| it.listing_id).collect()
    }

    pub(super) async fn edit(&self, listing: i64, edit: Edit) {
        let now = self.house.clock.now();
        assert!(self.house.pair.world.lock().await.edit_listing(listing, edit, now));
    }

    pub(super) async fn buy(&self, listing: i64, variant: usize, units: i64) {
        let now = self.house.clock.now();
        let mut world = self.house.pair.world.lock().await;
        assert!(world.buy_units(listing, variant, units, now).is_some());
    }

    /// Time goes on, as it does between a look and the next.
    pub(super) fn wait(&self) {
        self.house.clock.advance(TimeDelta::minutes(2));
    }

    pub(super) fn strike(&self, rules: Vec<FaultRule>) {
        self.house.pair.options.etsy.faults.replace(rules);
    }

    /// A listing as Etsy shows it, and what it offers.
    pub(super) async fn shown(&self, listing: i64) -> (String, DateTime<Utc>, InventoryDocument) {
        let etsy = &self.house.etsy;
        let token = etsy.token(&self.house.warehouse, &self.shop, None).await.unwrap();
        let query = Query::Inventory(vec![listing]);
        let page = etsy.reader().page(&token, self.shop.id, &query).await.unwrap();
        let rows = Page::read(&page.body).unwrap().results;
        let read = Listing::read(rows[0]).unwrap();
        let inventory = read.inventory.as_ref().unwrap();
        (
            read.state.into_owned(),
            read.updated_timestamp,
            InventoryDocument::read(inventory).unwrap(),
        )
    }

    pub(super) async fn state(&self, listing: i64) -> String {
        self.shown(listing).await.0
    }

    pub(super) async fn quantities(&self, listing: i64) -> BTreeMap<String, i32> {
        let (_, _, document) = self.shown(listing).await;
        document.offerings().map(|it| (it.variant_key.to_owned(), it.quantity)).collect()
    }

    /// What Etsy answers the shop, as it came.
    async fn ask(&self, path: &str) -> Value {
        let url = format!("{}/v3/application/{path}", self.house.pair.etsy_url);
        let token = {
            let world = self.house.pair.world.lock().await;
            secrecy::ExposeSecret::expose_secret(&world.shops()[0].access_token).to_owned()
        };
        let key = "sandbox-keystring:sandbox-secret";
        let call = reqwest::Client::new().get(url).header("x-api-key", key).bearer_auth(token);
        call.send().await.unwrap().json().await.unwrap()
    }

    /// The inventory as JSON, without what changes with each write, and without quantities.
    pub(super) async fn content(&self, listing: i64) -> Value {
        let mut content = self.ask(&format!("listings/{listing}/inventory")).await;
        for product in content["products"].as_array_mut().unwrap() {
            product["product_id"] = Value::Null;
            for offering in product["offerings"].as_array_mut().unwrap() {
                offering["offering_id"] = Value::Null;
                offering["quantity"] = Value::Null;
            }
        }
        content
    }

    /// Some listings with their inventories, as Etsy answers them.
    pub(super) async fn batch(&self, listings: &[i64]) -> Vec<Value> {
        let ids: Vec<String> = listings.iter().map(ToString::to_string).collect();
        let path = format!("listings/batch/inventory?listing_ids={}", ids.join(","));
        let mut page = self.ask(&path).await;
        page["results"].as_array_mut().unwrap().drain(..).collect()
    }

    /// What a plan says of a listing as it is now: nothing changes yet.
    pub(super) async fn seen(&self, listing: i64) -> SetInventory {
        let (state, _, document) = self.shown(listing).await;
        let change = |key: &str, quantity| OfferingChange {
            variant_key: key.to_owned(),
            sku: None,
            seen: quantity,
            wanted: quantity,
            price: Decimal::ONE,
        };
        SetInventory {
            listing_id: listing,
            title: "A thing".to_owned(),
            seen_state: state,
            offerings: document
                .offerings()
                .filter(|it| it.is_enabled)
                .map(|it| change(it.variant_key, it.quantity))
                .collect(),
            stock: Vec::new(),
            warehouse_ids: Vec::new(),
            basis: StockBasis::Sellable,
            currency: "USD".parse().unwrap(),
        }
    }

    /// The same with other quantities: `wanted` is told what is there.
    pub(super) async fn set(&self, listing: i64, wanted: impl Fn(i32) -> i32) -> SetInventory {
        let mut inventory = self.seen(listing).await;
        inventory.offerings.iter_mut().for_each(|it| it.wanted = wanted(it.seen));
        inventory.offerings.retain(|it| it.wanted != it.seen);
        inventory
    }

    /// To put a listing on sale again, with so many of each.
    pub(super) async fn back(&self, listing: i64, wanted: i32, is_renewed: bool) -> Action {
        let (_, seen_updated_at, _) = self.shown(listing).await;
        let mut inventory = self.seen(listing).await;
        inventory.offerings.iter_mut().for_each(|it| it.wanted = wanted);
        Action::ReactivateListing(ReactivateListing { inventory, is_renewed, seen_updated_at })
    }

    pub(super) async fn plan(&self, actions: Vec<Action>) -> RunId {
        let run = self.house.begin(Command::Plan).await.id;
        let decisions: Vec<Decision> = (1..)
            .zip(actions)
            .map(|(number, action): (i32, _)| Decision {
                shop: self.shop.id,
                subject: Subject::Inventory,
                key: number.to_string(),
                verdict: Verdict::Differs,
                choice: Choice::Act(Box::new(action)),
                reason: "Odoo has another quantity".to_owned(),
                before: None,
                amount: None,
                currency: None,
            })
            .collect();
        let refuse = std::convert::identity;
        record_decisions(&self.house.warehouse, run, refuse, async |book| {
            book.add(&decisions).await
        })
        .await
        .unwrap();
        run
    }

    /// Applies a plan of these actions. Counts of calls begin anew.
    pub(super) async fn apply(&self, actions: Vec<Action>) -> Vec<Fate> {
        let plan = self.plan(actions).await;
        self.forget_calls().await;
        self.apply_again(plan).await.unwrap();
        self.fates(plan).await
    }

    pub(super) async fn apply_again(&self, plan: RunId) -> Result<(), PipelineError> {
        self.house.apply(plan).await
    }

    pub(super) async fn fates(&self, plan: RunId) -> Vec<Fate> {
        let query = "select state, coalesce(said, '') from journal.decision_state where run_id = $1
                     order by decision_no";
        let client = self.house.warehouse.client().await.unwrap();
        let rows = client.query(query, &[&plan.0]).await.unwrap();
        rows.iter().map(|row| Fate { state: row.get(0), said: row.get(1) }).collect()
    }

    /// `quantity of target, state` of the offerings of a listing as they were written last.
    pub(super) async fn written(&self, listing: i64) -> Vec<String> {
        let query =
            "select distinct on (variant_key) concat(quantity, ' of ', target, ', ', listing_state)
                     from journal.inventory_written where listing_id = $1
                     order by variant_key, written_at desc, attempt_id desc";
        let client = self.house.warehouse.client().await.unwrap();
        let rows = client.query(query, &[&listing]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Puts so many of each product into stock in Odoo, in place of what was there.
    pub(super) async fn put_in_stock(&self, products: &[i32], quantities: &[i32]) {
        let odoo = self.house.odoo_database.client().await;
        odoo.execute("delete from stock_quant where product_id = any($1)", &[&products])
            .await
            .unwrap();
        odoo.execute(
            "insert into stock_quant
                 (product_id, company_id, location_id, quantity, reserved_quantity, in_date)
             select product_id, 1, 8, quantity, 0, '2026-01-01'
             from unnest($1::integer[], $2::integer[]) as there (product_id, quantity)",
            &[&products, &quantities],
        )
        .await
        .unwrap();
    }

    /// Makes Odoo's stock the master of all quantities, with a guard that lets everything pass.
    pub(super) async fn follow_odoo(&self, sold_out_listing: SoldOutListing) {
        for mut shop in self.house.shops().await {
            shop.policy.guard_changed_share = Decimal::ONE;
            let stock = &mut shop.policy.stock;
            stock.master = StockMaster::Odoo;
            stock.sold_out_listing = sold_out_listing;
            stock.guard_zeroed_share = Decimal::ONE;
            stock.guard_quantity_share = Decimal::ONE;
            shop::set_policy(&self.house.warehouse, shop.id, &shop.policy).await.unwrap();
        }
    }

    fn calls_url(&self) -> String {
        format!("{}/_sandbox/calls", self.house.pair.etsy_url)
    }

    pub(super) async fn forget_calls(&self) {
        reqwest::Client::new().delete(self.calls_url()).send().await.unwrap();
    }

    /// How many calls arrived whose method and path contain these words.
    pub(super) async fn calls(&self, words: &str) -> u64 {
        let counted: Value = reqwest::Client::new()
            .get(self.calls_url())
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let calls = counted["calls"].as_object().unwrap();
        let meant = calls.iter().filter(|(call, _)| call.contains(words));
        meant.map(|(_, count)| count.as_u64().unwrap()).sum()
    }

    /// Fees for listings that were renewed by hand in the shop's account.
    pub(super) async fn fees(&self) -> u64 {
        let path = format!(
            "shops/{}/payment-account/ledger-entries?min_created={}&max_created={}&limit=100",
            self.shop.id,
            (self.house.clock.now() - TimeDelta::days(1)).timestamp(),
            (self.house.clock.now() + TimeDelta::days(1)).timestamp(),
        );
        let page = self.ask(&path).await;
        let is_fee = |entry: &&Value| entry["ledger_type"] == "renew_expired";
        page["results"].as_array().unwrap().iter().filter(is_fee).count().try_into().unwrap()
    }
}

pub(super) fn applied(said: &str) -> Fate {
    Fate { state: "applied".to_owned(), said: said.to_owned() }
}

/// A buyer buys one of the first variant of a listing.
pub(super) fn buys(listing: i64, units: i64) -> impl FnOnce(&mut World, DateTime<Utc>) + Send {
    move |world, now| {
        world.buy_units(listing, 0, units, now).unwrap();
    }
}

pub(super) fn edits(listing: i64, edit: Edit) -> impl FnOnce(&mut World, DateTime<Utc>) + Send {
    move |world, now| assert!(world.edit_listing(listing, edit, now))
}
