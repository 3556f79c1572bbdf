//! Rejects once more, by today's code, from the stored evidence: no call.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Row;

use super::StageError;
use super::batch::Batch;
use super::load::{client_with_tables, decode_page};
use super::sheet::Sheet;
use crate::db::Warehouse;
use crate::domain::RunId;

/// What became of a reject that was read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retried {
    /// It reads, and is staged.
    Staged,
    /// It reads, but a newer page's state of the same thing is kept already, and stays.
    Superseded,
    /// It still does not read.
    StillBad {
        /// The field.
        field: String,
        /// Why.
        reason: String,
    },
    /// There is no open reject of that number, or its page is no longer stored.
    Gone,
}

/// Reads the pages of these rejects again, and of each page only what was set aside. What reads is staged, unless a newer
/// state is kept, and its reject is resolved in `run`. Gives an ending for each number that was asked for.
pub async fn retry_rejects(
    warehouse: &Warehouse,
    run: RunId,
    rejects: &[i64],
) -> Result<BTreeMap<i64, Retried>, StageError> {
    let mut client = client_with_tables(warehouse).await?;
    let pages = client
        .query(sql!("stage/pages_of_rejects.sql"), &[&rejects])
        .await
        .map_err(StageError::of("read the pages of the rejects"))?;
    let mut endings: BTreeMap<i64, Retried> =
        rejects.iter().map(|reject| (*reject, Retried::Gone)).collect();
    for page in &pages {
        let names: Vec<String> = page.get("entity_ids");
        let only: BTreeSet<String> = names.into_iter().collect();
        let sheet = decode_page(page, run, Some(&only))?;
        let transaction =
            client.transaction().await.map_err(StageError::of("begin to stage rejects again"))?;
        let newer = {
            let ids: Vec<i64> = sheet.good.iter().map(|good| good.id).collect();
            let (shop, page) = (sheet.origin.shop_id, sheet.origin.page_id);
            let entity = sheet.origin.entity.as_str();
            transaction.query(sql!("stage/kept_newer.sql"), &[&shop, &page, &entity, &ids]).await
        };
        let newer = newer.map_err(StageError::of("look for newer states of the rejects"))?;
        let newer: BTreeSet<i64> = newer.iter().map(|row| row.get("id")).collect();
        let ended = endings_of(page, &sheet, &newer);
        let good: Vec<i64> = ended
            .iter()
            .filter(|(_, ending)| matches!(ending, Retried::Staged | Retried::Superseded))
            .map(|(reject, _)| *reject)
            .collect();
        endings.extend(ended);
        let mut batch = Batch::new(vec![sheet]);
        let written = async {
            batch.copy(&transaction).await?;
            batch.merge(&transaction).await?;
            transaction.execute(sql!("stage/resolve_these_rejects.sql"), &[&run.0, &good]).await
        };
        written.await.map_err(StageError::of("stage rejects again"))?;
        transaction.commit().await.map_err(StageError::of("keep the rejects that read now"))?;
    }
    Ok(endings)
}

/// What each reject of a page came to: by its id, or by its place where it had none.
fn endings_of(page: &Row, sheet: &Sheet, newer: &BTreeSet<i64>) -> Vec<(i64, Retried)> {
    let rejects: Vec<i64> = page.get("reject_ids");
    let names: Vec<String> = page.get("entity_ids");
    let is_at = |index: usize, name: &str| sheet.place(index) == name;
    rejects
        .into_iter()
        .zip(names)
        .map(|(reject, name)| {
            let bad = sheet.bad.iter().find(|bad| bad.entity_id == name || is_at(bad.index, &name));
            let good = sheet
                .good
                .iter()
                .filter(|good| good.is_row)
                .find(|good| good.id.to_string() == name || is_at(good.index, &name));
            let ending = match (bad, good) {
                (Some(bad), _) => Retried::StillBad {
                    field: bad.fault.field.clone(),
                    reason: bad.fault.reason.clone(),
                },
                (None, Some(good)) if newer.contains(&good.id) => Retried::Superseded,
                (None, Some(_)) => Retried::Staged,
                (None, None) => Retried::Gone,
            };
            (reject, ending)
        })
        .collect()
}
