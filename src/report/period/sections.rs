//! The sections of a report, as tables.

use rust_decimal::Decimal;

use super::account::{Account, Figures, Tie};
use super::model::{BreakRow, EntryRow, PeriodReport, ReceiptRow, Sum};
use super::table::{
    CURRENCY, Column, SHOP, Spec, Table, Value, amount, count, day, level, moment, number, percent,
    text, word,
};
use super::words;
use crate::domain::MoneyClass;

pub(super) const WATERFALL: Spec = Spec {
    name: "waterfall",
    title: "Waterfall",
    by_account: true,
    columns: &[
        SHOP,
        CURRENCY,
        word("class", "Class"),
        text("line", "Line"),
        count("entries", "Movements"),
        level("amount", "Amount"),
        level("vat", "Tax on it"),
        amount("total", "Total"),
        level("balance", "Balance"),
    ],
};

pub(super) const TIES: Spec = Spec {
    name: "tie-out",
    title: "Tie-out",
    by_account: true,
    columns: &[
        SHOP,
        CURRENCY,
        word("tie", "Tie"),
        text("line", "Line"),
        word("step", "Step"),
        word("answer", "Answer"),
        word("break", "Break"),
        number("receipts", "Receipts"),
        level("amount", "Amount"),
    ],
};

const FIGURES: [Column; 27] = [
    count("receipts", "Receipts"),
    amount("receipts_amount", "Receipts, amount"),
    count("not_due", "Not due"),
    amount("not_due_amount", "Not due, amount"),
    count("etsy_tax", "With Etsy's tax"),
    amount("etsy_tax_amount", "Etsy's tax"),
    count("orders", "Orders"),
    amount("orders_amount", "Orders, amount"),
    count("invoiced", "Invoiced orders"),
    amount("invoiced_amount", "Invoiced"),
    count("credited", "Credited orders"),
    amount("credited_amount", "Credited"),
    count("sales", "Sales in the account"),
    amount("sales_amount", "Sales, amount"),
    count("refunds", "Refunds in the account"),
    amount("refunds_amount", "Refunds, amount"),
    count("tax", "Tax movements"),
    amount("tax_amount", "Tax, amount"),
    count("fees", "Fee movements"),
    amount("fees_amount", "Fees, amount"),
    count("other", "Other movements"),
    amount("other_amount", "Other, amount"),
    count("paid_out", "Payouts"),
    amount("paid_out_amount", "Paid out"),
    level("balance", "Balance"),
    count("unexplained", "Unexplained"),
    amount("unexplained_amount", "Unexplained, amount"),
];

/// Columns before those of the figures.
const fn with_figures(first: Column) -> [Column; 30] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, last] = FIGURES;
    [
        SHOP, CURRENCY, first, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w,
        x, y, z, last,
    ]
}

pub(super) const MONTHS: Spec = Spec {
    name: "months",
    title: "Months",
    by_account: true,
    columns: &with_figures(day("month", "Month")),
};

pub(super) const DAYS: Spec = Spec {
    name: "days",
    title: "Days",
    by_account: true,
    columns: &with_figures(day("day", "Day")),
};

pub(super) const PAYOUTS: Spec = Spec {
    name: "payouts",
    title: "Payouts",
    by_account: true,
    columns: &[
        SHOP,
        CURRENCY,
        number("payout", "Payout"),
        word("class", "Class"),
        moment("settled_at", "When"),
        number("from_sequence", "From movement"),
        number("until_sequence", "To movement"),
        count("entries", "Movements"),
        count("orders", "Orders"),
        level("opening", "Balance before"),
        amount("sales", "Sales"),
        amount("refunds", "Refunds"),
        amount("tax", "Etsy's tax"),
        amount("fees", "Fees"),
        amount("ads_and_labels", "Ads and labels"),
        amount("other", "Other"),
        amount("suspense", "Suspense"),
        amount("paid", "Paid out"),
        level("closing", "Balance after"),
    ],
};

pub(super) const BREAKS: Spec = Spec {
    name: "breaks",
    title: "Breaks",
    by_account: true,
    columns: &[
        SHOP,
        CURRENCY,
        number("break_id", "Number"),
        word("kind", "Kind"),
        word("key", "Key"),
        moment("dated_at", "Dated"),
        number("age_days", "Days old"),
        level("etsy_amount", "Etsy"),
        level("odoo_amount", "Odoo"),
        amount("amount", "Off"),
        number("receipt_id", "Receipt"),
        word("order_name", "Order"),
        text("detail", "Detail"),
        word("country", "Country"),
        percent("tax_rate", "Tax rate"),
        word("product_key", "Product"),
        text("cause", "Likely cause"),
        text("remedy", "Remedy"),
        moment("opened_at", "Opened"),
        number("reopened", "Came back"),
        text("note", "Note"),
        word("owner", "Owner"),
    ],
};

pub(super) const SEGMENTS: Spec = Spec {
    name: "segments",
    title: "Segments",
    by_account: false,
    columns: &[
        word("dimension", "Dimension"),
        word("value", "Value"),
        number("breaks", "Receipts with breaks"),
        number("receipts", "Receipts"),
        number("all_breaks", "All receipts with breaks"),
        number("all_receipts", "All receipts"),
    ],
};

pub(super) const MOVEMENTS: Spec = Spec {
    name: "movements",
    title: "Movements",
    by_account: true,
    columns: &[
        SHOP,
        CURRENCY,
        word("class", "Class"),
        word("parent_class", "Tax on"),
        word("ledger_type", "Etsy's type"),
        count("entries", "Movements"),
        amount("amount", "Amount"),
        count("without_amount", "Without an amount"),
    ],
};

pub(super) const STOCK: Spec = Spec {
    name: "stock",
    title: "Stock",
    by_account: false,
    columns: &[
        SHOP,
        day("day", "Day"),
        word("action", "Action"),
        word("outcome", "Outcome"),
        count("actions", "Actions"),
    ],
};

pub(super) const RECEIPTS: Spec = Spec {
    name: "receipts",
    title: "Receipts",
    by_account: true,
    columns: &[
        SHOP,
        CURRENCY,
        moment("received_at", "Placed"),
        number("receipt_id", "Receipt"),
        word("standing", "Standing"),
        word("is_paid", "Paid"),
        word("country", "Country"),
        amount("total", "Total"),
        amount("tax", "Of it tax"),
        amount("refunded", "Refunded"),
        level("order_expected", "Order should be"),
        word("order_name", "Order"),
        word("order_state", "State"),
        word("order_currency", "Order currency"),
        level("order_total", "Order is"),
        amount("invoiced", "Invoiced"),
        amount("credited", "Credited"),
        amount("sale", "Sale in the account"),
        amount("sale_refunded", "Refunded there"),
        amount("sale_tax", "Tax there"),
        amount("fees", "Fees there"),
        amount("other", "Other there"),
        amount("paid_out", "Paid out"),
        amount("not_paid_out", "Not paid out"),
        number("payout", "Payout"),
        word("breaks", "Breaks"),
    ],
};

pub(super) const ENTRIES: Spec = Spec {
    name: "entries",
    title: "Entries",
    by_account: true,
    columns: &[
        SHOP,
        CURRENCY,
        number("sequence_number", "Place"),
        number("entry_id", "Entry"),
        moment("entered_at", "When"),
        word("class", "Class"),
        word("parent_class", "Tax on"),
        word("ledger_type", "Etsy's type"),
        amount("amount", "Amount"),
        level("balance", "Balance"),
        number("receipt_id", "Receipt"),
        number("transaction_id", "Transaction"),
        number("listing_id", "Listing"),
        number("payment_id", "Payment"),
        number("payout", "Payout"),
        word("trouble", "Trouble"),
    ],
};

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
    ]
}

fn of(account: &Account, rest: impl IntoIterator<Item = Value>) -> Vec<Value> {
    [Value::from(&account.shop), account.currency.into()].into_iter().chain(rest).collect()
}

fn waterfall(account: &Account) -> Vec<Vec<Value>> {
    let end = |line: &str, balance: Decimal| {
        let empty = [Value::Empty, line.into(), Value::Empty, Value::Empty, Value::Empty, Value::Empty];
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
