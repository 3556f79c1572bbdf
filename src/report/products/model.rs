//! Products as values.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::super::model::Shop;
use crate::domain::{MatchRule, RunId, vocabulary};

/// The version of the JSON of lists of products.
pub const PRODUCTS_SCHEMA: &str = "etsy-odoo/products/1";

vocabulary! {
    /// How a product key stands.
    ProductState {
        /// Several products in Odoo answer to it.
        Ambiguous = "ambiguous",
        /// It is linked by hand to a product that is not in Odoo any more.
        Gone = "gone",
        /// The product that answers to it is archived.
        Archived = "archived",
        /// Odoo has no product for it.
        Missing = "missing",
        /// A link was undone; the next run looks for a product again.
        Unlinked = "unlinked",
        /// A person linked it.
        Linked = "linked",
        /// The last run created its product.
        Created = "created",
        /// A rule found its product.
        Matched = "matched",
    }
}

impl ProductState {
    /// Whether a person has something to decide.
    pub fn is_open(self) -> bool {
        match self {
            Self::Ambiguous | Self::Gone | Self::Archived | Self::Missing => true,
            Self::Unlinked | Self::Linked | Self::Created | Self::Matched => false,
        }
    }
}

vocabulary! {
    /// Which products are asked for.
    ProductFilter {
        /// What a person has to decide.
        Open = "open",
        /// All of them.
        All = "all",
        /// [`ProductState::Ambiguous`].
        Ambiguous = "ambiguous",
        /// [`ProductState::Gone`].
        Gone = "gone",
        /// [`ProductState::Archived`].
        Archived = "archived",
        /// [`ProductState::Missing`].
        Missing = "missing",
        /// [`ProductState::Unlinked`].
        Unlinked = "unlinked",
        /// [`ProductState::Linked`].
        Linked = "linked",
        /// [`ProductState::Created`].
        Created = "created",
        /// [`ProductState::Matched`].
        Matched = "matched",
        /// Several listings or keys lead to one product in Odoo.
        Shared = "shared",
        /// Known by listing and variation only.
        NoSku = "no_sku",
    }
}

/// The run that a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Staging {
    /// Its number.
    pub run: RunId,
    /// When Odoo was read.
    pub taken_at: DateTime<Utc>,
}

/// What the last run found, and what people said since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductList {
    /// Of which run.
    pub staging: Staging,
    /// By shop, name and key.
    pub rows: Vec<ProductRow>,
}

/// A product key. One that several shops ask for is here once, for the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductRow {
    /// What it is known by.
    pub product_key: String,
    /// Etsy's SKU.
    pub sku: Option<String>,
    /// Whose it is.
    pub shop: Shop,
    /// Its listing, or the first of them.
    pub listing_id: Option<i64>,
    /// The normalised property values.
    pub variant_key: String,
    /// Title and variation on Etsy, as they came.
    pub name: String,
    /// Whether it is a download.
    pub is_digital: bool,
    /// How it stands.
    pub state: ProductState,
    /// What the shop's policy does about one that Odoo does not have: `create`, `placeholder` or `hold`.
    pub unknown_product: String,
    /// Listings that share its product in Odoo, itself among them.
    pub listings: i64,
    /// Product keys that share its product in Odoo, itself among them.
    pub keys: i64,
    /// How many products in Odoo answer to it by the strongest rule.
    pub copies: i32,
    /// The product in Odoo that counts from the next run on, or the first of several.
    pub odoo: Option<Counterpart>,
    /// By which rule; none for what was created or linked since the run.
    pub matched_by: Option<MatchRule>,
    /// The product that a person linked it to, if a link is in force.
    pub linked_id: Option<i32>,
    /// Whether the link was made or undone since the run.
    pub is_waiting: bool,
}

/// A product in Odoo, as far as a line about it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counterpart {
    /// Its id.
    pub id: i32,
    /// Its internal reference.
    pub sku: Option<String>,
    /// Its name; none if the run did not see it.
    pub name: Option<String>,
}

impl ProductRow {
    /// What a person knows it by.
    pub fn label(&self) -> String {
        match (&self.sku, self.listing_id) {
            (Some(sku), _) => format!("SKU {sku}"),
            (None, Some(listing)) if self.variant_key.is_empty() => format!("listing {listing}"),
            (None, Some(listing)) => format!("listing {listing}, {}", self.variant_key),
            (None, None) => self.product_key.clone(),
        }
    }

    /// Whether others share its product in Odoo.
    pub fn is_shared(&self) -> bool {
        self.listings > 1 || self.keys > 1
    }

    /// Whether it is asked for.
    pub fn fits(&self, filter: ProductFilter) -> bool {
        let state = self.state;
        match filter {
            ProductFilter::Open => state.is_open(),
            ProductFilter::All => true,
            ProductFilter::Ambiguous => state == ProductState::Ambiguous,
            ProductFilter::Gone => state == ProductState::Gone,
            ProductFilter::Archived => state == ProductState::Archived,
            ProductFilter::Missing => state == ProductState::Missing,
            ProductFilter::Unlinked => state == ProductState::Unlinked,
            ProductFilter::Linked => self.linked_id.is_some(),
            ProductFilter::Created => state == ProductState::Created,
            ProductFilter::Matched => state == ProductState::Matched,
            ProductFilter::Shared => self.is_shared(),
            ProductFilter::NoSku => self.sku.is_none(),
        }
    }
}

impl ProductList {
    /// The rows that fit one of the filters; without a filter, those that a person has to decide.
    pub fn chosen(&self, filters: &[ProductFilter]) -> Vec<&ProductRow> {
        let filters = if filters.is_empty() { &[ProductFilter::Open] } else { filters };
        self.rows.iter().filter(|row| filters.iter().any(|filter| row.fits(*filter))).collect()
    }

    /// The row of a product key, or of a SKU as Etsy has it.
    pub fn find(&self, asked: &str) -> Option<&ProductRow> {
        let asked = asked.trim();
        let by_key = self.rows.iter().find(|row| row.product_key == asked);
        by_key.or_else(|| self.rows.iter().find(|row| row.sku.as_deref() == Some(asked)))
    }

    /// The keys that lead to a product in Odoo, one of them apart.
    pub fn sharers(&self, product_id: i32, apart: &str) -> Vec<&ProductRow> {
        let leads_there = |row: &&ProductRow| {
            row.product_key != apart
                && row.copies <= 1
                && row.odoo.as_ref().is_some_and(|odoo| odoo.id == product_id)
        };
        self.rows.iter().filter(leads_there).collect()
    }

    /// The products in Odoo that keys lead to without doubt, with the first key of each as people know it.
    pub fn taken(&self) -> BTreeMap<i32, String> {
        let mut taken = BTreeMap::new();
        for row in self.rows.iter().filter(|row| !row.state.is_open()) {
            if let Some(odoo) = &row.odoo {
                taken.entry(odoo.id).or_insert_with(|| row.label());
            }
        }
        taken
    }

    /// How many rows there are in each state.
    pub fn counts(&self) -> BTreeMap<ProductState, i64> {
        let mut counts = BTreeMap::new();
        for row in &self.rows {
            let count: &mut i64 = counts.entry(row.state).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }
}

/// A product in Odoo that a key can be linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OdooProduct {
    /// Its id.
    pub id: i32,
    /// Its internal reference.
    pub sku: Option<String>,
    /// Its barcode.
    pub barcode: Option<String>,
    /// Its name, as it came.
    pub name: String,
    /// Whether it is not archived.
    pub is_active: bool,
    /// Whether it is a service, of which no stock is kept.
    pub is_service: bool,
    /// The listing that it was made for.
    pub listing_id: Option<String>,
    /// The variant that it was made for.
    pub variant_key: String,
}

impl OdooProduct {
    /// What a person has to know before it is linked to this key.
    pub fn warnings(&self, row: &ProductRow) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.is_active {
            warnings.push(format!(
                "product {} is archived: what needs it is held until it is unarchived",
                self.id
            ));
        }
        if self.is_service && !row.is_digital {
            warnings.push(format!(
                "product {} is a service, and the listing is of goods: Odoo keeps no stock of it",
                self.id
            ));
        }
        if !self.is_service && row.is_digital {
            warnings.push(format!(
                "product {} is goods, and the listing is a download: its orders will wait for a delivery",
                self.id
            ));
        }
        warnings
    }
}

/// A product in Odoo that a key may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The product.
    pub product_id: i32,
    /// Its internal reference.
    pub sku: Option<String>,
    /// Its name.
    pub name: String,
    /// How much speaks for it, out of 100.
    pub score: u32,
    /// What does, the strongest first.
    pub reasons: Vec<String>,
}

/// A place on Etsy that offers a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The shop's name.
    pub shop: String,
    /// The listing.
    pub listing_id: i64,
    /// Its state on Etsy.
    pub state: String,
    /// Title and variation, as they came.
    pub name: String,
    /// How many are for sale.
    pub quantity: i32,
    /// Whether buyers can choose it.
    pub is_enabled: bool,
    /// Etsy's product id, until the next write.
    pub etsy_product_id: i64,
    /// Etsy's offering id, until the next write.
    pub etsy_offering_id: i64,
    /// How many pairs of ids it had before.
    pub earlier_ids: i64,
}
