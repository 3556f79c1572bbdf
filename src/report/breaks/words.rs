//! Breaks in words, for an accountant: what each kind is, what is likely behind it, and what to do.

use crate::domain::{BreakEvent, BreakKind};

/// A kind of break, as a heading and as a cell.
pub fn kind(kind: BreakKind) -> &'static str {
    match kind {
        BreakKind::MissingInOdoo => "no order in Odoo",
        BreakKind::MissingInEtsy => "order without a receipt",
        BreakKind::CancelledOnOneSide => "cancelled on one side only",
        BreakKind::DuplicateOrder => "more than one order",
        BreakKind::Currency => "another currency",
        BreakKind::Tax => "off by the tax",
        BreakKind::Rounding => "rounding",
        BreakKind::EditedByHand => "edited after it was booked",
        BreakKind::TotalDiffers => "another total",
        BreakKind::InvoiceDiffers => "invoiced or credited too much",
        BreakKind::RefundNotCredited => "refund without a credit note",
        BreakKind::RefundDiffers => "refund differs from the account",
        BreakKind::TaxDiffers => "tax differs from the account",
        BreakKind::PaymentMissing => "payment not on the account",
        BreakKind::PaymentDiffers => "payment differs from the account",
        BreakKind::UnknownLedgerType => "entry of an unknown type",
        BreakKind::UnknownUnit => "entry in an unknown unit",
        BreakKind::UnknownReference => "entry of something unknown",
        BreakKind::BrokenChain => "balance does not follow",
        BreakKind::ChargedTwice => "charged twice",
        BreakKind::EntryDiffers => "entry in the books differs",
    }
}

/// What the two amounts of a kind are: on Etsy's side, and on the other.
pub fn sides(kind: BreakKind) -> (&'static str, &'static str) {
    match kind {
        BreakKind::MissingInOdoo
        | BreakKind::MissingInEtsy
        | BreakKind::CancelledOnOneSide
        | BreakKind::DuplicateOrder
        | BreakKind::Currency
        | BreakKind::Tax
        | BreakKind::Rounding
        | BreakKind::EditedByHand
        | BreakKind::TotalDiffers => ("receipt", "order"),
        BreakKind::InvoiceDiffers => ("to be invoiced", "invoiced"),
        BreakKind::RefundNotCredited => ("refunded", "credited"),
        BreakKind::RefundDiffers
        | BreakKind::TaxDiffers
        | BreakKind::PaymentMissing
        | BreakKind::PaymentDiffers => ("receipt", "account"),
        BreakKind::EntryDiffers => ("account", "entry"),
        BreakKind::BrokenChain => ("balance", "expected"),
        BreakKind::UnknownLedgerType
        | BreakKind::UnknownUnit
        | BreakKind::UnknownReference
        | BreakKind::ChargedTwice => ("entry", "expected"),
    }
}

/// What is likely behind a break of a kind.
pub fn likely_cause(kind: BreakKind) -> &'static str {
    match kind {
        BreakKind::MissingInOdoo => {
            "the order was deleted in Odoo, could not be booked, or waits for a decision"
        }
        BreakKind::MissingInEtsy => {
            "the order was made by hand under a wrong receipt number, or belongs to another shop"
        }
        BreakKind::CancelledOnOneSide => {
            "somebody cancelled it in one place and nobody in the other"
        }
        BreakKind::DuplicateOrder => {
            "the order was duplicated or entered by hand beside the one that was booked"
        }
        BreakKind::Currency => "the order was made with a pricelist of another currency",
        BreakKind::Tax => {
            "Odoo added a tax of its own, or the tax that Etsy collects is in one total and not in the other"
        }
        BreakKind::Rounding => {
            "prices or taxes were rounded line by line in one place and as a whole in the other"
        }
        BreakKind::EditedByHand => {
            "the order was right when it was booked, and somebody has changed it since"
        }
        BreakKind::TotalDiffers => {
            "the order was entered by hand, or the receipt changed after it was booked"
        }
        BreakKind::InvoiceDiffers => {
            "it was invoiced or credited twice, or for another amount than the order"
        }
        BreakKind::RefundNotCredited => "Etsy paid the buyer back and nobody made the credit note",
        BreakKind::RefundDiffers => {
            "one refund is not shown yet in one of the two places, or a case was decided by Etsy"
        }
        BreakKind::TaxDiffers => "Etsy corrected the tax after the sale",
        BreakKind::PaymentMissing => {
            "the buyer paid outside Etsy Payments, or the payment is held back"
        }
        BreakKind::PaymentDiffers => {
            "Etsy paid part of it, or the receipt changed after the payment"
        }
        BreakKind::UnknownLedgerType => {
            "Etsy has a type of fee or credit that this version does not know; its amount is in suspense"
        }
        BreakKind::UnknownUnit => {
            "neither a receipt nor Odoo says how many decimals this currency has; it is in suspense"
        }
        BreakKind::UnknownReference => {
            "it belongs to a receipt or payment that Etsy does not show, or that was set aside as unreadable"
        }
        BreakKind::BrokenChain => "an entry before it is missing, or Etsy changed one afterwards",
        BreakKind::ChargedTwice => "Etsy charged the same fee once more",
        BreakKind::EntryDiffers => {
            "the entry was changed by hand in Odoo, or a movement of its days came after it was made"
        }
    }
}

/// What to do about a break of a kind.
pub fn remedy(kind: BreakKind) -> &'static str {
    match kind {
        BreakKind::MissingInOdoo => {
            "see `etsy-odoo plan`: it books the order, or says what it waits for"
        }
        BreakKind::MissingInEtsy => "correct the receipt number of the order, or cancel the order",
        BreakKind::CancelledOnOneSide => {
            "cancel the order in Odoo, with a credit note if it is invoiced; if only the order was cancelled, book it again or refund the buyer"
        }
        BreakKind::DuplicateOrder => {
            "cancel the copy that has no deliveries and invoices, and leave the other"
        }
        BreakKind::Currency => {
            "cancel the order and let it be booked again with the pricelist of the receipt's currency"
        }
        BreakKind::Tax => {
            "set the taxes of the order's lines right, and see `etsy_tax` and `taxes` of the shop"
        }
        BreakKind::Rounding => "accept it, or correct the line's price by the difference",
        BreakKind::EditedByHand => {
            "see the order's history in Odoo: take the change back, or note here why it is right"
        }
        BreakKind::TotalDiffers => {
            "compare the order's lines with the receipt's, and correct the order"
        }
        BreakKind::InvoiceDiffers => {
            "credit the invoice that is one too many, or cancel the credit note"
        }
        BreakKind::RefundNotCredited => "make a credit note of this amount for the order's invoice",
        BreakKind::RefundDiffers => {
            "compare the receipt's refunds with the account on Etsy; what Etsy does not correct goes to Etsy's support"
        }
        BreakKind::TaxDiffers => {
            "compare the tax on the receipt with the account; the seller owes none of it"
        }
        BreakKind::PaymentMissing => {
            "look for the payment on Etsy's payment account; if it was paid outside, note how"
        }
        BreakKind::PaymentDiffers => "compare receipt and payment on Etsy; ask Etsy's support",
        BreakKind::UnknownLedgerType => {
            "see the entry on Etsy's payment account, book it by hand, and report the type to the makers of etsy-odoo"
        }
        BreakKind::UnknownUnit => "activate the currency in Odoo, then run again",
        BreakKind::UnknownReference => {
            "see `etsy-odoo rejects`, then the entry on Etsy's payment account"
        }
        BreakKind::BrokenChain => {
            "read the account again with `etsy-odoo run --full`; if it stays, ask Etsy's support for the entry between"
        }
        BreakKind::ChargedTwice => "claim the second charge back from Etsy's support",
        BreakKind::EntryDiffers => {
            "compare it with `etsy-odoo report entries`: set the draft right, or book the difference"
        }
    }
}

/// Whether the money is Etsy's to correct and not Odoo's.
pub fn is_on_account(kind: BreakKind) -> bool {
    match kind {
        BreakKind::RefundDiffers
        | BreakKind::TaxDiffers
        | BreakKind::PaymentMissing
        | BreakKind::PaymentDiffers
        | BreakKind::UnknownLedgerType
        | BreakKind::UnknownUnit
        | BreakKind::UnknownReference
        | BreakKind::BrokenChain
        | BreakKind::ChargedTwice => true,
        BreakKind::MissingInOdoo
        | BreakKind::MissingInEtsy
        | BreakKind::CancelledOnOneSide
        | BreakKind::DuplicateOrder
        | BreakKind::Currency
        | BreakKind::Tax
        | BreakKind::Rounding
        | BreakKind::EditedByHand
        | BreakKind::TotalDiffers
        | BreakKind::InvoiceDiffers
        | BreakKind::RefundNotCredited
        | BreakKind::EntryDiffers => false,
    }
}

/// What happened to a break.
pub fn event(event: BreakEvent) -> &'static str {
    match event {
        BreakEvent::Opened => "found",
        BreakEvent::Closed => "gone",
        BreakEvent::Reopened => "back",
        BreakEvent::Changed => "another amount",
        BreakEvent::Noted => "note",
        BreakEvent::Assigned => "owner",
    }
}
