//! Figures for the guard about the quantities of a shop as a whole.

use std::collections::BTreeMap;

use super::DiffError;
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId, Subject};

/// How the quantities of a shop stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockStanding {
    /// How many listings are on sale on Etsy, and compared.
    pub on_sale: i64,
    /// How many listings are compared.
    pub compared: i64,
    /// The warehouses that count for the shop; none: Odoo has none for it.
    pub warehouse_ids: Vec<i32>,
    /// Of them, those that Odoo does not have, or has archived.
    pub absent_warehouse_ids: Vec<i32>,
    /// Whether Odoo showed no stock of anything in them.
    pub is_empty: bool,
    /// How many offerings Odoo allowed to be sold when both sides last agreed.
    pub allowed_before: i64,
}

/// The standing of each shop whose quantities Odoo sets.
pub async fn stock_standings(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<BTreeMap<ShopId, StockStanding>, DiffError> {
    let subject = Subject::Inventory;
    let client =
        warehouse.client().await.map_err(|source| DiffError::Database { run, subject, source })?;
    let rows = client
        .query(sql!("diff/stock_standings.sql"), &[&run.0])
        .await
        .map_err(DiffError::of(run, subject, "look at the stock as a whole"))?;
    Ok(rows
        .iter()
        .map(|row| {
            let standing = StockStanding {
                on_sale: row.get("on_sale"),
                compared: row.get("compared"),
                warehouse_ids: row.get("warehouse_ids"),
                absent_warehouse_ids: row.get("absent_warehouse_ids"),
                is_empty: row.get("is_empty"),
                allowed_before: row.get("allowed_before"),
            };
            (ShopId(row.get("shop_id")), standing)
        })
        .collect())
}
