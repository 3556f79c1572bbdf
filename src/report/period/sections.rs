//! The sections of a report, as tables.

use rust_decimal::Decimal;

use super::account::{Account, Figures, Tie};
use super::model::{BreakRow, EntryRow, PeriodReport, ReceiptRow, Sum};
use super::specs::{
    BREAKS, CORRECTED, DAYS, MONTHS, MOVEMENTS, PAYOUTS, SEGMENTS, STOCK, TIES, WATERFALL,
};
use super::table::{Spec, Table, Value};
use super::words;
use crate::domain::MoneyClass;

/// Every section but the rows of receipts and of movements.
pub(super) fn tables(report: &PeriodReport) -> Vec<Table> {
    let each = |spec: &'static Spec, rows: fn(&Account) -> Vec<Vec<Value>>| Table {
        spec,
        rows: report.accounts.iter().flat_map(rows).collect(),
    };
    vec![
        each(&WATERFALL, waterfall),
        each(&TIES, ties),
        each(&MONTHS, months),
        each(&DAYS, days),
        each(&PAYOUTS, payouts),
        Table { spec: &BREAKS, rows: report.breaks.rows.iter().map(break_values).collect() },
        Table { spec: &SEGMENTS, rows: segments(report) },
        each(&MOVEMENTS, movements),
        Table { spec: &STOCK, rows: stock(report) },
        Table { spec: &CORRECTED, rows: corrected(report) },
    ]
}

fn of(account: &Account, rest: impl IntoIterator<Item = Value>) -> Vec<Value> {
    [Value::from(&account.shop), account.currency.into()].into_iter().chain(rest).collect()
}

fn waterfall(account: &Account) -> Vec<Vec<Value>> {
    let end = |line: &str, balance: Decimal| {
        let empty =
            [Value::Empty, line.into(), Value::Empty, Value::Empty, Value::Empty, Value::Empty];
        of(account, empty.into_iter().chain([balance.into()]))
    };
    let mut balance = account.opening;
    let mut rows = vec![end("Opening balance", balance)];
    for line in &account.waterfall {
        balance += line.total;
        let values = [
            line.class.as_str().into(),
            words::class(line.class).into(),
            line.entries.into(),
            line.amount.into(),
            line.vat.into(),
            line.total.into(),
            balance.into(),
        ];
        rows.push(of(account, values));
    }
    rows.push(end("Closing balance", account.closing));
    rows
}

fn ties(account: &Account) -> Vec<Vec<Value>> {
    account.ties.iter().flat_map(|tie| tie_rows(account, tie)).collect()
}

fn tie_rows(account: &Account, tie: &Tie) -> Vec<Vec<Value>> {
    let (first, second) = words::tie_ends(tie.tie);
    let end = |line: &str, word: &str, sum: Sum| {
        let values = [
            tie.tie.as_str().into(),
            line.into(),
            word.into(),
            Value::Empty,
            Value::Empty,
            sum.count.into(),
            sum.amount.into(),
        ];
        of(account, values)
    };
    let mut rows = vec![end(first, "first", tie.first)];
    rows.extend(tie.steps.iter().map(|step| {
        let values = [
            tie.tie.as_str().into(),
            words::step(step.step).into(),
            step.step.as_str().into(),
            step.answer.as_str().into(),
            step.kind.map_or("", |kind| kind.as_str()).into(),
            step.receipts.into(),
            step.amount.into(),
        ];
        of(account, values)
    }));
    rows.push(end(second, "second", tie.second));
    rows
}

fn figures(figures: &Figures) -> impl Iterator<Item = Value> + use<> {
    let sums = [
        figures.receipts,
        figures.not_due,
        figures.etsy_tax,
        figures.orders,
        figures.invoiced,
        figures.credited,
        figures.sales,
        figures.refunds,
        figures.tax,
        figures.fees,
        figures.other,
        figures.paid_out,
    ];
    let values = |sum: Sum| [Value::from(sum.count), sum.amount.into()];
    let unexplained = values(figures.unexplained);
    let balance = Value::from(figures.balance);
    sums.into_iter().flat_map(values).chain([balance]).chain(unexplained)
}

fn months(account: &Account) -> Vec<Vec<Value>> {
    let row = |month: &super::account::Month| {
        of(account, std::iter::once(month.month.into()).chain(figures(&month.figures)))
    };
    account.months.iter().map(row).collect()
}

fn days(account: &Account) -> Vec<Vec<Value>> {
    let row = |day: &super::account::Day| {
        of(account, std::iter::once(day.day.into()).chain(figures(&day.figures)))
    };
    account.days.iter().map(row).collect()
}

fn payouts(account: &Account) -> Vec<Vec<Value>> {
    let row = |payout: &super::account::Payout| {
        let values = [
            payout.payout.into(),
            payout.class.as_str().into(),
            payout.settled_at.into(),
            payout.from_sequence.into(),
            payout.until_sequence.into(),
            payout.entries.into(),
            payout.orders.into(),
            payout.opening.into(),
            payout.sales.into(),
            payout.refunds.into(),
            payout.tax.into(),
            payout.fees.into(),
            payout.ads_and_labels.into(),
            payout.other.into(),
            payout.suspense.into(),
            payout.paid.into(),
            payout.closing.into(),
        ];
        of(account, values)
    };
    account.payouts.iter().map(row).collect()
}

fn movements(account: &Account) -> Vec<Vec<Value>> {
    let row = |line: &super::account::Movement| {
        let values = [
            line.class.as_str().into(),
            line.parent_class.map_or("", MoneyClass::as_str).into(),
            (&line.ledger_type).into(),
            line.entries.into(),
            line.amount.into(),
            line.without_amount.into(),
        ];
        of(account, values)
    };
    account.movements.iter().map(row).collect()
}

fn break_values(row: &BreakRow) -> Vec<Value> {
    vec![
        (&row.shop).into(),
        row.currency.into(),
        row.break_id.into(),
        row.kind.as_str().into(),
        (&row.key).into(),
        row.dated_at.into(),
        row.age_days.into(),
        row.etsy_amount.into(),
        row.odoo_amount.into(),
        row.amount.into(),
        row.receipt_id.into(),
        (&row.order_name).into(),
        (&row.detail).into(),
        (&row.country).into(),
        row.tax_rate.into(),
        (&row.product_key).into(),
        row.cause.into(),
        row.remedy.into(),
        row.opened_at.into(),
        row.reopened.into(),
        (&row.note).into(),
        (&row.owner).into(),
    ]
}

fn segments(report: &PeriodReport) -> Vec<Vec<Value>> {
    report
        .segments
        .iter()
        .map(|segment| {
            vec![
                segment.dimension.as_str().into(),
                (&segment.value).into(),
                segment.breaks.into(),
                segment.receipts.into(),
                segment.all_breaks.into(),
                segment.all_receipts.into(),
            ]
        })
        .collect()
}

fn stock(report: &PeriodReport) -> Vec<Vec<Value>> {
    report
        .stock
        .iter()
        .map(|line| {
            vec![
                (&line.shop).into(),
                line.day.into(),
                line.action.as_str().into(),
                line.progress.as_str().into(),
                line.actions.into(),
            ]
        })
        .collect()
}

fn corrected(report: &PeriodReport) -> Vec<Vec<Value>> {
    report
        .corrections
        .iter()
        .map(|sum| {
            vec![
                (&sum.shop).into(),
                sum.currency.into(),
                sum.month.into(),
                sum.closed_at.into(),
                sum.place.as_str().into(),
                sum.figure.as_str().into(),
                sum.came.into(),
                sum.gone.into(),
                sum.changed.into(),
                sum.change.into(),
            ]
        })
        .collect()
}

/// The values of a receipt.
pub(super) fn receipt_values(row: &ReceiptRow) -> Vec<Value> {
    let breaks: Vec<&str> = row.breaks.iter().map(|kind| kind.as_str()).collect();
    vec![
        (&row.shop).into(),
        row.currency.into(),
        row.received_at.into(),
        row.receipt_id.into(),
        row.standing.as_str().into(),
        row.is_paid.into(),
        (&row.country).into(),
        row.total.into(),
        row.tax.into(),
        row.refunded.into(),
        row.order_expected.into(),
        (&row.order_name).into(),
        (&row.order_state).into(),
        (&row.order_currency).into(),
        row.order_total.into(),
        row.invoiced.into(),
        row.credited.into(),
        row.sale.into(),
        row.sale_refunded.into(),
        row.sale_tax.into(),
        row.fees.into(),
        row.other.into(),
        row.paid_out.into(),
        row.not_paid_out.into(),
        row.payout.into(),
        breaks.join(" ").as_str().into(),
    ]
}

/// The values of a movement.
pub(super) fn entry_values(row: &EntryRow) -> Vec<Value> {
    vec![
        (&row.shop).into(),
        row.currency.into(),
        row.sequence_number.into(),
        row.entry_id.into(),
        row.entered_at.into(),
        row.class.as_str().into(),
        row.parent_class.map_or("", MoneyClass::as_str).into(),
        (&row.ledger_type).into(),
        row.amount.into(),
        row.balance.into(),
        row.receipt_id.into(),
        row.transaction_id.into(),
        row.listing_id.into(),
        row.payment_id.into(),
        row.payout.into(),
        (&row.trouble).into(),
    ]
}
