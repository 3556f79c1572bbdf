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
    /// Its description, as plain text.
    pub description: Option<String>,
    /// A `product.tag`.
    pub tag_id: Option<i32>,
}

/// What is to be written of a `product.product` that exists. Its shape says what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductUpdate {
    /// The product.
    pub product_id: i32,
    /// Its name.
    pub name: Option<String>,
    /// Its `default_code`; empty: none.
    pub sku: Option<String>,
    /// Its sales price.
    pub list_price: Option<Decimal>,
    /// Its description, as plain text.
    pub description: Option<String>,
}

/// Which fields the updates of one sheet write.
#[expect(clippy::struct_excessive_bools, reason = "each is a column that is sent or is not")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProductShape {
    /// The name.
    pub name: bool,
    /// The `default_code`.
    pub sku: bool,
    /// The sales price.
    pub list_price: bool,
    /// The description.
    pub description: bool,
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
    /// Its language; its shape says whether it is written.
    pub language: Option<String>,
}

/// What the partners of one sheet have in common: the company that they belong to, and whether their language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct CustomerShape {
    /// The company; without one, they belong to all.
    pub company_id: Option<i32>,
    /// Whether the language is written; without it, Odoo takes its default, or that of the buyer.
    pub names_language: bool,
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
    /// Its tax, which must be included in the price; not written where taxes are left to Odoo.
    pub tax_id: Option<i32>,
}

/// A note on a sale order: a line that sells nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteRecord {
    /// The full external id.
    pub external_id: String,
    /// What it says. Odoo refuses an empty one.
    pub text: String,
}

/// What an order takes over from its shop. What is not named is left to Odoo.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderTerms {
    /// The company; its rules hold for the whole call.
    pub company_id: Option<i32>,
    /// The warehouse.
    pub warehouse_id: Option<i32>,
    /// The sales team.
    pub team_id: Option<i32>,
    /// The salesperson.
    pub salesperson_id: Option<i32>,
    /// The payment term.
    pub payment_term_id: Option<i32>,
    /// The fiscal position.
    pub fiscal_position_id: Option<i32>,
    /// The tags.
    pub tag_ids: Vec<i32>,
}

impl OrderTerms {
    /// The columns of what is named, as `load` names them, with their cells. A column with an empty cell would be an
    /// explicit nothing.
    pub(super) fn cells(&self) -> Vec<(&'static str, String)> {
        let tags: Vec<String> = self.tag_ids.iter().map(i32::to_string).collect();
        let id = |id: Option<i32>| id.map(|id| id.to_string());
        [
            ("company_id/.id", id(self.company_id)),
            ("warehouse_id/.id", id(self.warehouse_id)),
            ("team_id/.id", id(self.team_id)),
            ("user_id/.id", id(self.salesperson_id)),
            ("payment_term_id/.id", id(self.payment_term_id)),
            ("fiscal_position_id/.id", id(self.fiscal_position_id)),
            ("tag_ids/.id", (!tags.is_empty()).then(|| tags.join(","))),
        ]
        .into_iter()
        .filter_map(|(column, cell)| cell.map(|cell| (column, cell)))
        .collect()
    }
}

/// A `sale.order` to be created.
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
    /// What it takes over from its shop.
    pub terms: OrderTerms,
    /// The lines, in order.
    pub lines: Vec<OrderLineRecord>,
    /// The notes below them, in order.
    pub notes: Vec<NoteRecord>,
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

/// What the orders of one sheet have in common: the columns they write, and the company they are of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderShape {
    /// The company whose rules hold for the call; without one, Odoo takes that of the user.
    pub company_id: Option<i32>,
    columns: Vec<&'static str>,
    /// Whether the lines say nothing of taxes, so that Odoo takes them from products and fiscal position.
    taxed_by_odoo: bool,
}

impl OrderShape {
    /// The shape of orders with such terms.
    pub fn new(terms: &OrderTerms, taxed_by_odoo: bool) -> Self {
        let columns = terms.cells().into_iter().map(|(column, _)| column).collect();
        Self { company_id: terms.company_id, columns, taxed_by_odoo }
    }

    /// The columns of the terms, as `load` names them.
    pub(super) fn columns(&self) -> &[&'static str] {
        &self.columns
    }

    /// Whether the lines write their tax.
    pub(super) fn writes_taxes(&self) -> bool {
        !self.taxed_by_odoo
    }
}
