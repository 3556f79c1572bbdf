//! The action on the books. An action is complete: execution has nothing left to choose.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::{Currency, LineUse};

/// A line of an entry for the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryLine {
    /// What it is.
    #[serde(rename = "use")]
    pub used_for: LineUse,
    /// The text of the line.
    pub name: String,
    /// Odoo's `account.account`.
    pub account_id: i32,
    /// Its code, for people.
    pub account_code: String,
    /// In the currency of the payment account; above zero a debit, below a credit.
    pub amount: Decimal,
    /// The same in the company's currency.
    pub company_amount: Decimal,
}

/// Creates a draft of an `account.move`. It is made once, under its external id, and never posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateEntry {
    /// The full external id (`etsy.payout_…`, `etsy.month_…`).
    pub external_id: String,
    /// The shop's company.
    pub company_id: i32,
    /// Odoo's `account.journal`.
    pub journal_id: i32,
    /// Its date.
    pub dated_on: NaiveDate,
    /// Its reference, for people.
    pub reference: String,
    /// The currency of the payment account.
    pub currency: Currency,
    /// Odoo's `res.currency`.
    pub currency_id: i32,
    /// What its debits come to, and its credits.
    pub total: Decimal,
    /// The same in the company's currency.
    pub company_total: Decimal,
    /// The lines, in order; they come to nothing in either currency.
    pub lines: Vec<EntryLine>,
}
