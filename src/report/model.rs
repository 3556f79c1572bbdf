//! What a report says, as values. The JSON is this, field by field; text and HTML are renderings of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use super::figures::{CurrencyTotal, Progress, ShopReport};
use super::quantities::{QuantityTotal, SellersEdits};
use crate::domain::{ActionKind, Currency, DecisionKind, RunId, ShopId, Subject, Verdict};
use crate::journal::Command;

/// The version of the report's JSON. It moves when a field changes its meaning or goes away.
pub const REPORT_SCHEMA: &str = "etsy-odoo/report/1";

/// A report on one run. Amounts are in major units, exact, and JSON has them as strings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunReport {
    /// [`REPORT_SCHEMA`].
    pub schema: &'static str,
    /// The run.
    pub run: RunHeader,
    /// The runs that applied its plan later.
    pub applications: Vec<Application>,
    /// Whether both sides were read whole.
    pub evidence: Evidence,
    /// Whether every sum that was checked foots.
    pub foots: bool,
    /// The sums that do not.
    pub broken_sums: Vec<BrokenSum>,
    /// The money of all shops, per currency.
    pub totals: Vec<CurrencyTotal>,
    /// What the run came to, shop by shop.
    pub shops: Vec<ShopReport>,
    /// Left to a person by the plan.
    pub held: Bounded<PersonRow>,
    /// Refused by the other side.
    pub refused: Bounded<PersonRow>,
    /// Attempted, with no verdict yet.
    pub unknown: Bounded<PersonRow>,
    /// Not attempted because the world had moved on.
    pub stale: Bounded<PersonRow>,
    /// Orders that both sides have with different amounts, the largest difference first.
    pub off: Bounded<OffRow>,
    /// What could not be read.
    pub rejects: Bounded<RejectRow>,
    /// What was taken off sale and put on sale, per shop, currency and state.
    pub quantities: Vec<QuantityTotal>,
    /// How many listings of each shop their sellers have changed on Etsy since both sides agreed.
    pub sellers_edits: Vec<SellersEdits>,
}

/// The run itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunHeader {
    /// Its number.
    pub number: RunId,
    /// Which command began it.
    pub command: Command,
    /// The shops that took part.
    pub shops: Vec<Shop>,
    /// What was reconciled.
    pub subjects: Vec<Subject>,
    /// Whether what may have changed without a trace was read again.
    pub full: bool,
    /// Whether the guard was told to let a large plan pass.
    pub large_plan_allowed: bool,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The version of the program.
    pub version: String,
    /// How it ended; nothing if it was cut off or is under way.
    pub end: Option<End>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct End {
    /// The exit code of the program.
    pub exit_code: i16,
    /// The line of the history.
    pub message: String,
    /// When.
    pub ended_at: DateTime<Utc>,
}

/// A shop, by number and by our name for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Shop {
    /// Etsy's number.
    pub id: ShopId,
    /// Our name; `shop 123` for a shop that was removed since.
    pub name: String,
}

impl Shop {
    /// A shop that was removed since.
    pub(super) fn unnamed(id: ShopId) -> Self {
        Self { id, name: format!("shop {id}") }
    }

    /// A shop by its name.
    pub(super) fn of(names: &BTreeMap<ShopId, Self>, id: ShopId) -> Self {
        names.get(&id).cloned().unwrap_or_else(|| Self::unnamed(id))
    }
}

/// A run that applied this plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Application {
    /// Its number.
    pub number: RunId,
    /// Whether the guard was told to let a large plan pass.
    pub large_plan_allowed: bool,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How it ended.
    pub end: Option<End>,
}

/// What was read, and whether it was all there was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Whether every shop was read, every window is proven, and Odoo was read.
    pub complete: bool,
    /// Per shop and stream.
    pub streams: Vec<StreamProof>,
    /// Windows whose proof failed.
    pub unproven: Bounded<UnprovenWindow>,
    /// Shops that took part and of which nothing was read.
    pub shops_not_read: Vec<Shop>,
    /// The read of Odoo's database.
    pub odoo: Option<OdooRead>,
    /// What Etsy had not sent before, and its reference does not have: told by the run that saw it first.
    pub novelties: Vec<Novelty>,
}

/// A field or a word that nobody has announced. It was survived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Novelty {
    /// Whose answer.
    pub shop: Shop,
    /// In what, for instance `receipt`.
    pub entity: String,
    /// The field.
    pub field: String,
    /// The word in it; empty when the field itself is new.
    pub word: String,
}

/// The proof of one stream of one shop, summed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StreamProof {
    /// Whose.
    pub shop: Shop,
    /// Which stream, for instance `receipts`.
    pub stream: String,
    /// How many windows were read.
    pub windows: i64,
    /// How many of them are proven.
    pub proven: i64,
    /// How many rows Etsy said there are.
    pub said: i64,
    /// How many landed.
    pub landed: i64,
    /// Links of the ledger's chain of balances that do not hold.
    pub broken_links: i64,
}

/// A window whose proof failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnprovenWindow {
    /// Whose.
    pub shop: Shop,
    /// Of which stream.
    pub stream: String,
    /// The first moment inside.
    pub from: DateTime<Utc>,
    /// The first moment after.
    pub until: DateTime<Utc>,
    /// How many rows Etsy said there are.
    pub said: i64,
    /// How many landed.
    pub landed: i64,
}

/// A read of Odoo's database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OdooRead {
    /// Of which moment.
    pub taken_at: DateTime<Utc>,
    /// Which database.
    pub database: String,
    /// How many rows.
    pub rows: i64,
}

/// Two figures that should be the same, and are not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokenSum {
    /// Where, for instance `shop acme, orders`.
    pub place: String,
    /// The name of the first figure.
    pub first_name: String,
    /// The first figure.
    pub first: String,
    /// The name of the second.
    pub second_name: String,
    /// The second figure.
    pub second: String,
}

impl std::fmt::Display for BrokenSum {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{}: {} {}, {} {}",
            self.place, self.first_name, self.first, self.second_name, self.second
        )
    }
}

/// The first rows of a list, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bounded<T> {
    /// How many there are.
    pub total: i64,
    /// The first of them.
    pub rows: Vec<T>,
}

impl<T> Default for Bounded<T> {
    fn default() -> Self {
        Self { total: 0, rows: Vec::new() }
    }
}

impl<T> Bounded<T> {
    /// How many are not in `rows`.
    pub fn more(&self) -> i64 {
        self.total.saturating_sub(i64::try_from(self.rows.len()).unwrap_or(i64::MAX)).max(0)
    }

    /// Whether there are none at all.
    pub fn is_empty(&self) -> bool {
        self.total == 0 && self.rows.is_empty()
    }
}

/// A decision that a person should look at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonRow {
    /// Its number in the plan.
    pub decision_no: i32,
    /// Whose.
    pub shop: Shop,
    /// What it is about.
    pub subject: Subject,
    /// The key; of an order, the receipt.
    pub key: String,
    /// How the sides stood.
    pub verdict: Verdict,
    /// What was to be done.
    pub action: Option<ActionKind>,
    /// Why the plan decided so.
    pub reason: String,
    /// The other side's words.
    pub said: String,
    /// The columns that differ.
    pub differences: Vec<String>,
    /// The record in Odoo, where it is known.
    pub odoo_id: Option<i32>,
    /// The currency of the amounts.
    pub currency: Option<Currency>,
    /// What Etsy asks for.
    pub etsy_amount: Option<Decimal>,
    /// What Odoo has.
    pub odoo_amount: Option<Decimal>,
}

/// An order whose amounts differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OffRow {
    /// Whose.
    pub shop: Shop,
    /// The receipt.
    pub key: String,
    /// How the sides stood.
    pub verdict: Verdict,
    /// The columns that differ.
    pub differences: Vec<String>,
    /// What was decided.
    pub decision: Option<DecisionKind>,
    /// Where the action stands.
    pub progress: Option<Progress>,
    /// Why the plan decided so.
    pub reason: String,
    /// The order in Odoo, where it is known.
    pub odoo_id: Option<i32>,
    /// The currency of Etsy's amount.
    pub currency: Option<Currency>,
    /// What Etsy asks for.
    pub etsy_amount: Decimal,
    /// What Odoo has.
    pub odoo_amount: Decimal,
    /// Odoo less Etsy.
    pub difference: Decimal,
}

/// Something of Etsy's that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectRow {
    /// Its number.
    pub reject_id: i64,
    /// The run that first set it aside.
    pub since_run: RunId,
    /// Whose.
    pub shop: Shop,
    /// Receipt or listing.
    pub entity: String,
    /// Etsy's number for it, as far as it could be read.
    pub entity_id: String,
    /// Where in it.
    pub field: String,
    /// What is wrong.
    pub reason: String,
}
