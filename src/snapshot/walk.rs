//! Reads receipts oldest first. Each page begins with the last row of the page before: if rows left or arrived in between,
//! the pages do not join, the gap is seen, and reading goes on from the last row that is sure.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::door::{Door, IN_FLIGHT, moment};
use super::evidence::{Place, Proof};
use super::receipts::know_cancelled;
use super::{SnapshotError, Stream};
use crate::domain::Window;
use crate::etsy::wire::Mark;
use crate::etsy::{OFFSET_CEILING, Order, PAGE_CEILING, Query, RawPage, ReceiptQuery, ReceiptTime};

/// How often a window is begun again without getting any further before it is given up as moving.
const PASSES: u32 = 4;

/// How many rows of a window the offsets can reach.
pub(super) const REACH: i32 = 12_100;

/// The rows by which a page goes further than the one before: one less than it holds.
const STEP: u16 = PAGE_CEILING - 1;

/// Etsy's filters count in seconds, and whether they include their bounds is not documented.
const TICK: TimeDelta = TimeDelta::seconds(1);

/// A walk along the receipts of a shop.
pub(super) struct Walk<'a> {
    pub(super) door: &'a Door<'a>,
    pub(super) stream: Stream,
    pub(super) time: ReceiptTime,
    pub(super) was_canceled: bool,
    /// Whether the watermark of the stream follows page by page, so that an interrupted walk goes on where it was.
    pub(super) is_resumed: bool,
}

/// What has been seen of a window.
#[derive(Default)]
struct Seen {
    /// Rows by their id, with the beginning of the stretch that brought them last.
    rows: BTreeMap<i64, DateTime<Utc>>,
    /// Rows without an id, of the present stretch.
    unnamed: i32,
    last: Mark,
    moved: i32,
}

impl Seen {
    fn absorb(&mut self, marks: &[Mark], skip: usize, stretch: Window) {
        for mark in marks.iter().skip(skip) {
            match mark.id {
                Some(id) => {
                    self.rows.insert(id, stretch.from);
                }
                None => self.unnamed = self.unnamed.saturating_add(1),
            }
        }
        if let Some(last) = marks.last() {
            self.last = *last;
        }
    }

    /// Both counts, over the whole window: the rows of earlier stretches count for themselves on both sides. Rows may leave
    /// after they were read, so more may have landed than there are left.
    fn proof(&self, stretch: Window, said: i32) -> Proof {
        let of_stretch = self.rows.values().filter(|from| **from == stretch.from).count();
        let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let earlier = number(self.rows.len().saturating_sub(of_stretch));
        Proof {
            said: earlier.saturating_add(said),
            landed: number(self.rows.len()).saturating_add(self.unnamed),
            proven: number(of_stretch).saturating_add(self.unnamed) >= said,
            moved: self.moved,
            broken_links: 0,
        }
    }
}

/// How a stretch ended.
enum Stretch {
    /// At its end; so many rows it holds, says Etsy.
    Read { said: i32 },
    /// It holds more than offsets can reach.
    TooLong { first: RawPage },
    /// Rows left it: what follows the last row that is sure is to be read again.
    Moved,
    /// Rows came into what was read already.
    Inserted,
}

/// How a page joins the one before.
enum Joint {
    Holds,
    Moved,
    Inserted,
}

/// A first page that is known already. It may be of a longer window that begins at the same moment: then its count is not
/// this window's.
struct Opening {
    page: RawPage,
    counts: bool,
}

impl Walk<'_> {
    /// Reads a window whole, or its halves where it holds more than an offset can reach.
    pub(super) async fn read(&self, window: Window) -> Result<(), SnapshotError> {
        let mut waiting = vec![(window, None)];
        while let Some((window, opening)) = waiting.pop() {
            let Some((rest, first)) = self.read_window(window, opening).await? else { continue };
            let Some((earlier, later)) = rest.halves() else {
                return Err(self.unproven(&Proof { said: first.count, ..Proof::default() }));
            };
            let marks = self.door.marks(&first)?;
            let ends = marks.last().and_then(|mark| self.time_of(*mark));
            let is_full = marks.len() == usize::from(PAGE_CEILING);
            let is_within = is_full && ends.is_some_and(|ends| ends + TICK < earlier.until);
            // both edges may be left out by Etsy: the halves overlap by a second
            waiting.push((Window { from: later.from - TICK, ..later }, None));
            waiting.push((earlier, is_within.then_some(Opening { page: first, counts: false })));
        }
        Ok(())
    }

    fn unproven(&self, proof: &Proof) -> SnapshotError {
        SnapshotError::Unproven {
            shop: self.door.drawer.shop.name.clone(),
            shop_id: self.door.drawer.shop.id,
            stream: self.stream.as_str(),
            said: proof.said,
            landed: proof.landed,
        }
    }

    fn time_of(&self, mark: Mark) -> Option<DateTime<Utc>> {
        match self.time {
            ReceiptTime::Created => mark.created,
            ReceiptTime::Modified => mark.updated,
        }
        .and_then(moment)
    }

    /// Reads one window, in as many stretches as it takes. What is left of it when that is too long is given back.
    async fn read_window(
        &self,
        window: Window,
        mut opening: Option<Opening>,
    ) -> Result<Option<(Window, RawPage)>, SnapshotError> {
        let mut seen = Seen::default();
        let mut stretch = window;
        let mut stuck = 0_u32;
        loop {
            let ended = self.read_stretch(stretch, opening.take(), &mut seen).await?;
            let mut proof = Proof { moved: seen.moved, ..Proof::default() };
            let next = match ended {
                Stretch::TooLong { first } => return Ok(Some((stretch, first))),
                Stretch::Read { said } => {
                    proof = seen.proof(stretch, said);
                    self.door.drawer.record_window(self.stream, window, &proof).await?;
                    if proof.proven {
                        if self.is_resumed {
                            self.door.drawer.move_watermark(self.stream, window.until).await?;
                        }
                        return Ok(None);
                    }
                    stretch.from
                }
                Stretch::Moved => self
                    .time_of(seen.last)
                    .map_or(stretch.from, |sure| (sure - TICK).max(stretch.from)),
                Stretch::Inserted => window.from,
            };
            seen.moved = seen.moved.saturating_add(1);
            seen.unnamed = 0;
            stuck = if next > stretch.from { 0 } else { stuck.saturating_add(1) };
            tracing::info!(
                stream = self.stream.as_str(),
                from = %next,
                stuck,
                "rows moved while they were read; reading goes on from the last one that is sure"
            );
            if stuck >= PASSES {
                self.door.drawer.record_window(self.stream, window, &proof).await?;
                return Err(self.unproven(&proof));
            }
            stretch = Window { from: next, ..window };
        }
    }

    async fn fetch(&self, stretch: Window, offset: u16) -> Result<RawPage, SnapshotError> {
        let query = Query::Receipts(ReceiptQuery {
            time: self.time,
            window: Some(stretch),
            was_canceled: Some(self.was_canceled),
            order: Order::Ascending,
            offset,
        });
        self.door.ask(&query).await
    }

    async fn read_stretch(
        &self,
        stretch: Window,
        opening: Option<Opening>,
        seen: &mut Seen,
    ) -> Result<Stretch, SnapshotError> {
        let Opening { page: first, counts } = match opening {
            Some(opening) => opening,
            None => Opening { page: self.fetch(stretch, 0).await?, counts: true },
        };
        if counts && first.count > REACH {
            return Ok(Stretch::TooLong { first });
        }
        let marks = self.door.marks(&first)?;
        let mut next = u16::try_from(marks.len().saturating_sub(1)).unwrap_or(STEP);
        let mut said = first.count;
        if !counts {
            // only the second page tells how long this window is
            let second = self.fetch(stretch, next).await?;
            if second.count > REACH {
                return Ok(Stretch::TooLong { first });
            }
            said = second.count;
        }
        self.take(stretch, 0, &first, &marks, 0, seen).await?;
        while i32::from(next).saturating_add(1) < said && next <= OFFSET_CEILING {
            let last_offset = u16::try_from(said.saturating_sub(2)).unwrap_or(OFFSET_CEILING);
            let offsets = (next..=last_offset.min(OFFSET_CEILING)).step_by(usize::from(STEP));
            let mut pages = std::pin::pin!(
                futures_util::stream::iter(offsets)
                    .map(|offset| async move {
                        self.fetch(stretch, offset).await.map(|page| (offset, page))
                    })
                    .buffered(IN_FLIGHT)
            );
            while let Some((offset, page)) = pages.try_next().await? {
                said = page.count;
                if i32::from(offset).saturating_add(1) >= said {
                    return Ok(Stretch::Read { said });
                }
                let mut page = page;
                let mut marks = self.door.marks(&page)?;
                if matches!(joint(seen.last, &marks), Joint::Inserted) {
                    // pages that begin too early by themselves are known of Etsy, and are right the next time
                    // (<https://github.com/etsy/open-api/issues/510>)
                    page = self.fetch(stretch, offset).await?;
                    marks = self.door.marks(&page)?;
                }
                match joint(seen.last, &marks) {
                    Joint::Holds => self.take(stretch, offset, &page, &marks, 1, seen).await?,
                    Joint::Moved => return Ok(Stretch::Moved),
                    Joint::Inserted => return Ok(Stretch::Inserted),
                }
                let further = u16::try_from(marks.len().saturating_sub(1)).unwrap_or(STEP);
                next = offset.saturating_add(further);
            }
        }
        Ok(Stretch::Read { said })
    }

    async fn take(
        &self,
        stretch: Window,
        offset: u16,
        page: &RawPage,
        marks: &[Mark],
        skip: usize,
        seen: &mut Seen,
    ) -> Result<(), SnapshotError> {
        let place = Place { stream: self.stream, window: stretch, offset };
        self.door.keep(place, page).await?;
        seen.absorb(marks, skip, stretch);
        if self.was_canceled {
            know_cancelled(self.door, marks).await?;
        }
        if self.is_resumed
            && let Some(sure) = self.time_of(seen.last)
        {
            self.door.drawer.move_watermark(self.stream, sure).await?;
        }
        Ok(())
    }
}

fn joint(last: Mark, marks: &[Mark]) -> Joint {
    let is_last = |mark: &Mark| match (mark.id, last.id) {
        (None, None) => mark.created == last.created,
        (known, wanted) => known == wanted,
    };
    match marks.iter().position(is_last) {
        Some(0) if marks.len() > 1 => Joint::Holds,
        Some(0) | None => Joint::Moved,
        Some(_) => Joint::Inserted,
    }
}
