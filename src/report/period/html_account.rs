//! One payment account in HTML: from gross to net, the tie-out, payouts, months and days.

use rust_decimal::Decimal;

use super::account::{Account, Day, Figures, Payout, TieStep};
use super::text::is_empty;
use super::vocabulary::StepKind;
use super::words;
use crate::domain::{BreakKind, MoneyClass};
use crate::report::html_chart::{Chart, Series, Step};
use crate::report::html_page::{Block, Cell, HtmlTable, Link, Section};
use crate::report::words::{amount, change, clean, count, count_of};

/// How links name an account.
pub(super) fn account_id(account: &Account) -> String {
    format!("a{}-{}", account.shop.id, account.currency.as_str().to_lowercase())
}

/// The part of an account.
pub(super) fn account_section(account: &Account) -> Section {
    let id = account_id(account);
    let mut blocks = vec![
        Block::Heading("From gross to net".to_owned()),
        Block::Chart(waterfall_chart(account, &id)),
        Block::Table(waterfall_table(account, &id)),
        Block::Heading("Orders on both sides".to_owned()),
        Block::Series(orders_series(account)),
        Block::Heading("Tie-out: what each place says, and what leads to the next".to_owned()),
        Block::Table(tie_table(account, &id)),
    ];
    if !account.payouts.is_empty() {
        blocks.push(Block::Heading("Payouts".to_owned()));
        blocks.push(Block::Table(payout_table(account, &id)));
    }
    if account.months.len() > 1 {
        blocks.push(Block::Heading("Month by month".to_owned()));
        let months: Vec<_> = account
            .months
            .iter()
            .map(|month| (month.month.format("%Y-%m").to_string(), &month.figures))
            .collect();
        let caption = format!("Months, in {}", account.currency);
        blocks.push(Block::Table(figures_table(caption, "Month", &months)));
    }
    blocks.push(Block::Heading("Day by day".to_owned()));
    let days = account.days.iter().filter(|day| is_told(day));
    let days: Vec<_> = days.map(|day| (day.day.to_string(), &day.figures)).collect();
    let caption = format!("Days with receipts or movements, in {}", account.currency);
    blocks.push(Block::Table(figures_table(caption, "Day", &days)));
    blocks.push(Block::Heading("Movements by Etsy's own types".to_owned()));
    blocks.push(Block::Table(movement_table(account, &id)));
    Section { title: words::account(account), id, blocks, ..Section::default() }
}

fn waterfall_chart(account: &Account, id: &str) -> Chart {
    let zero = Decimal::ZERO;
    let step = |label: &str, from, to, class, link: &str| Step {
        label: label.to_owned(),
        figure: if class == "level" { amount(to) } else { change(to - from) },
        from,
        to,
        class,
        link: Some(Link::to(link)),
    };
    let table = format!("{id}-waterfall");
    let mut level = account.opening;
    let mut steps = vec![step("Opening balance", zero, level, "level", &table)];
    for line in account.waterfall.iter().filter(|line| !line.total.is_zero()) {
        let next = level + line.total;
        let class = match line.class {
            MoneyClass::Payout | MoneyClass::Recoupment => "odoo",
            MoneyClass::Suspense => "look",
            MoneyClass::Sale
            | MoneyClass::Refund
            | MoneyClass::EtsyTax
            | MoneyClass::FeeTransaction
            | MoneyClass::FeeProcessing
            | MoneyClass::FeeListing
            | MoneyClass::FeeRegulatory
            | MoneyClass::FeeOther
            | MoneyClass::VatOnFees
            | MoneyClass::Ads
            | MoneyClass::Labels
            | MoneyClass::Credit
            | MoneyClass::Deposit
            | MoneyClass::Adjustment => {
                if line.total.is_sign_negative() {
                    "etsy"
                } else {
                    "good"
                }
            }
        };
        let rows = format!("{id}-{}", line.class);
        steps.push(step(words::class(line.class), level, next, class, &rows));
        level = next;
    }
    steps.push(step("Closing balance", zero, account.closing, "level", &table));
    let mut chart =
        Chart::waterfall(format!("Every movement of the account, in {}", account.currency), steps);
    chart.legend = vec![
        ("balance".to_owned(), "level"),
        ("in".to_owned(), "good"),
        ("out".to_owned(), "etsy"),
        ("to the bank".to_owned(), "odoo"),
    ];
    chart
}

fn waterfall_table(account: &Account, id: &str) -> HtmlTable {
    let caption = format!("The same in figures, in {}", account.currency);
    let columns = ["", ">movements", ">amount", ">tax on it", ">total"];
    let mut table =
        HtmlTable { id: format!("{id}-waterfall"), ..HtmlTable::new(caption, &columns) };
    let end = |name: &str, balance| {
        let empty = [String::new(), String::new(), String::new()];
        [name.to_owned()].into_iter().chain(empty).chain([amount(balance)]).collect()
    };
    table.row("", end("Opening balance", account.opening));
    for line in &account.waterfall {
        let rows = || Link::to(format!("{id}-{}", line.class));
        let vat = if line.vat.is_zero() { String::new() } else { change(line.vat) };
        let cells = vec![
            Cell::from(words::class(line.class).to_owned()),
            Cell::from(count(line.entries)),
            Cell::from(change(line.amount)),
            Cell::from(vat),
            Cell::from(change(line.total)).linked(rows()),
        ];
        table.cells("", cells);
        if line.class == MoneyClass::Sale && !account.tax_in_sales.is_zero() {
            let mut cells = vec![Cell::from("of it tax that Etsy takes out below".to_owned())];
            cells.extend([String::new(), amount(account.tax_in_sales)].map(Cell::from));
            cells.extend([Cell::default(), Cell::default()]);
            table.cells("part", cells);
        }
    }
    table.row("sum", end("Closing balance", account.closing));
    table
}

fn orders_series(account: &Account) -> Series {
    // what nothing is asked for cannot be in Odoo
    let due = |figures: &Figures| figures.receipts.count - figures.not_due.count;
    let days: Vec<(String, String, i64, i64)> = account
        .days
        .iter()
        .map(|day| {
            let (due, booked) = (due(&day.figures), day.figures.orders.count);
            let title = format!("{}: {due} due on Etsy, {booked} in Odoo", day.day);
            (day.day.to_string(), title, due, booked)
        })
        .collect();
    let off = days.iter().filter(|(_, _, due, booked)| due != booked).count();
    let sum = |pick: fn(&(String, String, i64, i64)) -> i64| days.iter().map(pick).sum::<i64>();
    let words = format!(
        "{} due on Etsy, {} in Odoo; {} differ.",
        count_of(sum(|day| day.2), "order"),
        count_of(sum(|day| day.3), "order"),
        count_of(i64::try_from(off).unwrap_or(i64::MAX), "day"),
    );
    let legend =
        [("due on Etsy, upwards".to_owned(), "etsy"), ("in Odoo, downwards".to_owned(), "odoo")];
    Series::new(format!("Orders per day. {words}"), legend, words, days)
}

/// All ties in one table, each with the total that it leads from above and the other below.
fn tie_table(account: &Account, id: &str) -> HtmlTable {
    let caption = format!("Tie-out of the receipts of the period, in {}", account.currency);
    let columns = ["", "what it is", ">receipts", ">amount"];
    let mut table = HtmlTable { id: format!("{id}-ties"), ..HtmlTable::wide(caption, &columns) };
    for tie in account.ties.iter().filter(|tie| !is_empty(tie)) {
        let mut title = words::tie(tie.tie).to_owned();
        if let Some(first) = title.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        table.row("group", vec![title]);
        let (first, second) = words::tie_ends(tie.tie);
        let end = |name: &str, what: &str, receipts, total| {
            vec![
                Cell::from(name.to_owned()),
                Cell::from(what.to_owned()),
                Cell::from(count(receipts)).linked(Link::filtered("receipts", &account.shop.name)),
                Cell::from(amount(total)),
            ]
        };
        table.cells("", end(first, "", tie.first.count, tie.first.amount));
        for step in &tie.steps {
            table.cells("part", step_cells(account, step));
        }
        let what = if tie.unexplained().count == 0 { "0 unexplained" } else { "" };
        table.cells("sum", end(second, what, tie.second.count, tie.second.amount));
    }
    table
}

fn step_cells(account: &Account, step: &TieStep) -> Vec<Cell> {
    let is_open = step.answer == StepKind::Unexplained;
    let name = match step.kind {
        Some(kind) => format!("{}: {}", words::step(step.step), words::kind(kind)),
        None => words::step(step.step).to_owned(),
    };
    let figure = Cell::from(change(step.amount)).of_class(if is_open { "off" } else { "" });
    let filter = |kind: BreakKind| format!("{} {}", words::kind(kind), account.shop.name);
    let figure = match step.kind {
        Some(kind) => figure.linked(Link::filtered("break-list", filter(kind))),
        None => figure,
    };
    vec![
        Cell::from(name),
        Cell::from(words::answer(step.answer).to_owned()),
        Cell::from(count(step.receipts)),
        figure,
    ]
}

fn payout_table(account: &Account, id: &str) -> HtmlTable {
    let columns = [
        "When",
        ">orders",
        ">before",
        ">sales",
        ">refunds",
        ">Etsy's tax",
        ">fees",
        ">ads, labels",
        ">other",
        ">paid out",
        ">after",
    ];
    let caption = format!(
        "Payouts and recoupments, in {}: before + all between = paid out + after",
        account.currency
    );
    let mut table = HtmlTable {
        id: format!("{id}-payouts"),
        is_live: true,
        ..HtmlTable::wide(caption, &columns)
    };
    for payout in &account.payouts {
        let rest = payout.other + payout.suspense;
        let figures = [
            payout.opening,
            payout.sales,
            payout.refunds,
            payout.tax,
            payout.fees,
            payout.ads_and_labels,
            rest,
            payout.paid,
            payout.closing,
        ];
        let when = payout.settled_at.format("%Y-%m-%d").to_string();
        let what = if payout.class == MoneyClass::Recoupment { "recoupment" } else { "payout" };
        let what = format!("{what} {}", payout.payout);
        let orders = Cell::from(count(payout.orders));
        let rows = Link::filtered("receipts", payout.payout.to_string());
        let mut cells = vec![Cell { below: vec![what], ..Cell::from(when) }, orders.linked(rows)];
        cells.extend(figures.map(|figure| Cell::from(amount(figure))));
        table.cells("", cells);
    }
    let sum = |pick: fn(&Payout) -> Decimal| account.payouts.iter().map(pick).sum::<Decimal>();
    let sums = [
        sum(|payout| payout.sales),
        sum(|payout| payout.refunds),
        sum(|payout| payout.tax),
        sum(|payout| payout.fees),
        sum(|payout| payout.ads_and_labels),
        sum(|payout| payout.other + payout.suspense),
        sum(|payout| payout.paid),
    ];
    let orders: i64 = account.payouts.iter().map(|payout| payout.orders).sum();
    let mut cells = vec![Cell::from("Sum".to_owned()), Cell::from(count(orders)), Cell::default()];
    cells.extend(sums.map(|figure| Cell::from(amount(figure))));
    cells.push(Cell::default());
    table.sums(cells);
    table
}

/// Whether a day has anything to tell.
fn is_told(day: &Day) -> bool {
    let figures = &day.figures;
    let counts = [
        figures.receipts.count,
        figures.sales.count,
        figures.refunds.count,
        figures.tax.count,
        figures.fees.count,
        figures.other.count,
        figures.paid_out.count,
    ];
    counts.iter().any(|count| *count != 0)
}

fn figures_table(caption: String, first: &str, rows: &[(String, &Figures)]) -> HtmlTable {
    let columns = [
        first,
        ">receipts",
        ">asked for",
        ">orders",
        ">in Odoo",
        ">off",
        ">sales",
        ">refunds",
        ">Etsy's tax",
        ">fees",
        ">other",
        ">paid out",
        ">balance",
    ];
    let mut table = HtmlTable { is_live: true, ..HtmlTable::wide(caption, &columns) };
    for (name, figures) in rows {
        // steps of a tie are signed: what is not due counts below zero
        let asked = figures.receipts.amount + figures.not_due.amount + figures.etsy_tax.amount;
        let off = figures.orders.amount - asked;
        let class = if off.is_zero() { "fine" } else { "off" };
        let rows = Link::filtered("receipts", name);
        let mut cells = vec![
            Cell::from(name.clone()),
            Cell::from(count(figures.receipts.count)).linked(rows),
            Cell::from(amount(asked)),
            Cell::from(count(figures.orders.count)),
            Cell::from(amount(figures.orders.amount)),
            Cell::from(change(off)).of_class(class),
        ];
        cells.extend(
            [
                figures.sales.amount,
                figures.refunds.amount,
                figures.tax.amount,
                figures.fees.amount,
                figures.other.amount,
                figures.paid_out.amount,
                figures.balance,
            ]
            .map(|figure| Cell::from(amount(figure))),
        );
        table.cells("", cells);
    }
    table
}

fn movement_table(account: &Account, id: &str) -> HtmlTable {
    let caption = format!("Movements of the payment account, in {}", account.currency);
    let mut table = HtmlTable::wide(caption, &["", ">movements", ">amount"]);
    for line in &account.waterfall {
        let cells = vec![
            Cell::from(words::class(line.class).to_owned()),
            Cell::from(count(line.entries)),
            Cell::from(change(line.total)),
        ];
        table.named_cells(format!("{id}-{}", line.class), "group", cells);
        let of_line = account.movements.iter().filter(|row| {
            let own = if row.class == MoneyClass::VatOnFees { row.parent_class } else { None };
            own.unwrap_or(row.class) == line.class
        });
        for row in of_line {
            let entries = Link::to(format!("{id}-e-{}", row.class));
            let is_tax = row.class == MoneyClass::VatOnFees;
            let what = if is_tax { ", tax on it" } else { "" };
            let name = format!("{}{what}", clean(&row.ledger_type));
            let cells = vec![
                Cell::from(name),
                Cell::from(count(row.entries)).linked(entries),
                Cell::from(change(row.amount)),
            ];
            table.cells("part", cells);
        }
    }
    table
}
