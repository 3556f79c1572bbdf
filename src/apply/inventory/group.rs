//! A few listings of one shop that are looked at, written and read back together.

use std::collections::{BTreeMap, BTreeSet};

use super::course::{self, Course, Order, Wanted};
use super::shelf::{self, Shelf, Shown};
use super::verdict::{self, Expected};
use super::writing::{self, Fate, Way, Write, Written};
use super::{Task, shortage};
use crate::apply::application::Application;
use crate::apply::etsy_access::{Counter, Halt};
use crate::apply::verdict::Judged;
use crate::apply::{ApplyError, EtsyAccess};
use crate::domain::{OutcomeKind, ShopId};
use crate::etsy::InventoryDocument;
use crate::journal::{self, InventoryWritten};

/// Why a group is not gone on with.
pub(super) enum Stop {
    Halt(Halt),
    Broken(ApplyError),
}

impl From<Halt> for Stop {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

impl From<ApplyError> for Stop {
    fn from(error: ApplyError) -> Self {
        Self::Broken(error)
    }
}

/// A listing that is being written.
pub(super) struct Live {
    /// What Etsy showed before anything was written.
    pub(super) before: Shown,
    /// What it showed last.
    pub(super) latest: Shown,
    pub(super) wanted: Wanted,
    /// What was written last.
    pub(super) written: Option<InventoryDocument>,
}

/// The listings, and what is known of them.
pub(super) struct Group<'g, 'a> {
    pub(super) application: &'g Application<'a>,
    etsy: &'g EtsyAccess<'a>,
    shop: ShopId,
    pub(super) tasks: BTreeMap<i64, Task>,
    /// Those that are settled.
    pub(super) settled: BTreeSet<i64>,
    /// Those of which a write may have reached Etsy.
    sent: BTreeSet<i64>,
}

impl<'g, 'a> Group<'g, 'a> {
    pub(super) fn new(
        application: &'g Application<'a>,
        etsy: &'g EtsyAccess<'a>,
        shop: ShopId,
        tasks: BTreeMap<i64, Task>,
    ) -> Self {
        let (settled, sent) = (BTreeSet::new(), BTreeSet::new());
        Self { application, etsy, shop, tasks, settled, sent }
    }

    /// Does all of it. An error ends the application; what was announced has its outcome all the same.
    pub(super) async fn run(mut self) -> Result<(), ApplyError> {
        match self.work().await {
            Ok(()) => Ok(()),
            Err(Stop::Broken(error)) => Err(error),
            Err(Stop::Halt(halt)) => {
                let words = halt.words();
                let left: Vec<i64> = self.open().collect();
                for id in left {
                    let judged = if self.sent.contains(&id) {
                        Judged::because(
                            OutcomeKind::Unknown,
                            format!("it was written, but {words}"),
                        )
                    } else {
                        Judged::because(OutcomeKind::Refused, format!("not written: {words}"))
                    };
                    self.settle(id, judged).await?;
                }
                Err(self.application.halted(halt))
            }
        }
    }

    pub(super) fn open(&self) -> impl Iterator<Item = i64> {
        self.tasks.keys().copied().filter(|id| !self.settled.contains(id))
    }

    async fn work(&mut self) -> Result<(), Stop> {
        let counter = Counter::at(self.etsy, self.shop).await?;
        let ids: Vec<i64> = self.tasks.keys().copied().collect();
        let shelf = shelf::read(&counter, &ids).await?;
        let mut live = self.courses(&shelf).await?;
        let those = |is_meant: fn(&Order, bool) -> bool| -> BTreeSet<i64> {
            let meant = live.iter().filter(|(id, one)| {
                self.tasks.get(id).is_some_and(|it| is_meant(&it.order, one.wanted.is_off))
            });
            meant.map(|(id, _)| *id).collect()
        };
        let off = those(|order, is_off| is_off || *order == Order::TakeOff);
        let set = those(|order, is_off| !is_off && *order == Order::Set);
        let back = those(|order, _| matches!(order, Order::PutOn { is_renewed: false, .. }));
        let renewed = those(|order, _| matches!(order, Order::PutOn { is_renewed: true, .. }));
        self.take_off(&counter, &mut live, &off).await?;
        self.set(&counter, &mut live, &set, shelf.asked_at).await?;
        self.put_back(&counter, &mut live, &back).await?;
        self.renew(&counter, &mut live, &renewed, shelf.asked_at).await
    }

    /// Decides nothing but whether what the plan saw is still so; settles what is not, and what is there already.
    async fn courses(&mut self, shelf: &Shelf) -> Result<BTreeMap<i64, Live>, Stop> {
        let shortages = shortage::shortages(self.application, &self.tasks).await?;
        let ids: Vec<i64> = self.tasks.keys().copied().collect();
        let plan = self.application.plan();
        let ours = journal::last_left_inactive(self.application.warehouse(), plan, self.shop, &ids)
            .await
            .map_err(|source| ApplyError::Journal { plan, source })?;
        let mut live = BTreeMap::new();
        let mut settled = Vec::new();
        for (id, task) in &self.tasks {
            let shown = shelf.listings.get(id);
            let shortage = shortages.get(id).map(String::as_str);
            match (course::course(task, shown, shortage, ours.get(id).copied()), shown) {
                (Course::Write(wanted), Some(shown)) => {
                    let before = shown.clone();
                    let latest = shown.clone();
                    live.insert(*id, Live { before, latest, wanted, written: None });
                }
                (Course::There, Some(shown)) => {
                    let written_at = shelf.asked_at;
                    let rows = self.rows(task, shown, written_at, false);
                    let words = "Etsy shows it already";
                    settled.push((*id, Judged::because(OutcomeKind::Applied, words), rows));
                }
                (Course::Stale(words), shown) => {
                    // the list of what sold out is not read in every run: the next one would plan the same again
                    let has_sold_out = shown.filter(|shown| {
                        shown.state == "sold_out" && task.inventory.seen_state != "sold_out"
                    });
                    let rows = has_sold_out
                        .map(|shown| self.rows(task, shown, shelf.asked_at, false))
                        .unwrap_or_default();
                    settled.push((*id, Judged::because(OutcomeKind::Stale, words), rows));
                }
                (Course::Write(_) | Course::There, None) => {}
            }
        }
        for (id, judged, rows) in settled {
            self.record(&rows).await?;
            self.settle(id, judged).await?;
        }
        Ok(live)
    }

    /// Makes some writes, and settles those that Etsy refused or that nobody knows of. Gives what Etsy shows after them.
    pub(super) async fn perform(
        &mut self,
        counter: &Counter<'_, '_>,
        live: &mut BTreeMap<i64, Live>,
        writes: BTreeMap<i64, Write>,
    ) -> Result<Shelf, Stop> {
        if writes.is_empty() {
            let asked_at = self.application.now();
            return Ok(Shelf { asked_at, listings: BTreeMap::new() });
        }
        let options = self.application.options();
        let before: BTreeMap<i64, Shown> =
            writes.keys().filter_map(|id| Some((*id, live.get(id)?.latest.clone()))).collect();
        let (in_flight, resends) = (options.writes_in_flight, options.resends);
        let way = Way { in_flight, resends, sent: &mut self.sent };
        let Written { fates, shelf } = writing::perform(counter, &writes, &before, way).await?;
        for (id, shown) in &shelf.listings {
            if let Some(one) = live.get_mut(id) {
                one.latest = shown.clone();
            }
        }
        for (id, fate) in fates {
            match (fate, writes.get(&id), live.get_mut(&id)) {
                (Fate::Taken, Some(Write::Put(document)), Some(one)) => {
                    one.written = Some(document.clone());
                }
                (Fate::Taken, _, _) => {}
                (Fate::Refused(words), _, _) => {
                    self.settle(id, Judged::because(OutcomeKind::Refused, words)).await?;
                }
                (Fate::Unknown(words), _, _) => {
                    self.settle(id, Judged::because(OutcomeKind::Unknown, words)).await?;
                }
            }
        }
        Ok(shelf)
    }

    /// Settles what is still open by what Etsy shows.
    pub(super) async fn conclude(
        &mut self,
        live: &BTreeMap<i64, Live>,
        ids: &BTreeSet<i64>,
        shelf: &Shelf,
        on_sale: bool,
    ) -> Result<(), Stop> {
        for id in ids {
            let (Some(one), Some(task)) = (live.get(id), self.tasks.get(id)) else { continue };
            if self.settled.contains(id) {
                continue;
            }
            let Ok(before) = &one.before.inventory else { continue };
            let expected = Expected { before, written: one.written.as_ref(), on_sale };
            let shown = shelf.listings.get(id);
            let (outcome, words) = verdict::judge(&expected, shown);
            if let Some(shown) = shown {
                let rows = self.rows(task, shown, shelf.asked_at, one.wanted.is_off);
                self.record(&rows).await?;
            }
            let words = if words.is_empty() { one.wanted.words.clone() } else { words };
            self.settle(*id, Judged::because(outcome, words)).await?;
        }
        Ok(())
    }

    /// What Etsy shows of the offerings that were to change. Both sides agree on it from then on; of a listing that was taken
    /// off sale, on nothing.
    pub(super) fn rows(
        &self,
        task: &Task,
        shown: &Shown,
        written_at: chrono::DateTime<chrono::Utc>,
        is_off: bool,
    ) -> Vec<InventoryWritten> {
        let is_off = is_off || task.order == Order::TakeOff;
        let quantities = shown.quantities();
        let changes = task.inventory.offerings.iter().map(|change| change.variant_key.as_str());
        changes
            .filter_map(|key| {
                let quantity = *quantities.get(key)?;
                Some(InventoryWritten {
                    attempt: task.attempt,
                    shop: self.shop,
                    listing_id: task.inventory.listing_id,
                    variant_key: key.to_owned(),
                    quantity,
                    target: if is_off { 0 } else { quantity },
                    listing_state: shown.state.clone(),
                    listing_updated_at: shown.updated_at,
                    written_at,
                })
            })
            .collect()
    }

    pub(super) async fn record(&self, rows: &[InventoryWritten]) -> Result<(), Stop> {
        let plan = self.application.plan();
        let recorded =
            journal::record_inventory_written(self.application.warehouse(), plan, rows).await;
        recorded.map_err(|source| Stop::Broken(ApplyError::Journal { plan, source }))
    }

    pub(super) async fn settle(&mut self, id: i64, judged: Judged) -> Result<(), ApplyError> {
        let Some(task) = self.tasks.get(&id) else { return Ok(()) };
        self.settled.insert(id);
        self.application.settle([(task.attempt, judged)]).await
    }
}
