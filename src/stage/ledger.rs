//! Whether the payment account's balances follow one another.

use chrono::{DateTime, Utc};

use super::StageError;
use crate::db::Warehouse;
use crate::domain::ShopId;

/// An entry whose balance is not the balance before plus its amount: something between the two was not read, or was
/// changed. Amounts are as Etsy sends them, without divisor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerBreak {
    /// Whose account.
    pub shop: ShopId,
    /// The entry.
    pub entry_id: i64,
    /// Its place.
    pub sequence_number: i64,
    /// Of both balances, ISO 4217.
    pub currency: String,
    /// The balance before plus the amount.
    pub expected_balance: i64,
    /// The balance that the entry states.
    pub balance: i64,
    /// When the entry was made.
    pub created_at: DateTime<Utc>,
}

/// Every break in the kept ledgers of these shops, in order. The first entry of an account has nothing before it.
pub async fn ledger_breaks(
    warehouse: &Warehouse,
    shops: &[ShopId],
) -> Result<Vec<LedgerBreak>, StageError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let client = warehouse.client().await.map_err(|source| StageError::Database { source })?;
    let rows = client
        .query(sql!("stage/ledger_breaks.sql"), &[&shop_ids])
        .await
        .map_err(StageError::of("check the chain of the ledger"))?;
    Ok(rows
        .iter()
        .map(|row| LedgerBreak {
            shop: ShopId(row.get("shop_id")),
            entry_id: row.get("entry_id"),
            sequence_number: row.get("sequence_number"),
            currency: row.get("currency"),
            expected_balance: row.get("expected_balance"),
            balance: row.get("balance"),
            created_at: row.get("created_at"),
        })
        .collect())
}
