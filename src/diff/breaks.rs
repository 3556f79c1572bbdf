//! Differences in money, found by rule.

use chrono::{DateTime, Utc};

use super::DiffError;
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId, Subject};

/// Finds the differences in money of these shops and says of which kind each is. Needs what
/// `stage::lay_out_money` laid out for the same run; what is a matter of time at `now` is no difference. Can be repeated
/// for the same run.
pub async fn find_breaks(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
    now: DateTime<Utc>,
) -> Result<(), DiffError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    warehouse
        .transaction("find the breaks", async |transaction| {
            transaction.execute(sql!("diff/forget_breaks.sql"), &[&run.0, &shop_ids]).await?;
            transaction.execute(sql!("diff/breaks.sql"), &[&run.0, &shop_ids, &now]).await?;
            transaction
                .execute(sql!("diff/record_break_search.sql"), &[&run.0, &shop_ids, &now])
                .await
        })
        .await
        .map(drop)
        .map_err(|source| DiffError::Database { run, subject: Subject::Ledger, source })
}
