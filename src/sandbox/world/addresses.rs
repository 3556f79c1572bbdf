//! Addresses change after the purchase: sellers correct them, buyers move, and Etsy withholds them.

use chrono::{DateTime, Utc};

use super::World;
use super::nouns::{Address, Receipt, ReceiptStatus};
use crate::domain::ReceiptId;

impl World {
    /// Up to `n` paid orders get another address of their buyer; `updated` moves to `now`.
    pub fn correct_address(&mut self, n: usize, now: DateTime<Utc>) -> Vec<ReceiptId> {
        let moment = now.timestamp();
        self.change_some(n, &[ReceiptStatus::Paid, ReceiptStatus::Completed], |world, place| {
            let Some(mut receipt) = world.receipts.get(place).cloned() else { return };
            let buyer = receipt.buyer_user_id;
            let Some(buyer) = world.buyers.iter_mut().find(|known| known.user_id == buyer) else {
                return;
            };
            buyer.moves(&mut world.dice);
            receipt.address = buyer.addresses.last().cloned();
            receipt.updated = receipt.updated.max(moment);
            world.put_back(place, receipt);
        })
    }

    /// Gives a receipt the address that is asked for, or none as if Etsy withheld it; `updated` moves to `now`.
    pub fn readdress(
        &mut self,
        receipt_id: ReceiptId,
        address: Option<Address>,
        now: DateTime<Utc>,
    ) {
        self.change_one(receipt_id, now, |receipt| receipt.address = address);
    }

    /// Gives a receipt another recipient; `updated` moves to `now`.
    pub fn rename(&mut self, receipt_id: ReceiptId, name: &str, now: DateTime<Utc>) {
        self.change_one(receipt_id, now, |receipt| name.clone_into(&mut receipt.name));
    }

    fn change_one(
        &mut self,
        receipt_id: ReceiptId,
        now: DateTime<Utc>,
        change: impl FnOnce(&mut Receipt),
    ) {
        let place = self.receipts.iter().position(|receipt| receipt.receipt_id == receipt_id);
        let known = place.and_then(|place| Some((place, self.receipts.get(place).cloned()?)));
        let Some((place, mut receipt)) = known else { return };
        change(&mut receipt);
        receipt.updated = receipt.updated.max(now.timestamp());
        self.put_back(place, receipt);
    }
}
