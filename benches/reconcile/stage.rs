//! Staging: pages that are new, pages that hold nothing new, and the SQL that puts the rows into Odoo's terms. Apart from
//! the merge, on one thread of a process of its own: reading, checking and sending every row, beside parsing and COPY alone.

use std::process::Command;
use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode, Throughput};
use etsy_odoo::stage::{Entries, stage, stage_pages};

use crate::alone;
use crate::figures::Figures;
use crate::pages;
use crate::stand::{SHOP, Stand};

const NEW: &str = "stage_pages, every receipt new";
const UNCHANGED: &str = "stage_pages, no receipt changed";
const CONGRUENT: &str = "stage, the SQL alone, every receipt new";
const CONGRUENT_AGAIN: &str = "stage, the SQL alone, nothing new";

const FORGET_PAGES: &str = "truncate staging.etsy_receipt, staging.etsy_transaction, staging.progress, staging.reject, staging.count";
const FORGET_ORDERS: &str = "truncate staging.etsy_order, staging.etsy_order_line, staging.etsy_customer, staging.etsy_product, staging.odoo_order";

/// Measures one size.
pub(crate) fn bench(criterion: &mut Criterion, stand: &Stand, size: usize, figures: &mut Figures) {
    let mut group = criterion.benchmark_group("stage");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(1))
        .measurement_time(Duration::from_millis(u64::try_from(size / 10 + 500).unwrap()))
        .throughput(Throughput::Elements(u64::try_from(size).unwrap()));
    let mut bytes = None;
    group.bench_function(size.to_string(), |bencher| {
        bytes.get_or_insert_with(|| {
            stand.prepare(FORGET_ORDERS);
            pages::store(stand, size)
        });
        bencher.iter_custom(|rounds| {
            (0..rounds).map(|_| round(stand, size, figures)).sum::<Duration>()
        });
    });
    group.finish();
    let Some(bytes) = bytes else { return };
    figures.note(format!("{size:>9}  a receipt is {} bytes of JSON", bytes / size));
    congruent(stand, size, figures);
    write_ahead(stand, size, figures);
    memory(stand, size, figures);
    alone::measure(stand, size, figures);
    figures.ratio(NEW, UNCHANGED, size);
}

/// Staging of new pages, then of the same ones again.
fn round(stand: &Stand, size: usize, figures: &mut Figures) -> Duration {
    let new = stage_new(stand, size);
    figures.took(NEW, size, new);
    stand.prepare("vacuum (analyze) staging.etsy_receipt, staging.etsy_transaction");
    let unchanged = stage_unchanged(stand, size);
    figures.took(UNCHANGED, size, unchanged);
    new
}

fn stage_new(stand: &Stand, size: usize) -> Duration {
    stand.prepare(FORGET_PAGES);
    timed_staging(stand, size)
}

fn stage_unchanged(stand: &Stand, size: usize) -> Duration {
    stand.prepare("truncate staging.progress");
    timed_staging(stand, size)
}

fn timed_staging(stand: &Stand, size: usize) -> Duration {
    let begun = Instant::now();
    let staging = stage_pages(&stand.warehouse, stand.next_run(), &[SHOP]);
    let counts = stand.runtime.block_on(staging).unwrap();
    let time = begun.elapsed();
    let staged: i64 = counts.iter().map(|count| count.staged).sum();
    assert_eq!(usize::try_from(staged).unwrap(), size, "every receipt is staged");
    time
}

/// `stage` on pages that are staged already: what is left is the SQL.
fn congruent(stand: &Stand, size: usize, figures: &mut Figures) {
    for _ in 0..3 {
        stand.prepare(FORGET_ORDERS);
        for name in [CONGRUENT, CONGRUENT_AGAIN] {
            let begun = Instant::now();
            let staging = stage(&stand.warehouse, stand.next_run(), &[SHOP], Entries::New);
            stand.runtime.block_on(staging).unwrap();
            figures.took(name, size, begun.elapsed());
        }
    }
}

/// How much each way writes into the write-ahead log.
fn write_ahead(stand: &Stand, size: usize, figures: &mut Figures) {
    let mut note = |name: &str, work: &dyn Fn()| {
        let before = stand.wal_bytes();
        work();
        let written = stand.wal_bytes() - before;
        let each = written / i64::try_from(size).unwrap();
        figures.note(format!("{size:>9}  {name}: {written} bytes of WAL, {each} a receipt"));
    };
    note(NEW, &|| {
        stage_new(stand, size);
    });
    // or the server's own housekeeping would be taken for staging's
    stand.prepare("vacuum (analyze) staging.etsy_receipt, staging.etsy_transaction");
    note(UNCHANGED, &|| {
        stage_unchanged(stand, size);
    });
}

/// The most that a process has held which did nothing but stage these pages.
fn memory(stand: &Stand, size: usize, figures: &mut Figures) {
    stand.prepare(FORGET_PAGES);
    let said = child(stand, "memory");
    figures.note(format!("{size:>9}  {NEW}: at most {} in memory", said.trim()));
}

/// Runs this program once more, for one purpose, and gives what it says.
pub(crate) fn child(stand: &Stand, purpose: &str) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .env(alone::CHILD_URL, stand.url())
        .env(alone::CHILD_PURPOSE, purpose)
        // what is said of one core is measured on one
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
