//! The actions on stock and quantities. An action is complete: execution has nothing left to choose.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::{Currency, StockBasis};

/// Counts a product in Odoo: the quant without lot, package and owner at one location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountStock {
    /// Odoo's `product.product`.
    pub product_id: i32,
    /// Odoo's `stock.location`.
    pub location_id: i32,
    /// How many the plan saw there; any other quantity makes the action stale.
    pub seen: Decimal,
    /// How many are counted.
    pub counted: Decimal,
}

/// An offering of a listing whose quantity is to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferingChange {
    /// The normalised property values; empty for a plain listing.
    pub variant_key: String,
    /// Its SKU, for people.
    pub sku: Option<String>,
    /// How many are for sale on Etsy, as the plan knew.
    pub seen: i32,
    /// How many shall be for sale.
    pub wanted: i32,
    /// The price of one, in the currency of the listing.
    pub price: Decimal,
}

/// Odoo's stock behind a listing, as the plan saw it; less of it makes the action stale, unless our own bookings took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockSeen {
    /// Odoo's `product.product`; for a kit each of its parts.
    pub product_id: i32,
    /// How many there were, over the warehouses, by the basis.
    pub available: Decimal,
}

/// Sets quantities of a listing on Etsy, and leaves everything else of it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetInventory {
    /// Etsy's listing.
    pub listing_id: i64,
    /// Its title, for people.
    pub title: String,
    /// The state in which the plan saw the listing, in Etsy's words; another one makes the action stale.
    pub seen_state: String,
    /// The offerings that change. All others keep their quantities.
    pub offerings: Vec<OfferingChange>,
    /// What the quantities were computed from.
    pub stock: Vec<StockSeen>,
    /// The warehouses whose stock it is.
    pub warehouse_ids: Vec<i32>,
    /// Which quantity of theirs.
    pub basis: StockBasis,
    /// The currency of the prices.
    pub currency: Currency,
}

impl SetInventory {
    /// How many units it takes off sale and how many it puts on sale.
    pub fn units(&self) -> (i64, i64) {
        self.offerings.iter().fold((0, 0), |(off, on), offering| {
            let change = i64::from(offering.wanted).saturating_sub(i64::from(offering.seen));
            (off.saturating_add((-change).max(0)), on.saturating_add(change.max(0)))
        })
    }

    /// What these units are worth at the prices of the listing: what is taken off sale, and what is put on sale.
    pub fn revenue(&self) -> (Decimal, Decimal) {
        self.offerings.iter().fold((Decimal::ZERO, Decimal::ZERO), |(off, on), offering| {
            let change = Decimal::from(offering.wanted).saturating_sub(offering.seen.into());
            let worth = change.saturating_mul(offering.price);
            if change.is_sign_negative() {
                (off.saturating_sub(worth), on)
            } else {
                (off, on.saturating_add(worth))
            }
        })
    }
}

/// Puts a listing on sale again: quantities first, then its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactivateListing {
    /// The quantities.
    pub inventory: SetInventory,
    /// Whether it sold out on Etsy, so that Etsy renews it for a fee
    /// (<https://www.etsy.com/legal/fees/>). Otherwise it was set inactive by us.
    pub is_renewed: bool,
    /// When it last changed on Etsy, as the plan saw it; another moment makes the action stale: its seller touched it.
    pub seen_updated_at: DateTime<Utc>,
}

impl ReactivateListing {
    /// What it puts on sale is worth, at the prices of the listing: all of it, for nothing of it was on sale.
    pub fn revenue(&self) -> Decimal {
        self.inventory.offerings.iter().fold(Decimal::ZERO, |sum, offering| {
            sum.saturating_add(Decimal::from(offering.wanted).saturating_mul(offering.price))
        })
    }
}
