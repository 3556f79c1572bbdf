//! Quantities: what each offering may have, the comparison, and the decisions, of listings with three offerings each.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode, Throughput};
use etsy_odoo::db::{Warehouse, parse_url};
use etsy_odoo::diff::{compare, inventory_findings};
use etsy_odoo::domain::{RunId, ShopId, Subject};
use etsy_odoo::plan::{Planner, ShopPolicy};
use etsy_odoo::shop;
use etsy_odoo::stage::{StockDirection, stage_quantities};

use crate::alone::CHILD_URL;
use crate::figures::Figures;
use crate::stage::child;
use crate::stand::{SHOP, Stand};

const FIRST: &str = "stage_quantities, nothing agreed before";
const AGAIN: &str = "stage_quantities, both sides have agreed";
const COMPARE: &str = "diff::compare, of the quantities, footing included";
const TOGETHER: &str = "stage_quantities and diff::compare";
const DECIDE: &str = "the findings read and decided on";

/// Measures one size, in listings.
pub(crate) fn bench(criterion: &mut Criterion, stand: &Stand, size: usize, figures: &mut Figures) {
    let mut group = criterion.benchmark_group("quantities");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(1))
        .measurement_time(Duration::from_millis(u64::try_from(size / 10 + 500).unwrap()))
        .throughput(Throughput::Elements(u64::try_from(size * 3).unwrap()));
    let mut filled = None;
    group.bench_function(size.to_string(), |bencher| {
        let run = *filled.get_or_insert_with(|| fill(stand, size, figures));
        bencher.iter_custom(|rounds| {
            (0..rounds).map(|_| round(stand, run, size, figures)).sum::<Duration>()
        });
    });
    group.finish();
    if filled.is_some() {
        let said = child(stand, "quantities");
        figures.note(format!(
            "{size:>9}  {TOGETHER}, findings decided on: at most {} in memory",
            said.trim()
        ));
    }
}

fn fill(stand: &Stand, size: usize, figures: &mut Figures) -> RunId {
    stand.prepare(
        "truncate staging.etsy_listing, staging.etsy_offering, staging.etsy_inventory, staging.etsy_order,
             staging.etsy_order_line, staging.etsy_transaction, staging.odoo_order, staging.odoo_product,
             staging.odoo_part, staging.odoo_stock, staging.offering_base, staging.offering_target, snapshot.etsy_page,
             snapshot.watermark, snapshot.odoo_warehouse, snapshot.odoo_company, diff.finding, diff.tally, journal.run cascade;
         update shop.policy set stock_master = 'odoo';
         insert into journal.run (run_id, command, shop_ids, subjects, full_read, started_at, version)
         overriding system value
         values (1, 'plan', '{61234567}', '{inventory}', false, timestamptz '2026-11-26 12:00:00+00', '0')",
    );
    let run = RunId(1);
    let listings = i32::try_from(size).unwrap();
    stand
        .runtime
        .block_on(async {
            let params: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
                [&SHOP.0, &listings, &run.0];
            stand.client.execute(include_str!("sql/quantities.sql"), &params).await
        })
        .unwrap();
    stand.prepare("vacuum (analyze)");
    let begun = Instant::now();
    stand.runtime.block_on(staged(&stand.warehouse, run));
    figures.took(FIRST, size, begun.elapsed());
    stand.prepare("vacuum (analyze) staging.offering_base");
    run
}

async fn staged(warehouse: &Warehouse, run: RunId) {
    stage_quantities(warehouse, run, &[SHOP], &[(SHOP, StockDirection::Push)]).await.unwrap();
}

fn round(stand: &Stand, run: RunId, size: usize, figures: &mut Figures) -> Duration {
    let begun = Instant::now();
    stand.runtime.block_on(staged(&stand.warehouse, run));
    let staged = begun.elapsed();
    stand.runtime.block_on(compare(&stand.warehouse, run, &[SHOP], &[Subject::Inventory])).unwrap();
    let whole = begun.elapsed();
    let begun = Instant::now();
    stand.runtime.block_on(decide(&stand.warehouse, run));
    figures.took(AGAIN, size, staged);
    figures.took(COMPARE, size, whole.saturating_sub(staged));
    figures.took(TOGETHER, size, whole);
    figures.took(DECIDE, size, begun.elapsed());
    whole
}

async fn decide(warehouse: &Warehouse, run: RunId) {
    let policies: BTreeMap<ShopId, ShopPolicy> = shop::list(warehouse)
        .await
        .unwrap()
        .into_iter()
        .map(|shop| (shop.id, ShopPolicy { name: shop.name, policy: shop.policy }))
        .collect();
    let mut planner = Planner::new(&policies, None);
    let mut findings = inventory_findings(warehouse, run).await.unwrap();
    let now = chrono::DateTime::from_timestamp(1_795_694_400, 0).unwrap();
    loop {
        let found = findings.next().await.unwrap();
        if found.is_empty() {
            break;
        }
        for finding in &found {
            planner.inventory(finding, now).unwrap();
        }
    }
    assert!(planner.counts().0 > 0, "something is to be set");
}

/// What the child does: all of it once, and then it says how much memory that took.
pub(crate) fn peak(url: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let warehouse = Warehouse::connect(parse_url(CHILD_URL, url).unwrap()).await.unwrap();
        let run = RunId(1);
        staged(&warehouse, run).await;
        compare(&warehouse, run, &[SHOP], &[Subject::Inventory]).await.unwrap();
        decide(&warehouse, run).await;
    });
}
