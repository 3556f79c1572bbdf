//! Closed months: frozen for ever, and what comes later is a correction.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use etsy_odoo::domain::ShopId;
use etsy_odoo::journal::{self, JournalError, MonthToClose};
use etsy_odoo::report::period::{
    Close, Period, PeriodFormat, PeriodRequest, PeriodState, load_corrections, load_period,
    write_closed, write_period,
};
use rust_decimal::Decimal;

use super::period::{all_shops, report, spans};
use super::{full_plan, house, now, settled};
use crate::support::{Accounting, House, Office, transcript};

/// Closes a month as `report close` does. Gives the report that was kept.
async fn close(house: &House, month: Period) -> Result<tempfile::TempDir, JournalError> {
    close_for(house, month, all_shops(house).await).await
}

/// The same for some shops.
pub(super) async fn close_for(
    house: &House,
    month: Period,
    shops: Vec<ShopId>,
) -> Result<tempfile::TempDir, JournalError> {
    let run = report(house, month).await.source.run;
    let asked = MonthToClose {
        run,
        shops: shops.clone(),
        month: month.from,
        from: month.start(),
        until: month.end(),
    };
    let frozen = journal::freeze_month(&house.warehouse, &asked, now(house)).await?;
    let close = Close { closed_at: now(house), evidence: frozen.evidence.clone() };
    let request = PeriodRequest { run, shops, period: month, close: Some(close) };
    let folder = tempfile::tempdir().unwrap();
    let (written, paths) =
        write_period(&house.warehouse, &request, folder.path(), "month", PeriodFormat::ALL)
            .await
            .unwrap();
    assert_eq!(written.state, PeriodState::Closed);
    journal::close_month(&house.warehouse, &frozen, &asked, &paths, now(house)).await?;
    Ok(folder)
}

/// The names and the bytes of the files of a folder.
fn files(folder: &Path) -> BTreeSet<(String, Vec<u8>)> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Orders of the month in Odoo that are changed, by how much.
pub(super) async fn change_orders(accounting: &Accounting, run: i64, month: Period) -> u64 {
    let keys: Vec<String> = accounting
        .ours
        .query(
            "select receipt_id::text from staging.receipt_money
             where run_id = $1 and received_at >= $2 and received_at < $3 and order_total is not null",
            &[&run, &month.start(), &month.end()],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    accounting
        .odoo
        .execute(
            "update sale_order set amount_total = amount_total + 70, amount_untaxed = amount_untaxed + 70
             where x_etsy_receipt_id = any($1)",
            &[&keys],
        )
        .await
        .unwrap()
}

#[tokio::test]
async fn a_closed_month_stays_what_it_was_after_a_thousand_changes() {
    let house = house(1_200, 60, 3, 51).await;
    let (accounting, run) = settled(&house).await;
    let (_, month) = spans(&house).await;
    assert_eq!(report(&house, month).await.against_closing(), [""; 0]);
    let kept = close(&house, month).await.unwrap();
    assert!(matches!(close(&house, month).await, Err(JournalError::AlreadyClosed { .. })));
    let closed = journal::closed_months(&house.warehouse).await.unwrap().remove(0);
    assert_eq!((closed.month, &closed.shops), (month.from, &all_shops(&house).await));

    // every order of that month, and a thousand other things
    let changed = change_orders(&accounting, run.0, month).await;
    assert!(changed > 50, "{changed}");
    let others =
        "update sale_order set amount_total = amount_total + 1 where x_etsy_receipt_id is not null";
    assert!(accounting.odoo.execute(others, &[]).await.unwrap() + changed > 1_000);
    {
        let (mut world, now) = (house.pair.world.lock().await, now(&house));
        world.refund(40, now);
        world.buy(60, now);
        world.cancel(20, now);
    }
    house.clock.advance(TimeDelta::days(2));
    let later = full_plan(&house).await;

    let again = tempfile::tempdir().unwrap();
    let formats = PeriodFormat::ALL;
    let paths = write_closed(&house.warehouse, &closed, again.path(), formats).await.unwrap();
    assert_eq!(paths.len(), 16);
    assert!(files(again.path()) == files(kept.path()), "the kept files are what was written");

    let corrections = load_corrections(&house.warehouse, &closed, month, later.id).await.unwrap();
    let orders: Vec<_> =
        corrections.rows.iter().filter(|row| row.figure == "order_total").collect();
    assert_eq!(u64::try_from(orders.len()).unwrap(), changed);
    assert!(orders.iter().all(|row| row.change == Decimal::from(71)), "{orders:?}");
    // the movements of that month are what they were
    assert!(corrections.rows.iter().all(|row| row.place == "receipt"), "{corrections:?}");
    assert!(corrections.to_text().contains("order_total of receipt"));

    // the live figures moved on, and every change of theirs is in the corrections
    let request =
        PeriodRequest { run: later.id, shops: closed.shops.clone(), period: month, close: None };
    let live = load_period(&house.warehouse, &request).await.unwrap();
    assert!(live.breaks.total > 0);
    let (before, after) = (receipts_sum(&accounting, closed.id.0).await, live_sum(&live));
    let by: Decimal = orders.iter().map(|row| row.change).sum();
    assert_eq!(before + by, after);
}

async fn receipts_sum(accounting: &Accounting, close: i64) -> Decimal {
    accounting
        .ours
        .query_one(
            "select sum(order_total) from journal.period_receipt where close_id = $1",
            &[&close],
        )
        .await
        .unwrap()
        .get(0)
}

/// What orders come to, over all accounts: only to be held against the same sum.
fn live_sum(report: &etsy_odoo::report::period::PeriodReport) -> Decimal {
    report
        .accounts
        .iter()
        .map(|account| account.days.iter().map(|day| day.figures.orders.amount).sum::<Decimal>())
        .sum()
}

/// The hash is that of the rows: the same rows give it again, another cent another one.
#[tokio::test]
async fn the_evidence_hash_knows_every_cent() {
    let house = house(80, 30, 2, 52).await;
    let (accounting, run) = settled(&house).await;
    let (_, month) = spans(&house).await;
    let asked = MonthToClose {
        run,
        shops: all_shops(&house).await,
        month: month.from,
        from: month.start(),
        until: month.end(),
    };
    let hash = || async {
        journal::freeze_month(&house.warehouse, &asked, now(&house)).await.unwrap().evidence
    };
    let first = hash().await;
    assert_eq!(first.len(), 64);
    assert_eq!(hash().await, first);
    let moved = "update staging.money_entry set amount = amount + 0.01 where entry_id = (
        select min(entry_id) from staging.money_entry where entered_at >= $1 and currency <> 'JPY')";
    accounting.ours.execute(moved, &[&month.start()]).await.unwrap();
    assert_ne!(hash().await, first);
    // what was only frozen is not closed
    assert_eq!(journal::closed_months(&house.warehouse).await.unwrap(), []);
}

/// `report close` as a person runs it.
#[tokio::test]
async fn a_month_is_closed_once_and_reported_as_it_was() {
    let office = Office::ready(1).await;
    let name = office.shops[0].name.clone();
    let program = &office.program;
    let days = "report --from 2025-09-01 --to 2025-09-30 --format html,xlsx,csv,json,text";
    let nothing = program.run("report close 2025-09").await.expect_one_error(78);
    program.run(&format!("shop set {name} ledger_from=2024-01-01")).await.expect(0);
    program.run("run --full --allow-large-plan").await.expect(0);
    program.run("run --full").await.expect(0);
    let mut endings = vec![
        nothing,
        program.run("report close 2025-9").await.expect(78),
        program.run("report close 2035-09").await.expect_one_error(78),
        program.run("report corrections 2025-09").await.expect_one_error(78),
    ];
    program.run(&format!("{days} --out open")).await.expect(0);
    // while another run or close is under way it waits for its turn, and nothing is closed
    let warehouse = office.warehouse().await;
    let other = warehouse.lock_run().await.unwrap();
    let meanwhile = program.run("report close 2025-09").await.expect_one_error(75);
    assert!(meanwhile.stderr.contains("another run is under way"), "{}", meanwhile.stderr);
    assert!(journal::closed_months(&warehouse).await.unwrap().is_empty());
    other.release().await;
    let closed = program.run("report close 2025-09").await.expect(0);
    assert!(closed.stdout.starts_with("September 2025 is closed; evidence SHA-256 "));
    endings.push(program.run("report close 2025-09").await.expect_one_error(78));
    program.run(&format!("{days} --out one")).await.expect(0);
    endings.push(program.run("report corrections 2025-09 --format csv").await.expect(0));
    office
        .in_odoo("update sale_order set amount_total = amount_total + 70 where x_etsy_receipt_id is not null")
        .await;
    let plan = program.run("plan --full").await;
    assert!(matches!(plan.code, Some(0 | 2 | 3)), "{}", plan.transcript());
    let listed = program.run(&format!("{days} --out two")).await.expect(0);
    assert_eq!(listed.stdout.lines().count(), 16, "{}", listed.stdout);
    assert!(files(&program.path("one")) == files(&program.path("two")), "byte for byte");
    assert_eq!(files(&program.path("open")).len(), 16);
    assert!(!program.path("data/closing-1").exists(), "nothing is left behind");
    let text = program.run("report --from 2025-09-01 --to 2025-09-30").await.expect(0);
    assert!(text.stdout.contains("closed at"), "{}", text.stdout);
    let corrections = program.run("report corrections 2025-09").await.expect(0);
    assert!(corrections.stdout.contains("order_total of receipt"), "{}", corrections.stdout);
    for ending in &endings {
        office.expect_discretion(&ending.said).await;
    }
    insta::assert_snapshot!("closing", transcript(&endings));
}
