//! Quantities that go from Etsy to Odoo.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Prospect, Prospects, ShopPolicy};
use crate::diff::CountFinding;
use crate::domain::{Subject, Verdict};
use crate::plan::{Action, Choice, CountStock, Decision};

pub(super) fn decide(shop: &ShopPolicy, finding: &CountFinding, prospects: &Prospects) -> Decision {
    let (choice, reason) = choose(shop, finding, prospects);
    Decision {
        shop: finding.shop,
        subject: Subject::Inventory,
        key: finding.key.clone(),
        verdict: finding.verdict,
        choice,
        reason,
        before: Some(serde_json::json!({
            "sku": finding.sku,
            "product_id": finding.product_id,
            "on_etsy": finding.offerings.iter().map(|offering| offering.known).collect::<Vec<_>>(),
            "listings": listings(finding),
            "counted": finding.seen,
        })),
        amount: None,
        currency: None,
    }
}

fn listings(finding: &CountFinding) -> BTreeSet<i64> {
    finding.offerings.iter().map(|offering| offering.listing_id).collect()
}

fn called(finding: &CountFinding) -> String {
    match (&finding.sku, finding.offerings.first()) {
        (Some(sku), _) => format!("SKU {sku}"),
        (None, Some(offering)) => format!("listing {}", offering.listing_id),
        (None, None) => finding.key.clone(),
    }
}

fn choose(shop: &ShopPolicy, finding: &CountFinding, prospects: &Prospects) -> (Choice, String) {
    let hold = |reason: String| (Choice::Hold, reason);
    match finding.verdict {
        Verdict::MissingInOdoo => {
            let key = (finding.shop, finding.key.clone());
            if matches!(prospects.products.get(&key), Some(Prospect::Created(_))) {
                let reason = "this plan creates the product; its stock is counted by the next one";
                return (Choice::Ignore, reason.to_owned());
            }
            return hold(format!(
                "Odoo has no product for {}; make one with that SKU, or link one",
                called(finding)
            ));
        }
        Verdict::DuplicatedInOdoo => {
            return hold(format!(
                "{} products in Odoo answer to {}; archive or renumber all but one",
                finding.copies,
                called(finding)
            ));
        }
        Verdict::Differs if finding.differences.iter().any(|what| what == "archived") => {
            return hold(format!(
                "the product for {} is archived in Odoo; unarchive it",
                called(finding)
            ));
        }
        Verdict::Differs => {}
        Verdict::Agrees | Verdict::MissingInEtsy | Verdict::OutsideWindow => {
            return (Choice::Ignore, "nothing is asked for".to_owned());
        }
    }
    match counted(finding) {
        Err(reason) => hold(reason),
        Ok(_) if !finding.is_counted_here => (
            Choice::Ignore,
            "the same product is counted under another key, or for another shop, of this plan"
                .to_owned(),
        ),
        Ok((count, known)) if count.counted == count.seen => (
            Choice::Ignore,
            format!(
                "Etsy offers {known}, and Odoo has counted as many; what differs are the bounds of shop {}",
                shop.name
            ),
        ),
        Ok((count, known)) => {
            let reason = format!(
                "Etsy offers {known} of {}, Odoo allows {}; {} stood where it is counted",
                called(finding),
                allowed(finding).normalize(),
                count.seen.normalize()
            );
            (Choice::Act(Box::new(Action::CountStock(count))), reason)
        }
    }
}

/// How many Odoo allows before floor and cap.
fn allowed(finding: &CountFinding) -> Decimal {
    let pending = finding.free.saturating_sub(finding.left_over);
    let shared = finding.share.saturating_mul(finding.free.saturating_sub(finding.buffer)).floor();
    shared.saturating_sub(pending).max(Decimal::ZERO)
}

/// The count, and how many Etsy offers; or why a person has to count.
fn counted(finding: &CountFinding) -> Result<(CountStock, i32), String> {
    let (Some(product_id), Some(location_id)) = (finding.product_id, finding.location_id) else {
        return Err("Odoo has no warehouse to count it in; see stock_warehouse_ids".to_owned());
    };
    if finding.is_kit {
        return Err(
            "it is a kit, which has no stock of its own; count its parts in Odoo".to_owned()
        );
    }
    if finding.is_tracked || finding.has_others {
        return Err(
            "Odoo keeps it by lot, in packages or for other owners; count it in Odoo".to_owned()
        );
    }
    if finding.offerings.iter().any(|offering| offering.is_shared) {
        return Err("on Etsy it has its quantity in common with other products, so nobody knows how many of them are its own; count it in Odoo".to_owned());
    }
    let shown: BTreeSet<i32> = finding.offerings.iter().map(|offering| offering.known).collect();
    let (Some(known), true) = (shown.first().copied(), shown.len() == 1) else {
        let shown: Vec<String> = shown.iter().map(ToString::to_string).collect();
        return Err(format!(
            "listings that share it offer different quantities ({}); make them the same on Etsy, or count it in Odoo",
            shown.join(", ")
        ));
    };
    let pending = finding.free.saturating_sub(finding.left_over);
    let wanted = Decimal::from(known).saturating_add(pending);
    let needed = wanted.checked_div(finding.share).map(|units| units.ceil());
    let Some(needed) = needed else {
        return Err("the shop's share of it is 0, so no stock gives what Etsy offers".to_owned());
    };
    let change = needed.saturating_add(finding.buffer).saturating_sub(finding.free);
    let counted = finding.seen.saturating_add(change);
    if counted.is_sign_negative() && !counted.is_zero() {
        return Err(format!(
            "Etsy offers {known}, and Odoo has more of it in other places than where it is counted; count it in Odoo"
        ));
    }
    Ok((CountStock { product_id, location_id, seen: finding.seen, counted }, known))
}
