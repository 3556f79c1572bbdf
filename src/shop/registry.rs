//! The shops there are.

use tokio_postgres::Row;
use tokio_postgres::error::SqlState;

use super::book_policy::BookPolicy;
use super::{Freeze, Policy, ShopError, StockPolicy};
use crate::db::{DatabaseError, Warehouse};
use crate::domain::{ShopId, vocabulary};

vocabulary! {
    /// Whether a shop takes part in runs.
    Status {
        /// It does.
        Active = "active",
        /// It rests.
        Paused = "paused",
    }
}

/// A shop with its policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    /// Etsy's id.
    pub id: ShopId,
    /// Our name for it.
    pub name: String,
    /// Whether it takes part in runs.
    pub status: Status,
    /// What the merchant decided.
    pub policy: Policy,
}

fn failed(attempted: &str) -> impl FnOnce(tokio_postgres::Error) -> ShopError {
    move |error| ShopError::Database(DatabaseError::query(attempted, error))
}

/// Adds a shop with the default policy.
pub async fn add(
    warehouse: &Warehouse,
    name: &str,
    shop: ShopId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), ShopError> {
    if shop.0 <= 0 {
        return Err(ShopError::Id(shop.0));
    }
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    match client.execute(sql!("shop/add.sql"), &[&shop.0, &name, &now]).await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => {
            Err(ShopError::Taken { name: name.to_owned(), shop_id: shop.0 })
        }
        Err(error) if error.code() == Some(&SqlState::CHECK_VIOLATION) => {
            Err(ShopError::Name(name.to_owned()))
        }
        Err(error) => Err(failed("add a shop")(error)),
    }
}

/// All shops, by name.
pub async fn list(warehouse: &Warehouse) -> Result<Vec<Shop>, ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    let rows = client.query(sql!("shop/list.sql"), &[]).await.map_err(failed("read the shops"))?;
    rows.iter().map(shop).collect()
}

/// The shop of that name.
pub async fn find(warehouse: &Warehouse, name: &str) -> Result<Shop, ShopError> {
    let shops = list(warehouse).await?;
    let known = shops.iter().map(|shop| shop.name.clone()).collect();
    shops
        .into_iter()
        .find(|shop| shop.name == name)
        .ok_or_else(|| ShopError::Unknown { name: name.to_owned(), known })
}

/// The shop of that number.
pub async fn with_id(warehouse: &Warehouse, id: ShopId) -> Result<Shop, ShopError> {
    let shops = list(warehouse).await?;
    let known = shops.iter().map(|shop| shop.name.clone()).collect();
    shops
        .into_iter()
        .find(|shop| shop.id == id)
        .ok_or_else(|| ShopError::Unknown { name: id.to_string(), known })
}

/// Pauses or resumes a shop.
pub async fn set_status(
    warehouse: &Warehouse,
    shop: ShopId,
    status: Status,
) -> Result<(), ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    client
        .execute(sql!("shop/set_status.sql"), &[&shop.0, &status.as_str()])
        .await
        .map_err(failed("pause or resume a shop"))?;
    Ok(())
}

/// Stores a policy. Its version moves, so that the next run stages the shop's orders anew.
pub async fn set_policy(
    warehouse: &Warehouse,
    shop: ShopId,
    policy: &Policy,
) -> Result<(), ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    client
        .execute(
            sql!("shop/set_policy.sql"),
            &[
                &shop.0,
                &policy.etsy_tax.as_str(),
                &policy.order_state.as_str(),
                &policy.unknown_product.as_str(),
                &policy.cancelled_receipt.as_str(),
                &policy.orders_from,
                &policy.company_id,
                &policy.warehouse_id,
                &policy.pricelist_id,
                &policy.team_id,
                &policy.salesperson_id,
                &policy.payment_term_id,
                &policy.fiscal_position_id,
                &policy.tag_ids,
                &policy.taxes.as_str(),
                &policy.tax_id,
                &policy.guard_new_orders,
                &policy.guard_changed_share,
                &policy.reread_days,
                &policy.ledger_from,
                &policy.language,
                &policy.partners.as_str(),
                &policy.product_name.as_str(),
                &policy.product_description.as_str(),
                &policy.product_sku.as_str(),
                &policy.product_price.as_str(),
                &policy.stock.master.as_str(),
                &policy.stock.basis.as_str(),
                &policy.stock.warehouse_ids,
                &policy.stock.buffer,
                &policy.stock.share,
                &policy.stock.floor,
                &policy.stock.cap,
                &policy.stock.freeze.to_string(),
                &policy.stock.conflict.as_str(),
                &policy.stock.sold_out_listing.as_str(),
                &policy.stock.guard_zeroed_share,
                &policy.stock.guard_quantity_share,
                &policy.books.books.as_str(),
                &policy.books.from,
                &policy.books.journal,
                &policy.books.accounts_document(),
            ],
        )
        .await
        .map_err(failed("store the policy of a shop"))?;
    Ok(())
}

fn shop(row: &Row) -> Result<Shop, ShopError> {
    let word = |column: &str| row.get::<_, &str>(column);
    Ok(Shop {
        id: ShopId(row.get("shop_id")),
        name: row.get("name"),
        status: word("status").parse().map_err(ShopError::Word)?,
        policy: Policy {
            etsy_tax: word("etsy_tax").parse().map_err(ShopError::Word)?,
            order_state: word("order_state").parse().map_err(ShopError::Word)?,
            unknown_product: word("unknown_product").parse().map_err(ShopError::Word)?,
            cancelled_receipt: word("cancelled_receipt").parse().map_err(ShopError::Word)?,
            orders_from: row.get("orders_from"),
            company_id: row.get("company_id"),
            warehouse_id: row.get("warehouse_id"),
            pricelist_id: row.get("pricelist_id"),
            team_id: row.get("team_id"),
            salesperson_id: row.get("salesperson_id"),
            payment_term_id: row.get("payment_term_id"),
            fiscal_position_id: row.get("fiscal_position_id"),
            tag_ids: row.get("tag_ids"),
            taxes: word("taxes").parse().map_err(ShopError::Word)?,
            tax_id: row.get("tax_id"),
            guard_new_orders: row.get("guard_new_orders"),
            guard_changed_share: row.get("guard_changed_share"),
            reread_days: row.get("reread_days"),
            ledger_from: row.get("ledger_from"),
            language: row.get("language"),
            partners: word("partners").parse().map_err(ShopError::Word)?,
            product_name: word("product_name").parse().map_err(ShopError::Word)?,
            product_description: word("product_description").parse().map_err(ShopError::Word)?,
            product_sku: word("product_sku").parse().map_err(ShopError::Word)?,
            product_price: word("product_price").parse().map_err(ShopError::Word)?,
            stock: stock_policy(row)?,
            books: BookPolicy {
                books: word("books").parse().map_err(ShopError::Word)?,
                from: row.get("books_from"),
                journal: row.get("books_journal"),
                accounts: BookPolicy::accounts_from(&row.get("accounts"))?,
            },
        },
    })
}

fn stock_policy(row: &Row) -> Result<StockPolicy, ShopError> {
    let word = |column: &str| row.get::<_, &str>(column);
    Ok(StockPolicy {
        master: word("stock_master").parse().map_err(ShopError::Word)?,
        basis: word("stock_basis").parse().map_err(ShopError::Word)?,
        warehouse_ids: row.get("stock_warehouse_ids"),
        buffer: row.get("stock_buffer"),
        share: row.get("stock_share"),
        floor: row.get("stock_floor"),
        cap: row.get("stock_cap"),
        freeze: Freeze::read("stock_freeze", word("stock_freeze"))?,
        conflict: word("stock_conflict").parse().map_err(ShopError::Word)?,
        sold_out_listing: word("sold_out_listing").parse().map_err(ShopError::Word)?,
        guard_zeroed_share: row.get("guard_zeroed_share"),
        guard_quantity_share: row.get("guard_quantity_share"),
    })
}
