//! Etsy's streams, page by page.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _};
use secrecy::SecretString;
use tokio::sync::Mutex;

use super::proof::{Kind, Pass, Reading, move_watermark, record_window, store_page, watermark};
use super::{EtsySide, SnapshotError};
use crate::db::Warehouse;
use crate::domain::{Clock, RunId, Window};
use crate::etsy::{
    EtsyError, ListingQuery, ListingState, OFFSET_CEILING, PAGE_CEILING, RawPage, ReceiptQuery,
    ReceiptTime,
};
use crate::shop::Shop;

/// A window begins this long before the watermark: Etsy's index may lag behind its clock.
const OVERLAP: TimeDelta = TimeDelta::minutes(15);

/// A window ends this long ago: what is younger may still be moving.
const SETTLING: TimeDelta = TimeDelta::seconds(30);

/// How often a window is read before it is given up as moving.
const PASSES: u32 = 4;

/// Calls under way at once: at a round trip of 300 ms fewer would leave part of 10 calls a second unused.
const IN_FLIGHT: usize = 6;

/// Etsy's oldest moment that its filters take, 2000-01-01
/// (<https://developers.etsy.com/documentation/reference/#operation/getShopReceipts>).
const OLDEST: i64 = 946_684_800;

/// What decides on the rows of a page.
#[derive(Debug, Clone, Copy)]
enum Query {
    Receipts { was_canceled: bool },
    Listings(ListingState),
}

/// The way to one shop.
struct Door<'a> {
    warehouse: &'a Warehouse,
    etsy: &'a EtsySide,
    shop: &'a Shop,
    clock: &'a dyn Clock,
    token: Mutex<SecretString>,
}

/// Reads what a shop has that is new: receipts that were created or changed since the watermark, all cancelled receipts,
/// all listings in all their states. `full` reads the receipts from the shop's beginning. Returns the number of pages.
pub async fn take_etsy(
    warehouse: &Warehouse,
    etsy: &EtsySide,
    run: RunId,
    shop: &Shop,
    full: bool,
    clock: &dyn Clock,
) -> Result<i64, SnapshotError> {
    let token = Mutex::new(etsy.token(warehouse, shop, None).await?);
    let door = Door { warehouse, etsy, shop, clock, token };
    let until = clock.now() - SETTLING;
    let beginning = shop
        .policy
        .orders_from
        .or_else(|| DateTime::from_timestamp(OLDEST, 0))
        .unwrap_or(until - TimeDelta::days(1));
    let proven = if full { None } else { watermark(warehouse, shop, "receipts").await? };
    let changed = proven.map_or(beginning, |proven| proven - OVERLAP);
    let mut pages = 0;
    // a cancellation does not reliably move the time of change, so the cancelled ones are read whole
    for (stream, from, was_canceled) in
        [("receipts", changed, false), ("cancelled_receipts", beginning, true)]
    {
        let Some(window) = Window::new(from, until) else { continue };
        let reading = Reading { run, shop, stream, kind: Kind::Receipts, window };
        let read = read_windows(&door, reading, Query::Receipts { was_canceled }).await?;
        move_watermark(warehouse, &reading).await?;
        pages += read;
    }
    for state in ListingState::ALL {
        let stream = listing_stream(*state);
        let Some(window) = Window::new(beginning.min(until - TimeDelta::seconds(1)), until) else {
            continue;
        };
        let reading = Reading { run, shop, stream, kind: Kind::Listings, window };
        pages += read_windows(&door, reading, Query::Listings(*state)).await?;
    }
    Ok(pages)
}

fn listing_stream(state: ListingState) -> &'static str {
    match state {
        ListingState::Active => "listings_active",
        ListingState::Inactive => "listings_inactive",
        ListingState::SoldOut => "listings_sold_out",
        ListingState::Draft => "listings_draft",
        ListingState::Expired => "listings_expired",
    }
}

/// Reads a window, or its halves where it holds more than an offset can reach, in ascending order.
async fn read_windows(
    door: &Door<'_>,
    reading: Reading<'_>,
    query: Query,
) -> Result<i64, SnapshotError> {
    let reach = i32::from(OFFSET_CEILING).saturating_add(i32::from(PAGE_CEILING));
    let mut waiting = vec![reading];
    let mut pages = 0;
    while let Some(reading) = waiting.pop() {
        let first = fetch(door, &reading, query, 0).await?;
        if matches!(query, Query::Receipts { .. })
            && first.count > reach
            && let Some((earlier, later)) = reading.window.halves()
        {
            waiting.push(Reading { window: later, ..reading });
            waiting.push(Reading { window: earlier, ..reading });
            continue;
        }
        pages += read_window(door, reading, query, first).await?;
    }
    Ok(pages)
}

async fn read_window(
    door: &Door<'_>,
    reading: Reading<'_>,
    query: Query,
    first: RawPage,
) -> Result<i64, SnapshotError> {
    let mut pages = 0;
    let mut first = Some(first);
    for pass_number in 1..=PASSES {
        let opening = match first.take() {
            Some(page) => page,
            None => fetch(door, &reading, query, 0).await?,
        };
        let pass = one_pass(door, &reading, query, opening).await?;
        pages += pass.pages;
        record_window(door.warehouse, &reading, &pass).await?;
        if pass.is_proven() {
            return Ok(pages);
        }
        tracing::info!(
            stream = reading.stream,
            pass_number,
            said = pass.said(),
            landed = pass.landed(),
            "rows moved while they were read; the window is read again"
        );
        if pass_number == PASSES {
            return Err(SnapshotError::Unproven {
                shop: door.shop.name.clone(),
                shop_id: door.shop.id,
                stream: reading.stream,
                said: pass.said(),
                landed: pass.landed(),
            });
        }
    }
    Ok(pages)
}

/// Fetches and stores every page of a window once, a few at a time, in order.
async fn one_pass(
    door: &Door<'_>,
    reading: &Reading<'_>,
    query: Query,
    opening: RawPage,
) -> Result<Pass, SnapshotError> {
    let mut pass = Pass::default();
    let count = u16::try_from(opening.count).unwrap_or(u16::MAX);
    let offsets = (PAGE_CEILING..count.min(OFFSET_CEILING.saturating_add(1)))
        .step_by(usize::from(PAGE_CEILING));
    if opening.rows > 0 {
        keep(door, reading, 0, &opening).await?;
    }
    pass.take(reading, &opening)?;
    let mut pages = std::pin::pin!(
        futures_util::stream::iter(offsets)
            .map(|offset| async move {
                fetch(door, reading, query, offset).await.map(|page| (offset, page))
            })
            .buffered(IN_FLIGHT)
    );
    while let Some((offset, page)) = pages.try_next().await? {
        keep(door, reading, offset, &page).await?;
        pass.take(reading, &page)?;
    }
    Ok(pass)
}

async fn keep(
    door: &Door<'_>,
    reading: &Reading<'_>,
    offset: u16,
    page: &RawPage,
) -> Result<(), SnapshotError> {
    let now: DateTime<Utc> = door.clock.now();
    store_page(door.warehouse, reading, offset, page, now).await
}

/// One page. A token that Etsy does not accept is replaced once, and the call made again.
async fn fetch(
    door: &Door<'_>,
    reading: &Reading<'_>,
    query: Query,
    offset: u16,
) -> Result<RawPage, SnapshotError> {
    let token = door.token.lock().await.clone();
    match call(door, reading, query, offset, &token).await {
        Err(error) if error.is_of_token() => {
            let fresh = door.etsy.token(door.warehouse, door.shop, Some(&token)).await?;
            *door.token.lock().await = fresh.clone();
            call(door, reading, query, offset, &fresh).await
        }
        answered => answered,
    }
    .map_err(|source| SnapshotError::Etsy {
        shop: door.shop.name.clone(),
        source: Box::new(source),
    })
}

async fn call(
    door: &Door<'_>,
    reading: &Reading<'_>,
    query: Query,
    offset: u16,
    token: &SecretString,
) -> Result<RawPage, EtsyError> {
    let reader = &door.etsy.reader;
    match query {
        Query::Receipts { was_canceled } => {
            let query = ReceiptQuery {
                time: ReceiptTime::Modified,
                window: reading.window,
                was_canceled: Some(was_canceled),
                offset,
                limit: PAGE_CEILING,
            };
            reader.receipts_page(token, door.shop.id, &query).await
        }
        Query::Listings(state) => {
            let query = ListingQuery { state, offset, limit: PAGE_CEILING };
            reader.listings_page(token, door.shop.id, &query).await
        }
    }
}
