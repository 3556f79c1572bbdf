//! Products that both sides have, and that say different things.

use super::Chosen;
use super::products::called;
use crate::diff::{ProductContrast, ProductFinding};
use crate::plan::{Action, Change, Choice, DescriptionChange, UpdateProduct};

/// Writes what Etsy owns, as far as that is safe. Orders need none of it: the product is there.
pub(super) fn choose(finding: &ProductFinding) -> Chosen {
    let Some(contrast) = &finding.contrast else {
        // the comparison found a difference only because both sides were there
        let reason = "one side is not known any more; plan again".to_owned();
        return (Choice::Hold, reason, None);
    };
    let (update, shared) = update(finding, contrast);
    let is_empty = !update.touches_template() && update.sku.is_none();
    if !is_empty {
        let mut reason = format!("listing {} says otherwise", contrast.listing_id);
        if !shared.is_empty() {
            reason = format!("{reason}; {}", left_to_a_person(&shared, contrast));
        }
        return (Choice::Act(Box::new(Action::UpdateProduct(update))), reason, None);
    }
    if !shared.is_empty() {
        return (Choice::Hold, left_to_a_person(&shared, contrast), None);
    }
    (Choice::Ignore, left_alone(finding, contrast), None)
}

/// What is to be written, and the names of the fields that cannot be: those that several variants share.
fn update<'a>(
    finding: &'a ProductFinding,
    contrast: &ProductContrast,
) -> (UpdateProduct, Vec<&'a str>) {
    let ProductContrast { there, said, .. } = contrast;
    let is_alone = contrast.variants <= 1;
    let mut update = UpdateProduct {
        product_id: finding.product_id.unwrap_or_default(),
        template_id: contrast.template_id,
        name: None,
        sku: None,
        price: None,
        description: None,
    };
    let mut shared = Vec::new();
    for difference in &finding.differences {
        match difference.as_str() {
            "sku" => {
                update.sku = Some(Change { seen: there.sku.clone(), wanted: said.sku.clone() });
            }
            field @ ("name" | "price" | "description") if !is_alone => shared.push(field),
            "name" => {
                update.name = Some(Change { seen: there.name.clone(), wanted: said.name.clone() });
            }
            "price" => update.price = Some(Change { seen: there.price, wanted: said.price }),
            "description" => {
                update.description = Some(DescriptionChange {
                    seen: there.description_hash.clone().unwrap_or_default(),
                    wanted: said.description_hash.clone().unwrap_or_default(),
                    text: finding.description.clone().unwrap_or_default(),
                });
            }
            _ => {}
        }
    }
    (update, shared)
}

fn left_to_a_person(shared: &[&str], contrast: &ProductContrast) -> String {
    let values: Vec<String> = shared
        .iter()
        .map(|field| match *field {
            "name" => format!("name `{}`", contrast.said.name),
            "price" => format!("price {}", contrast.said.price),
            other => other.to_owned(),
        })
        .collect();
    format!(
        "on Etsy it has another {}, which {} variants share in Odoo; change it there by hand, or let Odoo own it",
        values.join(" and "),
        contrast.variants
    )
}

fn left_alone(finding: &ProductFinding, contrast: &ProductContrast) -> String {
    let is = |what: &str| finding.differences.iter().any(|difference| difference == what);
    let mut reasons = Vec::new();
    if is("renumbered") {
        reasons.push(format!(
            "its SKU is {} on Etsy now and stays {} in Odoo, which owns it (product_sku=odoo)",
            finding.sku.as_deref().unwrap_or_default(),
            contrast.there.sku.as_deref().unwrap_or("empty"),
        ));
    }
    if is("shared_price") {
        reasons.push(format!(
            "listings that share {} ask for several prices; listing {} of shop {} speaks for it, with {}",
            called(finding),
            contrast.listing_id,
            contrast.shop,
            contrast.said.price
        ));
    }
    reasons.join("; ")
}
