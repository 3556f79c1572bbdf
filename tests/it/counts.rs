//! Counts of stock in the simulated Odoo: a quantity becomes what was counted, once, whatever is lost on the way.

#![expect(
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it stands"
)]

use std::time::Duration;

use etsy_odoo::apply::{Applied, ApplyError, ApplyOptions, Sides, apply};
use etsy_odoo::domain::{Clock as _, OutcomeKind, RunId, ShopId, Subject, Verdict};
use etsy_odoo::journal::{Command, record_decisions};
use etsy_odoo::plan::{Action, Choice, CountStock, Decision};
use etsy_odoo::sandbox::faults::FaultRule;
use rust_decimal::Decimal;

use crate::faults::every_fault;
use crate::support::House;

/// WH/Stock of the simulated Odoo.
const STOCK: i32 = 8;

/// A house, and some of its stocked products with what lies of them.
async fn house() -> (House, Vec<(i32, Decimal)>) {
    let house = House::new(4, 20, 1, 23).await;
    let rows = house
        .odoo_database
        .client()
        .await
        .query(
            "select product_id, sum(quantity) from stock_quant where location_id = 8 group by product_id order by product_id",
            &[],
        )
        .await
        .unwrap();
    let stock: Vec<(i32, Decimal)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert!(stock.len() >= 10, "{stock:?}");
    (house, stock)
}

fn count(product_id: i32, seen: Decimal, counted: Decimal) -> CountStock {
    CountStock { product_id, location_id: STOCK, seen, counted }
}

/// One more than there was, for each.
fn one_more(stock: &[(i32, Decimal)]) -> Vec<CountStock> {
    stock.iter().map(|(product, seen)| count(*product, *seen, *seen + Decimal::ONE)).collect()
}

async fn plan(house: &House, counts: &[CountStock]) -> RunId {
    let decisions: Vec<Decision> = (1..)
        .zip(counts)
        .map(|(number, count): (i32, _)| Decision {
            shop: ShopId(house_shop(house)),
            subject: Subject::Inventory,
            key: number.to_string(),
            verdict: Verdict::Differs,
            choice: Choice::Act(Box::new(Action::CountStock(count.clone()))),
            reason: "it is counted".to_owned(),
            before: None,
            amount: None,
            currency: None,
        })
        .collect();
    let run = house.begin(Command::Plan).await.id;
    let refuse = std::convert::identity;
    record_decisions(&house.warehouse, run, refuse, async |book| book.add(&decisions).await)
        .await
        .unwrap();
    run
}

fn house_shop(house: &House) -> i64 {
    house.pair.world.try_lock().unwrap().shops()[0].shop_id.0
}

async fn try_apply(house: &House, plan: RunId) -> Result<Applied, ApplyError> {
    let (mut reader, writer) = (house.reader().await, house.writer().await);
    let hasty = ApplyOptions { pause: Duration::from_millis(5), ..ApplyOptions::default() };
    let clock = house.clock.as_ref();
    apply(
        &house.warehouse,
        Sides { odoo: &writer, odoo_reader: &mut reader, etsy: None },
        plan,
        plan,
        clock,
        &hasty,
    )
    .await
}

async fn quantity(house: &House, product: i32) -> Decimal {
    let query = "select coalesce(sum(quantity), 0) from stock_quant where location_id = 8 and product_id = $1";
    house.odoo_database.client().await.query_one(query, &[&product]).await.unwrap().get(0)
}

/// State and words of each decision, in order.
async fn states(house: &House, plan: RunId) -> Vec<(String, String)> {
    let query = "select state, coalesce(said, '') from journal.decision_state where run_id = $1 order by decision_no";
    let rows = house.ours.client().await.query(query, &[&plan.0]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// How many moves counts have made.
async fn moves(house: &House) -> i64 {
    let query = "select count(*) from stock_move where is_inventory";
    house.odoo_database.client().await.query_one(query, &[]).await.unwrap().get(0)
}

async fn entered(house: &House) -> i64 {
    let query = "select count(*) from stock_quant where inventory_quantity_set";
    house.odoo_database.client().await.query_one(query, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_becomes_what_was_counted_and_a_second_application_does_nothing() {
    let (house, stock) = house().await;
    let mut counts = one_more(&stock);
    // nothing is left of one, and of another there was nothing
    counts[0].counted = Decimal::ZERO;
    house
        .odoo_database
        .client()
        .await
        .execute("delete from stock_quant where product_id = $1", &[&stock[1].0])
        .await
        .unwrap();
    counts[1].seen = Decimal::ZERO;
    counts[2].counted = Decimal::new(125, 1);
    // and one is as counted already
    counts[3].counted = counts[3].seen;
    let plan = plan(&house, &counts).await;
    let applied = try_apply(&house, plan).await.unwrap();
    let all = i64::try_from(counts.len()).unwrap();
    assert_eq!(applied.count(OutcomeKind::Applied), all, "{:?}", states(&house, plan).await);
    for count in &counts {
        assert_eq!(quantity(&house, count.product_id).await, count.counted);
    }
    assert_eq!(moves(&house).await, all - 1);
    try_apply(&house, plan).await.unwrap();
    assert_eq!((moves(&house).await, entered(&house).await), (all - 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moved_since_the_plan_is_left_as_it_is() {
    let (house, stock) = house().await;
    let client = house.odoo_database.client().await;
    let sold = "update stock_quant set quantity = quantity - 1 where product_id = $1";
    client.execute(sold, &[&stock[0].0]).await.unwrap();
    // somebody is counting it at the shelf
    let counting = "update stock_quant set inventory_quantity_set = true, inventory_quantity = 99, \
        inventory_diff_quantity = 99 - quantity where product_id = $1";
    client.execute(counting, &[&stock[1].0]).await.unwrap();
    let double = "insert into stock_quant (product_id, location_id, quantity, reserved_quantity, in_date) \
        values ($1, 8, 0, 0, now())";
    client.execute(double, &[&stock[2].0]).await.unwrap();
    let plan = plan(&house, &one_more(&stock)).await;
    try_apply(&house, plan).await.unwrap();
    let states = states(&house, plan).await;
    let words: Vec<&str> = states.iter().take(3).map(|(_, words)| words.as_str()).collect();
    assert!(words[0].ends_with(&format!("the plan saw {}", stock[0].1.normalize())), "{words:?}");
    assert_eq!(words[1], "somebody is counting it in Odoo");
    assert!(words[2].starts_with("it is there in 2 quants"), "{words:?}");
    assert!(states[..3].iter().all(|(state, _)| state == "stale"), "{states:?}");
    assert!(states[3..].iter().all(|(state, _)| state == "applied"), "{states:?}");
    for (product, before) in &stock[1..3] {
        assert_eq!(quantity(&house, *product).await, *before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_that_odoo_refuses_stands_alone() {
    let (house, stock) = house().await;
    let client = house.odoo_database.client().await;
    let service = "select id from product_product where default_code = 'SHOP-WRAP'";
    let service: i32 = client.query_one(service, &[]).await.unwrap().get(0);
    let mut counts = one_more(&stock);
    counts.insert(4, count(service, Decimal::ZERO, Decimal::TEN));
    counts.insert(7, count(99_999_999, Decimal::ZERO, Decimal::TEN));
    counts.push(counts[0].clone());
    let plan = plan(&house, &counts).await;
    try_apply(&house, plan).await.unwrap();
    let states = states(&house, plan).await;
    let refused: Vec<usize> = (0..)
        .zip(&states)
        .filter(|(_, (state, _))| state == "refused")
        .map(|(place, _)| place)
        .collect();
    assert_eq!(refused, [4, 7, counts.len() - 1], "{states:?}");
    assert!(states[4].1.contains("Quants cannot be created"), "{states:?}");
    assert_eq!(states[counts.len() - 1].1, "the plan counts it twice");
    assert_eq!(states.iter().filter(|(state, _)| state == "applied").count(), stock.len());
    for (product, before) in &stock {
        assert_eq!(quantity(&house, *product).await, *before + Decimal::ONE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn odoo_may_fail_at_any_call_of_a_count() {
    let (house, mut stock) = house().await;
    let faults = house.pair.options.odoo.faults.clone();
    let mut struck = 0;
    for nth in 1..=4 {
        for fault in every_fault() {
            let round = format!("call {nth}, {fault:?}");
            let plan = plan(&house, &one_more(&stock)).await;
            let before = faults.struck();
            // the first call of a connection is its login
            faults.replace(vec![FaultRule::nth("", nth, fault)]);
            let (mut reader, writer) = (house.reader().await, {
                let settings = house.odoo_settings();
                etsy_odoo::odoo::OdooWriter::connect(&settings).await
            });
            if let Ok(writer) = writer {
                let hasty =
                    ApplyOptions { pause: Duration::from_millis(5), ..ApplyOptions::default() };
                let clock = house.clock.as_ref();
                apply(
                    &house.warehouse,
                    Sides { odoo: &writer, odoo_reader: &mut reader, etsy: None },
                    plan,
                    plan,
                    clock,
                    &hasty,
                )
                .await
                .ok();
            }
            struck += faults.struck() - before;
            faults.replace(Vec::new());
            try_apply(&house, plan).await.unwrap();
            let states = states(&house, plan).await;
            assert!(states.iter().all(|(state, _)| state == "applied"), "{round}: {states:?}");
            for (product, quantity_before) in &mut stock {
                *quantity_before += Decimal::ONE;
                assert_eq!(quantity(&house, *product).await, *quantity_before, "{round}");
            }
            assert_eq!(entered(&house).await, 0, "{round}");
        }
    }
    assert!(struck > 12, "only {struck} calls were struck");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_may_not_count_ends_the_application_with_the_group() {
    let (house, stock) = house().await;
    house
        .odoo_database
        .client()
        .await
        .batch_execute(
            "delete from res_groups_users_rel where gid in (select res_id from ir_model_data
                 where model = 'res.groups' and module = 'stock')",
        )
        .await
        .unwrap();
    let plan = plan(&house, &one_more(&stock)).await;
    let error = try_apply(&house, plan).await.unwrap_err();
    let advice = error.advice();
    let hint = format!("{advice:?}");
    assert!(hint.contains("Inventory/User"), "{hint}");
    assert!(house.clock.now() > chrono::DateTime::UNIX_EPOCH);
}
