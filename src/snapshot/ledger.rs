//! The payment account's ledger: windows of at most 31 days, the newest first, and the chain of balances that proves that
//! no entry is missing. What is not read in this run stays a gap, for the next one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::door::{Door, IN_FLIGHT, at, moment};
use super::evidence::{Place, Proof};
use super::receipts::want_receipts;
use super::{SnapshotError, Stream};
use crate::domain::Window;
use crate::etsy::wire::EntryMark;
use crate::etsy::{LEDGER_WINDOW_SECONDS, OFFSET_CEILING, PAGE_CEILING, Query, RawPage};

/// A window begins this long before the one before it ended.
const OVERLAP: TimeDelta = TimeDelta::minutes(15);

/// Where the ledger begins for a shop that was just connected, unless its policy says otherwise: a refund of today may be of
/// a receipt that was imported a moment before.
const FIRST_LOOK: TimeDelta = TimeDelta::days(1);

/// Whether bounds are included is not documented: neighbours overlap by this much.
const TICK: TimeDelta = TimeDelta::seconds(1);

/// One less than a page holds: added before a division, it counts the last page too.
const STEP: u16 = PAGE_CEILING - 1;

/// How often a window is read before it is given up as moving.
const PASSES: u32 = 4;

/// Entries of one window, by their place in the ledger.
#[derive(Default)]
struct Entries {
    by_sequence: BTreeMap<i64, EntryMark>,
    unreadable: i32,
}

impl Entries {
    fn absorb(&mut self, entries: Vec<Option<EntryMark>>) {
        for entry in entries {
            match entry {
                Some(entry) => {
                    self.by_sequence.insert(entry.sequence, entry);
                }
                None => self.unreadable = self.unreadable.saturating_add(1),
            }
        }
    }

    fn landed(&self) -> i32 {
        i32::try_from(self.by_sequence.len()).unwrap_or(i32::MAX).saturating_add(self.unreadable)
    }

    /// Links that do not hold: a balance that is not the one before and the amount.
    fn broken_links(&self) -> i32 {
        let broken = self
            .by_sequence
            .values()
            .zip(self.by_sequence.values().skip(1))
            .filter(|(earlier, later)| {
                earlier.balance.checked_add(later.amount) != Some(later.balance)
            })
            .count();
        i32::try_from(broken).unwrap_or(i32::MAX)
    }

    /// The first and the last moment.
    fn bounds(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let moments = self.by_sequence.values().map(|entry| entry.created);
        Some((moment(moments.clone().min()?)?, moment(moments.max()?)?))
    }
}

/// What became of a window.
enum Outcome {
    Read,
    /// The pages that this run may read are used up; this is left.
    Left(Window),
}

/// Reads what the ledger has that is new, and then what earlier runs left, within `budget` pages. Returns whether nothing
/// is left.
pub(super) async fn read_ledger(
    door: &Door<'_>,
    until: DateTime<Utc>,
    budget: i64,
) -> Result<bool, SnapshotError> {
    open_newest_gap(door, until).await?;
    read_gaps(door, budget).await
}

/// Reads what is not read yet, within `budget` pages. Returns whether nothing is left.
pub(super) async fn read_gaps(door: &Door<'_>, budget: i64) -> Result<bool, SnapshotError> {
    let shop = door.drawer.shop.id.0;
    let sql = sql!("snapshot/ledger_gaps.sql");
    let rows = door.drawer.read("read the gaps of the ledger", sql, &[&shop]).await?;
    let begun_at = door.pages();
    for row in &rows {
        let mut gap = Window { from: row.get("gap_from"), until: row.get("gap_until") };
        let opened_at = gap.from;
        while gap.from < gap.until {
            let left_pages = budget.saturating_sub(door.pages().saturating_sub(begun_at));
            if left_pages <= 0 {
                leave(door, opened_at, gap).await?;
                return Ok(false);
            }
            let span = TimeDelta::seconds(LEDGER_WINDOW_SECONDS) - TICK - TICK;
            let window = Window { from: gap.from.max(gap.until - span), until: gap.until };
            match read_window(door, window, left_pages).await? {
                Outcome::Read => gap.until = window.from,
                Outcome::Left(rest) if rest.from > window.from => {
                    // the page held the oldest entries: what is left is the newest
                    open(door, rest).await?;
                    gap.until = window.from;
                }
                Outcome::Left(rest) => gap.until = rest.until,
            }
        }
        close(door, opened_at).await?;
    }
    Ok(true)
}

/// What came since the last look; and what lies before all looks, if the policy has begun to ask for it.
async fn open_newest_gap(door: &Door<'_>, until: DateTime<Utc>) -> Result<(), SnapshotError> {
    let shop = door.drawer.shop.id.0;
    let sql = sql!("snapshot/ledger_start.sql");
    let rows = door.drawer.read("read where the ledger begins", sql, &[&shop]).await?;
    let begins_at: Option<DateTime<Utc>> = rows.first().map(|row| row.get("begins_at"));
    let seen = door.drawer.watermark(Stream::Ledger).await?;
    let asked = door.drawer.shop.policy.ledger_from.map(|asked| asked.min(until));
    let first = asked.unwrap_or(until - FIRST_LOOK);
    let from = seen.map_or(first, |seen| seen - OVERLAP);
    let earlier = begins_at.zip(asked).and_then(|(begins_at, asked)| Window::new(asked, begins_at));
    for window in [earlier, Window::new(from, until)].into_iter().flatten() {
        open(door, window).await?;
        let sql = sql!("snapshot/begin_ledger.sql");
        door.drawer.write("note where the ledger begins", sql, &[&shop, &window.from]).await?;
    }
    door.drawer.move_watermark(Stream::Ledger, until).await
}

async fn open(door: &Door<'_>, gap: Window) -> Result<(), SnapshotError> {
    let sql = sql!("snapshot/open_ledger_gap.sql");
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
        [&door.drawer.shop.id.0, &gap.from, &gap.until];
    door.drawer.write("open a gap of the ledger", sql, &parameters).await
}

async fn close(door: &Door<'_>, gap_from: DateTime<Utc>) -> Result<(), SnapshotError> {
    let sql = sql!("snapshot/close_ledger_gap.sql");
    door.drawer.write("close a gap of the ledger", sql, &[&door.drawer.shop.id.0, &gap_from]).await
}

/// Writes down how much of a gap is left.
async fn leave(
    door: &Door<'_>,
    opened_at: DateTime<Utc>,
    gap: Window,
) -> Result<(), SnapshotError> {
    close(door, opened_at).await?;
    open(door, gap).await
}

async fn fetch(door: &Door<'_>, window: Window, offset: u16) -> Result<RawPage, SnapshotError> {
    let asked = Window { from: window.from - TICK, until: window.until };
    door.ask(&Query::Ledger { window: asked, offset }).await
}

/// Keeps a page, and notes whom it names.
async fn take(
    door: &Door<'_>,
    window: Window,
    offset: u16,
    page: &RawPage,
    entries: &mut Entries,
) -> Result<(), SnapshotError> {
    door.keep(Place { stream: Stream::Ledger, window, offset }, page).await?;
    let marks = door.rows(page, EntryMark::of)?;
    let read = || marks.iter().flatten();
    let payments: BTreeSet<i64> = read().flat_map(|entry| entry.payments.clone()).collect();
    let receipts: BTreeSet<i64> = read().filter_map(|entry| entry.refunded_receipt).collect();
    let transactions: BTreeSet<i64> =
        read().flat_map(|entry| entry.refunded_transactions.clone()).collect();
    let list = |ids: BTreeSet<i64>| ids.into_iter().collect::<Vec<_>>();
    let payments = list(payments);
    if !payments.is_empty() {
        let sql = sql!("snapshot/want_payments.sql");
        let shop = door.drawer.shop.id.0;
        door.drawer.write("note payments to read", sql, &[&shop, &payments]).await?;
    }
    want_receipts(door, &list(receipts), &list(transactions)).await?;
    entries.absorb(marks);
    Ok(())
}

async fn read_window(
    door: &Door<'_>,
    window: Window,
    budget: i64,
) -> Result<Outcome, SnapshotError> {
    let mut moved = 0;
    loop {
        let mut entries = Entries::default();
        let first = fetch(door, window, 0).await?;
        take(door, window, 0, &first, &mut entries).await?;
        let pages = i64::from(first.count.saturating_add(i32::from(STEP)))
            .div_euclid(i64::from(PAGE_CEILING));
        let is_beyond_reach = first.count > i32::from(OFFSET_CEILING);
        if pages > budget.max(1) || is_beyond_reach {
            match left_of(door, window, &entries, &first)? {
                Some(rest) => return Ok(Outcome::Left(rest)),
                None if is_beyond_reach => return Err(unproven(door, first.count, &entries)),
                // a second that holds more entries than a page is read whole
                None => {}
            }
        }
        let offsets = (PAGE_CEILING..u16::try_from(first.count).unwrap_or(OFFSET_CEILING))
            .step_by(usize::from(PAGE_CEILING));
        let mut arriving = std::pin::pin!(
            futures_util::stream::iter(offsets)
                .map(|offset| async move {
                    fetch(door, window, offset).await.map(|page| (offset, page))
                })
                .buffered(IN_FLIGHT)
        );
        let mut said = first.count;
        while let Some((offset, page)) = arriving.try_next().await? {
            said = page.count;
            take(door, window, offset, &page, &mut entries).await?;
        }
        let landed = entries.landed();
        let broken_links = entries.broken_links();
        let is_whole = landed == said && said == first.count;
        let proof = Proof { said, landed, proven: is_whole, moved, broken_links };
        door.drawer.record_window(Stream::Ledger, window, &proof).await?;
        // a broken link may be an entry that was missing a moment ago; one that stays is Etsy's own, and is reported
        if is_whole && (broken_links == 0 || moved > 0) {
            return Ok(Outcome::Read);
        }
        moved = moved.saturating_add(1);
        if u32::try_from(moved).unwrap_or(PASSES) >= PASSES {
            return Err(unproven(door, said, &entries));
        }
    }
}

fn unproven(door: &Door<'_>, said: i32, entries: &Entries) -> SnapshotError {
    SnapshotError::Unproven {
        shop: door.drawer.shop.name.clone(),
        shop_id: door.drawer.shop.id,
        stream: Stream::Ledger.as_str(),
        said,
        landed: entries.landed(),
    }
}

/// What a first page leaves of a window, whichever end it came from; nothing where it takes nothing away.
fn left_of(
    door: &Door<'_>,
    window: Window,
    entries: &Entries,
    first: &RawPage,
) -> Result<Option<Window>, SnapshotError> {
    let Some((earliest, latest)) = entries.bounds() else { return Ok(None) };
    let marks = door.rows(first, EntryMark::of)?;
    let ends = |mark: Option<&Option<EntryMark>>| mark.and_then(Option::as_ref).map(|m| m.sequence);
    let is_ascending = ends(marks.first()) < ends(marks.last());
    let rest = if is_ascending {
        Window::new(latest, window.until)
    } else {
        Window::new(window.from, earliest + TICK)
    };
    Ok(rest.filter(|rest| rest.length() < window.length()))
}

/// Reads payments that the ledger names: `all` of them, or a page of them. Returns whether there were any.
pub(super) async fn read_payments(door: &Door<'_>, all: bool) -> Result<bool, SnapshotError> {
    let shop = door.drawer.shop.id.0;
    let sql = sql!("snapshot/wanted_payments.sql");
    let rows = door.drawer.read("read which payments are wanted", sql, &[&shop]).await?;
    let mut ids: Vec<i64> = rows.iter().map(|row| row.get("payment_id")).collect();
    if !all {
        ids.truncate(usize::from(PAGE_CEILING));
    }
    for batch in ids.chunks(usize::from(PAGE_CEILING)) {
        let place = Place { stream: Stream::Payments, window: at(door.now()), offset: 0 };
        door.ask_about(batch, place, Query::Payments).await?;
        let sql = sql!("snapshot/drop_wanted_payments.sql");
        door.drawer.write("strike payments off the list", sql, &[&shop, &batch]).await?;
    }
    Ok(!ids.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(sequence: i64, amount: i64, balance: i64) -> EntryMark {
        EntryMark { sequence, amount, balance, ..EntryMark::default() }
    }

    #[test]
    fn a_missing_entry_breaks_the_chain() {
        let mut entries = Entries::default();
        entries.absorb([entry(3, -2, 4), entry(1, 5, 5), entry(2, 1, 6)].map(Some).to_vec());
        assert_eq!((entries.landed(), entries.broken_links()), (3, 0), "in whatever order");
        entries.by_sequence.remove(&2);
        assert_eq!(entries.broken_links(), 1);
        entries.absorb(vec![None]);
        assert_eq!(entries.landed(), 3, "one that does not read has landed");
    }
}
