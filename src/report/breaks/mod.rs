//! Differences in money, one by one: what they are, how long they have been, and what was said of them.

mod load;
mod text;
pub mod words;

pub use load::{LastSearch, last_search, load_break, load_breaks};
pub use text::{break_text, breaks_text};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use super::model::Shop;
use crate::domain::{BreakEvent, BreakKind, Currency, MoneyClass, MoneyTrouble, ReceiptId, RunId};
use crate::journal::BreakId;

/// The form of a list of breaks as JSON.
pub const BREAKS_SCHEMA: &str = "etsy-odoo/breaks/1";

/// A break as it was found last, and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Break {
    /// Its number, for ever.
    #[serde(rename = "break")]
    pub id: BreakId,
    /// Whose money.
    pub shop: Shop,
    /// What it is.
    pub kind: BreakKind,
    /// The number of the receipt or of the ledger entry; of an entry for the books its external id without the module.
    pub key: String,
    /// Whether it was found by the last search.
    pub is_open: bool,
    /// When it was found first.
    pub first_opened_at: DateTime<Utc>,
    /// When it was found after it had not been there.
    pub opened_at: DateTime<Utc>,
    /// How often it came back.
    pub reopened: i64,
    /// The run that found it last.
    pub run: RunId,
    /// The moment of the receipt, the order or the entry.
    pub dated_at: DateTime<Utc>,
    /// Of all its amounts; nothing where Odoo's order has a currency that nobody knows.
    pub currency: Option<Currency>,
    /// What Etsy's side says; see [`words::sides`].
    pub etsy_amount: Option<Decimal>,
    /// What the other side says.
    pub odoo_amount: Option<Decimal>,
    /// How much is off.
    pub amount: Decimal,
    /// Of which receipt.
    pub receipt: Option<ReceiptId>,
    /// Which order, Odoo's id.
    pub order_id: Option<i32>,
    /// Which order, its name.
    pub order: Option<String>,
    /// What the kind does not say. Words from outside.
    pub detail: String,
    /// The buyer's country, ISO 3166.
    pub country: Option<String>,
    /// Etsy's tax on the receipt, in percent.
    pub tax_rate: Option<Decimal>,
    /// The first product of the receipt.
    pub product_key: Option<String>,
    /// What is likely behind it.
    pub likely_cause: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// What was said of it last.
    pub note: Option<String>,
    /// Who sees to it.
    pub owner: Option<String>,
}

impl Break {
    /// How old the difference is at `now`, in whole days.
    pub fn age_days(&self, now: DateTime<Utc>) -> i64 {
        (now - self.dated_at).num_days().max(0)
    }
}

/// Something that happened to a break.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakHistory {
    /// What.
    pub event: BreakEvent,
    /// The run that found it, or did not find it any more; nothing: a person.
    pub run: Option<RunId>,
    /// When.
    pub at: DateTime<Utc>,
    /// A note, or an owner.
    pub words: String,
    /// How much was off.
    pub amount: Option<Decimal>,
}

/// An entry of the payment account that bears on a break.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakEntry {
    /// Etsy's `entry_id`.
    pub entry: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What Etsy calls it.
    pub ledger_type: String,
    /// What we call it.
    pub class: MoneyClass,
    /// In the account's currency; nothing where its unit is not known.
    pub amount: Option<Decimal>,
    /// What was on the account after it.
    pub balance: Option<Decimal>,
    /// Why it is not tied to what it belongs to.
    pub trouble: Option<MoneyTrouble>,
}

/// A break with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakFile {
    /// The break.
    #[serde(flatten)]
    pub of: Break,
    /// What happened to it, in order.
    pub events: Vec<BreakHistory>,
    /// The entries of the payment account that bear on it, in their order.
    pub entries: Vec<BreakEntry>,
}
