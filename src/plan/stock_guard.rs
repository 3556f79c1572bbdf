//! The guard of the quantities: refuses a plan that takes too much off sale, changes too much, or is made from a stock that
//! cannot be right.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::decide::shown;
use super::{Choice, Decision, Refusal, ShopPolicy};
use crate::diff::InventoryFinding;
use crate::domain::{ActionKind, ShopId};

/// Below this many listings, a share says nothing.
const SHARES_COUNT_FROM: i64 = 10;

/// Below that, so many listings that go to nothing and are all there are.
const ALL_COUNTS_FROM: i64 = 2;

/// How the quantities of a shop stood when the plan was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockStanding {
    /// How many listings are on sale on Etsy, and compared.
    pub on_sale: i64,
    /// How many listings are compared.
    pub compared: i64,
    /// The warehouses that count for the shop.
    pub warehouse_ids: Vec<i32>,
    /// Of them, those that Odoo does not have, or has archived.
    pub absent_warehouse_ids: Vec<i32>,
    /// Whether Odoo showed no stock of anything in them.
    pub is_empty: bool,
    /// Of how many offerings Odoo allowed any to be sold when both sides last agreed.
    pub allowed_before: i64,
}

/// What the plan of each shop comes to so far.
#[derive(Debug, Default)]
pub(super) struct StockGuard {
    changes: BTreeMap<ShopId, Changes>,
}

/// Listings that a plan touches.
#[derive(Debug, Clone, Copy, Default)]
struct Changes {
    zeroed: i64,
    lowered: i64,
    changed: i64,
}

impl StockGuard {
    /// Counts a decision.
    pub(super) fn see(&mut self, finding: &InventoryFinding, decision: &Decision) {
        let Choice::Act(action) = &decision.choice else { return };
        let changes = self.changes.entry(finding.shop).or_default();
        let is_lowered =
            matches!(action.kind(), ActionKind::DeactivateListing | ActionKind::LowerInventory);
        changes.changed = changes.changed.saturating_add(1);
        changes.lowered = changes.lowered.saturating_add(i64::from(is_lowered));
        changes.zeroed =
            changes.zeroed.saturating_add(i64::from(is_lowered && goes_to_nothing(finding)));
    }

    /// Refuses what is too much, or cannot be right.
    pub(super) fn refusals(
        &self,
        shops: &BTreeMap<ShopId, ShopPolicy>,
        standings: &BTreeMap<ShopId, StockStanding>,
    ) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (id, standing) in standings {
            let Some(shop) = shops.get(id) else { continue };
            let Some(changes) = self.changes.get(id) else { continue };
            refusals.extend(
                reasons(shop, standing, *changes)
                    .into_iter()
                    .map(|reason| Refusal { shop: *id, reason }),
            );
        }
        refusals
    }
}

/// Whether all of a listing that can be set goes to nothing, and something of it is for sale now.
fn goes_to_nothing(finding: &InventoryFinding) -> bool {
    let mut set = finding.offerings.iter().filter(|offering| offering.obstacle.is_none());
    let is_on_sale = set.clone().any(|offering| shown(finding, offering) > 0);
    is_on_sale && set.all(|offering| offering.target == 0)
}

fn reasons(shop: &ShopPolicy, standing: &StockStanding, changes: Changes) -> Vec<String> {
    let mut reasons = Vec::new();
    reasons.extend(wrong_warehouses(shop, standing));
    if standing.is_empty && standing.allowed_before > 0 && changes.lowered > 0 {
        reasons.push(format!(
            "shop {}: Odoo shows no stock at all in the shop's warehouses, and had some of {} offerings when both sides last agreed; see that it is the right database and that its role may read stock",
            shop.name, standing.allowed_before
        ));
    }
    reasons.extend(too_many_zeroed(shop, standing.on_sale, changes.zeroed));
    reasons.extend(too_many_changed(shop, standing.compared, changes.changed));
    reasons
}

fn wrong_warehouses(shop: &ShopPolicy, standing: &StockStanding) -> Option<String> {
    if standing.warehouse_ids.is_empty() {
        return Some(format!(
            "shop {}: Odoo has no warehouse for it; name some: `etsy-odoo shop set {} stock_warehouse_ids=1`",
            shop.name, shop.name
        ));
    }
    if standing.absent_warehouse_ids.is_empty() {
        return None;
    }
    let ids: Vec<String> = standing.absent_warehouse_ids.iter().map(ToString::to_string).collect();
    Some(format!(
        "shop {}: Odoo has no warehouse {}, or it is archived (stock_warehouse_ids, warehouse_id)",
        shop.name,
        ids.join(", ")
    ))
}

fn too_many_zeroed(shop: &ShopPolicy, on_sale: i64, zeroed: i64) -> Option<String> {
    let limit = shop.policy.stock.guard_zeroed_share;
    if on_sale < SHARES_COUNT_FROM {
        return (zeroed >= ALL_COUNTS_FROM && zeroed >= on_sale).then(|| {
            format!(
                "shop {}: all {on_sale} listings on sale would go to nothing (guard_zeroed_share)",
                shop.name
            )
        });
    }
    let share = share(zeroed, on_sale)?;
    (share > limit).then(|| {
        format!(
            "shop {}: {zeroed} of {on_sale} listings on sale would go to nothing, a share of {share}, and the limit is {limit} (guard_zeroed_share)",
            shop.name
        )
    })
}

fn too_many_changed(shop: &ShopPolicy, compared: i64, changed: i64) -> Option<String> {
    if compared < SHARES_COUNT_FROM {
        return None;
    }
    let limit = shop.policy.stock.guard_quantity_share;
    let share = share(changed, compared)?;
    (share > limit).then(|| {
        format!(
            "shop {}: the quantities of {changed} of {compared} listings would change, a share of {share}, and the limit is {limit} (guard_quantity_share)",
            shop.name
        )
    })
}

fn share(part: i64, whole: i64) -> Option<Decimal> {
    Decimal::from(part).checked_div(Decimal::from(whole)).map(|share| share.round_dp(3))
}
