//! An Odoo that makes kits: its bills are read, column by column, and not before our role may read them.

use etsy_odoo::domain::{Clock as _, RunId};
use etsy_odoo::snapshot::{SnapshotError, see_that_odoo_fits, take_odoo};
use rust_decimal::Decimal;

use crate::support::House;

/// The tables of Odoo's module `mrp` that a run reads, and that of `product` which the simulated Odoo lacks.
const TABLES: &str = "
    create table product_template_attribute_line (
        id serial primary key, product_tmpl_id integer not null, attribute_id integer not null, value_count integer
    );
    create table mrp_bom (
        id serial primary key, product_tmpl_id integer not null, product_id integer, product_uom_id integer not null,
        sequence integer, type varchar not null, product_qty numeric not null, active boolean
    );
    create table mrp_bom_line (
        id serial primary key, bom_id integer not null, product_id integer not null, product_uom_id integer not null,
        product_qty numeric not null
    );
    create table mrp_bom_line_product_template_attribute_value_rel (
        mrp_bom_line_id integer not null, product_template_attribute_value_id integer not null
    );
    -- Dozens are another name for twelve
    update uom_uom set factor = 0.08333333333333333 where id = 2;";

/// Two variants in two colours, the second of which has no other size; a bill for both, whose lines are for all, for red, for
/// blue, for red in the only size, for what makes no variant; and a bill that comes later.
const BILLS: &str = "
    insert into product_attribute (id, create_variant, display_type, name)
    values (1, 'always', 'radio', '{}'), (2, 'always', 'radio', '{}'), (3, 'no_variant', 'radio', '{}');
    insert into product_attribute_value (id, attribute_id, name) values (1, 1, '{}'), (2, 1, '{}'), (3, 2, '{}'), (4, 3, '{}');
    insert into product_template_attribute_line (id, product_tmpl_id, attribute_id, value_count)
    select place, variant.product_tmpl_id, place, array_length(array[1, 1], 1) - (place = 2)::integer
    from generate_series(1, 3) as place cross join (select product_tmpl_id from product_product where id = $kit) as variant;
    insert into product_template_attribute_value (id, product_attribute_value_id, attribute_line_id, product_tmpl_id, attribute_id)
    select value.id, value.id, value.attribute_id, variant.product_tmpl_id, value.attribute_id
    from product_attribute_value as value
    cross join (select product_tmpl_id from product_product where id = $kit) as variant;
    update product_product set combination_indices = '1' where id = $kit;
    insert into product_product (id, product_tmpl_id, default_code, combination_indices, active)
    select 7000, product_tmpl_id, 'BLUE', '2', true from product_product where id = $kit;
    insert into product_variant_combination values ($kit, 1), ($kit, 3), (7000, 2), (7000, 3);
    insert into mrp_bom (id, product_tmpl_id, product_id, product_uom_id, sequence, type, product_qty, active)
    select id, product_tmpl_id, product_id, unit, sequence, type, 1, active
    from (select product_tmpl_id from product_product where id = $kit) as kit
    cross join (values
        (1, null::integer, 1, 2, 'phantom', true), (2, $kit, 1, 5, 'phantom', true), (3, null, 1, 0, 'normal', true),
        (4, null, 1, 0, 'phantom', false)
    ) as bill (id, product_id, unit, sequence, type, active);
    insert into mrp_bom_line (id, bom_id, product_id, product_uom_id, product_qty)
    values (1, 1, $part, 1, 2), (2, 1, $part, 2, 1), (3, 1, $other, 1, 3), (4, 1, $other, 1, 5), (5, 1, $other, 1, 7),
        (6, 2, $other, 1, 100), (7, 3, $other, 1, 100), (8, 4, $other, 1, 100);
    insert into mrp_bom_line_product_template_attribute_value_rel values (2, 1), (3, 2), (4, 1), (4, 3), (5, 1), (5, 4);";

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one world, from its making to what is read of it")]
async fn bills_are_read_where_there_are_any() {
    let house = House::new(2, 10, 1, 37).await;
    let odoo = house.odoo_database.client().await;
    let goods =
        "select product_id from stock_quant where location_id = 8 order by product_id limit 3";
    let goods: Vec<i32> =
        odoo.query(goods, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    let (kit, part, other) = (goods[0], goods[1], goods[2]);
    let mut reader = house.reader().await;
    see_that_odoo_fits(&mut reader).await.unwrap();
    odoo.batch_execute(TABLES).await.unwrap();
    let bills = BILLS
        .replace("$kit", &kit.to_string())
        .replace("$part", &part.to_string())
        .replace("$other", &other.to_string());
    odoo.batch_execute(&bills).await.unwrap();
    odoo.execute(
        "update stock_quant set quantity = 29, reserved_quantity = 0 where product_id = $1",
        &[&part],
    )
    .await
    .unwrap();
    odoo.execute(
        "update stock_quant set quantity = 7, reserved_quantity = 0 where product_id = $1",
        &[&other],
    )
    .await
    .unwrap();

    let closed = see_that_odoo_fits(&mut reader).await.unwrap_err();
    assert!(
        matches!(&closed, SnapshotError::OdooRights { faults, .. } if faults[0] == "mrp_bom.active"),
        "{closed}"
    );
    let granted =
        include_str!("../../../sql/odoo/grants.sql").replace(":reader", &house.pair.options.reader);
    odoo.batch_execute(&granted).await.unwrap();
    see_that_odoo_fits(&mut reader).await.unwrap();

    let run = RunId(1);
    take_odoo(&house.warehouse, &mut reader, run, house.clock.now()).await.unwrap();
    let ours = house.ours.client().await;
    for statement in [
        include_str!("../../../sql/stage/odoo_part.sql"),
        include_str!("../../../sql/stage/odoo_stock.sql"),
    ] {
        ours.execute(statement, &[&run.0]).await.unwrap();
    }
    let parts = "select product_id, part_id, per_unit from staging.odoo_part where product_id in ($1, 7000) order by 1, 2";
    let parts: Vec<(i32, i32, Decimal)> = ours
        .query(parts, &[&kit])
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    // red: two pieces and a dozen; what asks for the only size is for nobody. Blue: two pieces, and three of the other
    assert_eq!(
        parts,
        [
            (kit, part, Decimal::from(14)),
            (7000, part, Decimal::from(2)),
            (7000, other, Decimal::from(3)),
        ]
    );
    let stock = "select product_id, on_hand, sellable, is_kit from staging.odoo_stock where product_id in ($1, 7000) order by 1";
    let stock: Vec<(i32, Decimal, Decimal, bool)> = ours
        .query(stock, &[&kit])
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3)))
        .collect();
    let two = Decimal::TWO;
    assert_eq!(stock, [(kit, two, two, true), (7000, two, two, true)]);
}
