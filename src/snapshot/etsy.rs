//! What is read of a shop in one run, and in which order: orders first, then what they refer to, then what can wait.

use chrono::{DateTime, TimeDelta, Utc};

use super::door::Door;
use super::evidence::Drawer;
use super::{EtsySide, SnapshotError, ledger, listings, receipts, turns};
use crate::db::Warehouse;
use crate::domain::{Clock, RunId};
use crate::etsy::ListingState;
use crate::shop::Shop;

/// A window ends this long ago: what is younger may still be moving.
const SETTLING: TimeDelta = TimeDelta::seconds(30);

/// How much is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// All that may have changed without a trace, too: the receipts of the last days, all listings, all that was cancelled.
    pub full: bool,
    /// The receipts that were made since then, whether they have been read or not.
    pub from: Option<DateTime<Utc>>,
}

/// What came of reading a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Answers that came.
    pub pages: i64,
    /// Listings and what else can wait were left out until then: the calls that are left today are kept for orders.
    pub rest_waits_until: Option<DateTime<Utc>>,
}

/// Reads what a shop has that is new. On a quiet shop that takes five calls: the receipts that changed, the number of the
/// cancelled ones, the ledger, the listings that changed, and one thing out of those that are read a little at a time.
pub async fn take_etsy(
    warehouse: &Warehouse,
    etsy: &EtsySide,
    run: RunId,
    shop: &Shop,
    extent: Extent,
    clock: &dyn Clock,
) -> Result<Taken, SnapshotError> {
    let door = Door::open(Drawer { warehouse, run, shop }, etsy, clock).await?;
    let until = clock.now() - SETTLING;
    let is_import = receipts::read_receipts(&door, until, extent.from).await?;
    let of_receipts = door.pages();
    receipts::read_cancelled(&door, until, extent.full).await?;
    if extent.full && !is_import {
        receipts::reread(&door, until).await?;
    }
    let whole = extent.full || is_import;
    // what one run does not get read of the ledger waits for the next: a sale makes half a dozen entries
    let budget = if whole { i64::MAX } else { of_receipts.max(1) };
    let is_ledger_read = ledger::read_ledger(&door, until, budget).await?;
    if is_import {
        // what refunds name was read a moment ago, and is not staged yet
        receipts::forget_wanted(&door).await?;
    }
    receipts::read_wanted(&door, whole).await?;
    let waits = match read_the_rest(&door, until, whole, is_ledger_read).await {
        Ok(()) => None,
        Err(error) => Some(error.waits_for_orders().ok_or(error)?),
    };
    Ok(Taken { pages: door.pages(), rest_waits_until: waits })
}

/// What is not about orders: the calls that are kept for them are not for this.
async fn read_the_rest(
    door: &Door<'_>,
    until: DateTime<Utc>,
    whole: bool,
    is_ledger_read: bool,
) -> Result<(), SnapshotError> {
    if whole {
        ledger::read_payments(door, true).await?;
        turns::note_whole(door).await?;
        turns::take_listings(door, until).await?;
        return turns::take_references(door).await;
    }
    listings::read_head(door, ListingState::Active, until).await?;
    if is_ledger_read {
        turns::take_one(door, until).await
    } else {
        // what an earlier run left of the ledger takes the turn: the newest entries have had their page
        ledger::read_gaps(door, 1).await.map(drop)
    }
}

/// Reads receipts by their numbers, as evidence of `run`. Returns those that Etsy knows.
pub async fn take_receipts(
    warehouse: &Warehouse,
    etsy: &EtsySide,
    run: RunId,
    shop: &Shop,
    ids: &[i64],
    clock: &dyn Clock,
) -> Result<Vec<i64>, SnapshotError> {
    let door = Door::open(Drawer { warehouse, run, shop }, etsy, clock).await?;
    let mut known = Vec::new();
    for receipt in ids {
        if receipts::read_receipt(&door, *receipt).await? {
            known.push(*receipt);
        }
    }
    Ok(known)
}
