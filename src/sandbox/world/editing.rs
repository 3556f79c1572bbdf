//! A seller edits one listing, in a way that is asked for.

use chrono::{DateTime, Utc};

use super::World;
use super::nouns::ListingState;
use crate::domain::ShopId;

/// A listing as its seller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// Etsy's `listing_id`.
    pub listing_id: i64,
    /// The shop that sells it.
    pub shop_id: ShopId,
    /// Its title.
    pub title: String,
    /// The SKU of each variant; empty where there is none.
    pub skus: Vec<String>,
    /// The price of each variant, in minor units.
    pub prices: Vec<i64>,
}

/// What a seller types in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Another title.
    Title(String),
    /// Another description.
    Description(String),
    /// Another price of the variant at this place, in minor units.
    Price(usize, i64),
    /// Another SKU of the variant at this place.
    Sku(usize, String),
    /// It is taken off the shelves.
    Expire,
}

impl World {
    /// The listings that are on the shelves, in the order of their ids.
    pub fn shelves(&self) -> Vec<Shelved> {
        self.listings
            .iter()
            .filter(|listing| listing.is_active())
            .filter_map(|listing| {
                Some(Shelved {
                    listing_id: listing.id,
                    shop_id: self.shops.get(listing.shop)?.shop_id,
                    title: listing.title.clone(),
                    skus: listing.products.iter().map(|product| product.sku.clone()).collect(),
                    prices: listing.products.iter().map(|product| product.price).collect(),
                })
            })
            .collect()
    }

    /// Edits a listing. As with any write of an inventory, its product and offering ids change with prices and SKUs. False
    /// when there is no such listing or variant.
    pub fn edit_listing(&mut self, listing_id: i64, edit: Edit, now: DateTime<Utc>) -> bool {
        let Some(place) = self.listing(listing_id).map(|(place, _)| place) else { return false };
        let Some(listing) = self.listings.get_mut(place) else { return false };
        let mut writes_inventory = false;
        match edit {
            Edit::Title(title) => listing.title = title,
            Edit::Description(description) => listing.description = description,
            Edit::Expire => {
                listing.state = ListingState::Expired;
                listing.state_changed = now.timestamp();
            }
            Edit::Price(variant, price) => {
                let Some(product) = listing.products.get_mut(variant) else { return false };
                product.price = price;
                writes_inventory = true;
            }
            Edit::Sku(variant, sku) => {
                let Some(product) = listing.products.get_mut(variant) else { return false };
                product.sku = sku;
                writes_inventory = true;
            }
        }
        listing.touch(now.timestamp());
        if writes_inventory {
            self.renumber(place);
        }
        true
    }
}
