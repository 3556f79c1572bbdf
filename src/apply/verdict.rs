//! Compares what was predicted of an order with what is read back.

use rust_decimal::Decimal;

use crate::domain::OutcomeKind;
use crate::odoo::OrderState;
use crate::plan::BookOrder;

/// The verdict on one row, before it is journalled.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    /// The verdict.
    pub(super) outcome: OutcomeKind,
    /// Why, without anything personal.
    pub(super) said: String,
    /// The record, where it is known.
    pub(super) odoo_id: Option<i32>,
    /// The total that was read back; where taxes are left to Odoo, what the lines come to as they are priced.
    pub(super) odoo_total: Option<Decimal>,
    /// What Odoo's own taxes add to it, where they are left to Odoo.
    pub(super) odoo_tax_added: Option<Decimal>,
}

impl Judged {
    /// Read back, and seen.
    pub(super) fn applied(odoo_id: i32, odoo_total: Option<Decimal>) -> Self {
        let said = String::new();
        let outcome = OutcomeKind::Applied;
        Self { outcome, said, odoo_id: Some(odoo_id), odoo_total, odoo_tax_added: None }
    }

    /// Not applied, and why.
    pub(super) fn because(outcome: OutcomeKind, said: impl Into<String>) -> Self {
        Self { outcome, said: said.into(), odoo_id: None, odoo_total: None, odoo_tax_added: None }
    }

    /// The same, with what Odoo's own taxes add, with the decimals that the plan has.
    fn with_tax_of(mut self, action: &BookOrder, seen: &OrderState) -> Self {
        let added = seen.as_priced.and_then(|as_priced| seen.total.checked_sub(as_priced));
        self.odoo_tax_added = added.map(|added| {
            let mut added = added.normalize();
            added.rescale(added.scale().max(action.total.scale()));
            added
        });
        self
    }

    /// The same, about a record that is there.
    pub(super) fn about(mut self, odoo_id: i32, odoo_total: Option<Decimal>) -> Self {
        self.odoo_id = Some(odoo_id);
        self.odoo_total = odoo_total;
        self
    }
}

/// Whether a drafted order may be confirmed as planned, or what speaks against it. A draft with another total is left
/// a draft: it reserves no stock, and the next diff shows it.
pub(super) fn of_amount(action: &BookOrder, seen: &OrderState) -> Result<(), String> {
    let computed = compared(action, seen);
    if computed == action.total && seen.currency == action.currency.as_str() {
        return Ok(());
    }
    let what = if action.taxed_by_odoo { "before taxes, Odoo" } else { "Odoo" };
    Err(format!(
        "{what} computed {computed} {}, the plan said {} {}",
        seen.currency, action.total, action.currency
    ))
}

/// The amount that was predicted: what taxes add, where they are left to Odoo, cannot be.
fn compared(action: &BookOrder, seen: &OrderState) -> Decimal {
    match seen.as_priced {
        Some(as_priced) if action.taxed_by_odoo => as_priced,
        Some(_) | None => seen.total,
    }
}

/// The verdict on an order, from its state read back last. `refused` are Odoo's words if it would not confirm it.
pub(super) fn of_order(
    action: &BookOrder,
    seen: Option<&OrderState>,
    refused: Option<&str>,
) -> Judged {
    let Some(seen) = seen else {
        return Judged::because(OutcomeKind::Unknown, "the order could not be read back");
    };
    let refuse = |said: String| {
        Judged::because(OutcomeKind::Refused, said)
            .about(seen.order_id, Some(compared(action, seen)))
            .with_tax_of(action, seen)
    };
    if let Err(words) = of_amount(action, seen) {
        return refuse(words);
    }
    let as_planned = if action.confirm { seen.is_confirmed() } else { seen.is_quotation() };
    if !as_planned {
        let planned = if action.confirm { "sale" } else { "draft" };
        return refuse(match refused {
            Some(words) => format!("the order stays `{}`: {words}", seen.state),
            None => format!("the order is `{}` in Odoo, the plan said `{planned}`", seen.state),
        });
    }
    if seen.ordered_at.map(|date| date.timestamp()) != Some(action.ordered_at.timestamp()) {
        return refuse(match refused {
            Some(words) => format!("the date of the order could not be put back: {words}"),
            None => "the date of the order is not the date of the receipt".to_owned(),
        });
    }
    // the same amount as the one read back, with the decimals of its currency: over RPC, all amounts are floats
    Judged::applied(seen.order_id, Some(action.total)).with_tax_of(action, seen)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::apply::records::tests::book_order;

    fn seen(action: &BookOrder) -> OrderState {
        OrderState {
            order_id: 4,
            state: "sale".to_owned(),
            total: action.total,
            as_priced: None,
            currency: "USD".to_owned(),
            ordered_at: Some(action.ordered_at),
        }
    }

    #[test]
    fn applied_is_what_was_predicted() {
        let action = book_order(42);
        // 13 and 13.00 are one amount
        let state = OrderState { total: Decimal::from(13), ..seen(&action) };
        assert_eq!(
            of_order(&action, Some(&state), None),
            Judged::applied(4, Some(Decimal::from(13)))
        );
    }

    #[test]
    fn a_cent_is_a_difference() {
        let action = book_order(42);
        let state = OrderState { total: Decimal::new(1200, 2), ..seen(&action) };
        let judged = of_order(&action, Some(&state), None);
        assert_eq!(judged.outcome, OutcomeKind::Refused);
        assert_eq!(judged.said, "Odoo computed 12.00 USD, the plan said 13.00 USD");
        assert_eq!(judged.odoo_id, Some(4));
        let state = OrderState { currency: "EUR".to_owned(), ..seen(&action) };
        assert_eq!(of_order(&action, Some(&state), None).outcome, OutcomeKind::Refused);
    }

    #[test]
    fn what_odoo_adds_is_told_apart() {
        let action = BookOrder { taxed_by_odoo: true, ..book_order(42) };
        let as_priced = Some(Decimal::new(1300, 2));
        let taxed = OrderState { total: Decimal::new(1495, 2), as_priced, ..seen(&action) };
        let judged = of_order(&action, Some(&taxed), None);
        assert_eq!(judged.outcome, OutcomeKind::Applied);
        assert_eq!(judged.odoo_total, Some(Decimal::new(1300, 2)));
        assert_eq!(judged.odoo_tax_added, Some(Decimal::new(195, 2)));
        let cheaper = OrderState { as_priced: Some(Decimal::new(1299, 2)), ..taxed };
        let judged = of_order(&action, Some(&cheaper), None);
        assert_eq!(judged.said, "before taxes, Odoo computed 12.99 USD, the plan said 13.00 USD");
    }

    #[test]
    fn a_draft_is_no_sale_and_a_sale_no_draft() {
        let mut action = book_order(42);
        let state = OrderState { state: "draft".to_owned(), ..seen(&action) };
        let judged = of_order(&action, Some(&state), Some("no stock location"));
        assert_eq!(judged.said, "the order stays `draft`: no stock location");
        action.confirm = false;
        assert_eq!(of_order(&action, Some(&state), None).outcome, OutcomeKind::Applied);
        let judged = of_order(&action, Some(&seen(&action)), None);
        assert_eq!(judged.said, "the order is `sale` in Odoo, the plan said `draft`");
    }

    #[test]
    fn the_date_must_be_that_of_the_receipt() {
        let action = book_order(42);
        let late = Some(action.ordered_at + TimeDelta::days(1));
        let state = OrderState { ordered_at: late, ..seen(&action) };
        assert_eq!(of_order(&action, Some(&state), None).outcome, OutcomeKind::Refused);
    }

    #[test]
    fn what_is_not_seen_is_unknown() {
        assert_eq!(of_order(&book_order(42), None, None).outcome, OutcomeKind::Unknown);
    }
}
