//! Adds up the rows of a period into accounts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use super::account::{Account, Day, Figures, Month, Movement, Payout, Tie, TieStep, WaterfallLine};
use super::model::{Period, Sum};
use super::rows::{AccountKey, BalanceRow, MoneyRow, TiePart, TieRow};
use super::vocabulary::{StepKind, StepName, TieName};
use crate::domain::{MoneyClass, ShopId};
use crate::report::model::Shop;

/// All rows of a period that accounts are made of.
#[derive(Debug, Default)]
pub(super) struct AccountRows {
    pub(super) movements: Vec<MoneyRow>,
    pub(super) balances: Vec<BalanceRow>,
    pub(super) ties: Vec<TieRow>,
    pub(super) payouts: Vec<(AccountKey, Payout)>,
}

impl AccountRows {
    /// One account per shop and currency, in the order of the shops' numbers.
    pub(super) fn accounts(&self, period: Period, name: impl Fn(ShopId) -> Shop) -> Vec<Account> {
        let keys: BTreeSet<AccountKey> = self
            .balances
            .iter()
            .map(|row| row.account)
            .chain(self.ties.iter().map(|row| row.account))
            .collect();
        keys.into_iter().map(|key| self.account(key, period, name(key.0))).collect()
    }

    fn account(&self, key: AccountKey, period: Period, shop: Shop) -> Account {
        let movements: Vec<&MoneyRow> =
            self.movements.iter().filter(|row| row.account == key).collect();
        let ties: Vec<&TieRow> = self.ties.iter().filter(|row| row.account == key).collect();
        let balances: Vec<&BalanceRow> =
            self.balances.iter().filter(|row| row.account == key).collect();
        let opening =
            balances.iter().find(|row| row.day.is_none()).map_or(Decimal::ZERO, |row| row.balance);
        let closing = balances.last().map_or(opening, |row| row.balance);
        let taken = |row: &&&MoneyRow| row.class == MoneyClass::EtsyTax;
        let days = days(period, opening, &movements, &ties, &balances);
        Account {
            shop,
            currency: key.1,
            opening,
            waterfall: waterfall(&movements),
            closing,
            tax_in_sales: movements.iter().filter(taken).map(|row| -row.taken).sum(),
            without_amount: movements.iter().map(|row| row.without_amount).sum(),
            ties: tie_list(&ties),
            months: months(&days, &ties),
            days,
            payouts: self
                .payouts
                .iter()
                .filter(|(account, _)| *account == key)
                .map(|(_, payout)| payout.clone())
                .collect(),
            movements: types(&movements),
        }
    }
}

/// Each class with the tax on it; tax on no known fee has a line of its own.
fn waterfall(movements: &[&MoneyRow]) -> Vec<WaterfallLine> {
    let mut lines: BTreeMap<MoneyClass, WaterfallLine> = BTreeMap::new();
    for row in movements {
        let is_vat = row.class == MoneyClass::VatOnFees;
        let class = if is_vat { row.parent_class.unwrap_or(row.class) } else { row.class };
        let line = lines.entry(class).or_insert(WaterfallLine {
            class,
            entries: 0,
            amount: Decimal::ZERO,
            vat: Decimal::ZERO,
            total: Decimal::ZERO,
        });
        line.entries += row.entries;
        line.total += row.amount;
        if is_vat {
            line.vat += row.amount;
        } else {
            line.amount += row.amount;
        }
    }
    lines.into_values().collect()
}

fn types(movements: &[&MoneyRow]) -> Vec<Movement> {
    type Key<'a> = (MoneyClass, Option<MoneyClass>, &'a str);
    let mut types: BTreeMap<Key<'_>, Movement> = BTreeMap::new();
    for row in movements {
        let key = (row.class, row.parent_class, row.ledger_type.as_str());
        let line = types.entry(key).or_insert_with(|| Movement {
            class: row.class,
            parent_class: row.parent_class,
            ledger_type: row.ledger_type.clone(),
            entries: 0,
            amount: Decimal::ZERO,
            without_amount: 0,
        });
        line.entries += row.entries;
        line.amount += row.amount;
        line.without_amount += row.without_amount;
    }
    types.into_values().collect()
}

/// Every tie, also one that has nothing to tie.
fn tie_list(rows: &[&TieRow]) -> Vec<Tie> {
    TieName::ALL
        .iter()
        .map(|name| {
            let mut parts: BTreeMap<TiePart, Sum> = BTreeMap::new();
            for row in rows.iter().filter(|row| row.tie == *name) {
                parts.entry(row.part).or_default().add(row.receipts, row.amount);
            }
            let sum = |part| parts.get(&part).copied().unwrap_or_default();
            Tie {
                tie: *name,
                first: sum(TiePart::First),
                second: sum(TiePart::Second),
                steps: parts.iter().filter_map(|(part, sum)| step(*part, *sum)).collect(),
            }
        })
        .collect()
}

fn step(part: TiePart, sum: Sum) -> Option<TieStep> {
    match part {
        TiePart::First | TiePart::Second => None,
        TiePart::Step(step, kind) => Some(TieStep {
            step,
            answer: step.kind(),
            kind,
            receipts: sum.count,
            amount: sum.amount,
        }),
    }
}

fn days(
    period: Period,
    opening: Decimal,
    movements: &[&MoneyRow],
    ties: &[&TieRow],
    balances: &[&BalanceRow],
) -> Vec<Day> {
    let mut figures: BTreeMap<NaiveDate, Figures> =
        period.days().map(|day| (day, Figures::default())).collect();
    for row in movements {
        figures.entry(row.day).or_default().add_movement(row);
    }
    for row in ties {
        figures.entry(row.day).or_default().add_tie(row);
    }
    let ends: BTreeMap<NaiveDate, Decimal> =
        balances.iter().filter_map(|row| row.day.map(|day| (day, row.balance))).collect();
    let mut balance = opening;
    figures
        .into_iter()
        .map(|(day, mut figures)| {
            balance = ends.get(&day).copied().unwrap_or(balance);
            figures.balance = balance;
            Day { day, figures }
        })
        .collect()
}

fn months(days: &[Day], ties: &[&TieRow]) -> Vec<Month> {
    let mut months: BTreeMap<NaiveDate, Figures> = BTreeMap::new();
    for day in days {
        months.entry(month_of(day.day)).or_default().add_day(day.figures.clone());
    }
    months
        .into_iter()
        .map(|(month, figures)| {
            let of_month: Vec<&TieRow> =
                ties.iter().copied().filter(|row| month_of(row.day) == month).collect();
            Month { month, figures, ties: tie_list(&of_month) }
        })
        .collect()
}

/// The first day of a day's month.
pub(in crate::report) fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

impl Figures {
    fn add_movement(&mut self, row: &MoneyRow) {
        let sum = match row.class {
            MoneyClass::Sale => &mut self.sales,
            MoneyClass::Refund => &mut self.refunds,
            MoneyClass::EtsyTax => &mut self.tax,
            MoneyClass::FeeTransaction
            | MoneyClass::FeeProcessing
            | MoneyClass::FeeListing
            | MoneyClass::FeeRegulatory
            | MoneyClass::FeeOther
            | MoneyClass::VatOnFees
            | MoneyClass::Ads
            | MoneyClass::Labels => &mut self.fees,
            MoneyClass::Credit
            | MoneyClass::Deposit
            | MoneyClass::Adjustment
            | MoneyClass::Suspense => &mut self.other,
            MoneyClass::Payout | MoneyClass::Recoupment => &mut self.paid_out,
        };
        sum.add(row.entries, row.amount);
    }

    fn add_tie(&mut self, row: &TieRow) {
        let sum = match (row.tie, row.part) {
            (TieName::Order, TiePart::First) => &mut self.receipts,
            (TieName::Order, TiePart::Second) => &mut self.orders,
            (TieName::Order, TiePart::Step(StepName::EtsyTax, _)) => &mut self.etsy_tax,
            (TieName::Invoice, TiePart::Second) => &mut self.invoiced,
            (TieName::Credit, TiePart::Second) => &mut self.credited,
            (_, TiePart::Step(StepName::Unexplained, _)) => &mut self.unexplained,
            (TieName::Order, TiePart::Step(step, _)) if step.kind() == StepKind::NotDue => {
                &mut self.not_due
            }
            _ => return,
        };
        sum.add(row.receipts, row.amount);
    }

    fn add_day(&mut self, mut day: Self) {
        for (sum, part) in self.sums_mut().into_iter().zip(day.sums_mut()) {
            sum.add(part.count, part.amount);
        }
        self.balance = day.balance;
    }

    /// What moved the account.
    pub(super) fn movement(&self) -> Decimal {
        self.sales.amount
            + self.refunds.amount
            + self.tax.amount
            + self.fees.amount
            + self.other.amount
            + self.paid_out.amount
    }
}
