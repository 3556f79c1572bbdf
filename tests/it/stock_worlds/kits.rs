//! Kits: how they are taken apart, and how many of them their parts allow.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};
use tokio_postgres::Client;

use crate::support::{TestDatabase, finish};

const RUN: i64 = 3;
/// Products 1 to 6 are parts, and the last two of them have no stock; 7 to 12 may be kits, of what has a lower number.
const PARTS: i32 = 6;
const PRODUCTS: i32 = 12;
const WAREHOUSES: [i32; 2] = [1, 2];

/// Units, dozens, and thirds: how many of it are one of the reference unit.
const FACTORS: [&str; 3] = ["1.0", "0.08333333333333333", "3.0"];

#[derive(Debug, Clone)]
struct Line {
    component: i32,
    /// In hundredths.
    quantity: i64,
    factor: usize,
}

#[derive(Debug, Clone)]
struct Bill {
    quantity: i64,
    factor: usize,
    lines: Vec<Line>,
}

#[derive(Debug, Clone)]
struct World {
    bills: BTreeMap<i32, Bill>,
    /// On hand, reserved, incoming, outgoing, unreserved, in hundredths.
    stock: BTreeMap<(i32, i32), [i64; 5]>,
}

fn world() -> impl Strategy<Value = World> {
    let line = (
        0..100_i32,
        prop::sample::select(vec![0_i64, 25, 50, 100, 100, 200, 300, 700]),
        0..3_usize,
    )
        .prop_map(|(component, quantity, factor)| Line { component, quantity, factor });
    let bill = (
        prop::sample::select(vec![100_i64, 100, 200, 300, 500, 700]),
        0..2_usize,
        prop::collection::vec(line, 0..4),
    )
        .prop_map(|(quantity, factor, lines)| Bill { quantity, factor, lines });
    let bills = prop::collection::btree_map(PARTS + 1..=PRODUCTS, bill, 0..6);
    let quantities = (-500_i64..9000, 0_i64..2000, 0_i64..2000, 0_i64..2000, 0_i64..900)
        .prop_map(|(a, b, c, d, e)| [a, b, c, d, e]);
    let stock = prop::collection::btree_map(
        (1..=PRODUCTS, prop::sample::select(WAREHOUSES.to_vec())),
        quantities,
        0..20,
    );
    (bills, stock).prop_map(|(mut bills, stock)| {
        for (kit, bill) in &mut bills {
            for line in &mut bill.lines {
                line.component = 1 + line.component % (kit - 1);
            }
        }
        World { bills, stock }
    })
}

fn is_stocked(product: i32) -> bool {
    !(PARTS - 1..=PARTS).contains(&product)
}

/// Odoo's floats (<https://github.com/odoo/odoo/blob/18.0/odoo/tools/float_utils.py>).
#[expect(clippy::float_arithmetic, reason = "it is what is compared with")]
mod floats {
    fn epsilon(normalized: f64) -> f64 {
        if normalized == 0.0 { 0.0 } else { (normalized.abs().log2() - 52.0).exp2() }
    }

    pub(super) fn round_half_up(value: f64) -> f64 {
        let normalized = value * 100.0;
        (normalized + epsilon(normalized).copysign(normalized)).round() / 100.0
    }

    pub(super) fn round_up(value: f64) -> f64 {
        let normalized = value * 100.0;
        let less = normalized - epsilon(normalized).copysign(normalized);
        less.abs().ceil().copysign(normalized) / 100.0
    }

    pub(super) fn divide(one: f64, other: f64) -> f64 {
        one / other
    }

    pub(super) fn times(one: f64, other: f64) -> f64 {
        one * other
    }

    pub(super) fn plus(one: f64, other: f64) -> f64 {
        one + other
    }
}

fn factor(place: usize) -> f64 {
    FACTORS[place].parse().unwrap()
}

fn hundredths(number: i64) -> f64 {
    floats::divide(number.to_f64().unwrap(), 100.0)
}

/// `mrp.bom.explode` of one bill: what it takes of each part, in the part's unit.
fn explode(world: &World, kit: i32) -> BTreeMap<i32, f64> {
    let mut taken = BTreeMap::new();
    let mut waiting: Vec<(&Line, f64)> =
        world.bills[&kit].lines.iter().map(|line| (line, 1.0)).collect();
    while let Some((line, times)) = waiting.pop() {
        let quantity = floats::times(times, hundredths(line.quantity));
        if let Some(bill) = world.bills.get(&line.component) {
            let needed = floats::divide(quantity, hundredths(bill.quantity));
            let in_its_unit = if line.factor == bill.factor {
                needed
            } else {
                floats::times(floats::divide(needed, factor(line.factor)), factor(bill.factor))
            };
            let times = floats::round_up(in_its_unit);
            waiting.extend(bill.lines.iter().map(|line| (line, times)));
        } else if is_stocked(line.component) {
            let rounded = floats::round_up(quantity);
            // parts are kept in units
            let in_units = floats::divide(rounded, factor(line.factor));
            if in_units != 0.0 {
                let sum = taken.entry(line.component).or_insert(0.0);
                *sum = floats::plus(*sum, in_units);
            }
        }
    }
    taken
}

/// `_compute_quantities_dict` of a kit: on hand, free and forecast, in its own unit.
fn quantities(world: &World, kit: i32, warehouse: i32) -> [f64; 3] {
    let bill = &world.bills[&kit];
    let mut scarcest: Option<[f64; 3]> = None;
    for (part, needed) in explode(world, kit) {
        let [on_hand, reserved, incoming, outgoing, _] =
            world.stock.get(&(part, warehouse)).copied().unwrap_or_default();
        let measures = [on_hand, on_hand - reserved, on_hand + incoming - outgoing];
        let ratios = measures
            .map(|measure| floats::round_half_up(floats::divide(hundredths(measure), needed)));
        let known = scarcest.get_or_insert(ratios);
        for (least, ratio) in known.iter_mut().zip(ratios) {
            *least = least.min(ratio);
        }
    }
    let bills = scarcest.unwrap_or_default();
    // a bill by the dozen is for twelve kits, which Odoo does not count
    let unit = if bill.factor == 1 { 12.0 } else { 1.0 };
    bills.map(|bills| {
        let made = floats::round_half_up(floats::times(bills, hundredths(bill.quantity))).floor();
        floats::times(made, unit)
    })
}

async fn fill(client: &Client, world: &World) {
    let clear = "delete from snapshot.odoo_kit; delete from snapshot.odoo_stock; delete from snapshot.odoo_product; \
        delete from snapshot.odoo_product_template; delete from staging.odoo_part; delete from staging.odoo_stock";
    client.batch_execute(clear).await.unwrap();
    let products = "with made as (
            insert into snapshot.odoo_product (run_id, id, product_tmpl_id, active)
            select $1, id, id, true from unnest($2::integer[]) as id
        )
        insert into snapshot.odoo_product_template (run_id, id, name, type, is_storable, active, list_price)
        select $1, id, 'p', 'consu', id <> all ($3::integer[]), true, 1 from unnest($2::integer[]) as id";
    let all: Vec<i32> = (1..=PRODUCTS).collect();
    let loose: Vec<i32> = all.iter().copied().filter(|product| !is_stocked(*product)).collect();
    client.execute(products, &[&RUN, &all, &loose]).await.unwrap();
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    let cent = Decimal::new(1, 2);
    let statement = "insert into snapshot.odoo_kit (run_id, kit_product_id, bom_quantity, bom_factor, bom_rounding, \
        kit_factor, component_id, line_quantity, line_factor, line_rounding, component_factor, component_rounding) \
        values ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $9)";
    for (kit, bill) in &world.bills {
        let quantity = Decimal::new(bill.quantity, 2);
        let unit = decimal(FACTORS[bill.factor]);
        if bill.lines.is_empty() {
            let none: Option<Decimal> = None;
            let nobody: Option<i32> = None;
            client
                .execute(
                    statement,
                    &[&RUN, kit, &quantity, &unit, &cent, &nobody, &none, &none, &none, &none],
                )
                .await
                .unwrap();
        }
        for line in &bill.lines {
            let (needed, factor) = (Decimal::new(line.quantity, 2), decimal(FACTORS[line.factor]));
            client
                .execute(
                    statement,
                    &[
                        &RUN,
                        kit,
                        &quantity,
                        &unit,
                        &cent,
                        &Some(line.component),
                        &Some(needed),
                        &Some(factor),
                        &Some(cent),
                        &Some(Decimal::ONE),
                    ],
                )
                .await
                .unwrap();
        }
    }
    let statement = "insert into snapshot.odoo_stock (run_id, product_id, warehouse_id, on_hand, free, incoming, outgoing, \
        free_stock, unreserved_out, consigned) values ($1, $2, $3, $4, $5, $6, $7, $5, $8, 0)";
    for ((product, warehouse), numbers) in &world.stock {
        let [on_hand, reserved, incoming, outgoing, unreserved] =
            numbers.map(|number| Decimal::new(number, 2));
        let free = on_hand - reserved;
        client
            .execute(
                statement,
                &[&RUN, product, warehouse, &on_hand, &free, &incoming, &outgoing, &unreserved],
            )
            .await
            .unwrap();
    }
}

type Staged = BTreeMap<(i32, i32), ([Decimal; 4], bool)>;

async fn stage(client: &Client) -> (Staged, BTreeMap<(i32, i32), Decimal>) {
    for statement in [
        include_str!("../../../sql/stage/odoo_part.sql"),
        include_str!("../../../sql/stage/odoo_stock.sql"),
    ] {
        client.execute(statement, &[&RUN]).await.unwrap();
    }
    let stock = "select product_id, warehouse_id, on_hand, free, forecast, sellable, is_kit from staging.odoo_stock";
    let rows = client.query(stock, &[]).await.unwrap();
    let staged: Staged = rows
        .iter()
        .map(|row| {
            let numbers = [row.get(2), row.get(3), row.get(4), row.get(5)];
            ((row.get(0), row.get(1)), (numbers, row.get(6)))
        })
        .collect();
    assert_eq!(staged.len(), rows.len());
    let rows = client
        .query("select product_id, part_id, per_unit from staging.odoo_part", &[])
        .await
        .unwrap();
    let parts: BTreeMap<(i32, i32), Decimal> =
        rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect();
    assert_eq!(parts.len(), rows.len());
    (staged, parts)
}

fn check(
    world: &World,
    staged: &Staged,
    parts: &BTreeMap<(i32, i32), Decimal>,
) -> Result<(), TestCaseError> {
    for product in 1..=PRODUCTS {
        let own: BTreeMap<i32, Decimal> = parts
            .iter()
            .filter(|((of, _), _)| *of == product)
            .map(|((_, part), per_unit)| (*part, *per_unit))
            .collect();
        if !world.bills.contains_key(&product) {
            let itself = is_stocked(product).then_some((product, Decimal::ONE));
            prop_assert_eq!(own, itself.into_iter().collect());
            continue;
        }
        let exploded = explode(world, product);
        let names: BTreeSet<i32> = exploded.keys().copied().collect();
        prop_assert_eq!(own.keys().copied().collect::<BTreeSet<i32>>(), names);
        for warehouse in WAREHOUSES {
            let found = staged.get(&(product, warehouse));
            let is_there =
                exploded.keys().any(|part| world.stock.contains_key(&(*part, warehouse)));
            prop_assert_eq!(found.is_some(), is_there);
            let Some((numbers, is_kit)) = found else { continue };
            prop_assert!(is_kit);
            let as_odoo = quantities(world, product, warehouse)
                .map(|number| Decimal::from_f64(number).unwrap());
            prop_assert_eq!(&numbers[..3], &as_odoo, "kit {} in {}", product, warehouse);
            // what is sold has its parts
            for (part, per_unit) in &own {
                let stock = world.stock.get(&(*part, warehouse)).copied().unwrap_or_default();
                let sellable = Decimal::new(stock[0] - stock[1] - stock[4], 2);
                let taken = numbers[3] * per_unit;
                prop_assert!(numbers[3] <= Decimal::ZERO || taken <= sellable + Decimal::new(1, 5));
            }
        }
    }
    for ((product, warehouse), numbers) in &world.stock {
        if world.bills.contains_key(product) {
            continue;
        }
        let ([on_hand, free, forecast, sellable], is_kit) = staged[&(*product, *warehouse)];
        prop_assert!(!is_kit);
        let [all, reserved, incoming, outgoing, unreserved] =
            numbers.map(|number| Decimal::new(number, 2));
        prop_assert_eq!(on_hand, all);
        prop_assert_eq!(free, all - reserved);
        prop_assert_eq!(forecast, all + incoming - outgoing);
        prop_assert_eq!(sellable, all - reserved - unreserved);
    }
    Ok(())
}

#[test]
fn kits_have_what_odoo_says_their_parts_allow() {
    let database = finish(TestDatabase::new);
    let mut runner = TestRunner::new(Config { cases: 300, ..Config::default() });
    runner
        .run(&world(), |world| {
            let (staged, parts) = finish(async || {
                let client = database.client().await;
                fill(&client, &world).await;
                stage(&client).await
            });
            check(&world, &staged, &parts)
        })
        .unwrap();
}

#[test]
fn a_kit_that_is_a_part_of_itself_ends() {
    let database = finish(TestDatabase::new);
    let line = |component| Line { component, quantity: 100, factor: 0 };
    let bill = |lines| Bill { quantity: 100, factor: 0, lines };
    let bills = BTreeMap::from([(7, bill(vec![line(8), line(1)])), (8, bill(vec![line(7)]))]);
    let stock = BTreeMap::from([((1, 1), [500, 0, 0, 0, 0])]);
    let world = World { bills, stock };
    let (_, parts) = finish(async || {
        let client = database.client().await;
        fill(&client, &world).await;
        stage(&client).await
    });
    assert_eq!(parts[&(7, 1)], Decimal::ONE);
}
