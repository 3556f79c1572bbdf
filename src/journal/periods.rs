//! Closed months: frozen once, with the report that was made of them, and never changed.

use std::fs::File;
use std::io::{Read as _, Write};
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use futures_util::TryStreamExt as _;

use super::JournalError;
use crate::db::{DatabaseError, Warehouse};
use crate::domain::{RunId, ShopId};

/// How many bytes of a file are kept in one row: memory does not grow with the file.
const PIECE: u64 = 1024 * 1024;

/// The number of a close.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct CloseId(pub i64);

/// Which month of which shops is closed, by which evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthToClose {
    /// The run.
    pub run: RunId,
    /// The shops.
    pub shops: Vec<ShopId>,
    /// The month's first day.
    pub month: NaiveDate,
    /// The first moment inside.
    pub from: DateTime<Utc>,
    /// The first moment after.
    pub until: DateTime<Utc>,
}

/// A month whose rows are frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenMonth {
    /// Its number.
    pub id: CloseId,
    /// SHA-256 of its rows, in hexadecimal.
    pub evidence: String,
}

/// A closed month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedMonth {
    /// Its number.
    pub id: CloseId,
    /// The month's first day.
    pub month: NaiveDate,
    /// Of which shops.
    pub shops: Vec<ShopId>,
    /// Whose evidence it was made from.
    pub run: RunId,
    /// SHA-256 of the frozen rows, in hexadecimal.
    pub evidence: String,
    /// When it was closed.
    pub closed_at: DateTime<Utc>,
}

/// Freezes the rows of a month. It is closed when [`close_month`] has kept its report; a close that breaks off in between
/// counts for nothing.
pub async fn freeze_month(
    warehouse: &Warehouse,
    asked: &MonthToClose,
    now: DateTime<Utc>,
) -> Result<FrozenMonth, JournalError> {
    let shop_ids: Vec<i64> = asked.shops.iter().map(|shop| shop.0).collect();
    let client = client(warehouse).await?;
    let row = client
        .query_one(
            sql!("journal/freeze_period.sql"),
            &[&asked.month, &asked.run.0, &shop_ids, &asked.from, &asked.until, &now],
        )
        .await
        .map_err(failed("freeze a month"))?;
    Ok(FrozenMonth { id: CloseId(row.get("close_id")), evidence: row.get("evidence") })
}

/// Keeps the files of a frozen month's report, and closes it: all of it or nothing.
pub async fn close_month(
    warehouse: &Warehouse,
    frozen: &FrozenMonth,
    asked: &MonthToClose,
    files: &[PathBuf],
    now: DateTime<Utc>,
) -> Result<(), JournalError> {
    let mut client = client(warehouse).await?;
    let transaction = client.transaction().await.map_err(failed("begin to close a month"))?;
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let unreadable = |source| JournalError::File { path: path.clone(), source };
        let mut file = File::open(path).map_err(unreadable)?;
        for piece in 0_i32.. {
            let (mut plain, mut bytes) = (Vec::new(), Vec::new());
            (&mut file).take(PIECE).read_to_end(&mut plain).map_err(unreadable)?;
            if plain.is_empty() && piece > 0 {
                break;
            }
            GzEncoder::new(plain.as_slice(), Compression::default())
                .read_to_end(&mut bytes)
                .map_err(unreadable)?;
            transaction
                .execute(
                    sql!("journal/keep_period_piece.sql"),
                    &[&frozen.id.0, &name, &piece, &bytes],
                )
                .await
                .map_err(failed("keep a file of a month"))?;
        }
    }
    let shop_ids: Vec<i64> = asked.shops.iter().map(|shop| shop.0).collect();
    let closed = transaction
        .query(sql!("journal/close_month.sql"), &[&frozen.id.0, &asked.month, &shop_ids, &now])
        .await
        .map_err(failed("close a month"))?;
    if closed.len() < asked.shops.len() {
        return Err(JournalError::AlreadyClosed { month: asked.month });
    }
    transaction.commit().await.map_err(failed("close a month"))
}

/// The closed months, the newest first.
pub async fn closed_months(warehouse: &Warehouse) -> Result<Vec<ClosedMonth>, JournalError> {
    let rows = client(warehouse)
        .await?
        .query(sql!("journal/closed_months.sql"), &[])
        .await
        .map_err(failed("read which months are closed"))?;
    Ok(rows
        .iter()
        .map(|row| ClosedMonth {
            id: CloseId(row.get("close_id")),
            month: row.get("month"),
            shops: row.get::<_, Vec<i64>>("shop_ids").into_iter().map(ShopId).collect(),
            run: RunId(row.get("run_id")),
            evidence: row.get("evidence"),
            closed_at: row.get("closed_at"),
        })
        .collect())
}

/// The names of the files that are kept of a closed month.
pub async fn period_files(warehouse: &Warehouse, id: CloseId) -> Result<Vec<String>, JournalError> {
    let rows = client(warehouse)
        .await?
        .query(sql!("journal/period_files.sql"), &[&id.0])
        .await
        .map_err(failed("list the files of a closed month"))?;
    Ok(rows.iter().map(|row| row.get("name")).collect())
}

/// Writes a file of a closed month, as it was kept, piece by piece.
pub async fn copy_period_file(
    warehouse: &Warehouse,
    id: CloseId,
    name: &str,
    output: &mut (dyn Write + Send),
) -> Result<(), JournalError> {
    let attempted = "read a file of a closed month";
    let client = client(warehouse).await?;
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 2] = [&id.0, &name];
    let rows = client
        .query_raw(sql!("journal/period_pieces.sql"), parameters)
        .await
        .map_err(failed(attempted))?;
    let mut rows = std::pin::pin!(rows);
    while let Some(row) = rows.try_next().await.map_err(failed(attempted))? {
        std::io::copy(&mut GzDecoder::new(row.get::<_, &[u8]>("bytes")), output)
            .map_err(|source| JournalError::File { path: PathBuf::from(name), source })?;
    }
    Ok(())
}

async fn client(warehouse: &Warehouse) -> Result<crate::db::PooledClient, JournalError> {
    warehouse.client().await.map_err(|source| JournalError::Unreadable { source })
}

fn failed(attempted: &str) -> impl FnOnce(tokio_postgres::Error) -> JournalError {
    move |error| JournalError::Unreadable { source: DatabaseError::query(attempted, error) }
}
