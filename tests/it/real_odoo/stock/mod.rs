//! What our SQL says of stock is what Odoo's ORM says of it.

#![expect(
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it stands"
)]

mod kits;
mod rpc;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use etsy_odoo::db::{OdooReader, Warehouse, parse_url};
use etsy_odoo::domain::RunId;
use etsy_odoo::odoo::{Chatter, OdooSettings, OdooWriter};
use etsy_odoo::snapshot::{see_that_odoo_fits, surplus_columns, take_odoo};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tokio_postgres::Client;

use super::{ADMIN, ALONE, connect, required, run_command, seed, variable};
use crate::support::{Program, TestDatabase};
use kits::ByTheDozen;
use rpc::Administrator;
use world::Places;

const RUN: RunId = RunId(1);
const READER: &str = "etsy_odoo_stock_reader";

/// `qty_available`, `free_qty` and `virtual_available`.
type Quantities = [Decimal; 3];

/// By warehouse and product.
type Stock = BTreeMap<(i64, i64), Quantities>;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn our_sql_equals_the_orm() {
    let _alone = ALONE.lock().await;
    if let Some(command) = variable("ODOO_RESET") {
        run_command("ODOO_RESET", &command).await;
    }
    let seed = seed("our_sql_equals_the_orm");
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut odoo = Administrator::log_in().await;
    let makes_kits = kits::are_made(&odoo).await;
    let places = world::places(&mut odoo).await;
    // 2,000 products and more
    let each = variable("EACH").and_then(|text| text.parse().ok()).unwrap_or(50);
    world::fill(&odoo, &places, each, &mut rng).await;
    let by_the_dozen = if makes_kits {
        kits::fill(&odoo, &places, each, &mut rng).await
    } else {
        ByTheDozen(Vec::new())
    };

    let ours = TestDatabase::new().await;
    let database = connect(&required("ODOO_READ_URL").parse().unwrap()).await;
    take(&ours, &database).await;
    let staged = staged(&ours.client().await).await;
    let products = odoo.search("product.product", json!([])).await;
    let mut orm = Stock::new();
    for house in places.warehouses {
        let context = json!({"warehouse_id": house, "active_test": false});
        for (product, quantities) in read(&odoo, &products, context).await {
            orm.insert((house, product), quantities);
        }
    }
    let differences = compare(&orm, &staged, &by_the_dozen);
    let moved =
        orm.values().filter(|quantities| quantities.iter().any(|one| !one.is_zero())).count();
    println!(
        "{} products, {} pairs with warehouses, {moved} of them not zero, kits {makes_kits}: {} differences",
        products.len(),
        orm.len(),
        differences.len()
    );
    assert!(differences.is_empty(), "{}", differences[..differences.len().min(20)].join("\n"));
    by_company(&odoo, &places, &products, &staged, &kit_ids(&ours.client().await).await).await;
}

/// Reads that Odoo as the role that has the printed rights, and stages its stock.
async fn take(ours: &TestDatabase, database: &Client) {
    let writer = OdooWriter::connect(&OdooSettings {
        url: required("ODOO_URL"),
        database: required("ODOO_DATABASE"),
        login: ADMIN.to_owned(),
        api_key: ADMIN.to_owned().into(),
        connections: 1,
        call_timeout: std::time::Duration::from_mins(1),
        chatter: Chatter::default(),
    })
    .await
    .unwrap();
    writer.ensure_fields().await.unwrap();
    let mut config = parse_url("odoo.read_url", &required("ODOO_READ_URL")).unwrap();
    let may_grant = "select rolsuper from pg_roles where rolname = current_user";
    if database.query_one(may_grant, &[]).await.unwrap().get(0) {
        let there = "select exists (select from pg_roles where rolname = $1)";
        if !database.query_one(there, &[&READER]).await.unwrap().get::<_, bool>(0) {
            database
                .batch_execute(&format!("create role {READER} login password 'reads'"))
                .await
                .unwrap();
        }
        let line = format!("init --print-grants --reader {READER}");
        let printed = Program::new().run(&line).await.expect(0).said;
        database.batch_execute(&printed).await.unwrap();
        config.user(READER).password("reads");
    } else {
        println!("ETSY_ODOO_TEST_ODOO_READ_URL is no superuser: the printed rights are not tried");
    }
    let mut reader = OdooReader::connect(config).await.unwrap();
    see_that_odoo_fits(&mut reader).await.unwrap();
    let surplus = surplus_columns(&mut reader).await.unwrap();
    println!("columns that the role sees and nobody reads: {surplus:?}");
    let begun = std::time::Instant::now();
    let warehouse = Warehouse::connect(ours.config()).await.unwrap();
    let rows = take_odoo(
        &warehouse,
        &mut reader,
        RUN,
        DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
    )
    .await
    .unwrap();
    println!("{rows} rows of Odoo in {:?}", begun.elapsed());
    let client = ours.client().await;
    for statement in [
        include_str!("../../../../sql/stage/odoo_part.sql"),
        include_str!("../../../../sql/stage/odoo_stock.sql"),
    ] {
        client.execute(statement, &[&RUN.0]).await.unwrap();
    }
}

async fn staged(client: &Client) -> Stock {
    let rows = client
        .query(
            "select warehouse_id::bigint, product_id::bigint, on_hand, free, forecast from staging.odoo_stock where run_id = $1",
            &[&RUN.0],
        )
        .await
        .unwrap();
    let count = rows.len();
    let staged: Stock = rows
        .iter()
        .map(|row| ((row.get(0), row.get(1)), [row.get(2), row.get(3), row.get(4)]))
        .collect();
    assert_eq!(staged.len(), count, "a product is there twice in a warehouse");
    staged
}

async fn kit_ids(client: &Client) -> BTreeSet<i64> {
    let query = "select distinct kit_product_id::bigint from snapshot.odoo_kit where run_id = $1";
    let rows = client.query(query, &[&RUN.0]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn read(odoo: &Administrator, products: &[i64], context: Value) -> BTreeMap<i64, Quantities> {
    let fields = ["qty_available", "free_qty", "virtual_available"];
    let mut found = BTreeMap::new();
    for part in products.chunks(500) {
        let arguments = json!([part, fields]);
        let rows = odoo.execute_in(context.clone(), "product.product", "read", arguments).await;
        for row in rows.as_array().unwrap() {
            let number = |field: &str| -> Decimal {
                let text = row[field].to_string();
                text.parse().or_else(|_| Decimal::from_scientific(&text)).unwrap()
            };
            found.insert(row["id"].as_i64().unwrap(), fields.map(number));
        }
    }
    found
}

fn compare(orm: &Stock, staged: &Stock, by_the_dozen: &ByTheDozen) -> Vec<String> {
    let known: BTreeSet<(i64, i64)> = orm.keys().copied().collect();
    let strangers = staged.iter().filter(|(pair, _)| !known.contains(pair));
    let mut differences: Vec<String> =
        strangers.map(|(pair, ours)| format!("{pair:?}: Odoo has none, ours {ours:?}")).collect();
    for (pair, orm) in orm {
        let ours = staged.get(pair).copied().unwrap_or_default();
        // the bill of a kit by the dozen is for twelve, and so many may be sold
        let times = if by_the_dozen.0.contains(&pair.1) { 12 } else { 1 };
        let orm = orm.map(|quantity| quantity * Decimal::from(times));
        if ours != orm {
            differences.push(format!("{pair:?}: Odoo {orm:?}, ours {ours:?}"));
        }
    }
    differences
}

/// What a company has is what its warehouses have, but for kits, whose parts may lie in several.
async fn by_company(
    odoo: &Administrator,
    places: &Places,
    products: &[i64],
    staged: &Stock,
    kits: &BTreeSet<i64>,
) {
    let companies = odoo.field("stock.warehouse", &places.warehouses, "company_id").await;
    let mut compared = 0;
    for company in companies
        .iter()
        .collect::<Vec<_>>()
        .into_iter()
        .map(|one| one.as_i64().unwrap())
        .collect::<BTreeSet<_>>()
    {
        let context = json!({"allowed_company_ids": [company], "active_test": false});
        for (product, orm) in read(odoo, products, context).await {
            if kits.contains(&product) {
                continue;
            }
            let mut sum = [Decimal::ZERO; 3];
            for (house, of) in places.warehouses.iter().zip(&companies) {
                if of.as_i64() == Some(company)
                    && let Some(quantities) = staged.get(&(*house, product))
                {
                    for (sum, quantity) in sum.iter_mut().zip(quantities) {
                        *sum += quantity;
                    }
                }
            }
            assert_eq!(sum, orm, "product {product} of company {company}");
            compared += 1;
        }
    }
    println!("{compared} pairs with companies: 0 differences");
}
