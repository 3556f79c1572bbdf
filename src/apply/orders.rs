//! Books orders: load, confirm, put the date back, read back.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::ApplyError;
use super::application::{Application, Entry};
use super::lanes::{self, Goods};
use super::queue::Item;
use super::records;
use super::sift::Fate;
use super::transition::Transition;
use super::verdict::{self, Judged};
use crate::domain::OutcomeKind;
use crate::odoo::{Amounts, OrderRecord, OrderState, Sheet};
use crate::plan::{Action, BookOrder, Reference};

/// An order that is in Odoo, with everything but its verdict.
struct Drafted {
    entry: Entry,
    action: BookOrder,
    order_id: i32,
}

/// A batch of them, of one shape.
pub(super) struct DraftedBatch {
    orders: Vec<Drafted>,
    company_id: Option<i32>,
    amounts: Amounts,
    sent: usize,
    elapsed: Duration,
}

impl DraftedBatch {
    /// The goods on whose stock its confirmation writes.
    pub(super) fn goods(&self) -> Goods {
        self.orders.iter().flat_map(|order| lanes::goods(&order.action)).collect()
    }
}

/// What a batch teaches about the size of the next: how many were sent, how many got in, and how long its slower half
/// took.
pub(super) struct Finished {
    pub(super) sent: usize,
    pub(super) done: usize,
    pub(super) elapsed: Duration,
}

/// Announces a batch and loads it. What does not get in has its verdict here.
pub(super) async fn draft(
    application: &Application<'_>,
    batch: Vec<Item<BookOrder>>,
) -> Result<DraftedBatch, ApplyError> {
    let begun = tokio::time::Instant::now();
    let count = batch.len();
    let shape = batch.first().map(|item| records::shape(&item.action)).unwrap_or_default();
    let amounts = batch.first().map_or(Amounts::Totals, |item| records::amounts(&item.action));
    let partners = application
        .look_up("res.partner", &records::external_ids(partner_references(&batch)))
        .await?;
    let products = application
        .look_up("product.product", &records::external_ids(product_references(&batch)))
        .await?;
    let unsaleable = application.unsaleable(&product_ids(&batch, &products)).await?;
    let decision_nos: Vec<i32> = batch.iter().map(|item| item.decision_no).collect();
    let attempts = application.announce(&decision_nos).await?;
    let mut verdicts = Vec::new();
    let mut entries = Vec::with_capacity(count);
    let mut actions = Vec::with_capacity(count);
    let mut sheet: Vec<OrderRecord> = Vec::with_capacity(count);
    for (Item { decision_no, action, .. }, attempt) in batch.into_iter().zip(attempts) {
        match records::order(&action, &partners, &products) {
            Ok(record) if sells_one_of(&record, &unsaleable) => {
                let said = "a product of it was archived or removed in Odoo since the plan";
                verdicts.push((attempt, Judged::because(OutcomeKind::Stale, said)));
            }
            Ok(record) => {
                sheet.push(record);
                let external_id = action.external_id.clone();
                entries.push(Entry { decision_no, attempt, external_id });
                actions.push(action);
            }
            Err(words) => verdicts.push((attempt, Judged::because(OutcomeKind::Refused, words))),
        }
    }
    let fates = application.load(&mut entries, &Sheet::orders(&shape, &sheet)).await?;
    let mut orders = Vec::with_capacity(fates.len());
    for ((entry, action), fate) in entries.into_iter().zip(actions).zip(fates) {
        let (outcome, words) = match fate {
            Fate::Done(order_id) => {
                orders.push(Drafted { entry, action, order_id });
                continue;
            }
            Fate::Refused(words) => (OutcomeKind::Refused, words),
            Fate::Unknown(words) => (OutcomeKind::Unknown, words),
        };
        verdicts.push((entry.attempt, Judged::because(outcome, words)));
    }
    application.settle(verdicts).await?;
    let (company_id, elapsed) = (shape.company_id, begun.elapsed());
    Ok(DraftedBatch { orders, company_id, amounts, sent: count, elapsed })
}

/// Confirms what shall be confirmed, puts dates back, reads back, and journals the verdicts.
pub(super) async fn finish(
    application: &Application<'_>,
    batch: DraftedBatch,
) -> Result<Finished, ApplyError> {
    let begun = tokio::time::Instant::now();
    let ids: Vec<i32> = batch.orders.iter().map(|order| order.order_id).collect();
    let verdicts = match application.states(&ids, batch.amounts).await? {
        Ok(seen) => confirm(application, &batch, seen, &ids).await?,
        Err(words) => batch.orders.iter().map(|order| unseen(order, &words)).collect(),
    };
    let attempts = batch.orders.iter().map(|order| order.entry.attempt);
    application.settle(attempts.zip(verdicts)).await?;
    Ok(Finished {
        sent: batch.sent,
        done: batch.orders.len(),
        elapsed: begun.elapsed().max(batch.elapsed),
    })
}

async fn confirm(
    application: &Application<'_>,
    batch: &DraftedBatch,
    seen: BTreeMap<i32, OrderState>,
    ids: &[i32],
) -> Result<Vec<Judged>, ApplyError> {
    let due: Vec<i32> = batch
        .orders
        .iter()
        .filter(|order| seen.get(&order.order_id).is_some_and(|state| is_due(&order.action, state)))
        .map(|order| order.order_id)
        .collect();
    let transition = Transition::Confirm { company_id: batch.company_id };
    let fates = application.carry_out(transition, &due).await?;
    let mut said: BTreeMap<i32, Fate> = due.into_iter().zip(fates).collect();
    let dates = dates_to_put(&batch.orders, &seen, &said);
    let dated = application.put_dates(batch.company_id, &dates).await?;
    said.extend(dates.iter().map(|(order_id, _)| *order_id).zip(dated));
    if said.is_empty() {
        // nothing was done to them since they were read
        return Ok(batch
            .orders
            .iter()
            .map(|order| judge(order, seen.get(&order.order_id), None))
            .collect());
    }
    let last = match application.states(ids, batch.amounts).await? {
        Ok(last) => last,
        Err(words) => return Ok(batch.orders.iter().map(|order| unseen(order, &words)).collect()),
    };
    Ok(batch
        .orders
        .iter()
        .map(|order| judge(order, last.get(&order.order_id), said.get(&order.order_id)))
        .collect())
}

/// Whether an order is to be confirmed now.
fn is_due(action: &BookOrder, state: &OrderState) -> bool {
    action.confirm && state.is_quotation() && verdict::of_amount(action, state).is_ok()
}

/// The orders whose date has moved: those that were just confirmed, and those that an earlier run left half made.
fn dates_to_put(
    orders: &[Drafted],
    seen: &BTreeMap<i32, OrderState>,
    said: &BTreeMap<i32, Fate>,
) -> Vec<(i32, DateTime<Utc>)> {
    orders
        .iter()
        .filter(|order| match said.get(&order.order_id) {
            Some(Fate::Done(_)) => true,
            Some(Fate::Refused(_) | Fate::Unknown(_)) => false,
            None => seen.get(&order.order_id).is_some_and(|state| {
                !state.is_cancelled()
                    && verdict::of_amount(&order.action, state).is_ok()
                    && state.ordered_at != Some(order.action.ordered_at)
            }),
        })
        .map(|order| (order.order_id, order.action.ordered_at))
        .collect()
}

/// The verdict on an order. What got no answer and is not seen either stays unknown: Odoo may still be at it.
fn judge(order: &Drafted, last: Option<&OrderState>, said: Option<&Fate>) -> Judged {
    let (refused, silent) = match said {
        Some(Fate::Refused(words)) => (Some(words.as_str()), None),
        Some(Fate::Unknown(words)) => (None, Some(words)),
        Some(Fate::Done(_)) | None => (None, None),
    };
    let judged = verdict::of_order(&order.action, last, refused);
    match silent {
        Some(words) if judged.outcome != OutcomeKind::Applied => unseen(order, words),
        Some(_) | None => judged,
    }
}

fn unseen(order: &Drafted, words: &str) -> Judged {
    Judged::because(OutcomeKind::Unknown, words).about(order.order_id, None)
}

fn partner_references(batch: &[Item<BookOrder>]) -> impl Iterator<Item = &Reference> {
    batch.iter().flat_map(|item| [&item.action.partner, &item.action.shipping])
}

fn product_references(batch: &[Item<BookOrder>]) -> impl Iterator<Item = &Reference> {
    batch.iter().flat_map(|item| item.action.lines.iter().map(|line| &line.product))
}

/// The products that exist and that a batch refers to.
fn product_ids(batch: &[Item<BookOrder>], created: &records::Resolved) -> BTreeSet<i32> {
    product_references(batch)
        .filter_map(|reference| match reference {
            Reference::OdooId(id) => Some(*id),
            Reference::ExternalId(external_id) => created.get(external_id).copied(),
        })
        .collect()
}

fn sells_one_of(order: &OrderRecord, product_ids: &BTreeSet<i32>) -> bool {
    order.lines.iter().any(|line| product_ids.contains(&line.product_id))
}

/// An action as an order to be booked.
pub(super) fn read(action: Action) -> Option<BookOrder> {
    if let Action::BookOrder(order) = action { Some(order) } else { None }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::apply::records::tests::book_order;
    use crate::journal::AttemptId;

    fn drafted(order_id: i32) -> Drafted {
        let action = book_order(i64::from(order_id));
        let external_id = action.external_id.clone();
        let entry = Entry { decision_no: order_id, attempt: AttemptId(1), external_id };
        Drafted { entry, action, order_id }
    }

    fn state(order: &Drafted, state: &str) -> OrderState {
        OrderState {
            order_id: order.order_id,
            state: state.to_owned(),
            total: order.action.total,
            as_priced: None,
            currency: "USD".to_owned(),
            ordered_at: Some(order.action.ordered_at),
        }
    }

    #[test]
    fn a_draft_is_confirmed_once_and_only_as_predicted() {
        let mut order = drafted(4);
        assert!(is_due(&order.action, &state(&order, "draft")));
        assert!(!is_due(&order.action, &state(&order, "sale")));
        assert!(!is_due(&order.action, &state(&order, "cancel")));
        let dearer = OrderState { total: Decimal::ONE_HUNDRED, ..state(&order, "draft") };
        assert!(!is_due(&order.action, &dearer));
        order.action.confirm = false;
        assert!(!is_due(&order.action, &state(&order, "draft")));
    }

    #[test]
    fn dates_go_back_on_what_was_confirmed_now_or_before() {
        let orders: Vec<Drafted> = (1..=5).map(drafted).collect();
        let late = |order: &Drafted, word: &str| OrderState {
            ordered_at: Some(order.action.ordered_at + chrono::TimeDelta::hours(1)),
            ..state(order, word)
        };
        let seen = BTreeMap::from([
            (1, state(&orders[0], "draft")),
            (2, state(&orders[1], "draft")),
            // a run that died between confirmation and date
            (3, late(&orders[2], "sale")),
            (4, state(&orders[3], "sale")),
            (5, late(&orders[4], "cancel")),
        ]);
        let said = BTreeMap::from([(1, Fate::Done(1)), (2, Fate::Refused("no stock".to_owned()))]);
        let dates = dates_to_put(&orders, &seen, &said);
        assert_eq!(dates.iter().map(|(order, _)| *order).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn silence_is_unknown_unless_the_effect_is_seen() {
        let order = drafted(4);
        let silent = Fate::Unknown("no answer".to_owned());
        let draft = judge(&order, Some(&state(&order, "draft")), Some(&silent));
        assert_eq!((draft.outcome, draft.said.as_str()), (OutcomeKind::Unknown, "no answer"));
        assert_eq!(draft.odoo_id, Some(4));
        let sale = judge(&order, Some(&state(&order, "sale")), Some(&silent));
        assert_eq!(sale.outcome, OutcomeKind::Applied);
    }
}
