//! The lists of listings: the head of one, which holds what changed last, a page of one, or all of one.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::door::{Door, IN_FLIGHT, at, moment};
use super::evidence::{Place, Proof};
use super::{SnapshotError, Stream};
use crate::domain::Window;
use crate::etsy::wire::Mark;
use crate::etsy::{
    ListingQuery, ListingState, OFFSET_CEILING, Order, PAGE_CEILING, Query, RawPage,
};

/// The head of a list is read back to this long before it was read last.
const OVERLAP: TimeDelta = TimeDelta::minutes(15);

/// How often a list is read before it is given up as moving.
const PASSES: u32 = 4;

async fn fetch(
    door: &Door<'_>,
    state: ListingState,
    order: Order,
    offset: u16,
) -> Result<RawPage, SnapshotError> {
    door.ask(&Query::Listings(ListingQuery { state, order, offset })).await
}

/// Keeps a page, and reads what its listings offer where the page does not say so: `is_new` tells which of them matter.
async fn take(
    door: &Door<'_>,
    place: Place,
    page: &RawPage,
    is_new: impl Fn(&Mark) -> bool,
) -> Result<Vec<Mark>, SnapshotError> {
    door.keep(place, page).await?;
    let marks = door.marks(page)?;
    let without: Vec<i64> =
        marks.iter().filter(|mark| is_new(mark)).filter_map(|mark| mark.id).collect();
    // one that comes shows that they are offered: then those that do not come are not there
    let is_withdrawn = marks.iter().all(|mark| !mark.has_inventory);
    if is_withdrawn && !without.is_empty() {
        let place = Place { stream: Stream::Inventory, ..place };
        door.ask_about(&without, place, Query::Inventory).await?;
    }
    Ok(marks)
}

/// Reads the head of a list: what changed since it was read last, by as many pages as that takes, one at least.
pub(super) async fn read_head(
    door: &Door<'_>,
    state: ListingState,
    until: DateTime<Utc>,
) -> Result<(), SnapshotError> {
    let stream = Stream::of_listings(state);
    let seen = door.drawer.watermark(stream).await?.map(|seen| seen - OVERLAP);
    let is_new = |mark: &Mark| match (mark.updated.and_then(moment), seen) {
        (Some(updated), Some(seen)) => updated >= seen,
        (None, _) | (_, None) => true,
    };
    let mut offset = 0_u16;
    loop {
        let page = fetch(door, state, Order::Descending, offset).await?;
        let place = Place { stream, window: at(until), offset };
        let marks = take(door, place, &page, is_new).await?;
        offset = offset.saturating_add(u16::try_from(page.rows).unwrap_or(u16::MAX));
        let is_end = page.rows == 0 || i32::from(offset) >= page.count || offset > OFFSET_CEILING;
        if is_end || marks.last().is_some_and(|oldest| !is_new(oldest)) {
            return door.drawer.move_watermark(stream, until).await;
        }
    }
}

/// Reads one page of a list, oldest listings first: a change may leave no trace in the time of change. Tells from which row
/// on the next page goes on; 0: from the start.
pub(super) async fn read_page(
    door: &Door<'_>,
    state: ListingState,
    offset: u16,
    until: DateTime<Utc>,
) -> Result<u16, SnapshotError> {
    let page = fetch(door, state, Order::Ascending, offset).await?;
    let place = Place { stream: Stream::of_listings(state), window: at(until), offset };
    take(door, place, &page, |_| true).await?;
    let next = offset.saturating_add(u16::try_from(page.rows).unwrap_or(u16::MAX));
    let is_end = page.rows == 0 || i32::from(next) >= page.count || next > OFFSET_CEILING;
    Ok(if is_end { 0 } else { next })
}

/// Reads a list whole, until as many different listings have arrived as Etsy counts.
pub(super) async fn read_all(
    door: &Door<'_>,
    state: ListingState,
    until: DateTime<Utc>,
) -> Result<(), SnapshotError> {
    let stream = Stream::of_listings(state);
    let window = at(until);
    let mut proof = Proof::default();
    for _ in 0..PASSES {
        proof = Proof { moved: proof.moved, ..read_once(door, state, window).await? };
        door.drawer.record_window(stream, window, &proof).await?;
        if proof.proven {
            return door.drawer.move_watermark(stream, until).await;
        }
        proof.moved = proof.moved.saturating_add(1);
        tracing::info!(
            stream = stream.as_str(),
            said = proof.said,
            landed = proof.landed,
            "listings moved while they were read; the list is read again"
        );
    }
    Err(SnapshotError::Unproven {
        shop: door.drawer.shop.name.clone(),
        shop_id: door.drawer.shop.id,
        stream: stream.as_str(),
        said: proof.said,
        landed: proof.landed,
    })
}

async fn read_once(
    door: &Door<'_>,
    state: ListingState,
    window: Window,
) -> Result<Proof, SnapshotError> {
    let stream = Stream::of_listings(state);
    let first = fetch(door, state, Order::Ascending, 0).await?;
    let mut said = first.count;
    let mut is_steady = true;
    let mut ids = BTreeSet::new();
    let mut unnamed = 0_i32;
    let mut count = |marks: Vec<Mark>| {
        for mark in marks {
            match mark.id {
                Some(id) => {
                    ids.insert(id);
                }
                None => unnamed = unnamed.saturating_add(1),
            }
        }
    };
    let place = |offset| Place { stream, window, offset };
    count(take(door, place(0), &first, |_| true).await?);
    let ceiling = OFFSET_CEILING.saturating_add(1);
    let offsets = (PAGE_CEILING..u16::try_from(first.count).unwrap_or(ceiling).min(ceiling))
        .step_by(usize::from(PAGE_CEILING));
    let mut pages = std::pin::pin!(
        futures_util::stream::iter(offsets)
            .map(|offset| async move {
                fetch(door, state, Order::Ascending, offset).await.map(|page| (offset, page))
            })
            .buffered(IN_FLIGHT)
    );
    while let Some((offset, page)) = pages.try_next().await? {
        is_steady &= page.count == said;
        said = page.count;
        count(take(door, place(offset), &page, |_| true).await?);
    }
    let landed = i32::try_from(ids.len()).unwrap_or(i32::MAX).saturating_add(unnamed);
    Ok(Proof { said, landed, proven: is_steady && landed == said, ..Proof::default() })
}
