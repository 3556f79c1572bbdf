//! What a report on a period says, as values. The JSON is this, field by field; every other form is a rendering of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use super::account::Account;
use super::corrected::CorrectionSum;
use super::vocabulary::{Age, Dimension, LackKind, PeriodState};
use crate::domain::{ActionKind, BreakKind, Currency, MoneyClass, RunId, Standing};
use crate::report::figures::Progress;
use crate::report::model::{Bounded, BrokenSum, OdooRead, Shop};

/// The version of the report's JSON. It moves when a field changes its meaning or goes away.
pub const PERIOD_SCHEMA: &str = "etsy-odoo/period/1";

/// A report on a period. Amounts are in major units, exact, and JSON has them as strings. No amount is ever added to one of
/// another currency.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodReport {
    /// [`PERIOD_SCHEMA`].
    pub schema: &'static str,
    /// From when to when.
    pub period: Period,
    /// Whether its figures can still change.
    pub state: PeriodState,
    /// When it was closed, and the hash of what it was closed with.
    pub close: Option<Close>,
    /// The run whose evidence it is made from.
    pub source: Source,
    /// The shops it is about.
    pub shops: Vec<Shop>,
    /// Whether all was read that it needs.
    pub evidence: PeriodEvidence,
    /// Whether every sum that was checked foots.
    pub foots: bool,
    /// The sums that do not.
    pub broken_sums: Vec<BrokenSum>,
    /// Each payment account: one per shop and currency.
    pub accounts: Vec<Account>,
    /// Differences dated in the period.
    pub breaks: Bounded<BreakRow>,
    /// The same by kind and age, and those from before the period.
    pub break_groups: Vec<BreakGroup>,
    /// What they have in common.
    pub segments: Vec<Segment>,
    /// What was done about stock.
    pub stock: Vec<StockLine>,
    /// What came, went or changed since in closed months before and among these days.
    pub corrections: Vec<CorrectionSum>,
    /// The first receipts.
    pub receipts: Bounded<ReceiptRow>,
    /// The first movements of each class.
    pub entries: Bounded<EntryRow>,
    /// How many decimals the amounts of a currency have.
    #[serde(skip)]
    pub(super) decimals: BTreeMap<Currency, u32>,
}

/// Days in UTC, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// A period, or nothing if it ends before it begins.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// The calendar month that a day lies in.
    pub fn month_of(day: NaiveDate) -> Option<Self> {
        let first = day.with_day(1)?;
        let next = first.checked_add_months(Months::new(1))?;
        Self::new(first, next.pred_opt()?)
    }

    /// Whether it is a calendar month.
    pub fn is_month(self) -> bool {
        Self::month_of(self.from) == Some(self)
    }

    /// The first moment inside.
    pub fn start(self) -> DateTime<Utc> {
        midnight(self.from)
    }

    /// The first moment after.
    pub fn end(self) -> DateTime<Utc> {
        after(self.to)
    }

    /// Every day of it.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.from.iter_days().take_while(move |day| *day <= self.to)
    }

    /// How a file of it is named.
    pub fn file_stem(self) -> String {
        format!("period-{}_{}", self.from, self.to)
    }
}

/// The first moment after a day.
pub(super) fn after(day: NaiveDate) -> DateTime<Utc> {
    midnight(day.checked_add_days(Days::new(1)).unwrap_or(day))
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

/// That a period was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Close {
    /// When.
    pub closed_at: DateTime<Utc>,
    /// SHA-256 of the frozen receipts and movements, in hexadecimal.
    pub evidence: String,
}

/// What a report on a period is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The run.
    pub run: RunId,
    /// When it began: the moment as of which the report speaks.
    pub started_at: DateTime<Utc>,
    /// The version of the program that made the run.
    pub version: String,
    /// The read of Odoo's database.
    pub odoo: Option<OdooRead>,
}

/// Whether all was read that a period needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeriodEvidence {
    /// Whether nothing is missing.
    pub complete: bool,
    /// What is missing.
    pub lacks: Vec<Lack>,
}

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// Of which shop.
    pub shop: Shop,
    /// What.
    pub lack: LackKind,
    /// Up to when, or from when, there is something.
    pub moment: Option<DateTime<Utc>>,
    /// How many there are.
    pub count: Option<i64>,
}

/// How many, and how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// How many.
    pub count: i64,
    /// How much.
    pub amount: Decimal,
}

impl Sum {
    /// Adds to it.
    pub(super) fn add(&mut self, count: i64, amount: Decimal) {
        self.count += count;
        self.amount += amount;
    }
}

/// A difference in money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BreakRow {
    /// Its number, once it has been journalled.
    pub break_id: Option<i64>,
    /// Whose.
    pub shop: Shop,
    /// Of which kind.
    pub kind: BreakKind,
    /// The receipt, the ledger entry, or the external id of an entry for the books, without its module.
    pub key: String,
    /// From when it is.
    pub dated_at: DateTime<Utc>,
    /// How many days old it was when the evidence was taken.
    pub age_days: i64,
    /// The currency of the amounts.
    pub currency: Currency,
    /// What Etsy says.
    pub etsy_amount: Option<Decimal>,
    /// What Odoo, or the other place, says.
    pub odoo_amount: Option<Decimal>,
    /// How much is off.
    pub amount: Decimal,
    /// The receipt.
    pub receipt_id: Option<i64>,
    /// The order in Odoo.
    pub order_id: Option<i32>,
    /// Its name.
    pub order_name: String,
    /// What else is known.
    pub detail: String,
    /// Where the goods go.
    pub country: String,
    /// Tax as a share of the price, in percent.
    pub tax_rate: Option<Decimal>,
    /// The first product of the receipt.
    pub product_key: String,
    /// What is likely behind it.
    pub cause: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// When it was found first, or found again.
    pub opened_at: Option<DateTime<Utc>>,
    /// How often it came back.
    pub reopened: i64,
    /// What a person said.
    pub note: String,
    /// Who sees to it.
    pub owner: String,
}

/// Differences of one kind and age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BreakGroup {
    /// Whose.
    pub shop: Shop,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Of which kind.
    pub kind: BreakKind,
    /// How old.
    pub age: Age,
    /// How many.
    pub breaks: i64,
    /// Their sum.
    pub amount: Decimal,
    /// The sum of their sizes, signs left out.
    pub size: Decimal,
}

/// What differences have in common, more than chance would give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// In which respect.
    pub dimension: Dimension,
    /// What it is.
    pub value: String,
    /// How many receipts of it have a difference.
    pub breaks: i64,
    /// How many receipts there are of it.
    pub receipts: i64,
    /// How many receipts have a difference at all.
    pub all_breaks: i64,
    /// How many receipts there are at all.
    pub all_receipts: i64,
}

/// What was done about stock on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StockLine {
    /// Whose.
    pub shop: Shop,
    /// When.
    pub day: NaiveDate,
    /// What.
    pub action: ActionKind,
    /// What became of it.
    pub progress: Progress,
    /// How many.
    pub actions: i64,
}

/// A receipt, and what each place knows of its money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptRow {
    /// Whose.
    pub shop: Shop,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// When it was placed.
    pub received_at: DateTime<Utc>,
    /// Etsy's number.
    pub receipt_id: i64,
    /// Whether an order is due.
    pub standing: Standing,
    /// Whether it is paid.
    pub is_paid: bool,
    /// Where the goods go.
    pub country: String,
    /// What the buyer pays.
    pub total: Decimal,
    /// Of it tax that Etsy collects.
    pub tax: Decimal,
    /// What went back.
    pub refunded: Decimal,
    /// What the order should come to.
    pub order_expected: Decimal,
    /// The order in Odoo.
    pub order_name: String,
    /// Its state.
    pub order_state: String,
    /// What it comes to, in its own currency.
    pub order_total: Option<Decimal>,
    /// Its currency.
    pub order_currency: String,
    /// Posted in invoices.
    pub invoiced: Decimal,
    /// Posted in credit notes.
    pub credited: Decimal,
    /// In the payment account.
    pub sale: Option<Decimal>,
    /// Given back there.
    pub sale_refunded: Decimal,
    /// Tax taken there, less what came back of it.
    pub sale_tax: Decimal,
    /// Fees there.
    pub fees: Decimal,
    /// Credits and corrections there.
    pub other: Decimal,
    /// Paid out.
    pub paid_out: Decimal,
    /// Not paid out yet.
    pub not_paid_out: Decimal,
    /// The payout or recoupment that settled the sale.
    pub payout: Option<i64>,
    /// The kinds of its differences.
    pub breaks: Vec<BreakKind>,
}

/// A movement of a payment account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryRow {
    /// Whose.
    pub shop: Shop,
    /// The account's currency.
    pub currency: Currency,
    /// Its place in the account.
    pub sequence_number: i64,
    /// Etsy's number.
    pub entry_id: i64,
    /// When.
    pub entered_at: DateTime<Utc>,
    /// What it is.
    pub class: MoneyClass,
    /// For tax on a fee: which fee.
    pub parent_class: Option<MoneyClass>,
    /// Etsy's word for it.
    pub ledger_type: String,
    /// How much; nothing where its unit is not known.
    pub amount: Option<Decimal>,
    /// What the account held then.
    pub balance: Option<Decimal>,
    /// The receipt.
    pub receipt_id: Option<i64>,
    /// The sold line.
    pub transaction_id: Option<i64>,
    /// The listing.
    pub listing_id: Option<i64>,
    /// The payment.
    pub payment_id: Option<i64>,
    /// The payout or recoupment that settled it.
    pub payout: Option<i64>,
    /// Why it is not tied.
    pub trouble: String,
}
