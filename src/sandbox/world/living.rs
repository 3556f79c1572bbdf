//! The world goes on: buyers buy, sellers edit, orders are paid, cancelled and refunded.

use chrono::{DateTime, Utc};

use super::World;
use super::nouns::{Listing, ListingState, ReceiptStatus};
use super::selling::Pick;
use crate::domain::ReceiptId;

impl World {
    /// Up to `n` new receipts, made at `now`; quantities go down, and what runs out becomes `sold_out`.
    /// A few are Klarna orders that are not paid yet. Answers the receipts made, fewer when the shelves are empty.
    pub fn buy(&mut self, n: usize, now: DateTime<Utc>) -> Vec<ReceiptId> {
        let moment = now.timestamp();
        let mut bought = Vec::with_capacity(n);
        for _ in 0..n {
            let shop = self.dice.below(self.shops.len());
            bought.extend(self.buy_in(shop, moment));
        }
        bought
    }

    /// One new receipt of a shop, made at `moment`; nothing when its shelves are empty.
    pub(super) fn buy_in(&mut self, shop: usize, moment: i64) -> Option<ReceiptId> {
        let shelf = self.shelf_now(shop);
        let basket = self.fill_basket(&shelf, true);
        if basket.is_empty() {
            return None;
        }
        self.check_out(shop, &basket, moment)
    }

    /// A buyer buys so many units of one variant, given by its place; nothing when there are not so many for sale.
    pub fn buy_units(
        &mut self,
        listing_id: i64,
        variant: usize,
        units: i64,
        now: DateTime<Utc>,
    ) -> Option<ReceiptId> {
        let (place, listing) = self.listing(listing_id)?;
        let product = listing.products.get(variant)?;
        let is_there = listing.is_active() && product.is_enabled && product.quantity >= units;
        if !is_there || units < 1 {
            return None;
        }
        let basket = [Pick { listing: place, product: variant, quantity: units }];
        self.check_out(listing.shop, &basket, now.timestamp())
    }

    fn check_out(&mut self, shop: usize, basket: &[Pick], moment: i64) -> Option<ReceiptId> {
        let mut receipt = self.sell(shop, basket, moment).ok()?;
        for pick in basket {
            if let Some(listing) = self.listings.get_mut(pick.listing) {
                if let Some(product) = listing.products.get(pick.product).map(|it| it.id) {
                    listing.take(product, pick.quantity);
                }
                listing.touch(moment);
            }
        }
        if self.dice.percent(8) {
            self.leave_unpaid(&mut receipt);
        } else {
            self.pay_for(&mut receipt, moment);
        }
        if let Some(ledger) = self.ledgers.get_mut(shop) {
            ledger.follow(&receipt);
        }
        let receipt_id = receipt.receipt_id;
        self.enter(receipt);
        Some(receipt_id)
    }

    /// Sellers edit up to `n` listings on Etsy's pages: title, price, quantity or SKU. As with any write of an
    /// inventory, all product and offering ids of the listing change. Answers the listings edited.
    pub fn edit(&mut self, n: usize, now: DateTime<Utc>) -> Vec<i64> {
        let mut edited = Vec::with_capacity(n);
        for _ in 0..n {
            let active: Vec<usize> = (0..self.listings.len())
                .filter(|place| self.listings.get(*place).is_some_and(Listing::is_active))
                .collect();
            let Some(&place) = self.dice.pick(&active) else { break };
            let edit = self.dice.below(4);
            let amount = self.dice.between(1, 25);
            let Some(listing) = self.listings.get_mut(place) else { break };
            match edit {
                0 => listing.title = format!("{} (edition {amount})", listing.title),
                1 => listing.products.iter_mut().for_each(|product| product.price += amount * 10),
                2 => listing.products.iter_mut().for_each(|product| product.quantity = amount),
                _ => {
                    for product in
                        listing.products.iter_mut().filter(|product| !product.sku.is_empty())
                    {
                        product.sku = format!("{}-R{amount}", product.sku);
                    }
                }
            }
            listing.touch(now.timestamp());
            edited.push(listing.id);
            self.renumber(place);
        }
        edited
    }

    /// Sellers cancel up to `n` paid orders that are not shipped; the money goes back. `updated` stays, unless
    /// the world was told otherwise.
    pub fn cancel(&mut self, n: usize, now: DateTime<Utc>) -> Vec<ReceiptId> {
        let moment = now.timestamp();
        self.change_some(n, &[ReceiptStatus::Paid], |world, place| {
            let Some(mut receipt) = world.receipts.get(place).cloned() else { return };
            world.cancel_receipt(&mut receipt, moment, moment);
            world.note_cancellation(&mut receipt, moment);
            world.put_back(place, receipt);
        })
    }

    /// Sellers refund up to `n` paid orders, half of them in full; `updated` stays.
    pub fn refund(&mut self, n: usize, now: DateTime<Utc>) -> Vec<ReceiptId> {
        let moment = now.timestamp();
        self.change_some(n, &[ReceiptStatus::Paid, ReceiptStatus::Completed], |world, place| {
            let Some(mut receipt) = world.receipts.get(place).cloned() else { return };
            let is_full = world.dice.percent(50);
            world.refund_receipt(&mut receipt, is_full, moment, moment);
            world.put_back(place, receipt);
        })
    }

    /// Klarna settles up to `n` of the orders it was thinking about; `updated` moves to `now`.
    pub fn pay(&mut self, n: usize, now: DateTime<Utc>) -> Vec<ReceiptId> {
        let moment = now.timestamp();
        self.change_some(n, &[ReceiptStatus::PaymentProcessing], |world, place| {
            let Some(mut receipt) = world.receipts.get(place).cloned() else { return };
            super::selling::mark_paid(&mut receipt, moment);
            world.put_back(place, receipt);
        })
    }

    /// Changes up to `n` receipts of these statuses, chosen among the 200 youngest.
    pub(super) fn change_some(
        &mut self,
        n: usize,
        statuses: &[ReceiptStatus],
        mut change: impl FnMut(&mut Self, usize),
    ) -> Vec<ReceiptId> {
        let mut changed = Vec::with_capacity(n);
        for _ in 0..n {
            let candidates: Vec<(usize, ReceiptId)> = self
                .receipts
                .iter()
                .enumerate()
                .rev()
                .filter(|(_, receipt)| statuses.contains(&receipt.status))
                .map(|(place, receipt)| (place, receipt.receipt_id))
                .take(200)
                .collect();
            let Some(&(place, receipt_id)) = self.dice.pick(&candidates) else { break };
            change(self, place);
            changed.push(receipt_id);
        }
        changed
    }

    /// What a buyer can put into a basket now: listing and product places.
    fn shelf_now(&self, shop: usize) -> Vec<(usize, usize)> {
        let mut shelf = Vec::new();
        for (place, listing) in self.listings.iter().enumerate() {
            if listing.shop != shop || !listing.is_active() {
                continue;
            }
            for (index, product) in listing.products.iter().enumerate() {
                if product.quantity > 0 && product.is_enabled {
                    shelf.push((place, index));
                }
            }
        }
        shelf
    }
}

impl Listing {
    pub(crate) fn is_active(&self) -> bool {
        self.state == ListingState::Active
    }

    /// Notes a change, and that an active listing without units is sold out.
    pub(crate) fn touch(&mut self, moment: i64) {
        self.updated = self.updated.max(moment);
        if self.is_active() && self.quantity() == 0 {
            self.state = ListingState::SoldOut;
            self.state_changed = moment;
        }
    }
}
