//! Orders whose receipt has another address than when they were booked.

use super::orders::{Chosen, Needs, address};
use crate::diff::{OrderInOdoo, OrderWanted};
use crate::plan::{Action, ChangeAddress, Choice};

/// Sends an order where its receipt says, unless goods have left or a person has chosen. What else differs waits for the
/// next run: the parcel does not.
pub(super) fn follow(needs: &Needs<'_>, wanted: &OrderWanted, there: &OrderInOdoo) -> Chosen {
    let name = &there.name;
    let Some((shipping, seen_shipping_id)) = address(needs, wanted).zip(there.shipping_id) else {
        return Ok((Choice::Ignore, format!("Etsy shows no address for {name}; it keeps its own")));
    };
    if !there.shipping_was_asked {
        let reason = format!(
            "{name} goes to another address of its buyer, which its receipt never had: a person chose it"
        );
        return Ok((Choice::Ignore, reason));
    }
    match there.delivery_status.as_str() {
        "none" | "pending" => {}
        "full" => {
            let reason = format!(
                "the address changed on Etsy, and {name} is delivered: it keeps the one that it went to"
            );
            return Ok((Choice::Ignore, reason));
        }
        _ => {
            return Err(format!(
                "the address changed on Etsy, and {name} is delivered in part; send the rest to the new address in Odoo"
            ));
        }
    }
    let action = Action::ChangeAddress(ChangeAddress {
        order_id: there.order_id,
        receipt_id: needs.finding.receipt,
        shipping: shipping?,
        company_id: needs.shop.policy.company_id,
        seen_shipping_id,
        seen_state: there.state.clone(),
    });
    let reason = format!("the address changed on Etsy after {name} was booked");
    Ok((Choice::Act(Box::new(action)), reason))
}
