//! What people say of which Odoo product a product key is. The last word counts, in all shops.

use chrono::{DateTime, Utc};

use super::JournalError;
use crate::db::{DatabaseError, Warehouse};
use crate::domain::{ShopId, vocabulary};

vocabulary! {
    /// How a link came to be said.
    LinkSource {
        /// One by one, by `products link`.
        Link = "link",
        /// Many at once, by `products import`.
        Import = "import",
        /// Undone, by `products unlink`.
        Unlink = "unlink",
    }
}

/// A link that is made or undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// Where it is said.
    pub shop: ShopId,
    /// Of which product.
    pub product_key: String,
    /// What people know it by.
    pub label: String,
    /// Which product in Odoo; none: the rules are to find it again.
    pub product_id: Option<i32>,
}

/// What was once said of a product key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Which product in Odoo; none: the link before was undone.
    pub product_id: Option<i32>,
    /// How it was said.
    pub said_by: LinkSource,
    /// When.
    pub linked_at: DateTime<Utc>,
}

/// Records links, all or none.
pub async fn link_products(
    warehouse: &Warehouse,
    links: &[NewLink],
    said_by: LinkSource,
    now: DateTime<Utc>,
) -> Result<(), JournalError> {
    let shops: Vec<i64> = links.iter().map(|link| link.shop.0).collect();
    let keys: Vec<&str> = links.iter().map(|link| link.product_key.as_str()).collect();
    let labels: Vec<&str> = links.iter().map(|link| link.label.as_str()).collect();
    let products: Vec<Option<i32>> = links.iter().map(|link| link.product_id).collect();
    let client = warehouse.client().await.map_err(|source| JournalError::Links { source })?;
    client
        .execute(
            sql!("journal/link_products.sql"),
            &[&shops, &keys, &labels, &products, &said_by.as_str(), &now],
        )
        .await
        .map(drop)
        .map_err(failed("record links of products"))
}

/// All that was said of a product key, newest first.
pub async fn product_links(
    warehouse: &Warehouse,
    product_key: &str,
) -> Result<Vec<Link>, JournalError> {
    let client = warehouse.client().await.map_err(|source| JournalError::Links { source })?;
    let rows = client
        .query(sql!("journal/product_links.sql"), &[&product_key])
        .await
        .map_err(failed("read the links of a product"))?;
    rows.iter()
        .map(|row| {
            let said_by = row.get::<_, &str>("said_by").parse();
            Ok(Link {
                product_id: row.get("product_id"),
                said_by: said_by.map_err(|source| JournalError::Word { source })?,
                linked_at: row.get("linked_at"),
            })
        })
        .collect()
}

fn failed(attempted: &str) -> impl FnOnce(tokio_postgres::Error) -> JournalError {
    move |error| JournalError::Links { source: DatabaseError::query(attempted, error) }
}
