//! Whether Odoo still has what quantities were computed from.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Task;
use crate::apply::ApplyError;
use crate::apply::application::Application;
use crate::apply::stock::StockRow;
use crate::journal;
use crate::plan::{SetInventory, StockSeen};

type Stock = BTreeMap<(i32, i32), StockRow>;

/// What Odoo has too little of, by listing, in words. What our own bookings of this plan took was counted by the plan as
/// sold already, and is no shortage.
pub(super) async fn shortages(
    application: &Application<'_>,
    tasks: &BTreeMap<i64, Task>,
) -> Result<BTreeMap<i64, String>, ApplyError> {
    let parts: BTreeSet<i32> =
        tasks.values().flat_map(|task| &task.inventory.stock).map(|seen| seen.product_id).collect();
    let stock = application.stock(&parts).await?;
    let lacking: BTreeSet<i32> = tasks
        .values()
        .flat_map(|task| {
            let lacks = |seen: &&StockSeen| missing(&task.inventory, seen, &stock) > Decimal::ZERO;
            task.inventory.stock.iter().filter(lacks)
        })
        .map(|seen| seen.product_id)
        .collect();
    if lacking.is_empty() {
        return Ok(BTreeMap::new());
    }
    let plan = application.plan();
    let receipts = journal::booked_receipts(application.warehouse(), plan)
        .await
        .map_err(|source| ApplyError::Journal { plan, source })?;
    let booked = application.units_booked(&receipts, &lacking).await?;
    let shortages = tasks.iter().filter_map(|(id, task)| {
        let short = task.inventory.stock.iter().find(|seen| {
            let ours = booked.get(&seen.product_id).copied().unwrap_or_default();
            missing(&task.inventory, seen, &stock) > ours
        })?;
        Some((*id, words(short, available(&task.inventory, short, &stock))))
    });
    Ok(shortages.collect())
}

fn available(inventory: &SetInventory, seen: &StockSeen, stock: &Stock) -> Decimal {
    let rows = inventory
        .warehouse_ids
        .iter()
        .filter_map(|warehouse| stock.get(&(seen.product_id, *warehouse)));
    rows.fold(Decimal::ZERO, |sum, row| sum.saturating_add(row.by(inventory.basis)))
}

fn missing(inventory: &SetInventory, seen: &StockSeen, stock: &Stock) -> Decimal {
    seen.available.saturating_sub(available(inventory, seen, stock))
}

fn words(seen: &StockSeen, now: Decimal) -> String {
    format!(
        "Odoo has {} of product {} now, the plan saw {}",
        now.normalize(),
        seen.product_id,
        seen.available.normalize()
    )
}
