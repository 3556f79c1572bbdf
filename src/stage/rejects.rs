//! What was set aside.

use super::StageError;
use crate::db::{DatabaseError, Warehouse};
use crate::domain::{RunId, ShopId};
use crate::shop::Shop;

/// A row of a page that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Its number.
    pub id: i64,
    /// The run that set it aside.
    pub run: RunId,
    /// Whose it is.
    pub shop: ShopId,
    /// The page of evidence that holds it.
    pub page: i64,
    /// `receipt`, `listing` and so on: see [`super::Entity`].
    pub entity: String,
    /// Etsy's id, or the place on the page where there is none.
    pub entity_id: String,
    /// The field that does not read.
    pub field: String,
    /// Why.
    pub reason: String,
    /// The run that read it well.
    pub resolved_in_run: Option<RunId>,
}

/// The open rejects, or the one of that number in any state.
pub async fn rejects(warehouse: &Warehouse, id: Option<i64>) -> Result<Vec<Reject>, StageError> {
    let client = warehouse.client().await.map_err(|source| StageError::Database { source })?;
    let rows = client.query(sql!("stage/rejects.sql"), &[&id]).await.map_err(|error| {
        StageError::Database { source: DatabaseError::query("read the rejects", error) }
    })?;
    Ok(rows
        .iter()
        .map(|row| Reject {
            id: row.get("reject_id"),
            run: RunId(row.get("run_id")),
            shop: ShopId(row.get("shop_id")),
            page: row.get("page_id"),
            entity: row.get("entity"),
            entity_id: row.get("entity_id"),
            field: row.get("field"),
            reason: row.get("reason"),
            resolved_in_run: row.get::<_, Option<i64>>("resolved_in_run").map(RunId),
        })
        .collect())
}

/// How many rejects of these shops are open.
pub async fn open_rejects(warehouse: &Warehouse, shops: &[Shop]) -> Result<i64, StageError> {
    let ids: Vec<ShopId> = shops.iter().map(|shop| shop.id).collect();
    open_rejects_of(warehouse, &ids).await
}

/// How many rejects of the shops with these ids are open.
pub async fn open_rejects_of(warehouse: &Warehouse, shops: &[ShopId]) -> Result<i64, StageError> {
    let ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let client = warehouse.client().await.map_err(|source| StageError::Database { source })?;
    let row = client.query_one(sql!("stage/open_rejects.sql"), &[&ids]).await.map_err(|error| {
        StageError::Database { source: DatabaseError::query("count the rejects", error) }
    })?;
    Ok(row.get("rejects"))
}
