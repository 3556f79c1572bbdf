//! Sellers send parcels, by the API or on Etsy's pages.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::World;
use super::nouns::{Receipt, ReceiptStatus, Shipment};
use super::selling::mark_paid;
use crate::domain::ReceiptId;

/// What a seller tells of a parcel; both or neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parcel {
    pub(crate) carrier_name: String,
    pub(crate) tracking_code: String,
}

/// Why a parcel cannot be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShipError {
    NoReceipt,
    /// The order was cancelled, or is not paid.
    NotToBeShipped,
    /// The same parcel was noted before.
    AlreadyNoted,
}

impl World {
    /// Marks a receipt as shipped, with the parcel if one is told; `updated` moves.
    pub(crate) fn ship_receipt(
        &mut self,
        shop: usize,
        receipt_id: i64,
        parcel: Option<Parcel>,
        now: DateTime<Utc>,
    ) -> Result<(), ShipError> {
        let place = self.place(shop, receipt_id).ok_or(ShipError::NoReceipt)?;
        let mut receipt = self.receipts.get(place).cloned().ok_or(ShipError::NoReceipt)?;
        if receipt.status == ReceiptStatus::Canceled || !receipt.is_paid() {
            return Err(ShipError::NotToBeShipped);
        }
        if let Some(parcel) = parcel {
            let is_known = |noted: &Shipment| noted.tracking_code == parcel.tracking_code;
            if receipt.shipments.iter().any(is_known) {
                return Err(ShipError::AlreadyNoted);
            }
            receipt.shipments.push(Shipment {
                receipt_shipping_id: self.ids.shipping(),
                carrier_name: Cow::Owned(parcel.carrier_name),
                tracking_code: parcel.tracking_code,
                notified: now.timestamp(),
            });
        }
        mark_shipped(&mut receipt, now.timestamp());
        self.put_back(place, receipt);
        Ok(())
    }

    /// Notes that a receipt was paid outside Etsy, if it was waiting for that.
    pub(crate) fn note_payment(&mut self, shop: usize, receipt_id: i64, now: DateTime<Utc>) {
        let Some(place) = self.place(shop, receipt_id) else { return };
        let Some(mut receipt) = self.receipts.get(place).cloned() else { return };
        if receipt.status == ReceiptStatus::Open {
            mark_paid(&mut receipt, now.timestamp());
            self.put_back(place, receipt);
        }
    }

    /// Sellers send up to `n` paid orders, with a tracking code; `updated` moves to `now`.
    pub fn ship_some(&mut self, n: usize, now: DateTime<Utc>) -> Vec<ReceiptId> {
        self.change_some(n, &[ReceiptStatus::Paid], |world, place| {
            let Some(receipt) = world.receipts.get(place) else { return };
            let (shop, receipt_id) = (receipt.shop, receipt.receipt_id.0);
            let parcel = Parcel {
                carrier_name: "usps".to_owned(),
                tracking_code: format!("94009{receipt_id:017}"),
            };
            // A receipt that is paid and not shipped takes a parcel.
            world.ship_receipt(shop, receipt_id, Some(parcel), now).unwrap_or_default();
        })
    }

    fn place(&self, shop: usize, receipt_id: i64) -> Option<usize> {
        let place =
            self.receipts.binary_search_by_key(&receipt_id, |receipt| receipt.receipt_id.0).ok()?;
        self.receipts.get(place).filter(|receipt| receipt.shop == shop).map(|_| place)
    }
}

/// What was refunded stays refunded.
fn mark_shipped(receipt: &mut Receipt, moment: i64) {
    if receipt.status == ReceiptStatus::Paid {
        receipt.status = ReceiptStatus::Completed;
    }
    receipt.shipped.get_or_insert(moment);
    receipt.updated = receipt.updated.max(moment);
}
