//! The shapes of ledger entries and payments.

use serde::Serialize;

use super::wire::{Money, Unit};
use crate::sandbox::world::{Adjustment, Ledger, LedgerEntry, Payment, Receipt, Shop};

#[derive(Serialize)]
struct AdjustmentItemBody {
    payment_adjustment_id: i64,
    payment_adjustment_item_id: i64,
    adjustment_type: &'static str,
    amount: i64,
    shop_amount: i64,
    transaction_id: Option<i64>,
    bill_payment_id: Option<i64>,
    created_timestamp: i64,
    updated_timestamp: i64,
}

/// `PaymentAdjustment`: its amounts are bare integers.
#[derive(Serialize)]
struct AdjustmentBody {
    payment_adjustment_id: i64,
    payment_id: i64,
    status: &'static str,
    is_success: bool,
    user_id: i64,
    reason_code: &'static str,
    total_adjustment_amount: i64,
    shop_total_adjustment_amount: i64,
    buyer_total_adjustment_amount: i64,
    total_fee_adjustment_amount: i64,
    create_timestamp: i64,
    created_timestamp: i64,
    update_timestamp: i64,
    updated_timestamp: i64,
    payment_adjustment_items: [AdjustmentItemBody; 1],
}

/// `PaymentAccountLedgerEntry`: its amounts are bare integers, too.
#[derive(Serialize)]
pub(super) struct EntryBody<'a> {
    entry_id: i64,
    ledger_id: i64,
    sequence_number: i64,
    amount: i64,
    currency: &'a str,
    description: &'a str,
    balance: i64,
    create_date: i64,
    created_timestamp: i64,
    ledger_type: &'a str,
    reference_type: &'a str,
    reference_id: String,
    parent_entry_id: i64,
    payment_adjustments: Vec<AdjustmentBody>,
}

/// `Payment`.
#[derive(Serialize)]
pub(super) struct PaymentBody<'a> {
    payment_id: i64,
    buyer_user_id: i64,
    shop_id: i64,
    receipt_id: i64,
    amount_gross: Money<'a>,
    amount_fees: Money<'a>,
    amount_net: Money<'a>,
    posted_gross: Option<Money<'a>>,
    posted_fees: Option<Money<'a>>,
    posted_net: Option<Money<'a>>,
    adjusted_gross: Option<Money<'a>>,
    adjusted_fees: Option<Money<'a>>,
    adjusted_net: Option<Money<'a>>,
    currency: &'a str,
    shop_currency: &'a str,
    buyer_currency: &'a str,
    shipping_user_id: i64,
    shipping_address_id: i64,
    billing_address_id: i64,
    status: &'a str,
    shipped_timestamp: Option<i64>,
    create_timestamp: i64,
    created_timestamp: i64,
    update_timestamp: i64,
    updated_timestamp: i64,
    payment_adjustments: Vec<AdjustmentBody>,
}

/// An entry as Etsy answers it; the entries of a refund carry its adjustment.
pub(super) fn entry<'a>(entry: &LedgerEntry, ledger: &Ledger, seller: &'a Shop) -> EntryBody<'a> {
    let (reference_type, reference_id) = entry.referent.reference();
    let adjustment = ledger.adjustment_of(entry);
    EntryBody {
        entry_id: entry.entry_id,
        ledger_id: ledger.id,
        sequence_number: entry.sequence_number,
        amount: entry.amount,
        currency: seller.currency.as_str(),
        description: entry.kind.word(),
        balance: entry.balance,
        create_date: entry.created,
        created_timestamp: entry.created,
        ledger_type: entry.kind.word(),
        reference_type,
        reference_id: reference_id.to_string(),
        parent_entry_id: entry.parent_entry_id,
        payment_adjustments: adjustment
            .filter(|_| entry.amount < 0)
            .map(|(payment, adjustment)| adjustment_body(payment, adjustment, seller))
            .into_iter()
            .collect(),
    }
}

/// A payment as Etsy answers it: posted when the parcel has left, adjusted when money went back.
pub(super) fn payment<'a>(
    payment: &Payment,
    receipt: &Receipt,
    seller: &'a Shop,
) -> PaymentBody<'a> {
    let unit = Unit::of(seller);
    let code = seller.currency.as_str();
    let (refunded, refunded_fees) = (payment.refunded(), payment.refunded_fees());
    let posted = |amount: i64| receipt.is_shipped().then(|| unit.money(amount));
    let adjusted = |amount: i64| (!payment.adjustments.is_empty()).then(|| unit.money(amount));
    let (gross, fees) = (payment.gross - refunded, payment.fees - refunded_fees);
    let last = payment.adjustments.last().map(|adjustment| adjustment.created);
    let updated = last.or(receipt.shipped).unwrap_or(payment.created);
    PaymentBody {
        payment_id: payment.id,
        buyer_user_id: receipt.buyer_user_id,
        shop_id: seller.shop_id.0,
        receipt_id: receipt.receipt_id.0,
        amount_gross: unit.money(payment.gross),
        amount_fees: unit.money(payment.fees),
        amount_net: unit.money(payment.gross - payment.fees),
        posted_gross: posted(payment.gross),
        posted_fees: posted(payment.fees),
        posted_net: posted(payment.gross - payment.fees),
        adjusted_gross: adjusted(gross),
        adjusted_fees: adjusted(fees),
        adjusted_net: adjusted(gross - fees),
        currency: code,
        shop_currency: code,
        buyer_currency: code,
        shipping_user_id: receipt.buyer_user_id,
        shipping_address_id: receipt.buyer_user_id % 100_000_000 + 1,
        billing_address_id: 0,
        status: status(payment, receipt),
        shipped_timestamp: receipt.shipped,
        create_timestamp: payment.created,
        created_timestamp: payment.created,
        update_timestamp: updated,
        updated_timestamp: updated,
        payment_adjustments: payment
            .adjustments
            .iter()
            .map(|adjustment| adjustment_body(payment, adjustment, seller))
            .collect(),
    }
}

/// No closed list: both spellings and a word of the instalment plans have been seen.
fn status(payment: &Payment, receipt: &Receipt) -> &'static str {
    match (receipt.is_shipped(), payment.id % 10) {
        (false, 0) if receipt.payment_method == "k_pay_in_4" => "INSTALL_IN_PROGRESS",
        (false, _) => "authed",
        (true, 0 | 1) => "SETTLED",
        (true, 2) => "POSTED",
        (true, _) => "settled",
    }
}

fn adjustment_body(payment: &Payment, adjustment: &Adjustment, seller: &Shop) -> AdjustmentBody {
    let id = adjustment.payment_adjustment_id;
    let (amount, created) = (adjustment.amount, adjustment.created);
    AdjustmentBody {
        payment_adjustment_id: id,
        payment_id: payment.id,
        status: "SETTLED",
        is_success: true,
        user_id: seller.user_id,
        reason_code: adjustment.reason,
        total_adjustment_amount: amount,
        shop_total_adjustment_amount: amount,
        buyer_total_adjustment_amount: amount,
        total_fee_adjustment_amount: adjustment.fee,
        create_timestamp: created,
        created_timestamp: created,
        update_timestamp: created,
        updated_timestamp: created,
        payment_adjustment_items: [AdjustmentItemBody {
            payment_adjustment_id: id,
            payment_adjustment_item_id: adjustment.item_id,
            adjustment_type: "TRANSACTION",
            amount,
            shop_amount: amount,
            transaction_id: adjustment.transaction_id,
            bill_payment_id: None,
            created_timestamp: created,
            updated_timestamp: created,
        }],
    }
}
