//! What products have in warehouses: quants, reservations and open moves between any two places.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rust_decimal::Decimal;
use tokio_postgres::Transaction;

use crate::support::{House, finish};

/// A place, the one above it, and what it is for.
struct Place {
    id: i32,
    above: Option<usize>,
    usage: &'static str,
    is_scrap: bool,
    is_active: bool,
}

const fn place(id: i32, above: Option<usize>, usage: &'static str) -> Place {
    Place { id, above, usage, is_scrap: false, is_active: true }
}

/// Two warehouses in use, one that is archived, and places outside of all. Ids that are a prefix of one another are kept
/// apart by the paths only.
const PLACES: [Place; 17] = [
    place(900, None, "view"),
    place(9001, Some(0), "internal"),
    place(9002, Some(1), "internal"),
    place(9003, Some(2), "internal"),
    place(9004, Some(0), "internal"),
    Place { is_scrap: true, ..place(9005, Some(0), "inventory") },
    Place { is_scrap: true, ..place(9006, Some(1), "internal") },
    Place { is_active: false, ..place(9007, Some(1), "internal") },
    place(9008, Some(0), "transit"),
    place(901, None, "view"),
    place(9011, Some(9), "internal"),
    place(9012, Some(9), "internal"),
    place(90, None, "customer"),
    place(91, None, "supplier"),
    place(92, None, "transit"),
    place(902, None, "view"),
    place(9021, Some(15), "internal"),
];

/// Id, the place that is the whole of it, the place of its stock, whether it is in use.
const WAREHOUSES: [(i32, usize, usize, bool); 3] =
    [(71, 0, 1, true), (72, 9, 10, true), (73, 15, 16, false)];

const STATES: [&str; 7] =
    ["draft", "waiting", "confirmed", "partially_available", "assigned", "done", "cancel"];

const PRODUCTS: i32 = 4;

#[derive(Debug, Clone)]
struct Quant {
    product: i32,
    at: usize,
    quantity: i64,
    reserved: i64,
    is_consigned: bool,
}

#[derive(Debug, Clone)]
struct Move {
    product: i32,
    from: usize,
    to: usize,
    in_the_end: Option<usize>,
    state: usize,
    quantity: i64,
    reserved: Vec<i64>,
}

fn quants() -> impl Strategy<Value = Vec<Quant>> {
    let quant = (0..PRODUCTS, 0..PLACES.len(), -900_i64..5000, 0_i64..900, any::<bool>()).prop_map(
        |(product, at, quantity, reserved, is_consigned)| Quant {
            product,
            at,
            quantity,
            reserved,
            is_consigned,
        },
    );
    prop::collection::vec(quant, 0..25)
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (
        0..PRODUCTS,
        0..PLACES.len(),
        0..PLACES.len(),
        prop::option::of(0..PLACES.len()),
        0..STATES.len(),
        0_i64..3000,
        prop::collection::vec(0_i64..900, 0..3),
    )
        .prop_map(|(product, from, to, in_the_end, state, quantity, reserved)| Move {
            product,
            from,
            to,
            in_the_end,
            state,
            quantity,
            reserved,
        });
    prop::collection::vec(one, 0..25)
}

/// On hand, free, incoming, outgoing, free in the stock, demand that is not reserved, consigned.
type Row = [i64; 7];

fn is_below(mut at: usize, above: usize) -> bool {
    loop {
        if at == above {
            return true;
        }
        let Some(next) = PLACES[at].above else { return false };
        at = next;
    }
}

fn warehouse_of(at: usize) -> Option<(i32, usize)> {
    WAREHOUSES
        .iter()
        .find(|(_, whole, _, in_use)| *in_use && is_below(at, *whole))
        .map(|(id, _, stock, _)| (*id, *stock))
}

fn expected(quants: &[Quant], moves: &[Move]) -> BTreeMap<(i32, i32), Row> {
    let mut rows: BTreeMap<(i32, i32), Row> = BTreeMap::new();
    for quant in quants {
        let Some((warehouse, stock)) = warehouse_of(quant.at) else { continue };
        let row = rows.entry((quant.product, warehouse)).or_default();
        row[0] += quant.quantity;
        row[1] += quant.quantity - quant.reserved;
        let place = &PLACES[quant.at];
        if place.usage == "internal"
            && place.is_active
            && !place.is_scrap
            && is_below(quant.at, stock)
        {
            row[4] += quant.quantity - quant.reserved;
        }
        if quant.is_consigned {
            row[6] += quant.quantity;
        }
    }
    for one in moves {
        if !(1..=4).contains(&one.state) {
            continue;
        }
        let target = one.in_the_end.unwrap_or(one.to);
        let (leaves, enters) = (warehouse_of(one.from), warehouse_of(target));
        let passes = leaves.map(|known| known.0) != enters.map(|known| known.0);
        if let Some((warehouse, _)) = enters
            && passes
        {
            rows.entry((one.product, warehouse)).or_default()[2] += one.quantity;
        }
        if let Some((warehouse, stock)) = leaves {
            let leaves_stock = is_below(one.from, stock) && !is_below(target, stock);
            if passes || leaves_stock {
                let row = rows.entry((one.product, warehouse)).or_default();
                row[3] += if passes { one.quantity } else { 0 };
                let reserved: i64 = one.reserved.iter().sum();
                row[5] += if leaves_stock { one.quantity - reserved } else { 0 };
            }
        }
    }
    rows
}

async fn lay_out(transaction: &Transaction<'_>) {
    let clear = "delete from stock_move_line; delete from stock_move; delete from stock_quant; \
        update stock_warehouse set active = false";
    transaction.batch_execute(clear).await.unwrap();
    let mut paths: Vec<String> = Vec::new();
    for place in &PLACES {
        let above = place.above.map(|above| paths[above].clone()).unwrap_or_default();
        paths.push(format!("{above}{}/", place.id));
        let parent = place.above.map(|above| PLACES[above].id);
        let statement = "insert into stock_location (id, location_id, name, usage, parent_path, scrap_location, active) \
            values ($1, $2, $3, $4, $5, $6, $7)";
        let path = paths.last().unwrap();
        let name = place.id.to_string();
        transaction
            .execute(
                statement,
                &[&place.id, &parent, &name, &place.usage, path, &place.is_scrap, &place.is_active],
            )
            .await
            .unwrap();
    }
    for (id, whole, stock, in_use) in WAREHOUSES {
        let statement = "insert into stock_warehouse (id, company_id, view_location_id, lot_stock_id, name, code, \
            reception_steps, delivery_steps, active) values ($1, 1, $2, $3, $4, $4, 'one_step', 'ship_only', $5)";
        let code = format!("W{id}");
        transaction
            .execute(statement, &[&id, &PLACES[whole].id, &PLACES[stock].id, &code, &in_use])
            .await
            .unwrap();
    }
}

/// Hundredths as Postgres keeps them.
fn hundredths(number: i64) -> Decimal {
    Decimal::new(number, 2)
}

async fn fill(transaction: &Transaction<'_>, products: &[i32], quants: &[Quant], moves: &[Move]) {
    for quant in quants {
        let product = products[usize::try_from(quant.product).unwrap()];
        let owner = quant.is_consigned.then_some(1_i32);
        let statement = "insert into stock_quant (product_id, location_id, owner_id, quantity, reserved_quantity, in_date) \
            values ($1, $2, $3, $4, $5, now())";
        let (quantity, reserved) = (hundredths(quant.quantity), hundredths(quant.reserved));
        transaction
            .execute(statement, &[&product, &PLACES[quant.at].id, &owner, &quantity, &reserved])
            .await
            .unwrap();
    }
    for one in moves {
        let product = products[usize::try_from(one.product).unwrap()];
        let statement = "insert into stock_move (company_id, product_id, product_uom, location_id, location_dest_id, \
            location_final_id, name, state, procure_method, product_qty, product_uom_qty, date) \
            values (1, $1, 1, $2, $3, $4, 'moved', $5, 'make_to_stock', $6, $6, now()) returning id";
        let in_the_end = one.in_the_end.map(|at| PLACES[at].id);
        let quantity = hundredths(one.quantity);
        let row = transaction
            .query_one(
                statement,
                &[
                    &product,
                    &PLACES[one.from].id,
                    &PLACES[one.to].id,
                    &in_the_end,
                    &STATES[one.state],
                    &quantity,
                ],
            )
            .await
            .unwrap();
        let id: i32 = row.get(0);
        for reserved in &one.reserved {
            let statement = "insert into stock_move_line (move_id, company_id, product_id, product_uom_id, location_id, \
                location_dest_id, quantity, quantity_product_uom, date) values ($1, 1, $2, 1, $3, $4, $5, $5, now())";
            let reserved = hundredths(*reserved);
            transaction
                .execute(
                    statement,
                    &[&id, &product, &PLACES[one.from].id, &PLACES[one.to].id, &reserved],
                )
                .await
                .unwrap();
        }
    }
}

#[test]
fn stock_is_added_up_as_one_would_by_hand() {
    let house = finish(async || House::new(2, 8, 1, 31).await);
    let mut runner = TestRunner::new(Config { cases: 60, ..Config::default() });
    runner
        .run(&(quants(), moves()), |(quants, moves)| {
            let (all, some) = finish(async || {
                let mut client = house.odoo_database.client().await;
                let transaction = client.transaction().await.unwrap();
                let query = "select variant.id from product_product as variant order by id limit 4";
                let rows = transaction.query(query, &[]).await.unwrap();
                let products: Vec<i32> = rows.iter().map(|row| row.get(0)).collect();
                lay_out(&transaction).await;
                fill(&transaction, &products, &quants, &moves).await;
                let place = |product: i32| {
                    let place = products.iter().position(|known| *known == product).unwrap();
                    i32::try_from(place).unwrap()
                };
                let stock = include_str!("../../../sql/odoo/stock.sql");
                let rows = transaction.query(stock, &[]).await.unwrap();
                let mut all = BTreeMap::new();
                for row in &rows {
                    let number = |name: &str| row.get::<_, Decimal>(name);
                    let measures = [
                        "on_hand",
                        "free",
                        "incoming",
                        "outgoing",
                        "free_stock",
                        "unreserved_out",
                        "consigned",
                    ];
                    let key = (place(row.get("product_id")), row.get::<_, i32>("warehouse_id"));
                    assert_eq!(all.insert(key, measures.map(number)), None);
                }
                // the same query, as the application of a plan asks for some products
                let again = concat!(
                    "with stock as (\n",
                    include_str!("../../../sql/odoo/stock.sql"),
                    ")\n",
                    include_str!("../../../sql/apply/stock.sql")
                );
                let asked: Vec<i32> = products.iter().copied().step_by(2).collect();
                let rows = transaction.query(again, &[&asked]).await.unwrap();
                let some: BTreeMap<(i32, i32), [Decimal; 4]> = rows
                    .iter()
                    .map(|row| {
                        let number = |name: &str| row.get::<_, Decimal>(name);
                        let key = (place(row.get("product_id")), row.get("warehouse_id"));
                        (key, ["on_hand", "free", "forecast", "sellable"].map(number))
                    })
                    .collect();
                transaction.rollback().await.unwrap();
                (all, some)
            });
            let expected: BTreeMap<(i32, i32), [Decimal; 7]> = expected(&quants, &moves)
                .into_iter()
                .map(|(key, row)| (key, row.map(hundredths)))
                .collect();
            prop_assert_eq!(&all, &expected);
            let promised: BTreeMap<(i32, i32), [Decimal; 4]> = expected
                .iter()
                .filter(|((product, _), _)| product % 2 == 0)
                .map(|(key, row)| {
                    (*key, [row[0], row[1], row[0] + row[2] - row[3], row[4] - row[5]])
                })
                .collect();
            prop_assert_eq!(some, promised);
            Ok(())
        })
        .unwrap();
}
