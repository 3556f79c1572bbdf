//! Reads what the last run staged of products.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::model::{
    Counterpart, OdooProduct, Place, ProductList, ProductRow, ProductState, Staging,
};
use crate::db::{DatabaseError, Warehouse};
use crate::domain::{MatchRule, RunId, ShopId};
use crate::report::ReportError;
use crate::report::model::Shop;

/// The last run that staged both sides and whose rows are still there.
pub async fn last_staging(warehouse: &Warehouse) -> Result<Staging, ReportError> {
    let rows =
        query(warehouse, "find the last staged run", sql!("report/last_staging.sql"), &[]).await?;
    let row = rows.first().ok_or(ReportError::NothingStaged)?;
    Ok(Staging { run: RunId(row.get("run_id")), taken_at: row.get("taken_at") })
}

/// The products that some shops ask for.
pub async fn load_products(
    warehouse: &Warehouse,
    staging: Staging,
    shops: &[ShopId],
) -> Result<ProductList, ReportError> {
    let ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let parameters: [&(dyn ToSql + Sync); 2] = [&staging.run.0, &ids];
    let rows =
        query(warehouse, "read the products", sql!("report/products.sql"), &parameters).await?;
    let rows = rows.iter().map(|row| product(staging.run, row)).collect::<Result<_, _>>()?;
    Ok(ProductList { staging, rows })
}

/// The products that Odoo had, archived ones too: all of them, or those of some ids.
pub async fn odoo_products(
    warehouse: &Warehouse,
    staging: Staging,
    ids: Option<&[i32]>,
) -> Result<Vec<OdooProduct>, ReportError> {
    let parameters: [&(dyn ToSql + Sync); 2] = [&staging.run.0, &ids];
    let statement = sql!("report/odoo_products.sql");
    let rows = query(warehouse, "read Odoo's products", statement, &parameters).await?;
    Ok(rows
        .iter()
        .map(|row| OdooProduct {
            id: row.get("id"),
            sku: row.get("sku"),
            barcode: row.get("barcode"),
            name: row.get("name"),
            is_active: row.get("is_active"),
            is_service: row.get::<_, Option<bool>>("is_service").unwrap_or_default(),
            listing_id: row.get("listing_id"),
            variant_key: row.get("variant_key"),
        })
        .collect())
}

/// The places on Etsy that offer a product key.
pub async fn product_places(
    warehouse: &Warehouse,
    product_key: &str,
) -> Result<Vec<Place>, ReportError> {
    let statement = sql!("report/product_places.sql");
    let rows = query(warehouse, "read the places of a product", statement, &[&product_key]).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let (title, variations): (&str, &str) = (row.get("title"), row.get("variations"));
            let parts: Vec<&str> =
                [title, variations].into_iter().filter(|part| !part.is_empty()).collect();
            Place {
                shop: row.get("shop_name"),
                listing_id: row.get("listing_id"),
                state: row.get("state"),
                name: parts.join(", "),
                quantity: row.get("quantity"),
                is_enabled: row.get("is_enabled"),
                etsy_product_id: row.get("etsy_product_id"),
                etsy_offering_id: row.get("etsy_offering_id"),
                earlier_ids: row.get("earlier_ids"),
            }
        })
        .collect())
}

async fn query(
    warehouse: &Warehouse,
    attempted: &str,
    statement: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, ReportError> {
    let client = warehouse.client().await.map_err(|source| ReportError::Staging { source })?;
    client
        .query(statement, parameters)
        .await
        .map_err(|error| ReportError::Staging { source: DatabaseError::query(attempted, error) })
}

fn product(run: RunId, row: &Row) -> Result<ProductRow, ReportError> {
    let rule: Option<&str> = row.get("matched_by");
    let rule = rule.map(str::parse::<MatchRule>).transpose().map_err(|source| {
        ReportError::Word { run, column: "matched_by", source: Box::new(source) }
    })?;
    let standing = Standing::read(row, rule);
    Ok(ProductRow {
        product_key: row.get("product_key"),
        sku: row.get("sku"),
        shop: Shop { id: ShopId(row.get("shop_id")), name: row.get("shop_name") },
        listing_id: row.get("listing_id"),
        variant_key: row.get("variant_key"),
        name: row.get("name"),
        is_digital: row.get("is_digital"),
        state: standing.state,
        unknown_product: row.get("unknown_product"),
        listings: row.get("listings"),
        keys: row.get("keys"),
        copies: row.get("copies"),
        odoo: standing.odoo,
        matched_by: rule.filter(|_| !standing.is_waiting),
        linked_id: row.get("linked_id"),
        is_waiting: standing.is_waiting,
    })
}

/// How a key stands, what people said since the run included.
struct Standing {
    state: ProductState,
    odoo: Option<Counterpart>,
    is_waiting: bool,
}

impl Standing {
    fn read(row: &Row, rule: Option<MatchRule>) -> Self {
        let linked_id: Option<i32> = row.get("linked_id");
        let found_id: Option<i32> = row.get("product_id");
        let used_id = found_id.filter(|_| rule == Some(MatchRule::Link));
        if linked_id != used_id {
            let odoo = linked_id.map(|id| Counterpart {
                id,
                sku: row.get("linked_sku"),
                name: row.get("linked_name"),
            });
            let state = if odoo.is_some() { ProductState::Linked } else { ProductState::Unlinked };
            return Self { state, odoo, is_waiting: true };
        }
        let found = found_id.map(|id| Counterpart {
            id,
            sku: row.get("odoo_sku"),
            name: row.get("odoo_name"),
        });
        let created: Option<i32> = row.get("created_id");
        let created = created.map(|id| Counterpart { id, sku: row.get("sku"), name: None });
        let is_active: bool = row.get("is_active");
        let state = match (&found, &created) {
            (None, None) => ProductState::Missing,
            (None, Some(_)) => ProductState::Created,
            (Some(_), _) if row.get::<_, i32>("copies") > 1 => ProductState::Ambiguous,
            (Some(_), _) if row.get("is_gone") => ProductState::Gone,
            (Some(_), _) if !is_active => ProductState::Archived,
            (Some(_), _) if used_id.is_some() => ProductState::Linked,
            (Some(_), _) => ProductState::Matched,
        };
        Self { state, odoo: found.or(created), is_waiting: false }
    }
}
