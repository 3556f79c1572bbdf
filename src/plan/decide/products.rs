//! Products.

use super::product_updates;
use super::{Chosen, Prospect, Prospects, ShopPolicy, external_id, hold};
use crate::diff::ProductFinding;
use crate::domain::{MatchRule, Subject, Verdict};
use crate::plan::{Action, Choice, CreateProduct, Decision};
use crate::shop::UnknownProduct;

pub(super) fn decide(
    shop: &ShopPolicy,
    finding: &ProductFinding,
    prospects: &mut Prospects,
) -> Decision {
    let (choice, reason, prospect) = choose(shop, finding, prospects);
    if let Some(prospect) = prospect {
        prospects.products.insert((finding.shop, finding.key.clone()), prospect);
    }
    Decision {
        shop: finding.shop,
        subject: Subject::Products,
        key: finding.key.clone(),
        verdict: finding.verdict,
        choice,
        reason,
        before: before(finding),
        amount: None,
        currency: None,
    }
}

/// What was seen of the product, with what a person knows it by.
fn before(finding: &ProductFinding) -> Option<serde_json::Value> {
    let product_id = finding.product_id?;
    let there = finding.contrast.as_ref().map(|contrast| &contrast.there);
    Some(serde_json::json!({
        "product_id": product_id,
        "copies": finding.copies,
        "name": there.map(|there| &there.name),
        "sku": there.and_then(|there| there.sku.as_ref()),
    }))
}

fn choose(shop: &ShopPolicy, finding: &ProductFinding, prospects: &mut Prospects) -> Chosen {
    match finding.verdict {
        Verdict::DuplicatedInOdoo => hold(format!(
            "{} products in Odoo answer to {}; choose one (`etsy-odoo products suggest {key}`, then `etsy-odoo products link {key} ID`), or archive or renumber all but one",
            finding.copies,
            called(finding),
            key = finding.key
        )),
        Verdict::Differs if differs_in(finding, "gone") => hold(format!(
            "{} is linked by hand to product {}, which is not in Odoo any more; link another one (`etsy-odoo products link {key} ID`), or none (`etsy-odoo products unlink {key}`)",
            called(finding),
            finding.product_id.unwrap_or_default(),
            key = finding.key
        )),
        Verdict::Differs if differs_in(finding, "archived") => hold(archived(finding)),
        Verdict::Differs => product_updates::choose(finding),
        Verdict::MissingInOdoo => match shop.policy.unknown_product {
            UnknownProduct::Create => create(shop, finding, prospects),
            UnknownProduct::Placeholder => (
                Choice::Ignore,
                "Odoo has no product for it; the shop's policy books it on the placeholder"
                    .to_owned(),
                Some(Prospect::Placeholder),
            ),
            UnknownProduct::Hold => hold(format!(
                "Odoo has no product for {}; link one (`etsy-odoo products suggest {key}`, then `etsy-odoo products link {key} ID`), make one with that SKU, or set unknown_product=create",
                called(finding),
                key = finding.key
            )),
        },
        Verdict::Agrees | Verdict::MissingInEtsy | Verdict::OutsideWindow => {
            (Choice::Ignore, "nothing is asked for".to_owned(), None)
        }
    }
}

fn differs_in(finding: &ProductFinding, what: &str) -> bool {
    finding.differences.iter().any(|difference| difference == what)
}

fn archived(finding: &ProductFinding) -> String {
    let is_linked = finding.matched_by.as_deref() == Some(MatchRule::Link.as_str());
    let otherwise = if is_linked {
        format!("link another one (`etsy-odoo products link {} ID`)", finding.key)
    } else {
        format!(
            "give its SKU to another one, or link another one (`etsy-odoo products link {} ID`)",
            finding.key
        )
    };
    format!("the product for {} is archived in Odoo; unarchive it, or {otherwise}", called(finding))
}

fn create(shop: &ShopPolicy, finding: &ProductFinding, prospects: &mut Prospects) -> Chosen {
    if let Some(product_id) = finding.taken_by {
        // a record that is created under the same external id would be that product
        return hold(format!(
            "product {product_id} was made for {} and has another SKU since; make a product with that SKU in Odoo, or link one: `etsy-odoo products link {} ID`",
            called(finding),
            finding.key
        ));
    }
    let external_id = external_id(&finding.key);
    let prospect = Some(Prospect::Created(external_id.clone()));
    if let Some(owner) = prospects.claim(&external_id, shop) {
        let reason = format!("this plan creates the same product for shop {owner}");
        return (Choice::Ignore, reason, prospect);
    }
    let action = Action::CreateProduct(CreateProduct {
        external_id,
        name: finding.name.clone(),
        sku: finding.sku.clone(),
        is_service: finding.is_digital,
        list_price: finding.price,
        listing_id: finding.listing_id,
        variant_key: finding.variant_key.clone(),
        description: finding.description.clone(),
        review_tag_id: finding.review_tag_id,
    });
    let mut reason = format!("Odoo has no product for {}", called(finding));
    if finding.review_tag_id.is_none() {
        // an order is worth more than a mark
        reason.push_str(
            "; it gets no mark for review, since the tag is missing: run `etsy-odoo init`",
        );
    }
    (Choice::Act(Box::new(action)), reason, prospect)
}

/// What a person knows the product by.
pub(super) fn called(finding: &ProductFinding) -> String {
    match (&finding.sku, finding.listing_id) {
        (Some(sku), _) => format!("SKU {sku}"),
        (None, Some(listing)) if finding.variant_key.is_empty() => format!("listing {listing}"),
        (None, Some(listing)) => format!("listing {listing}, {}", finding.variant_key),
        (None, None) => finding.key.clone(),
    }
}
