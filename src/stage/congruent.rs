//! Both sides in the same terms, in SQL.

use super::StageError;
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId};

/// Says what each receipt, buyer and listing asks of Odoo, and what Odoo has, in the same columns, units and keys. Can be
/// repeated for the same run.
pub(super) async fn make_congruent(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<(), StageError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    warehouse
        .transaction("make the two sides congruent", async |transaction| {
            transaction.execute(sql!("stage/etsy_order.sql"), &[&run.0, &shop_ids]).await?;
            transaction.batch_execute(sql!("stage/analyze_orders.sql")).await?;
            transaction.execute(sql!("stage/etsy_customer.sql"), &[&run.0, &shop_ids]).await?;
            transaction.execute(sql!("stage/etsy_product.sql"), &[&shop_ids]).await?;
            transaction.batch_execute(sql!("stage/analyze_etsy_side.sql")).await?;
            transaction.execute(sql!("stage/forget_odoo_side.sql"), &[&run.0]).await?;
            transaction.execute(sql!("stage/odoo_order.sql"), &[&run.0, &shop_ids]).await?;
            transaction.execute(sql!("stage/odoo_customer.sql"), &[&run.0, &shop_ids]).await?;
            transaction.execute(sql!("stage/place_alias.sql"), &[&run.0]).await?;
            transaction.execute(sql!("stage/odoo_place.sql"), &[&run.0, &shop_ids]).await?;
            transaction.execute(sql!("stage/odoo_product.sql"), &[&run.0]).await?;
            transaction.execute(sql!("stage/product_speaker.sql"), &[&run.0]).await?;
            transaction
                .execute(sql!("stage/record_congruent_counts.sql"), &[&run.0, &shop_ids])
                .await?;
            transaction.batch_execute(sql!("stage/analyze_odoo_side.sql")).await
        })
        .await
        .map_err(|source| StageError::Database { source })
}
