//! The report on days: its sums foot, they are those of the raw pages, and what does not fit is said.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, Months, NaiveDate, TimeDelta};
use etsy_odoo::domain::{Clock as _, MoneyClass, RunId, ShopId};
use etsy_odoo::report::period::{
    LackKind, Period, PeriodReport, PeriodRequest, StepKind, TieName, last_money_run, load_period,
    money_span,
};
use rust_decimal::Decimal;

use super::breaks::plant_forty;
use super::evidence::{self, Sums, add};
use super::{found, full_plan, house, now, settled};
use crate::support::{Accounting, House};

pub(super) async fn all_shops(house: &House) -> Vec<ShopId> {
    house.shops().await.iter().map(|shop| shop.id).collect()
}

/// The report on these days, for all shops, by the evidence of the last run.
pub(super) async fn report(house: &House, period: Period) -> PeriodReport {
    let shops = all_shops(house).await;
    let run = last_money_run(&house.warehouse, &shops).await.unwrap().unwrap();
    load_period(&house.warehouse, &PeriodRequest { run, shops, period, close: None }).await.unwrap()
}

/// All days that anything is known of, and the calendar month in their middle.
pub(super) async fn spans(house: &House) -> (Period, Period) {
    let shops = all_shops(house).await;
    let run = last_money_run(&house.warehouse, &shops).await.unwrap().unwrap();
    let (first, last) = money_span(&house.warehouse, run, &shops).await.unwrap().unwrap();
    let middle = first + (last - first) / 2;
    let first_of_month = middle.with_day(1).unwrap();
    let end = first_of_month.checked_add_months(Months::new(1)).unwrap().pred_opt().unwrap();
    (Period::new(first, last).unwrap(), Period::new(first_of_month, end).unwrap())
}

fn day_of(seconds: &serde_json::Value) -> NaiveDate {
    DateTime::from_timestamp(seconds.as_i64().unwrap(), 0).unwrap().date_naive()
}

/// The rows of the pages as Etsy sent them, by shop and number.
struct Pages {
    entries: BTreeMap<(i64, i64), serde_json::Value>,
    receipts: BTreeMap<(i64, i64), serde_json::Value>,
}

impl Pages {
    async fn read(accounting: &Accounting) -> Self {
        let streams = ["receipts_created", "receipts", "cancelled_receipts", "receipts_named"];
        Self {
            entries: evidence::rows(accounting, &["ledger"], "entry_id").await,
            receipts: evidence::rows(accounting, &streams, "receipt_id").await,
        }
    }
}

/// What a report has to come to, from the pages as Etsy sent them: by shop, currency and word.
fn by_the_pages(pages: &Pages, period: Period) -> (Sums, Sums) {
    let (mut moved, mut placed) = (Sums::new(), Sums::new());
    for ((shop, _), entry) in &pages.entries {
        let shop = *shop;
        let currency = entry["currency"].as_str().unwrap();
        let amount = Decimal::new(entry["amount"].as_i64().unwrap(), evidence::decimals(currency));
        let day = day_of(&entry["created_timestamp"]);
        if day < period.from {
            add(&mut moved, shop, currency, "opening", amount);
        } else if day <= period.to {
            let class = evidence::class(entry["ledger_type"].as_str().unwrap());
            add(&mut moved, shop, currency, class, amount);
        }
    }
    for ((shop, _), receipt) in &pages.receipts {
        let shop = *shop;
        let day = day_of(&receipt["created_timestamp"]);
        if day < period.from || day > period.to {
            continue;
        }
        let total = &receipt["grandtotal"];
        let currency = total["currency_code"].as_str().unwrap();
        add(&mut placed, shop, currency, "total", evidence::money(total));
        let refunds = receipt["refunds"].as_array().unwrap();
        if !refunds.is_empty() {
            let refunded = refunds.iter().map(|each| evidence::money(&each["amount"])).sum();
            add(&mut placed, shop, currency, "refunded", refunded);
        }
    }
    (moved, placed)
}

/// The same figures as the report has them.
fn by_the_report(report: &PeriodReport) -> (Sums, Sums) {
    let (mut moved, mut placed) = (Sums::new(), Sums::new());
    for account in &report.accounts {
        let key = |word: &str| (account.shop.id.0, account.currency.to_string(), word.to_owned());
        moved.insert(key("opening"), (0, account.opening.normalize()));
        for movement in &account.movements {
            let sum = moved.entry(key(movement.class.as_str())).or_default();
            *sum = (sum.0 + movement.entries, (sum.1 + movement.amount).normalize());
        }
        for (name, word) in [(TieName::Order, "total"), (TieName::Refund, "refunded")] {
            let tie = account.ties.iter().find(|tie| tie.tie == name).unwrap();
            if tie.first.count > 0 {
                placed.insert(key(word), (tie.first.count, tie.first.amount.normalize()));
            }
        }
    }
    (moved, placed)
}

fn expect_the_same(period: Period, ours: &Sums, raw: &Sums) {
    let known = |sums: &Sums| -> BTreeMap<_, _> {
        sums.iter()
            .map(|(key, (count, sum))| {
                // an opening balance is not counted, and none is the same as zero
                (key.clone(), (if key.2 == "opening" { 0 } else { *count }, *sum))
            })
            .filter(|(key, (_, sum))| key.2 != "opening" || !sum.is_zero())
            .collect()
    };
    assert_eq!(known(ours), known(raw), "{period:?}");
}

/// Every break is in the list, and what no rule explains is a break.
pub(super) fn unexplained_are_breaks(report: &PeriodReport) {
    let listed: BTreeSet<_> = report.breaks.rows.iter().map(|row| row.kind).collect();
    for account in &report.accounts {
        for tie in &account.ties {
            for step in tie.steps.iter().filter(|step| step.answer == StepKind::Unexplained) {
                assert!(step.kind.is_some(), "{:?}: {step:?}", tie.tie);
                let kind = step.kind.unwrap();
                assert!(listed.contains(&kind), "{kind:?} is in {:?} and in no list", tie.tie);
            }
        }
    }
}

#[tokio::test]
async fn every_period_is_what_the_pages_come_to() {
    let house = house(300, 40, 3, 31).await;
    let (accounting, run) = settled(&house).await;
    let (whole, month) = spans(&house).await;
    let one_day = Period::new(month.from, month.from).unwrap();
    periods_are_what_the_pages_come_to(&house, &accounting, run, &[whole, month, one_day]).await;
}

/// Every calendar month that days lie in.
pub(super) fn months(whole: Period) -> Vec<Period> {
    let firsts: BTreeSet<NaiveDate> = whole.days().map(|day| day.with_day(1).unwrap()).collect();
    firsts.into_iter().map(|first| Period::month_of(first).unwrap()).collect()
}

/// Holds reports on these days against the pages, figure by figure. In a house where all is in order.
pub(super) async fn periods_are_what_the_pages_come_to(
    house: &House,
    accounting: &Accounting,
    run: RunId,
    periods: &[Period],
) {
    let pages = Pages::read(accounting).await;
    let mut currencies = BTreeSet::new();
    for period in periods.iter().copied() {
        let report = report(house, period).await;
        assert_eq!(report.source.run, run);
        assert_eq!(report.broken_sums, [], "{period:?}");
        let (moved, placed) = by_the_pages(&pages, period);
        let (our_moved, our_placed) = by_the_report(&report);
        expect_the_same(period, &our_moved, &moved);
        expect_the_same(period, &our_placed, &placed);
        for account in &report.accounts {
            currencies.insert(account.currency);
            assert_eq!(account.unexplained().count, 0, "{period:?}: {:?}", account.ties);
            let closing = account.opening
                + account.movements.iter().map(|movement| movement.amount).sum::<Decimal>();
            assert_eq!(account.closing, closing);
        }
        assert_eq!(report.breaks.total, 0);
    }
    assert!(currencies.len() >= 3, "{currencies:?}");
}

#[tokio::test]
async fn a_period_is_complete_when_both_sides_were_read_after_its_end() {
    let house = house(80, 30, 2, 32).await;
    let (_, run) = settled(&house).await;
    let (whole, month) = spans(&house).await;
    let complete = report(&house, month).await;
    assert!(complete.evidence.complete, "{:?}", complete.evidence);
    assert!(complete.to_text().contains("The evidence of the period is complete"));

    let tomorrow = now(&house).date_naive() + TimeDelta::days(1);
    let running = report(&house, Period::new(month.from, tomorrow).unwrap()).await;
    assert!(!running.evidence.complete);
    let said = running.to_text();
    let first = said.lines().find(|line| line.contains("Not to be signed")).unwrap();
    assert!(first.contains("evidence"), "{first}");
    let lacks: BTreeSet<LackKind> = running.evidence.lacks.iter().map(|lack| lack.lack).collect();
    for lack in [LackKind::ReceiptsUntil, LackKind::LedgerUntil, LackKind::OdooUntil] {
        assert!(lacks.contains(&lack), "{lacks:?}");
    }

    let before = Period::new(whole.from - TimeDelta::days(2_000), whole.from).unwrap();
    let lacks = report(&house, before).await.evidence.lacks;
    assert!(lacks.iter().any(|lack| lack.lack == LackKind::LedgerFrom), "{lacks:?}");

    // a shop whose money was not laid out is said to be missing, and the others are there
    let mut shops = all_shops(&house).await;
    shops.push(ShopId(17));
    let request = PeriodRequest { run, shops, period: month, close: None };
    let lacks = load_period(&house.warehouse, &request).await.unwrap().evidence.lacks;
    assert!(
        lacks
            .iter()
            .any(|lack| lack.shop.id == ShopId(17) && lack.lack == LackKind::MoneyNotLaidOut),
        "{lacks:?}"
    );
}

#[tokio::test]
async fn what_is_wrong_in_a_period_is_listed_and_no_more() {
    let house = house(600, 60, 3, 33).await;
    let (accounting, second) = settled(&house).await;
    let planted = plant_forty(&house, &accounting, second).await;
    house.clock.advance(TimeDelta::hours(1));
    let third = full_plan(&house).await;
    assert_eq!(found(&accounting, third.id).await, planted);
    let (whole, _) = spans(&house).await;
    let report = report(&house, whole).await;
    let listed: BTreeSet<_> = report
        .breaks
        .rows
        .iter()
        .map(|row| (row.shop.id.0, row.kind.as_str().to_owned(), row.key.clone()))
        .collect();
    assert_eq!(listed, planted);
    assert!(report.breaks.rows.iter().all(|row| row.break_id.is_some() && !row.remedy.is_empty()));
    unexplained_are_breaks(&report);
    // a chain that is broken is a sum that does not foot, and nothing else is one
    let chains: BTreeSet<i64> =
        planted.iter().filter(|each| each.1 == "broken_chain").map(|each| each.0).collect();
    assert!(!report.foots);
    for account in &report.accounts {
        let name = format!("{} in {}", account.shop.name, account.currency);
        let is_broken = report.broken_sums.iter().any(|sum| format!("{sum:?}").contains(&name));
        assert!(!is_broken || chains.contains(&account.shop.id.0), "{:?}", report.broken_sums);
    }
    assert!(report.to_text().contains("Not to be signed"));
    // the unknown type is in suspense, not in nothing
    let suspense: i64 = report
        .accounts
        .iter()
        .flat_map(|account| &account.waterfall)
        .filter(|line| line.class == MoneyClass::Suspense)
        .map(|line| line.entries)
        .sum();
    assert!(suspense >= 2, "{suspense}");
    ties_foot(&report);
}

/// Each tie leads from its first total to its second, in every month as well.
fn ties_foot(report: &PeriodReport) {
    for account in &report.accounts {
        for tie in account.ties.iter().chain(account.months.iter().flat_map(|month| &month.ties)) {
            let steps: Decimal = tie.steps.iter().map(|step| step.amount).sum();
            assert_eq!(tie.first.amount + steps, tie.second.amount, "{:?}", tie.tie);
        }
    }
}

/// The same rows give the same values whatever the clock says.
#[tokio::test]
async fn a_report_reads_no_clock() {
    let house = house(60, 20, 1, 34).await;
    let (_, _) = settled(&house).await;
    let (whole, _) = spans(&house).await;
    let one = report(&house, whole).await;
    house.clock.advance(TimeDelta::days(400));
    assert_eq!(report(&house, whole).await, one);
}

/// A period in which nothing happened is empty and foots.
#[tokio::test]
async fn a_period_before_everything_is_empty() {
    let house = house(30, 20, 1, 35).await;
    let (_, run): (_, RunId) = settled(&house).await;
    let long_ago = NaiveDate::from_ymd_opt(2001, 2, 3).unwrap();
    let report = report(&house, Period::new(long_ago, long_ago).unwrap()).await;
    assert_eq!(report.source.run, run);
    assert!(report.foots && !report.evidence.complete);
    assert_eq!(report.receipts.total + report.entries.total + report.breaks.total, 0);
    assert!(report.to_html().unwrap().contains("Not to be signed"));
    assert!(house.clock.now().year() > 2001);
}
