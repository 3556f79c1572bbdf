//! The actions a plan can hold. An action is complete: execution has nothing left to choose.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::entry_action::CreateEntry;
use super::stock_action::{CountStock, ReactivateListing, SetInventory};
use crate::domain::{ActionKind, Currency, ReceiptId, ShopId};

/// A record in Odoo: one that exists, or one that an earlier action of the same plan creates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The database id of a record that was there when the plan was made.
    OdooId(i32),
    /// The full external id (`etsy.sku_…`) under which the plan creates it.
    ExternalId(String),
}

/// Creates a `product.product` (and with it its template).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateProduct {
    /// The full external id.
    pub external_id: String,
    /// The name that people see.
    pub name: String,
    /// `default_code`; nothing when Etsy has no SKU.
    pub sku: Option<String>,
    /// A service (digital) or a storable good.
    pub is_service: bool,
    /// The sales price, in the company's currency; 0 where the listing is in another one.
    pub list_price: Decimal,
    /// Etsy's listing, if it is known.
    pub listing_id: Option<i64>,
    /// The normalised property values of the variant; empty for a plain listing.
    pub variant_key: String,
    /// The listing's description, as plain text.
    #[serde(default)]
    pub description: Option<String>,
    /// Odoo's tag for products that a person should look at, if `init` has made it.
    #[serde(default)]
    pub review_tag_id: Option<i32>,
}

/// A field of a product: what the plan saw in Odoo, and what Etsy says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<T> {
    /// In Odoo when the plan was made; anything else makes the action stale.
    pub seen: T,
    /// On Etsy.
    pub wanted: T,
}

/// A description. Odoo keeps it as HTML and tidies it up, so what was seen is known by a hash of its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescriptionChange {
    /// The hash of the words in Odoo.
    pub seen: String,
    /// The hash of the words on Etsy.
    pub wanted: String,
    /// The words on Etsy, as plain text.
    pub text: String,
}

/// Writes what Etsy owns of a product that Odoo has. What is not changed is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateProduct {
    /// Odoo's `product.product`.
    pub product_id: i32,
    /// Its template, which it has to itself if anything but the SKU changes.
    pub template_id: i32,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Change<String>>,
    /// `default_code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Change<Option<String>>>,
    /// The sales price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Change<Decimal>>,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<DescriptionChange>,
}

impl UpdateProduct {
    /// Whether it changes what all variants of the template share.
    pub fn touches_template(&self) -> bool {
        self.name.is_some() || self.price.is_some() || self.description.is_some()
    }
}

/// Creates a `res.partner`: a buyer, or a delivery address below a buyer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateCustomer {
    /// The full external id.
    pub external_id: String,
    /// The buyer, for an address.
    pub parent: Option<Reference>,
    /// The name on the receipt.
    pub name: String,
    /// First line of the address.
    pub street: Option<String>,
    /// Second line.
    pub street2: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Post code.
    pub zip: Option<String>,
    /// Odoo's `res.country`.
    pub country_id: Option<i32>,
    /// Odoo's `res.country.state`.
    pub state_id: Option<i32>,
    /// Etsy's buyer.
    pub buyer_user_id: i64,
    /// Odoo's company that it belongs to; nothing: all of them.
    #[serde(default)]
    pub company_id: Option<i32>,
    /// Its language, as Odoo names it; nothing: Odoo's default.
    #[serde(default)]
    pub language: Option<String>,
}

impl std::fmt::Debug for CreateCustomer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CreateCustomer")
            .field("external_id", &self.external_id)
            .finish_non_exhaustive()
    }
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookLine {
    /// The full external id (`etsy.tx_…`, `etsy.shipping_…`).
    pub external_id: String,
    /// What is sold.
    pub product: Reference,
    /// The text of the line.
    pub name: String,
    /// How many.
    pub quantity: Decimal,
    /// The price of one, negative for a discount.
    pub price_unit: Decimal,
    /// Whether it is the shipping line.
    pub is_delivery: bool,
    /// Etsy's transaction, for a line that has one.
    pub transaction_id: Option<i64>,
    /// The tax that is included in the price; none unless the shop's policy names one.
    #[serde(default)]
    pub tax_id: Option<i32>,
}

/// A text below the lines of an order, for the people who read it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookNote {
    /// The full external id (`etsy.note_…`).
    pub external_id: String,
    /// What it says, in the buyer's words.
    pub text: String,
}

impl std::fmt::Debug for BookNote {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("BookNote")
            .field("external_id", &self.external_id)
            .finish_non_exhaustive()
    }
}

/// Brings the sale order of a receipt into being: load (a repeated load changes nothing), confirm if it is a draft
/// and shall be a sale, put the date back. Every step can be repeated, so the same action finishes a half made order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookOrder {
    /// The full external id (`etsy.receipt_…`).
    pub external_id: String,
    /// Etsy's receipt.
    pub receipt_id: ReceiptId,
    /// Etsy's shop, written to `x_etsy_shop`.
    pub shop_id: ShopId,
    /// The buyer.
    pub partner: Reference,
    /// The delivery address; the buyer where Etsy withholds the address.
    pub shipping: Reference,
    /// Decides the currency of the order.
    pub pricelist_id: i32,
    /// The currency that the pricelist stands for.
    pub currency: Currency,
    /// When the receipt was created.
    pub ordered_at: DateTime<Utc>,
    /// What `amount_total` must be after the call; where taxes are left to Odoo, what the lines must come to as they are
    /// priced.
    pub total: Decimal,
    /// Whether taxes are left to Odoo: it takes them from products and fiscal position, and adds them.
    #[serde(default)]
    pub taxed_by_odoo: bool,
    /// Whether the order is confirmed.
    pub confirm: bool,
    /// The shop's company, if the policy names one.
    pub company_id: Option<i32>,
    /// The shop's warehouse, if the policy names one.
    pub warehouse_id: Option<i32>,
    /// The sales team, if the policy names one.
    pub team_id: Option<i32>,
    /// The salesperson, if the policy names one.
    pub salesperson_id: Option<i32>,
    /// The payment term, if the policy names one.
    #[serde(default)]
    pub payment_term_id: Option<i32>,
    /// The fiscal position, if the policy names one.
    #[serde(default)]
    pub fiscal_position_id: Option<i32>,
    /// The tags, if the policy names any.
    #[serde(default)]
    pub tag_ids: Vec<i32>,
    /// The lines, in order.
    pub lines: Vec<BookLine>,
    /// The notes below them, in order.
    #[serde(default)]
    pub notes: Vec<BookNote>,
}

/// Sends an order, and what has not left of it, to the address that its receipt has now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeAddress {
    /// Odoo's `sale.order`.
    pub order_id: i32,
    /// Etsy's receipt.
    pub receipt_id: ReceiptId,
    /// The delivery address.
    pub shipping: Reference,
    /// The shop's company, if the policy names one.
    pub company_id: Option<i32>,
    /// The address at which the plan saw the order; another one makes the action stale.
    pub seen_shipping_id: i32,
    /// The state in which the plan saw the order; another one makes the action stale.
    pub seen_state: String,
}

/// Cancels the order of a receipt that was cancelled on Etsy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelOrder {
    /// Odoo's `sale.order`.
    pub order_id: i32,
    /// Etsy's receipt.
    pub receipt_id: ReceiptId,
    /// The state in which the plan saw the order; another one makes the action stale.
    pub seen_state: String,
}

/// One complete action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// See [`CreateProduct`].
    CreateProduct(CreateProduct),
    /// See [`UpdateProduct`].
    UpdateProduct(UpdateProduct),
    /// See [`CreateCustomer`].
    CreateCustomer(CreateCustomer),
    /// See [`BookOrder`].
    BookOrder(BookOrder),
    /// See [`ChangeAddress`].
    ChangeAddress(ChangeAddress),
    /// See [`CancelOrder`].
    CancelOrder(CancelOrder),
    /// See [`CreateEntry`].
    CreateEntry(CreateEntry),
    /// See [`CountStock`].
    CountStock(CountStock),
    /// Takes a listing off sale: every offering of it would be 0, which Etsy does not take
    /// (<https://github.com/etsy/open-api/issues/395>).
    DeactivateListing(SetInventory),
    /// See [`SetInventory`].
    LowerInventory(SetInventory),
    /// See [`SetInventory`].
    RaiseInventory(SetInventory),
    /// See [`ReactivateListing`].
    ReactivateListing(ReactivateListing),
}

impl Action {
    /// Which kind of action it is.
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::CreateProduct(_) => ActionKind::CreateProduct,
            Self::UpdateProduct(_) => ActionKind::UpdateProduct,
            Self::CreateCustomer(_) => ActionKind::CreateCustomer,
            Self::BookOrder(_) => ActionKind::BookOrder,
            Self::ChangeAddress(_) => ActionKind::ChangeAddress,
            Self::CancelOrder(_) => ActionKind::CancelOrder,
            Self::CreateEntry(_) => ActionKind::CreateEntry,
            Self::CountStock(_) => ActionKind::CountStock,
            Self::DeactivateListing(_) => ActionKind::DeactivateListing,
            Self::LowerInventory(_) => ActionKind::LowerInventory,
            Self::RaiseInventory(_) => ActionKind::RaiseInventory,
            Self::ReactivateListing(_) => ActionKind::ReactivateListing,
        }
    }

    /// What the units that it takes off sale, or puts on sale, are worth; nothing for what sets no quantities on Etsy.
    pub fn stock_revenue(&self) -> Option<Decimal> {
        match self {
            Self::DeactivateListing(set) | Self::LowerInventory(set) => Some(set.revenue().0),
            Self::RaiseInventory(set) => Some(set.revenue().1),
            Self::ReactivateListing(reactivation) => Some(reactivation.revenue()),
            Self::CreateProduct(_)
            | Self::UpdateProduct(_)
            | Self::CreateCustomer(_)
            | Self::BookOrder(_)
            | Self::ChangeAddress(_)
            | Self::CancelOrder(_)
            | Self::CreateEntry(_)
            | Self::CountStock(_) => None,
        }
    }
}
