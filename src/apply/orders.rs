//! Books orders: load, confirm, put the date back, read back.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::ApplyError;
use super::application::{Application, Entry};
use super::pace::Pace;
use super::queue::{Item, Queue};
use super::records;
use super::sift::Fate;
use super::transition::Transition;
use super::verdict::{self, Judged};
use crate::domain::{ActionKind, OutcomeKind};
use crate::odoo::{OrderRecord, OrderState, Sheet};
use crate::plan::{Action, BookOrder, Reference};

/// An order that is in Odoo, with everything but its verdict.
struct Drafted {
    entry: Entry,
    action: BookOrder,
    order_id: i32,
}

/// A batch of them, of one shape.
struct DraftedBatch {
    orders: Vec<Drafted>,
    company_id: Option<i32>,
    records: usize,
    elapsed: Duration,
}

/// Books the orders of the plan. Confirmation is serial, for it writes to the same quants over and over; while one
/// batch is confirmed, the next is drafted, if there is a second connection.
pub(super) async fn book(application: &Application<'_>) -> Result<(), ApplyError> {
    let options = application.options();
    let mut pace = Pace::new(options.largest_orders, options.target);
    let mut queue = Queue::new(application, ActionKind::BookOrder, read, |_| true);
    let mut drafted: Option<DraftedBatch> = None;
    loop {
        let batch = queue.take_alike(pace.size(), records::shape).await?;
        let ended = batch.is_empty();
        let waiting = drafted.take();
        if ended && waiting.is_none() {
            return Ok(());
        }
        let in_parallel = application.odoo().connections() > 1;
        let (finished, next) = if in_parallel {
            tokio::join!(finish_some(application, waiting), draft_some(application, batch))
        } else {
            let finished = finish_some(application, waiting).await;
            let next =
                if finished.is_ok() { draft_some(application, batch).await } else { Ok(None) };
            (finished, next)
        };
        if let Some((records, elapsed)) = finished? {
            pace.learn(records, elapsed);
        }
        drafted = next?;
        application.check_silence()?;
    }
}

async fn finish_some(
    application: &Application<'_>,
    batch: Option<DraftedBatch>,
) -> Result<Option<(usize, Duration)>, ApplyError> {
    match batch {
        Some(batch) => finish(application, batch).await.map(Some),
        None => Ok(None),
    }
}

async fn draft_some(
    application: &Application<'_>,
    batch: Vec<Item<BookOrder>>,
) -> Result<Option<DraftedBatch>, ApplyError> {
    if batch.is_empty() { Ok(None) } else { draft(application, batch).await.map(Some) }
}

/// Announces a batch and loads it. What does not get in has its verdict here.
async fn draft(
    application: &Application<'_>,
    batch: Vec<Item<BookOrder>>,
) -> Result<DraftedBatch, ApplyError> {
    let begun = tokio::time::Instant::now();
    let count = batch.len();
    let shape = batch.first().map(|item| records::shape(&item.action)).unwrap_or_default();
    let partners = application
        .look_up("res.partner", &records::external_ids(partner_references(&batch)))
        .await?;
    let products = application
        .look_up("product.product", &records::external_ids(product_references(&batch)))
        .await?;
    let decision_nos: Vec<i32> = batch.iter().map(|item| item.decision_no).collect();
    let attempts = application.announce(&decision_nos).await?;
    let mut verdicts = Vec::new();
    let mut entries = Vec::with_capacity(count);
    let mut actions = Vec::with_capacity(count);
    let mut sheet: Vec<OrderRecord> = Vec::with_capacity(count);
    for (Item { decision_no, action }, attempt) in batch.into_iter().zip(attempts) {
        match records::order(&action, &partners, &products) {
            Ok(record) => {
                sheet.push(record);
                let external_id = action.external_id.clone();
                entries.push(Entry { decision_no, attempt, external_id });
                actions.push(action);
            }
            Err(words) => verdicts.push((attempt, Judged::because(OutcomeKind::Refused, words))),
        }
    }
    let fates = application.load(&mut entries, &Sheet::orders(shape, &sheet)).await?;
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
    Ok(DraftedBatch {
        orders,
        company_id: shape.company_id,
        records: count,
        elapsed: begun.elapsed(),
    })
}

/// Confirms what shall be confirmed, puts dates back, reads back, and journals the verdicts. Gives the size of the
/// batch and how long its slower half took.
async fn finish(
    application: &Application<'_>,
    batch: DraftedBatch,
) -> Result<(usize, Duration), ApplyError> {
    let begun = tokio::time::Instant::now();
    let ids: Vec<i32> = batch.orders.iter().map(|order| order.order_id).collect();
    let verdicts = match application.states(&ids).await? {
        Ok(seen) => confirm(application, &batch, seen, &ids).await?,
        Err(words) => batch.orders.iter().map(|order| unseen(order, &words)).collect(),
    };
    let attempts = batch.orders.iter().map(|order| order.entry.attempt);
    application.settle(attempts.zip(verdicts)).await?;
    Ok((batch.records, begun.elapsed().max(batch.elapsed)))
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
    if let Some(words) = application.put_dates(batch.company_id, &dates).await? {
        for (order_id, _) in &dates {
            said.insert(*order_id, Fate::Refused(words.clone()));
        }
    }
    let last = match application.states(ids).await? {
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

/// The verdict on an order. A confirmation that got no answer and is not seen either stays unknown: Odoo may still be
/// at it.
fn judge(order: &Drafted, last: Option<&OrderState>, said: Option<&Fate>) -> Judged {
    let words = match said {
        Some(Fate::Refused(words)) => Some(words.as_str()),
        Some(Fate::Unknown(words)) if last.is_some_and(OrderState::is_quotation) => {
            return Judged::because(OutcomeKind::Unknown, words.as_str())
                .about(order.order_id, last.map(|state| state.total));
        }
        Some(Fate::Done(_) | Fate::Unknown(_)) | None => None,
    };
    verdict::of_order(&order.action, last, words)
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

fn read(action: Action) -> Option<BookOrder> {
    match action {
        Action::BookOrder(order) => Some(order),
        Action::CreateProduct(_) | Action::CreateCustomer(_) | Action::CancelOrder(_) => None,
    }
}
