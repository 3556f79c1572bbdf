//! Counts products in Odoo: quantities that a shop is to be followed in. A quantity that has moved since the plan was made
//! is left as it is.
//!
//! A count is entered, which changes nothing, then looked at, then applied. Odoo applies the difference that it saw when
//! the count was entered, and none at all if the quantity has moved since: so nothing that is sold in between is counted
//! away.

use std::collections::{BTreeMap, BTreeSet};

use super::ApplyError;
use super::application::{Application, words};
use super::pace::Pace;
use super::patience::Patience;
use super::quants::{QuantState, Standing, standing};
use super::queue::{Item, Queue};
use super::sift::{Fate, Sift};
use super::verdict::Judged;
use crate::domain::{ActionKind, OutcomeKind};
use crate::odoo::{CountAnswer, Fault, Nature, OdooError, StockCount};
use crate::plan::{Action, CountStock};

/// Counts what the plan counts.
pub(super) async fn count(application: &Application<'_>) -> Result<(), ApplyError> {
    let options = application.options();
    let mut pace = Pace::new(options.largest_counts, options.target);
    let mut queue = Queue::new(application, ActionKind::CountStock, read, |_| true);
    loop {
        let batch = queue.take(pace.size()).await?;
        if batch.is_empty() {
            return Ok(());
        }
        let begun = tokio::time::Instant::now();
        count_batch(application, &batch).await?;
        application.check_silence()?;
        pace.learn(batch.len(), batch.len(), begun.elapsed());
    }
}

async fn count_batch(
    application: &Application<'_>,
    batch: &[Item<CountStock>],
) -> Result<(), ApplyError> {
    let decision_nos: Vec<i32> = batch.iter().map(|item| item.decision_no).collect();
    let attempts = application.announce(&decision_nos).await?;
    let (counts, twice) = each_once(batch);
    let fates = application.enter_and_apply(&counts).await?;
    let fates: BTreeMap<(i32, i32), Fate> =
        counts.iter().map(|count| place(count)).zip(fates).collect();
    let last = application.quants(&counts).await?;
    let verdicts = batch.iter().map(|item| {
        if twice.contains(&item.decision_no) {
            return Judged::because(OutcomeKind::Refused, "the plan counts it twice");
        }
        let place = place(&item.action);
        judge(&item.action, last.get(&place), fates.get(&place))
    });
    application.settle(attempts.into_iter().zip(verdicts)).await
}

/// The counts of a batch without those of a place that is counted before, and the numbers of these.
fn each_once(batch: &[Item<CountStock>]) -> (Vec<&CountStock>, BTreeSet<i32>) {
    let mut places = BTreeSet::new();
    let (once, twice): (Vec<_>, Vec<_>) =
        batch.iter().partition(|item| places.insert(place(&item.action)));
    let counts = once.into_iter().map(|item| &item.action).collect();
    (counts, twice.into_iter().map(|item| item.decision_no).collect())
}

/// What is counted: which product, and where.
fn place(count: &CountStock) -> (i32, i32) {
    (count.product_id, count.location_id)
}

impl Application<'_> {
    /// Counts what is still as the plan saw it, and finds the fates; whether it is as counted is read back later.
    async fn enter_and_apply(&self, counts: &[&CountStock]) -> Result<Vec<Fate>, ApplyError> {
        let mut sift = Sift::new(counts.len());
        while let Some(group) = sift.next() {
            self.count_group(counts, group, &mut sift).await?;
        }
        Ok(sift.into_fates())
    }

    /// Every try begins with a look, so that what a call without an answer did is not done again.
    async fn count_group(
        &self,
        counts: &[&CountStock],
        group: Vec<usize>,
        sift: &mut Sift,
    ) -> Result<(), ApplyError> {
        let mut patience = Patience::new(self.options());
        loop {
            let all = chosen(counts, &group);
            let quants = self.quants(&all).await?;
            let is_open = |row: &usize| {
                counts.get(*row).is_some_and(|count| standing_of(count, &quants).is_open())
            };
            let (open, settled): (Vec<usize>, Vec<usize>) =
                group.iter().copied().partition(is_open);
            sift.done(&settled, &product_ids(counts, &settled));
            if open.is_empty() {
                return Ok(());
            }
            let open_counts = chosen(counts, &open);
            let error = match self.count_once(&open_counts, &quants).await? {
                Ok(CountAnswer::Taken) => {
                    self.heard();
                    sift.done(&open, &product_ids(counts, &open));
                    return Ok(());
                }
                Ok(CountAnswer::Asked(model)) => {
                    self.heard();
                    self.take_back(&open_counts).await?;
                    sift.refused(&open, &format!("Odoo asks a person about it ({model})"));
                    return Ok(());
                }
                Err(error) => error,
            };
            let nature = Self::nature(&error);
            let again = match nature {
                Nature::Everything => return Err(self.stopped_by(error)),
                Nature::Data => false,
                Nature::Conflict => patience.with_conflict().await,
                Nature::Silence => patience.with_silence().await,
            };
            if !again {
                return self.give_counts_up(nature, error, &open, &open_counts, sift).await;
            }
        }
    }

    /// Enters what is due, and applies what is entered as the plan wants it. What moved in between is taken back.
    async fn count_once(
        &self,
        open: &[&CountStock],
        quants: &BTreeMap<(i32, i32), QuantState>,
    ) -> Result<Result<CountAnswer, OdooError>, ApplyError> {
        let due: Vec<StockCount> = open
            .iter()
            .filter(|count| standing_of(count, quants) == Standing::Due)
            .map(|count| StockCount {
                product_id: count.product_id,
                location_id: count.location_id,
                counted: count.counted,
            })
            .collect();
        let entered_at = if due.is_empty() {
            Vec::new()
        } else {
            match self.odoo().enter_counts(&due).await {
                Ok(quant_ids) => quant_ids,
                Err(error) => return Ok(Err(error)),
            }
        };
        let quants = self.quants(open).await?;
        let ready: BTreeSet<i32> = open
            .iter()
            .filter_map(|count| match standing_of(count, &quants) {
                Standing::Entered(quant_id) => Some(quant_id),
                Standing::Due | Standing::Done | Standing::Changed(_) => None,
            })
            .collect();
        let moved: Vec<i32> = entered_at.into_iter().filter(|id| !ready.contains(id)).collect();
        if !moved.is_empty()
            && let Err(error) = self.odoo().clear_counts(&moved).await
        {
            return Ok(Err(error));
        }
        if ready.is_empty() {
            return Ok(Ok(CountAnswer::Taken));
        }
        let ready: Vec<i32> = ready.into_iter().collect();
        Ok(self.odoo().apply_counts(&ready).await)
    }

    /// Ends the attempts to count a group. What Odoo has not applied does not stay entered.
    async fn give_counts_up(
        &self,
        nature: Nature,
        error: OdooError,
        open: &[usize],
        counts: &[&CountStock],
        sift: &mut Sift,
    ) -> Result<(), ApplyError> {
        match nature {
            Nature::Silence => sift.all(open, &Fate::Unknown(self.gave_up(error))),
            Nature::Conflict => {
                self.take_back(counts).await?;
                sift.all(open, &Fate::Refused(Fault::Conflict.to_string()));
            }
            Nature::Data | Nature::Everything => {
                self.heard();
                self.take_back(counts).await?;
                sift.refused(open, &words(&error));
            }
        }
        Ok(())
    }

    /// Takes back what has been entered of some counts. It is tidiness: a count that stays entered changes nothing.
    async fn take_back(&self, counts: &[&CountStock]) -> Result<(), ApplyError> {
        let quants = self.quants(counts).await?;
        let entered: Vec<i32> = counts
            .iter()
            .filter_map(|count| match standing_of(count, &quants) {
                Standing::Entered(quant_id) => Some(quant_id),
                Standing::Due | Standing::Done | Standing::Changed(_) => None,
            })
            .collect();
        if entered.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.odoo().clear_counts(&entered).await {
            tracing::warn!(
                counts = entered.len(),
                why = words(&error),
                "counts stay entered in Odoo, and are not applied"
            );
        }
        Ok(())
    }
}

fn standing_of(count: &CountStock, quants: &BTreeMap<(i32, i32), QuantState>) -> Standing {
    standing(count, quants.get(&place(count)))
}

fn chosen<'c>(counts: &[&'c CountStock], group: &[usize]) -> Vec<&'c CountStock> {
    group.iter().filter_map(|row| counts.get(*row)).copied().collect()
}

fn product_ids(counts: &[&CountStock], group: &[usize]) -> Vec<i32> {
    chosen(counts, group).iter().map(|count| count.product_id).collect()
}

/// The verdict on a count, from what was read back last. `fate` is what came of the calls.
fn judge(count: &CountStock, last: Option<&QuantState>, fate: Option<&Fate>) -> Judged {
    let (outcome, said) = match (standing(count, last), fate) {
        (Standing::Done, _) => return Judged::applied(count.product_id, None),
        (_, Some(Fate::Unknown(words))) => (OutcomeKind::Unknown, words.clone()),
        (Standing::Changed(words), _) => (OutcomeKind::Stale, words),
        (_, Some(Fate::Refused(words))) => (OutcomeKind::Refused, words.clone()),
        (Standing::Due | Standing::Entered(_), _) => {
            (OutcomeKind::Refused, "Odoo took the count and kept the quantity".to_owned())
        }
    };
    Judged::because(outcome, said).about(count.product_id, None)
}

fn read(action: Action) -> Option<CountStock> {
    if let Action::CountStock(count) = action { Some(count) } else { None }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::apply::quants::tests::{count, quant};

    #[test]
    fn counted_is_what_is_read_back() {
        let outcome = |last: Option<QuantState>, fate: Option<Fate>| {
            judge(&count(), last.as_ref(), fate.as_ref()).outcome
        };
        let silent = || Some(Fate::Unknown("no answer".to_owned()));
        let refused = || Some(Fate::Refused("no".to_owned()));
        assert_eq!(outcome(Some(quant(7)), silent()), OutcomeKind::Applied);
        assert_eq!(outcome(Some(quant(7)), None), OutcomeKind::Applied);
        assert_eq!(outcome(Some(quant(10)), silent()), OutcomeKind::Unknown);
        assert_eq!(outcome(Some(quant(10)), refused()), OutcomeKind::Refused);
        assert_eq!(outcome(Some(quant(10)), Some(Fate::Done(3))), OutcomeKind::Refused);
        // somebody was faster, whatever Odoo says of it
        assert_eq!(outcome(Some(quant(9)), refused()), OutcomeKind::Stale);
        assert_eq!(outcome(Some(quant(9)), Some(Fate::Done(3))), OutcomeKind::Stale);
    }

    #[test]
    fn a_place_is_counted_once() {
        let item = |decision_no, product_id| Item {
            shop: crate::domain::ShopId(1),
            decision_no,
            action: CountStock { product_id, ..count() },
        };
        let batch = [item(1, 3), item(2, 4), item(3, 3)];
        let (counts, twice) = each_once(&batch);
        assert_eq!(counts.iter().map(|count| count.product_id).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(twice, BTreeSet::from([3]));
        assert_eq!(counts[0].counted, Decimal::from(7));
    }
}
