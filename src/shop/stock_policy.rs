//! What the merchant decided about quantities.

use rust_decimal::Decimal;

use super::freeze::Freeze;
use super::values::{odoo_ids, share, units, whole, word};
use super::{PolicyKey, ShopError};
use crate::domain::{StockBasis, vocabulary};

/// The most units that an offering can have: Etsy's own pages take no more.
pub const MOST_UNITS: i32 = 999;

vocabulary! {
    /// Whose quantities hold.
    StockMaster {
        /// Nobody's: quantities are not compared.
        None = "none",
        /// Odoo's stock is what Etsy offers.
        Odoo = "odoo",
        /// What Etsy offers is counted in Odoo.
        Etsy = "etsy",
    }
}

vocabulary! {
    /// What happens to an offering that its seller changed on Etsy.
    StockConflict {
        /// Odoo's quantity goes over it.
        Odoo = "odoo",
        /// A person decides.
        Hold = "hold",
        /// It stays until Odoo's stock moves.
        Etsy = "etsy",
    }
}

vocabulary! {
    /// What happens to a listing that sold out on Etsy when there is stock again. Etsy takes a fee for it
    /// (<https://www.etsy.com/legal/fees/>).
    SoldOutListing {
        /// A person renews it.
        Hold = "hold",
        /// It is renewed.
        Renew = "renew",
    }
}

/// How the quantities of a shop come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockPolicy {
    /// See [`StockMaster`].
    pub master: StockMaster,
    /// See [`StockBasis`].
    pub basis: StockBasis,
    /// Odoo's warehouses that ship for the shop; none: its `warehouse_id`, else the first of its company.
    pub warehouse_ids: Vec<i32>,
    /// Units that are kept back of each product.
    pub buffer: Decimal,
    /// The share of the stock that the shop may offer, 0 to 1.
    pub share: Decimal,
    /// Fewer than this are not offered at all.
    pub floor: i32,
    /// More than this are not shown.
    pub cap: i32,
    /// When nothing is raised.
    pub freeze: Freeze,
    /// See [`StockConflict`].
    pub conflict: StockConflict,
    /// See [`SoldOutListing`].
    pub sold_out_listing: SoldOutListing,
    /// The guard: the largest share of the listings on sale that a plan may take to nothing, 0 to 1.
    pub guard_zeroed_share: Decimal,
    /// The guard: the largest share of the listings whose quantities a plan may change, 0 to 1.
    pub guard_quantity_share: Decimal,
}

impl Default for StockPolicy {
    fn default() -> Self {
        Self {
            master: StockMaster::None,
            basis: StockBasis::Sellable,
            warehouse_ids: Vec::new(),
            buffer: Decimal::ZERO,
            share: Decimal::ONE,
            floor: 0,
            cap: MOST_UNITS,
            freeze: Freeze::default(),
            conflict: StockConflict::Odoo,
            sold_out_listing: SoldOutListing::Hold,
            guard_zeroed_share: Decimal::new(2, 1),
            guard_quantity_share: Decimal::new(5, 1),
        }
    }
}

impl StockPolicy {
    /// Sets one key; nothing: the key is none of these.
    pub(super) fn set(&mut self, key: PolicyKey, value: &str) -> Result<Option<()>, ShopError> {
        if key == PolicyKey::StockMaster {
            self.master = word(key, value)?;
        } else if key == PolicyKey::StockBasis {
            self.basis = word(key, value)?;
        } else if key == PolicyKey::StockWarehouseIds {
            self.warehouse_ids = odoo_ids(key, value)?;
        } else if key == PolicyKey::StockBuffer {
            self.buffer = units(key, value)?;
        } else if key == PolicyKey::StockShare {
            self.share = share(key, value)?;
        } else if key == PolicyKey::StockFloor {
            self.floor = whole(key, value, 0, MOST_UNITS)?;
        } else if key == PolicyKey::StockCap {
            self.cap = whole(key, value, 1, MOST_UNITS)?;
        } else if key == PolicyKey::StockFreeze {
            self.freeze = Freeze::read(key.as_str(), value)?;
        } else if key == PolicyKey::StockConflict {
            self.conflict = word(key, value)?;
        } else if key == PolicyKey::SoldOutListing {
            self.sold_out_listing = word(key, value)?;
        } else if key == PolicyKey::GuardZeroedShare {
            self.guard_zeroed_share = share(key, value)?;
        } else if key == PolicyKey::GuardQuantityShare {
            self.guard_quantity_share = share(key, value)?;
        } else {
            return Ok(None);
        }
        Ok(Some(()))
    }

    /// The value of a key in words; nothing: the key is none of these.
    pub(super) fn words(&self, key: PolicyKey) -> Option<String> {
        let ids = |ids: &[i32]| ids.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
        let values = [
            (PolicyKey::StockMaster, self.master.to_string()),
            (PolicyKey::StockBasis, self.basis.to_string()),
            (PolicyKey::StockWarehouseIds, ids(&self.warehouse_ids)),
            (PolicyKey::StockBuffer, self.buffer.normalize().to_string()),
            (PolicyKey::StockShare, self.share.normalize().to_string()),
            (PolicyKey::StockFloor, self.floor.to_string()),
            (PolicyKey::StockCap, self.cap.to_string()),
            (PolicyKey::StockFreeze, self.freeze.to_string()),
            (PolicyKey::StockConflict, self.conflict.to_string()),
            (PolicyKey::SoldOutListing, self.sold_out_listing.to_string()),
            (PolicyKey::GuardZeroedShare, self.guard_zeroed_share.normalize().to_string()),
            (PolicyKey::GuardQuantityShare, self.guard_quantity_share.normalize().to_string()),
        ];
        values.into_iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }
}
