//! Decoded rows, and their way into the database by binary COPY.

use std::pin::pin;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use tokio_postgres::Transaction;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

/// A receipt as it is kept. No `Debug`: it holds a buyer's address.
pub(super) struct ReceiptRow {
    pub shop_id: i64,
    pub receipt_id: i64,
    pub buyer_user_id: i64,
    pub status: String,
    pub is_paid: bool,
    pub is_shipped: bool,
    pub is_cancelled: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub currency: String,
    pub grandtotal: Decimal,
    pub subtotal: Decimal,
    pub total_price: Decimal,
    pub shipping: Decimal,
    pub sales_tax: Decimal,
    pub vat: Decimal,
    pub discount: Decimal,
    pub gift_wrap: Decimal,
    pub refunded: Decimal,
    pub name: String,
    pub first_line: Option<String>,
    pub second_line: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
    pub country_iso: Option<String>,
    pub address_fingerprint: Option<String>,
    pub message_from_buyer: Option<String>,
    pub content_hash: i64,
    pub page_id: i64,
    pub changed_in_run: i64,
    pub transactions: Vec<TransactionRow>,
}

/// A line of a receipt as it is kept.
pub(super) struct TransactionRow {
    pub transaction_id: i64,
    pub position: i32,
    pub listing_id: Option<i64>,
    pub sku: Option<String>,
    pub product_key: String,
    pub variant_key: String,
    pub title: String,
    pub variations: String,
    pub personalisation: String,
    pub is_digital: bool,
    pub quantity: i32,
    pub price: Decimal,
}

/// A listing as it is kept.
pub(super) struct ListingRow {
    pub shop_id: i64,
    pub listing_id: i64,
    pub state: String,
    pub title: String,
    pub is_digital: bool,
    pub quantity: i32,
    pub currency: String,
    pub price: Decimal,
    pub updated_at: DateTime<Utc>,
    pub content_hash: i64,
    pub page_id: i64,
    pub changed_in_run: i64,
    pub offerings: Vec<OfferingRow>,
}

/// An offering as it is kept.
pub(super) struct OfferingRow {
    pub variant_key: String,
    pub product_key: String,
    pub sku: Option<String>,
    pub variations: String,
    pub quantity: i32,
    pub price: Decimal,
    pub is_enabled: bool,
    pub etsy_product_id: i64,
    pub etsy_offering_id: i64,
}

const RECEIPT_TYPES: &[Type] = &[
    Type::INT8,
    Type::INT8,
    Type::INT8,
    Type::TEXT,
    Type::BOOL,
    Type::BOOL,
    Type::BOOL,
    Type::TIMESTAMPTZ,
    Type::TIMESTAMPTZ,
    Type::TEXT,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::INT8,
    Type::INT8,
    Type::INT8,
];

const TRANSACTION_TYPES: &[Type] = &[
    Type::INT8,
    Type::INT8,
    Type::INT8,
    Type::INT4,
    Type::INT8,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::BOOL,
    Type::INT4,
    Type::NUMERIC,
];

const LISTING_TYPES: &[Type] = &[
    Type::INT8,
    Type::INT8,
    Type::TEXT,
    Type::TEXT,
    Type::BOOL,
    Type::INT4,
    Type::TEXT,
    Type::NUMERIC,
    Type::TIMESTAMPTZ,
    Type::INT8,
    Type::INT8,
    Type::INT8,
];

const OFFERING_TYPES: &[Type] = &[
    Type::INT8,
    Type::INT8,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::INT4,
    Type::NUMERIC,
    Type::BOOL,
    Type::INT8,
    Type::INT8,
];

type Values<'a> = Vec<&'a (dyn ToSql + Sync)>;

impl ReceiptRow {
    fn values(&self) -> Values<'_> {
        vec![
            &self.shop_id,
            &self.receipt_id,
            &self.buyer_user_id,
            &self.status,
            &self.is_paid,
            &self.is_shipped,
            &self.is_cancelled,
            &self.created_at,
            &self.updated_at,
            &self.currency,
            &self.grandtotal,
            &self.subtotal,
            &self.total_price,
            &self.shipping,
            &self.sales_tax,
            &self.vat,
            &self.discount,
            &self.gift_wrap,
            &self.refunded,
            &self.name,
            &self.first_line,
            &self.second_line,
            &self.city,
            &self.state,
            &self.zip,
            &self.country_iso,
            &self.address_fingerprint,
            &self.message_from_buyer,
            &self.content_hash,
            &self.page_id,
            &self.changed_in_run,
        ]
    }
}

impl TransactionRow {
    fn values<'a>(&'a self, receipt: &'a ReceiptRow) -> Values<'a> {
        vec![
            &receipt.shop_id,
            &receipt.receipt_id,
            &self.transaction_id,
            &self.position,
            &self.listing_id,
            &self.sku,
            &self.product_key,
            &self.variant_key,
            &self.title,
            &self.variations,
            &self.personalisation,
            &self.is_digital,
            &self.quantity,
            &self.price,
        ]
    }
}

impl ListingRow {
    fn values(&self) -> Values<'_> {
        vec![
            &self.shop_id,
            &self.listing_id,
            &self.state,
            &self.title,
            &self.is_digital,
            &self.quantity,
            &self.currency,
            &self.price,
            &self.updated_at,
            &self.content_hash,
            &self.page_id,
            &self.changed_in_run,
        ]
    }
}

impl OfferingRow {
    fn values<'a>(&'a self, listing: &'a ListingRow) -> Values<'a> {
        vec![
            &listing.shop_id,
            &listing.listing_id,
            &self.variant_key,
            &self.product_key,
            &self.sku,
            &self.variations,
            &self.quantity,
            &self.price,
            &self.is_enabled,
            &self.etsy_product_id,
            &self.etsy_offering_id,
        ]
    }
}

async fn copy<'a, R: Iterator<Item = Values<'a>>>(
    transaction: &Transaction<'_>,
    statement: &str,
    types: &[Type],
    rows: R,
) -> Result<(), tokio_postgres::Error> {
    let sink = transaction.copy_in(statement).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, types));
    for row in rows {
        writer.as_mut().write(&row).await?;
    }
    writer.finish().await?;
    Ok(())
}

/// Sends receipts with their lines into the incoming tables.
pub(super) async fn copy_receipts(
    transaction: &Transaction<'_>,
    receipts: &[ReceiptRow],
) -> Result<(), tokio_postgres::Error> {
    copy(
        transaction,
        sql!("stage/incoming_receipt.sql"),
        RECEIPT_TYPES,
        receipts.iter().map(ReceiptRow::values),
    )
    .await?;
    let lines = receipts
        .iter()
        .flat_map(|receipt| receipt.transactions.iter().map(move |line| line.values(receipt)));
    copy(transaction, sql!("stage/incoming_transaction.sql"), TRANSACTION_TYPES, lines).await
}

/// Sends listings with their offerings into the incoming tables.
pub(super) async fn copy_listings(
    transaction: &Transaction<'_>,
    listings: &[ListingRow],
) -> Result<(), tokio_postgres::Error> {
    copy(
        transaction,
        sql!("stage/incoming_listing.sql"),
        LISTING_TYPES,
        listings.iter().map(ListingRow::values),
    )
    .await?;
    let offerings = listings
        .iter()
        .flat_map(|listing| listing.offerings.iter().map(move |row| row.values(listing)));
    copy(transaction, sql!("stage/incoming_offering.sql"), OFFERING_TYPES, offerings).await
}
