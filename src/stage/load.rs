//! From stored pages to kept rows: decode, check, COPY, merge; some pages and one transaction at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use flate2::read::GzDecoder;
use rayon::prelude::*;
use tokio::task::spawn_blocking;
use tokio_postgres::{Row, Transaction};

use super::StageError;
use super::batch::Batch;
use super::decode;
use super::entity::Entity;
use super::sheet::{Origin, Sheet};
use crate::db::{PooledClient, Warehouse};
use crate::domain::{RunId, ShopId};

/// Pages that are decoded, merged and committed together.
const PAGES: i64 = 50;

/// What staging came to, for one shop and one kind of row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Whose rows.
    pub shop: ShopId,
    /// `receipt`, `listing` and so on: see [`Entity`].
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
    entity: Entity,
    entity_id: String,
    field: String,
    reason: String,
}

/// What has been seen of a shop and an entity in this run.
#[derive(Default)]
struct Tally {
    fetched: i64,
    rejected: i64,
    seen: BTreeSet<i64>,
    staged: i64,
    /// What was set aside, and why: read twice, it is counted once, as it is recorded once.
    set_aside: BTreeSet<(String, String, String)>,
}

type Tallies = BTreeMap<(ShopId, Entity), Tally>;

/// Stages every page of `shops` that is not staged yet, whichever run fetched it.
pub async fn stage_pages(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<Vec<Count>, StageError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let mut client = client_with_tables(warehouse).await?;
    let mut any_open = any_open(&client, &shop_ids).await?;
    let mut tallies = no_tallies(shops);
    let reader = warehouse.client().await.map_err(|source| StageError::Database { source })?;
    let mut next = read_pages(&reader, run, &shop_ids, 0).await?;
    while let Some((last_page, sheets)) = next {
        let rejected = tally(&mut tallies, &sheets);
        any_open = any_open || !rejected.is_empty();
        // one core decodes the next pages while the server's merges these
        let (merged, decoded) = tokio::join!(
            keep(&mut client, run, sheets, &rejected, any_open),
            read_pages(&reader, run, &shop_ids, last_page)
        );
        merged?;
        next = decoded?;
    }
    let counts = counts(&tallies);
    record(&client, run, &counts).await?;
    Ok(counts)
}

/// Reads the pages that are not staged yet as [`stage_pages`] does, as far as the server's temporary tables, and forgets
/// them: what staging them would come to, and what it costs without the merge.
pub async fn rehearse(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<Vec<Count>, StageError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let mut client = client_with_tables(warehouse).await?;
    let mut tallies = no_tallies(shops);
    let reader = warehouse.client().await.map_err(|source| StageError::Database { source })?;
    let mut last_page = 0;
    while let Some((page, sheets)) = read_pages(&reader, run, &shop_ids, last_page).await? {
        tally(&mut tallies, &sheets);
        let transaction =
            client.transaction().await.map_err(StageError::of("begin to rehearse staging"))?;
        let copied = Batch::new(sheets).copy(&transaction).await;
        copied.map_err(StageError::of("copy decoded rows"))?;
        transaction.rollback().await.map_err(StageError::of("forget the rehearsed rows"))?;
        last_page = page;
    }
    Ok(counts(&tallies))
}

/// A connection that has the tables for incoming rows.
pub(super) async fn client_with_tables(warehouse: &Warehouse) -> Result<PooledClient, StageError> {
    let client = warehouse.client().await.map_err(|source| StageError::Database { source })?;
    client
        .batch_execute(sql!("stage/incoming_tables.sql"))
        .await
        .map_err(StageError::of("make the tables for incoming rows"))?;
    Ok(client)
}

async fn any_open(client: &PooledClient, shop_ids: &[i64]) -> Result<bool, StageError> {
    let row = client
        .query_one(sql!("stage/open_rejects_exist.sql"), &[&shop_ids])
        .await
        .map_err(StageError::of("look for open rejects"))?;
    Ok(row.get("any_open"))
}

/// The first pages behind `after` that are not staged, decoded, and the number of the last; nothing when there are none.
async fn read_pages(
    reader: &PooledClient,
    run: RunId,
    shop_ids: &[i64],
    after: i64,
) -> Result<Option<(i64, Vec<Sheet>)>, StageError> {
    let pages = reader
        .query(sql!("stage/pages_to_stage.sql"), &[&shop_ids, &PAGES, &after])
        .await
        .map_err(StageError::of("read the pages to stage"))?;
    let Some(last_page) = pages.last().map(|page| page.get("page_id")) else { return Ok(None) };
    let sheets = spawn_blocking(move || {
        pages.par_iter().map(|page| decode_page(page, run, None)).collect::<Result<Vec<_>, _>>()
    })
    .await
    .map_err(|source| StageError::Page { page: last_page, source: Box::new(source) })??;
    Ok(Some((last_page, sheets)))
}

/// Decodes a stored page, or of it only what is named.
pub(super) fn decode_page(
    page: &Row,
    run: RunId,
    only: Option<&BTreeSet<String>>,
) -> Result<Sheet, StageError> {
    let page_id: i64 = page.get("page_id");
    let stream: &str = page.get("stream");
    let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| StageError::Page {
        page: page_id,
        source,
    };
    let entity = Entity::of_stream(stream)
        .ok_or_else(|| unreadable(format!("nobody knows the stream `{stream}`").into()))?;
    let mut body = Vec::new();
    GzDecoder::new(page.get::<_, &[u8]>("body"))
        .read_to_end(&mut body)
        .map_err(|source| unreadable(Box::new(source)))?;
    let origin = Origin {
        shop_id: page.get("shop_id"),
        page_id,
        run_id: run.0,
        fetched_at: page.get("fetched_at"),
        entity,
        is_cancelled: match stream {
            "cancelled_receipts" => Some(true),
            "receipts" | "receipts_created" => Some(false),
            _ => None,
        },
    };
    decode::page(origin, &body, only).map_err(|source| unreadable(Box::new(source)))
}

fn no_tallies(shops: &[ShopId]) -> Tallies {
    shops
        .iter()
        .flat_map(|shop| {
            [Entity::Receipt, Entity::Listing].map(|entity| ((*shop, entity), Tally::default()))
        })
        .collect()
}

/// Counts the rows of these pages. Gives those that were set aside.
fn tally(tallies: &mut Tallies, sheets: &[Sheet]) -> Vec<Rejected> {
    let mut rejected = Vec::new();
    for sheet in sheets {
        let origin = &sheet.origin;
        let tally = tallies.entry((ShopId(origin.shop_id), origin.entity)).or_default();
        for good in sheet.good.iter().filter(|good| good.is_row) {
            tally.fetched = tally.fetched.saturating_add(1);
            if tally.seen.insert(good.id) {
                tally.staged = tally.staged.saturating_add(1);
            }
        }
        for bad in &sheet.bad {
            tally.fetched = tally.fetched.saturating_add(1);
            let fault = &bad.fault;
            let what = (bad.entity_id.clone(), fault.field.clone(), fault.reason.clone());
            if tally.set_aside.insert(what) {
                tally.rejected = tally.rejected.saturating_add(1);
            }
            rejected.push(Rejected {
                shop_id: origin.shop_id,
                page_id: origin.page_id,
                entity: bad.entity,
                entity_id: bad.entity_id.clone(),
                field: fault.field.clone(),
                reason: fault.reason.clone(),
            });
        }
    }
    rejected
}

/// Merges pages into the kept rows, in one transaction, and says that they are.
async fn keep(
    client: &mut PooledClient,
    run: RunId,
    sheets: Vec<Sheet>,
    rejected: &[Rejected],
    any_open: bool,
) -> Result<(), StageError> {
    let progress: (Vec<i64>, Vec<i64>) =
        sheets.iter().map(|sheet| (sheet.origin.shop_id, sheet.origin.page_id)).unzip();
    let mut batch = Batch::new(sheets);
    let transaction = client.transaction().await.map_err(StageError::of("begin staging pages"))?;
    let written = async {
        batch.copy(&transaction).await?;
        batch.merge(&transaction).await?;
        settle_rejects(&transaction, run, rejected, any_open).await?;
        batch.record_drift(&transaction, run.0).await?;
        transaction
            .execute(sql!("stage/record_progress.sql"), &[&progress.0, &progress.1])
            .await
            .map(drop)
    };
    written.await.map_err(StageError::of("merge pages into the kept rows"))?;
    transaction.commit().await.map_err(StageError::of("keep the staged pages"))
}

async fn settle_rejects(
    transaction: &Transaction<'_>,
    run: RunId,
    rejected: &[Rejected],
    any_open: bool,
) -> Result<(), tokio_postgres::Error> {
    if any_open {
        transaction.execute(sql!("stage/resolve_rejects.sql"), &[&run.0]).await?;
    }
    if rejected.is_empty() {
        return Ok(());
    }
    let column = |read: fn(&Rejected) -> &str| rejected.iter().map(read).collect::<Vec<_>>();
    let shops: Vec<i64> = rejected.iter().map(|reject| reject.shop_id).collect();
    let pages: Vec<i64> = rejected.iter().map(|reject| reject.page_id).collect();
    transaction
        .execute(
            sql!("stage/record_rejects.sql"),
            &[
                &run.0,
                &shops,
                &pages,
                &column(|reject| reject.entity.as_str()),
                &column(|reject| &reject.entity_id),
                &column(|reject| &reject.field),
                &column(|reject| &reject.reason),
            ],
        )
        .await?;
    // what a later one of these same pages read well
    transaction.execute(sql!("stage/resolve_rejects.sql"), &[&run.0]).await.map(drop)
}

fn counts(tallies: &Tallies) -> Vec<Count> {
    tallies
        .iter()
        .map(|((shop, entity), tally)| Count {
            shop: *shop,
            entity: entity.as_str(),
            fetched: tally.fetched,
            staged: tally.staged,
            rejected: tally.rejected,
            repeated: tally.fetched.saturating_sub(tally.staged).saturating_sub(tally.rejected),
        })
        .collect()
}

async fn record(client: &PooledClient, run: RunId, counts: &[Count]) -> Result<(), StageError> {
    for count in counts {
        client
            .execute(
                sql!("stage/record_count.sql"),
                &[
                    &run.0,
                    &count.shop.0,
                    &count.entity,
                    &count.fetched,
                    &count.staged,
                    &count.rejected,
                    &count.repeated,
                ],
            )
            .await
            .map_err(StageError::of("record what staging came to"))?;
    }
    Ok(())
}
