//! What happens to a shop's receipts while somebody reads them page by page.

use chrono::{DateTime, TimeDelta, Utc};

use super::World;
use super::nouns::ReceiptStatus;
use crate::domain::ReceiptId;

/// Something that happened between two pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drifted {
    /// A receipt arrived.
    Arrived(ReceiptId),
    /// A receipt changed, and its `updated` is now.
    Edited(ReceiptId),
    /// A receipt was cancelled and its money went back.
    Cancelled(ReceiptId),
}

impl World {
    /// A receipt of the shop arrives, entered up to `late` after it was made.
    pub(crate) fn drift_in(
        &mut self,
        shop: usize,
        late: TimeDelta,
        now: DateTime<Utc>,
    ) -> Option<Drifted> {
        let made = now.checked_sub_signed(late).unwrap_or(now);
        self.buy_in(shop, made.timestamp()).map(Drifted::Arrived)
    }

    /// Any receipt of the shop changes.
    pub(crate) fn drift_edit(
        &mut self,
        shop: usize,
        random: &mut fastrand::Rng,
        now: DateTime<Utc>,
    ) -> Option<Drifted> {
        let place = self.any_of(shop, random, |_| true)?;
        let mut receipt = self.receipts.get(place).cloned()?;
        receipt.updated = receipt.updated.max(now.timestamp());
        let receipt_id = receipt.receipt_id;
        self.put_back(place, receipt);
        Some(Drifted::Edited(receipt_id))
    }

    /// Any receipt of the shop whose money has not gone back is cancelled.
    pub(crate) fn drift_cancel(
        &mut self,
        shop: usize,
        random: &mut fastrand::Rng,
        now: DateTime<Utc>,
    ) -> Option<Drifted> {
        let place = self.any_of(shop, random, |status| {
            status == ReceiptStatus::Paid || status == ReceiptStatus::Completed
        })?;
        let mut receipt = self.receipts.get(place).cloned()?;
        let receipt_id = receipt.receipt_id;
        self.cancel_receipt(&mut receipt, now.timestamp(), now.timestamp());
        self.note_cancellation(&mut receipt, now.timestamp());
        self.put_back(place, receipt);
        Some(Drifted::Cancelled(receipt_id))
    }

    fn any_of(
        &self,
        shop: usize,
        random: &mut fastrand::Rng,
        suits: impl Fn(ReceiptStatus) -> bool,
    ) -> Option<usize> {
        let suitable: Vec<usize> = self
            .receipts
            .iter()
            .enumerate()
            .filter(|(_, receipt)| receipt.shop == shop && suits(receipt.status))
            .map(|(place, _)| place)
            .collect();
        random.choice(suitable)
    }
}
