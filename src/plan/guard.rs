//! The guard: refuses a plan that changes too much, and says how much, how much is allowed, and what to do.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Choice, Decision, ShopPolicy};
use crate::domain::{ActionKind, ShopId, Verdict};

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

/// What the plan of each shop comes to so far.
#[derive(Debug, Default)]
pub(super) struct Guard {
    changes: BTreeMap<ShopId, Changes>,
}

/// Orders that a plan touches.
#[derive(Debug, Clone, Copy, Default)]
struct Changes {
    new: i64,
    changed: i64,
}

impl Guard {
    /// Counts a decision.
    pub(super) fn see(&mut self, decision: &Decision) {
        let Choice::Act(action) = &decision.choice else { return };
        let changes = self.changes.entry(decision.shop).or_default();
        match (action.kind(), decision.verdict) {
            (ActionKind::BookOrder, Verdict::MissingInOdoo) => {
                changes.new = changes.new.saturating_add(1);
            }
            (ActionKind::BookOrder | ActionKind::ChangeAddress | ActionKind::CancelOrder, _) => {
                changes.changed = changes.changed.saturating_add(1);
            }
            (
                ActionKind::CreateProduct
                | ActionKind::UpdateProduct
                | ActionKind::CreateCustomer
                | ActionKind::CountStock
                | ActionKind::CreateEntry
                | ActionKind::DeactivateListing
                | ActionKind::LowerInventory
                | ActionKind::RaiseInventory
                | ActionKind::ReactivateListing,
                _,
            ) => {}
        }
    }

    /// Refuses what is too much.
    pub(super) fn refusals(
        &self,
        shops: &BTreeMap<ShopId, ShopPolicy>,
        standings: &BTreeMap<ShopId, ShopStanding>,
    ) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (id, shop) in shops {
            let standing = standings.get(id).copied().unwrap_or_default();
            let changes = self.changes.get(id).copied().unwrap_or_default();
            refusals.extend(
                reasons(shop, standing, changes)
                    .into_iter()
                    .map(|reason| Refusal { shop: *id, reason }),
            );
        }
        refusals
    }
}

fn reasons(shop: &ShopPolicy, standing: ShopStanding, changes: Changes) -> Vec<String> {
    let mut reasons = Vec::new();
    let Changes { new, changed } = changes;
    let limit = i64::from(shop.policy.guard_new_orders);
    if new > limit {
        reasons.push(format!(
            "shop {}: {new} new orders, and the limit is {limit} (guard_new_orders)",
            shop.name
        ));
    }
    reasons.extend(too_many_changed(shop, standing.orders_in_odoo, changed));
    if standing.vanished_orders >= SHARES_COUNT_FROM {
        reasons.push(format!(
            "shop {}: {} orders that were booked before are gone from Odoo; see that it is the right database",
            shop.name, standing.vanished_orders
        ));
    }
    reasons
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
