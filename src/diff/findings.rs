//! Findings with everything that a decision needs, as a stream.

use std::pin::Pin;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use rust_decimal::Decimal;
use serde::Deserialize;
use tokio_postgres::{Row, RowStream};

use super::DiffError;
use crate::db::{PooledClient, Warehouse};
use crate::domain::{ReceiptId, RunId, ShopId, Standing, Subject, Verdict};

/// A product that does not agree.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductFinding {
    /// Whose it is.
    pub shop: ShopId,
    /// The product key, which is the external id without its module.
    pub key: String,
    /// How the sides stand.
    pub verdict: Verdict,
    /// Etsy's SKU.
    pub sku: Option<String>,
    /// Etsy's listing.
    pub listing_id: Option<i64>,
    /// The normalised property values.
    pub variant_key: String,
    /// Title and variation.
    pub name: String,
    /// Whether it is a download.
    pub is_digital: bool,
    /// The price on Etsy if it is in the company's currency, else 0.
    pub price: Decimal,
    /// The (first) Odoo product found.
    pub product_id: Option<i32>,
    /// How many were found.
    pub copies: i32,
    /// By which rule.
    pub matched_by: Option<String>,
}

/// A buyer or an address that does not agree.
#[derive(Clone, PartialEq)]
pub struct CustomerFinding {
    /// Whose it is.
    pub shop: ShopId,
    /// The customer key, which is the external id without its module.
    pub key: String,
    /// How the sides stand.
    pub verdict: Verdict,
    /// The key of the buyer, for an address.
    pub parent_key: Option<String>,
    /// The buyer's partner, if Odoo has it.
    pub parent_id: Option<i32>,
    /// How many partners claim to be that buyer.
    pub parent_copies: i32,
    /// Whether this run found something about that buyer, so that its plan decides on it.
    pub parent_is_decided: bool,
    /// How many shops of this run want this very partner.
    pub claimants: i64,
    /// Etsy's buyer.
    pub buyer_user_id: i64,
    /// The name on the receipt.
    pub name: String,
    /// First line.
    pub street: Option<String>,
    /// Second line.
    pub street2: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Post code.
    pub zip: Option<String>,
    /// Odoo's country.
    pub country_id: Option<i32>,
    /// Odoo's state.
    pub state_id: Option<i32>,
    /// The (first) partner found.
    pub partner_id: Option<i32>,
    /// How many were found.
    pub copies: i32,
}

impl std::fmt::Debug for CustomerFinding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CustomerFinding")
            .field("shop", &self.shop)
            .field("key", &self.key)
            .field("verdict", &self.verdict)
            .finish_non_exhaustive()
    }
}

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
    /// The lines, in order.
    pub lines: Vec<OrderLine>,
}

/// The order that claims a receipt.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct OrderInOdoo {
    /// Odoo's `sale.order`.
    pub order_id: i32,
    /// Its number.
    pub name: String,
    /// Its state.
    pub state: String,
    /// How many orders claim the receipt.
    pub copies: i32,
    /// Its date.
    pub ordered_at: DateTime<Utc>,
    /// Its total.
    pub total: Decimal,
    /// How many lines it has.
    pub line_count: i32,
    /// `invoice_status`.
    pub invoice_status: String,
    /// `delivery_status`; `none` without deliveries.
    pub delivery_status: String,
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

/// How many findings are read at once.
const CHUNK: usize = 500;

/// The findings of a run about one subject, as they come from the database: a chunk at a time, so that memory does not
/// grow with them.
pub struct FindingStream<T> {
    // what is read from it ends with it
    _client: PooledClient,
    rows: Pin<Box<RowStream>>,
    has_ended: bool,
    run: RunId,
    subject: Subject,
    read: fn(RunId, &Row) -> Result<T, DiffError>,
}

impl<T> std::fmt::Debug for FindingStream<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("FindingStream")
            .field("run", &self.run)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

impl<T> FindingStream<T> {
    async fn open(
        warehouse: &Warehouse,
        run: RunId,
        subject: Subject,
        statement: &str,
        read: fn(RunId, &Row) -> Result<T, DiffError>,
    ) -> Result<Self, DiffError> {
        let client = warehouse.client().await.map_err(|source| DiffError::Database {
            run,
            subject,
            source,
        })?;
        let rows = client.query_raw(statement, [run.0]).await.map_err(DiffError::of(
            run,
            subject,
            "read the findings",
        ))?;
        Ok(Self { _client: client, rows: Box::pin(rows), has_ended: false, run, subject, read })
    }

    /// The next findings; none at the end.
    pub async fn next(&mut self) -> Result<Vec<T>, DiffError> {
        let mut findings = Vec::with_capacity(CHUNK);
        while findings.len() < CHUNK && !self.has_ended {
            let row = self.rows.try_next().await.map_err(DiffError::of(
                self.run,
                self.subject,
                "read the findings",
            ))?;
            match row {
                Some(row) => findings.push((self.read)(self.run, &row)?),
                // asked once more, it would take its end for a lost connection
                None => self.has_ended = true,
            }
        }
        Ok(findings)
    }
}

fn verdict(run: RunId, row: &Row) -> Result<Verdict, DiffError> {
    row.get::<_, &str>("verdict").parse().map_err(|source| DiffError::Word { run, source })
}

/// The product findings of a run, by shop and key.
pub async fn product_findings(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<FindingStream<ProductFinding>, DiffError> {
    let statement = sql!("diff/product_findings.sql");
    FindingStream::open(warehouse, run, Subject::Products, statement, product).await
}

/// The customer findings of a run: by shop, buyers before addresses.
pub async fn customer_findings(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<FindingStream<CustomerFinding>, DiffError> {
    let statement = sql!("diff/customer_findings.sql");
    FindingStream::open(warehouse, run, Subject::Customers, statement, customer).await
}

/// The order findings of a run, by shop and receipt.
pub async fn order_findings(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<FindingStream<OrderFinding>, DiffError> {
    let statement = sql!("diff/order_findings.sql");
    FindingStream::open(warehouse, run, Subject::Orders, statement, order).await
}

fn product(run: RunId, row: &Row) -> Result<ProductFinding, DiffError> {
    Ok(ProductFinding {
        shop: ShopId(row.get("shop_id")),
        key: row.get("key"),
        verdict: verdict(run, row)?,
        sku: row.get("sku"),
        listing_id: row.get("listing_id"),
        variant_key: row.get("variant_key"),
        name: row.get("name"),
        is_digital: row.get("is_digital"),
        price: row.get("price"),
        product_id: row.get("product_id"),
        copies: row.get::<_, Option<i32>>("copies").unwrap_or(0),
        matched_by: row.get("matched_by"),
    })
}

fn customer(run: RunId, row: &Row) -> Result<CustomerFinding, DiffError> {
    Ok(CustomerFinding {
        shop: ShopId(row.get("shop_id")),
        key: row.get("key"),
        verdict: verdict(run, row)?,
        parent_key: row.get("parent_key"),
        parent_id: row.get("parent_id"),
        parent_copies: row.get("parent_copies"),
        parent_is_decided: row.get("parent_is_decided"),
        claimants: row.get("claimants"),
        buyer_user_id: row.get("buyer_user_id"),
        name: row.get("name"),
        street: row.get("street"),
        street2: row.get("street2"),
        city: row.get("city"),
        zip: row.get("zip"),
        country_id: row.get("country_id"),
        state_id: row.get("state_id"),
        partner_id: row.get("partner_id"),
        copies: row.get::<_, Option<i32>>("copies").unwrap_or(0),
    })
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
        wanted: wanted(row)?,
        there: there(row),
    })
}

fn wanted(row: &Row) -> Result<Option<OrderWanted>, DiffError> {
    let Some(ordered_at) = row.get("ordered_at") else { return Ok(None) };
    let lines = serde_json::from_value(row.get("lines"))
        .map_err(|source| DiffError::Lines { key: row.get("key"), source })?;
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
        lines,
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
        line_count: row.get("odoo_line_count"),
        invoice_status: row.get("invoice_status"),
        delivery_status: row.get("delivery_status"),
    })
}
