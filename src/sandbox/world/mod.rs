//! A seeded world of shops, buyers and receipts that lives on. The same seed and moment make the same world.
//!
//! It is realistic where it hurts: amounts without decimals, names in many scripts, texts with entities, receipts
//! that are unpaid, cancelled, refunded, or whose listing is gone, SKUs that Odoo does not know or that two
//! listings share. The arithmetic of every receipt holds.

mod accounts;
mod addresses;
mod book;
mod catalogue;
mod dice;
mod drifting;
mod editing;
mod fulfilment;
mod goods;
mod ids;
mod ledger;
mod living;
mod nouns;
mod people;
mod selling;
#[cfg(test)]
mod tests;
mod trades;

use chrono::{DateTime, TimeDelta, Utc};

pub use accounts::LedgerOddity;
pub(crate) use book::{ReceiptQuery, SortOn};
pub use drifting::Drifted;
pub use editing::{Edit, Shelved};
pub(crate) use fulfilment::{Parcel, ShipError};
pub(crate) use ledger::{Adjustment, Ledger, LedgerEntry, Payment};
pub use nouns::{Address, CatalogueItem, Line, Receipt, ReceiptStatus, Refund, Shop};
pub(crate) use nouns::{
    LISTING_RUNS, Listing, ListingState, OnProperty, Product, PropertyValue, values_on,
};

use crate::domain::ShopId;
use book::Book;
use dice::Dice;
use ids::Ids;
use people::Buyer;

/// How large a world is, and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorldSize {
    /// Receipts of the 180 days before the world begins, over all shops.
    pub receipts: usize,
    /// Listings over all shops; from 16 per shop on, every kind is there.
    pub listings: usize,
    /// Shops: dollars, euros, yen, and again from the start.
    pub shops: usize,
    /// The same seed makes the same world.
    pub seed: u64,
}

/// Etsy's side of the world, and what Odoo knew of it at the beginning.
pub struct World {
    dice: Dice,
    ids: Ids,
    shops: Vec<Shop>,
    listings: Vec<Listing>,
    buyers: Vec<Buyer>,
    receipts: Vec<Receipt>,
    books: Vec<Book>,
    catalogue: Vec<CatalogueItem>,
    ledgers: Vec<Ledger>,
    /// Whether a cancellation moves a receipt's `updated`: reported as fixed by Etsy in 2022, and doubted since.
    cancellation_moves_updated: bool,
}

/// A basket refers to a shop or listing that is not there.
#[derive(Debug)]
struct SellError;

impl World {
    /// Makes the world as it is at `now`. The last of its receipts is an hour old.
    pub fn new(size: WorldSize, now: DateTime<Utc>) -> Self {
        let mut dice = Dice::new(size.seed);
        let mut ids = Ids::new();
        let shops = goods::open_shops(size.shops, now, &mut ids);
        let listings = goods::list_goods(size.listings, &shops, now, &mut dice, &mut ids);
        let catalogue = catalogue::catalogue(&listings, &shops, &mut dice);
        let books = shops.iter().map(|_| Book::default()).collect();
        let receipts = Vec::with_capacity(size.receipts);
        let buyers = Vec::new();
        let mut world = Self {
            dice,
            ids,
            shops,
            listings,
            buyers,
            receipts,
            books,
            catalogue,
            ledgers: Vec::new(),
            cancellation_moves_updated: false,
        };
        world.live_through_the_past(size.receipts, now);
        let (seed, moment) = (size.seed, now.timestamp());
        world.ledgers =
            ledger::ledgers(&world.shops, &world.listings, &world.receipts, seed, moment);
        world
    }

    fn live_through_the_past(&mut self, receipts: usize, now: DateTime<Utc>) {
        let until = now.timestamp() - TimeDelta::hours(1).num_seconds();
        let since = until - TimeDelta::days(goods::DAYS_OF_TRADE).num_seconds();
        let mut moments: Vec<i64> =
            (0..receipts).map(|_| self.dice.between(since, until)).collect();
        moments.sort_unstable();
        let shelves: Vec<_> = (0..self.shops.len()).map(|shop| self.shelf_then(shop)).collect();
        for moment in moments {
            let shop = self.dice.below(self.shops.len());
            let Some(shelf) = shelves.get(shop) else { continue };
            let basket = self.fill_basket(shelf, false);
            if basket.is_empty() {
                continue;
            }
            if let Ok(mut receipt) = self.sell(shop, &basket, moment) {
                self.settle(&mut receipt, until);
                self.enter(receipt);
            }
        }
    }

    /// What was on sale in the past: all that was ever published.
    fn shelf_then(&self, shop: usize) -> Vec<(usize, usize)> {
        self.listings
            .iter()
            .enumerate()
            .filter(|(_, listing)| listing.shop == shop && listing.state != ListingState::Draft)
            .flat_map(|(place, listing)| {
                (0..listing.products.len()).map(move |product| (place, product))
            })
            .collect()
    }

    fn enter(&mut self, receipt: Receipt) {
        if let Some(book) = self.books.get_mut(receipt.shop) {
            book.enter(&receipt, self.receipts.len());
        }
        self.receipts.push(receipt);
    }

    fn put_back(&mut self, place: usize, receipt: Receipt) {
        let shop = receipt.shop;
        let Some(kept) = self.receipts.get_mut(place) else { return };
        let before = kept.updated;
        *kept = receipt;
        if let Some(book) = self.books.get_mut(shop) {
            book.moved(kept, place, before);
        }
        if let Some(ledger) = self.ledgers.get_mut(shop) {
            ledger.follow(kept);
        }
    }

    /// Gives all products and offerings of a listing new ids, as every write of an inventory does
    /// (<https://github.com/etsy/open-api/issues/523>).
    fn renumber(&mut self, place: usize) {
        let Some(listing) = self.listings.get_mut(place) else { return };
        for product in &mut listing.products {
            product.earlier_id = product.id;
            product.id = self.ids.product();
            product.offering_id = self.ids.offering();
        }
    }

    /// What Odoo knew at the beginning: about 70 % of the SKUs, ordered by SKU.
    pub fn catalogue(&self) -> Vec<CatalogueItem> {
        self.catalogue.clone()
    }

    /// The shops, with the tokens that the sandbox starts with.
    pub fn shops(&self) -> &[Shop] {
        &self.shops
    }

    /// All receipts of all shops in the order of their ids, as they are and before any filter of Etsy's.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    pub(crate) fn shop(&self, shop_id: i64) -> Option<(usize, &Shop)> {
        let is_it = |shop: &Shop| shop.shop_id == ShopId(shop_id);
        self.shops.iter().enumerate().find(|(_, shop)| is_it(shop))
    }

    pub(crate) fn receipt(&self, shop: usize, receipt_id: i64) -> Option<&Receipt> {
        let place =
            self.receipts.binary_search_by_key(&receipt_id, |receipt| receipt.receipt_id.0).ok()?;
        self.receipts.get(place).filter(|receipt| receipt.shop == shop)
    }

    /// How many receipts the query matches, and those of its page.
    pub(crate) fn page(&self, shop: usize, query: &ReceiptQuery) -> (usize, Vec<&Receipt>) {
        self.books.get(shop).map(|book| book.page(query, &self.receipts)).unwrap_or_default()
    }

    pub(crate) fn listings(&self) -> &[Listing] {
        &self.listings
    }

    /// A listing that Etsy still shows, and its place.
    pub(crate) fn listing(&self, listing_id: i64) -> Option<(usize, &Listing)> {
        let place = self.listings.binary_search_by_key(&listing_id, |listing| listing.id).ok()?;
        let listing = self.listings.get(place)?;
        (listing.state != ListingState::Removed).then_some((place, listing))
    }

    /// Puts a whole new inventory in the place of a listing's old one; ids are given anew.
    pub(crate) fn replace_inventory(
        &mut self,
        place: usize,
        products: Vec<Product>,
        on_property: OnProperty,
        now: DateTime<Utc>,
    ) {
        if let Some(listing) = self.listings.get_mut(place) {
            listing.products = products;
            listing.on_property = on_property;
            listing.updated = now.timestamp();
        }
        self.renumber(place);
    }

    pub(crate) fn change_listing(&mut self, place: usize, change: impl FnOnce(&mut Listing)) {
        if let Some(listing) = self.listings.get_mut(place) {
            change(listing);
        }
    }
}
