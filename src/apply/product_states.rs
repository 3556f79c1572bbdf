//! How products stand in Odoo now, read from its database.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::ApplyError;
use super::application::Application;
use crate::plan::UpdateProduct;

/// A product as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProductState {
    /// Its template.
    pub(super) template_id: i32,
    /// Whether it is not archived.
    pub(super) active: bool,
    /// Its `default_code`.
    pub(super) sku: Option<String>,
    /// Its name.
    pub(super) name: String,
    /// Its sales price.
    pub(super) price: Decimal,
    /// A hash of the words of its description.
    pub(super) description_hash: String,
    /// How many variants share its template.
    pub(super) variants: i64,
}

/// How a product stands to what is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// As the plan saw it.
    Due,
    /// As Etsy has it.
    Done,
    /// Otherwise, and in which way.
    Changed(String),
}

/// Compares a product with what the plan saw of it and with what it wants.
pub(super) fn standing(action: &UpdateProduct, state: Option<&ProductState>) -> Standing {
    let Some(state) = state else {
        return Standing::Changed("the product is no longer in Odoo".to_owned());
    };
    if !state.active {
        return Standing::Changed("the product is archived in Odoo now".to_owned());
    }
    if state.template_id != action.template_id || (action.touches_template() && state.variants > 1)
    {
        return Standing::Changed("the product shares its template with others now".to_owned());
    }
    // of each field: whether it is as wanted, and whether it is as seen
    let fields = [
        ("name", action.name.as_ref().map(|name| compare(&state.name, &name.wanted, &name.seen))),
        ("SKU", action.sku.as_ref().map(|sku| compare(&state.sku, &sku.wanted, &sku.seen))),
        (
            "price",
            action.price.as_ref().map(|price| compare(&state.price, &price.wanted, &price.seen)),
        ),
        (
            "description",
            action
                .description
                .as_ref()
                .map(|words| compare(&state.description_hash, &words.wanted, &words.seen)),
        ),
    ];
    let compared = || fields.iter().filter_map(|(field, is)| is.map(|is| (*field, is)));
    if compared().all(|(_, (is_wanted, _))| is_wanted) {
        return Standing::Done;
    }
    let changed: Vec<&str> = compared()
        .filter(|(_, (is_wanted, is_seen))| !is_wanted && !is_seen)
        .map(|(field, _)| field)
        .collect();
    if changed.is_empty() {
        return Standing::Due;
    }
    Standing::Changed(format!("somebody changed its {} in Odoo since", changed.join(" and ")))
}

fn compare<T: PartialEq>(now: &T, wanted: &T, seen: &T) -> (bool, bool) {
    (now == wanted, now == seen)
}

impl Application<'_> {
    /// Reads how products stand. One that is gone is left out.
    pub(super) async fn product_states(
        &self,
        product_ids: &[i32],
    ) -> Result<BTreeMap<i32, ProductState>, ApplyError> {
        if product_ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let statement = sql!("apply/products.sql");
        let rows = self.read_odoo("look at products in Odoo", statement, &[&product_ids]).await?;
        Ok(rows
            .iter()
            .map(|row| {
                let state = ProductState {
                    template_id: row.get("template_id"),
                    active: row.get("active"),
                    sku: row.get("sku"),
                    name: row.get("name"),
                    price: row.get("price"),
                    description_hash: row.get("description_hash"),
                    variants: row.get("variants"),
                };
                (row.get("product_id"), state)
            })
            .collect())
    }

    /// Those of some products that are archived or gone.
    pub(super) async fn unsaleable(
        &self,
        product_ids: &BTreeSet<i32>,
    ) -> Result<BTreeSet<i32>, ApplyError> {
        let ids: Vec<i32> = product_ids.iter().copied().collect();
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let statement = sql!("apply/unsaleable_products.sql");
        let rows = self.read_odoo("look for archived products in Odoo", statement, &[&ids]).await?;
        Ok(rows.iter().map(|row| row.get("product_id")).collect())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::plan::{Change, DescriptionChange};

    pub(in crate::apply) fn action() -> UpdateProduct {
        UpdateProduct {
            product_id: 7,
            template_id: 5,
            name: Some(Change { seen: "Mug".to_owned(), wanted: "Cup".to_owned() }),
            sku: Some(Change { seen: None, wanted: Some("CUP".to_owned()) }),
            price: None,
            description: Some(DescriptionChange {
                seen: "a".to_owned(),
                wanted: "b".to_owned(),
                text: "A cup".to_owned(),
            }),
        }
    }

    pub(in crate::apply) fn state() -> ProductState {
        ProductState {
            template_id: 5,
            active: true,
            sku: None,
            name: "Mug".to_owned(),
            price: Decimal::ONE,
            description_hash: "a".to_owned(),
            variants: 1,
        }
    }

    #[test]
    fn a_product_is_as_seen_or_as_wanted_or_somebody_changed_it() {
        assert_eq!(standing(&action(), Some(&state())), Standing::Due);
        // what is not to be written may be anything
        let dearer = ProductState { price: Decimal::TEN, ..state() };
        assert_eq!(standing(&action(), Some(&dearer)), Standing::Due);
        let half = ProductState { name: "Cup".to_owned(), ..state() };
        assert_eq!(standing(&action(), Some(&half)), Standing::Due);
        let done =
            ProductState { sku: Some("CUP".to_owned()), description_hash: "b".to_owned(), ..half };
        assert_eq!(standing(&action(), Some(&done)), Standing::Done);
        let other = ProductState { name: "Jug".to_owned(), sku: Some("J".to_owned()), ..state() };
        assert_eq!(
            standing(&action(), Some(&other)),
            Standing::Changed("somebody changed its name and SKU in Odoo since".to_owned())
        );
    }

    #[test]
    fn what_is_archived_gone_or_shared_by_now_is_not_written() {
        let changed = |state: Option<ProductState>| {
            matches!(standing(&action(), state.as_ref()), Standing::Changed(_))
        };
        assert!(changed(None));
        assert!(changed(Some(ProductState { active: false, ..state() })));
        assert!(changed(Some(ProductState { variants: 2, ..state() })));
        assert!(changed(Some(ProductState { template_id: 6, ..state() })));
        // a SKU is the variant's own
        let sku_only = UpdateProduct { name: None, description: None, ..action() };
        let shared = ProductState { variants: 2, ..state() };
        assert_eq!(standing(&sku_only, Some(&shared)), Standing::Due);
    }
}
