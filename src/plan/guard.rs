//! The guard: refuses a plan that changes too much, and says how much, how much is allowed, and what to do.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Action, Choice, Decision, ShopPolicy};
use crate::domain::{ShopId, Verdict};

/// Below this many orders, a share says nothing.
const SHARES_COUNT_FROM: i64 = 10;

/// How many orders of a shop stood in Odoo when the plan was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShopStanding {
    /// Orders in Odoo that claim a receipt of the shop.
    pub orders_in_odoo: i64,
    /// Orders that we booked before, read back, and that Odoo no longer has.
    pub vanished_orders: i64,
}

/// Why a plan is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Whose plan it is.
    pub shop: ShopId,
    /// The figures, in words.
    pub reason: String,
}

/// Looks at the plan of each shop. No refusal: the plan may be applied.
pub fn guard(
    shops: &BTreeMap<ShopId, ShopPolicy>,
    standings: &BTreeMap<ShopId, ShopStanding>,
    decisions: &[Decision],
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (id, shop) in shops {
        let standing = standings.get(id).copied().unwrap_or_default();
        let (mut new, mut changed) = (0_i64, 0_i64);
        for decision in decisions.iter().filter(|decision| decision.shop == *id) {
            match (&decision.choice, decision.verdict) {
                (Choice::Act(action), Verdict::MissingInOdoo)
                    if matches!(**action, Action::BookOrder(_)) =>
                {
                    new = new.saturating_add(1);
                }
                (Choice::Act(action), _)
                    if matches!(
                        **action,
                        Action::BookOrder(_) | Action::ChangeAddress(_) | Action::CancelOrder(_)
                    ) =>
                {
                    changed = changed.saturating_add(1);
                }
                _ => {}
            }
        }
        let limit = i64::from(shop.policy.guard_new_orders);
        if new > limit {
            refusals.push(refuse(
                *id,
                format!(
                    "shop {}: {new} new orders, and the limit is {limit} (guard_new_orders)",
                    shop.name
                ),
            ));
        }
        if let Some(reason) = too_many_changed(shop, standing.orders_in_odoo, changed) {
            refusals.push(refuse(*id, reason));
        }
        if standing.vanished_orders >= SHARES_COUNT_FROM {
            refusals.push(refuse(*id, format!(
                "shop {}: {} orders that were booked before are gone from Odoo; see that it is the right database",
                shop.name, standing.vanished_orders
            )));
        }
    }
    refusals
}

fn refuse(shop: ShopId, reason: String) -> Refusal {
    Refusal { shop, reason }
}

fn too_many_changed(shop: &ShopPolicy, there: i64, changed: i64) -> Option<String> {
    if there < SHARES_COUNT_FROM {
        return None;
    }
    let share = Decimal::from(changed).checked_div(Decimal::from(there))?.round_dp(3);
    (share > shop.policy.guard_changed_share).then(|| {
        format!(
            "shop {}: {changed} of {there} orders would change, a share of {share}, and the limit is {} (guard_changed_share)",
            shop.name, shop.policy.guard_changed_share
        )
    })
}
