//! Findings about entries for the books, with everything that a decision needs.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use tokio_postgres::Row;

use super::DiffError;
use super::findings::{FindingStream, verdict};
use crate::db::Warehouse;
use crate::domain::{
    EntryObstacle, EntryStanding, LineUse, MoneyClass, RunId, ShopId, Subject, UnknownWord, Verdict,
};

/// An entry for the books that does not agree.
#[derive(Debug, Clone, PartialEq)]
pub struct BookFinding {
    /// Whose it is.
    pub shop: ShopId,
    /// The key, which is the external id without its module.
    pub key: String,
    /// How the sides stand.
    pub verdict: Verdict,
    /// What differs: `cancelled`, `total`, `currency`.
    pub differences: Vec<String>,
    /// The code of the currency.
    pub currency: String,
    /// What is to be booked; nothing: the payment account has no such entry.
    pub due: Option<DueEntry>,
    /// The entry in Odoo.
    pub there: Option<EntryInOdoo>,
    /// Whether an earlier run made it.
    pub was_made: bool,
}

/// An entry as the payment account has it.
#[derive(Debug, Clone, PartialEq)]
pub struct DueEntry {
    /// The payout or recoupment, and its ledger entry; nothing: it is the rest of a month.
    pub settlement: Option<(MoneyClass, i64)>,
    /// Its date.
    pub dated_on: NaiveDate,
    /// When the first of its movements was.
    pub first_at: DateTime<Utc>,
    /// When the last one was.
    pub last_at: DateTime<Utc>,
    /// What its debits come to; nothing: nobody knows.
    pub total: Option<Decimal>,
    /// The same in the company's currency.
    pub company_total: Option<Decimal>,
    /// Whether it is due.
    pub standing: EntryStanding,
    /// Why it cannot be made.
    pub obstacle: Option<EntryObstacle>,
    /// What of: accounts, and the like.
    pub detail: String,
    /// Odoo's company.
    pub company_id: Option<i32>,
    /// Odoo's journal.
    pub journal_id: Option<i32>,
    /// Odoo's currency.
    pub currency_id: Option<i32>,
    /// Its lines, in order.
    pub lines: Vec<DueLine>,
}

/// A line of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct DueLine {
    /// What it is.
    #[serde(rename = "use")]
    pub used_for: LineUse,
    /// How many movements it sums up.
    pub entries: i64,
    /// Above zero a debit, below a credit.
    pub amount: Decimal,
    /// The same in the company's currency.
    pub company_amount: Option<Decimal>,
    /// Odoo's account.
    pub account_id: Option<i32>,
    /// Its code.
    pub account_code: Option<String>,
}

/// An entry in Odoo.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryInOdoo {
    /// Its number; a draft has none.
    pub name: Option<String>,
    /// `draft`, `posted` or `cancel`.
    pub state: String,
    /// What its debits come to.
    pub total: Decimal,
}

/// The findings of a run about entries for the books, by shop, day and key.
pub async fn book_findings(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<FindingStream<BookFinding>, DiffError> {
    let statement = sql!("diff/book_findings.sql");
    FindingStream::open(warehouse, run, Subject::Books, statement, finding).await
}

fn finding(run: RunId, row: &Row) -> Result<BookFinding, DiffError> {
    let there = row.get::<_, Option<String>>("odoo_state").map(|state| EntryInOdoo {
        name: row.get("odoo_name"),
        state,
        total: row.get::<_, Option<Decimal>>("odoo_amount").unwrap_or_default(),
    });
    Ok(BookFinding {
        shop: ShopId(row.get("shop_id")),
        key: row.get("key"),
        verdict: verdict(run, row)?,
        differences: row.get("differences"),
        currency: row.get("currency"),
        due: due(run, row)?,
        there,
        was_made: row.get("was_made"),
    })
}

fn settlement(row: &Row) -> Result<Option<(MoneyClass, i64)>, UnknownWord> {
    let class = row.get::<_, Option<&str>>("settled_by").map(str::parse).transpose()?;
    Ok(class.zip(row.get("settlement_id")))
}

fn due(run: RunId, row: &Row) -> Result<Option<DueEntry>, DiffError> {
    let word = |source: UnknownWord| DiffError::Word { run, source };
    let Some(standing) = row.get::<_, Option<&str>>("standing") else { return Ok(None) };
    Ok(Some(DueEntry {
        settlement: settlement(row).map_err(word)?,
        dated_on: row.get("dated_on"),
        first_at: row.get("first_at"),
        last_at: row.get("last_at"),
        total: row.get("total"),
        company_total: row.get("company_total"),
        standing: standing.parse().map_err(word)?,
        obstacle: row
            .get::<_, Option<&str>>("obstacle")
            .map(str::parse)
            .transpose()
            .map_err(word)?,
        detail: row.get("detail"),
        company_id: row.get("company_id"),
        journal_id: row.get("journal_id"),
        currency_id: row.get("currency_id"),
        lines: serde_json::from_value(row.get("lines"))
            .map_err(|source| DiffError::BookLines { key: row.get("key"), source })?,
    }))
}
