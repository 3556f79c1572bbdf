//! Sends orders, and what has not left of them, to the addresses that their receipts have now.

use std::collections::BTreeMap;

use super::ApplyError;
use super::application::{Application, words};
use super::load::{Answer, Step};
use super::pace::Pace;
use super::patience::Patience;
use super::queue::{Item, Queue};
use super::records::{self, Resolved};
use super::sift::{Fate, Sift};
use super::verdict::Judged;
use crate::domain::{ActionKind, OutcomeKind};
use crate::odoo::{AddressChange, Nature, OrderAddress};
use crate::plan::{Action, ChangeAddress};

/// Where orders go, or why that could not be had.
type Addresses = Result<BTreeMap<i32, OrderAddress>, String>;

/// Changes the addresses that the plan changes, of orders that are as the plan saw them.
pub(super) async fn change(application: &Application<'_>) -> Result<(), ApplyError> {
    let options = application.options();
    let mut pace = Pace::new(options.largest_orders, options.target);
    let mut queue = Queue::new(application, ActionKind::ChangeAddress, read, |_| true);
    loop {
        let batch = queue.take_alike(pace.size(), |change| change.company_id).await?;
        if batch.is_empty() {
            return Ok(());
        }
        let begun = tokio::time::Instant::now();
        change_batch(application, &batch).await?;
        application.check_silence()?;
        pace.learn(batch.len(), batch.len(), begun.elapsed());
    }
}

async fn change_batch(
    application: &Application<'_>,
    batch: &[Item<ChangeAddress>],
) -> Result<(), ApplyError> {
    let company_id = batch.first().and_then(|item| item.action.company_id);
    let asked = records::external_ids(batch.iter().map(|item| &item.action.shipping));
    let partners = application.look_up("res.partner", &asked).await?;
    let decision_nos: Vec<i32> = batch.iter().map(|item| item.decision_no).collect();
    let attempts = application.announce(&decision_nos).await?;
    let ids: Vec<i32> = batch.iter().map(|item| item.action.order_id).collect();
    let verdicts = match application.addresses(&ids).await? {
        Ok(seen) => {
            let mut changes = Vec::with_capacity(batch.len());
            let verdicts: Vec<Result<Target, Judged>> = batch
                .iter()
                .map(|item| prepare(&item.action, &partners, &seen, &mut changes))
                .collect();
            let fates = application.change_addresses(company_id, &changes).await?;
            let said: BTreeMap<i32, Fate> =
                changes.iter().map(|change| change.order_id).zip(fates).collect();
            let last = application.addresses(&ids).await?;
            let judged = |(item, prepared): (&Item<ChangeAddress>, Result<Target, Judged>)| {
                let order_id = item.action.order_id;
                prepared.map_or_else(
                    |judged| judged,
                    |target| judge(order_id, target, &last, said.get(&order_id)),
                )
            };
            batch.iter().zip(verdicts).map(judged).collect()
        }
        Err(words) => vec![Judged::because(OutcomeKind::Unknown, words); batch.len()],
    };
    application.settle(attempts.into_iter().zip(verdicts)).await
}

/// Where an order is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Target {
    shipping_id: i32,
    /// Whether its deliveries go there as well. They do not where somebody has given one an address of its own.
    takes_deliveries: bool,
}

/// Notes what is to be changed of an order, and gives where it goes; the verdict where nothing may be.
fn prepare(
    action: &ChangeAddress,
    partners: &Resolved,
    seen: &BTreeMap<i32, OrderAddress>,
    changes: &mut Vec<AddressChange>,
) -> Result<Target, Judged> {
    let shipping_id = records::resolve("the delivery address", &action.shipping, partners)
        .map_err(|words| Judged::because(OutcomeKind::Refused, words))?;
    let order = seen
        .get(&action.order_id)
        .ok_or_else(|| Judged::because(OutcomeKind::Stale, "the order is no longer in Odoo"))?;
    let is_foreign = |partner: Option<i32>| {
        partner.is_some_and(|partner| ![action.seen_shipping_id, shipping_id].contains(&partner))
    };
    let target = Target { shipping_id, takes_deliveries: !order.destinations().any(is_foreign) };
    if is_there(order, target) {
        return Ok(target);
    }
    if let Some(words) = moved_on(action, order, shipping_id) {
        return Err(Judged::because(OutcomeKind::Stale, words).about(order.order_id, None));
    }
    changes.push(AddressChange {
        order_id: order.order_id,
        shipping_id,
        fiscal_position_id: order.fiscal_position_id,
        takes_deliveries: target.takes_deliveries,
    });
    Ok(target)
}

/// Whether an order, and what has not left of it, goes there.
fn is_there(order: &OrderAddress, target: Target) -> bool {
    let there = Some(target.shipping_id);
    order.shipping_id == target.shipping_id
        && (!target.takes_deliveries || order.destinations().all(|partner| partner == there))
}

/// Why an order is no longer as the plan saw it; nothing if it is. A call that was cut off may have left it at its new
/// address already.
fn moved_on(action: &ChangeAddress, order: &OrderAddress, shipping_id: i32) -> Option<String> {
    if order.state != action.seen_state {
        return Some(format!(
            "the order is `{}` in Odoo now, the plan saw `{}`",
            order.state, action.seen_state
        ));
    }
    if ![action.seen_shipping_id, shipping_id].contains(&order.shipping_id) {
        return Some("somebody has given the order another address since the plan".to_owned());
    }
    order.has_left().then(|| "goods of the order have left since the plan".to_owned())
}

/// The verdict on an order whose address was to be changed, from where it goes by what was read last.
fn judge(order_id: i32, target: Target, last: &Addresses, said: Option<&Fate>) -> Judged {
    let order = match last {
        Ok(last) => last.get(&order_id),
        Err(words) => return Judged::because(OutcomeKind::Unknown, words.as_str()),
    };
    let Some(order) = order else {
        return Judged::because(OutcomeKind::Unknown, "the order could not be read back");
    };
    if is_there(order, target) {
        let mut judged = Judged::applied(order_id, None);
        if !target.takes_deliveries {
            "its deliveries go where they went: somebody has given one an address of its own"
                .clone_into(&mut judged.said);
        }
        return judged;
    }
    let (outcome, words) = match said {
        Some(Fate::Unknown(words)) => (OutcomeKind::Unknown, words.clone()),
        Some(Fate::Refused(words)) => (OutcomeKind::Refused, words.clone()),
        Some(Fate::Done(_)) | None if order.shipping_id == target.shipping_id => (
            OutcomeKind::Refused,
            "the order has the new address, and a delivery of it does not".to_owned(),
        ),
        Some(Fate::Done(_)) | None => {
            (OutcomeKind::Refused, "the order keeps its old address".to_owned())
        }
    };
    Judged::because(outcome, words).about(order_id, None)
}

impl Application<'_> {
    /// Reads where orders go; says why when Odoo keeps silent.
    async fn addresses(&self, order_ids: &[i32]) -> Result<Addresses, ApplyError> {
        let mut patience = Patience::new(self.options());
        loop {
            let error = match self.odoo().order_addresses(order_ids).await {
                Ok(addresses) => {
                    self.heard();
                    return Ok(Ok(addresses));
                }
                Err(error) => error,
            };
            let again = match Self::nature(&error) {
                Nature::Everything => return Err(self.stopped_by(error)),
                Nature::Data => return Ok(Err(words(&error))),
                Nature::Conflict => patience.with_conflict().await,
                Nature::Silence => patience.with_silence().await,
            };
            if !again {
                return Ok(Err(self.gave_up(error)));
            }
        }
    }

    /// Changes addresses, and finds the fates of the orders; whether it worked is read back later.
    async fn change_addresses(
        &self,
        company_id: Option<i32>,
        changes: &[AddressChange],
    ) -> Result<Vec<Fate>, ApplyError> {
        let mut sift = Sift::new(changes.len());
        while let Some(mut group) = sift.next() {
            let takes = |row: &usize| changes.get(*row).is_some_and(|one| one.takes_deliveries);
            let (with, without): (Vec<usize>, Vec<usize>) =
                group.iter().partition(|row| takes(row));
            let with_deliveries = !with.is_empty();
            // one call says the same of the deliveries of all its orders
            if with_deliveries && !without.is_empty() {
                sift.later(without);
                group = with;
            }
            let part: Vec<AddressChange> =
                group.iter().filter_map(|row| changes.get(*row)).copied().collect();
            match self.send_addresses(company_id, with_deliveries, &part).await? {
                Answer::Ids(ids) => sift.done(&group, &ids),
                Answer::Blamed(blame, otherwise) => sift.blamed(&group, &blame, &otherwise),
                Answer::Alike(fate) => sift.all(&group, &fate),
            }
        }
        Ok(sift.into_fates())
    }

    async fn send_addresses(
        &self,
        company_id: Option<i32>,
        with_deliveries: bool,
        changes: &[AddressChange],
    ) -> Result<Answer, ApplyError> {
        let mut patience = Patience::new(self.options());
        loop {
            let came = self.odoo().change_addresses(company_id, with_deliveries, changes).await;
            match self.weigh(came, &mut patience).await? {
                Step::Answered(answer) => return Ok(answer),
                Step::Again => {}
                Step::Silent(error) => {
                    if !patience.with_silence().await {
                        return Ok(Answer::Alike(Fate::Unknown(self.gave_up(error))));
                    }
                }
            }
        }
    }
}

fn read(action: Action) -> Option<ChangeAddress> {
    if let Action::ChangeAddress(change) = action { Some(change) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ReceiptId;
    use crate::odoo::Delivery;
    use crate::plan::Reference;

    const OLD: i32 = 8;
    const NEW: i32 = 9;

    fn action() -> ChangeAddress {
        ChangeAddress {
            order_id: 4,
            receipt_id: ReceiptId(42),
            shipping: Reference::ExternalId("etsy.address_1_new".to_owned()),
            company_id: None,
            seen_shipping_id: OLD,
            seen_state: "sale".to_owned(),
        }
    }

    fn order(shipping_id: i32, deliveries: &[(&str, i32)]) -> OrderAddress {
        OrderAddress {
            order_id: 4,
            state: "sale".to_owned(),
            shipping_id,
            fiscal_position_id: Some(3),
            deliveries: deliveries
                .iter()
                .map(|(state, partner)| Delivery {
                    state: (*state).to_owned(),
                    partner_id: Some(*partner),
                })
                .collect(),
        }
    }

    const TARGET: Target = Target { shipping_id: NEW, takes_deliveries: true };

    fn prepared(seen: Option<OrderAddress>) -> (Result<Target, Judged>, Vec<AddressChange>) {
        let partners = Resolved::from([("etsy.address_1_new".to_owned(), NEW)]);
        let seen = seen.into_iter().map(|order| (order.order_id, order)).collect();
        let mut changes = Vec::new();
        let prepared = prepare(&action(), &partners, &seen, &mut changes);
        (prepared, changes)
    }

    #[test]
    fn an_order_as_the_plan_saw_it_is_changed_with_what_has_not_left() {
        let (prepared, changes) = prepared(Some(order(OLD, &[("assigned", OLD), ("cancel", 70)])));
        assert_eq!(prepared, Ok(TARGET));
        let change = AddressChange {
            order_id: 4,
            shipping_id: NEW,
            fiscal_position_id: Some(3),
            takes_deliveries: true,
        };
        assert_eq!(changes, [change]);
    }

    #[test]
    fn what_is_done_already_is_not_done_again_and_what_is_half_done_is_finished() {
        let (done, changes) = prepared(Some(order(NEW, &[("assigned", NEW)])));
        assert_eq!((done, changes.len()), (Ok(TARGET), 0));
        let (half, changes) = prepared(Some(order(NEW, &[("assigned", OLD)])));
        assert_eq!((half, changes.len()), (Ok(TARGET), 1));
    }

    #[test]
    fn whoever_was_here_in_the_meantime_is_respected() {
        let elsewhere = order(70, &[]);
        let left = order(OLD, &[("done", OLD)]);
        let cancelled = OrderAddress { state: "cancel".to_owned(), ..order(OLD, &[]) };
        for seen in [Some(elsewhere), Some(left), Some(cancelled), None] {
            let (prepared, changes) = prepared(seen);
            assert_eq!(prepared.unwrap_err().outcome, OutcomeKind::Stale);
            assert!(changes.is_empty());
        }
    }

    #[test]
    fn a_delivery_that_somebody_redirected_stays_so() {
        let (prepared, changes) =
            prepared(Some(order(OLD, &[("assigned", 70), ("assigned", OLD)])));
        let target = Target { takes_deliveries: false, ..TARGET };
        assert_eq!(prepared, Ok(target));
        assert!(!changes[0].takes_deliveries);
        let last = Ok(BTreeMap::from([(4, order(NEW, &[("assigned", 70)]))]));
        let judged = judge(4, target, &last, Some(&Fate::Done(4)));
        assert_eq!(judged.outcome, OutcomeKind::Applied);
        assert!(judged.said.contains("an address of its own"), "{}", judged.said);
    }

    #[test]
    fn an_address_that_was_refused_is_no_address() {
        let seen = BTreeMap::from([(4, order(OLD, &[]))]);
        let judged = prepare(&action(), &Resolved::new(), &seen, &mut Vec::new()).unwrap_err();
        assert_eq!(judged.outcome, OutcomeKind::Refused);
    }

    #[test]
    fn changed_is_what_is_read_back() {
        let last = |order: OrderAddress| Ok(BTreeMap::from([(4, order)]));
        let outcome = |last: &Addresses, fate: Fate| judge(4, TARGET, last, Some(&fate)).outcome;
        let there = last(order(NEW, &[("assigned", NEW)]));
        assert_eq!(outcome(&there, Fate::Unknown("lost".to_owned())), OutcomeKind::Applied);
        let half = last(order(NEW, &[("assigned", OLD)]));
        assert_eq!(outcome(&half, Fate::Done(4)), OutcomeKind::Refused);
        let not = last(order(OLD, &[]));
        assert_eq!(outcome(&not, Fate::Done(4)), OutcomeKind::Refused);
        assert_eq!(outcome(&not, Fate::Unknown("lost".to_owned())), OutcomeKind::Unknown);
        assert_eq!(outcome(&Err("lost".to_owned()), Fate::Done(4)), OutcomeKind::Unknown);
    }
}
