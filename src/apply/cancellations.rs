//! Cancels the orders of receipts that were cancelled on Etsy.

use std::collections::BTreeMap;

use super::ApplyError;
use super::application::Application;
use super::pace::Pace;
use super::queue::{Item, Queue};
use super::sift::Fate;
use super::transition::{States, Transition};
use super::verdict::Judged;
use crate::domain::{ActionKind, OutcomeKind};
use crate::odoo::{Amounts, OrderState};
use crate::plan::{Action, CancelOrder};

/// Cancels the orders that the plan cancels, as far as they are as the plan saw them.
pub(super) async fn cancel(application: &Application<'_>) -> Result<(), ApplyError> {
    let options = application.options();
    let mut pace = Pace::new(options.largest_orders, options.target);
    let mut queue = Queue::new(application, ActionKind::CancelOrder, read, |_| true);
    loop {
        let batch = queue.take(pace.size()).await?;
        if batch.is_empty() {
            return Ok(());
        }
        let begun = tokio::time::Instant::now();
        cancel_batch(application, &batch).await?;
        application.check_silence()?;
        pace.learn(batch.len(), batch.len(), begun.elapsed());
    }
}

async fn cancel_batch(
    application: &Application<'_>,
    batch: &[Item<CancelOrder>],
) -> Result<(), ApplyError> {
    let decision_nos: Vec<i32> = batch.iter().map(|item| item.decision_no).collect();
    let attempts = application.announce(&decision_nos).await?;
    let ids: Vec<i32> = batch.iter().map(|item| item.action.order_id).collect();
    let verdicts = match application.states(&ids, Amounts::Totals).await? {
        Ok(seen) => {
            let due: Vec<i32> = batch
                .iter()
                .filter(|item| stale(&item.action, &seen).is_none())
                .map(|item| item.action.order_id)
                .collect();
            let fates = application.carry_out(Transition::Cancel, &due).await?;
            let said: BTreeMap<i32, Fate> = due.iter().copied().zip(fates).collect();
            let last = application.states(&due, Amounts::Totals).await?;
            batch
                .iter()
                .map(|item| {
                    let order_id = item.action.order_id;
                    stale(&item.action, &seen)
                        .unwrap_or_else(|| judge(order_id, &last, said.get(&order_id)))
                })
                .collect()
        }
        Err(words) => vec![Judged::because(OutcomeKind::Unknown, words); batch.len()],
    };
    application.settle(attempts.into_iter().zip(verdicts)).await
}

/// The verdict on an order that is no longer as the plan saw it.
fn stale(action: &CancelOrder, seen: &BTreeMap<i32, OrderState>) -> Option<Judged> {
    match seen.get(&action.order_id) {
        None => Some(Judged::because(OutcomeKind::Stale, "the order is no longer in Odoo")),
        Some(order) if order.state == action.seen_state => None,
        Some(order) => {
            let said = format!(
                "the order is `{}` in Odoo now, the plan saw `{}`",
                order.state, action.seen_state
            );
            Some(Judged::because(OutcomeKind::Stale, said).about(order.order_id, Some(order.total)))
        }
    }
}

/// The verdict on an order that was to be cancelled, from its state read back last.
fn judge(order_id: i32, last: &States, said: Option<&Fate>) -> Judged {
    let order = match last {
        Ok(last) => last.get(&order_id),
        Err(words) => return Judged::because(OutcomeKind::Unknown, words.as_str()),
    };
    let Some(order) = order else {
        return Judged::because(OutcomeKind::Unknown, "the order could not be read back");
    };
    if order.is_cancelled() {
        return Judged::applied(order_id, Some(order.total));
    }
    let (outcome, words) = match said {
        Some(Fate::Unknown(words)) => (OutcomeKind::Unknown, words.clone()),
        Some(Fate::Refused(words)) => {
            (OutcomeKind::Refused, format!("the order stays `{}`: {words}", order.state))
        }
        Some(Fate::Done(_)) | None => {
            (OutcomeKind::Refused, format!("the order stays `{}`", order.state))
        }
    };
    Judged::because(outcome, words).about(order_id, Some(order.total))
}

fn read(action: Action) -> Option<CancelOrder> {
    if let Action::CancelOrder(order) = action { Some(order) } else { None }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::domain::ReceiptId;

    fn order(state: &str) -> OrderState {
        OrderState {
            order_id: 4,
            state: state.to_owned(),
            total: Decimal::ONE,
            as_priced: None,
            currency: "USD".to_owned(),
            ordered_at: None,
        }
    }

    #[test]
    fn an_order_that_changed_is_left_alone() {
        let action =
            CancelOrder { order_id: 4, receipt_id: ReceiptId(42), seen_state: "draft".to_owned() };
        let seen = |state: &str| BTreeMap::from([(4, order(state))]);
        assert_eq!(stale(&action, &seen("draft")), None);
        let judged = stale(&action, &seen("sale")).unwrap();
        assert_eq!(judged.outcome, OutcomeKind::Stale);
        assert_eq!(judged.said, "the order is `sale` in Odoo now, the plan saw `draft`");
        let gone = stale(&action, &BTreeMap::new()).unwrap();
        assert_eq!(gone.outcome, OutcomeKind::Stale);
    }

    #[test]
    fn cancelled_is_what_is_read_back() {
        let last = |state: &str| Ok(BTreeMap::from([(4, order(state))]));
        let outcome = |last: &States, fate| judge(4, last, Some(&fate)).outcome;
        assert_eq!(
            outcome(&last("cancel"), Fate::Unknown("lost".to_owned())),
            OutcomeKind::Applied
        );
        assert_eq!(outcome(&last("sale"), Fate::Done(4)), OutcomeKind::Refused);
        assert_eq!(outcome(&last("sale"), Fate::Unknown("lost".to_owned())), OutcomeKind::Unknown);
        assert_eq!(outcome(&Err("lost".to_owned()), Fate::Done(4)), OutcomeKind::Unknown);
    }
}
