//! Writes what Etsy owns of products that Odoo has. A product that somebody changed since the plan was made is left as it
//! is, and so is one that shares its template by now.

use std::collections::BTreeMap;

use super::ApplyError;
use super::application::Application;
use super::load::{Answer, Step};
use super::pace::Pace;
use super::patience::Patience;
use super::product_states::{ProductState, Standing, standing};
use super::queue::{Item, Queue};
use super::records;
use super::sift::{Fate, Sift};
use super::verdict::Judged;
use crate::domain::{ActionKind, OutcomeKind};
use crate::odoo::{ProductUpdate, Sheet};
use crate::plan::{Action, UpdateProduct};

/// Updates the products of the plan: those in which the same fields change go in one call.
pub(super) async fn update(application: &Application<'_>) -> Result<(), ApplyError> {
    let options = application.options();
    let mut pace = Pace::new(options.largest_products, options.target);
    let mut queue = Queue::new(application, ActionKind::UpdateProduct, read, |_| true);
    loop {
        let batch = queue.take_alike(pace.size(), records::product_shape).await?;
        if batch.is_empty() {
            return Ok(());
        }
        let begun = tokio::time::Instant::now();
        update_batch(application, &batch).await?;
        application.check_silence()?;
        pace.learn(batch.len(), batch.len(), begun.elapsed());
    }
}

async fn update_batch(
    application: &Application<'_>,
    batch: &[Item<UpdateProduct>],
) -> Result<(), ApplyError> {
    let decision_nos: Vec<i32> = batch.iter().map(|item| item.decision_no).collect();
    let attempts = application.announce(&decision_nos).await?;
    let actions: Vec<&UpdateProduct> = batch.iter().map(|item| &item.action).collect();
    let ids: Vec<i32> = actions.iter().map(|action| action.product_id).collect();
    let seen = application.product_states(&ids).await?;
    let due: Vec<&UpdateProduct> = actions
        .iter()
        .copied()
        .filter(|action| standing(action, seen.get(&action.product_id)) == Standing::Due)
        .collect();
    let fates = application.overwrite(&due).await?;
    let fates: BTreeMap<i32, Fate> =
        due.iter().map(|action| action.product_id).zip(fates).collect();
    let last = application.product_states(&ids).await?;
    let verdicts = actions
        .iter()
        .map(|action| judge(action, last.get(&action.product_id), fates.get(&action.product_id)));
    application.settle(attempts.into_iter().zip(verdicts)).await
}

impl Application<'_> {
    /// Writes some products, and finds their fates; whether they are as wanted is read back later.
    async fn overwrite(&self, due: &[&UpdateProduct]) -> Result<Vec<Fate>, ApplyError> {
        let shape = due.first().map(|action| records::product_shape(action)).unwrap_or_default();
        let updates: Vec<ProductUpdate> =
            due.iter().map(|action| records::product_update(action)).collect();
        let sheet = Sheet::product_updates(shape, &updates);
        let mut sift = Sift::new(due.len());
        while let Some(group) = sift.next() {
            self.overwrite_group(due, &sheet, group, &mut sift).await?;
        }
        Ok(sift.into_fates())
    }

    /// A call that got no answer is repeated only for products that are still as the plan saw them.
    async fn overwrite_group(
        &self,
        due: &[&UpdateProduct],
        sheet: &Sheet,
        mut group: Vec<usize>,
        sift: &mut Sift,
    ) -> Result<(), ApplyError> {
        let mut patience = Patience::new(self.options());
        loop {
            let came = self.odoo().overwrite(sheet, &group).await;
            match self.weigh(came, &mut patience).await? {
                Step::Answered(Answer::Ids(ids)) => sift.done(&group, &ids),
                Step::Answered(Answer::Blamed(blame, otherwise)) => {
                    sift.blamed(&group, &blame, &otherwise);
                }
                Step::Answered(Answer::Alike(fate)) => sift.all(&group, &fate),
                Step::Again => continue,
                Step::Silent(error) => {
                    if !patience.with_silence().await {
                        sift.all(&group, &Fate::Unknown(self.gave_up(error)));
                        return Ok(());
                    }
                    let ids = product_ids(due, &group);
                    let states = self.product_states(&ids).await?;
                    let is_due = |row: &usize| {
                        due.get(*row).is_some_and(|action| {
                            standing(action, states.get(&action.product_id)) == Standing::Due
                        })
                    };
                    let (left, settled): (Vec<usize>, Vec<usize>) =
                        group.iter().copied().partition(is_due);
                    sift.done(&settled, &product_ids(due, &settled));
                    if left.is_empty() {
                        return Ok(());
                    }
                    group = left;
                    continue;
                }
            }
            return Ok(());
        }
    }
}

fn product_ids(due: &[&UpdateProduct], group: &[usize]) -> Vec<i32> {
    group.iter().filter_map(|row| due.get(*row)).map(|action| action.product_id).collect()
}

/// The verdict on a product, from its state read back last. `fate` is what came of the call, if there was one.
fn judge(action: &UpdateProduct, last: Option<&ProductState>, fate: Option<&Fate>) -> Judged {
    let (outcome, said) = match (standing(action, last), fate) {
        (Standing::Done, _) => return Judged::applied(action.product_id, None),
        (_, Some(Fate::Unknown(words))) => (OutcomeKind::Unknown, words.clone()),
        (_, Some(Fate::Refused(words))) => (OutcomeKind::Refused, words.clone()),
        (Standing::Changed(words), _) => (OutcomeKind::Stale, words),
        (Standing::Due, _) => {
            (OutcomeKind::Refused, "Odoo took it and kept the value that it had".to_owned())
        }
    };
    Judged::because(outcome, said).about(action.product_id, None)
}

fn read(action: Action) -> Option<UpdateProduct> {
    if let Action::UpdateProduct(product) = action { Some(product) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::product_states::tests::{action, state};

    #[test]
    fn applied_is_what_is_read_back() {
        let done = ProductState {
            name: "Cup".to_owned(),
            sku: Some("CUP".to_owned()),
            description_hash: "b".to_owned(),
            ..state()
        };
        let outcome = |last: Option<&ProductState>, fate: Option<Fate>| {
            judge(&action(), last, fate.as_ref()).outcome
        };
        let silent = || Some(Fate::Unknown("no answer".to_owned()));
        assert_eq!(outcome(Some(&done), silent()), OutcomeKind::Applied);
        assert_eq!(outcome(Some(&done), None), OutcomeKind::Applied);
        assert_eq!(outcome(Some(&state()), silent()), OutcomeKind::Unknown);
        assert_eq!(outcome(Some(&state()), Some(Fate::Done(7))), OutcomeKind::Refused);
        let refused = Some(Fate::Refused("no".to_owned()));
        assert_eq!(outcome(Some(&state()), refused), OutcomeKind::Refused);
        assert_eq!(outcome(None, None), OutcomeKind::Stale);
        let archived = ProductState { active: false, ..state() };
        let judged = judge(&action(), Some(&archived), None);
        assert_eq!(judged.said, "the product is archived in Odoo now");
    }
}
