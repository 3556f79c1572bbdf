//! Breaks for a terminal of 80 columns.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::{Break, BreakEntry, BreakFile, BreakHistory, words};
use crate::domain::{BreakKind, Currency};
use crate::report::layout::{Page, Table};
use crate::report::words::{amount, change, clean, clipped, count_of, moment};

/// Of a note or detail in a list, so much is shown.
const SHOWN: usize = 200;

/// A list of breaks, currency by currency. `now` is what their age is counted to.
pub fn breaks_text(breaks: &[Break], now: DateTime<Utc>) -> String {
    let mut page = Page::default();
    if breaks.is_empty() {
        page.words("No breaks.", "", "");
    }
    let mut rest = breaks;
    while let Some(first) = rest.first() {
        let many = rest.iter().take_while(|each| each.currency == first.currency).count();
        let (same, others) = rest.split_at(many);
        page.title(&heading(same, first.currency), '-');
        for each in same {
            write_row(&mut page, each, now);
        }
        rest = others;
    }
    page.into_text()
}

fn heading(breaks: &[Break], currency: Option<Currency>) -> String {
    let off: Decimal = breaks.iter().map(|each| each.amount.abs()).sum();
    let many = i64::try_from(breaks.len()).unwrap_or(i64::MAX);
    let open = breaks.iter().all(|each| each.is_open);
    let what = count_of(many, if open { "open break" } else { "break" });
    format!("{}: {what}, {} off", named(currency), amount(off))
}

fn named(currency: Option<Currency>) -> String {
    currency.map_or_else(|| "unknown currency".to_owned(), |currency| currency.to_string())
}

fn write_row(page: &mut Page, each: &Break, now: DateTime<Utc>) {
    page.gap();
    let state = if each.is_open { "" } else { ", closed" };
    let age = age(each.age_days(now));
    page.words(
        &format!(
            "{:<6}{:>12}  {}, {age}{state}",
            each.id,
            change(each.amount),
            words::kind(each.kind)
        ),
        "",
        "                    ",
    );
    page.words(&about(each), INDENT, INDENT);
    page.words(&both_sides(each), INDENT, INDENT);
    said(page, "likely", each.likely_cause);
    if !each.detail.is_empty() {
        said(page, "detail", &clipped(&each.detail, SHOWN));
    }
    said(page, "to do", each.remedy);
    if let Some(owner) = &each.owner {
        said(page, "owner", &clipped(owner, SHOWN));
    }
    if let Some(note) = &each.note {
        said(page, "note", &clipped(note, SHOWN));
    }
}

const INDENT: &str = "      ";

fn said(page: &mut Page, name: &str, words: &str) {
    page.words(words, &format!("{INDENT}{name:<7}"), &" ".repeat(INDENT.len() + 7));
}

fn age(days: i64) -> String {
    if days == 1 { "1 day old".to_owned() } else { format!("{days} days old") }
}

/// What it is about: receipt, order, shop.
fn about(each: &Break) -> String {
    let mut about = match each.receipt {
        Some(receipt) if receipt.0.to_string() == each.key => format!("receipt {receipt}"),
        _ if each.kind == BreakKind::EntryDiffers => format!("entry etsy.{}", clean(&each.key)),
        Some(receipt) => format!("ledger entry {}, receipt {receipt}", clean(&each.key)),
        None => format!("ledger entry {}", clean(&each.key)),
    };
    if let Some(order) = &each.order {
        about.push_str(&format!(", order {}", clean(order)));
    }
    format!("{about}, shop {}, {}", clean(&each.shop.name), each.dated_at.format("%Y-%m-%d"))
}

fn both_sides(each: &Break) -> String {
    let (etsy, odoo) = words::sides(each.kind);
    let shown = |side: Option<Decimal>| side.map_or_else(|| "nothing".to_owned(), amount);
    format!("{etsy} {}, {odoo} {}", shown(each.etsy_amount), shown(each.odoo_amount))
}

/// One break, with its history and its evidence.
pub fn break_text(file: &BreakFile, now: DateTime<Utc>) -> String {
    let each = &file.of;
    let mut page = Page::default();
    page.title(&format!("Break {}: {}", each.id, words::kind(each.kind)), '=');
    page.field("about", &about(each));
    page.field("off", &format!("{} {}", change(each.amount), named(each.currency)));
    page.field("sides", &both_sides(each));
    let state = if each.is_open { "open" } else { "closed" };
    let back = if each.reopened == 0 {
        String::new()
    } else {
        format!(", came back {}", count_of(each.reopened, "time"))
    };
    page.field(
        "state",
        &format!("{state}, {}{back}, last seen in run {}", age(each.age_days(now)), each.run),
    );
    if !each.detail.is_empty() {
        page.field("detail", &clean(&each.detail));
    }
    page.field("likely", each.likely_cause);
    page.field("to do", each.remedy);
    page.field("owner", &each.owner.as_deref().map_or_else(|| "nobody".to_owned(), clean));
    page.title("What happened", '-');
    for event in &file.events {
        write_event(&mut page, event);
    }
    if !file.entries.is_empty() {
        page.title("On the payment account", '-');
        write_entries(&mut page, &file.entries);
    }
    page.into_text()
}

fn write_event(page: &mut Page, event: &BreakHistory) {
    let run = event.run.map(|run| format!(", run {run}")).unwrap_or_default();
    let off = event.amount.map(|off| format!(", {} off", amount(off.abs()))).unwrap_or_default();
    let words =
        if event.words.is_empty() { String::new() } else { format!(": {}", clean(&event.words)) };
    let line = format!("{}  {}{run}{off}{words}", moment(event.at), words::event(event.event));
    page.words(&line, "  ", "    ");
}

fn write_entries(page: &mut Page, entries: &[BreakEntry]) {
    let mut table = Table::new(["entry", "class", "amount", "balance"]);
    let shown = |value: Option<Decimal>| value.map_or_else(|| "?".to_owned(), amount);
    for entry in entries {
        table.row([
            format!(
                "{} {} {}",
                entry.at.format("%Y-%m-%d"),
                entry.entry,
                clipped(&entry.ledger_type, 30)
            ),
            entry.class.to_string(),
            shown(entry.amount),
            shown(entry.balance),
        ]);
    }
    page.table(&table);
}
