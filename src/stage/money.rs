//! What each movement of the payment account is, what it belongs to, and what each receipt's money came to.

use super::{LedgerSum, StageError};
use crate::db::{DatabaseError, Warehouse};
use crate::domain::{RunId, ShopId};

/// With more new entries than this, the planner is told.
const MANY: u64 = 1_000;

/// Whether all entries of the payment accounts are classed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entries {
    /// Those that came or changed since the last time, and those that could not be tied then.
    New,
    /// All: this version may know more types than the one that classed them.
    All,
}

/// Keeps the money up to date: each entry of the shops' payment accounts in exactly one class and tied to what it belongs
/// to, and the payouts that they were settled by. Entries that are classed must be those that Etsy sent, to the cent; when
/// they are not, all are classed once more before it is called an error.
pub async fn keep_money(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
    entries: Entries,
) -> Result<(), StageError> {
    class_entries(warehouse, run, shops, entries).await?;
    match (money_foots(warehouse, shops).await, entries) {
        (Err(StageError::MoneyDoesNotFoot { .. }), Entries::New) => {
            class_entries(warehouse, run, shops, Entries::All).await?;
            money_foots(warehouse, shops).await
        }
        (footed, Entries::New | Entries::All) => footed,
    }
}

async fn class_entries(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
    entries: Entries,
) -> Result<(), StageError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    warehouse
        .transaction("class the entries of the payment accounts", async |transaction| {
            let kept =
                transaction.query_one(sql!("stage/money_was_kept.sql"), &[&shop_ids]).await?;
            let is_known = entries == Entries::New && kept.get("were_kept");
            if !is_known {
                transaction.batch_execute(sql!("stage/analyze_ledger.sql")).await?;
            }
            transaction.execute(sql!("stage/ledger_class.sql"), &[&run.0]).await?;
            let all = entries == Entries::All;
            let written = transaction
                .execute(sql!("stage/money_entry.sql"), &[&run.0, &shop_ids, &all])
                .await?;
            if written > MANY {
                transaction.batch_execute(sql!("stage/analyze_money.sql")).await?;
            }
            if written > 0 || !is_known {
                transaction.execute(sql!("stage/settlement.sql"), &[&shop_ids]).await?;
            }
            transaction.execute(sql!("stage/money_is_kept.sql"), &[&run.0, &shop_ids]).await
        })
        .await
        .map(drop)
        .map_err(|source| StageError::Database { source })
}

/// Makes sure that the classed entries are those that Etsy sent.
async fn money_foots(warehouse: &Warehouse, shops: &[ShopId]) -> Result<(), StageError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let client = warehouse.client().await.map_err(|source| StageError::Database { source })?;
    let off = client
        .query_opt(sql!("stage/money_does_not_foot.sql"), &[&shop_ids])
        .await
        .map_err(StageError::of("see whether the classed entries foot"))?;
    let Some(row) = off else { return Ok(()) };
    Err(StageError::MoneyDoesNotFoot {
        shop: ShopId(row.get("shop_id")),
        currency: row.get("currency"),
        sent: LedgerSum { entries: row.get("entries"), amount: row.get("amount") },
        classed: LedgerSum {
            entries: row.get("classed_entries"),
            amount: row.get("classed_amount"),
        },
    })
}

/// Lays side by side what each place knows of each receipt's money, as of a run: the receipt, its orders in Odoo, their
/// invoices and credit notes, the payment account, the payouts. Needs the run's staged sides and [`keep_money`]. Can be
/// repeated for the same run.
pub async fn lay_out_money(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<(), StageError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let database = |source: DatabaseError| StageError::Database { source };
    warehouse
        .transaction("lay the receipts' money side by side", async |transaction| {
            transaction
                .execute(sql!("stage/forget_receipt_money.sql"), &[&run.0, &shop_ids])
                .await?;
            transaction.execute(sql!("stage/receipt_money.sql"), &[&run.0, &shop_ids]).await?;
            transaction.batch_execute(sql!("stage/analyze_receipt_money.sql")).await
        })
        .await
        .map_err(database)
}
