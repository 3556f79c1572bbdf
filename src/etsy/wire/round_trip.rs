//! Whether an inventory can be written back as it is. A write replaces the whole of it
//! (<https://github.com/etsy/open-api/issues/337>), so what is not understood would be lost.

use std::collections::BTreeSet;

use super::{Inventory, InventoryProperty, Offering, Product};
use crate::domain::VariantKey;

/// The most properties that products vary in (<https://developers.etsy.com/documentation/tutorials/third-variation>).
const MOST_PROPERTIES: usize = 3;

impl Inventory<'_> {
    /// Why it would not come back from a write as it was read, to complete "its inventory cannot be written back: …";
    /// nothing when it would.
    pub fn fault(&self) -> Option<String> {
        if let Some(field) = self.unknown_fields.first() {
            return Some(unknown("it", field));
        }
        let mut living = self.products.iter().filter(|product| !product.is_deleted).peekable();
        if living.peek().is_none() {
            return Some("it has no products".to_owned());
        }
        living.find_map(Product::fault).or_else(|| self.ambiguity())
    }

    /// The products that are more than a memory.
    pub fn living_products(&self) -> impl Iterator<Item = &Product<'_>> {
        self.products.iter().filter(|product| !product.is_deleted)
    }

    /// Offerings are told apart by their property values alone.
    fn ambiguity(&self) -> Option<String> {
        if self.products.len() < 2 {
            return None;
        }
        let mut keys = BTreeSet::new();
        let is_ambiguous =
            self.living_products().any(|product| !keys.insert(product.variant_key()));
        is_ambiguous.then(|| "two of its products have the same property values".to_owned())
    }
}

impl Product<'_> {
    /// What tells its offering from those of its siblings; empty for a plain listing.
    pub fn variant_key(&self) -> String {
        self.key_on(|_| true)
    }

    /// What it shares with the products that have the same quantity, where `on` are the properties on which quantities
    /// depend; empty when all share it.
    pub fn quantity_group(&self, on: &[i64]) -> String {
        self.key_on(|property| on.contains(&property))
    }

    fn key_on(&self, is_meant: impl Fn(i64) -> bool) -> String {
        let mut key = VariantKey::default();
        for property in &self.property_values {
            if !property.is_personalisation() && is_meant(property.property_id) {
                property.values.iter().for_each(|value| key.add(property.property_id, value));
            }
        }
        key.finish()
    }

    fn fault(&self) -> Option<String> {
        if let Some(field) = self.unknown_fields.first() {
            return Some(unknown("a product of it", field));
        }
        let mut offerings = self.living_offerings();
        let (Some(offering), None) = (offerings.next(), offerings.next()) else {
            return Some("a product of it has not exactly one offering".to_owned());
        };
        if self.property_values.len() > MOST_PROPERTIES {
            return Some(format!("a product of it has more than {MOST_PROPERTIES} properties"));
        }
        if self.sku.as_deref().is_some_and(holds_an_entity) {
            return Some(entity("a SKU"));
        }
        offering.fault().or_else(|| self.property_values.iter().find_map(InventoryProperty::fault))
    }
}

impl Offering<'_> {
    fn fault(&self) -> Option<String> {
        if let Some(field) = self.unknown_fields.first() {
            return Some(unknown("an offering of it", field));
        }
        if self.quantity < 0 {
            return Some("an offering of it has a quantity below 0".to_owned());
        }
        match self.price.money() {
            Ok(price) if price.minor() > 0 => None,
            Ok(_) => Some("an offering of it has no price".to_owned()),
            Err(error) => Some(format!("a price in it does not read: {error}")),
        }
    }
}

impl InventoryProperty<'_> {
    /// Etsy refuses empty values (<https://github.com/etsy/open-api/issues/134>) and parentheses
    /// (<https://developers.etsy.com/documentation/reference/#operation/updateListingInventory>), though it shows both.
    fn fault(&self) -> Option<String> {
        if let Some(field) = self.unknown_fields.first() {
            return Some(unknown("a property value in it", field));
        }
        if self.is_personalisation() {
            return Some("it has a personalisation among its property values".to_owned());
        }
        if self.values.is_empty() || self.values.iter().any(|value| value.trim().is_empty()) {
            return Some("a property in it has no value, which Etsy does not take back".to_owned());
        }
        if self.value_ids.len() != self.values.len() {
            return Some("a property in it has not as many ids of values as values".to_owned());
        }
        if self.values.iter().any(|value| value.contains(['(', ')'])) {
            return Some(
                "a property value in it has parentheses, which Etsy does not take back".to_owned(),
            );
        }
        let mut texts = self.values.iter().chain(&self.property_name);
        texts.any(|text| holds_an_entity(text)).then(|| entity("a property in it"))
    }
}

fn unknown(what: &str, field: &str) -> String {
    let field: String = field.chars().filter(|letter| !letter.is_control()).take(60).collect();
    format!("{what} has a field `{field}`, which this version does not know and would lose")
}

fn entity(what: &str) -> String {
    format!("{what} is written with HTML entities, and may not come back as it was")
}

/// `&amp;`, `&#39;`: whether Etsy takes them for what they are or for what they stand for, nobody says
/// (<https://github.com/etsy/open-api/issues/446>).
fn holds_an_entity(text: &str) -> bool {
    text.split('&').skip(1).any(|rest| {
        rest.split_once(';').is_some_and(|(name, _)| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn inventory() -> Value {
        let product = |id: i64, size: &str| {
            json!({
                "product_id": id, "sku": "B", "is_deleted": false,
                "offerings": [{
                    "offering_id": id + 100, "quantity": 4, "is_enabled": true, "is_deleted": false,
                    "price": {"amount": 2400, "divisor": 100, "currency_code": "USD"},
                    "readiness_state_id": 5
                }],
                "property_values": [{
                    "property_id": 513, "property_name": "Size", "scale_id": null, "scale_name": null,
                    "value_ids": [id], "values": [size]
                }]
            })
        };
        json!({
            "products": [product(1, "Large"), product(2, "Small")],
            "price_on_property": [], "quantity_on_property": [513], "sku_on_property": [],
            "readiness_state_on_property": [], "listing": null
        })
    }

    fn fault_of(inventory: &Value) -> Option<String> {
        let text = inventory.to_string();
        let read: Inventory<'_> = serde_json::from_str(&text).unwrap();
        read.fault()
    }

    #[test]
    fn a_usual_inventory_can_be_written_back() {
        assert_eq!(fault_of(&inventory()), None);
        let mut deleted = inventory();
        deleted["products"][1]["is_deleted"] = json!(true);
        deleted["products"][1]["property_values"][0]["values"] = json!([]);
        assert_eq!(fault_of(&deleted), None, "what is only a memory is left out");
        let mut ampersand = inventory();
        ampersand["products"][1]["property_values"][0]["values"] = json!(["Salt & pepper; big"]);
        assert_eq!(fault_of(&ampersand), None);
    }

    #[test]
    fn what_would_be_lost_or_refused_is_said() {
        let value = "/products/1/property_values/0";
        for (place, to, word) in [
            ("/news", json!(1), "`news`"),
            ("/products/1/news", json!(1), "a product of it has a field `news`"),
            ("/products/1/offerings/0/news", json!(1), "an offering"),
            (&format!("{value}/news"), json!(1), "a property value"),
            ("/products", json!([]), "no products"),
            ("/products/1/offerings", json!([]), "not exactly one offering"),
            ("/products/1/sku", json!("A&amp;B"), "entities"),
            ("/products/1/offerings/0/price/amount", json!(0), "no price"),
            ("/products/1/offerings/0/price/divisor", json!(7), "divisor"),
            ("/products/1/offerings/0/quantity", json!(-1), "below 0"),
            (&format!("{value}/values"), json!([" "]), "no value"),
            (&format!("{value}/values"), json!([]), "no value"),
            (&format!("{value}/values"), json!(["S (small)"]), "parentheses"),
            (&format!("{value}/values"), json!(["9&quot;"]), "entities"),
            (&format!("{value}/property_name"), json!("S&#39;"), "entities"),
            (&format!("{value}/values"), json!(["large "]), "the same property values"),
            (&format!("{value}/value_ids"), json!([]), "as many ids"),
            (&format!("{value}/property_id"), json!(54), "personalisation"),
        ] {
            let mut changed = inventory();
            let (parent, field) = place.rsplit_once('/').unwrap();
            changed.pointer_mut(parent).unwrap()[field] = to.clone();
            let fault = fault_of(&changed).unwrap_or_default();
            assert!(fault.contains(word), "{place} = {to}: {fault}");
        }
    }

    #[test]
    fn the_quantity_depends_on_some_properties() {
        let text = inventory().to_string();
        let read: Inventory<'_> = serde_json::from_str(&text).unwrap();
        let groups = |on: &[i64]| -> Vec<String> {
            read.living_products().map(|product| product.quantity_group(on)).collect()
        };
        assert_eq!(groups(&[513, 200]), ["513=large", "513=small"]);
        assert_eq!(groups(&[]), ["", ""]);
        assert_eq!(read.products[0].variant_key(), "513=large");
    }
}
