//! A seller edits one listing, in a way that is asked for.

use chrono::{DateTime, Utc};

use super::World;
use super::nouns::{Listing, ListingState};
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
    /// How many of each variant are for sale.
    pub quantities: Vec<i64>,
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
    /// Another quantity of the variant at this place, and of those that share it.
    Quantity(usize, i64),
    /// The variant at this place cannot be chosen any more.
    Hide(usize),
    /// The variant at this place is gone.
    Drop(usize),
    /// It is not renewed.
    Expire,
    /// It is taken off sale.
    Deactivate,
    /// It is put on sale again as it is.
    Activate,
    /// It is deleted.
    Remove,
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
                    quantities: listing.products.iter().map(|product| product.quantity).collect(),
                })
            })
            .collect()
    }

    /// Edits a listing. As with any write of an inventory, its product and offering ids change with prices and SKUs. False
    /// when there is no such listing or variant.
    pub fn edit_listing(&mut self, listing_id: i64, edit: Edit, now: DateTime<Utc>) -> bool {
        let Some(place) = self.listing(listing_id).map(|(place, _)| place) else { return false };
        let Some(listing) = self.listings.get_mut(place) else { return false };
        let moment = now.timestamp();
        let enter = |listing: &mut Listing, state| {
            listing.state = state;
            listing.state_changed = moment;
        };
        let mut writes_inventory = false;
        match edit {
            Edit::Title(title) => listing.title = title,
            Edit::Description(description) => listing.description = description,
            Edit::Expire => enter(listing, ListingState::Expired),
            Edit::Deactivate => enter(listing, ListingState::Inactive),
            Edit::Activate => enter(listing, ListingState::Active),
            Edit::Remove => enter(listing, ListingState::Removed),
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
            Edit::Quantity(variant, quantity) => {
                let Some(product) = listing.products.get(variant) else { return false };
                listing.take(product.id, product.quantity - quantity);
                writes_inventory = true;
            }
            Edit::Hide(variant) => {
                let Some(product) = listing.products.get_mut(variant) else { return false };
                product.is_enabled = false;
                writes_inventory = true;
            }
            Edit::Drop(variant) => {
                if variant >= listing.products.len() {
                    return false;
                }
                listing.products.remove(variant);
                writes_inventory = true;
            }
        }
        listing.touch(moment);
        if writes_inventory {
            self.renumber(place);
        }
        true
    }
}
