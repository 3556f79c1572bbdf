//! The comparison of the orders, beside a bare full join over the same columns and one prepared SELECT per receipt.

use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode, Throughput};
use etsy_odoo::diff::compare;
use etsy_odoo::domain::{RunId, Subject};
use rust_decimal::Decimal;

use crate::figures::Figures;
use crate::stand::{SHOP, Stand};

const COMPARE: &str = "diff::compare, footing and commit included";
const STATEMENT: &str = "diff/orders.sql alone";
const ALL_MISSING: &str = "diff::compare, Odoo empty: every receipt a finding";
const BARE_JOIN: &str = "bare full join, same columns";
const COUNTED_JOIN: &str = "count(*) of the full join, keys only";
const ONE_BY_ONE: &str = "one prepared SELECT per receipt, extrapolated";

/// Of the receipts, so many are looked up one by one; the time is scaled.
const SAMPLE: usize = 5_000;

/// Measures one size.
pub(crate) fn bench(criterion: &mut Criterion, stand: &Stand, size: usize, figures: &mut Figures) {
    let mut group = criterion.benchmark_group("diff");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(1))
        .measurement_time(Duration::from_millis(u64::try_from(size / 40 + 500).unwrap()))
        .throughput(Throughput::Elements(u64::try_from(size).unwrap()));
    let mut filled = None;
    group.bench_function(size.to_string(), |bencher| {
        let run = *filled.get_or_insert_with(|| fill(stand, size));
        bencher.iter_custom(|rounds| {
            (0..rounds).map(|_| round(stand, run, size, figures)).sum::<Duration>()
        });
    });
    group.finish();
    let Some(run) = filled else { return };
    one_by_one(stand, run, size, figures);
    all_missing(stand, size, figures);
    figures.ratio(STATEMENT, BARE_JOIN, size);
    figures.ratio(STATEMENT, COUNTED_JOIN, size);
    figures.ratio(COMPARE, BARE_JOIN, size);
    figures.ratio(ONE_BY_ONE, COMPARE, size);
}

fn fill(stand: &Stand, size: usize) -> RunId {
    let run = stand.next_run();
    let receipts = i64::try_from(size).unwrap();
    stand.prepare("truncate staging.etsy_order, staging.odoo_order, diff.finding, diff.tally");
    stand.runtime.block_on(async {
        let etsy = include_str!("sql/etsy_side.sql");
        let odoo = include_str!("sql/odoo_side.sql");
        stand.client.execute(etsy, &[&SHOP.0, &receipts]).await.unwrap();
        stand.client.execute(odoo, &[&SHOP.0, &receipts, &run.0]).await.unwrap();
    });
    stand.prepare("vacuum (analyze) staging.etsy_order, staging.odoo_order, shop.policy");
    run
}

/// All ways once, one after the other, so that a slow moment of the machine meets all of them.
fn round(stand: &Stand, run: RunId, size: usize, figures: &mut Figures) -> Duration {
    let mut measured = |name: &str, work: &dyn Fn()| {
        let begun = Instant::now();
        work();
        let time = begun.elapsed();
        figures.took(name, size, time);
        time
    };
    let shops = vec![SHOP.0];
    let query = |statement: &str| {
        stand.runtime.block_on(stand.client.query(statement, &[&run.0, &shops])).unwrap();
    };
    let whole = measured(COMPARE, &|| {
        let compared = compare(&stand.warehouse, run, &[SHOP], &[Subject::Orders]);
        stand.runtime.block_on(compared).unwrap();
    });
    stand.prepare("begin; delete from diff.finding; delete from diff.tally");
    measured(STATEMENT, &|| query(include_str!("../../sql/diff/orders.sql")));
    stand.prepare("rollback");
    measured(BARE_JOIN, &|| query(include_str!("sql/bare_join.sql")));
    measured(COUNTED_JOIN, &|| query(include_str!("sql/counted_join.sql")));
    whole
}

/// What a script does: asks for each receipt's order by an index, and compares in its own memory.
fn one_by_one(stand: &Stand, run: RunId, size: usize, figures: &mut Figures) {
    stand.prepare(
        "create index order_by_receipt on staging.odoo_order (run_id, shop_id, receipt_id);
         analyze staging.odoo_order",
    );
    let sampled = SAMPLE.min(size);
    let time = stand.runtime.block_on(async {
        let asked = stand
            .client
            .query(
                "select receipt_id, total from staging.etsy_order order by hashint8(receipt_id) limit $1",
                &[&i64::try_from(sampled).unwrap()],
            )
            .await
            .unwrap();
        let one = stand.client.prepare(include_str!("sql/one_order.sql")).await.unwrap();
        let (mut found, begun) = (0, Instant::now());
        for receipt in &asked {
            let (id, total): (i64, Decimal) = (receipt.get("receipt_id"), receipt.get("total"));
            let there = stand.client.query_opt(&one, &[&run.0, &SHOP.0, &id]).await.unwrap();
            found += usize::from(there.is_some_and(|row| row.get::<_, Decimal>("total") == total));
        }
        assert!(found > asked.len() / 2, "most receipts have an order of their total");
        begun.elapsed()
    });
    let scale = u32::try_from(size.div_ceil(sampled)).unwrap();
    figures.took(ONE_BY_ONE, size, time * scale);
    stand.prepare("drop index staging.order_by_receipt");
}

/// The dearest comparison: a first run, before anything is in Odoo.
fn all_missing(stand: &Stand, size: usize, figures: &mut Figures) {
    let run = stand.next_run();
    stand.prepare("truncate staging.odoo_order; analyze staging.odoo_order");
    let begun = Instant::now();
    stand.runtime.block_on(compare(&stand.warehouse, run, &[SHOP], &[Subject::Orders])).unwrap();
    figures.took(ALL_MISSING, size, begun.elapsed());
}
