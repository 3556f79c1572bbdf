//! The payment accounts of the world, and what can be planted in them.

use chrono::{DateTime, Utc};

use super::World;
use super::ledger::{EntryKind, Ledger};
use super::nouns::Receipt;
use crate::domain::ShopId;

/// Something in a ledger that no receipt explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerOddity {
    /// An entry whose type nobody has seen; the balance runs on.
    UnheardType,
    /// An entry whose balance is not the last one plus its amount; the chain goes on from the wrong balance.
    BrokenChain,
    /// A refund's entry for a receipt that does not exist; the balance runs on.
    UnknownReceipt,
    /// The fee of an earlier sale, charged once more; the balance runs on.
    ChargedTwice,
}

impl World {
    /// Plants an oddity in a shop's ledger, and answers the `entry_id` it has; nothing if the shop is not there.
    pub fn plant(
        &mut self,
        shop_id: ShopId,
        oddity: LedgerOddity,
        now: DateTime<Utc>,
    ) -> Option<i64> {
        let (place, _) = self.shop(shop_id.0)?;
        let ledger = self.ledgers.get_mut(place)?;
        ledger.close_weeks(now.timestamp());
        ledger.plant(oddity, now.timestamp())
    }

    /// Charges the fee of a listing that was renewed.
    pub(crate) fn charge_renewal(&mut self, place: usize, now: DateTime<Utc>) {
        let Some(listing) = self.listings.get(place) else { return };
        if let Some(ledger) = self.ledgers.get_mut(listing.shop) {
            ledger.charge_listing(listing, EntryKind::RenewExpired, now.timestamp());
        }
    }

    /// Posts the payouts of a shop's account that have become due.
    pub(crate) fn close_weeks(&mut self, shop: usize, now: DateTime<Utc>) {
        if let Some(ledger) = self.ledgers.get_mut(shop) {
            ledger.close_weeks(now.timestamp());
        }
    }

    /// A shop's account, as far as its weeks are closed.
    pub(crate) fn ledger(&self, shop: usize) -> Option<&Ledger> {
        self.ledgers.get(shop)
    }

    /// Whether cancellations move `updated` from now on.
    pub fn let_cancellations_move_updated(&mut self, they_do: bool) {
        self.cancellation_moves_updated = they_do;
    }

    pub(super) fn note_cancellation(&self, receipt: &mut Receipt, moment: i64) {
        if self.cancellation_moves_updated {
            receipt.updated = receipt.updated.max(moment);
        }
    }
}
