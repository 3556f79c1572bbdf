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

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::diff::ProductValues;
    use crate::domain::{ShopId, Verdict};

    fn values(name: &str, sku: &str, price: i64, hash: &str) -> ProductValues {
        ProductValues {
            name: name.to_owned(),
            sku: Some(sku.to_owned()),
            price: Decimal::new(price, 2),
            description_hash: Some(hash.to_owned()),
        }
    }

    fn finding(differences: &[&str], variants: i32) -> ProductFinding {
        ProductFinding {
            shop: ShopId(7),
            key: "sku_1".to_owned(),
            verdict: Verdict::Differs,
            differences: differences.iter().map(|what| (*what).to_owned()).collect(),
            sku: Some("CUP".to_owned()),
            listing_id: Some(5),
            variant_key: String::new(),
            name: "[Etsy 5] Cup".to_owned(),
            is_digital: false,
            price: Decimal::TEN,
            description: Some("A cup".to_owned()),
            review_tag_id: None,
            taken_by: None,
            product_id: Some(30),
            copies: 1,
            matched_by: Some("place".to_owned()),
            contrast: Some(ProductContrast {
                template_id: 20,
                variants,
                listing_id: 5,
                shop: "acme".to_owned(),
                there: values("Mug", "MUG", 900, "a"),
                said: values("[Etsy 5] Cup", "CUP", 1000, "b"),
            }),
        }
    }

    fn written(chosen: &Chosen) -> &UpdateProduct {
        let Choice::Act(action) = &chosen.0 else { panic!("{chosen:?}") };
        let Action::UpdateProduct(update) = &**action else { panic!("{chosen:?}") };
        update
    }

    #[test]
    fn what_differs_is_written_and_nothing_else() {
        let chosen = choose(&finding(&["name", "sku"], 1));
        let update = written(&chosen);
        assert_eq!((update.product_id, update.template_id), (30, 20));
        assert_eq!(
            update.name,
            Some(Change { seen: "Mug".to_owned(), wanted: "[Etsy 5] Cup".to_owned() })
        );
        assert_eq!(
            update.sku,
            Some(Change { seen: Some("MUG".to_owned()), wanted: Some("CUP".to_owned()) })
        );
        assert_eq!((&update.price, &update.description), (&None, &None));
        assert_eq!(chosen.1, "listing 5 says otherwise");
        let description = choose(&finding(&["description"], 1));
        let description = written(&description).description.as_ref().unwrap();
        assert_eq!(
            (description.seen.as_str(), description.wanted.as_str(), description.text.as_str()),
            ("a", "b", "A cup")
        );
    }

    #[test]
    fn what_variants_share_is_held_and_orders_do_not_wait() {
        let (choice, reason, prospect) = choose(&finding(&["name", "price"], 3));
        assert_eq!((choice, prospect), (Choice::Hold, None));
        assert_eq!(
            reason,
            "on Etsy it has another name `[Etsy 5] Cup` and price 10.00, which 3 variants share in Odoo; \
             change it there by hand, or let Odoo own it"
        );
        let chosen = choose(&finding(&["price", "sku"], 3));
        let update = written(&chosen);
        assert!(update.sku.is_some() && !update.touches_template());
        assert!(chosen.1.contains("price 10.00, which 3 variants share"), "{}", chosen.1);
    }

    #[test]
    fn what_is_left_alone_is_told() {
        let (choice, reason, prospect) = choose(&finding(&["renumbered", "shared_price"], 1));
        assert_eq!((choice, prospect), (Choice::Ignore, None));
        assert_eq!(
            reason,
            "its SKU is CUP on Etsy now and stays MUG in Odoo, which owns it (product_sku=odoo); \
             listings that share SKU CUP ask for several prices; listing 5 of shop acme speaks for it, with 10.00"
        );
    }
}
