//! Findings on orders: what the receipt asks for, line by line, and what Odoo has.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use tokio_postgres::Row;

use super::DiffError;
use super::faults::{PricelistFault, TaxFault};
use super::findings::{FindingStream, verdict};
use crate::db::Warehouse;
use crate::domain::{ReceiptId, RunId, ShopId, Standing, Subject, Verdict};

/// A line that an order must have.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct OrderLine {
    /// The external id without its module.
    pub line_key: String,
    /// What is sold.
    pub product_key: String,
    /// Odoo's product, if there is exactly one.
    pub product_id: Option<i32>,
    /// The text of the line.
    pub name: String,
    /// How many.
    pub quantity: Decimal,
    /// The price of one.
    pub price_unit: Decimal,
    /// Whether it is the shipping line.
    pub is_delivery: bool,
    /// Etsy's transaction.
    pub transaction_id: Option<i64>,
}

/// A text that stands on an order and sells nothing. It is the buyer's.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct OrderNote {
    /// The external id without its module.
    pub line_key: String,
    /// What it says.
    pub text: String,
}

impl std::fmt::Debug for OrderNote {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("OrderNote")
            .field("line_key", &self.line_key)
            .finish_non_exhaustive()
    }
}

/// What a receipt asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderWanted {
    /// When the receipt was created.
    pub ordered_at: DateTime<Utc>,
    /// What the order must total.
    pub total: Decimal,
    /// The key of the buyer.
    pub customer_key: String,
    /// The buyer's partner, if Odoo has exactly one.
    pub partner_id: Option<i32>,
    /// How many partners claim to be that buyer.
    pub partner_copies: i32,
    /// Whether this run found something about that buyer, so that its plan decides on it.
    pub partner_is_decided: bool,
    /// The key of the address; nothing where Etsy withholds it.
    pub address_key: Option<String>,
    /// The partner of the address, if Odoo has it.
    pub address_id: Option<i32>,
    /// How many partners claim to be that address.
    pub address_copies: i32,
    /// Whether this run found something about that address, so that its plan decides on it.
    pub address_is_decided: bool,
    /// By how much the receipt's own figures do not add up.
    pub residue: Decimal,
    /// The pricelist of the currency.
    pub pricelist_id: Option<i32>,
    /// What stands against the pricelist; nothing where there is one.
    pub pricelist_fault: Option<PricelistFault>,
    /// What stands against the shop's taxes.
    pub tax_fault: Option<TaxFault>,
    /// The lines, in order.
    pub lines: Vec<OrderLine>,
    /// The notes below them, in order.
    pub notes: Vec<OrderNote>,
}

/// The order that claims a receipt.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct OrderInOdoo {
    /// Odoo's `sale.order`.
    pub order_id: i32,
    /// Its number; the numbers of all where several claim the receipt.
    pub name: String,
    /// Its state.
    pub state: String,
    /// How many orders claim the receipt.
    pub copies: i32,
    /// Its date.
    pub ordered_at: DateTime<Utc>,
    /// Its total; where taxes are left to Odoo, that of its lines as they are priced.
    pub total: Decimal,
    /// What Odoo's own taxes add to it, where they are left to Odoo.
    pub odoo_tax_added: Option<Decimal>,
    /// Whether it bears our external id, so that a repeated load finds it.
    pub has_external_id: bool,
    /// How many lines it has.
    pub line_count: i32,
    /// `invoice_status`.
    pub invoice_status: String,
    /// `delivery_status`; `none` without deliveries.
    pub delivery_status: String,
    /// The partner that it is delivered to.
    pub shipping_id: Option<i32>,
    /// Whether that is an address that the receipt asked for before.
    pub shipping_was_asked: bool,
}

/// A receipt or an order that does not agree.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderFinding {
    /// Whose it is.
    pub shop: ShopId,
    /// Etsy's receipt.
    pub receipt: ReceiptId,
    /// How the sides stand.
    pub verdict: Verdict,
    /// Whether an order is due.
    pub standing: Standing,
    /// What differs.
    pub differences: Vec<String>,
    /// The currency of the receipt, else of the order.
    pub currency: String,
    /// Etsy's side.
    pub wanted: Option<OrderWanted>,
    /// Odoo's side.
    pub there: Option<OrderInOdoo>,
}

/// The order findings of a run, by shop and receipt.
pub async fn order_findings(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<FindingStream<OrderFinding>, DiffError> {
    let statement = sql!("diff/order_findings.sql");
    FindingStream::open(warehouse, run, Subject::Orders, statement, order).await
}

fn order(run: RunId, row: &Row) -> Result<OrderFinding, DiffError> {
    Ok(OrderFinding {
        shop: ShopId(row.get("shop_id")),
        receipt: ReceiptId(row.get("receipt_id")),
        verdict: verdict(run, row)?,
        standing: row
            .get::<_, &str>("standing")
            .parse()
            .map_err(|source| DiffError::Word { run, source })?,
        differences: row.get("differences"),
        currency: row.get("currency"),
        wanted: wanted(run, row)?,
        there: there(row),
    })
}

fn wanted(run: RunId, row: &Row) -> Result<Option<OrderWanted>, DiffError> {
    let Some(ordered_at) = row.get("ordered_at") else { return Ok(None) };
    let unreadable = |source| DiffError::Lines { key: row.get("key"), source };
    let lines = serde_json::from_value(row.get("lines")).map_err(unreadable)?;
    let notes = serde_json::from_value(row.get("notes")).map_err(unreadable)?;
    let fault = |source| DiffError::Word { run, source };
    let pricelist_fault = row.get::<_, Option<&str>>("pricelist_fault").map(str::parse);
    let tax_fault = row.get::<_, Option<&str>>("tax_fault").map(str::parse);
    Ok(Some(OrderWanted {
        ordered_at,
        total: row.get("etsy_amount"),
        customer_key: row.get("customer_key"),
        partner_id: row.get("partner_id"),
        partner_copies: row.get("partner_copies"),
        partner_is_decided: row.get("partner_is_decided"),
        address_key: row.get("address_key"),
        address_id: row.get("address_id"),
        address_copies: row.get("address_copies"),
        address_is_decided: row.get("address_is_decided"),
        residue: row.get("residue"),
        pricelist_id: row.get("pricelist_id"),
        pricelist_fault: pricelist_fault.transpose().map_err(fault)?,
        tax_fault: tax_fault.transpose().map_err(fault)?,
        lines,
        notes,
    }))
}

fn there(row: &Row) -> Option<OrderInOdoo> {
    Some(OrderInOdoo {
        order_id: row.get::<_, Option<i32>>("order_id")?,
        name: row.get("order_name"),
        state: row.get("state"),
        copies: row.get("copies"),
        ordered_at: row.get("odoo_ordered_at"),
        total: row.get("odoo_amount"),
        odoo_tax_added: row.get("odoo_tax_added"),
        has_external_id: row.get("has_external_id"),
        line_count: row.get("odoo_line_count"),
        invoice_status: row.get("invoice_status"),
        delivery_status: row.get("delivery_status"),
        shipping_id: row.get("shipping_id"),
        shipping_was_asked: row.get("shipping_was_asked"),
    })
}
