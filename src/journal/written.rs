//! What was written to Etsy, and what has to be known of earlier writes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{AttemptId, JournalError};
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId};

/// What Etsy showed of one offering after a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryWritten {
    /// Which attempt wrote it.
    pub attempt: AttemptId,
    /// Whose listing.
    pub shop: ShopId,
    /// Etsy's listing.
    pub listing_id: i64,
    /// What tells the offering from its siblings.
    pub variant_key: String,
    /// How many were for sale when it was read back.
    pub quantity: i32,
    /// How many Odoo allowed then.
    pub target: i32,
    /// The state of the listing then, in Etsy's words.
    pub listing_state: String,
    /// When the listing had changed last, as Etsy showed then.
    pub listing_updated_at: DateTime<Utc>,
    /// When it was read back.
    pub written_at: DateTime<Utc>,
}

/// Records what was read back, and commits.
pub async fn record_inventory_written(
    warehouse: &Warehouse,
    plan: RunId,
    written: &[InventoryWritten],
) -> Result<(), JournalError> {
    if written.is_empty() {
        return Ok(());
    }
    let attempts: Vec<i64> = written.iter().map(|row| row.attempt.0).collect();
    let shops: Vec<i64> = written.iter().map(|row| row.shop.0).collect();
    let listings: Vec<i64> = written.iter().map(|row| row.listing_id).collect();
    let keys: Vec<&str> = written.iter().map(|row| row.variant_key.as_str()).collect();
    let quantities: Vec<i32> = written.iter().map(|row| row.quantity).collect();
    let targets: Vec<i32> = written.iter().map(|row| row.target).collect();
    let states: Vec<&str> = written.iter().map(|row| row.listing_state.as_str()).collect();
    let updated: Vec<DateTime<Utc>> = written.iter().map(|row| row.listing_updated_at).collect();
    let moments: Vec<DateTime<Utc>> = written.iter().map(|row| row.written_at).collect();
    let client =
        warehouse.client().await.map_err(|source| JournalError::Database { run: plan, source })?;
    client
        .execute(
            sql!("journal/record_inventory_written.sql"),
            &[
                &attempts,
                &shops,
                &listings,
                &keys,
                &quantities,
                &targets,
                &states,
                &updated,
                &moments,
            ],
        )
        .await
        .map_err(JournalError::of(plan, "record what was written to Etsy"))?;
    Ok(())
}

/// Which of some decisions of a plan were tried before without its being known what became of them.
pub async fn tried(
    warehouse: &Warehouse,
    plan: RunId,
    decision_nos: &[i32],
) -> Result<BTreeSet<i32>, JournalError> {
    let client =
        warehouse.client().await.map_err(|source| JournalError::Database { run: plan, source })?;
    let rows = client
        .query(sql!("journal/tried.sql"), &[&plan.0, &decision_nos])
        .await
        .map_err(JournalError::of(plan, "look for earlier attempts"))?;
    Ok(rows.iter().map(|row| row.get("decision_no")).collect())
}

/// The receipts whose orders a plan has booked so far.
pub async fn booked_receipts(warehouse: &Warehouse, plan: RunId) -> Result<Vec<i64>, JournalError> {
    let client =
        warehouse.client().await.map_err(|source| JournalError::Database { run: plan, source })?;
    let rows = client
        .query(sql!("journal/booked_receipts.sql"), &[&plan.0])
        .await
        .map_err(JournalError::of(plan, "look for what a plan has booked"))?;
    Ok(rows.iter().map(|row| row.get("receipt_id")).collect())
}

/// As of when some listings are inactive because we have set them so: the time of change that Etsy showed then.
pub async fn last_left_inactive(
    warehouse: &Warehouse,
    plan: RunId,
    shop: ShopId,
    listing_ids: &[i64],
) -> Result<BTreeMap<i64, DateTime<Utc>>, JournalError> {
    let client =
        warehouse.client().await.map_err(|source| JournalError::Database { run: plan, source })?;
    let rows = client
        .query(sql!("journal/last_left_inactive.sql"), &[&shop.0, &listing_ids])
        .await
        .map_err(JournalError::of(plan, "look for listings that we have set inactive"))?;
    Ok(rows.iter().map(|row| (row.get("listing_id"), row.get("listing_updated_at"))).collect())
}
