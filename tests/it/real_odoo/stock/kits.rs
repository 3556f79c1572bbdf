//! Kits of all sorts: of several parts, of kits, by the dozen, for several at once, for some variants, of things that have
//! no stock.

use fastrand::Rng;
use serde_json::{Value, json};

use super::rpc::Administrator;
use super::world::{Places, hundredths};

/// Whether this Odoo makes kits.
pub(super) async fn are_made(odoo: &Administrator) -> bool {
    let domain = json!([["name", "=", "mrp"], ["state", "=", "installed"]]);
    !odoo.search("ir.module.module", domain).await.is_empty()
}

/// Kits whose bill is for dozens: Odoo shows of these how many dozens there are, as if each were one.
pub(super) struct ByTheDozen(pub(super) Vec<i64>);

async fn products(odoo: &Administrator, what: &str, number: usize, more: Value) -> Vec<i64> {
    let values: Vec<Value> = (0..number)
        .map(|number| {
            let mut values =
                json!({"name": format!("{what} {number}"), "type": "consu", "list_price": 1});
            for (name, value) in more.as_object().unwrap() {
                values[name] = value.clone();
            }
            values
        })
        .collect();
    odoo.create("product.product", &values).await
}

fn part(product: i64, quantity: f64, uom: i64) -> Value {
    json!([0, 0, {"product_id": product, "product_qty": quantity, "product_uom_id": uom}])
}

async fn bill(odoo: &Administrator, kit: i64, quantity: f64, uom: i64, parts: Vec<Value>) -> i64 {
    let template = odoo.field("product.product", &[kit], "product_tmpl_id").await[0].clone();
    let values = json!({"product_tmpl_id": template, "product_qty": quantity, "product_uom_id": uom,
        "type": "phantom", "bom_line_ids": parts});
    odoo.make("mrp.bom", values).await
}

fn amount(rng: &mut Rng) -> f64 {
    [1.0, 1.0, 2.0, 3.0, 0.5, 1.25, 7.0][rng.usize(..7)]
}

/// Makes kits out of new parts with stock, sells some of them, and names those by the dozen.
pub(super) async fn fill(
    odoo: &Administrator,
    places: &Places,
    each: usize,
    rng: &mut Rng,
) -> ByTheDozen {
    let parts = products(odoo, "Part", each * 4, json!({"is_storable": true})).await;
    let dozens = products(
        odoo,
        "Part in dozens",
        each,
        json!({"is_storable": true, "uom_id": 2, "uom_po_id": 2}),
    )
    .await;
    let loose = products(odoo, "Loose", 3, json!({"is_storable": false})).await;
    let mut counts = Vec::new();
    for product in parts.iter().chain(&dozens) {
        for stock in [places.stocks[0], places.stocks[1]] {
            if rng.u32(..5) > 0 {
                let counted = hundredths(rng.u32(0..4000));
                counts.push(json!({"product_id": product, "location_id": stock, "inventory_quantity": counted}));
            }
        }
    }
    odoo.count(&counts).await;
    let kits = products(odoo, "Kit", each * 7, json!({"is_storable": true})).await;
    let groups: Vec<&[i64]> = kits.chunks(each).collect();
    let any = |rng: &mut Rng| parts[rng.usize(..parts.len())];
    for kit in groups[0] {
        let (one, other) = (any(rng), any(rng));
        let lines = vec![part(one, amount(rng), 1), part(other, amount(rng), 1)];
        bill(odoo, *kit, 1.0, 1, lines).await;
    }
    for kit in groups[1] {
        // of a part by the dozen, of a part that is kept in dozens, and of what has no stock
        let lines = vec![
            part(any(rng), 0.5, 2),
            part(dozens[rng.usize(..each)], amount(rng), 1),
            part(loose[0], 2.0, 1),
        ];
        bill(odoo, *kit, 1.0, 1, lines).await;
    }
    for kit in groups[2] {
        // for several at once
        let lines = vec![part(any(rng), amount(rng), 1), part(any(rng), 4.0, 1)];
        bill(odoo, *kit, f64::from(rng.u32(2..8)), 1, lines).await;
    }
    for (place, kit) in groups[3].iter().enumerate() {
        // kits of kits, those for several at once too, and the same part twice
        let same = any(rng);
        let lines = vec![
            part(groups[0][place], amount(rng), 1),
            part(groups[2][place], amount(rng), 1),
            part(same, 1.0, 1),
            part(same, 0.5, 1),
        ];
        bill(odoo, *kit, 1.0, 1, lines).await;
    }
    for (place, kit) in groups[4].iter().enumerate() {
        // three deep, and by the dozen on the way
        let lines = vec![part(groups[3][place], 1.0, 1), part(groups[1][place], 0.25, 2)];
        bill(odoo, *kit, 2.0, 1, lines).await;
    }
    for kit in groups[5] {
        bill(odoo, *kit, 1.0, 1, vec![part(loose[1], 1.0, 1), part(loose[2], 3.0, 1)]).await;
    }
    for kit in groups[6] {
        bill(odoo, *kit, 1.0, 2, vec![part(any(rng), 12.0, 1), part(any(rng), 6.0, 1)]).await;
    }
    variants(odoo, &parts, each, rng).await;
    second_bills(odoo, groups[0], &parts).await;
    let lines: Vec<Value> = groups[..5]
        .iter()
        .flat_map(|group| group.iter().step_by(2))
        .map(|kit| json!({"product_id": kit, "product_uom_qty": rng.u32(1..4), "price_unit": 1, "tax_id": [[6, 0, []]]}))
        .collect();
    odoo.sell(places.warehouses[0], &lines, true).await;
    ByTheDozen(groups[6].to_vec())
}

/// One template for several variants, whose bill has lines for some of them only.
async fn variants(odoo: &Administrator, parts: &[i64], each: usize, rng: &mut Rng) {
    let values = |names: [&str; 3]| names.map(|name| json!([0, 0, {"name": name}]));
    let colour = json!({"name": "Colour of kits", "create_variant": "always", "value_ids": values(["red", "green", "blue"])});
    let size = json!({"name": "Size of kits", "create_variant": "always", "value_ids": values(["S", "M", "L"])});
    let wrapping = json!({"name": "Wrapping of kits", "create_variant": "no_variant", "value_ids": values(["paper", "box", "none"])});
    let attributes = odoo.create("product.attribute", &[colour, size, wrapping]).await;
    for number in 0..each.div_ceil(5) {
        let mut lines = Vec::new();
        for attribute in &attributes {
            let values = odoo
                .search("product.attribute.value", json!([["attribute_id", "=", attribute]]))
                .await;
            lines.push(json!([0, 0, {"attribute_id": attribute, "value_ids": [[6, 0, values]]}]));
        }
        let template = odoo
            .make(
                "product.template",
                json!({"name": format!("Kit in variants {number}"), "type": "consu", "is_storable": true,
                    "attribute_line_ids": lines}),
            )
            .await;
        let values = odoo
            .search("product.template.attribute.value", json!([["product_tmpl_id", "=", template]]))
            .await;
        let mut only_for = |values: &[i64]| {
            json!([0, 0, {"product_id": parts[rng.usize(..parts.len())], "product_qty": 1, "product_uom_id": 1,
                "bom_product_template_attribute_value_ids": [[6, 0, values]]}])
        };
        let lines = vec![
            only_for(&[]),
            only_for(&values[..1]),
            only_for(&values[..2]),
            only_for(&[values[0], values[3]]),
            only_for(&[values[1], values[4], values[5]]),
            only_for(&values[6..7]),
        ];
        odoo.make(
            "mrp.bom",
            json!({"product_tmpl_id": template, "product_qty": 1, "product_uom_id": 1, "type": "phantom",
                "bom_line_ids": lines}),
        )
        .await;
    }
}

/// Bills that another one goes before, and some that go before it.
async fn second_bills(odoo: &Administrator, kits: &[i64], parts: &[i64]) {
    for (place, kit) in kits.iter().enumerate().take(12) {
        let template = odoo.field("product.product", &[*kit], "product_tmpl_id").await[0].clone();
        let mut values = json!({"product_tmpl_id": template, "product_qty": 1, "product_uom_id": 1, "type": "phantom",
            "bom_line_ids": [part(parts[place], 5.0, 1)]});
        match place % 4 {
            0 => values["sequence"] = json!(-1),
            1 => values["product_id"] = json!(kit),
            2 => values["active"] = json!(false),
            _ => values["type"] = json!("normal"),
        }
        odoo.make("mrp.bom", values).await;
    }
}
