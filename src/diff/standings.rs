//! Figures about a comparison as a whole.

use std::collections::BTreeMap;

use super::DiffError;
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId, Subject};

/// How the orders of a shop stand in Odoo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Orders that claim a receipt of the shop.
    pub orders_in_odoo: i64,
    /// Orders that we booked before and that Odoo no longer has.
    pub vanished_orders: i64,
}

/// The standing of each shop.
pub async fn standings(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<BTreeMap<ShopId, Standing>, DiffError> {
    let subject = Subject::Orders;
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let client =
        warehouse.client().await.map_err(|source| DiffError::Database { run, subject, source })?;
    let rows = client
        .query(sql!("diff/standings.sql"), &[&run.0, &shop_ids])
        .await
        .map_err(DiffError::of(run, subject, "count the orders in Odoo"))?;
    Ok(rows
        .iter()
        .map(|row| {
            let standing = Standing {
                orders_in_odoo: row.get("orders_in_odoo"),
                vanished_orders: row.get("vanished_orders"),
            };
            (ShopId(row.get("shop_id")), standing)
        })
        .collect())
}

/// The product that stands in where a shop's policy says `placeholder`, if Odoo has it.
pub async fn placeholder_product(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<Option<i32>, DiffError> {
    let subject = Subject::Products;
    let client =
        warehouse.client().await.map_err(|source| DiffError::Database { run, subject, source })?;
    let row = client
        .query_opt(sql!("diff/placeholder_product.sql"), &[&run.0])
        .await
        .map_err(DiffError::of(run, subject, "look for the placeholder product"))?;
    Ok(row.map(|row| row.get("product_id")))
}
