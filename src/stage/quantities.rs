//! How many of each offering may be for sale, in SQL.

use super::StageError;
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId, vocabulary};

vocabulary! {
    /// In which direction the quantities of a shop go.
    StockDirection {
        /// What Odoo allows is set on Etsy.
        Push = "push",
        /// What Etsy offers is counted in Odoo.
        Count = "count",
    }
}

/// Says how many of each offering may be for sale in shops whose quantities are compared, and how each number comes about.
/// What Etsy and Odoo's orders are has to be staged before. `taking_part` are all shops of the run, whose orders are staged.
/// Can be repeated for the same run. Without a shop to compare it does nothing.
pub async fn stage_quantities(
    warehouse: &Warehouse,
    run: RunId,
    taking_part: &[ShopId],
    compared: &[(ShopId, StockDirection)],
) -> Result<(), StageError> {
    if compared.is_empty() {
        return Ok(());
    }
    let all: Vec<i64> = taking_part.iter().map(|shop| shop.0).collect();
    let shops: Vec<i64> = compared.iter().map(|(shop, _)| shop.0).collect();
    let directions: Vec<&str> = compared.iter().map(|(_, direction)| direction.as_str()).collect();
    warehouse
        .transaction("say how many may be for sale", async |transaction| {
            transaction.batch_execute(sql!("stage/seen_tables.sql")).await?;
            transaction.execute(sql!("stage/forget_quantities.sql"), &[&run.0, &shops]).await?;
            transaction
                .execute(sql!("stage/stock_comparison.sql"), &[&run.0, &shops, &directions])
                .await?;
            transaction.execute(sql!("stage/compared_listing.sql"), &[&run.0]).await?;
            transaction.execute(sql!("stage/pending_part.sql"), &[&run.0, &all]).await?;
            transaction.execute(sql!("stage/offering_written.sql"), &[&run.0]).await?;
            transaction.batch_execute(sql!("stage/analyze_compared_side.sql")).await?;
            transaction.execute(sql!("stage/seen_offering.sql"), &[&run.0]).await?;
            transaction.batch_execute(sql!("stage/analyze_seen_side.sql")).await?;
            transaction.execute(sql!("stage/moved_offering.sql"), &[]).await?;
            transaction.execute(sql!("stage/odd_part.sql"), &[&run.0]).await?;
            transaction.batch_execute(sql!("stage/analyze_moved_side.sql")).await?;
            transaction.execute(sql!("stage/offering_target.sql"), &[&run.0]).await?;
            transaction.execute(sql!("stage/offering_group.sql"), &[&run.0]).await?;
            transaction.execute(sql!("stage/offering_odoo_moved.sql"), &[&run.0]).await?;
            transaction.execute(sql!("stage/offering_base.sql"), &[&run.0]).await?;
            transaction.execute(sql!("stage/record_quantity_counts.sql"), &[&run.0]).await?;
            transaction.batch_execute(sql!("stage/analyze_targets.sql")).await
        })
        .await
        .map_err(|source| StageError::Database { source })
}
