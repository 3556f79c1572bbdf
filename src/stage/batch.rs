//! Decoded pages on their way into the database: each thing once, by COPY, then merged.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use futures_util::SinkExt as _;
use tokio_postgres::{Error, Transaction};

use super::binary::{HEADER, TRAILER};
use super::drift::{Columns, Novelties};
use super::entity::Entity;
use super::sheet::{Good, Sheet, Table};

/// The bytes of a null, and of a boolean: what ends the row of a receipt.
const NULL: [u8; 4] = (-1_i32).to_be_bytes();
const ONE_BYTE: [u8; 4] = 1_i32.to_be_bytes();

/// The place of something: which page, and which of its things.
type Place = (usize, usize);

/// Rows per incoming table, and how things were told apart.
pub(super) struct Batch {
    tables: BTreeMap<Table, Vec<Bytes>>,
    novelties: BTreeMap<i64, Novelties>,
}

impl Batch {
    /// Puts pages together. Of something that came twice the later page counts, and only its parts; but what the earlier
    /// one said about a cancellation stays said where the later one is silent.
    pub(super) fn new(sheets: Vec<Sheet>) -> Self {
        let (superseded, carried) = repeated(&sheets);
        let mut batch = Self { tables: BTreeMap::new(), novelties: BTreeMap::new() };
        for (index, mut sheet) in sheets.into_iter().enumerate() {
            let novelties = std::mem::take(&mut sheet.novelties);
            batch.novelties.entry(sheet.origin.shop_id).or_default().extend(novelties);
            let is_whole = !superseded.iter().chain(carried.keys()).any(|(page, _)| *page == index);
            for table in Table::ALL {
                let rows = if is_whole {
                    std::mem::take(sheet.rows_mut(table))
                } else {
                    picked(&sheet, index, table, &superseded, &carried)
                };
                if !rows.is_empty() {
                    batch.tables.entry(table).or_default().push(Bytes::from(rows));
                }
            }
        }
        batch
    }

    /// Sends the rows into the incoming tables.
    pub(super) async fn copy(&mut self, transaction: &Transaction<'_>) -> Result<(), Error> {
        for (table, rows) in &mut self.tables {
            let sink = transaction.copy_in::<_, Bytes>(table.statement()).await?;
            let mut sink = std::pin::pin!(sink);
            sink.feed(Bytes::from_static(HEADER)).await?;
            for page in rows.drain(..) {
                sink.feed(page).await?;
            }
            sink.feed(Bytes::from_static(TRAILER)).await?;
            sink.finish().await?;
        }
        Ok(())
    }

    /// Brings the kept rows up to date with the incoming ones.
    pub(super) async fn merge(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        for table in self.tables.keys() {
            let statement = match table {
                Table::Receipt => sql!("stage/merge_receipts.sql"),
                Table::Listing => sql!("stage/merge_listings.sql"),
                Table::Inventory => sql!("stage/merge_inventories.sql"),
                Table::LedgerEntry => sql!("stage/merge_ledger_entries.sql"),
                Table::Payment => sql!("stage/merge_payments.sql"),
                Table::Adjustment => sql!("stage/merge_payment_adjustments.sql"),
                Table::Reference => sql!("stage/merge_references.sql"),
                // merged with what they are parts of
                Table::Transaction | Table::Offering => continue,
            };
            transaction.execute(statement, &[]).await?;
        }
        Ok(())
    }

    /// Counts what is new in these pages.
    pub(super) async fn record_drift(
        &self,
        transaction: &Transaction<'_>,
        run: i64,
    ) -> Result<(), Error> {
        for (shop, novelties) in self.novelties.iter().filter(|(_, seen)| !seen.is_empty()) {
            let Columns { entities, kinds, fields, words, rows } = novelties.columns();
            transaction
                .execute(
                    sql!("stage/record_drift.sql"),
                    &[&run, shop, &entities, &kinds, &fields, &words, &rows],
                )
                .await?;
        }
        Ok(())
    }
}

/// What a later page of these has again, and what is to be said of a receipt although its last reading is silent.
fn repeated(sheets: &[Sheet]) -> (BTreeSet<Place>, BTreeMap<Place, bool>) {
    let mut latest: BTreeMap<(Entity, i64, i64), (Place, Option<bool>)> = BTreeMap::new();
    let (mut superseded, mut carried) = (BTreeSet::new(), BTreeMap::new());
    for (page, sheet) in sheets.iter().enumerate() {
        for (index, Good { entity, id, is_cancelled, .. }) in sheet.good.iter().enumerate() {
            let key = (*entity, sheet.origin.shop_id, *id);
            let place = (page, index);
            let Some((earlier, said)) = latest.insert(key, (place, *is_cancelled)) else {
                continue;
            };
            superseded.insert(earlier);
            if let (None, Some(said)) = (is_cancelled, said) {
                latest.insert(key, (place, Some(said)));
                carried.insert(place, said);
            }
        }
    }
    (superseded, carried)
}

/// The rows of one table that still count, with what is carried over put in.
fn picked(
    sheet: &Sheet,
    page: usize,
    table: Table,
    superseded: &BTreeSet<Place>,
    carried: &BTreeMap<Place, bool>,
) -> Vec<u8> {
    let mut rows = Vec::new();
    for (index, good) in sheet.good.iter().enumerate() {
        if superseded.contains(&(page, index)) {
            continue;
        }
        if good.entity.table() == table {
            let row = sheet.rows(table).get(good.row.clone()).unwrap_or_default();
            match (carried.get(&(page, index)), row.strip_suffix(&NULL)) {
                (Some(is_cancelled), Some(head)) => {
                    rows.extend_from_slice(head);
                    rows.extend_from_slice(&ONE_BYTE);
                    rows.push(u8::from(*is_cancelled));
                }
                (Some(_) | None, Some(_) | None) => rows.extend_from_slice(row),
            }
        }
        if good.entity.part_table() == Some(table) {
            rows.extend_from_slice(sheet.rows(table).get(good.parts.clone()).unwrap_or_default());
        }
    }
    rows
}
