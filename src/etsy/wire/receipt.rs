//! Receipts (<https://developers.etsy.com/documentation/reference/#tag/Shop-Receipt>).
//!
//! `Debug` shows ids only: the rest belongs to the buyer.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::lenient::{
    Count, Flag, FlagOrNo, Id, Many, Maybe, MaybeId, MaybeText, Moment, Text, Whatever,
};
use super::object::wire_object;
use crate::etsy::wire::{PropertyValue, Unreadable, WireMoney, lenient, read};

/// Etsy marks what the buyer wrote for the seller to engrave with this property
/// (seen in answers; not in the reference).
pub(super) const PERSONALISATION_PROPERTY: i64 = 54;

/// What a receipt's `status` says; Etsy's words, whatever their case (<https://github.com/etsy/open-api/issues/469>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReceiptStatus {
    /// Paid, not yet shipped.
    Paid,
    /// Paid and shipped.
    Completed,
    /// Not yet paid.
    Open,
    /// The payment is under way, and may come to nothing.
    PaymentProcessing,
    /// Cancelled.
    Canceled,
    /// All of it was paid back.
    FullyRefunded,
    /// Some of it was paid back.
    PartiallyRefunded,
    /// A word that the reference does not have.
    Unknown,
}

impl ReceiptStatus {
    /// Reads the word.
    pub fn of(word: &str) -> Self {
        const WORDS: &[(&str, ReceiptStatus)] = &[
            ("paid", ReceiptStatus::Paid),
            ("completed", ReceiptStatus::Completed),
            ("open", ReceiptStatus::Open),
            ("payment processing", ReceiptStatus::PaymentProcessing),
            ("canceled", ReceiptStatus::Canceled),
            ("cancelled", ReceiptStatus::Canceled),
            ("fully refunded", ReceiptStatus::FullyRefunded),
            ("partially refunded", ReceiptStatus::PartiallyRefunded),
        ];
        let word = word.trim();
        let known = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        known.map_or(Self::Unknown, |(_, status)| *status)
    }
}

wire_object! {
    /// One purchase.
    #[derive(Clone)]
    pub struct Receipt {
        /// Its id.
        receipt_id: i64 => Id,
        /// Who bought.
        buyer_user_id: i64 => Id,
        /// As written; see [`Receipt::status`].
        status: Cow<'text, str> => Text<'text>,
        /// Whether it is paid: what decides, not the status.
        is_paid: bool => Flag,
        /// Whether the seller has shipped it.
        is_shipped: bool => FlagOrNo,
        /// When it came into being.
        created_timestamp: DateTime<Utc> => Moment,
        /// When it last changed. Refunds and edits of the ship date do not move it
        /// (<https://github.com/etsy/open-api/issues/513>).
        updated_timestamp: DateTime<Utc> => Moment,
        /// The recipient's name.
        name: Cow<'text, str> => Text<'text>,
        /// First line of the address; the whole address is null when Etsy withholds it.
        first_line: Option<Cow<'text, str>> => MaybeText<'text>,
        /// Second line.
        second_line: Option<Cow<'text, str>> => MaybeText<'text>,
        /// Town.
        city: Option<Cow<'text, str>> => MaybeText<'text>,
        /// State or province, as the buyer wrote it.
        state: Option<Cow<'text, str>> => MaybeText<'text>,
        /// Post code.
        zip: Option<Cow<'text, str>> => MaybeText<'text>,
        /// ISO 3166-1 alpha-2.
        country_iso: Option<Cow<'text, str>> => MaybeText<'text>,
        /// A note to the seller.
        message_from_buyer: Option<Cow<'text, str>> => MaybeText<'text>,
        /// Whether the buyer sends it as a gift.
        is_gift: bool => FlagOrNo,
        /// What the gift shall say; empty when it says nothing.
        gift_message: Option<Cow<'text, str>> => MaybeText<'text>,
        /// Who sends the gift.
        gift_sender: Option<Cow<'text, str>> => MaybeText<'text>,
        /// What the buyer paid, tax and shipping included.
        grandtotal: WireMoney => Whatever<WireMoney>,
        /// `total_price` less coupons.
        subtotal: WireMoney => Whatever<WireMoney>,
        /// Prices times quantities.
        total_price: WireMoney => Whatever<WireMoney>,
        /// Shipping; absent means none, as with the four that follow.
        total_shipping_cost: Option<WireMoney> => Maybe<WireMoney>,
        /// Sales tax, which Etsy may collect and remit itself.
        total_tax_cost: Option<WireMoney> => Maybe<WireMoney>,
        /// VAT.
        total_vat_cost: Option<WireMoney> => Maybe<WireMoney>,
        /// Coupons, free shipping not counted.
        discount_amt: Option<WireMoney> => Maybe<WireMoney>,
        /// Gift wrapping.
        gift_wrap_price: Option<WireMoney> => Maybe<WireMoney>,
        /// The lines.
        transactions: Vec<Transaction<'text>> => Many<Transaction<'text>>,
        /// What was paid back. The totals above stay as they were.
        refunds: Vec<Refund<'text>> => Many<Refund<'text>>,
    }
    known:
        "receipt_type" | "seller_user_id" | "seller_email" | "buyer_email" | "formatted_address"
        | "payment_method" | "payment_email" | "message_from_seller" | "message_from_payment"
        | "create_timestamp" | "update_timestamp" | "shipments"
}

impl<'text> Receipt<'text> {
    /// Reads a row of a page.
    pub fn read(row: &'text RawValue) -> Result<Self, Unreadable> {
        read(row.get().as_bytes())
    }

    /// The id of a row that may not read otherwise.
    pub fn id_of(row: &RawValue) -> Option<i64> {
        lenient::id_of(row, "receipt_id")
    }

    /// What the status says.
    pub fn status(&self) -> ReceiptStatus {
        ReceiptStatus::of(&self.status)
    }
}

impl fmt::Debug for Receipt<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Receipt")
            .field("receipt_id", &self.receipt_id)
            .finish_non_exhaustive()
    }
}

wire_object! {
    /// One line of a receipt.
    #[derive(Clone)]
    pub struct Transaction {
        /// Its id.
        transaction_id: i64 => Id,
        /// The listing's title at the time of the sale.
        title: Cow<'text, str> => Text<'text>,
        /// How many.
        quantity: i32 => Count,
        /// Of one unit, before coupons.
        price: WireMoney => Whatever<WireMoney>,
        /// The listing; absent (Etsy also writes 0) when it has been deleted.
        listing_id: Option<i64> => MaybeId,
        /// The product as sold. Changes with each inventory write, so no key
        /// (<https://github.com/etsy/open-api/issues/523>).
        product_id: Option<i64> => MaybeId,
        /// As the seller wrote it.
        sku: Option<Cow<'text, str>> => MaybeText<'text>,
        /// Whether it is a download.
        is_digital: bool => FlagOrNo,
        /// What the buyer chose and wrote, as it reads.
        variations: Vec<Variation<'text>> => Many<Variation<'text>>,
        /// The properties of the product that was sold.
        product_data: Vec<PropertyValue<'text>> => Many<PropertyValue<'text>>,
    }
    known:
        "description" | "seller_user_id" | "buyer_user_id" | "create_timestamp"
        | "created_timestamp" | "paid_timestamp" | "shipped_timestamp" | "listing_image_id"
        | "receipt_id" | "file_data" | "transaction_type" | "shipping_cost"
        | "shipping_profile_id" | "min_processing_days" | "max_processing_days"
        | "shipping_method" | "shipping_upgrade" | "expected_ship_date" | "buyer_coupon"
        | "shop_coupon"
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Transaction")
            .field("transaction_id", &self.transaction_id)
            .finish_non_exhaustive()
    }
}

wire_object! {
    /// A choice of the buyer, or a text that the buyer wrote.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Variation {
        /// The property, for instance 200 for the primary colour.
        property_id: Option<i64> => MaybeId,
        /// The chosen value; absent for a text.
        value_id: Option<i64> => MaybeId,
        /// The property's name.
        formatted_name: Cow<'text, str> => Text<'text>,
        /// The value, or the text.
        formatted_value: Cow<'text, str> => Text<'text>,
        /// The question that the text answers.
        question_id: Option<i64> => MaybeId,
    }
    known:
}

impl Variation<'_> {
    /// Whether it is a text that the buyer wrote, rather than a choice that tells products apart.
    pub fn is_personalisation(&self) -> bool {
        self.question_id.is_some() || self.property_id == Some(PERSONALISATION_PROPERTY)
    }
}

impl fmt::Debug for Variation<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Variation")
            .field("property_id", &self.property_id)
            .field("value_id", &self.value_id)
            .finish_non_exhaustive()
    }
}

wire_object! {
    /// Money that went back to the buyer. The reasons are not read: they are the buyer's.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Refund {
        /// How much.
        amount: WireMoney => Whatever<WireMoney>,
        /// When.
        created_timestamp: DateTime<Utc> => Moment,
        /// As written, for instance `SETTLED`; no list of the words is published.
        status: Option<Cow<'text, str>> => MaybeText<'text>,
    }
    known:
        "reason" | "note_from_issuer"
}

#[cfg(test)]
mod tests;
