//! Receipts (<https://developers.etsy.com/documentation/reference/#tag/Shop-Receipt>).
//!
//! `Debug` shows ids only: the rest belongs to the buyer.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::domain::ReceiptId;
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
        match word.trim().to_lowercase().as_str() {
            "paid" => Self::Paid,
            "completed" => Self::Completed,
            "open" => Self::Open,
            "payment processing" => Self::PaymentProcessing,
            "canceled" | "cancelled" => Self::Canceled,
            "fully refunded" => Self::FullyRefunded,
            "partially refunded" => Self::PartiallyRefunded,
            _ => Self::Unknown,
        }
    }
}

/// One purchase.
#[derive(Clone, Deserialize)]
pub struct Receipt {
    /// Its id.
    pub receipt_id: ReceiptId,
    /// Who bought.
    #[serde(deserialize_with = "lenient::id")]
    pub buyer_user_id: i64,
    /// As written; see [`Receipt::status`].
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub status: String,
    /// Whether it is paid: what decides, not the status.
    pub is_paid: bool,
    /// Whether the seller has shipped it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub is_shipped: bool,
    /// When it came into being.
    #[serde(deserialize_with = "lenient::moment")]
    pub created_timestamp: DateTime<Utc>,
    /// When it last changed. Refunds and edits of the ship date do not move it
    /// (<https://github.com/etsy/open-api/issues/513>).
    #[serde(deserialize_with = "lenient::moment")]
    pub updated_timestamp: DateTime<Utc>,
    /// The recipient's name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// First line of the address; the whole address is null when Etsy withholds it.
    pub first_line: Option<String>,
    /// Second line.
    pub second_line: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// State or province, as the buyer wrote it.
    pub state: Option<String>,
    /// Post code.
    pub zip: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country_iso: Option<String>,
    /// A note to the seller.
    pub message_from_buyer: Option<String>,
    /// What the buyer paid, tax and shipping included.
    pub grandtotal: WireMoney,
    /// `total_price` less coupons.
    pub subtotal: WireMoney,
    /// Prices times quantities.
    pub total_price: WireMoney,
    /// Shipping; absent means none, as with the four that follow.
    pub total_shipping_cost: Option<WireMoney>,
    /// Sales tax, which Etsy may collect and remit itself.
    pub total_tax_cost: Option<WireMoney>,
    /// VAT.
    pub total_vat_cost: Option<WireMoney>,
    /// Coupons, free shipping not counted.
    pub discount_amt: Option<WireMoney>,
    /// Gift wrapping.
    pub gift_wrap_price: Option<WireMoney>,
    /// The lines.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub transactions: Vec<Transaction>,
    /// What was paid back. The totals above stay as they were.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub refunds: Vec<Refund>,
}

impl Receipt {
    /// Reads a row of a page.
    pub fn read(row: &RawValue) -> Result<Self, Unreadable> {
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

impl fmt::Debug for Receipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Receipt")
            .field("receipt_id", &self.receipt_id)
            .finish_non_exhaustive()
    }
}

/// One line of a receipt.
#[derive(Clone, Deserialize)]
pub struct Transaction {
    /// Its id.
    #[serde(deserialize_with = "lenient::id")]
    pub transaction_id: i64,
    /// The listing's title at the time of the sale.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub title: String,
    /// How many.
    pub quantity: i32,
    /// Of one unit, before coupons.
    pub price: WireMoney,
    /// The listing; absent (Etsy also writes 0) when it has been deleted.
    #[serde(default, deserialize_with = "lenient::id_or_none")]
    pub listing_id: Option<i64>,
    /// The product as sold. Changes with each inventory write, so no key
    /// (<https://github.com/etsy/open-api/issues/523>).
    #[serde(default, deserialize_with = "lenient::id_or_none")]
    pub product_id: Option<i64>,
    /// As the seller wrote it.
    pub sku: Option<String>,
    /// Whether it is a download.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub is_digital: bool,
    /// What the buyer chose and wrote, as it reads.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub variations: Vec<Variation>,
    /// The properties of the product that was sold.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub product_data: Vec<PropertyValue>,
}

impl fmt::Debug for Transaction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Transaction")
            .field("transaction_id", &self.transaction_id)
            .finish_non_exhaustive()
    }
}

/// A choice of the buyer, or a text that the buyer wrote.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Variation {
    /// The property, for instance 200 for the primary colour.
    #[serde(default, deserialize_with = "lenient::id_or_none")]
    pub property_id: Option<i64>,
    /// The chosen value; absent for a text.
    #[serde(default, deserialize_with = "lenient::id_or_none")]
    pub value_id: Option<i64>,
    /// The property's name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub formatted_name: String,
    /// The value, or the text.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub formatted_value: String,
    /// The question that the text answers.
    #[serde(default, deserialize_with = "lenient::id_or_none")]
    pub question_id: Option<i64>,
}

impl Variation {
    /// Whether it is a text that the buyer wrote, rather than a choice that tells products apart.
    pub fn is_personalisation(&self) -> bool {
        self.question_id.is_some() || self.property_id == Some(PERSONALISATION_PROPERTY)
    }
}

impl fmt::Debug for Variation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Variation")
            .field("property_id", &self.property_id)
            .field("value_id", &self.value_id)
            .finish_non_exhaustive()
    }
}

/// Money that went back to the buyer. The reasons are not read: they are the buyer's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refund {
    /// How much.
    pub amount: WireMoney,
    /// When.
    #[serde(deserialize_with = "lenient::moment")]
    pub created_timestamp: DateTime<Utc>,
    /// As written, for instance `SETTLED`; no list of the words is published.
    pub status: Option<String>,
}

#[cfg(test)]
mod tests;
