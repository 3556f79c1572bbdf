//! Money from Etsy to Odoo, for a terminal of 80 columns.

use super::figures::{Bridge, Cause, Progress};
use super::layout::{Page, Table};
use super::words::{self, amount, change, count, count_of};
use crate::domain::Standing;

/// What stands beside what taxes add.
pub(super) const ODOO_TAX: &str = "added by Odoo's own taxes";

/// What stands beside the sum of Odoo's totals.
pub(super) const WITH_ODOO_TAX: &str = "Odoo's totals, taxes included";

/// From what Etsy asks for to what Odoo has, in one currency.
pub(super) fn write_bridge(page: &mut Page, bridge: &Bridge) {
    page.gap();
    let title = format!("Money in {}", bridge.currency);
    let mut table = Table::new([title.as_str(), "orders", "amount"]);
    table.row(["Etsy asks for".to_owned(), count(bridge.orders), amount(bridge.asked)]);
    table.row(["Odoo had".to_owned(), String::new(), amount(bridge.had)]);
    if bridge.booked_orders > 0 {
        let booked = count(bridge.booked_orders);
        table.row(["booked by this plan".to_owned(), booked, change(bridge.booked)]);
    }
    if bridge.cancelled_orders > 0 {
        let cancelled = count(bridge.cancelled_orders);
        table.row(["cancelled by this plan".to_owned(), cancelled, change(bridge.cancelled)]);
    }
    if bridge.booked_orders + bridge.cancelled_orders > 0 {
        table.row(["Odoo has".to_owned(), String::new(), amount(bridge.now)]);
    }
    if !bridge.odoo_tax.is_zero() {
        table.row([ODOO_TAX.to_owned(), String::new(), change(bridge.odoo_tax)]);
        table.row([WITH_ODOO_TAX.to_owned(), String::new(), amount(bridge.with_odoo_tax)]);
    }
    table.rule();
    table.row(["off (Odoo less Etsy)".to_owned(), String::new(), change(bridge.off)]);
    for cause in &bridge.because {
        table.row([format!("- {}", cause_words(cause)), count(cause.orders), change(cause.amount)]);
    }
    page.table(&table);
    if bridge.in_another_currency > 0 {
        page.words(&another_currency(bridge), "  ", "  ");
    }
}

/// What makes up a part of a difference.
pub(super) fn cause_words(cause: &Cause) -> String {
    let decided = match (cause.decision, cause.progress) {
        (_, Some(Progress::Applied)) => "applied, with another amount",
        (_, Some(progress)) => words::progress(progress),
        (Some(decision), None) => words::decision(decision, None),
        (None, None) => "not decided",
    };
    if cause.standing == Standing::Due {
        format!("{}: {decided}", words::verdict(cause.verdict))
    } else {
        format!("{}, {}: {decided}", words::verdict(cause.verdict), words::standing(cause.standing))
    }
}

/// A caution for sums that mix currencies.
pub(super) fn another_currency(bridge: &Bridge) -> String {
    let verb = if bridge.in_another_currency == 1 { "is" } else { "are" };
    format!(
        "{} {verb} in another currency in Odoo; such amounts are counted here as they stand.",
        count_of(bridge.in_another_currency, "order")
    )
}
