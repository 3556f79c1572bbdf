//! Why quantities are set, or left as they are, in a merchant's words.

use std::collections::BTreeMap;

use super::ShopPolicy;
use super::inventory::shown;
use crate::diff::{InventoryFinding, Mover, Obstacle, StockOffering};

/// Of how many offerings both numbers are told.
const TOLD: usize = 3;

pub(super) const TAKEN_OFF: &str = "Etsy takes no listing without anything for sale, so what has nothing left is taken off sale until there is stock again";

pub(super) const RENEWAL: &str =
    "it is sold out on Etsy, and to sell it again Etsy renews it for a fee of 0.20 USD";

pub(super) const RENEWAL_HELD: &str =
    "renew it on Etsy, or let it be renewed: sold_out_listing=renew";

/// What a person knows an offering by; nothing for a plain listing without SKU.
fn name(offering: &StockOffering) -> Option<String> {
    let variations = offering.variations.as_deref().filter(|text| !text.is_empty());
    match (variations, offering.sku.as_deref()) {
        (Some(variations), _) => Some(variations.to_owned()),
        (None, Some(sku)) => Some(format!("SKU {sku}")),
        (None, None) => None,
    }
}

fn named(offering: &StockOffering, words: &str) -> String {
    match name(offering) {
        Some(name) => format!("{name}: {words}"),
        None => words.to_owned(),
    }
}

/// The first few, and how many more there are.
fn first_few(told: impl ExactSizeIterator<Item = String>) -> Option<String> {
    let more = told.len().saturating_sub(TOLD);
    let mut words: Vec<String> = told.take(TOLD).collect();
    if more > 0 {
        words.push(format!("and {more} more"));
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// Both sides' numbers.
pub(super) fn sides(finding: &InventoryFinding, offerings: &[&StockOffering]) -> Option<String> {
    first_few(offerings.iter().map(|offering| {
        let words =
            format!("Etsy offers {}, Odoo allows {}", shown(finding, offering), offering.target);
        named(offering, &words)
    }))
}

/// Who moved since both sides last agreed, of those that are set.
pub(super) fn movers(offerings: &[&StockOffering]) -> Vec<String> {
    let mut reasons = Vec::new();
    let moved = |who: Mover| offerings.iter().filter(move |offering| offering.moved == who);
    if moved(Mover::Odoo).next().is_some() {
        reasons.push("Odoo's stock has moved since both sides agreed".to_owned());
    }
    for (who, words) in [(Mover::Etsy, "its seller"), (Mover::Both, "its seller and Odoo both")] {
        let told: Vec<String> = moved(who).map(|offering| edit(offering, words)).collect();
        if let Some(told) = first_few(told.into_iter()) {
            reasons.push(format!("{told}; Odoo's number goes over it (stock_conflict=odoo)"));
        }
    }
    reasons
}

fn edit(offering: &StockOffering, who: &str) -> String {
    let agreed = offering.base_quantity.unwrap_or_default();
    let left = agreed.saturating_sub(offering.sold_since_base).max(0);
    let since = offering.agreed_at.map_or_else(String::new, |agreed_at| {
        format!(" since {}", agreed_at.format("%Y-%m-%d %H:%M"))
    });
    named(offering, &format!("{who} changed it from {left} to {} on Etsy{since}", offering.known))
}

/// Both moved, or the seller alone, and a person decides.
pub(super) fn conflict(finding: &InventoryFinding, held: &[&StockOffering]) -> Option<String> {
    let told = first_few(held.iter().map(|offering| edit(offering, "its seller")))?;
    let sides = sides(finding, held).unwrap_or_default();
    Some(format!(
        "{told}; {sides}; make both sides say the same, or let one of them be right (stock_conflict=odoo or etsy)"
    ))
}

/// The seller's number stays.
pub(super) fn sellers(finding: &InventoryFinding, offerings: &[&StockOffering]) -> Option<String> {
    let told = sides(finding, offerings)?;
    Some(format!(
        "{told}: its seller set it on Etsy, and it stays until Odoo's stock moves (stock_conflict=etsy)"
    ))
}

/// Sales that may be on their way.
pub(super) fn unexplained(offerings: &[StockOffering]) -> Option<String> {
    let units = offerings.iter().map(|offering| offering.unexplained).max().filter(|u| *u > 0)?;
    Some(format!(
        "Etsy shows {units} fewer than known sales explain: one may be on its way, so it is not raised"
    ))
}

/// What keeps some offerings from being set.
pub(super) fn obstacles(shop: &ShopPolicy, blocked: &[(&StockOffering, Obstacle)]) -> Vec<String> {
    let mut by_obstacle: BTreeMap<Obstacle, Vec<String>> = BTreeMap::new();
    for (offering, obstacle) in blocked {
        let name = name(offering).unwrap_or_else(|| "it".to_owned());
        by_obstacle.entry(*obstacle).or_default().push(name);
    }
    by_obstacle
        .into_iter()
        .map(|(obstacle, names)| {
            let names = first_few(names.into_iter()).unwrap_or_default();
            format!("{names} {}", obstacle_words(shop, obstacle))
        })
        .collect()
}

fn obstacle_words(shop: &ShopPolicy, obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::Unlinked => format!(
            "is linked to no product in Odoo; link it, give a product its SKU, or leave it out: `etsy-odoo inventory rule {} SKU exclude=yes`",
            shop.name
        ),
        Obstacle::Ambiguous => {
            "is answered to by several products in Odoo; archive or renumber all but one".to_owned()
        }
        Obstacle::Archived => {
            "is archived in Odoo; unarchive it, or link another product".to_owned()
        }
        Obstacle::Uncounted => format!(
            "has a product that was made for it, and Odoo has never had stock of it; receive it in Odoo, or count it as Etsy has it: `etsy-odoo inventory adopt --shop {}`",
            shop.name
        ),
        Obstacle::GroupUnlinked => {
            "shares its quantity on Etsy with a variation that cannot be set, and is left as it is"
                .to_owned()
        }
        Obstacle::NotStocked => "has no stock in Odoo".to_owned(),
        Obstacle::Excluded => "is excluded".to_owned(),
    }
}

/// A listing of which nothing is linked.
pub(super) fn unlinked(shop: &ShopPolicy, finding: &InventoryFinding) -> String {
    let units: i64 =
        finding.offerings.iter().map(|offering| i64::from(shown(finding, offering))).sum();
    format!(
        "Etsy offers {units}, and nothing of it is linked to a product in Odoo; link it, give a product its SKU, or leave it out: `etsy-odoo inventory rule {} {} exclude=yes`",
        shop.name, finding.listing_id
    )
}

/// A listing of which several products claim to be.
pub(super) fn ambiguous(finding: &InventoryFinding) -> String {
    let told = finding
        .offerings
        .iter()
        .filter(|offering| offering.obstacle == Some(Obstacle::Ambiguous))
        .map(|offering| named(offering, &format!("{} products", offering.copies)))
        .collect::<Vec<_>>();
    format!(
        "several products in Odoo answer to it ({}); archive or renumber all but one",
        first_few(told.into_iter()).unwrap_or_default()
    )
}
