//! Corrections since the close, as a part of the report on later days, and months that are closed for some shops only.

use std::collections::BTreeMap;
use std::fs;

use chrono::{Days, TimeDelta};
use etsy_odoo::journal::{self, JournalError};
use etsy_odoo::report::period::{
    Period, PeriodReport, PeriodRequest, load_corrections, load_period,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::closing::{change_orders, close_for};
use super::forms::written;
use super::period::{all_shops, report, spans};
use super::schema::schema_fault;
use super::{full_plan, house, now, settled};

const TITLE: &str = "Corrections since the close";

/// The days after a period, as many as it has.
fn after(period: Period) -> Period {
    let days = Days::new(28);
    let from = period.to.succ_opt().unwrap();
    Period::new(from, from.checked_add_days(days).unwrap()).unwrap()
}

fn is_silent(report: &PeriodReport) -> bool {
    report.corrections.is_empty()
        && !report.to_text().contains(TITLE)
        && !report.to_html().unwrap().contains(TITLE)
}

/// Figures and sums by shop, currency, place and figure.
type Moved = BTreeMap<(String, String, String, String), (i64, Decimal)>;

fn moved(report: &PeriodReport) -> Moved {
    report
        .corrections
        .iter()
        .map(|sum| {
            let key = (
                sum.shop.name.clone(),
                sum.currency.to_string(),
                sum.place.clone(),
                sum.figure.clone(),
            );
            (key, (sum.figures(), sum.change.normalize()))
        })
        .collect()
}

#[tokio::test]
async fn later_days_tell_what_closed_months_came_to_since() {
    let house = house(400, 40, 3, 61).await;
    let (accounting, run) = settled(&house).await;
    let (whole, month) = spans(&house).await;
    let shops = all_shops(&house).await;
    close_for(&house, month, shops.clone()).await.unwrap();
    let later = after(month);
    assert!(is_silent(&report(&house, later).await), "nothing has changed yet");

    assert!(change_orders(&accounting, run.0, month).await > 20);
    // a movement that is gone, and one that was not there
    accounting
        .ours
        .execute(
            "update staging.etsy_ledger_entry set created_at = created_at - interval '400 days', changed_in_run = 100000
             where entry_id = (select max(entry_id) from staging.money_entry where class = 'ads'
                 and entered_at >= $1 and entered_at < $2)",
            &[&month.start(), &month.end()],
        )
        .await
        .unwrap();
    house.clock.advance(TimeDelta::days(2));
    let after_that = full_plan(&house).await;

    let closed = journal::closed_months(&house.warehouse).await.unwrap().remove(0);
    let listed = load_corrections(&house.warehouse, &closed, month, after_that.id).await.unwrap();
    let expected: Moved = listed
        .sums()
        .into_iter()
        .map(|((shop, currency, place, figure), (figures, sum))| {
            let key = (shop.to_owned(), currency.to_string(), place.to_owned(), figure.to_owned());
            (key, (figures, sum.normalize()))
        })
        .collect();
    assert!(expected.keys().any(|key| key.3 == "order_total"), "{expected:?}");
    assert!(expected.keys().any(|key| key.2 == "entry" && key.3 == "ads"), "{expected:?}");

    // after it, among others of its days, or all of them: it is told; before it, it is not
    let half = Period::new(month.to - TimeDelta::days(9), later.to).unwrap();
    let inside = Period::new(month.from, month.from).unwrap();
    for period in [later, half, inside, whole] {
        let report = report(&house, period).await;
        assert_eq!(moved(&report), expected, "{period:?}");
        assert!(report.corrections.iter().all(|sum| sum.month == month.from));
        let text = report.to_text();
        assert!(
            text.contains(TITLE) && text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
    }
    let before = Period::new(whole.from, month.from - TimeDelta::days(1)).unwrap();
    assert!(is_silent(&report(&house, before).await));

    let (folder, told, _) = written(&house, later).await;
    let html = fs::read_to_string(folder.path().join("period.html")).unwrap();
    assert!(html.contains("id=\"corrections\"") && html.contains("orders in Odoo"));
    let csv = fs::read_to_string(folder.path().join("period-corrections.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + told.corrections.len());
    let json: Value =
        serde_json::from_slice(&fs::read(folder.path().join("period.json")).unwrap()).unwrap();
    assert_eq!(json["corrections"].as_array().unwrap().len(), told.corrections.len());
    assert_eq!(schema_fault(&json), None);
    let workbook = fs::File::open(folder.path().join("period.xlsx")).unwrap();
    let mut workbook = zip::ZipArchive::new(workbook).unwrap();
    let sheets = std::io::read_to_string(workbook.by_name("xl/workbook.xml").unwrap()).unwrap();
    assert!(sheets.contains("name=\"Corrections\""), "{sheets}");

    // one shop's report tells of its own months only
    let request =
        PeriodRequest { run: after_that.id, shops: vec![shops[0]], period: later, close: None };
    let alone = load_period(&house.warehouse, &request).await.unwrap();
    assert!(!alone.corrections.is_empty());
    assert!(alone.corrections.iter().all(|sum| sum.shop.id == shops[0]));
}

/// A shop whose month is closed cannot be closed again together with others, and they stay open.
#[tokio::test]
async fn months_that_overlap_by_a_shop_are_closed_once() {
    let house = house(120, 30, 3, 62).await;
    let (_, _) = settled(&house).await;
    let (_, month) = spans(&house).await;
    let shops = all_shops(&house).await;
    close_for(&house, month, vec![shops[0]]).await.unwrap();
    let together = close_for(&house, month, shops.clone()).await;
    assert!(matches!(together, Err(JournalError::AlreadyClosed { .. })), "{together:?}");
    let closed = journal::closed_months(&house.warehouse).await.unwrap();
    assert_eq!(closed.iter().map(|closed| closed.shops.clone()).collect::<Vec<_>>(), [[shops[0]]]);
    // two at the same moment: one of them closes it
    let rest = || close_for(&house, month, shops[1..].to_vec());
    let (one, other) = tokio::join!(rest(), rest());
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(journal::closed_months(&house.warehouse).await.unwrap().len(), 2);
    assert!(now(&house) > month.end());
}
