//! The comparison itself.

use super::DiffError;
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId, Subject};

/// Compares the staged sides of `shops` for `subjects`, stores what does not agree, counts everything, and makes sure
/// that the counts foot. Can be repeated: an earlier comparison of the same run is forgotten.
pub async fn compare(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
    subjects: &[Subject],
) -> Result<(), DiffError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let first = subjects.first().copied().unwrap_or(Subject::Orders);
    warehouse
        .transaction("compare the two sides", async |transaction| {
            transaction.execute(sql!("diff/forget.sql"), &[&run.0]).await?;
            for subject in subjects {
                let statement = match subject {
                    Subject::Products => sql!("diff/products.sql"),
                    Subject::Customers => sql!("diff/customers.sql"),
                    Subject::Orders => sql!("diff/orders.sql"),
                    Subject::Inventory => sql!("diff/inventory.sql"),
                    Subject::Ledger => sql!("diff/ledger.sql"),
                    Subject::Books => sql!("diff/books.sql"),
                };
                transaction.execute(statement, &[&run.0, &shop_ids]).await?;
            }
            Ok(())
        })
        .await
        .map_err(|source| DiffError::Database { run, subject: first, source })?;
    foot(warehouse, run, &shop_ids, subjects, first).await?;
    let client = warehouse.client().await.map_err(|source| DiffError::Database {
        run,
        subject: first,
        source,
    })?;
    client.batch_execute(sql!("diff/analyze_findings.sql")).await.map_err(DiffError::of(
        run,
        first,
        "look at the sizes of the findings",
    ))
}

async fn foot(
    warehouse: &Warehouse,
    run: RunId,
    shop_ids: &[i64],
    subjects: &[Subject],
    first: Subject,
) -> Result<(), DiffError> {
    let words: Vec<&str> = subjects.iter().map(|subject| subject.as_str()).collect();
    let client = warehouse.client().await.map_err(|source| DiffError::Database {
        run,
        subject: first,
        source,
    })?;
    let off = client
        .query_opt(sql!("diff/does_not_foot.sql"), &[&run.0, &shop_ids, &words])
        .await
        .map_err(DiffError::of(run, first, "see whether the verdicts foot"))?;
    let Some(row) = off else { return Ok(()) };
    Err(DiffError::DoesNotFoot {
        run,
        shop: ShopId(row.get("shop_id")),
        subject: row
            .get::<_, &str>("subject")
            .parse()
            .map_err(|source| DiffError::Word { run, source })?,
        staged_keys: row.get("staged_keys"),
        tallied_keys: row.get("tallied_keys"),
        staged_amount: row.get("staged_amount"),
        tallied_amount: row.get("tallied_amount"),
    })
}
