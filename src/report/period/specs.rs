//! The sections of a report: their names and their columns.

use super::table::{
    CURRENCY, SHOP, Spec, amount, count, day, level, moment, number, percent, text, word,
};

pub(super) const WATERFALL: Spec = Spec {
    name: "waterfall",
    title: "Waterfall",
    by_account: true,
    is_rare: false,
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
    is_rare: false,
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

/// The columns of figures, behind those of an account and the column of what they are about.
macro_rules! with_figures {
    ($first:expr) => {
        &[
            SHOP,
            CURRENCY,
            $first,
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
        ]
    };
}

pub(super) const MONTHS: Spec = Spec {
    name: "months",
    title: "Months",
    by_account: true,
    is_rare: false,
    columns: with_figures!(day("month", "Month")),
};

pub(super) const DAYS: Spec = Spec {
    name: "days",
    title: "Days",
    by_account: true,
    is_rare: false,
    columns: with_figures!(day("day", "Day")),
};

pub(super) const PAYOUTS: Spec = Spec {
    name: "payouts",
    title: "Payouts",
    by_account: true,
    is_rare: false,
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
    is_rare: false,
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
    is_rare: false,
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
    is_rare: false,
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
    is_rare: false,
    columns: &[
        SHOP,
        day("day", "Day"),
        word("action", "Action"),
        word("outcome", "Outcome"),
        count("actions", "Actions"),
    ],
};

pub(super) const CORRECTED: Spec = Spec {
    name: "corrections",
    title: "Corrections",
    by_account: true,
    is_rare: true,
    columns: &[
        SHOP,
        CURRENCY,
        day("month", "Closed month"),
        moment("closed_at", "Closed"),
        word("place", "What"),
        word("figure", "Figure"),
        count("came", "Came"),
        count("gone", "Gone"),
        count("changed", "Changed"),
        level("change", "By"),
    ],
};

pub(super) const RECEIPTS: Spec = Spec {
    name: "receipts",
    title: "Receipts",
    by_account: true,
    is_rare: false,
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
    is_rare: false,
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
