//! Staging, beside parsing and COPY alone: pages that are new, pages that hold nothing new, and the SQL that puts the
//! rows into Odoo's terms.

use std::io::Read as _;
use std::process::Command;
use std::time::{Duration, Instant};

use bytes::Bytes;
use criterion::{Criterion, SamplingMode, Throughput};
use etsy_odoo::db::{Warehouse, parse_url};
use etsy_odoo::domain::RunId;
use etsy_odoo::etsy::wire::{Page, Receipt};
use etsy_odoo::stage::{stage, stage_pages};
use flate2::read::GzDecoder;
use futures_util::{SinkExt as _, TryStreamExt as _};

use crate::figures::Figures;
use crate::pages;
use crate::stand::{SHOP, Stand};

/// Names the database to the process that is started to see how much memory staging takes.
pub(crate) const CHILD_URL: &str = "BENCH_STAGE_IN";

const NEW: &str = "stage_pages, every receipt new";
const UNCHANGED: &str = "stage_pages, no receipt changed";
const PARSE: &str = "gunzip and parse, one core";
const COPY: &str = "COPY of the decoded rows into tables without keys";
const PARSE_AND_COPY: &str = "parse and COPY alone, one after the other";
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
    figures.ratio(NEW, PARSE_AND_COPY, size);
    figures.ratio(NEW, UNCHANGED, size);
}

/// Staging and its parts once, one after the other.
fn round(stand: &Stand, size: usize, figures: &mut Figures) -> Duration {
    let new = stage_new(stand, size);
    figures.took(NEW, size, new);
    stand.prepare("vacuum (analyze) staging.etsy_receipt, staging.etsy_transaction");
    let unchanged = stage_unchanged(stand, size);
    figures.took(UNCHANGED, size, unchanged);
    let parse = parse(stand, size);
    figures.took(PARSE, size, parse);
    let copy = stand.runtime.block_on(copy(stand));
    figures.took(COPY, size, copy);
    figures.took(PARSE_AND_COPY, size, parse + copy);
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

/// Every page unpacked and every receipt read into its wire type, and dropped.
fn parse(stand: &Stand, size: usize) -> Duration {
    let pages = stand
        .runtime
        .block_on(stand.client.query("select body from snapshot.etsy_page order by page_id", &[]))
        .unwrap();
    let (mut read, begun) = (0, Instant::now());
    for page in &pages {
        let mut body = Vec::new();
        GzDecoder::new(page.get::<_, &[u8]>("body")).read_to_end(&mut body).unwrap();
        for row in Page::read(&body).unwrap().results {
            read += usize::from(Receipt::read(row).is_ok());
        }
    }
    assert_eq!(read, size, "every receipt reads");
    begun.elapsed()
}

/// The rows that staging made, sent again as they are, into tables without indexes.
async fn copy(stand: &Stand) -> Duration {
    let mut time = Duration::ZERO;
    for table in ["etsy_receipt", "etsy_transaction"] {
        let outward = format!("copy staging.{table} to stdout (format binary)");
        let rows: Vec<Bytes> =
            stand.client.copy_out(&outward).await.unwrap().try_collect().await.unwrap();
        let target = format!("create temporary table copied (like staging.{table})");
        stand.client.batch_execute(&target).await.unwrap();
        let begun = Instant::now();
        let sink = stand.client.copy_in("copy copied from stdin (format binary)").await.unwrap();
        let mut sink = std::pin::pin!(sink);
        for row in rows {
            sink.feed(row).await.unwrap();
        }
        sink.finish().await.unwrap();
        time += begun.elapsed();
        stand.client.batch_execute("drop table copied").await.unwrap();
    }
    time
}

/// `stage` on pages that are staged already: what is left is the SQL.
fn congruent(stand: &Stand, size: usize, figures: &mut Figures) {
    for _ in 0..3 {
        stand.prepare(FORGET_ORDERS);
        for name in [CONGRUENT, CONGRUENT_AGAIN] {
            let begun = Instant::now();
            let staging = stage(&stand.warehouse, stand.next_run(), &[SHOP]);
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
    note(UNCHANGED, &|| {
        stage_unchanged(stand, size);
    });
}

/// The most that a process has held which did nothing but stage these pages.
fn memory(stand: &Stand, size: usize, figures: &mut Figures) {
    stand.prepare(FORGET_PAGES);
    let output = Command::new(std::env::current_exe().unwrap())
        .env(CHILD_URL, stand.url())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    figures.note(format!("{size:>9}  {NEW}: at most {} in memory", said.trim()));
}

/// What the child does: stages, and says how much memory it took.
pub(crate) fn stage_as_child(url: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let warehouse = Warehouse::connect(parse_url(CHILD_URL, url).unwrap()).await.unwrap();
        stage_pages(&warehouse, RunId(i64::MAX), &[SHOP]).await.unwrap();
    });
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("{}", peak.trim());
}
