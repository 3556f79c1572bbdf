//! Keeps evidence, and what is remembered from one run to the next so that little need be asked again.

use std::io::Write as _;

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use xxhash_rust::xxh3::xxh3_64;

use super::{SnapshotError, Stream};
use crate::db::{DatabaseError, PooledClient, Warehouse};
use crate::domain::{RunId, Window};
use crate::etsy::RawPage;
use crate::shop::Shop;

/// A shop's drawer in our database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawer<'a> {
    pub(super) warehouse: &'a Warehouse,
    pub(super) run: RunId,
    pub(super) shop: &'a Shop,
}

/// Where a page was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) stream: Stream,
    pub(super) window: Window,
    pub(super) offset: u16,
}

/// What the reading of a window came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Proof {
    /// How many rows Etsy says there are.
    pub(super) said: i32,
    /// How many different ones arrived.
    pub(super) landed: i32,
    /// Whether they are all of them.
    pub(super) proven: bool,
    /// How often rows moved while they were read.
    pub(super) moved: i32,
    /// Links of the ledger's chain that do not hold.
    pub(super) broken_links: i32,
}

type Parameters<'p> = [&'p (dyn ToSql + Sync)];

impl Drawer<'_> {
    async fn client(&self) -> Result<PooledClient, SnapshotError> {
        let shop = &self.shop.name;
        self.warehouse
            .client()
            .await
            .map_err(|source| SnapshotError::Store { shop: shop.clone(), source })
    }

    fn failed(&self, attempted: &str) -> impl FnOnce(tokio_postgres::Error) -> SnapshotError {
        let (shop, attempted) = (self.shop.name.clone(), attempted.to_owned());
        move |error| SnapshotError::Store { shop, source: DatabaseError::query(attempted, error) }
    }

    /// Runs a statement.
    pub(super) async fn write(
        &self,
        attempted: &str,
        sql: &str,
        parameters: &Parameters<'_>,
    ) -> Result<(), SnapshotError> {
        let client = self.client().await?;
        client.execute(sql, parameters).await.map_err(self.failed(attempted))?;
        Ok(())
    }

    /// Asks for rows.
    pub(super) async fn read(
        &self,
        attempted: &str,
        sql: &str,
        parameters: &Parameters<'_>,
    ) -> Result<Vec<Row>, SnapshotError> {
        self.client().await?.query(sql, parameters).await.map_err(self.failed(attempted))
    }

    /// Stores a page as it was received, gzipped, unless its forerunner said the same.
    pub(super) async fn store_page(
        &self,
        place: Place,
        page: &RawPage,
        fetched_at: DateTime<Utc>,
    ) -> Result<(), SnapshotError> {
        let compressed = |source| SnapshotError::Compress { shop: self.shop.name.clone(), source };
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&page.body).map_err(compressed)?;
        let body = encoder.finish().map_err(compressed)?;
        let body_hash = i64::from_ne_bytes(xxh3_64(&page.body).to_ne_bytes());
        self.write(
            "store a page of Etsy",
            sql!("snapshot/store_page.sql"),
            &[
                &self.run.0,
                &self.shop.id.0,
                &place.stream.as_str(),
                &place.window.from,
                &place.window.until,
                &i32::from(place.offset),
                &page.count,
                &page.rows,
                &fetched_at,
                &body,
                &body_hash,
            ],
        )
        .await
    }

    /// Stores the proof of a window.
    pub(super) async fn record_window(
        &self,
        stream: Stream,
        window: Window,
        proof: &Proof,
    ) -> Result<(), SnapshotError> {
        self.write(
            "record the proof of a window",
            sql!("snapshot/record_window.sql"),
            &[
                &self.run.0,
                &self.shop.id.0,
                &stream.as_str(),
                &window.from,
                &window.until,
                &proof.said,
                &proof.landed,
                &proof.proven,
                &proof.moved,
                &proof.broken_links,
            ],
        )
        .await
    }

    /// Up to where a stream is proven.
    pub(super) async fn watermark(
        &self,
        stream: Stream,
    ) -> Result<Option<DateTime<Utc>>, SnapshotError> {
        let parameters: &Parameters<'_> = &[&self.shop.id.0, &stream.as_str()];
        let rows =
            self.read("read a watermark", sql!("snapshot/watermark.sql"), parameters).await?;
        Ok(rows.first().map(|row| row.get("proven_until")))
    }

    /// Moves the watermark of a stream over ground that is proven.
    pub(super) async fn move_watermark(
        &self,
        stream: Stream,
        proven_until: DateTime<Utc>,
    ) -> Result<(), SnapshotError> {
        self.write(
            "move a watermark",
            sql!("snapshot/move_watermark.sql"),
            &[&self.shop.id.0, &stream.as_str(), &proven_until, &self.run.0],
        )
        .await
    }
}
