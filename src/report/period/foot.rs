//! Checks that the sums of a period foot. Each check sets two figures side by side that were counted in different places.

use rust_decimal::Decimal;

use super::account::{Account, Tie};
use super::model::PeriodReport;
use super::vocabulary::{Age, TieName};
use super::words;
use crate::domain::MoneyClass;
use crate::report::foot::{amounts, counts};
use crate::report::model::BrokenSum;

/// Every sum that does not foot.
pub(super) fn broken_sums(report: &PeriodReport) -> Vec<BrokenSum> {
    let mut broken = Vec::new();
    for account in &report.accounts {
        balance_follows(account, &mut broken);
        ties_lead_over(account, &mut broken);
        payouts_foot(account, &mut broken);
        days_foot(account, &mut broken);
    }
    lists_are_counted(report, &mut broken);
    broken
}

fn balance_follows(account: &Account, broken: &mut Vec<BrokenSum>) {
    let place = format!("{}, payment account", words::account(account));
    let moved: Decimal = account.waterfall.iter().map(|line| line.total).sum();
    let reached = account.opening + moved;
    let by_type: Decimal = account.movements.iter().map(|line| line.amount).sum();
    let currency = Some(account.currency);
    let closing = ("balance by Etsy", account.closing);
    amounts(broken, &place, currency, ("opening balance and movements", reached), closing);
    amounts(broken, &place, currency, ("movements by class", moved), ("by type", by_type));
}

fn ties_lead_over(account: &Account, broken: &mut Vec<BrokenSum>) {
    let currency = Some(account.currency);
    for tie in &account.ties {
        let place = format!("{}, {}", words::account(account), words::tie(tie.tie));
        let steps: Decimal = tie.steps.iter().map(|step| step.amount).sum();
        let reached = ("first total and steps", tie.first.amount + steps);
        amounts(broken, &place, currency, reached, ("second total", tie.second.amount));
    }
    let of = |name| account.ties.iter().find(|tie: &&Tie| tie.tie == name);
    for (first, second, ends_meet) in [
        (TieName::Order, TieName::Invoice, ChainLink::SecondIsFirst),
        (TieName::Payment, TieName::Payout, ChainLink::SecondIsFirst),
        (TieName::Order, TieName::Payment, ChainLink::FirstIsFirst),
        (TieName::Credit, TieName::Refund, ChainLink::FirstIsFirst),
    ] {
        if let (Some(one), Some(other)) = (of(first), of(second)) {
            let end = match ends_meet {
                ChainLink::SecondIsFirst => one.second.amount,
                ChainLink::FirstIsFirst => one.first.amount,
            };
            let place = format!("{}, where two ties meet", words::account(account));
            let (one, two) = (words::tie(first), words::tie(second));
            amounts(broken, &place, currency, (one, end), (two, other.first.amount));
        }
    }
    let months: Decimal =
        account.months.iter().flat_map(|month| &month.ties).map(|tie| tie.second.amount).sum();
    let whole: Decimal = account.ties.iter().map(|tie| tie.second.amount).sum();
    let place = format!("{}, ties", words::account(account));
    amounts(broken, &place, currency, ("all months", months), ("the period", whole));
}

/// Where two ties have one total in common.
#[derive(Debug, Clone, Copy)]
enum ChainLink {
    SecondIsFirst,
    FirstIsFirst,
}

fn payouts_foot(account: &Account, broken: &mut Vec<BrokenSum>) {
    let currency = Some(account.currency);
    let mut before: Option<Decimal> = None;
    for payout in &account.payouts {
        let place = format!("{}, payout {}", words::account(account), payout.payout);
        let parts = payout.sales
            + payout.refunds
            + payout.tax
            + payout.fees
            + payout.ads_and_labels
            + payout.other
            + payout.suspense;
        let reached = ("what it settles, less what was paid", payout.opening + parts - payout.paid);
        amounts(broken, &place, currency, reached, ("balance after it", payout.closing));
        if let Some(before) = before {
            let opening = ("balance before it", payout.opening);
            amounts(broken, &place, currency, ("balance after the last", before), opening);
        }
        before = Some(payout.closing);
    }
    let paid: Decimal = account.payouts.iter().map(|payout| payout.paid).sum();
    let in_account: Decimal = account
        .waterfall
        .iter()
        .filter(|line| matches!(line.class, MoneyClass::Payout | MoneyClass::Recoupment))
        .map(|line| -line.total)
        .sum();
    let place = format!("{}, paid out", words::account(account));
    amounts(broken, &place, currency, ("payouts", paid), ("in the payment account", in_account));
}

fn days_foot(account: &Account, broken: &mut Vec<BrokenSum>) {
    let mut balance = account.opening;
    for day in &account.days {
        balance += day.figures.movement();
        let place = format!("{}, {}", words::account(account), day.day);
        let by_etsy = ("balance by Etsy", day.figures.balance);
        amounts(broken, &place, Some(account.currency), ("movements up to then", balance), by_etsy);
        // what is off on one day is not off once more on the next
        balance = day.figures.balance;
    }
}

fn lists_are_counted(report: &PeriodReport, broken: &mut Vec<BrokenSum>) {
    let receipts = report
        .accounts
        .iter()
        .flat_map(|account| &account.ties)
        .filter(|tie| tie.tie == TieName::Order)
        .map(|tie| tie.first.count)
        .sum();
    counts(broken, "receipts", ("listed", report.receipts.total), ("tied", receipts));
    let entries = report
        .accounts
        .iter()
        .flat_map(|account| &account.movements)
        .map(|line| line.entries)
        .sum();
    counts(broken, "movements", ("listed", report.entries.total), ("added up", entries));
    let breaks = report
        .break_groups
        .iter()
        .filter(|group| group.age != Age::Before)
        .map(|group| group.breaks)
        .sum();
    counts(broken, "differences", ("listed", report.breaks.total), ("by kind and age", breaks));
}
