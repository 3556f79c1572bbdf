//! Products in all the situations that a warehouse brings them into.

use fastrand::Rng;
use serde_json::{Value, json};

use super::rpc::Administrator;

/// Places and kinds of transfers that the situations need.
pub(super) struct Places {
    /// The one-step warehouse, another, pick and ship, pick, pack and ship, one that does not reserve, another company's.
    pub(super) warehouses: [i64; 6],
    /// Where each of them keeps its stock.
    pub(super) stocks: [i64; 6],
    /// Within the first.
    bins: [i64; 2],
    quarantine: i64,
    scraps: [i64; 2],
    transit: i64,
    suppliers: i64,
    customers: i64,
    receipts: i64,
    transfers: i64,
}

async fn warehouse(odoo: &Administrator, code: &str, values: Value) -> i64 {
    let mut values = values;
    values["name"] = json!(format!("Warehouse {code}"));
    values["code"] = json!(code);
    odoo.make("stock.warehouse", values).await
}

pub(super) async fn places(odoo: &mut Administrator) -> Places {
    let company = odoo.make("res.company", json!({"name": "Second Co."})).await;
    let user = odoo.search("res.users", json!([["login", "=", "admin"]])).await[0];
    odoo.execute("res.users", "write", json!([[user], {"company_ids": [[4, company]]}])).await;
    odoo.works_for(company);
    let second = warehouse(odoo, "TWO", json!({})).await;
    let steps = warehouse(odoo, "PS", json!({"delivery_steps": "pick_ship"})).await;
    let more_steps = warehouse(
        odoo,
        "PPS",
        json!({"delivery_steps": "pick_pack_ship", "reception_steps": "two_steps"}),
    )
    .await;
    let manual = warehouse(odoo, "MAN", json!({})).await;
    let out = odoo.field("stock.warehouse", &[manual], "out_type_id").await[0].clone();
    odoo.execute("stock.picking.type", "write", json!([[out], {"reservation_method": "manual"}]))
        .await;
    let known = odoo.search("stock.warehouse", json!([["company_id", "=", company]])).await;
    let theirs = match known.first() {
        Some(theirs) => *theirs,
        None => warehouse(odoo, "OTH", json!({"company_id": company})).await,
    };
    let warehouses = [1, second, steps, more_steps, manual, theirs];
    let ids = |values: Vec<Value>| -> Vec<i64> {
        values.iter().map(|value| value.as_i64().unwrap()).collect()
    };
    let stocks = ids(odoo.field("stock.warehouse", &warehouses, "lot_stock_id").await);
    let views = ids(odoo.field("stock.warehouse", &warehouses, "view_location_id").await);
    let location = |name: &str, parent: i64, usage: &str, scrap: bool| json!({"name": name, "location_id": parent, "usage": usage, "scrap_location": scrap});
    let made = odoo
        .create(
            "stock.location",
            &[
                location("Bin A", stocks[0], "internal", false),
                location("Bin B", stocks[0], "internal", false),
                location("Quarantine", views[0], "internal", false),
                location("Scrap in the yard", views[0], "inventory", true),
                location("Scrap on the shelf", stocks[0], "inventory", true),
                location("On the road", views[0], "transit", false),
            ],
        )
        .await;
    let usage = async |usage: &str| {
        odoo.search("stock.location", json!([["usage", "=", usage], ["location_id", "!=", false]]))
            .await[0]
    };
    let kinds = |field: &'static str| odoo.field("stock.warehouse", &warehouses[..1], field);
    Places {
        warehouses,
        stocks: stocks.try_into().unwrap(),
        bins: [made[0], made[1]],
        quarantine: made[2],
        scraps: [made[3], made[4]],
        transit: made[5],
        suppliers: usage("supplier").await,
        customers: usage("customer").await,
        receipts: ids(kinds("in_type_id").await)[0],
        transfers: ids(kinds("int_type_id").await)[0],
    }
}

/// A number of hundredths, as JSON writes it.
pub(super) fn hundredths(number: u32) -> f64 {
    format!("{}.{:02}", number / 100, number % 100).parse().unwrap()
}

/// A quantity of two decimals at most, mostly whole.
fn quantity(rng: &mut Rng, most: u32) -> f64 {
    let whole = rng.u32(1..=most) * 100;
    hundredths(if rng.u32(..8) == 0 { whole + rng.u32(1..100) } else { whole })
}

fn count(product: i64, location: i64, counted: f64) -> Value {
    json!({"product_id": product, "location_id": location, "inventory_quantity": counted})
}

fn line(product: i64, ordered: f64) -> Value {
    json!({"product_id": product, "product_uom_qty": ordered, "price_unit": 1, "tax_id": [[6, 0, []]]})
}

fn moved(product: i64, quantity: f64) -> Value {
    json!({"product_id": product, "product_uom_qty": quantity, "product_uom": 1})
}

/// Brings products into situations: as many of each as there are.
pub(super) async fn fill(odoo: &Administrator, places: &Places, each: usize, rng: &mut Rng) {
    stocked(odoo, places, each, rng).await;
    packed_owned_and_tracked(odoo, places, each, rng).await;
    in_steps(odoo, places, each, rng).await;
    delivered(odoo, places, each, rng).await;
    in_dozens_archived_and_elsewhere(odoo, places, each, rng).await;
    anything(odoo, places, each * 6, rng).await;
}

async fn products(odoo: &Administrator, what: &str, each: usize, more: Value) -> Vec<i64> {
    let values: Vec<Value> = (0..each)
        .map(|number| {
            let mut values = json!({"name": format!("{what} {number}"), "type": "consu", "is_storable": true, "list_price": 1});
            for (name, value) in more.as_object().unwrap() {
                values[name] = value.clone();
            }
            values
        })
        .collect();
    odoo.create("product.product", &values).await
}

/// Counted, reserved, reserved in part, ordered and not there, cancelled, quoted, in several places, scrapped, outside the
/// stock, in two warehouses, incoming, not reserved.
async fn stocked(odoo: &Administrator, places: &Places, each: usize, rng: &mut Rng) {
    let [house, second, .., manual, _] = places.warehouses;
    let [stock, second_stock, .., manual_stock, _] = places.stocks;
    let all = products(odoo, "Stocked", each * 12, json!({})).await;
    let groups: Vec<&[i64]> = all.chunks(each).collect();
    let mut counts = Vec::new();
    for (kind, group) in groups.iter().enumerate() {
        for product in *group {
            match kind {
                3 => {}
                6 => {
                    counts.push(count(*product, places.bins[0], quantity(rng, 20)));
                    counts.push(count(*product, places.bins[1], quantity(rng, 20)));
                    counts.push(count(*product, stock, quantity(rng, 20)));
                }
                8 => {
                    counts.push(count(*product, places.quarantine, quantity(rng, 20)));
                    counts.push(count(*product, stock, quantity(rng, 3)));
                }
                9 => counts.push(count(*product, second_stock, quantity(rng, 20))),
                11 => counts.push(count(*product, manual_stock, quantity(rng, 20))),
                _ => counts.push(count(*product, stock, quantity(rng, 20))),
            }
        }
    }
    odoo.count(&counts).await;
    let mut ordered = |kind: usize, most: u32| -> Vec<Value> {
        groups[kind].iter().map(|product| line(*product, quantity(rng, most))).collect()
    };
    odoo.sell(house, &ordered(1, 5), true).await;
    odoo.sell(house, &ordered(2, 90), true).await;
    odoo.sell(house, &ordered(3, 20), true).await;
    let cancelled = odoo.sell(house, &ordered(4, 30), true).await;
    let context = json!({"disable_cancel_warning": true});
    odoo.execute_in(context, "sale.order", "action_cancel", json!([cancelled])).await;
    odoo.sell(house, &ordered(5, 9), false).await;
    odoo.sell(house, &ordered(6, 30), true).await;
    odoo.sell(house, &ordered(8, 9), true).await;
    odoo.sell(second, &ordered(9, 9), true).await;
    odoo.sell(house, &ordered(9, 9), true).await;
    odoo.sell(manual, &ordered(11, 9), true).await;
    let incoming: Vec<Value> =
        groups[10].iter().map(|product| moved(*product, quantity(rng, 40))).collect();
    odoo.transfer(places.receipts, places.suppliers, stock, &incoming).await;
    let scrapped: Vec<Value> =
        groups[7].iter().map(|product| moved(*product, quantity(rng, 4))).collect();
    let (yard, shelf) = scrapped.split_at(each / 2);
    for (moves, scrap) in [(yard, places.scraps[0]), (shelf, places.scraps[1])] {
        let pickings = odoo.transfer(places.transfers, stock, scrap, moves).await;
        pick(odoo, &pickings).await;
        odoo.validate(&pickings).await;
    }
}

/// Says that everything of transfers is picked, there or not.
async fn pick(odoo: &Administrator, pickings: &[i64]) {
    pick_every(odoo, pickings, 1).await;
}

/// Says that the first and every so many of the moves of each transfer are picked, there or not.
async fn pick_every(odoo: &Administrator, pickings: &[i64], step: usize) {
    for picking in pickings {
        let moves = odoo.search("stock.move", json!([["picking_id", "=", picking]])).await;
        let wanted = odoo.field("stock.move", &moves, "product_uom_qty").await;
        for (one, wanted) in moves.iter().zip(wanted).step_by(step) {
            let values = json!({"quantity": wanted, "picked": true});
            odoo.execute("stock.move", "write", json!([[one], values])).await;
        }
    }
}

/// In packages, of other owners, with lots in two bins, and in quants that are there twice.
async fn packed_owned_and_tracked(
    odoo: &Administrator,
    places: &Places,
    each: usize,
    rng: &mut Rng,
) {
    let (house, stock) = (places.warehouses[0], places.stocks[0]);
    let owner = odoo.make("res.partner", json!({"name": "Consignor"})).await;
    let packages: Vec<Value> =
        (0..4).map(|number| json!({"name": format!("BOX-{number}")})).collect();
    let packages = odoo.create("stock.quant.package", &packages).await;
    let (packed, owned) = (
        products(odoo, "Packed", each, json!({})).await,
        products(odoo, "Owned", each, json!({})).await,
    );
    let tracked = products(odoo, "Tracked", each, json!({"tracking": "lot"})).await;
    let doubled = products(odoo, "Doubled", each, json!({})).await;
    let lots: Vec<Value> = tracked
        .iter()
        .flat_map(|product| {
            ["A", "B"].map(|lot| json!({"name": format!("{lot}-{product}"), "product_id": product}))
        })
        .collect();
    let lots = odoo.create("stock.lot", &lots).await;
    let mut counts = Vec::new();
    for product in &packed {
        for package in &packages[..rng.usize(1..4)] {
            let mut packed = count(*product, stock, quantity(rng, 9));
            packed["package_id"] = json!(package);
            counts.push(packed);
        }
    }
    for product in &owned {
        let mut consigned = count(*product, stock, quantity(rng, 9));
        consigned["owner_id"] = json!(owner);
        counts.extend([consigned, count(*product, stock, quantity(rng, 3))]);
    }
    for (product, lots) in tracked.iter().zip(lots.chunks(2)) {
        for (lot, bin) in lots.iter().zip(places.bins) {
            let mut tracked = count(*product, bin, quantity(rng, 9));
            tracked["lot_id"] = json!(lot);
            counts.push(tracked);
        }
    }
    odoo.count(&counts).await;
    let raw: Vec<Value> = doubled
        .iter()
        .flat_map(|product| [*product, *product])
        .map(|product| json!({"product_id": product, "location_id": stock, "quantity": quantity(rng, 9)}))
        .collect();
    odoo.create("stock.quant", &raw).await;
    for group in [packed, owned, tracked, doubled] {
        let lines: Vec<Value> =
            group.iter().map(|product| line(*product, quantity(rng, 12))).collect();
        odoo.sell(house, &lines, true).await;
    }
}

/// Deliveries in two and three steps, before and after the first; transfers within the warehouse and between them.
async fn in_steps(odoo: &Administrator, places: &Places, each: usize, rng: &mut Rng) {
    for place in [2, 3] {
        let (house, stock) = (places.warehouses[place], places.stocks[place]);
        let (before, after) = (
            products(odoo, "To be picked", each, json!({})).await,
            products(odoo, "Picked", each, json!({})).await,
        );
        let counts: Vec<Value> = before
            .iter()
            .chain(&after)
            .map(|product| count(*product, stock, quantity(rng, 9)))
            .collect();
        odoo.count(&counts).await;
        let mut lines = |group: &[i64]| -> Vec<Value> {
            group.iter().map(|product| line(*product, quantity(rng, 12))).collect()
        };
        odoo.sell(house, &lines(&before), true).await;
        let orders = odoo.sell(house, &lines(&after), true).await;
        let domain = json!([["sale_id", "in", orders], ["state", "=", "assigned"]]);
        let pickings = odoo.search("stock.picking", domain).await;
        odoo.validate(&pickings).await;
    }
    let inner = products(odoo, "Moved", each * 3, json!({})).await;
    let stock = places.stocks[0];
    let counts: Vec<Value> =
        inner.iter().map(|product| count(*product, stock, quantity(rng, 9))).collect();
    odoo.count(&counts).await;
    let mut moves = |group: &[i64]| -> Vec<Value> {
        group.iter().map(|product| moved(*product, quantity(rng, 12))).collect()
    };
    let (within, out) = inner.split_at(each);
    let (road, across) = out.split_at(each);
    odoo.transfer(places.transfers, stock, places.quarantine, &moves(within)).await;
    odoo.transfer(places.transfers, stock, places.transit, &moves(road)).await;
    odoo.transfer(places.transfers, stock, places.stocks[1], &moves(across)).await;
}

/// Delivered, delivered in part, and delivered without being there.
async fn delivered(odoo: &Administrator, places: &Places, each: usize, rng: &mut Rng) {
    let (house, stock) = (places.warehouses[0], places.stocks[0]);
    let all = products(odoo, "Delivered", each * 3, json!({})).await;
    let counts: Vec<Value> =
        all.iter().map(|product| count(*product, stock, quantity(rng, 9))).collect();
    odoo.count(&counts).await;
    for (kind, group) in all.chunks(each).enumerate() {
        let lines: Vec<Value> =
            group.iter().map(|product| line(*product, quantity(rng, 14))).collect();
        let orders = odoo.sell(house, &lines, true).await;
        let pickings = odoo.search("stock.picking", json!([["sale_id", "in", orders]])).await;
        match kind {
            // whatever is reserved goes, and the rest follows
            0 => {}
            1 => pick_every(odoo, &pickings, 2).await,
            _ => pick(odoo, &pickings).await,
        }
        odoo.validate(&pickings).await;
    }
}

/// Ordered by the dozen, kept by the dozen, archived with stock, of another company, and things that have no stock.
async fn in_dozens_archived_and_elsewhere(
    odoo: &Administrator,
    places: &Places,
    each: usize,
    rng: &mut Rng,
) {
    let (house, stock) = (places.warehouses[0], places.stocks[0]);
    let by_dozen = products(odoo, "Sold by the dozen", each, json!({})).await;
    let in_dozens =
        products(odoo, "Kept in dozens", each, json!({"uom_id": 2, "uom_po_id": 2})).await;
    let archived = products(odoo, "Archived", each, json!({})).await;
    let theirs = products(odoo, "Of the other company", each, json!({})).await;
    let goods = products(odoo, "Not tracked", each, json!({"is_storable": false})).await;
    products(odoo, "Service", each, json!({"is_storable": false, "type": "service"})).await;
    let mut counts: Vec<Value> = by_dozen
        .iter()
        .chain(&in_dozens)
        .chain(&archived)
        .map(|product| count(*product, stock, quantity(rng, 60)))
        .collect();
    counts.extend(theirs.iter().map(|product| count(*product, places.stocks[5], quantity(rng, 9))));
    odoo.count(&counts).await;
    let dozens: Vec<Value> = by_dozen
        .iter()
        .map(|product| {
            let mut line = line(*product, quantity(rng, 4));
            line["product_uom"] = json!(2);
            line
        })
        .collect();
    odoo.sell(house, &dozens, true).await;
    let singles: Vec<Value> = in_dozens
        .iter()
        .map(|product| {
            let mut line = line(*product, quantity(rng, 40));
            line["product_uom"] = json!(1);
            line
        })
        .collect();
    odoo.sell(house, &singles, true).await;
    let lines = |group: &[i64], rng: &mut Rng| -> Vec<Value> {
        group.iter().map(|product| line(*product, quantity(rng, 9))).collect()
    };
    odoo.sell(house, &lines(&archived, rng), true).await;
    odoo.execute("product.product", "action_archive", json!([archived])).await;
    odoo.sell(house, &lines(&goods, rng), true).await;
    let context_company =
        odoo.field("stock.warehouse", &places.warehouses[5..], "company_id").await;
    let orders: Vec<Value> = lines(&theirs, rng)
        .chunks(25)
        .map(|part| {
            let lines: Vec<Value> = part.iter().map(|line| json!([0, 0, line])).collect();
            json!({"partner_id": odoo.buyer, "warehouse_id": places.warehouses[5], "company_id": context_company[0],
                "order_line": lines})
        })
        .collect();
    let context = json!({"allowed_company_ids": [context_company[0], 1]});
    let orders = odoo.create_in(context.clone(), "sale.order", &orders).await;
    odoo.execute_in(context, "sale.order", "action_confirm", json!([orders])).await;
}

/// One thing after the other happens to the same products, in any order.
async fn anything(odoo: &Administrator, places: &Places, number: usize, rng: &mut Rng) {
    let all = products(odoo, "Anything", number, json!({})).await;
    let locations = [
        places.stocks[0],
        places.bins[0],
        places.bins[1],
        places.quarantine,
        places.stocks[1],
        places.stocks[4],
        places.suppliers,
        places.customers,
        places.transit,
        places.scraps[0],
        places.scraps[1],
    ];
    for _ in 0..6 {
        let mut counts = Vec::new();
        for product in &all {
            if rng.bool() {
                counts.push(count(*product, locations[rng.usize(..6)], quantity(rng, 20)));
            }
        }
        odoo.count(&counts).await;
        for _ in 0..4 {
            let house = places.warehouses[[0, 1, 4][rng.usize(..3)]];
            let lines: Vec<Value> = all
                .iter()
                .filter(|_| rng.u32(..8) == 0)
                .map(|product| {
                    line(
                        *product,
                        quantity(&mut Rng::with_seed(u64::try_from(*product).unwrap()), 12),
                    )
                })
                .collect();
            odoo.sell(house, &lines, true).await;
        }
        for _ in 0..5 {
            let (from, to) = (locations[rng.usize(..10)], locations[rng.usize(..11)]);
            let mut moves = Vec::new();
            for product in &all {
                if rng.u32(..8) == 0 {
                    moves.push(moved(*product, quantity(rng, 12)));
                }
            }
            if from == to || moves.is_empty() {
                continue;
            }
            let pickings = odoo.transfer(places.transfers, from, to, &moves).await;
            match rng.u32(..3) {
                0 => {}
                1 => {
                    pick(odoo, &pickings).await;
                    odoo.validate(&pickings).await;
                }
                _ => {
                    pick_every(odoo, &pickings, 2).await;
                    odoo.validate(&pickings).await;
                }
            }
        }
    }
}
