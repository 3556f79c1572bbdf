//! Rows arrive, change and leave while pages are read. Whatever happens between two calls: nothing is missed, nothing is
//! doubled, and a gap is seen.
//!
//! The other side is a small Etsy of this test's own, that knows receipts and nothing else: what it does between two calls
//! is drawn from a seed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use chrono::{DateTime, TimeDelta, Utc};
use etsy_odoo::db::Warehouse;
use etsy_odoo::domain::{Clock, FixedClock, RunId, ShopId};
use etsy_odoo::etsy::{EtsySettings, Limiter};
use etsy_odoo::shop::{self, Shop, TokenKey, Tokens};
use etsy_odoo::snapshot::{EtsySide, Extent, take_etsy};
use etsy_odoo::stage::stage_pages;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::support::TestDatabase;
use crate::support::house::today;

const SEEDS: u64 = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Receipt {
    created: i64,
    updated: i64,
    is_cancelled: bool,
}

/// How likely each thing is after each answer, in a hundred; edits and cancellations go on as long as the dice say so.
#[derive(Debug, Clone, Copy, Default)]
struct Rates {
    buy: u8,
    edit: u8,
    cancel: u8,
    /// A receipt that Etsy's index shows late: it belongs to the middle of the window.
    late: u8,
}

#[derive(Debug)]
struct Market {
    receipts: BTreeMap<i64, Receipt>,
    dice: fastrand::Rng,
    rates: Rates,
    now: i64,
    calls: usize,
}

impl Market {
    fn new(seed: u64, size: usize, rates: Rates) -> Self {
        let mut dice = fastrand::Rng::with_seed(seed);
        let now = today().timestamp();
        let receipts = (0..size)
            .map(|index| {
                // many in the same second
                let created = now - 86_400 * 30 + i64::from(dice.u32(0..20_000)) * 120;
                let updated = created + i64::from(dice.u32(0..2_000));
                let is_cancelled = dice.u8(0..100) < 5;
                let id = 3_000_000_000 + i64::try_from(index).unwrap();
                (id, Receipt { created, updated, is_cancelled })
            })
            .collect();
        Self { receipts, dice, rates, now, calls: 0 }
    }

    fn any(&mut self) -> i64 {
        let place = self.dice.usize(0..self.receipts.len());
        *self.receipts.keys().nth(place).unwrap()
    }

    fn live(&mut self) {
        let happens = |dice: &mut fastrand::Rng, rate: u8| dice.u8(0..100) < rate;
        let next = self.receipts.keys().next_back().unwrap() + 1;
        let now = self.now;
        if happens(&mut self.dice, self.rates.buy) {
            self.receipts.insert(next, Receipt { created: now, updated: now, is_cancelled: false });
        }
        if happens(&mut self.dice, self.rates.late) {
            let created = now - i64::from(self.dice.u32(3_600..86_400 * 20));
            self.receipts.insert(next + 1, Receipt { created, updated: now, is_cancelled: false });
        }
        while happens(&mut self.dice, self.rates.edit) {
            let id = self.any();
            self.receipts.get_mut(&id).unwrap().updated = now;
        }
        while happens(&mut self.dice, self.rates.cancel) {
            let id = self.any();
            let moves_time = self.dice.bool();
            let receipt = self.receipts.get_mut(&id).unwrap();
            receipt.is_cancelled = true;
            if moves_time {
                receipt.updated = now;
            }
        }
    }

    fn page(&mut self, asked: &BTreeMap<String, String>) -> Value {
        self.calls += 1;
        let number = |name: &str| asked.get(name).map(|text| text.parse::<i64>().unwrap());
        let is = |name: &str, word: &str| asked.get(name).is_some_and(|text| text == word);
        let within = |moment: i64, from: Option<i64>, until: Option<i64>| {
            from.is_none_or(|from| from <= moment) && until.is_none_or(|until| moment <= until)
        };
        let by_update = is("sort_on", "updated");
        let mut found: Vec<(i64, Receipt)> = self
            .receipts
            .iter()
            .filter(|(_, receipt)| receipt.is_cancelled == is("was_canceled", "true"))
            .filter(|(_, receipt)| {
                within(receipt.created, number("min_created"), number("max_created"))
                    && within(
                        receipt.updated,
                        number("min_last_modified"),
                        number("max_last_modified"),
                    )
            })
            .map(|(id, receipt)| (*id, *receipt))
            .collect();
        found.sort_by_key(|(id, receipt)| {
            (if by_update { receipt.updated } else { receipt.created }, *id)
        });
        if is("sort_order", "desc") {
            found.reverse();
        }
        let (offset, limit) = (number("offset").unwrap(), number("limit").unwrap());
        assert!(offset <= 12_000 && limit <= 100, "Etsy would refuse this");
        let rows: Vec<Value> = found
            .iter()
            .skip(usize::try_from(offset).unwrap())
            .take(usize::try_from(limit).unwrap())
            .map(|(id, receipt)| wire(*id, receipt))
            .collect();
        let answer = json!({ "count": found.len(), "results": rows });
        self.live();
        answer
    }
}

fn wire(id: i64, receipt: &Receipt) -> Value {
    let money = json!({ "amount": 1000, "divisor": 100, "currency_code": "USD" });
    let nothing = json!({ "amount": 0, "divisor": 100, "currency_code": "USD" });
    let line = json!({
        "transaction_id": id + 1_000_000_000, "title": "Thing", "receipt_id": id, "listing_id": 7, "product_id": 8,
        "sku": "SKU", "quantity": 1, "price": money, "shipping_cost": nothing, "variations": [], "is_digital": false
    });
    let row = json!({
        "receipt_id": id, "buyer_user_id": id % 97 + 1, "name": "A Buyer", "first_line": "1 Street", "city": "Town",
        "country_iso": "DE", "status": if receipt.is_cancelled { "canceled" } else { "paid" },
        "is_paid": true, "is_shipped": false, "created_timestamp": receipt.created,
        "updated_timestamp": receipt.updated, "shipments": [], "refunds": [], "transactions": [line]
    });
    let amounts = json!({
        "grandtotal": money, "subtotal": money, "total_price": money, "total_shipping_cost": nothing,
        "total_tax_cost": nothing, "total_vat_cost": nothing, "discount_amt": nothing, "gift_wrap_price": nothing
    });
    let (Value::Object(mut row), Value::Object(amounts)) = (row, amounts) else { unreachable!() };
    row.extend(amounts);
    Value::Object(row)
}

type Shared = Arc<Mutex<Market>>;

async fn receipts(
    State(market): State<Shared>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Json<Value> {
    Json(market.lock().unwrap().page(&asked))
}

async fn receipt(State(market): State<Shared>, Path((_, id)): Path<(i64, i64)>) -> Json<Value> {
    let market = market.lock().unwrap();
    Json(wire(id, market.receipts.get(&id).unwrap()))
}

async fn shop_body(Path(id): Path<i64>) -> Json<Value> {
    let opened = (today() - TimeDelta::days(40)).timestamp();
    Json(json!({
        "shop_id": id, "user_id": 1, "shop_name": "Market", "currency_code": "USD",
        "create_date": opened, "created_timestamp": opened
    }))
}

async fn nothing() -> Json<Value> {
    Json(json!({ "count": 0, "results": [] }))
}

/// A market that answers, and the way to it.
struct Stand {
    market: Shared,
    etsy: EtsySide,
    shop: Shop,
    clock: Arc<FixedClock>,
    _server: JoinSet<()>,
}

async fn stand(database: &TestDatabase, number: i64, market: Market) -> Stand {
    let market = Arc::new(Mutex::new(market));
    let shops = "/v3/application/shops/{shop}";
    let router = Router::new()
        .route(&format!("{shops}/receipts"), get(receipts))
        .route(&format!("{shops}/receipts/{{id}}"), get(receipt))
        .route(shops, get(shop_body))
        .fallback(nothing)
        .with_state(Arc::clone(&market));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut server = JoinSet::new();
    server.spawn(async move { axum::serve(listener, router).await.unwrap() });
    let settings = EtsySettings {
        api_url: format!("http://{address}/v3"),
        calls_per_second: 10_000,
        calls_per_day: 1_000_000,
        clock_tolerance: None,
        ..EtsySettings::new("key".into(), "secret".into())
    };
    let clock = Arc::new(FixedClock::at(today()));
    let key = TokenKey::from_hex(&TokenKey::generate_hex()).unwrap();
    let warehouse = Warehouse::connect(database.config()).await.unwrap();
    let id = ShopId(number);
    let name = format!("market{number}");
    shop::add(&warehouse, &name, id, today()).await.unwrap();
    let tokens = Tokens {
        access: "1.access".into(),
        refresh: "1.refresh".into(),
        access_expires_at: today() + TimeDelta::days(365),
    };
    shop::store_tokens(&warehouse, &key, id, &tokens, today()).await.unwrap();
    let shared: Arc<dyn Clock> = Arc::<FixedClock>::clone(&clock);
    let limiter = Arc::new(Limiter::in_memory(settings.ceilings(), today()));
    let etsy = EtsySide::new(&settings, key, limiter, shared).unwrap();
    let shop = shop::find(&warehouse, &name).await.unwrap();
    Stand { market, etsy, shop, clock, _server: server }
}

impl Stand {
    async fn run(&self, warehouse: &Warehouse, run: i64) {
        let clock = self.clock.as_ref();
        let run = RunId(run);
        take_etsy(warehouse, &self.etsy, run, &self.shop, Extent::default(), clock).await.unwrap();
        stage_pages(warehouse, run, &[self.shop.id]).await.unwrap();
    }

    fn calm(&self) {
        let mut market = self.market.lock().unwrap();
        market.rates = Rates::default();
        market.now += 3_600;
        self.clock.advance(TimeDelta::hours(1));
    }
}

async fn kept(database: &TestDatabase, shop: ShopId) -> BTreeMap<i64, Receipt> {
    database
        .client()
        .await
        .query(
            "select receipt_id, created_at, updated_at, is_cancelled from staging.etsy_receipt where shop_id = $1",
            &[&shop.0],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| {
            let moment = |name: &str| row.get::<_, DateTime<Utc>>(name).timestamp();
            let receipt = Receipt {
                created: moment("created_at"),
                updated: moment("updated_at"),
                is_cancelled: row.get("is_cancelled"),
            };
            (row.get("receipt_id"), receipt)
        })
        .collect()
}

/// Whatever the market does while it is read the first time: after one more run, with the market at rest, what is kept is
/// what there is, each receipt once and in its last state.
#[tokio::test]
async fn nothing_is_missed_or_doubled_while_the_market_goes_on() {
    let database = TestDatabase::new().await;
    let warehouse = Warehouse::connect(database.config()).await.unwrap();
    let mut gaps_seen = 0;
    for seed in 0..SEEDS {
        let mut dice = fastrand::Rng::with_seed(seed);
        let rates = Rates {
            buy: dice.u8(0..30),
            edit: dice.u8(0..60),
            cancel: dice.u8(0..60),
            late: if dice.bool() { dice.u8(0..10) } else { 0 },
        };
        let size = dice.usize(1..900);
        let number = 1_000 + i64::try_from(seed).unwrap();
        let stand = stand(&database, number, Market::new(seed, size, rates)).await;
        stand.run(&warehouse, 1).await;
        stand.calm();
        stand.run(&warehouse, 2).await;
        let wanted = stand.market.lock().unwrap().receipts.clone();
        let kept = kept(&database, stand.shop.id).await;
        for (id, receipt) in &wanted {
            // a cancellation that moves no time of change is known as one, whatever else is known of the receipt
            assert_eq!(kept.get(id), Some(receipt), "seed {seed}, receipt {id}, {rates:?}");
        }
        assert_eq!(kept.len(), wanted.len(), "seed {seed}");
        let moved: i64 = database
            .client()
            .await
            .query_one(
                "select coalesce(sum(moved), 0) from snapshot.etsy_window where shop_id = $1",
                &[&number],
            )
            .await
            .unwrap()
            .get(0);
        gaps_seen += moved;
    }
    assert!(gaps_seen > 10, "the market moved under the reader, and it was seen: {gaps_seen}");
}

/// More than offsets can reach: the window is halved, and hardly a call is wasted.
#[tokio::test]
async fn a_window_beyond_the_offset_ceiling_is_halved() {
    let database = TestDatabase::new().await;
    let warehouse = Warehouse::connect(database.config()).await.unwrap();
    let market = Market::new(7, 20_000, Rates::default());
    let stand = stand(&database, 77, market).await;
    stand.run(&warehouse, 1).await;
    let (there, calls) = {
        let market = stand.market.lock().unwrap();
        (market.receipts.clone(), market.calls)
    };
    assert_eq!(kept(&database, stand.shop.id).await.len(), there.len());
    let pages = |is_cancelled: bool| {
        there.values().filter(|receipt| receipt.is_cancelled == is_cancelled).count().div_ceil(100)
    };
    let floor = pages(false) + pages(true);
    assert!(calls * 100 <= floor * 103, "{calls} calls where {floor} would do");
}
