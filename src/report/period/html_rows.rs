//! The rows behind the figures in HTML: receipts and movements, closed until somebody opens them.

use super::account::Account;
use super::html_account::account_id;
use super::model::{EntryRow, PeriodReport, ReceiptRow};
use super::words;
use crate::report::html_page::{Block, Cell, HtmlTable, Link, Section};
use crate::report::model::Bounded;
use crate::report::words::{amount, count, count_of};

/// Which rows are listed.
fn caption<T>(list: &Bounded<T>, one: &str, rule: &str) -> String {
    if list.more() == 0 {
        return format!("All {}", count_of(list.total, one));
    }
    let shown = i64::try_from(list.rows.len()).unwrap_or(i64::MAX);
    format!(
        "{} of {}: {rule}; all are in the CSV and, where they fit, in the workbook",
        count(shown),
        count_of(list.total, one)
    )
}

/// The receipts.
pub(super) fn receipt_section(report: &PeriodReport) -> Option<Section> {
    let columns = [
        "Receipt",
        ">total",
        ">of it tax",
        ">refunded",
        "Order",
        ">order should be",
        ">order is",
        ">invoiced",
        ">sale",
        ">fees",
        ">paid out",
        "Payout",
        "Breaks",
    ];
    let caption = caption(&report.receipts, "receipt", "the first of each account");
    let mut table = HtmlTable {
        id: "receipts".to_owned(),
        is_live: true,
        ..HtmlTable::wide(caption, &columns)
    };
    for row in &report.receipts.rows {
        table.cells("", receipt_cells(row));
    }
    (!report.receipts.is_empty()).then(|| Section {
        id: "receipt-rows".to_owned(),
        is_folded: true,
        title: format!("Receipts: {}", count(report.receipts.total)),
        blocks: vec![Block::Table(table)],
    })
}

fn receipt_cells(row: &ReceiptRow) -> Vec<Cell> {
    let placed = row.received_at.format("%Y-%m-%d").to_string();
    let paid = if row.is_paid { "" } else { ", not paid" };
    let whose = format!("{}, {}", row.shop.name, row.currency);
    let what = format!("{placed}, {}{paid}", crate::report::words::standing(row.standing));
    let breaks: Vec<&str> = row.breaks.iter().map(|kind| words::kind(*kind)).collect();
    let mut last = Cell::from(breaks.join(", "));
    if !breaks.is_empty() {
        last = last.linked(Link::filtered("break-list", row.receipt_id.to_string()));
    }
    let order_total = match row.order_total {
        Some(total) if row.order_currency == row.currency.as_str() => amount(total),
        Some(total) => format!("{} {}", amount(total), row.order_currency),
        None => String::new(),
    };
    let order = if row.order_state.is_empty() { Vec::new() } else { vec![row.order_state.clone()] };
    vec![
        Cell { below: vec![what, whose], ..Cell::from(row.receipt_id.to_string()) },
        Cell::from(amount(row.total)),
        Cell::from(amount(row.tax)),
        Cell::from(amount(row.refunded)),
        Cell::foreign(&row.order_name, order),
        Cell::from(amount(row.order_expected)),
        Cell::from(order_total),
        Cell::from(amount(row.invoiced)),
        Cell::from(row.sale.map_or_else(String::new, amount)),
        Cell::from(amount(row.fees)),
        Cell::from(amount(row.paid_out)),
        Cell::from(row.payout.map_or_else(String::new, |payout| payout.to_string())),
        last,
    ]
}

/// The movements, class by class.
pub(super) fn entry_section(report: &PeriodReport) -> Option<Section> {
    if report.entries.is_empty() {
        return None;
    }
    let columns = ["", "Etsy's type", ">amount", ">balance", "Receipt", "Payout"];
    let caption = caption(&report.entries, "movement", "the first of each class");
    let mut table =
        HtmlTable { id: "entries".to_owned(), is_live: true, ..HtmlTable::wide(caption, &columns) };
    let mut last = None;
    for row in &report.entries.rows {
        let group = (row.shop.id, row.currency, row.class);
        if last != Some(group) {
            let account = report.accounts.iter().find(|account| is_of(row, account));
            let id = account.map_or_else(String::new, |account| {
                format!("{}-e-{}", account_id(account), row.class)
            });
            let title =
                format!("{}, {} in {}", words::class(row.class), row.shop.name, row.currency);
            table.named_cells(id, "group", vec![Cell::from(title)]);
            last = Some(group);
        }
        table.cells("", entry_cells(row));
    }
    Some(Section {
        id: "entry-rows".to_owned(),
        is_folded: true,
        title: format!("Movements: {}", count(report.entries.total)),
        blocks: vec![Block::Table(table)],
    })
}

fn is_of(row: &EntryRow, account: &Account) -> bool {
    account.shop.id == row.shop.id && account.currency == row.currency
}

fn entry_cells(row: &EntryRow) -> Vec<Cell> {
    let when = row.entered_at.format("%Y-%m-%d %H:%M:%S").to_string();
    let side = |value: Option<_>| Cell::from(value.map_or("–".to_owned(), amount));
    let receipt = match row.receipt_id {
        Some(receipt) => {
            Cell::from(receipt.to_string()).linked(Link::filtered("receipts", receipt.to_string()))
        }
        None => Cell::default(),
    };
    vec![
        Cell { below: vec![when], ..Cell::from(row.entry_id.to_string()) },
        Cell::foreign(&row.ledger_type, vec![row.trouble.replace('_', " ")]),
        side(row.amount),
        side(row.balance),
        receipt,
        Cell::from(row.payout.map_or_else(String::new, |payout| payout.to_string())),
    ]
}
