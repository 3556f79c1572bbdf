//! The streams of receipts: the first import, what changed since, what is cancelled, and what something else has named.

use chrono::{DateTime, TimeDelta, Utc};

use super::door::{Door, at, moment};
use super::evidence::{Place, Proof};
use super::walk::{REACH, Walk};
use super::{SnapshotError, Stream, turns};
use crate::domain::Window;
use crate::etsy::wire::{self, Mark};
use crate::etsy::{OFFSET_CEILING, Order, Query, ReceiptQuery, ReceiptTime};

/// A window begins this long before the watermark: Etsy's index may lag behind its clock.
const OVERLAP: TimeDelta = TimeDelta::minutes(15);

/// How often the cancelled receipts are read before they are given up as moving.
const PASSES: u32 = 4;

/// How many single receipts that refunds name are read in one run; the rest waits for the next one.
const NAMED_AT_ONCE: usize = 20;

/// Receipts whose places lie this close are read by one page; the rest of the page is for those that are not known yet.
const NEIGHBOURS: i64 = 90;

/// What the import of a shop covers.
struct Import {
    window: Window,
    has_ended: bool,
}

async fn known_import(door: &Door<'_>) -> Result<Option<Import>, SnapshotError> {
    let shop = door.drawer.shop.id.0;
    let rows =
        door.drawer.read("read what was imported", sql!("snapshot/import.sql"), &[&shop]).await?;
    Ok(rows.first().map(|row| Import {
        window: Window { from: row.get("import_from"), until: row.get("import_until") },
        has_ended: row.get::<_, Option<DateTime<Utc>>>("ended_at").is_some(),
    }))
}

/// When the shop was opened, as Etsy tells it.
async fn opening_day(door: &Door<'_>) -> Result<DateTime<Utc>, SnapshotError> {
    let page = door.ask(&Query::Shop).await?;
    let now = door.now();
    door.keep(Place { stream: Stream::Shop, window: at(now), offset: 0 }, &page).await?;
    turns::note_shop(door).await?;
    wire::Shop::opened(&page.body).map_err(|source| SnapshotError::Page {
        shop: door.drawer.shop.name.clone(),
        source: Box::new(source),
    })
}

/// Reads the receipts that are new or changed. The first time, and when `from` says so, all that were made since then: an
/// import goes on where it was interrupted. Returns whether this was, or went on with, an import.
pub(super) async fn read_receipts(
    door: &Door<'_>,
    until: DateTime<Utc>,
    from: Option<DateTime<Utc>>,
) -> Result<bool, SnapshotError> {
    let drawer = &door.drawer;
    let known = known_import(door).await?;
    let import = match known {
        Some(import) if from.is_none_or(|from| !import.has_ended && import.window.from == from) => {
            import
        }
        Some(_) | None => {
            let beginning = match from.or(drawer.shop.policy.orders_from) {
                Some(beginning) => beginning,
                None => opening_day(door).await?,
            };
            let from = beginning.min(until - TimeDelta::seconds(1));
            drawer
                .write(
                    "begin an import",
                    sql!("snapshot/begin_import.sql"),
                    &[&drawer.shop.id.0, &from, &until],
                )
                .await?;
            Import { window: Window { from, until }, has_ended: false }
        }
    };
    if import.has_ended {
        read_changed(door, until).await?;
        return Ok(false);
    }
    let reached = drawer.watermark(Stream::ReceiptsCreated).await?;
    let resumed = reached.map_or(import.window.from, |reached| reached - TimeDelta::seconds(1));
    if let Some(window) = Window::new(resumed.max(import.window.from), import.window.until) {
        let walk = Walk {
            door,
            stream: Stream::ReceiptsCreated,
            time: ReceiptTime::Created,
            was_canceled: false,
            is_resumed: true,
        };
        walk.read(window).await?;
    }
    drawer
        .write("end an import", sql!("snapshot/end_import.sql"), &[&drawer.shop.id.0, &door.now()])
        .await?;
    drawer.move_watermark(Stream::Receipts, import.window.until).await?;
    if import.window.until < until {
        // it took more than one run: what has changed meanwhile
        read_changed(door, until).await?;
    }
    Ok(true)
}

async fn read_changed(door: &Door<'_>, until: DateTime<Utc>) -> Result<(), SnapshotError> {
    let proven = door.drawer.watermark(Stream::Receipts).await?.unwrap_or(until);
    let Some(window) = Window::new(proven - OVERLAP, until) else { return Ok(()) };
    let walk = Walk {
        door,
        stream: Stream::Receipts,
        time: ReceiptTime::Modified,
        was_canceled: false,
        is_resumed: false,
    };
    walk.read(window).await?;
    door.drawer.move_watermark(Stream::Receipts, until).await
}

/// Reads again the receipts of the last days, in `--full`.
pub(super) async fn reread(door: &Door<'_>, until: DateTime<Utc>) -> Result<(), SnapshotError> {
    let Some(window) = Window::new(reread_from(door, until), until) else { return Ok(()) };
    let walk = Walk {
        door,
        stream: Stream::ReceiptsCreated,
        time: ReceiptTime::Created,
        was_canceled: false,
        is_resumed: false,
    };
    walk.read(window).await
}

/// From when on receipts are read again.
fn reread_from(door: &Door<'_>, until: DateTime<Utc>) -> DateTime<Utc> {
    let policy = &door.drawer.shop.policy;
    let days = until - TimeDelta::days(i64::from(policy.reread_days));
    policy.orders_from.map_or(days, |from| days.max(from))
}

/// Reads one page again of the receipts of the last days, and tells where the next one goes on; nothing: from the start.
pub(super) async fn reread_page(
    door: &Door<'_>,
    until: DateTime<Utc>,
    next_from: Option<DateTime<Utc>>,
) -> Result<Option<DateTime<Utc>>, SnapshotError> {
    let start = reread_from(door, until);
    let Some(window) = Window::new(next_from.map_or(start, |next| next.max(start)), until) else {
        return Ok(None);
    };
    let page = door
        .ask(&Query::Receipts(ReceiptQuery {
            time: ReceiptTime::Created,
            window: Some(window),
            was_canceled: Some(false),
            order: Order::Ascending,
            offset: 0,
        }))
        .await?;
    door.keep(Place { stream: Stream::ReceiptsCreated, window, offset: 0 }, &page).await?;
    let ends = door.marks(&page)?.last().and_then(|mark| mark.created).and_then(moment);
    // a page that ends in the second it began with would be read for ever
    Ok(ends.filter(|ends| page.count > page.rows && *ends > window.from))
}

/// Reads the cancelled receipts, the latest first, until all that Etsy counts are known: a cancellation does not reliably
/// move a receipt's time of change (<https://github.com/etsy/open-api/issues/604>), but it does move their number.
pub(super) async fn read_cancelled(
    door: &Door<'_>,
    until: DateTime<Utc>,
    full: bool,
) -> Result<(), SnapshotError> {
    let drawer = &door.drawer;
    let shop = drawer.shop.id.0;
    let mut is_complete = full;
    let window = at(until);
    let mut proof = Proof::default();
    for pass in 1..=PASSES {
        if is_complete {
            let sql = sql!("snapshot/forget_cancelled.sql");
            drawer.write("forget the cancelled receipts", sql, &[&shop]).await?;
        }
        let (said, landed) = read_cancelled_once(door, until, is_complete).await?;
        // rows that are no longer cancelled cannot be told from those that left while they were read
        let proven = landed == said || (is_complete && landed > said);
        proof = Proof { said, landed, proven, ..proof };
        drawer.record_window(Stream::CancelledReceipts, window, &proof).await?;
        if proven {
            return drawer.move_watermark(Stream::CancelledReceipts, until).await;
        }
        tracing::info!(pass, said, landed, "the cancelled receipts are read again, all of them");
        proof.moved = proof.moved.saturating_add(1);
        is_complete = true;
    }
    Err(SnapshotError::Unproven {
        shop: drawer.shop.name.clone(),
        shop_id: drawer.shop.id,
        stream: Stream::CancelledReceipts.as_str(),
        said: proof.said,
        landed: proof.landed,
    })
}

/// What Etsy counts, and what is known after as many pages as it takes.
async fn read_cancelled_once(
    door: &Door<'_>,
    until: DateTime<Utc>,
    to_the_end: bool,
) -> Result<(i32, i32), SnapshotError> {
    let mut offset = 0_u16;
    loop {
        let page = door
            .ask(&Query::Receipts(ReceiptQuery {
                time: ReceiptTime::Modified,
                window: None,
                was_canceled: Some(true),
                order: Order::Descending,
                offset,
            }))
            .await?;
        let place = Place { stream: Stream::CancelledReceipts, window: at(until), offset };
        door.keep(place, &page).await?;
        let known = know_cancelled(door, &door.marks(&page)?).await?;
        if to_the_end && page.count > REACH {
            return walk_cancelled(door, until, page.count).await;
        }
        offset = offset.saturating_add(u16::try_from(page.rows).unwrap_or(u16::MAX));
        let is_end = page.rows == 0 || i32::from(offset) >= page.count;
        let is_known = known == page.count && !to_the_end;
        if is_end || is_known || offset > OFFSET_CEILING {
            return Ok((page.count, known));
        }
    }
}

/// More than offsets can reach: window by window.
async fn walk_cancelled(
    door: &Door<'_>,
    until: DateTime<Utc>,
    said: i32,
) -> Result<(i32, i32), SnapshotError> {
    let walk = Walk {
        door,
        stream: Stream::CancelledReceipts,
        time: ReceiptTime::Created,
        was_canceled: true,
        is_resumed: false,
    };
    if let Some(window) = Window::new(opening_day(door).await?, until) {
        walk.read(window).await?;
    }
    // receipts of the last moments are in the number, and may not be in the windows
    Ok((said, know_cancelled(door, &[]).await?))
}

/// Notes cancelled receipts, and tells how many are known.
pub(super) async fn know_cancelled(door: &Door<'_>, marks: &[Mark]) -> Result<i32, SnapshotError> {
    let ids: Vec<i64> = marks.iter().filter_map(|mark| mark.id).collect();
    let sql = sql!("snapshot/know_cancelled.sql");
    let rows =
        door.drawer.read("note cancelled receipts", sql, &[&door.drawer.shop.id.0, &ids]).await?;
    let known = rows.first().map_or(0, |row| row.get::<_, i64>("known"));
    Ok(i32::try_from(known).unwrap_or(i32::MAX))
}

/// Notes the receipts that refunds name.
pub(super) async fn want_receipts(
    door: &Door<'_>,
    receipts: &[i64],
    transactions: &[i64],
) -> Result<(), SnapshotError> {
    if receipts.is_empty() && transactions.is_empty() {
        return Ok(());
    }
    door.drawer
        .write(
            "note the receipts that refunds name",
            sql!("snapshot/want_receipts.sql"),
            &[&door.drawer.shop.id.0, &receipts, &transactions],
        )
        .await
}

/// Forgets which receipts refunds name, after all receipts were read.
pub(super) async fn forget_wanted(door: &Door<'_>) -> Result<(), SnapshotError> {
    let sql = sql!("snapshot/forget_wanted_receipts.sql");
    door.drawer.write("forget which receipts are named", sql, &[&door.drawer.shop.id.0]).await
}

/// A receipt that is to be read again, and its place among its neighbours.
struct Wanted {
    receipt: i64,
    created_at: Option<DateTime<Utc>>,
    place: Option<i64>,
}

/// Reads the receipts that something has named: neighbours by one page, others one by one.
pub(super) async fn read_wanted(door: &Door<'_>, full: bool) -> Result<(), SnapshotError> {
    let shop = door.drawer.shop.id.0;
    let sql = sql!("snapshot/wanted_receipts.sql");
    let rows = door.drawer.read("read which receipts are wanted", sql, &[&shop]).await?;
    let wanted: Vec<Wanted> = rows
        .iter()
        .map(|row| Wanted {
            receipt: row.get("receipt_id"),
            created_at: row.get("created_at"),
            place: row.get("place"),
        })
        .collect();
    let mut calls = 0_usize;
    let mut rest = wanted.as_slice();
    while let Some(first) = rest.first() {
        if calls >= NAMED_AT_ONCE && !full {
            tracing::info!(
                waiting = rest.len(),
                "more receipts are named; the next run reads them"
            );
            return Ok(());
        }
        let length = rest.iter().take_while(|other| are_neighbours(first, other)).count().max(1);
        let (cluster, later) = rest.split_at(length);
        read_cluster(door, cluster).await?;
        calls = calls.saturating_add(1);
        rest = later;
    }
    Ok(())
}

fn are_neighbours(first: &Wanted, other: &Wanted) -> bool {
    match (first.place, other.place) {
        (Some(first), Some(other)) => other.saturating_sub(first) < NEIGHBOURS,
        (None, _) | (_, None) => false,
    }
}

async fn read_cluster(door: &Door<'_>, cluster: &[Wanted]) -> Result<(), SnapshotError> {
    let mut missing: Vec<i64> = cluster.iter().map(|wanted| wanted.receipt).collect();
    let moments = cluster.iter().filter_map(|wanted| wanted.created_at);
    let bounds = (moments.clone().min(), moments.max());
    if cluster.len() > 1
        && let (Some(first), Some(last)) = bounds
        && let Some(window) =
            Window::new(first - TimeDelta::seconds(1), last + TimeDelta::seconds(1))
    {
        let query = Query::Receipts(ReceiptQuery {
            time: ReceiptTime::Created,
            window: Some(window),
            was_canceled: Some(false),
            order: Order::Ascending,
            offset: 0,
        });
        let page = door.ask(&query).await?;
        door.keep(Place { stream: Stream::ReceiptsNamed, window, offset: 0 }, &page).await?;
        let found: Vec<i64> = door.marks(&page)?.iter().filter_map(|mark| mark.id).collect();
        missing.retain(|receipt| !found.contains(receipt));
    }
    for receipt in missing {
        read_receipt(door, receipt).await?;
    }
    let read: Vec<i64> = cluster.iter().map(|wanted| wanted.receipt).collect();
    door.drawer
        .write(
            "strike receipts off the list",
            sql!("snapshot/drop_wanted_receipts.sql"),
            &[&door.drawer.shop.id.0, &read],
        )
        .await
}

/// Reads one receipt by its number. Returns whether Etsy knows it.
pub(super) async fn read_receipt(door: &Door<'_>, receipt: i64) -> Result<bool, SnapshotError> {
    match door.ask(&Query::Receipt(receipt)).await {
        Ok(page) => {
            let place = Place { stream: Stream::ReceiptsNamed, window: at(door.now()), offset: 0 };
            door.keep(place, &page).await?;
            Ok(true)
        }
        Err(error) if error.is_not_found() => {
            tracing::info!(receipt, "Etsy does not know a receipt that was named");
            Ok(false)
        }
        Err(error) => Err(error),
    }
}
