//! One reading of one window: its pages, and whether they are all of them.

use std::collections::BTreeSet;
use std::io::Write as _;

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::SnapshotError;
use crate::db::{DatabaseError, PooledClient, Warehouse};
use crate::domain::{RunId, Window};
use crate::etsy::RawPage;
use crate::etsy::wire::{Listing, Page, Receipt};
use crate::shop::Shop;

/// What the rows of a stream are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Receipts,
    Listings,
}

/// A stream of a shop, over a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) run: RunId,
    pub(super) shop: &'a Shop,
    pub(super) stream: &'static str,
    pub(super) kind: Kind,
    pub(super) window: Window,
}

/// What one pass over a window has brought.
#[derive(Debug, Default)]
pub(super) struct Pass {
    first_said: Option<i32>,
    last_said: i32,
    ids: BTreeSet<i64>,
    unnamed: i32,
    pub(super) pages: i64,
}

impl Pass {
    pub(super) fn said(&self) -> i32 {
        self.last_said
    }

    /// Different rows; a row without an id counts for itself.
    pub(super) fn landed(&self) -> i32 {
        i32::try_from(self.ids.len()).unwrap_or(i32::MAX).saturating_add(self.unnamed)
    }

    /// Etsy said the same number from the first page to the last, and as many rows arrived.
    pub(super) fn is_proven(&self) -> bool {
        self.first_said == Some(self.last_said) && self.landed() == self.last_said
    }

    pub(super) fn take(
        &mut self,
        reading: &Reading<'_>,
        page: &RawPage,
    ) -> Result<(), SnapshotError> {
        let rows = Page::read(&page.body).map_err(|source| SnapshotError::Page {
            shop: reading.shop.name.clone(),
            source: Box::new(source),
        })?;
        for row in rows.results {
            let id = match reading.kind {
                Kind::Receipts => Receipt::id_of(row),
                Kind::Listings => Listing::id_of(row),
            };
            match id {
                Some(id) => {
                    self.ids.insert(id);
                }
                None => self.unnamed = self.unnamed.saturating_add(1),
            }
        }
        self.first_said.get_or_insert(page.count);
        self.last_said = page.count;
        self.pages = self.pages.saturating_add(1);
        Ok(())
    }
}

fn failed(shop: &Shop, attempted: &str) -> impl FnOnce(tokio_postgres::Error) -> SnapshotError {
    let (shop, attempted) = (shop.name.clone(), attempted.to_owned());
    move |error| SnapshotError::Store { shop, source: DatabaseError::query(attempted, error) }
}

async fn client(warehouse: &Warehouse, shop: &Shop) -> Result<PooledClient, SnapshotError> {
    warehouse
        .client()
        .await
        .map_err(|source| SnapshotError::Store { shop: shop.name.clone(), source })
}

/// Stores a page as it was received, gzipped.
pub(super) async fn store_page(
    warehouse: &Warehouse,
    reading: &Reading<'_>,
    offset: u16,
    page: &RawPage,
    fetched_at: DateTime<Utc>,
) -> Result<(), SnapshotError> {
    let shop = reading.shop;
    let compressed = |source| SnapshotError::Compress { shop: shop.name.clone(), source };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&page.body).map_err(compressed)?;
    let body = encoder.finish().map_err(compressed)?;
    client(warehouse, shop)
        .await?
        .execute(
            sql!("snapshot/store_page.sql"),
            &[
                &reading.run.0,
                &shop.id.0,
                &reading.stream,
                &reading.window.from,
                &reading.window.until,
                &i32::from(offset),
                &page.count,
                &page.rows,
                &fetched_at,
                &body,
            ],
        )
        .await
        .map_err(failed(shop, "store a page of Etsy"))?;
    Ok(())
}

/// Stores the proof of a window.
pub(super) async fn record_window(
    warehouse: &Warehouse,
    reading: &Reading<'_>,
    pass: &Pass,
) -> Result<(), SnapshotError> {
    let shop = reading.shop;
    client(warehouse, shop)
        .await?
        .execute(
            sql!("snapshot/record_window.sql"),
            &[
                &reading.run.0,
                &shop.id.0,
                &reading.stream,
                &reading.window.from,
                &reading.window.until,
                &pass.said(),
                &pass.landed(),
                &pass.is_proven(),
            ],
        )
        .await
        .map_err(failed(shop, "record the proof of a window"))?;
    Ok(())
}

/// Up to where a stream is proven.
pub(super) async fn watermark(
    warehouse: &Warehouse,
    shop: &Shop,
    stream: &str,
) -> Result<Option<DateTime<Utc>>, SnapshotError> {
    let row = client(warehouse, shop)
        .await?
        .query_opt(sql!("snapshot/watermark.sql"), &[&shop.id.0, &stream])
        .await
        .map_err(failed(shop, "read a watermark"))?;
    Ok(row.map(|row| row.get("proven_until")))
}

/// Moves the watermark of a stream over a window that is proven.
pub(super) async fn move_watermark(
    warehouse: &Warehouse,
    reading: &Reading<'_>,
) -> Result<(), SnapshotError> {
    let shop = reading.shop;
    client(warehouse, shop)
        .await?
        .execute(
            sql!("snapshot/move_watermark.sql"),
            &[&shop.id.0, &reading.stream, &reading.window.until, &reading.run.0],
        )
        .await
        .map_err(failed(shop, "move a watermark"))?;
    Ok(())
}
