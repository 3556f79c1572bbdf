//! What has come, gone or changed since a month was closed. The closed month itself stays as it is.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use super::csv::CsvSection;
use super::model::{Close, Period};
use super::rows;
use super::table::{CURRENCY, SHOP, Spec, Value, amount, level, number, word};
use super::words;
use crate::db::Warehouse;
use crate::domain::{Currency, RunId};
use crate::journal::ClosedMonth;
use crate::report::layout::{Page, Table};
use crate::report::model::Shop;
use crate::report::read::{Fields, Reader};
use crate::report::words::{change, count, moment};
use crate::report::{ReportError, json};

/// The version of the JSON of corrections.
pub const CORRECTIONS_SCHEMA: &str = "etsy-odoo/corrections/1";

/// The corrections since a close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Corrections {
    /// [`CORRECTIONS_SCHEMA`].
    pub schema: &'static str,
    /// The closed month.
    pub period: Period,
    /// When it was closed, and with what.
    pub close: Close,
    /// The run whose evidence it is held against.
    pub run: RunId,
    /// What changed.
    pub rows: Vec<Correction>,
}

/// A figure that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// Whose.
    pub shop: Shop,
    /// The currency of the amounts.
    pub currency: Currency,
    /// `receipt`, or `entry`: a movement of the payment account.
    pub place: String,
    /// The number of the receipt or the movement.
    pub number: i64,
    /// Which figure of a receipt; of a movement its class.
    pub figure: String,
    /// What it was; nothing: it was not there.
    pub before: Option<Decimal>,
    /// What it is; nothing: it is gone.
    pub after: Option<Decimal>,
    /// By how much.
    pub change: Decimal,
}

impl Correction {
    pub(super) fn read(row: &Fields, shop: Shop) -> Result<Self, ReportError> {
        Ok(Self {
            shop,
            currency: rows::currency(row)?,
            place: row.get("place"),
            number: row.get("number"),
            figure: row.get("figure"),
            before: row.get("before"),
            after: row.get("after"),
            change: row.get("change"),
        })
    }
}

/// How a receipt is named in [`Correction::place`].
pub(super) const RECEIPT: &str = "receipt";

pub(super) const COMPARED: &str = "hold closed months against what is known now";

const CORRECTIONS: Spec = Spec {
    name: "corrections",
    title: "Corrections",
    by_account: true,
    is_rare: false,
    columns: &[
        SHOP,
        CURRENCY,
        word("place", "What"),
        number("number", "Number"),
        word("figure", "Figure"),
        level("before", "When it was closed"),
        level("after", "Now"),
        amount("change", "Change"),
    ],
};

/// Holds a closed month against the evidence of a run.
pub async fn load_corrections(
    warehouse: &Warehouse,
    closed: &ClosedMonth,
    period: Period,
    run: RunId,
) -> Result<Corrections, ReportError> {
    let mut client =
        warehouse.client().await.map_err(|source| ReportError::Database { run, source })?;
    let reader = Reader::begin(&mut client, run).await?;
    let shop_ids: Vec<i64> = closed.shops.iter().map(|shop| shop.0).collect();
    let names = reader.shop_names(&shop_ids).await?;
    let rows = reader
        .query(
            COMPARED,
            sql!("report/period_corrections.sql"),
            &[&[closed.id.0], &run.0, &shop_ids],
        )
        .await?
        .iter()
        .map(|row| Correction::read(row, row.shop(&names)))
        .collect::<Result<_, ReportError>>()?;
    let close = Close { closed_at: closed.closed_at, evidence: closed.evidence.clone() };
    Ok(Corrections { schema: CORRECTIONS_SCHEMA, period, close, run, rows })
}

impl Corrections {
    /// As JSON, with a line end.
    pub fn to_json(&self) -> Result<String, ReportError> {
        json::document(self.run, self)
    }

    /// As CSV, a row for each figure.
    pub fn to_csv(&self) -> Result<String, ReportError> {
        let failed = |source| ReportError::Worksheet { source };
        let mut section = CsvSection::begin(Vec::new(), &CORRECTIONS).map_err(failed)?;
        for row in &self.rows {
            let values: [Value; 8] = [
                (&row.shop).into(),
                row.currency.into(),
                row.place.as_str().into(),
                row.number.into(),
                row.figure.as_str().into(),
                row.before.into(),
                row.after.into(),
                row.change.into(),
            ];
            section.row(&values).map_err(failed)?;
        }
        let bytes = section.end().map_err(|source| failed(source.into()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// For a terminal of 80 columns: sums per shop, currency and figure.
    pub fn to_text(&self) -> String {
        let mut page = Page::default();
        page.title(&format!("Corrections of {}", words::period(self.period)), '=');
        let close = &self.close;
        page.field("Closed", &moment(close.closed_at));
        page.field("Evidence", &format!("SHA-256 {}", close.evidence));
        page.field("Compared", &format!("with run {}", self.run));
        page.gap();
        if self.rows.is_empty() {
            page.words("Nothing has changed since.", "", "");
            return page.into_text();
        }
        let mut table = Table::new(["Changed since", "figures", "by"]);
        for ((shop, currency, place, figure), (figures, amount)) in self.sums() {
            let name = format!("{shop} in {currency}: {figure} of {place}");
            table.row([name, count(figures), change(amount)]);
        }
        page.table(&table);
        page.into_text()
    }

    /// How many figures changed, and by how much, per shop, currency, place and figure.
    pub fn sums(&self) -> BTreeMap<(&str, Currency, &str, &str), (i64, Decimal)> {
        let mut sums = BTreeMap::new();
        for row in &self.rows {
            let key =
                (row.shop.name.as_str(), row.currency, row.place.as_str(), row.figure.as_str());
            let sum = sums.entry(key).or_insert((0, Decimal::ZERO));
            sum.0 += 1;
            sum.1 += row.change;
        }
        sums
    }
}
