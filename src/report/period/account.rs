//! What a report on a period says of one payment account: one shop, one currency.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use super::model::Sum;
use super::vocabulary::{StepKind, StepName, TieName};
use crate::domain::{BreakKind, Currency, MoneyClass};
use crate::report::model::Shop;

/// A payment account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Account {
    /// Whose.
    pub shop: Shop,
    /// In which currency.
    pub currency: Currency,
    /// What it held when the period began.
    pub opening: Decimal,
    /// From there to the end, class by class.
    pub waterfall: Vec<WaterfallLine>,
    /// What it held when the period ended.
    pub closing: Decimal,
    /// Of the sales, the tax that Etsy took out again.
    pub tax_in_sales: Decimal,
    /// Movements that no sum holds, since their unit is not known.
    pub without_amount: i64,
    /// How the places that know of the receipts' money hang together.
    pub ties: Vec<Tie>,
    /// Month by month.
    pub months: Vec<Month>,
    /// Day by day.
    pub days: Vec<Day>,
    /// The payouts and recoupments.
    pub payouts: Vec<Payout>,
    /// The movements by Etsy's own types.
    pub movements: Vec<Movement>,
}

impl Account {
    /// Sales, gross.
    pub fn sales(&self) -> Decimal {
        let sales = self.waterfall.iter().filter(|line| line.class == MoneyClass::Sale);
        sales.map(|line| line.total).sum()
    }

    /// To the bank, less what was taken from there.
    pub fn paid(&self) -> Decimal {
        self.payouts.iter().map(|payout| payout.paid).sum()
    }

    /// What no rule explains, in all ties.
    pub fn unexplained(&self) -> Sum {
        let mut sum = Sum::default();
        for tie in &self.ties {
            let unexplained = tie.unexplained();
            sum.add(unexplained.count, unexplained.amount);
        }
        sum
    }
}

/// What one class of movements came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaterfallLine {
    /// The class.
    pub class: MoneyClass,
    /// How many movements, those of the tax on them included.
    pub entries: i64,
    /// How much.
    pub amount: Decimal,
    /// Value added tax on it.
    pub vat: Decimal,
    /// Both.
    pub total: Decimal,
}

/// From one total to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tie {
    /// Which.
    pub tie: TieName,
    /// The total that it leads from.
    pub first: Sum,
    /// What leads to the other.
    pub steps: Vec<TieStep>,
    /// The total that it leads to.
    pub second: Sum,
}

impl Tie {
    /// What no rule explains.
    pub fn unexplained(&self) -> Sum {
        let mut sum = Sum::default();
        for step in &self.steps {
            if step.step.kind() == StepKind::Unexplained {
                sum.add(step.receipts, step.amount);
            }
        }
        sum
    }
}

/// A step from one total to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TieStep {
    /// Why the totals are not the same.
    pub step: StepName,
    /// The kind of answer that it is.
    pub answer: StepKind,
    /// The kind of difference, where one was found.
    pub kind: Option<BreakKind>,
    /// How many receipts.
    pub receipts: i64,
    /// By how much.
    pub amount: Decimal,
}

/// A month, as far as it lies in the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Month {
    /// Its first day.
    pub month: NaiveDate,
    /// Its figures.
    pub figures: Figures,
    /// Its ties.
    pub ties: Vec<Tie>,
}

/// A day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Day {
    /// Which.
    pub day: NaiveDate,
    /// Its figures.
    pub figures: Figures,
}

/// What a day or a month came to. Receipts, orders and invoices count by when the receipt was placed, movements by when they
/// happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Receipts.
    pub receipts: Sum,
    /// Of them unpaid, cancelled, or before the first day that is booked.
    pub not_due: Sum,
    /// Of the rest, tax that Etsy collects and that orders leave out.
    pub etsy_tax: Sum,
    /// Orders in Odoo.
    pub orders: Sum,
    /// Invoices.
    pub invoiced: Sum,
    /// Credit notes.
    pub credited: Sum,
    /// Sales in the payment account.
    pub sales: Sum,
    /// Refunds there.
    pub refunds: Sum,
    /// Etsy's tax there, out and back.
    pub tax: Sum,
    /// Fees, advertising and labels there, with the tax on them.
    pub fees: Sum,
    /// Credits, deposits, corrections and what nobody knows.
    pub other: Sum,
    /// Payouts and recoupments.
    pub paid_out: Sum,
    /// What the account held at the end.
    pub balance: Decimal,
    /// What no rule explains, in all ties.
    pub unexplained: Sum,
}

impl Figures {
    /// Everything that adds up over days: all but the balance.
    pub(super) fn sums_mut(&mut self) -> [&mut Sum; 13] {
        let Self {
            receipts,
            not_due,
            etsy_tax,
            orders,
            invoiced,
            credited,
            sales,
            refunds,
            tax,
            fees,
            other,
            paid_out,
            balance: _,
            unexplained,
        } = self;
        [
            receipts,
            not_due,
            etsy_tax,
            orders,
            invoiced,
            credited,
            sales,
            refunds,
            tax,
            fees,
            other,
            paid_out,
            unexplained,
        ]
    }
}

/// What was paid to the seller's bank, or taken from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payout {
    /// The ledger entry.
    pub payout: i64,
    /// Payout or recoupment.
    pub class: MoneyClass,
    /// When.
    pub settled_at: DateTime<Utc>,
    /// The first movement that it settles.
    pub from_sequence: i64,
    /// The last.
    pub until_sequence: i64,
    /// How many movements, itself included.
    pub entries: i64,
    /// How many receipts have their sale in it.
    pub orders: i64,
    /// What the account held before.
    pub opening: Decimal,
    /// Sales.
    pub sales: Decimal,
    /// Refunds.
    pub refunds: Decimal,
    /// Etsy's tax.
    pub tax: Decimal,
    /// Fees, and the tax on fees.
    pub fees: Decimal,
    /// Advertising and labels.
    pub ads_and_labels: Decimal,
    /// Credits, deposits and corrections.
    pub other: Decimal,
    /// What nobody knows.
    pub suspense: Decimal,
    /// To the bank above zero, from it below.
    pub paid: Decimal,
    /// What the account held after.
    pub closing: Decimal,
}

/// The movements of one of Etsy's types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Movement {
    /// Their class.
    pub class: MoneyClass,
    /// For tax on a fee: which fee.
    pub parent_class: Option<MoneyClass>,
    /// Etsy's word.
    pub ledger_type: String,
    /// How many.
    pub entries: i64,
    /// How much.
    pub amount: Decimal,
    /// Without an amount, since their unit is not known.
    pub without_amount: i64,
}
