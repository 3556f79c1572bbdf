//! From stored pages to kept rows: decode, check, COPY, merge; a few pages and one transaction at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use flate2::read::GzDecoder;
use rayon::prelude::*;
use tokio::task::spawn_blocking;
use tokio_postgres::{Row, Transaction};

use super::StageError;
use super::decode::{self, Fault, Origin};
use super::rows::{ListingRow, ReceiptRow, copy_listings, copy_receipts};
use crate::db::{PooledClient, Warehouse};
use crate::domain::{RunId, ShopId};
use crate::etsy::wire::{Listing, Page, Receipt};

/// Pages that are decoded, merged and committed together.
const PAGES: i64 = 20;

/// What staging came to, for one shop and one kind of row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Whose rows.
    pub shop: ShopId,
    /// `receipt` or `listing`.
    pub entity: &'static str,
    /// Rows on the pages.
    pub fetched: i64,
    /// Different rows that were read well.
    pub staged: i64,
    /// Rows that were set aside.
    pub rejected: i64,
    /// Rows that had come before in the same run.
    pub repeated: i64,
}

/// A row that was set aside.
struct Rejected {
    shop_id: i64,
    page_id: i64,
    entity: &'static str,
    entity_id: String,
    fault: Fault,
}

/// One decoded page.
struct Decoded {
    origin: Origin,
    receipts: Vec<ReceiptRow>,
    listings: Vec<ListingRow>,
    rejected: Vec<Rejected>,
}

/// What has been seen of a shop and an entity in this run.
#[derive(Default)]
struct Tally {
    fetched: i64,
    rejected: i64,
    seen: BTreeSet<i64>,
    staged: i64,
}

type Tallies = BTreeMap<(ShopId, &'static str), Tally>;

/// Stages every page of `shops` that is not staged yet, whichever run fetched it.
pub async fn stage_pages(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<Vec<Count>, StageError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let mut client = warehouse.client().await.map_err(|source| StageError::Database { source })?;
    client
        .batch_execute(sql!("stage/incoming_tables.sql"))
        .await
        .map_err(StageError::of("make the tables for incoming rows"))?;
    let mut tallies: Tallies = shops
        .iter()
        .flat_map(|shop| ["receipt", "listing"].map(|entity| ((*shop, entity), Tally::default())))
        .collect();
    let reader = warehouse.client().await.map_err(|source| StageError::Database { source })?;
    let mut batch = read_batch(&reader, run, &shop_ids, 0).await?;
    while let Some(Batch { last_page, decoded }) = batch {
        // one core decodes the next pages while the server's merges these
        let (merged, next) = tokio::join!(
            merge(&mut client, run, decoded, &mut tallies),
            read_batch(&reader, run, &shop_ids, last_page)
        );
        merged?;
        batch = next?;
    }
    record(&client, run, &tallies).await
}

/// A few decoded pages.
struct Batch {
    last_page: i64,
    decoded: Vec<Decoded>,
}

/// The first pages behind `after` that are not staged, decoded; nothing when there are none.
async fn read_batch(
    reader: &PooledClient,
    run: RunId,
    shop_ids: &[i64],
    after: i64,
) -> Result<Option<Batch>, StageError> {
    let pages = reader
        .query(sql!("stage/pages_to_stage.sql"), &[&shop_ids, &PAGES, &after])
        .await
        .map_err(StageError::of("read the pages to stage"))?;
    let Some(last_page) = pages.last().map(|page| page.get("page_id")) else { return Ok(None) };
    let decoded = spawn_blocking(move || {
        pages.par_iter().map(|page| decode_page(page, run)).collect::<Result<Vec<_>, StageError>>()
    })
    .await
    .map_err(|source| StageError::Page { page: last_page, source: Box::new(source) })??;
    Ok(Some(Batch { last_page, decoded }))
}

fn decode_page(page: &Row, run: RunId) -> Result<Decoded, StageError> {
    let page_id: i64 = page.get("page_id");
    let stream: &str = page.get("stream");
    let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| StageError::Page {
        page: page_id,
        source,
    };
    let mut body = Vec::new();
    GzDecoder::new(page.get::<_, &[u8]>("body"))
        .read_to_end(&mut body)
        .map_err(|source| unreadable(Box::new(source)))?;
    let rows = Page::read(&body).map_err(|source| unreadable(Box::new(source)))?.results;
    let origin = Origin {
        shop_id: page.get("shop_id"),
        page_id,
        run_id: run.0,
        is_cancelled_stream: stream == "cancelled_receipts",
    };
    let mut decoded =
        Decoded { origin, receipts: Vec::new(), listings: Vec::new(), rejected: Vec::new() };
    for (index, row) in rows.into_iter().enumerate() {
        if stream.starts_with("listings_") {
            match decode::listing(row, origin) {
                Ok(listing) => decoded.listings.push(listing),
                Err(fault) => decoded.reject("listing", Listing::id_of(row), index, fault),
            }
        } else {
            match decode::receipt(row, origin) {
                Ok(receipt) => decoded.receipts.push(receipt),
                Err(fault) => decoded.reject("receipt", Receipt::id_of(row), index, fault),
            }
        }
    }
    Ok(decoded)
}

impl Decoded {
    fn reject(&mut self, entity: &'static str, id: Option<i64>, index: usize, fault: Fault) {
        self.rejected.push(Rejected {
            shop_id: self.origin.shop_id,
            page_id: self.origin.page_id,
            entity,
            entity_id: id.map_or_else(
                || format!("row {} of page {}", index.saturating_add(1), self.origin.page_id),
                |id| id.to_string(),
            ),
            fault,
        });
    }
}

async fn merge(
    client: &mut PooledClient,
    run: RunId,
    decoded: Vec<Decoded>,
    tallies: &mut Tallies,
) -> Result<(), StageError> {
    let progress: (Vec<i64>, Vec<i64>) =
        decoded.iter().map(|page| (page.origin.shop_id, page.origin.page_id)).unzip();
    let (mut receipts, mut listings, mut rejected) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for page in decoded {
        let shop = ShopId(page.origin.shop_id);
        for receipt in page.receipts {
            tally(tallies, shop, "receipt").saw(receipt.receipt_id);
            // of a receipt that came twice, the later page counts, and only its lines
            receipts.insert((receipt.shop_id, receipt.receipt_id), receipt);
        }
        for listing in page.listings {
            tally(tallies, shop, "listing").saw(listing.listing_id);
            listings.insert((listing.shop_id, listing.listing_id), listing);
        }
        for reject in page.rejected {
            let tally = tally(tallies, shop, reject.entity);
            tally.fetched = tally.fetched.saturating_add(1);
            tally.rejected = tally.rejected.saturating_add(1);
            rejected.push(reject);
        }
    }
    let receipts: Vec<ReceiptRow> = receipts.into_values().collect();
    let listings: Vec<ListingRow> = listings.into_values().collect();
    let transaction = client.transaction().await.map_err(StageError::of("begin staging pages"))?;
    write(&transaction, run, &receipts, &listings, &rejected, &progress)
        .await
        .map_err(StageError::of("merge pages into the kept rows"))?;
    transaction.commit().await.map_err(StageError::of("keep the staged pages"))
}

fn tally<'a>(tallies: &'a mut Tallies, shop: ShopId, entity: &'static str) -> &'a mut Tally {
    tallies.entry((shop, entity)).or_default()
}

impl Tally {
    fn saw(&mut self, id: i64) {
        self.fetched = self.fetched.saturating_add(1);
        if self.seen.insert(id) {
            self.staged = self.staged.saturating_add(1);
        }
    }
}

async fn write(
    transaction: &Transaction<'_>,
    run: RunId,
    receipts: &[ReceiptRow],
    listings: &[ListingRow],
    rejected: &[Rejected],
    progress: &(Vec<i64>, Vec<i64>),
) -> Result<(), tokio_postgres::Error> {
    copy_receipts(transaction, receipts).await?;
    copy_listings(transaction, listings).await?;
    transaction.execute(sql!("stage/merge_receipts.sql"), &[]).await?;
    transaction.execute(sql!("stage/merge_listings.sql"), &[]).await?;
    transaction.execute(sql!("stage/resolve_rejects.sql"), &[&run.0]).await?;
    let column = |read: fn(&Rejected) -> String| rejected.iter().map(read).collect::<Vec<_>>();
    let shops: Vec<i64> = rejected.iter().map(|reject| reject.shop_id).collect();
    let pages: Vec<i64> = rejected.iter().map(|reject| reject.page_id).collect();
    transaction
        .execute(
            sql!("stage/record_rejects.sql"),
            &[
                &run.0,
                &shops,
                &pages,
                &column(|reject| reject.entity.to_owned()),
                &column(|reject| reject.entity_id.clone()),
                &column(|reject| reject.fault.field.clone()),
                &column(|reject| reject.fault.reason.clone()),
            ],
        )
        .await?;
    transaction.execute(sql!("stage/record_progress.sql"), &[&progress.0, &progress.1]).await?;
    Ok(())
}

async fn record(
    client: &PooledClient,
    run: RunId,
    tallies: &Tallies,
) -> Result<Vec<Count>, StageError> {
    let mut counts = Vec::new();
    for ((shop, entity), tally) in tallies {
        let count = Count {
            shop: *shop,
            entity,
            fetched: tally.fetched,
            staged: tally.staged,
            rejected: tally.rejected,
            repeated: tally.fetched.saturating_sub(tally.staged).saturating_sub(tally.rejected),
        };
        client
            .execute(
                sql!("stage/record_count.sql"),
                &[
                    &run.0,
                    &shop.0,
                    &count.entity,
                    &count.fetched,
                    &count.staged,
                    &count.rejected,
                    &count.repeated,
                ],
            )
            .await
            .map_err(StageError::of("record what staging came to"))?;
        counts.push(count);
    }
    Ok(counts)
}
