//! Breaks and stock in HTML.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::model::{BreakRow, PeriodReport, StockLine};
use super::vocabulary::Age;
use super::words;
use crate::domain::{ActionKind, BreakKind};
use crate::report::figures::Progress;
use crate::report::html_chart::{Chart, Parts, Series};
use crate::report::html_page::{Block, Cell, HtmlTable, Link, Section};
use crate::report::words::{action, amount, change, clean, count, count_of, inert, progress};

/// How many breaks a page lists.
const LISTED: usize = 500;

/// The differences, if there are any.
pub(super) fn break_section(report: &PeriodReport) -> Option<Section> {
    if report.break_groups.is_empty() && report.breaks.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    if !report.segments.is_empty() {
        blocks.push(Block::Table(segment_table(report)));
    }
    blocks.push(Block::Chart(age_chart(report)));
    blocks.push(Block::Table(kind_table(report)));
    if !report.breaks.is_empty() {
        blocks.push(Block::Table(break_table(report)));
    }
    Some(Section {
        id: "breaks".to_owned(),
        title: format!("Breaks: {}", count(report.breaks.total)),
        blocks,
        ..Section::default()
    })
}

/// What explains most of them stands first.
fn segment_table(report: &PeriodReport) -> HtmlTable {
    let columns =
        ["", ">receipts with breaks", ">of all such receipts", ">receipts", ">of all receipts"];
    let mut table = HtmlTable::wide("What the breaks have in common", &columns);
    let share = |part: i64, whole: i64| {
        let share = Decimal::from(part * 100).checked_div(Decimal::from(whole));
        // a few of very many are not none
        let decimals = |share: Decimal| u32::from(share < Decimal::TEN) * 2;
        share.map_or_else(String::new, |share| {
            format!("{} %", share.round_dp(decimals(share)).normalize())
        })
    };
    for segment in &report.segments {
        let name = Cell::foreign(&words::segment(segment), Vec::new());
        let mut cells = vec![name];
        cells.extend(
            [
                count(segment.breaks),
                share(segment.breaks, segment.all_breaks),
                count(segment.receipts),
                share(segment.receipts, segment.all_receipts),
            ]
            .map(Cell::from),
        );
        table.cells("", cells);
    }
    table
}

fn age_chart(report: &PeriodReport) -> Chart {
    let mut kinds: BTreeMap<BreakKind, BTreeMap<Age, i64>> = BTreeMap::new();
    for group in &report.break_groups {
        *kinds.entry(group.kind).or_default().entry(group.age).or_default() += group.breaks;
    }
    let mut bars: Vec<(BreakKind, i64, Parts)> = kinds
        .into_iter()
        .map(|(kind, ages)| {
            let parts = ages.iter().map(|(age, many)| (Decimal::from(*many), age.as_str()));
            (kind, ages.values().sum(), parts.collect())
        })
        .collect();
    bars.sort_by_key(|(kind, many, _)| (std::cmp::Reverse(*many), *kind));
    let bars = bars
        .into_iter()
        .map(|(kind, many, parts)| {
            let link = Link::filtered("break-list", words::kind(kind));
            (words::kind(kind).to_owned(), count(many), parts, Some(link))
        })
        .collect();
    let mut chart = Chart::stacked("Breaks by kind and age", bars);
    let ages: Vec<Age> = Age::ALL
        .iter()
        .copied()
        .filter(|age| report.break_groups.iter().any(|group| group.age == *age))
        .collect();
    chart.legend = ages.iter().map(|age| (words::age(*age).to_owned(), age.as_str())).collect();
    chart
}

fn kind_table(report: &PeriodReport) -> HtmlTable {
    let columns = ["", ">breaks", ">sum", ">sum without signs"];
    let mut table =
        HtmlTable::new("Breaks by kind and account, those from before included", &columns);
    let mut sums: BTreeMap<_, (i64, Decimal, Decimal)> = BTreeMap::new();
    for group in &report.break_groups {
        let key = (group.shop.clone(), group.currency, group.kind);
        let sum = sums.entry(key).or_default();
        *sum = (sum.0 + group.breaks, sum.1 + group.amount, sum.2 + group.size);
    }
    for ((shop, currency, kind), (many, sum, size)) in sums {
        let filter = format!("{} {}", words::kind(kind), shop.name);
        let cells = vec![
            Cell {
                below: vec![format!("{} in {currency}", shop.name)],
                ..Cell::from(words::kind(kind).to_owned())
            },
            Cell::from(count(many)).linked(Link::filtered("break-list", filter)),
            Cell::from(change(sum)),
            Cell::from(amount(size)),
        ];
        table.cells("", cells);
    }
    table
}

fn break_table(report: &PeriodReport) -> HtmlTable {
    let shown = report.breaks.rows.len().min(LISTED);
    let shown = i64::try_from(shown).unwrap_or(i64::MAX);
    let caption = if shown == report.breaks.total {
        format!("All {}", count_of(shown, "break"))
    } else {
        format!(
            "The first {} of {}; all are in the CSV and the workbook",
            count(shown),
            count_of(report.breaks.total, "break")
        )
    };
    let columns = ["What", "Where", ">Etsy", ">Odoo", ">off", "What to do"];
    let mut table = HtmlTable {
        id: "break-list".to_owned(),
        is_live: true,
        ..HtmlTable::wide(caption, &columns)
    };
    for row in report.breaks.rows.iter().take(LISTED) {
        table.cells("", break_cells(row));
    }
    table
}

fn break_cells(row: &BreakRow) -> Vec<Cell> {
    let said = |name: &str, text: &str| {
        let text = clean(text);
        if text.is_empty() { text } else { format!("{name}: {text}") }
    };
    let age = format!("{}, {} days old", row.dated_at.format("%Y-%m-%d"), count(row.age_days));
    let place = format!("{} {}", row.place(), row.key);
    let order = said("order", &row.order_name);
    let side = |value: Option<Decimal>| Cell::from(value.map_or("–".to_owned(), amount));
    let number = row.break_id.map_or_else(String::new, |number| format!("break {number}"));
    let whose = format!("{} in {}", row.shop.name, row.currency);
    let mut place = Cell::foreign(&place, vec![order, whose, age]);
    if let Some(receipt) = row.receipt_id {
        place = place.linked(Link::filtered("receipts", receipt.to_string()));
    }
    let came_back = match row.reopened {
        0 => String::new(),
        many => format!("came back {}", count_of(many, "time")),
    };
    vec![
        Cell::foreign(words::kind(row.kind), vec![number, row.cause.to_owned(), came_back]),
        place,
        side(row.etsy_amount),
        side(row.odoo_amount),
        Cell::from(change(row.amount)),
        Cell::foreign(
            row.remedy,
            vec![inert(&row.detail), said("note", &row.note), said("owner", &row.owner)],
        ),
    ]
}

/// What was done about stock, if anything was.
pub(super) fn stock_section(stock: &[StockLine]) -> Option<Section> {
    if stock.is_empty() {
        return None;
    }
    let mut sums: BTreeMap<(ActionKind, Progress), i64> = BTreeMap::new();
    let mut days: BTreeMap<NaiveDate, (i64, i64)> = BTreeMap::new();
    for line in stock {
        *sums.entry((line.action, line.progress)).or_default() += line.actions;
        let day = days.entry(line.day).or_default();
        match line.action {
            ActionKind::RaiseInventory | ActionKind::ReactivateListing => day.0 += line.actions,
            ActionKind::LowerInventory | ActionKind::DeactivateListing => day.1 += line.actions,
            // stock that is counted for Odoo is not pushed to Etsy, and the rest is of no stock
            ActionKind::CountStock
            | ActionKind::CreateEntry
            | ActionKind::CreateProduct
            | ActionKind::UpdateProduct
            | ActionKind::CreateCustomer
            | ActionKind::BookOrder
            | ActionKind::ChangeAddress
            | ActionKind::CancelOrder => {}
        }
    }
    let mut table = HtmlTable::new("What became of it", &["", ">listings"]);
    let bars = sums
        .iter()
        .map(|((kind, state), many)| {
            let class = if *state == Progress::Applied { "good" } else { "look" };
            let name = format!("{}: {}", action(*kind), progress(*state));
            table.row("", vec![name.clone(), count(*many)]);
            (name, count(*many), Decimal::from(*many), class)
        })
        .collect();
    let chart = Chart::new("Listings whose quantities were pushed", bars);
    let days = days
        .into_iter()
        .map(|(day, (up, down))| {
            (day.to_string(), format!("{day}: {up} up, {down} down"), up, down)
        })
        .collect();
    let legend =
        [("raised, upwards".to_owned(), "good"), ("lowered, downwards".to_owned(), "look")];
    let words = "Listings raised and lowered, day by day.".to_owned();
    let series = Series::new("Stock pushed per day", legend, words, days);
    Some(Section {
        id: "stock".to_owned(),
        title: "Stock pushed to Etsy".to_owned(),
        blocks: vec![Block::Chart(chart), Block::Table(table), Block::Series(series)],
        ..Section::default()
    })
}
