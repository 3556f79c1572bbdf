//! Quantities that go from Odoo to Etsy.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::inventory_words as words;
use super::{Prospect, Prospects, ShopPolicy};
use crate::diff::{InventoryFinding, Mover, Obstacle, StockOffering};
use crate::domain::{Currency, Subject, Verdict};
use crate::plan::{
    Action, Choice, Decision, OfferingChange, ReactivateListing, SetInventory, StockSeen,
};
use crate::shop::{Freeze, SoldOutListing, StockConflict};

/// What becomes of an offering, the most patient last: what holds one of a quantity group holds all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lot {
    /// It has what it may have, or is left as it is for a reason of its own.
    Rests,
    /// It is set.
    Changes,
    /// It is raised later: something is frozen, or a sale may be on its way.
    Waits,
    /// Its seller's number stays, by the shop's policy.
    StaysSellers,
    /// A person decides between both sides.
    Held,
}

pub(super) fn decide(
    shop: &ShopPolicy,
    finding: &InventoryFinding,
    now: DateTime<Utc>,
    prospects: &Prospects,
) -> Decision {
    let (choice, reason) = choose(shop, finding, now, prospects);
    let amount = match &choice {
        Choice::Act(action) => action.stock_revenue(),
        Choice::Hold | Choice::Ignore => None,
    };
    Decision {
        shop: finding.shop,
        subject: Subject::Inventory,
        key: finding.key.clone(),
        verdict: finding.verdict,
        choice,
        reason,
        before: Some(before(finding)),
        amount,
        currency: finding.currency.parse().ok(),
    }
}

/// Both sides as they were seen, with what a person knows the listing by.
fn before(finding: &InventoryFinding) -> serde_json::Value {
    let offerings: Vec<_> = finding
        .offerings
        .iter()
        .map(|offering| {
            serde_json::json!({
                "variant_key": offering.variant_key,
                "sku": offering.sku,
                "on_etsy": offering.known,
                "allowed": offering.target,
                "agreed": offering.base_quantity,
                "moved": offering.moved,
                "obstacle": offering.obstacle,
            })
        })
        .collect();
    serde_json::json!({
        "title": finding.title,
        "state": finding.state,
        "updated_at": finding.updated_at,
        "offerings": offerings,
    })
}

fn choose(
    shop: &ShopPolicy,
    finding: &InventoryFinding,
    now: DateTime<Utc>,
    prospects: &Prospects,
) -> (Choice, String) {
    let is = |what: &str| finding.differences.iter().any(|difference| difference == what);
    match finding.verdict {
        Verdict::MissingInOdoo => return unlinked(shop, finding, prospects),
        Verdict::DuplicatedInOdoo => return (Choice::Hold, words::ambiguous(finding)),
        Verdict::Differs if is("no_inventory") => {
            return (
                Choice::Hold,
                "Etsy shows no inventory of it; open it on Etsy, save it, and read it again with `etsy-odoo run --full`"
                    .to_owned(),
            );
        }
        Verdict::Differs if is("unread") => {
            return (
                Choice::Hold,
                "it is not known when its quantities were read; read them again with `etsy-odoo run --full`"
                    .to_owned(),
            );
        }
        Verdict::Differs => {}
        Verdict::Agrees | Verdict::MissingInEtsy | Verdict::OutsideWindow => {
            return (Choice::Ignore, "nothing is asked for".to_owned());
        }
    }
    let lots = lots(shop, finding, now);
    let listing = Listing { shop, finding, lots, now };
    listing.choose()
}

/// A listing of which nothing is linked.
fn unlinked(
    shop: &ShopPolicy,
    finding: &InventoryFinding,
    prospects: &Prospects,
) -> (Choice, String) {
    let is_created = finding
        .offerings
        .iter()
        .filter(|offering| offering.obstacle == Some(Obstacle::Unlinked))
        .all(|offering| {
            let key = (finding.shop, offering.product_key.clone());
            matches!(prospects.products.get(&key), Some(Prospect::Created(_)))
        });
    if is_created {
        let reason =
            "this plan creates the products for it; their stock is compared from the next run on";
        return (Choice::Ignore, reason.to_owned());
    }
    (Choice::Hold, words::unlinked(shop, finding))
}

/// What becomes of each offering, in order.
fn lots(shop: &ShopPolicy, finding: &InventoryFinding, now: DateTime<Utc>) -> Vec<Lot> {
    let own: Vec<Lot> =
        finding.offerings.iter().map(|offering| lot(shop, finding, offering, now)).collect();
    let mut groups: BTreeMap<&str, Lot> = BTreeMap::new();
    for (offering, lot) in finding.offerings.iter().zip(&own) {
        let group = groups.entry(&offering.quantity_group).or_insert(Lot::Rests);
        *group = (*group).max(*lot);
    }
    finding
        .offerings
        .iter()
        .zip(own)
        .map(|(offering, own)| match (own, groups.get(offering.quantity_group.as_str())) {
            (Lot::Rests, _) | (_, None) => own,
            (_, Some(group)) => *group,
        })
        .collect()
}

fn lot(
    shop: &ShopPolicy,
    finding: &InventoryFinding,
    offering: &StockOffering,
    now: DateTime<Utc>,
) -> Lot {
    let shown = shown(finding, offering);
    if offering.obstacle.is_some() || offering.target == shown {
        return Lot::Rests;
    }
    let policy = &shop.policy.stock;
    let was_let_be = policy.conflict == StockConflict::Etsy
        && offering.moved == Mover::Nobody
        && offering.base_quantity != offering.base_target;
    match (offering.moved, policy.conflict) {
        (Mover::Etsy | Mover::Both, StockConflict::Hold) => return Lot::Held,
        (Mover::Etsy | Mover::Both, StockConflict::Etsy) => return Lot::StaysSellers,
        (Mover::Etsy | Mover::Both, StockConflict::Odoo)
        | (Mover::Nobody | Mover::Odoo | Mover::Unknown, _) => {}
    }
    if was_let_be {
        return Lot::StaysSellers;
    }
    let is_raised = offering.target > shown;
    if is_raised && (offering.unexplained > 0 || frozen(shop, offering, now).is_some()) {
        return Lot::Waits;
    }
    Lot::Changes
}

/// How many are for sale now: none of a listing that is not on sale.
pub(in crate::plan) fn shown(finding: &InventoryFinding, offering: &StockOffering) -> i32 {
    if finding.state == "active" { offering.known } else { 0 }
}

/// The span in which an offering is not raised, if it is now.
fn frozen(shop: &ShopPolicy, offering: &StockOffering, now: DateTime<Utc>) -> Option<String> {
    match &offering.frozen {
        // it was read when it was set
        Some(rule) => Freeze::read("freeze", rule).unwrap_or_default().holds_at(now),
        None => shop.policy.stock.freeze.holds_at(now),
    }
}

/// A listing whose offerings are judged.
struct Listing<'a> {
    shop: &'a ShopPolicy,
    finding: &'a InventoryFinding,
    lots: Vec<Lot>,
    now: DateTime<Utc>,
}

impl Listing<'_> {
    fn with(&self, lot: Lot) -> impl Iterator<Item = &StockOffering> {
        self.finding
            .offerings
            .iter()
            .zip(&self.lots)
            .filter(move |(_, own)| **own == lot)
            .map(|(offering, _)| offering)
    }

    fn has(&self, lot: Lot) -> bool {
        self.lots.contains(&lot)
    }

    fn choose(&self) -> (Choice, String) {
        let reason = self.reason();
        if self.has(Lot::Changes) {
            return match self.action() {
                Ok(action) => (Choice::Act(Box::new(action)), reason),
                Err(obstacle) => (Choice::Hold, format!("{reason}; {obstacle}")),
            };
        }
        if self.has(Lot::Held) || self.blocked().next().is_some() {
            return (Choice::Hold, reason);
        }
        (Choice::Ignore, reason)
    }

    /// Offerings on sale that cannot be set.
    fn blocked(&self) -> impl Iterator<Item = (&StockOffering, Obstacle)> {
        self.finding.offerings.iter().filter_map(|offering| match offering.obstacle {
            Some(
                obstacle @ (Obstacle::Unlinked
                | Obstacle::Ambiguous
                | Obstacle::Archived
                | Obstacle::Uncounted
                | Obstacle::GroupUnlinked),
            ) if shown(self.finding, offering) > 0 => Some((offering, obstacle)),
            Some(_) | None => None,
        })
    }

    /// What is done, or why it cannot be.
    fn action(&self) -> Result<Action, String> {
        let finding = self.finding;
        let currency: Currency = finding
            .currency
            .parse()
            .map_err(|_unknown| format!("its currency `{}` is none", finding.currency))?;
        let set = self.set(currency);
        let is_zero = finding.offerings.iter().zip(&self.lots).all(|(offering, lot)| {
            if *lot == Lot::Changes { offering.target == 0 } else { offering.known == 0 }
        });
        // Etsy takes no inventory without anything, and to take a listing off sale nothing of it is written
        if finding.state == "active" && is_zero {
            return Ok(Action::DeactivateListing(set));
        }
        if let Some(fault) = &finding.fault {
            return Err(format!(
                "it cannot be written back without a loss: {fault}; set it by hand on Etsy"
            ));
        }
        match finding.state.as_str() {
            "active" => {}
            "sold_out" => {
                if self.shop.policy.stock.sold_out_listing == SoldOutListing::Hold {
                    return Err(words::RENEWAL_HELD.to_owned());
                }
                return Ok(self.reactivation(set, true));
            }
            _ => return Ok(self.reactivation(set, false)),
        }
        let is_lowered = set.offerings.iter().any(|offering| offering.wanted < offering.seen);
        Ok(if is_lowered { Action::LowerInventory(set) } else { Action::RaiseInventory(set) })
    }

    fn reactivation(&self, inventory: SetInventory, is_renewed: bool) -> Action {
        Action::ReactivateListing(ReactivateListing {
            inventory,
            is_renewed,
            seen_updated_at: self.finding.updated_at,
        })
    }

    fn set(&self, currency: Currency) -> SetInventory {
        let finding = self.finding;
        // what goes on sale again goes with all of it, and what has nothing left goes without
        let is_off_sale = finding.state != "active";
        let is_set = |offering: &StockOffering, lot: Lot| match lot {
            Lot::Changes => is_off_sale || offering.known != offering.target,
            Lot::Rests => {
                is_off_sale && offering.obstacle.is_none() && offering.known != offering.target
            }
            Lot::Waits | Lot::StaysSellers | Lot::Held => false,
        };
        let offerings = finding
            .offerings
            .iter()
            .zip(&self.lots)
            .filter(|(offering, lot)| is_set(offering, **lot))
            .map(|(offering, _)| OfferingChange {
                variant_key: offering.variant_key.clone(),
                sku: offering.sku.clone(),
                seen: offering.known,
                wanted: offering.target,
                price: offering.price,
            })
            .collect();
        let stock: BTreeMap<i32, Decimal> = self
            .with(Lot::Changes)
            .flat_map(|offering| &offering.parts)
            .map(|part| (part.product_id, part.available))
            .collect();
        SetInventory {
            listing_id: finding.listing_id,
            title: finding.title.clone(),
            seen_state: finding.state.clone(),
            offerings,
            stock: stock
                .into_iter()
                .map(|(product_id, available)| StockSeen { product_id, available })
                .collect(),
            warehouse_ids: finding.warehouse_ids.clone(),
            basis: finding.basis,
            currency,
        }
    }

    /// Both sides, who moved, and what is left alone, in a merchant's words.
    fn reason(&self) -> String {
        let finding = self.finding;
        let mut reasons = Vec::new();
        let changing: Vec<&StockOffering> = self.with(Lot::Changes).collect();
        reasons.extend(words::sides(finding, &changing));
        reasons.extend(words::movers(&changing));
        if !changing.is_empty() && finding.differences.iter().any(|what| what == "zero") {
            reasons.push(words::TAKEN_OFF.to_owned());
        }
        if !changing.is_empty() && finding.state == "sold_out" {
            reasons.push(words::RENEWAL.to_owned());
        }
        let held: Vec<&StockOffering> = self.with(Lot::Held).collect();
        reasons.extend(words::conflict(finding, &held));
        let sellers: Vec<&StockOffering> = self.with(Lot::StaysSellers).collect();
        reasons.extend(words::sellers(finding, &sellers));
        let waiting: Vec<&StockOffering> = self.with(Lot::Waits).collect();
        reasons.extend(words::sides(finding, &waiting));
        let spans: BTreeSet<String> =
            waiting.iter().filter_map(|offering| frozen(self.shop, offering, self.now)).collect();
        reasons.extend(spans.iter().map(|span| format!("nothing is raised in {span} (freeze)")));
        reasons.extend(words::unexplained(&finding.offerings));
        let blocked: Vec<(&StockOffering, Obstacle)> = self.blocked().collect();
        reasons.extend(words::obstacles(self.shop, &blocked));
        reasons.join("; ")
    }
}
