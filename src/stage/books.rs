//! Entries for the books, made of the payment account.

use super::StageError;
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId};

/// Makes the entries for the books of these shops, as of a run: one for each payout or recoupment, and one for the rest of
/// each month, by the accounts that the shops' policies name. Needs [`keep_money`](super::keep_money) and Odoo's rows of the
/// run. Can be repeated for the same run. Without a shop it does nothing.
pub async fn make_books(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<(), StageError> {
    if shops.is_empty() {
        return Ok(());
    }
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    warehouse
        .transaction("make the entries for the books", async |transaction| {
            transaction.execute(sql!("stage/forget_books.sql"), &[&run.0, &shop_ids]).await?;
            transaction.execute(sql!("stage/book_home.sql"), &[&run.0, &shop_ids]).await?;
            transaction.execute(sql!("stage/book_part.sql"), &[&run.0, &shop_ids]).await?;
            transaction.execute(sql!("stage/book_line.sql"), &[&run.0, &shop_ids]).await?;
            transaction.execute(sql!("stage/book_entry.sql"), &[&run.0, &shop_ids]).await?;
            transaction
                .execute(sql!("stage/record_book_counts.sql"), &[&run.0, &shop_ids])
                .await
                .map(drop)
        })
        .await
        .map_err(|source| StageError::Database { source })
}
