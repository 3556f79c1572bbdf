//! `products link` and `products unlink`.

use serde_json::json;

use super::{ProductFault, found, known};
use crate::cli::{CommandError, Session};
use crate::db::Warehouse;
use crate::journal::{self, LinkSource, NewLink};
use crate::report::{self, PRODUCTS_SCHEMA, ProductRow};

pub(super) async fn link(
    session: &Session,
    warehouse: &Warehouse,
    asked: &str,
    product_id: i32,
    shop: Option<&str>,
) -> Result<(), CommandError> {
    let shops: Vec<String> = shop.into_iter().map(str::to_owned).collect();
    let list = known(warehouse, &shops).await?;
    let row = found(&list, asked)?;
    let product = report::odoo_products(warehouse, list.staging, Some(&[product_id]))
        .await?
        .pop()
        .ok_or(ProductFault::NotInOdoo { product_id, run: list.staging.run })?;
    let is_new = row.linked_id != Some(product_id);
    if is_new {
        say(session, warehouse, row, Some(product_id), LinkSource::Link).await?;
    }
    let warnings = product.warnings(row);
    let everywhere = if shop.is_some() { known(warehouse, &[]).await? } else { list.clone() };
    let sharers = everywhere.sharers(product_id, &row.product_key);
    if session.printer.json {
        let sharers: Vec<&str> = sharers.iter().map(|sharer| sharer.product_key.as_str()).collect();
        return session.printer.document(&json!({
            "schema": PRODUCTS_SCHEMA,
            "product_key": row.product_key,
            "linked_id": product_id,
            "is_new": is_new,
            "warnings": warnings,
            "shared_with": sharers,
        }));
    }
    session.printer.text(&report::linked_text(row, &product, is_new, &sharers))
}

pub(super) async fn unlink(
    session: &Session,
    warehouse: &Warehouse,
    asked: &str,
) -> Result<(), CommandError> {
    let list = known(warehouse, &[]).await?;
    let row = found(&list, asked)?;
    if row.linked_id.is_some() {
        say(session, warehouse, row, None, LinkSource::Unlink).await?;
    }
    if session.printer.json {
        return session.printer.document(&json!({
            "schema": PRODUCTS_SCHEMA,
            "product_key": row.product_key,
            "was_linked_to": row.linked_id,
        }));
    }
    session.printer.text(&report::unlinked_text(row))
}

async fn say(
    session: &Session,
    warehouse: &Warehouse,
    row: &ProductRow,
    product_id: Option<i32>,
    said_by: LinkSource,
) -> Result<(), CommandError> {
    let link = NewLink {
        shop: row.shop.id,
        product_key: row.product_key.clone(),
        label: row.label(),
        product_id,
    };
    Ok(journal::link_products(warehouse, &[link], said_by, session.clock.now()).await?)
}
