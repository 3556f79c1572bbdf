//! What lies of products at locations in Odoo now, read from its database.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::ApplyError;
use super::application::Application;
use crate::plan::CountStock;

/// What lies of a product at a location without lot, package and owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QuantState {
    /// In how many quants.
    pub(super) quants: i64,
    /// The first of them.
    pub(super) quant_id: Option<i32>,
    /// How many.
    pub(super) quantity: Decimal,
    /// Whether a count of it is entered and not applied.
    pub(super) is_entered: bool,
    /// What is entered.
    pub(super) entered: Decimal,
    /// By how much that was more than there was when it was entered.
    pub(super) difference: Decimal,
}

/// How a place stands to what is to be counted there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// As the plan saw it.
    Due,
    /// The count is entered at this quant, and nothing has moved.
    Entered(i32),
    /// As counted.
    Done,
    /// Otherwise, and in which way.
    Changed(String),
}

impl Standing {
    /// Whether there is still something to do.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Due | Self::Entered(_) => true,
            Self::Done | Self::Changed(_) => false,
        }
    }
}

/// Compares a place with what the plan saw there and with what it counts.
pub(super) fn standing(count: &CountStock, state: Option<&QuantState>) -> Standing {
    let Some(state) = state else {
        return Standing::Changed("it could not be looked at".to_owned());
    };
    if state.quantity == count.counted {
        return Standing::Done;
    }
    if state.quantity != count.seen {
        return Standing::Changed(format!(
            "{} are there in Odoo now, the plan saw {}",
            state.quantity.normalize(),
            count.seen.normalize()
        ));
    }
    if state.quants > 1 {
        // Odoo would count one of them only
        return Standing::Changed(format!(
            "it is there in {} quants: open Inventory, Physical Inventory in Odoo once, which merges them",
            state.quants
        ));
    }
    let difference = count.counted.saturating_sub(count.seen);
    match state.quant_id {
        Some(quant_id)
            if state.is_entered
                && state.entered == count.counted
                && state.difference == difference =>
        {
            Standing::Entered(quant_id)
        }
        _ if state.is_entered => Standing::Changed("somebody is counting it in Odoo".to_owned()),
        _ => Standing::Due,
    }
}

impl Application<'_> {
    /// Reads what lies where something is to be counted, by product and location.
    pub(super) async fn quants(
        &self,
        counts: &[&CountStock],
    ) -> Result<BTreeMap<(i32, i32), QuantState>, ApplyError> {
        let (products, locations): (Vec<i32>, Vec<i32>) =
            counts.iter().map(|count| (count.product_id, count.location_id)).unzip();
        if products.is_empty() {
            return Ok(BTreeMap::new());
        }
        let statement = sql!("apply/plain_quants.sql");
        let attempted = "look at what is to be counted in Odoo";
        let rows = self.read_odoo(attempted, statement, &[&products, &locations]).await?;
        Ok(rows
            .iter()
            .map(|row| {
                let state = QuantState {
                    quants: row.get("quants"),
                    quant_id: row.get("quant_id"),
                    quantity: row.get("quantity"),
                    is_entered: row.get("is_entered"),
                    entered: row.get("entered"),
                    difference: row.get("difference"),
                };
                ((row.get("product_id"), row.get("location_id")), state)
            })
            .collect())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Ten were seen, and seven are counted.
    pub(in crate::apply) fn count() -> CountStock {
        CountStock { product_id: 3, location_id: 8, seen: Decimal::TEN, counted: Decimal::from(7) }
    }

    pub(in crate::apply) fn quant(quantity: i64) -> QuantState {
        QuantState {
            quants: 1,
            quant_id: Some(5),
            quantity: Decimal::from(quantity),
            is_entered: false,
            entered: Decimal::ZERO,
            difference: Decimal::ZERO,
        }
    }

    #[test]
    fn a_place_is_as_seen_or_as_counted_or_it_moved() {
        assert_eq!(standing(&count(), Some(&quant(10))), Standing::Due);
        assert_eq!(standing(&count(), Some(&quant(7))), Standing::Done);
        let words = "9 are there in Odoo now, the plan saw 10".to_owned();
        assert_eq!(standing(&count(), Some(&quant(9))), Standing::Changed(words));
        // nothing there, and a count of what nobody has seen before
        let empty = QuantState { quants: 0, quant_id: None, ..quant(0) };
        let first = CountStock { seen: Decimal::ZERO, ..count() };
        assert_eq!(standing(&first, Some(&empty)), Standing::Due);
    }

    #[test]
    fn what_is_entered_is_applied_only_if_it_is_this_count_of_what_is_still_there() {
        let entered = |entered: i64, difference: i64| QuantState {
            is_entered: true,
            entered: Decimal::from(entered),
            difference: Decimal::from(difference),
            ..quant(10)
        };
        assert_eq!(standing(&count(), Some(&entered(7, -3))), Standing::Entered(5));
        // of another quantity, which came back since
        assert!(matches!(standing(&count(), Some(&entered(7, -2))), Standing::Changed(_)));
        assert!(matches!(standing(&count(), Some(&entered(8, -2))), Standing::Changed(_)));
    }

    #[test]
    fn several_quants_are_left_to_odoo_to_merge() {
        let several = QuantState { quants: 2, ..quant(10) };
        assert!(matches!(standing(&count(), Some(&several)), Standing::Changed(_)));
    }
}
