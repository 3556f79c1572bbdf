//! A market that lives: buyers buy at any moment, also in the middle of a run; Odoo sells elsewhere and receives; orders are
//! cancelled; calls fail; a run comes every few minutes. Nothing may be oversold because of a quantity that we set.
//!
//! What is owed (the units of all receipts that are not cancelled) and what there is are added up from the world and from
//! Odoo's quants, not from anything that we staged. The worlds are the same ones every time; `PROPTEST_CASES` asks for so many
//! others, which are new ones every time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use etsy_odoo::apply::{ApplyOptions, Sides, apply};
use etsy_odoo::domain::{Clock as _, ReceiptId};
use etsy_odoo::journal::Command;
use etsy_odoo::pipeline;
use etsy_odoo::sandbox::etsy::Quirks;
use etsy_odoo::sandbox::faults::FaultRule;
use etsy_odoo::sandbox::world::ReceiptStatus;
use etsy_odoo::shop::SoldOutListing;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};

use super::market::Market;
use crate::faults::every_fault;

/// Somebody buys so many of one thing on sale, given by its place.
#[derive(Debug, Clone, Copy)]
struct Purchase {
    place: usize,
    units: i64,
}

/// Odoo's stock of a thing changes so much, without Etsy.
#[derive(Debug, Clone, Copy)]
struct Trade {
    place: usize,
    change: i64,
}

#[derive(Debug, Clone)]
struct Round {
    minutes: i64,
    purchases: Vec<Purchase>,
    trades: Vec<Trade>,
    cancels: bool,
    /// In the run, before the nth call whose method and path contain these words.
    meanwhile: Vec<(&'static str, u64, Purchase)>,
    /// Between plan and apply.
    between: Vec<Trade>,
    /// A fault of `every_fault`, from the nth call on every so many.
    fault: Option<(usize, u64)>,
}

const CALLS: [&str; 5] = [
    "PUT /v3/application/listings",
    "GET /v3/application/listings/batch/inventory",
    "GET /v3/application/shops",
    "PATCH /v3/application/shops",
    "",
];

fn any_purchase() -> impl Strategy<Value = Purchase> {
    (0..64_usize, 1..4_i64).prop_map(|(place, units)| Purchase { place, units })
}

fn any_trade() -> impl Strategy<Value = Trade> {
    (0..64_usize, -6..5_i64).prop_map(|(place, change)| Trade { place, change })
}

fn any_round() -> impl Strategy<Value = Round> {
    let meanwhile = (prop::sample::select(CALLS.to_vec()), 1..6_u64, any_purchase());
    (
        1..20_i64,
        prop::collection::vec(any_purchase(), 0..6),
        prop::collection::vec(any_trade(), 0..5),
        prop::bool::weighted(0.2),
        prop::collection::vec(meanwhile, 0..5),
        prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(any_trade(), 1..4)],
        prop::option::weighted(0.25, (0..7_usize, 3..9_u64)),
    )
        .prop_map(|(minutes, purchases, trades, cancels, meanwhile, between, fault)| Round {
            minutes,
            purchases,
            trades,
            cancels,
            meanwhile,
            between,
            fault,
        })
}

/// One thing that can be bought.
#[derive(Debug, Clone)]
struct Stall {
    listing: i64,
    variant: usize,
    /// Whether it is all that its listing offers.
    is_alone: bool,
    product: i32,
}

/// What was bought: the receipt, the stall, the units.
type Sales = Arc<Mutex<Vec<(ReceiptId, usize, i64)>>>;

struct Simulation {
    market: Market,
    stalls: Vec<Stall>,
    sales: Sales,
}

impl Simulation {
    /// A shop whose things Odoo has as many of as Etsy offers, and a few more.
    async fn open(renews: bool) -> Self {
        let market = Market::with(16, Quirks::default()).await;
        market.house.run().await;
        let stalls = stalls(&market).await;
        let products: BTreeSet<i32> = stalls.iter().map(|stall| stall.product).collect();
        let products: Vec<i32> = products.into_iter().collect();
        let quantities: Vec<i32> = products.iter().map(|product| product % 9 + 2).collect();
        market.put_in_stock(&products, &quantities).await;
        market.follow_odoo(if renews { SoldOutListing::Renew } else { SoldOutListing::Hold }).await;
        Self { market, stalls, sales: Sales::default() }
    }

    fn stall(&self, place: usize) -> (usize, &Stall) {
        let place = place % self.stalls.len();
        (place, &self.stalls[place])
    }

    async fn buy(&self, purchase: Purchase) {
        let (place, stall) = self.stall(purchase.place);
        let now = self.market.house.clock.now();
        let mut world = self.market.house.pair.world.lock().await;
        let bought = world.buy_units(stall.listing, stall.variant, purchase.units, now);
        let mut sales = self.sales.lock().unwrap();
        sales.extend(bought.map(|receipt| (receipt, place, purchase.units)));
    }

    /// Buys in the middle of a run.
    fn buy_at(&self, call: &'static str, nth: u64, purchase: Purchase) {
        let (place, stall) = self.stall(purchase.place);
        let (listing, variant, units) = (stall.listing, stall.variant, purchase.units);
        let sales = Arc::clone(&self.sales);
        self.market.events.before(call, nth, move |world, now| {
            let bought = world.buy_units(listing, variant, units, now);
            sales.lock().unwrap().extend(bought.map(|receipt| (receipt, place, units)));
        });
    }

    async fn trade(&self, trade: Trade) {
        let product = self.stall(trade.place).1.product;
        let odoo = self.market.house.odoo_database.client().await;
        odoo.execute(
            "update stock_quant set quantity = greatest(quantity + $2::bigint, 0)
             where product_id = $1 and location_id = 8",
            &[&product, &trade.change],
        )
        .await
        .unwrap();
    }

    /// How many of each product there are and are owed to nobody. Less than none: they are oversold already.
    async fn deliverable(&self) -> BTreeMap<i32, i64> {
        let odoo = self.market.house.odoo_database.client().await;
        let query =
            "select product_id, sum(quantity)::bigint from stock_quant where location_id = 8
                     group by product_id";
        let rows = odoo.query(query, &[]).await.unwrap();
        let mut left: BTreeMap<i32, i64> =
            rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let world = self.market.house.pair.world.lock().await;
        let cancelled: BTreeSet<ReceiptId> = world
            .receipts()
            .iter()
            .filter(|receipt| receipt.status == ReceiptStatus::Canceled)
            .map(|receipt| receipt.receipt_id)
            .collect();
        for (receipt, place, units) in self.sales.lock().unwrap().iter() {
            if !cancelled.contains(receipt) {
                *left.entry(self.stalls[*place].product).or_default() -= units;
            }
        }
        left
    }

    /// How many of each stall can be bought.
    async fn on_sale(&self) -> Vec<i64> {
        let world = self.market.house.pair.world.lock().await;
        let shelves: BTreeMap<i64, Vec<i64>> =
            world.shelves().into_iter().map(|it| (it.listing_id, it.quantities)).collect();
        let shown = |stall: &Stall| shelves.get(&stall.listing).map_or(0, |it| it[stall.variant]);
        self.stalls.iter().map(shown).collect()
    }

    fn sold(&self) -> usize {
        self.sales.lock().unwrap().len()
    }

    /// The units that were bought since the log had this length: of a stall, and of its product elsewhere.
    fn bought_since(&self, length: usize, place: usize) -> (i64, i64) {
        let product = self.stalls[place].product;
        let sales = self.sales.lock().unwrap();
        let mut bought = (0, 0);
        for (_, other, units) in &sales[length..] {
            if *other == place {
                bought.0 += units;
            } else if self.stalls[*other].product == product {
                bought.1 += units;
            }
        }
        bought
    }

    /// One run, in the middle of which others act; says whether it got to its end.
    async fn run(&self, round: &Round) -> Result<bool, TestCaseError> {
        let ended = self.run_amid(round).await;
        self.market.strike(Vec::new());
        self.market.events.forget();
        ended
    }

    async fn run_amid(&self, round: &Round) -> Result<bool, TestCaseError> {
        let house = &self.market.house;
        self.market.forget_calls().await;
        for (call, nth, purchase) in &round.meanwhile {
            self.buy_at(call, *nth, *purchase);
        }
        if let Some((fault, every)) = round.fault {
            let fault = every_fault().remove(fault);
            self.market.strike(vec![FaultRule::every("", every, fault)]);
        }
        let begun = self.sold();
        let run = house.begin(Command::Run).await;
        let mut reader = house.reader().await;
        let clock = house.clock.as_ref();
        let observed =
            pipeline::observe(&house.warehouse, &house.etsy, &mut reader, &run, clock).await;
        if observed.is_err() {
            return Ok(false);
        }
        let planned = pipeline::decide(&house.warehouse, &run).await.unwrap();
        prop_assert!(planned.refusals.is_empty(), "{:?}", planned.refusals);
        for trade in &round.between {
            self.trade(*trade).await;
        }
        let (before, length) = (self.on_sale().await, self.sold());
        let writer = house.writer().await;
        let hasty =
            ApplyOptions { pause: std::time::Duration::from_millis(2), ..ApplyOptions::default() };
        let etsy = Some(pipeline::way_to_etsy(&house.warehouse, &house.etsy));
        let sides = Sides { odoo: &writer, odoo_reader: &mut reader, etsy };
        let applied = apply(&house.warehouse, sides, run.id, run.id, clock, &hasty).await;
        self.market.strike(Vec::new());
        house.end(run.id, i16::from(applied.is_err())).await;
        let is_whole = applied.is_ok() && round.fault.is_none();
        self.nothing_is_raised_above_what_there_is(&before, length, is_whole).await?;
        if is_whole && round.between.is_empty() {
            self.nothing_is_left_too_high(run.id.0, begun).await?;
        }
        self.only_what_was_planned_was_written(run.id.0, &before, length).await?;
        Ok(is_whole)
    }

    /// Whoever finds more on sale than before finds no more than there is.
    async fn nothing_is_raised_above_what_there_is(
        &self,
        before: &[i64],
        length: usize,
        is_whole: bool,
    ) -> Result<(), TestCaseError> {
        let (after, deliverable) = (self.on_sale().await, self.deliverable().await);
        for (place, stall) in self.stalls.iter().enumerate() {
            let (here, elsewhere) = self.bought_since(length, place);
            let is_raised = after[place] + here > before[place];
            // what was bought while a run that broke off wrote may stand there again until the next run
            let may_be =
                deliverable[&stall.product].max(0) + elsewhere + if is_whole { 0 } else { here };
            prop_assert!(
                !is_raised || after[place] <= may_be,
                "raised {} → {} though {} can be delivered: {stall:?}",
                before[place],
                after[place],
                deliverable[&stall.product],
            );
        }
        Ok(())
    }

    /// After a run that nothing disturbed, no more is on sale than there is, unless it waits for a person.
    async fn nothing_is_left_too_high(&self, run: i64, begun: usize) -> Result<(), TestCaseError> {
        let left_alone = self.listings(run, "decision <> 'act' or state <> 'applied'").await;
        let (after, deliverable) = (self.on_sale().await, self.deliverable().await);
        for (place, stall) in self.stalls.iter().enumerate() {
            let (_, elsewhere) = self.bought_since(begun, place);
            let there = deliverable[&stall.product].max(0) + elsewhere;
            prop_assert!(
                after[place] <= there || left_alone.contains(&stall.listing),
                "{} on sale, {} can be delivered: {stall:?}",
                after[place],
                deliverable[&stall.product],
            );
        }
        Ok(())
    }

    /// The listings with a decision in a plan of which this is true.
    async fn listings(&self, run: i64, condition: &str) -> BTreeSet<i64> {
        let client = self.market.house.warehouse.client().await.unwrap();
        let query = [
            "select key::bigint from journal.decision_state
             where run_id = $1 and subject = 'inventory' and reason <> '' and (",
            condition,
            ")",
        ]
        .concat();
        let rows = client.query(&query, &[&run]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// What a plan would do, and why.
    async fn acts(&self, run: i64) -> Vec<String> {
        let client = self.market.house.warehouse.client().await.unwrap();
        let query = "select concat_ws(' ', action, key, reason) from journal.decision_state
                     where run_id = $1 and decision = 'act' order by decision_no";
        let rows = client.query(query, &[&run]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// What no decision names, with a reason, only buyers have changed; and no more is written than was decided.
    async fn only_what_was_planned_was_written(
        &self,
        run: i64,
        before: &[i64],
        length: usize,
    ) -> Result<(), TestCaseError> {
        let planned = self.listings(run, "decision = 'act'").await;
        let after = self.on_sale().await;
        for (place, stall) in self.stalls.iter().enumerate() {
            let (here, _) = self.bought_since(length, place);
            if stall.is_alone && !planned.contains(&stall.listing) {
                prop_assert_eq!(after[place], before[place] - here, "{:?}", stall);
            }
        }
        let puts = self.market.calls("PUT /v3/application/listings").await;
        // once, and up to three times again for what was bought meanwhile; each may be lost and sent again
        let most = u64::try_from(planned.len()).unwrap() * 8;
        prop_assert!(puts <= most, "{puts} PUTs for {} decisions", planned.len());
        Ok(())
    }

    /// When everybody rests, both sides say the same within a few runs.
    async fn comes_to_rest(&self, renews: bool) -> Result<(), TestCaseError> {
        let quiet = Round {
            minutes: 15,
            purchases: Vec::new(),
            trades: Vec::new(),
            cancels: false,
            meanwhile: Vec::new(),
            between: Vec::new(),
            fault: None,
        };
        for _ in 0..4 {
            self.market.house.clock.advance(TimeDelta::minutes(quiet.minutes));
            self.run(&quiet).await?;
        }
        let (run, planned) = self.market.house.plan().await;
        let acts = self.acts(run.id.0).await;
        prop_assert_eq!(planned.acts, 0, "it does not come to rest: {:#?}", acts);
        let waiting = self.listings(run.id.0, "decision = 'hold'").await;
        let (after, deliverable) = (self.on_sale().await, self.deliverable().await);
        let mut compared = 0;
        for (place, stall) in self.stalls.iter().enumerate() {
            if waiting.contains(&stall.listing) {
                continue;
            }
            compared += 1;
            let there = deliverable[&stall.product].clamp(0, 999);
            prop_assert!(
                after[place] <= there,
                "{} on sale, {there} there: {stall:?}",
                after[place]
            );
            if stall.is_alone && (renews || after[place] > 0) {
                prop_assert_eq!(after[place], there, "{:?}", stall);
            }
        }
        // where nobody renews them, many have sold out by now and wait for a person
        let least = if renews { self.stalls.len() / 2 } else { 0 };
        prop_assert!(compared > least, "{waiting:?} wait for a person");
        Ok(())
    }
}

/// What can be bought and has one product in Odoo.
async fn stalls(market: &Market) -> Vec<Stall> {
    let client = market.house.warehouse.client().await.unwrap();
    let rows = client
        .query(
            "select offering.listing_id, coalesce(offering.sku, ''), product.product_id,
                 count(*) over (partition by offering.listing_id) = 1
             from staging.etsy_offering as offering
             join staging.odoo_product as product
                 on product.product_key = offering.product_key and product.copies = 1
             join staging.etsy_listing as listing on listing.listing_id = offering.listing_id
             where not listing.is_digital and offering.is_enabled
             order by offering.listing_id, offering.variant_key",
            &[],
        )
        .await
        .unwrap();
    let shelves: BTreeMap<i64, Vec<String>> =
        market.listings(|_| true).await.into_iter().map(|it| (it.listing_id, it.skus)).collect();
    let mut stalls = Vec::new();
    for row in &rows {
        let (listing, sku, is_alone): (i64, String, bool) = (row.get(0), row.get(1), row.get(3));
        let Some(skus) = shelves.get(&listing) else { continue };
        let mut answers = (0..skus.len()).filter(|place| skus[*place] == sku);
        if let (Some(variant), None) = (answers.next(), answers.next()) {
            stalls.push(Stall { listing, variant, is_alone, product: row.get(2) });
        }
    }
    stalls
}

async fn live(renews: bool, rounds: &[Round]) -> Result<(), TestCaseError> {
    let simulation = Simulation::open(renews).await;
    prop_assert!(simulation.stalls.len() > 8, "{:?}", simulation.stalls);
    let house = &simulation.market.house;
    for round in rounds {
        for purchase in &round.purchases {
            simulation.buy(*purchase).await;
        }
        for trade in &round.trades {
            simulation.trade(*trade).await;
        }
        if round.cancels {
            house.pair.world.lock().await.cancel(1, house.clock.now());
        }
        house.clock.advance(TimeDelta::minutes(round.minutes));
        simulation.run(round).await?;
    }
    simulation.comes_to_rest(renews).await
}

#[test]
fn nothing_is_oversold_through_us() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the size of a test is no setting of the program"
    )]
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    let config = Config {
        cases: cases.unwrap_or(4),
        max_shrink_iters: 12,
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let worlds = (any::<bool>(), prop::collection::vec(any_round(), 4..9));
    let mut runner = if cases.is_some() {
        TestRunner::new(config)
    } else {
        let algorithm = config.rng_algorithm;
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(algorithm))
    };
    let outcome = runner.run(&worlds, |(renews, rounds)| runtime.block_on(live(renews, &rounds)));
    outcome.unwrap();
}
