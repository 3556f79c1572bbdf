//! The report on a quarter of many receipts in three currencies, eight ledger entries each: all files, text, and the close of a
//! month, beside a bare read of the same rows. Memory is that of a process that does nothing else.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use etsy_odoo::db::{Warehouse, parse_url};
use etsy_odoo::diff::find_breaks;
use etsy_odoo::domain::RunId;
use etsy_odoo::journal::{MonthToClose, close_month, freeze_month};
use etsy_odoo::report::period::{
    Close, Period, PeriodFormat, PeriodRequest, load_period, write_period,
};
use etsy_odoo::stage::{Entries, keep_money, lay_out_money};
use futures_util::TryStreamExt as _;

use crate::alone::CHILD_URL;
use crate::figures::Figures;
use crate::stage::child;
use crate::stand::{SHOP, Stand};

const BARE: &str = "bare read: COPY of the quarter's receipts and movements to nowhere";
const FILES: &str = "report on a quarter: html, xlsx, csv and json";
const TEXT: &str = "report on a quarter: text";
const CLOSED: &str = "close of a month: frozen, all forms made and kept";

const ROUNDS: usize = 5;
const RUN: RunId = RunId(1);

/// What `--format html,xlsx,csv,json` asks for.
const FORMATS: &[PeriodFormat] =
    &[PeriodFormat::Html, PeriodFormat::Xlsx, PeriodFormat::Csv, PeriodFormat::Json];

/// Measures one size, in receipts.
pub(crate) fn bench(stand: &Stand, size: usize, figures: &mut Figures) {
    let entries = fill(stand, size);
    figures.note(format!("{size:>9}  the quarter has {entries} movements"));
    for _ in 0..ROUNDS {
        let mut took = |name: &str, begun: Instant| figures.took(name, size, begun.elapsed());
        let begun = Instant::now();
        bare_read(stand);
        took(BARE, begun);
        let begun = Instant::now();
        stand.runtime.block_on(files(&stand.warehouse));
        took(FILES, begun);
        let begun = Instant::now();
        let report = stand.runtime.block_on(load_period(&stand.warehouse, &request(quarter())));
        assert!(report.unwrap().to_text().contains("every sum foots"));
        took(TEXT, begun);
        let begun = Instant::now();
        stand.runtime.block_on(close(&stand.warehouse));
        took(CLOSED, begun);
        stand.prepare(
            "truncate journal.closed_month, journal.period_close, journal.period_receipt, journal.period_entry,
                 journal.period_file",
        );
    }
    figures.ratio(FILES, BARE, size);
    let peak = child(stand, "period");
    figures.note(format!("{size:>9}  {FILES}: at most {} in memory", peak.trim()));
    let peak = child(stand, "close");
    figures.note(format!("{size:>9}  {CLOSED}: at most {} in memory", peak.trim()));
    stand.prepare(CLEARED);
}

/// What the child does, once.
pub(crate) fn peak(url: &str, purpose: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let warehouse = Warehouse::connect(parse_url(CHILD_URL, url).unwrap()).await.unwrap();
        match purpose {
            "close" => close(&warehouse).await,
            _ => files(&warehouse).await,
        }
    });
}

const CLEARED: &str = "
    truncate staging.etsy_receipt, staging.etsy_transaction, staging.etsy_order, staging.odoo_order, staging.etsy_payment,
        staging.etsy_ledger_entry, staging.receipt_money, staging.money_entry, staging.settlement, staging.money_kept,
        staging.ledger_class, diff.break, diff.break_search, snapshot.odoo_invoice, snapshot.watermark, snapshot.import,
        snapshot.ledger_start, snapshot.odoo_read, journal.run cascade;
    drop table if exists public.sale";

/// Fills both sides and the payment accounts, and lets the program class, lay out and search them. Gives the movements.
fn fill(stand: &Stand, size: usize) -> i64 {
    stand.prepare(CLEARED);
    stand.prepare(
        "create unlogged table public.sale (
             shop_id bigint, n bigint, receipt_id bigint, payment_id bigint, currency text, country text,
             created_at timestamptz, is_cancelled boolean, is_refunded boolean, price bigint, tax bigint
         )",
    );
    let receipts = i64::try_from(size).unwrap();
    stand.runtime.block_on(async {
        let client = &stand.client;
        let sales = include_str!("sql/quarter_sales.sql");
        client.execute(sales, &[&SHOP.0, &receipts]).await.unwrap();
        for statement in [
            include_str!("sql/quarter_receipts.sql"),
            include_str!("sql/quarter_lines.sql"),
            include_str!("sql/quarter_payments.sql"),
            include_str!("sql/quarter_ledger.sql"),
            include_str!("sql/quarter_orders.sql"),
        ] {
            client.execute(statement, &[]).await.unwrap();
        }
        client.execute(include_str!("sql/quarter_odoo.sql"), &[&RUN.0]).await.unwrap();
        client.execute(include_str!("sql/quarter_invoices.sql"), &[&RUN.0]).await.unwrap();
        let evidence = include_str!("sql/quarter_evidence.sql");
        client.execute(evidence, &[&SHOP.0, &RUN.0]).await.unwrap();
    });
    stand.prepare("vacuum (analyze)");
    stand.runtime.block_on(async {
        keep_money(&stand.warehouse, RUN, &[SHOP], Entries::All).await.unwrap();
        lay_out_money(&stand.warehouse, RUN, &[SHOP]).await.unwrap();
        let now: DateTime<Utc> = "2026-10-08T00:00:00Z".parse().unwrap();
        find_breaks(&stand.warehouse, RUN, &[SHOP], now).await.unwrap();
    });
    stand.prepare("vacuum (analyze)");
    let counted = "select count(*) from staging.money_entry";
    stand.runtime.block_on(stand.client.query_one(counted, &[])).unwrap().get(0)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn quarter() -> Period {
    Period::new(day("2026-07-01"), day("2026-09-30")).unwrap()
}

fn request(period: Period) -> PeriodRequest {
    PeriodRequest { run: RUN, shops: vec![SHOP], period, close: None }
}

/// The rows that the report lists, as they go over the wire.
fn bare_read(stand: &Stand) {
    stand.runtime.block_on(async {
        for rows in [
            "staging.receipt_money where received_at >= '2026-07-01' and received_at < '2026-10-01'",
            "staging.money_entry where entered_at >= '2026-07-01' and entered_at < '2026-10-01'",
        ] {
            let outward = format!("copy (select * from {rows}) to stdout (format binary)");
            let mut stream = Box::pin(stand.client.copy_out(&outward).await.unwrap());
            while stream.try_next().await.unwrap().is_some() {}
        }
    });
}

async fn files(warehouse: &Warehouse) {
    let folder = tempfile::tempdir().unwrap();
    let request = request(quarter());
    let written = write_period(warehouse, &request, folder.path(), "quarter", FORMATS).await;
    let (report, _) = written.unwrap();
    assert!(report.evidence.complete && report.foots && report.breaks.total > 0);
}

/// What `report close` does with a month of the quarter.
async fn close(warehouse: &Warehouse) {
    let month = Period::month_of(day("2026-08-01")).unwrap();
    let now: DateTime<Utc> = "2026-10-08T00:00:00Z".parse().unwrap();
    let asked = MonthToClose {
        run: RUN,
        shops: vec![SHOP],
        month: month.from,
        from: month.start(),
        until: month.end(),
    };
    let frozen = freeze_month(warehouse, &asked, now).await.unwrap();
    let close = Some(Close { closed_at: now, evidence: frozen.evidence.clone() });
    let request = PeriodRequest { close, ..request(month) };
    let folder = tempfile::tempdir().unwrap();
    let (_, paths) =
        write_period(warehouse, &request, folder.path(), "month", PeriodFormat::ALL).await.unwrap();
    close_month(warehouse, &frozen, &asked, &paths, now).await.unwrap();
}
