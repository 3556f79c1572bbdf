//! Plain words for what a report on a period says.

use super::account::Account;
use super::model::{Lack, Period, Segment};
use super::vocabulary::{Age, Dimension, LackKind, StepKind, StepName, TieName};
use crate::domain::MoneyClass;
pub(super) use crate::report::breaks::words::{kind, likely_cause, remedy};
use crate::report::words::{clean, count, count_of, moment};

/// A payment account.
pub(super) fn account(account: &Account) -> String {
    format!("{} in {}", account.shop.name, account.currency)
}

/// The days of a period, as a heading has them.
pub(super) fn period(period: Period) -> String {
    let starts = period.from.format("%-d").to_string() == "1";
    let ends = period.to.succ_opt().is_none_or(|next| next.format("%-d").to_string() == "1");
    let one_month =
        period.from.format("%Y-%m").to_string() == period.to.format("%Y-%m").to_string();
    if starts && ends && one_month {
        return period.from.format("%B %Y").to_string();
    }
    if period.from == period.to {
        return period.from.format("%-d %B %Y").to_string();
    }
    format!("{} to {}", period.from.format("%-d %B %Y"), period.to.format("%-d %B %Y"))
}

/// What a class of movements is called.
pub(super) fn class(class: MoneyClass) -> &'static str {
    match class {
        MoneyClass::Sale => "Sales, gross",
        MoneyClass::Refund => "Refunds",
        MoneyClass::EtsyTax => "Tax that Etsy remits",
        MoneyClass::FeeTransaction => "Transaction fees",
        MoneyClass::FeeProcessing => "Payment processing fees",
        MoneyClass::FeeListing => "Listing fees",
        MoneyClass::FeeRegulatory => "Regulatory fees",
        MoneyClass::FeeOther => "Other fees",
        MoneyClass::VatOnFees => "Tax on fees, of no known fee",
        MoneyClass::Ads => "Advertising",
        MoneyClass::Labels => "Postage labels",
        MoneyClass::Credit => "Credits from Etsy",
        MoneyClass::Deposit => "Paid in by card",
        MoneyClass::Recoupment => "Taken from the bank",
        MoneyClass::Payout => "Paid out to the bank",
        MoneyClass::Adjustment => "Corrections and reserves",
        MoneyClass::Suspense => "Suspense: nobody knows what it is",
    }
}

/// What a tie ties.
pub(super) fn tie(tie: TieName) -> &'static str {
    match tie {
        TieName::Order => "receipts to orders",
        TieName::Invoice => "orders to invoices",
        TieName::Credit => "refunds to credit notes",
        TieName::Payment => "receipts to payments",
        TieName::Refund => "refunds to the payment account",
        TieName::Tax => "tax to the payment account",
        TieName::Payout => "payments to the bank",
    }
}

/// The names of its two totals.
pub(super) fn tie_ends(tie: TieName) -> (&'static str, &'static str) {
    match tie {
        TieName::Order => ("Receipts on Etsy", "Orders in Odoo"),
        TieName::Invoice => ("Orders in Odoo", "Invoices posted in Odoo"),
        TieName::Credit => ("Refunds on receipts", "Credit notes posted in Odoo"),
        TieName::Payment => ("Receipts on Etsy", "Sales in the payment account"),
        TieName::Refund => ("Refunds on receipts", "Refunds in the payment account"),
        TieName::Tax => ("Tax on receipts", "Tax taken in the payment account"),
        TieName::Payout => ("Sales in the payment account", "Paid out of them"),
    }
}

/// Why two totals are not the same.
pub(super) fn step(step: StepName) -> &'static str {
    match step {
        StepName::NotPaid => "not paid",
        StepName::Cancelled => "cancelled on Etsy",
        StepName::BeforeStart => "before the first day that is booked",
        StepName::BeforeAccount => "before the payment account was read",
        StepName::EtsyTax => "tax that Etsy collects and remits",
        StepName::OdooTax => "tax that Odoo adds",
        StepName::Refunds => "given back to buyers",
        StepName::TakenBack => "invoiced, and taken back by a credit note",
        StepName::OtherCurrency => "in a payment account of another currency",
        StepName::Fees => "fees, advertising and labels",
        StepName::Other => "credits and corrections",
        StepName::Planned => "the plan of this run acts on it",
        StepName::NotInvoiced => "not invoiced yet",
        StepName::NotCredited => "no credit note yet",
        StepName::NotInAccount => "not in the payment account yet",
        StepName::RefundPending => "refund on one side, not yet on the other",
        StepName::NotPaidOut => "not paid out yet",
        StepName::Rounding => "cents of rounding",
        StepName::Unexplained => "unexplained",
    }
}

/// The kind of answer that a step is.
pub(super) fn answer(kind: StepKind) -> &'static str {
    match kind {
        StepKind::NotDue => "not due",
        StepKind::Passed => "passed on",
        StepKind::Elsewhere => "counted elsewhere",
        StepKind::Fee => "fee",
        StepKind::Timing => "timing",
        StepKind::Rounding => "rounding",
        StepKind::Unexplained => "unexplained",
    }
}

/// How old differences are.
pub(super) fn age(age: Age) -> &'static str {
    match age {
        Age::Week => "up to 7 days",
        Age::Month => "up to 30 days",
        Age::Quarter => "up to 90 days",
        Age::Older => "older",
        Age::Before => "before the period",
    }
}

/// What differences have in common.
pub(super) fn segment(segment: &Segment) -> String {
    let value = clean(&segment.value);
    match segment.dimension {
        Dimension::Country => format!("Country {value}"),
        Dimension::TaxRate => format!("Tax rate {value} %"),
        Dimension::Shop => format!("Shop {value}"),
        Dimension::Product => format!("Product {value}"),
    }
}

/// How much of the differences a segment explains.
pub(super) fn explains(segment: &Segment) -> String {
    format!(
        "{} of {} receipts with differences, but only {} of {} receipts at all",
        count(segment.breaks),
        count(segment.all_breaks),
        count(segment.receipts),
        count(segment.all_receipts),
    )
}

/// What is missing, in a sentence.
pub(super) fn lack(lack: &Lack) -> String {
    let shop = &lack.shop.name;
    let many = lack.count.unwrap_or(0);
    let when = lack.moment.map_or("nothing of it".to_owned(), moment);
    match lack.lack {
        LackKind::MoneyNotLaidOut => {
            format!("{shop}: no run has laid its money side by side; `etsy-odoo run --full`")
        }
        LackKind::ReceiptsUntil => format!("{shop}: receipts are read up to {when}"),
        LackKind::ReceiptsFrom => format!("{shop}: receipts are read from {when}"),
        LackKind::LedgerUntil => format!("{shop}: the payment account is read up to {when}"),
        LackKind::LedgerFrom => format!(
            "{shop}: the payment account is read from {when}; see `ledger_from` in `shop set`"
        ),
        LackKind::LedgerGap => format!("{shop}: the payment account has a gap from {when}"),
        LackKind::OdooUntil => format!("{shop}: Odoo was read at {when}"),
        LackKind::UnprovenWindows => {
            format!("{shop}: {} of Etsy's did not prove whole", count_of(many, "window"))
        }
        LackKind::UnreadPayments => {
            format!("{shop}: {} of the payment account are not read", count_of(many, "payment"))
        }
        LackKind::Rejects => format!(
            "{shop}: {} of Etsy's could not be read; see `etsy-odoo rejects`",
            count_of(many, "row")
        ),
    }
}

/// What a figure of a closed month is of; a movement is named by its class.
pub(super) fn corrected(place: &str, figure: &str) -> String {
    if let (true, Ok(of)) = (place != super::corrections::RECEIPT, figure.parse()) {
        return format!("movements: {}", class(of));
    }
    let name = match figure {
        "total" => "receipts",
        "tax" => "tax on receipts",
        "refunded" => "refunds on receipts",
        "order_total" => "orders in Odoo",
        "invoiced" => "posted invoices",
        "credited" => "posted credit notes",
        "sale" => "sales of receipts in the account",
        "sale_refunded" => "refunds of receipts in the account",
        "sale_tax" => "tax of receipts in the account",
        "fees" => "fees of receipts in the account",
        other => other,
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn said(from: &str, to: &str) -> String {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        period(Period::new(day(from), day(to)).unwrap())
    }

    #[test]
    fn periods_read_as_people_say_them() {
        assert_eq!(said("2026-10-01", "2026-10-31"), "October 2026");
        assert_eq!(said("2026-02-01", "2026-02-28"), "February 2026");
        assert_eq!(said("2026-10-01", "2026-10-30"), "1 October 2026 to 30 October 2026");
        assert_eq!(said("2026-10-05", "2026-10-05"), "5 October 2026");
        assert_eq!(said("2026-01-01", "2026-12-31"), "1 January 2026 to 31 December 2026");
    }
}
