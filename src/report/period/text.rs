//! The report as text for a terminal.

use super::account::{Account, Tie};
use super::model::{BreakRow, PeriodReport};
use super::words;
use crate::report::layout::{Page, Table};
use crate::report::text::{write_broken_sums, write_notices};
use crate::report::words::{amount, change, clean, count, moment, shop, shop_title};

impl PeriodReport {
    /// The report for a terminal of 80 columns.
    pub fn to_text(&self) -> String {
        let mut page = Page::default();
        page.title(&format!("Etsy and Odoo, {}", words::period(self.period)), '=');
        write_notices(&mut page, &self.notices());
        page.gap();
        page.field("Period", &format!("{} to {}, UTC", self.period.from, self.period.to));
        let shops: Vec<String> = self.shops.iter().map(shop).collect();
        page.field("State", &self.state_in_words());
        page.field("Shops", &shops.join(", "));
        let source = &self.source;
        page.field("Made from", &format!("run {} of {}", source.run, moment(source.started_at)));
        write_broken_sums(&mut page, &self.broken_sums);
        self.write_segments(&mut page);
        for account in &self.accounts {
            write_account(&mut page, account);
        }
        self.write_corrections(&mut page);
        self.write_breaks(&mut page);
        page.into_text()
    }

    fn write_segments(&self, page: &mut Page) {
        if self.segments.is_empty() {
            return;
        }
        page.title("What the breaks have in common", '-');
        for segment in &self.segments {
            let text = format!("{}: {}", words::segment(segment), words::explains(segment));
            page.words(&text, "  ", "      ");
        }
    }

    fn write_breaks(&self, page: &mut Page) {
        if self.breaks.is_empty() {
            return;
        }
        page.title(&format!("Breaks: {}", count(self.breaks.total)), '-');
        self.breaks.rows.iter().for_each(|row| write_break(page, row));
        if self.breaks.more() > 0 {
            page.words(&format!("… and {} more", count(self.breaks.more())), "  ", "  ");
        }
    }
}

fn write_account(page: &mut Page, account: &Account) {
    page.title(&format!("{}, in {}", shop_title(&account.shop), account.currency), '-');
    let mut table = Table::new(["From gross to net", "movements", "amount", "tax on it"]);
    let end =
        |name: &str, balance| [name.to_owned(), String::new(), amount(balance), String::new()];
    table.row(end("Opening balance", account.opening));
    for line in &account.waterfall {
        let vat = if line.vat.is_zero() { String::new() } else { change(line.vat) };
        let name = words::class(line.class).to_owned();
        table.row([name, count(line.entries), change(line.total), vat]);
    }
    table.rule();
    table.row(end("Closing balance", account.closing));
    page.table(&table);
    for tie in account.ties.iter().filter(|tie| !is_empty(tie)) {
        write_tie(page, tie);
    }
    if account.payouts.is_empty() {
        return;
    }
    page.gap();
    let mut table = Table::new(["Payouts", "orders", "before", "paid", "after"]);
    for payout in &account.payouts {
        table.row([
            payout.settled_at.format("%Y-%m-%d").to_string(),
            count(payout.orders),
            amount(payout.opening),
            amount(payout.paid),
            amount(payout.closing),
        ]);
    }
    page.table(&table);
}

/// Whether there is nothing to tie.
pub(super) fn is_empty(tie: &Tie) -> bool {
    tie.first.count == 0 && tie.second.count == 0 && tie.steps.is_empty()
}

fn write_tie(page: &mut Page, tie: &Tie) {
    let (first, second) = words::tie_ends(tie.tie);
    page.gap();
    let mut table = Table::new([words::tie(tie.tie), "receipts", "amount"]);
    table.row([first.to_owned(), count(tie.first.count), amount(tie.first.amount)]);
    for step in &tie.steps {
        let kind = step.kind.map_or_else(String::new, |kind| format!(": {}", words::kind(kind)));
        let name = format!("{}{kind}", words::step(step.step));
        table.row([name, count(step.receipts), change(step.amount)]);
    }
    table.rule();
    table.row([second.to_owned(), count(tie.second.count), amount(tie.second.amount)]);
    page.table(&table);
}

fn write_break(page: &mut Page, row: &BreakRow) {
    let side = |value: Option<_>| value.map_or("nothing".to_owned(), amount);
    let head = format!(
        "{} {}  {}, {} {} of {}: {} against {}",
        change(row.amount),
        row.currency,
        words::kind(row.kind),
        row.place(),
        clean(&row.key),
        row.shop.name,
        side(row.etsy_amount),
        side(row.odoo_amount),
    );
    page.words(&head, "  ", "      ");
    page.words(&row.about(), "      ", "      ");
    page.words(&format!("{}; {}", row.cause, row.remedy), "      why: ", "           ");
    for (name, text) in [("      note: ", &row.note), ("      owner: ", &row.owner)] {
        if !text.is_empty() {
            page.words(&clean(text), name, "            ");
        }
    }
}

impl BreakRow {
    /// What its key is the number of.
    pub(super) fn place(&self) -> &'static str {
        if self.receipt_id.is_some_and(|receipt| receipt.to_string() == self.key) {
            "receipt"
        } else {
            "movement"
        }
    }

    /// When it is from, and what else is known of it.
    pub(super) fn about(&self) -> String {
        let mut about = vec![format!(
            "{}, {} days old",
            self.dated_at.format("%Y-%m-%d"),
            count(self.age_days)
        )];
        about.extend(self.break_id.map(|number| format!("break {number}")));
        for text in [&self.order_name, &self.detail] {
            let text = clean(text);
            if !text.is_empty() {
                about.push(text);
            }
        }
        if self.reopened > 0 {
            about.push(format!("came back {} times", count(self.reopened)));
        }
        about.join(", ")
    }
}
