//! The writes that each kind of action takes, in their order.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::course::TAKEN_OFF;
use super::group::{Group, Live, Stop};
use super::sales::{self, Counted};
use super::shelf::{Shelf, Shown};
use super::verdict::{self, Expected};
use super::writing::Write;
use crate::apply::etsy_access::Counter;
use crate::apply::verdict::Judged;
use crate::domain::OutcomeKind;
use crate::etsy::{InventoryDocument, SaleState};
use crate::journal::AttemptId;

/// How often units that were sold in between are taken off again before it is left to the next run.
const CORRECTIONS: u32 = 3;

impl Group<'_, '_> {
    pub(super) async fn take_off(
        &mut self,
        counter: &Counter<'_, '_>,
        live: &mut BTreeMap<i64, Live>,
        ids: &BTreeSet<i64>,
    ) -> Result<(), Stop> {
        let writes = ids.iter().map(|id| (*id, Write::State(SaleState::Inactive))).collect();
        let taken = self.perform(counter, live, writes).await?;
        self.conclude(live, ids, &taken, false).await
    }

    pub(super) async fn set(
        &mut self,
        counter: &Counter<'_, '_>,
        live: &mut BTreeMap<i64, Live>,
        ids: &BTreeSet<i64>,
        asked_at: DateTime<Utc>,
    ) -> Result<(), Stop> {
        let mut writes = BTreeMap::new();
        for id in ids {
            let Some(one) = live.get(id) else { continue };
            match put(&one.before, &one.wanted.quantities) {
                Ok(document) => {
                    writes.insert(*id, Write::Put(document));
                }
                Err(words) => {
                    self.settle(*id, Judged::because(OutcomeKind::Stale, words)).await?;
                }
            }
        }
        let shelf = self.perform(counter, live, writes).await?;
        let shelf = self.correct(counter, live, ids, asked_at, shelf).await?;
        let is_off = |id: &&i64| live.get(id).is_some_and(|one| one.wanted.is_off);
        let (off, on): (BTreeSet<i64>, BTreeSet<i64>) = ids.iter().partition(is_off);
        self.conclude(live, &on, &shelf, true).await?;
        let off = off.into_iter().filter(|id| !self.settled.contains(id)).collect();
        self.take_off(counter, live, &off).await
    }

    /// Takes off again what was sold between the look and the write. Marks what is to be off sale, for nothing is left.
    async fn correct(
        &mut self,
        counter: &Counter<'_, '_>,
        live: &mut BTreeMap<i64, Live>,
        ids: &BTreeSet<i64>,
        asked_at: DateTime<Utc>,
        shelf: Shelf,
    ) -> Result<Shelf, Stop> {
        let (mut since, mut shelf, mut counted) = (asked_at, shelf, Counted::default());
        for _ in 0..CORRECTIONS {
            let is_on = |id: &i64| live.get(id).is_some_and(|one| !one.wanted.is_off);
            let due: Vec<i64> = self.open().filter(|id| ids.contains(id)).filter(is_on).collect();
            if due.is_empty() {
                return Ok(shelf);
            }
            let sold = sales::since(counter, since, &mut counted).await?;
            let mut writes = BTreeMap::new();
            for id in due {
                let (Some(one), Some(shown)) = (live.get_mut(&id), shelf.listings.get(&id)) else {
                    continue;
                };
                let (Some(written), Ok(document)) = (&one.written, &shown.inventory) else {
                    continue;
                };
                let quantities = sold.corrected(id, written, document);
                if quantities.is_empty() {
                    continue;
                }
                match put(shown, &quantities) {
                    Ok(document) if !document.is_empty() => {
                        one.wanted.note("units that were sold in between were taken off again");
                        writes.insert(id, Write::Put(document));
                    }
                    Ok(_) => {
                        one.wanted.note("units that were sold in between were taken off again");
                        one.wanted.note(TAKEN_OFF);
                        one.wanted.is_off = true;
                    }
                    Err(why) => one.wanted.note(&format!("what was sold in between stands: {why}")),
                }
            }
            if writes.is_empty() {
                return Ok(shelf);
            }
            since = shelf.asked_at;
            let again = self.perform(counter, live, writes).await?;
            shelf.listings.extend(again.listings);
            shelf.asked_at = again.asked_at;
        }
        Ok(shelf)
    }

    /// Sets the quantities while nobody can buy, then puts the listings on sale. A listing that is left in between has
    /// the mark that it is inactive because of us.
    pub(super) async fn put_back(
        &mut self,
        counter: &Counter<'_, '_>,
        live: &mut BTreeMap<i64, Live>,
        ids: &BTreeSet<i64>,
    ) -> Result<(), Stop> {
        let mut writes = BTreeMap::new();
        let mut as_they_are = BTreeSet::new();
        for id in ids {
            let Some(one) = live.get_mut(id) else { continue };
            match put(&one.before, &one.wanted.quantities) {
                Ok(document) if one.before.inventory.as_ref() == Ok(&document) => {
                    one.written = Some(document);
                    as_they_are.insert(*id);
                }
                Ok(document) => {
                    writes.insert(*id, Write::Put(document));
                }
                Err(words) => {
                    self.settle(*id, Judged::because(OutcomeKind::Stale, words)).await?;
                }
            }
        }
        let written: BTreeSet<i64> = writes.keys().copied().collect();
        let shelf = self.perform(counter, live, writes).await?;
        let set = self.halfway(live, &written, &shelf).await?;
        let on_sale = set.union(&as_they_are).copied().collect::<BTreeSet<i64>>();
        let writes = on_sale.iter().map(|id| (*id, Write::State(SaleState::Active))).collect();
        let shelf = self.perform(counter, live, writes).await?;
        self.conclude(live, &on_sale, &shelf, true).await
    }

    /// Journals that quantities are set and the listing is still off sale, and announces the second half. Gives those
    /// that may be put on sale.
    async fn halfway(
        &mut self,
        live: &BTreeMap<i64, Live>,
        ids: &BTreeSet<i64>,
        shelf: &Shelf,
    ) -> Result<BTreeSet<i64>, Stop> {
        let mut set = BTreeSet::new();
        for id in ids {
            let (Some(one), Some(task)) = (live.get(id), self.tasks.get(id)) else { continue };
            let shown = shelf.listings.get(id);
            let Ok(before) = &one.before.inventory else { continue };
            if self.settled.contains(id) {
                continue;
            }
            let expected = Expected { before, written: one.written.as_ref(), on_sale: false };
            let (outcome, words) = verdict::judge(&expected, shown);
            if let Some(shown) = shown {
                let rows = self.rows(task, shown, shelf.asked_at, false);
                self.record(&rows).await?;
            }
            if outcome == OutcomeKind::Applied {
                let attempt = task.attempt;
                let decision_no = task.decision_no;
                self.half_done(*id, attempt, decision_no).await?;
                set.insert(*id);
            } else {
                self.settle(*id, Judged::because(outcome, words)).await?;
            }
        }
        Ok(set)
    }

    async fn half_done(
        &mut self,
        id: i64,
        attempt: AttemptId,
        decision_no: i32,
    ) -> Result<(), Stop> {
        let words = "its quantities are set; it is put on sale next";
        let judged = Judged::because(OutcomeKind::Unknown, words);
        self.application.settle([(attempt, judged)]).await?;
        let attempts = self.application.announce(&[decision_no]).await?;
        if let (Some(attempt), Some(task)) = (attempts.first(), self.tasks.get_mut(&id)) {
            task.attempt = *attempt;
        }
        Ok(())
    }

    /// Puts sold out listings on sale, which makes them active with one piece each, and sets their quantities.
    pub(super) async fn renew(
        &mut self,
        counter: &Counter<'_, '_>,
        live: &mut BTreeMap<i64, Live>,
        ids: &BTreeSet<i64>,
        asked_at: DateTime<Utc>,
    ) -> Result<(), Stop> {
        let is_sold_out =
            |id: &&i64| live.get(id).is_some_and(|one| one.before.state == "sold_out");
        let (sold_out, active): (BTreeSet<i64>, BTreeSet<i64>) =
            ids.iter().partition(|id| is_sold_out(id));
        let writes = sold_out.iter().map(|id| (*id, Write::State(SaleState::Active))).collect();
        let shelf = self.perform(counter, live, writes).await?;
        for id in &sold_out {
            let (Some(one), Some(shown)) = (live.get_mut(id), shelf.listings.get(id)) else {
                continue;
            };
            one.before = shown.clone();
        }
        let renewed: BTreeSet<i64> =
            sold_out.union(&active).copied().filter(|id| !self.settled.contains(id)).collect();
        self.set(counter, live, &renewed, asked_at).await
    }
}

/// What Etsy shows, with other quantities.
fn put(shown: &Shown, quantities: &BTreeMap<String, i32>) -> Result<InventoryDocument, String> {
    let document = shown.inventory.as_ref().map_err(Clone::clone)?;
    document.with_quantities(quantities).map_err(|why| why.to_string())
}
