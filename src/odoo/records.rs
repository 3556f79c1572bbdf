//! What is created in Odoo, as it wants to know it.

use std::fmt;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// A `product.product` to be created, with its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRecord {
    /// The full external id.
    pub external_id: String,
    /// Its name.
    pub name: String,
    /// A service, or else a good that is kept in stock.
    pub is_service: bool,
    /// Its `default_code`.
    pub sku: Option<String>,
    /// Its sales price, in the currency of the company.
    pub list_price: Decimal,
    /// Etsy's listing.
    pub listing_id: Option<i64>,
    /// The normalised property values of the variant.
    pub variant_key: String,
}

/// A `res.partner` to be created: a buyer, or a delivery address below one.
#[derive(Clone, PartialEq, Eq)]
pub struct CustomerRecord {
    /// The full external id.
    pub external_id: String,
    /// Its name.
    pub name: String,
    /// The database id of the buyer, for an address.
    pub parent_id: Option<i32>,
    /// First line of the address.
    pub street: Option<String>,
    /// Second line.
    pub street2: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Post code.
    pub zip: Option<String>,
    /// A `res.country`.
    pub country_id: Option<i32>,
    /// A `res.country.state`.
    pub state_id: Option<i32>,
    /// Etsy's buyer.
    pub buyer_user_id: i64,
}

impl fmt::Debug for CustomerRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CustomerRecord")
            .field("external_id", &self.external_id)
            .finish_non_exhaustive()
    }
}

/// A line of a sale order.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderLineRecord {
    /// The full external id.
    pub external_id: String,
    /// A `product.product`.
    pub product_id: i32,
    /// Its text. Odoo refuses an empty one.
    pub name: String,
    /// How many.
    pub quantity: Decimal,
    /// The price of one.
    pub price_unit: Decimal,
    /// Etsy's transaction.
    pub transaction_id: Option<i64>,
    /// Whether it is the shipping line.
    pub is_delivery: bool,
}

/// A `sale.order` to be created, without taxes: Etsy's prices are what the buyer paid.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderRecord {
    /// The full external id.
    pub external_id: String,
    /// The buyer.
    pub partner_id: i32,
    /// The delivery address.
    pub shipping_id: i32,
    /// The external id of the buyer, where it is known.
    pub partner_external_id: Option<String>,
    /// The external id of the delivery address, where it is known.
    pub shipping_external_id: Option<String>,
    /// Decides the currency.
    pub pricelist_id: i32,
    /// When it was ordered.
    pub ordered_at: DateTime<Utc>,
    /// Etsy's receipt.
    pub receipt_id: i64,
    /// Etsy's shop.
    pub shop_id: i64,
    /// The warehouse; its shape says whether it is written.
    pub warehouse_id: Option<i32>,
    /// The sales team; its shape says whether it is written.
    pub team_id: Option<i32>,
    /// The salesperson; its shape says whether it is written.
    pub salesperson_id: Option<i32>,
    /// The lines, in order.
    pub lines: Vec<OrderLineRecord>,
}

impl fmt::Debug for OrderRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OrderRecord")
            .field("external_id", &self.external_id)
            .field("lines", &self.lines.len())
            .finish_non_exhaustive()
    }
}

/// What the orders of one sheet have in common: which optional columns they write, and the company they are of (its
/// rules hold for the whole call).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct OrderShape {
    /// The company; without one, Odoo takes that of the user.
    pub company_id: Option<i32>,
    /// Whether the warehouse is written.
    pub names_warehouse: bool,
    /// Whether the sales team is written.
    pub names_team: bool,
    /// Whether the salesperson is written.
    pub names_salesperson: bool,
}
