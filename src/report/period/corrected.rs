//! Corrections since the close, as a part of the report on later days: what of a closed month is not what it was.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use super::corrections::{COMPARED, Correction, RECEIPT};
use super::load::PeriodReader;
use super::model::{Period, PeriodReport};
use super::words;
use crate::domain::{Currency, ShopId};
use crate::report::ReportError;
use crate::report::html_page::{Block, Cell, HtmlTable, Section};
use crate::report::layout::{Page, Table};
use crate::report::model::Shop;
use crate::report::words::{change, count, moment};

/// How the part is called.
const TITLE: &str = "Corrections since the close";

/// What a figure of a closed month has moved by since, over all its receipts or movements: a part of the report on later days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionSum {
    /// The first day of the closed month.
    pub month: NaiveDate,
    /// When it was closed.
    pub closed_at: DateTime<Utc>,
    /// Whose.
    pub shop: Shop,
    /// The currency of the amounts.
    pub currency: Currency,
    /// `receipt`, or `entry`: a movement of the payment account.
    pub place: String,
    /// Which figure of a receipt; of a movement its class.
    pub figure: String,
    /// How many came: nothing was there when the month was closed.
    pub came: i64,
    /// How many are gone.
    pub gone: i64,
    /// How many are there with another amount.
    pub changed: i64,
    /// By how much, all together.
    pub change: Decimal,
}

impl CorrectionSum {
    /// How many figures are not what they were.
    pub fn figures(&self) -> i64 {
        self.came + self.gone + self.changed
    }

    fn add(&mut self, row: &Correction) {
        match (row.before, row.after) {
            (None, _) => self.came += 1,
            (Some(_), None) => self.gone += 1,
            (Some(_), Some(_)) => self.changed += 1,
        }
        self.change += row.change;
    }
}

impl PeriodReader<'_> {
    /// What came, went or changed since in the closed months of its shops that begin before the period ends.
    pub(super) async fn correction_sums(&self) -> Result<Vec<CorrectionSum>, ReportError> {
        let attempted = "read which months are closed";
        let closed: BTreeMap<(i64, ShopId), (NaiveDate, DateTime<Utc>)> = self
            .reader
            .query(attempted, sql!("report/period_closed.sql"), &[&self.shop_ids, &self.last_day()])
            .await?
            .iter()
            .map(|row| {
                let key = (row.get("close_id"), ShopId(row.get("shop_id")));
                (key, (row.get("month"), row.get("closed_at")))
            })
            .collect();
        let close_ids: BTreeSet<i64> = closed.keys().map(|(close, _)| *close).collect();
        let close_ids: Vec<i64> = close_ids.into_iter().collect();
        if close_ids.is_empty() {
            return Ok(Vec::new());
        }
        let run = self.reader.run.0;
        let mut sums: BTreeMap<_, CorrectionSum> = BTreeMap::new();
        self.each(
            COMPARED,
            sql!("report/period_corrections.sql"),
            &[&close_ids, &run, &self.shop_ids],
            &mut |row| {
                let id = ShopId(row.get("shop_id"));
                let Some((month, closed_at)) = closed.get(&(row.get("close_id"), id)).copied()
                else {
                    return Ok(());
                };
                let row = Correction::read(row, self.named(id))?;
                // receipts before movements, as in the rest of the report
                let is_entry = row.place != RECEIPT;
                let key = (month, id, row.currency, is_entry, row.figure.clone());
                let sum = sums.entry(key).or_insert_with(|| CorrectionSum {
                    month,
                    closed_at,
                    shop: row.shop.clone(),
                    currency: row.currency,
                    place: row.place.clone(),
                    figure: row.figure.clone(),
                    came: 0,
                    gone: 0,
                    changed: 0,
                    change: Decimal::ZERO,
                });
                sum.add(&row);
                Ok(())
            },
        )
        .await?;
        Ok(sums.into_values().collect())
    }
}

/// A closed month in words.
fn month(first: NaiveDate) -> String {
    Period::month_of(first).map_or_else(|| first.to_string(), words::period)
}

/// What a figure is of.
fn name(sum: &CorrectionSum) -> String {
    words::corrected(&sum.place, &sum.figure)
}

impl PeriodReport {
    /// For a terminal, a table for each closed month.
    pub(super) fn write_corrections(&self, page: &mut Page) {
        if self.corrections.is_empty() {
            return;
        }
        page.title(TITLE, '-');
        let mut months: BTreeMap<(NaiveDate, DateTime<Utc>), Vec<&CorrectionSum>> = BTreeMap::new();
        for sum in &self.corrections {
            months.entry((sum.month, sum.closed_at)).or_default().push(sum);
        }
        for ((first, closed_at), sums) in months {
            let head = format!("{}, closed at {}", month(first), moment(closed_at));
            page.words(&head, "", "");
            let mut table = Table::new(["", "came", "gone", "changed", "by"]);
            for sum in sums {
                table.row([
                    format!("{} in {}: {}", sum.shop.name, sum.currency, name(sum)),
                    count(sum.came),
                    count(sum.gone),
                    count(sum.changed),
                    change(sum.change),
                ]);
            }
            page.table(&table);
        }
    }
}

/// For a page, a row for each closed month, account and figure.
pub(super) fn correction_section(sums: &[CorrectionSum]) -> Option<Section> {
    let columns = ["Closed month", "What", ">came", ">gone", ">changed", ">by"];
    let mut table = HtmlTable::wide("What is not as it was when the month was closed", &columns);
    for sum in sums {
        let whose = format!("{} in {}", sum.shop.name, sum.currency);
        let closed = format!("closed at {}", moment(sum.closed_at));
        let cells = vec![
            Cell { below: vec![whose, closed], ..Cell::from(month(sum.month)) },
            Cell::from(name(sum)),
            Cell::from(count(sum.came)),
            Cell::from(count(sum.gone)),
            Cell::from(count(sum.changed)),
            Cell::from(change(sum.change)),
        ];
        table.cells("", cells);
    }
    let told = "Closed months and their kept reports stay as they are. Each figure is in `etsy-odoo report corrections` of its month.";
    (!sums.is_empty()).then(|| Section {
        id: "corrections".to_owned(),
        title: TITLE.to_owned(),
        blocks: vec![Block::Words(told.to_owned()), Block::Table(table)],
        ..Section::default()
    })
}
