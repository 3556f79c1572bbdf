//! Payments of buyers, and what was given back of them
//! (<https://developers.etsy.com/documentation/reference/#tag/Payment>).

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::lenient::{FlagOrNo, Id, Many, Maybe, MaybeWhole, Moment, Text, Whatever};
use super::object::wire_object;
use crate::etsy::wire::{Unreadable, WireMoney, lenient, read};

wire_object! {
    /// What a buyer paid for a receipt.
    #[derive(Debug, Clone)]
    pub struct Payment {
        /// Its id.
        payment_id: i64 => Id,
        /// The receipt that was paid.
        receipt_id: i64 => Id,
        /// What the buyer paid, shipping and tax included. The money's own currency counts.
        amount_gross: WireMoney => Whatever<WireMoney>,
        /// Card processing.
        amount_fees: WireMoney => Whatever<WireMoney>,
        /// Gross less fees.
        amount_net: WireMoney => Whatever<WireMoney>,
        /// The same three once the purchase has shipped; absent before.
        posted_gross: Option<WireMoney> => Maybe<WireMoney>,
        /// See `posted_gross`.
        posted_fees: Option<WireMoney> => Maybe<WireMoney>,
        /// See `posted_gross`.
        posted_net: Option<WireMoney> => Maybe<WireMoney>,
        /// The same three after refunds; absent without any.
        adjusted_gross: Option<WireMoney> => Maybe<WireMoney>,
        /// See `adjusted_gross`.
        adjusted_fees: Option<WireMoney> => Maybe<WireMoney>,
        /// See `adjusted_gross`.
        adjusted_net: Option<WireMoney> => Maybe<WireMoney>,
        /// As written, for instance `settled` or `INSTALL_IN_PROGRESS`; no list of the words is published.
        status: Cow<'text, str> => Text<'text>,
        /// When it came into being.
        created_timestamp: DateTime<Utc> => Moment,
        /// When it last changed.
        updated_timestamp: DateTime<Utc> => Moment,
        /// What was given back.
        payment_adjustments: Vec<PaymentAdjustment<'text>> => Many<PaymentAdjustment<'text>>,
    }
    known:
        "buyer_user_id" | "shop_id" | "currency" | "shop_currency" | "buyer_currency"
        | "shipping_user_id" | "shipping_address_id" | "billing_address_id" | "shipped_timestamp"
        | "create_timestamp" | "update_timestamp"
}

impl<'text> Payment<'text> {
    /// Reads a row of a page.
    pub fn read(row: &'text RawValue) -> Result<Self, Unreadable> {
        read(row.get().as_bytes())
    }

    /// The id of a row that may not read otherwise.
    pub fn id_of(row: &RawValue) -> Option<i64> {
        lenient::id_of(row, "payment_id")
    }
}

wire_object! {
    /// Something that was given back of a payment. Its amounts come without divisor. The reason is the buyer's, and not
    /// read.
    #[derive(Debug, Clone)]
    pub struct PaymentAdjustment {
        /// Its id.
        payment_adjustment_id: i64 => Id,
        /// The payment.
        payment_id: i64 => Id,
        /// As written, for instance `SETTLED`.
        status: Cow<'text, str> => Text<'text>,
        /// Whether it went through.
        is_success: bool => FlagOrNo,
        /// In the payment's currency.
        total_adjustment_amount: Option<i64> => MaybeWhole,
        /// In the shop's currency.
        shop_total_adjustment_amount: Option<i64> => MaybeWhole,
        /// In the buyer's currency.
        buyer_total_adjustment_amount: Option<i64> => MaybeWhole,
        /// Of the fees.
        total_fee_adjustment_amount: Option<i64> => MaybeWhole,
        /// When it came into being.
        created_timestamp: DateTime<Utc> => Moment,
        /// When it last changed.
        updated_timestamp: DateTime<Utc> => Moment,
    }
    known:
        "user_id" | "reason_code" | "create_timestamp" | "update_timestamp"
        | "payment_adjustment_items"
}
