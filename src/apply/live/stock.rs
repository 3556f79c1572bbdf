//! Counts, and what orders take, in a real Odoo.

use std::collections::{BTreeMap, BTreeSet};

use super::super::application::Application;
use super::super::stock::StockRow;
use super::*;
use crate::plan::CountStock;

/// The first warehouse, and where it keeps its stock.
const WAREHOUSE: i32 = 1;

impl Live {
    /// Where the first warehouse keeps its stock.
    async fn stock_location(&mut self) -> i32 {
        let transaction = self.reader.transaction().await.unwrap();
        let query = "select lot_stock_id from stock_warehouse where id = $1";
        let rows = transaction.query("find the stock", query, &[&WAREHOUSE]).await.unwrap();
        rows[0].get(0)
    }

    /// Makes goods, and gives their ids.
    async fn goods(&mut self, number: i64) -> Vec<i32> {
        let plan = self.plan((0..number).map(|one| self.product(one, false)).collect()).await;
        self.apply(plan).await;
        self.states(plan).await.iter().map(|state| state.2.unwrap()).collect()
    }

    /// Applies counts, and gives states and words.
    async fn count(&mut self, counts: &[CountStock]) -> Vec<(String, String)> {
        let actions = counts.iter().cloned().map(Action::CountStock).collect();
        let plan = self.plan(actions).await;
        self.apply(plan).await;
        self.states(plan).await.into_iter().map(|state| (state.0, state.1)).collect()
    }

    async fn stock(&mut self, products: &[i32]) -> BTreeMap<i32, StockRow> {
        let options = ApplyOptions::default();
        let application = Application::new(
            &self.warehouse,
            Sides { odoo: &self.odoo, odoo_reader: &mut self.reader, etsy: None },
            RunId(1),
            RunId(1),
            &self.clock,
            &options,
        );
        let asked: BTreeSet<i32> = products.iter().copied().collect();
        let stock = application.stock(&asked).await.unwrap();
        stock.into_iter().map(|((product, _), row)| (product, row)).collect()
    }

    async fn booked(&mut self, receipts: &[i64], products: &[i32]) -> BTreeMap<i32, Decimal> {
        let options = ApplyOptions::default();
        let application = Application::new(
            &self.warehouse,
            Sides { odoo: &self.odoo, odoo_reader: &mut self.reader, etsy: None },
            RunId(1),
            RunId(1),
            &self.clock,
            &options,
        );
        application.units_booked(receipts, &products.iter().copied().collect()).await.unwrap()
    }
}

fn count(product_id: i32, location_id: i32, seen: i64, counted: Decimal) -> CountStock {
    CountStock { product_id, location_id, seen: Decimal::from(seen), counted }
}

#[tokio::test]
#[ignore = "needs a real Odoo 18"]
async fn a_count_is_what_there_is_afterwards() {
    let mut live = Live::start().await;
    let location = live.stock_location().await;
    let goods = live.goods(40).await;
    let first: Vec<CountStock> = (5..)
        .zip(&goods)
        .map(|(number, product)| count(*product, location, 0, Decimal::new(number * 100 + 25, 2)))
        .collect();
    let begun = std::time::Instant::now();
    let states = live.count(&first).await;
    println!("{} counts in {:?}", first.len(), begun.elapsed());
    assert!(states.iter().all(|state| state.0 == "applied"), "{states:?}");
    let stock = live.stock(&goods).await;
    assert!(first.iter().all(|count| stock[&count.product_id].on_hand == count.counted));

    // down to nothing, below nothing, a service among them, what the plan did not see, and the same twice
    let service = live.plan(vec![live.product(900, true)]).await;
    live.apply(service).await;
    let service = live.states(service).await[0].2.unwrap();
    let mut second: Vec<CountStock> = first
        .iter()
        .map(|count| CountStock { seen: count.counted, counted: Decimal::ONE, ..count.clone() })
        .collect();
    second[0].counted = Decimal::ZERO;
    second[1].counted = -Decimal::TWO;
    second[2].seen = Decimal::ONE_HUNDRED;
    second.insert(10, count(service, location, 0, Decimal::TEN));
    second.insert(20, count(999_999_999, location, 0, Decimal::TEN));
    let states = live.count(&second).await;
    let in_state = |word: &str| -> Vec<usize> {
        let found = (0..).zip(&states).filter(|(_, state)| state.0 == word);
        found.map(|(place, _)| place).collect()
    };
    assert_eq!(in_state("stale"), [2], "{states:?}");
    assert_eq!(in_state("refused"), [10, 20], "{states:?}");
    assert_eq!(in_state("applied").len(), second.len() - 3, "{states:?}");
    let stock = live.stock(&goods).await;
    assert_eq!(stock[&goods[0]].on_hand, Decimal::ZERO);
    assert_eq!(stock[&goods[1]].on_hand, -Decimal::TWO);
    assert_eq!(stock[&goods[2]].on_hand, first[2].counted);
    assert_eq!(live.count(&second[..2]).await, vec![(String::from("applied"), String::new()); 2]);
}

#[tokio::test]
#[ignore = "needs a real Odoo 18"]
async fn lost_calls_count_nothing_twice() {
    let proxy = Proxy::start(&setting("ODOO_URL")).await;
    let mut live = Live::start_at(proxy.url().to_owned()).await;
    let location = live.stock_location().await;
    let goods = live.goods(60).await;
    let mut seen = 0;
    for counted in [7, 3, 12] {
        let counts: Vec<CountStock> = goods
            .iter()
            .map(|product| count(*product, location, seen, Decimal::from(counted)))
            .collect();
        let plan = live.plan(counts.iter().cloned().map(Action::CountStock).collect()).await;
        for odds in [3, 2, 0] {
            proxy.lose_one_in(odds);
            match live.try_apply(plan).await {
                Ok(applied) => println!("{counted}: {applied:?}"),
                Err(error) => println!("{counted}: {error}"),
            }
        }
        let states = live.states(plan).await;
        assert!(states.iter().all(|state| state.0 == "applied"), "{states:?}");
        let stock = live.stock(&goods).await;
        assert!(stock.values().all(|row| row.on_hand == Decimal::from(counted)), "{stock:?}");
        seen = counted;
    }
    let transaction = live.reader.transaction().await.unwrap();
    let moves = "select count(*) from stock_move where is_inventory and product_qty <> 0 and product_id = any ($1)";
    let rows = transaction.query("count the moves", moves, &[&goods]).await.unwrap();
    assert_eq!(rows[0].get::<_, i64>(0), 180);
}

#[tokio::test]
#[ignore = "needs a real Odoo 18"]
async fn what_our_orders_take_is_told_from_what_others_take() {
    let mut live = Live::start().await;
    let location = live.stock_location().await;
    let goods = live.goods(1).await;
    let states = live.count(&[count(goods[0], location, 0, Decimal::TEN)]).await;
    assert_eq!(states[0].0, "applied", "{states:?}");
    let mut actions =
        vec![live.customer(0, 233, false), live.customer(0, 233, true), live.product(1, true)];
    actions.extend((0..4).map(|number| Action::BookOrder(live.order(number))));
    // a quotation takes nothing
    let draft = BookOrder { confirm: false, ..live.order(4) };
    actions.push(Action::BookOrder(draft));
    let plan = live.plan(actions).await;
    live.apply(plan).await;
    let states = live.states(plan).await;
    assert!(states.iter().all(|state| state.0 == "applied"), "{states:?}");
    let cancelled = states[3].2.unwrap();
    let cancel = live
        .plan(vec![Action::CancelOrder(CancelOrder {
            order_id: cancelled,
            receipt_id: ReceiptId(live.base),
            seen_state: "sale".to_owned(),
        })])
        .await;
    live.apply(cancel).await;
    let row = live.stock(&goods).await[&goods[0]];
    let (ten, seven) = (Decimal::TEN, Decimal::from(7));
    assert_eq!((row.on_hand, row.free, row.forecast, row.sellable), (ten, seven, seven, seven));
    let (all, others): (Vec<i64>, Vec<i64>) =
        ((0..5).map(|number| live.base + number).collect(), vec![live.base + 77]);
    assert_eq!(live.booked(&all, &goods).await, BTreeMap::from([(goods[0], Decimal::from(3))]));
    assert_eq!(live.booked(&all[1..3], &goods).await, BTreeMap::from([(goods[0], Decimal::TWO)]));
    assert_eq!(live.booked(&others, &goods).await, BTreeMap::new());
    assert_eq!(live.booked(&all, &[]).await, BTreeMap::new());
}
