//! What became of breaks, and what people said of them. Append-only: where a break stands is what happened last.

use chrono::{DateTime, Utc};

use super::JournalError;
use crate::db::{DatabaseError, Warehouse};
use crate::domain::{BreakEvent, RunId, ShopId};

/// The number of a break: that of its first event.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct BreakId(pub i64);

impl std::fmt::Display for BreakId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What a person says of a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark<'a> {
    /// A note.
    Note(&'a str),
    /// Who sees to it.
    Owner(&'a str),
}

/// Writes down what became of the breaks of these shops, by what `diff::find_breaks` found for a run: opened when first
/// found, closed when not found any more, reopened when found again, changed when found with another amount. Returns to
/// how many something happened. Repeated for the same run, nothing more happens.
pub async fn follow_breaks(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
    now: DateTime<Utc>,
) -> Result<u64, JournalError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let client =
        warehouse.client().await.map_err(|source| JournalError::Database { run, source })?;
    client
        .execute(sql!("journal/follow_breaks.sql"), &[&run.0, &shop_ids, &now])
        .await
        .map_err(JournalError::of(run, "write down what became of the breaks"))
}

/// Writes down what a person says of a break.
pub async fn remark_on_break(
    warehouse: &Warehouse,
    id: BreakId,
    remark: Remark<'_>,
    now: DateTime<Utc>,
) -> Result<(), JournalError> {
    let (event, words) = match remark {
        Remark::Note(words) => (BreakEvent::Noted, words),
        Remark::Owner(words) => (BreakEvent::Assigned, words),
    };
    let client = warehouse.client().await.map_err(|source| JournalError::Unreadable { source })?;
    let row = client
        .query_opt(sql!("journal/say_of_break.sql"), &[&id.0, &event.as_str(), &words, &now])
        .await
        .map_err(|error| JournalError::Unreadable {
            source: DatabaseError::query("write down what is said of a break", error),
        })?;
    row.map(drop).ok_or(JournalError::NoSuchBreak(id))
}
