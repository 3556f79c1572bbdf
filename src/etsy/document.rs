//! An inventory as it is written back: what was read, with other quantities.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::domain::Money;
use crate::etsy::wire::{Inventory, InventoryProperty, Product};

/// Etsy's own pages take no more; its reference names no ceiling.
const MOST_UNITS: i32 = 999;

/// Why an inventory cannot be written as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unwritable(String);

/// The whole inventory of a listing, without what changes with each write and what Etsy works out by itself.
///
/// Two that are equal are the same in everything that a seller or buyer can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryDocument {
    products: Vec<ProductDocument>,
    price_on_property: Vec<i64>,
    quantity_on_property: Vec<i64>,
    sku_on_property: Vec<i64>,
    readiness_state_on_property: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct ProductDocument {
    variant_key: String,
    quantity_group: String,
    sku: String,
    properties: Vec<PropertyDocument>,
    price: Money,
    quantity: i32,
    is_enabled: bool,
    readiness_state_id: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct PropertyDocument {
    property_id: i64,
    // Etsy takes no null here
    #[serde(skip_serializing_if = "Option::is_none")]
    property_name: Option<String>,
    scale_id: Option<i64>,
    value_ids: Vec<i64>,
    values: Vec<String>,
}

/// The quantity of one offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered<'document> {
    /// What tells it from its siblings; empty for a plain listing.
    pub variant_key: &'document str,
    /// How many are for sale.
    pub quantity: i32,
    /// Whether buyers can choose it.
    pub is_enabled: bool,
}

impl InventoryDocument {
    /// Takes an inventory over, if it can be written back as it is.
    pub fn read(inventory: &Inventory<'_>) -> Result<Self, Unwritable> {
        if let Some(fault) = inventory.fault() {
            return Err(Unwritable(fault));
        }
        let products = inventory
            .living_products()
            .map(|product| ProductDocument::read(product, &inventory.quantity_on_property))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            products,
            price_on_property: inventory.price_on_property.clone(),
            quantity_on_property: inventory.quantity_on_property.clone(),
            sku_on_property: inventory.sku_on_property.clone(),
            readiness_state_on_property: inventory.readiness_state_on_property.clone(),
        })
    }

    /// Its offerings, in Etsy's order.
    pub fn offerings(&self) -> impl Iterator<Item = Offered<'_>> {
        self.products.iter().map(|product| Offered {
            variant_key: &product.variant_key,
            quantity: product.quantity,
            is_enabled: product.is_enabled,
        })
    }

    /// In how many properties its products vary.
    pub fn properties(&self) -> usize {
        self.products.iter().map(|product| product.properties.len()).max().unwrap_or_default()
    }

    /// Whether some offering tells no processing profile: it has none, or Etsy does not tell.
    pub fn lacks_readiness(&self) -> bool {
        self.products.iter().any(|product| product.readiness_state_id.is_none())
    }

    /// Whether buyers would find nothing to buy.
    pub fn is_empty(&self) -> bool {
        !self.products.iter().any(|product| product.is_enabled && product.quantity > 0)
    }

    /// The same with other quantities of the offerings that are named by their variant keys, and of those that share their
    /// quantity with them.
    pub fn with_quantities(&self, wanted: &BTreeMap<String, i32>) -> Result<Self, Unwritable> {
        let mut of_group: BTreeMap<&str, i32> = BTreeMap::new();
        for (key, quantity) in wanted {
            let product = self.products.iter().find(|product| product.variant_key == *key);
            let Some(product) = product else {
                return Err(Unwritable(format!("it has no variation {}", named(key))));
            };
            if !(0..=MOST_UNITS).contains(quantity) {
                let name = named(key);
                return Err(Unwritable(format!(
                    "{quantity} of {name} are not between 0 and {MOST_UNITS}"
                )));
            }
            let settled = *of_group.entry(&product.quantity_group).or_insert(*quantity);
            if settled != *quantity {
                return Err(Unwritable(format!(
                    "{} shares its quantity with variations that shall have another",
                    named(key)
                )));
            }
        }
        let mut changed = self.clone();
        for product in &mut changed.products {
            if let Some(quantity) = of_group.get(product.quantity_group.as_str()) {
                product.quantity = *quantity;
            }
        }
        Ok(changed)
    }

    /// The body of a write. Prices are decimal numbers, exact to the last digit.
    pub fn to_put_body(&self) -> Result<Bytes, Unwritable> {
        let products = self
            .products
            .iter()
            .map(ProductDocument::written)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Unwritable(format!("a price of it cannot be written: {error}")))?;
        let written = WrittenInventory {
            products,
            price_on_property: &self.price_on_property,
            quantity_on_property: &self.quantity_on_property,
            sku_on_property: &self.sku_on_property,
            readiness_state_on_property: &self.readiness_state_on_property,
        };
        serde_json::to_vec(&written)
            .map(Bytes::from)
            .map_err(|error| Unwritable(format!("it cannot be written: {error}")))
    }

    /// Whether both say the same, in whatever order.
    pub fn same_but_for_ids(&self, other: &Self) -> bool {
        let quantities = |document: &Self| -> BTreeMap<String, i32> {
            let offerings = document.offerings();
            offerings.map(|offered| (offered.variant_key.to_owned(), offered.quantity)).collect()
        };
        self.difference_but_for_quantities(other).is_none() && quantities(self) == quantities(other)
    }

    /// What is another in `other`, in words; nothing when only quantities, ids and the order are.
    pub fn difference_but_for_quantities(&self, other: &Self) -> Option<String> {
        let by_key = |document: &'_ Self| -> BTreeMap<String, ProductDocument> {
            let products = document.products.iter().cloned();
            products.map(|product| (product.variant_key.clone(), product)).collect()
        };
        let (mine, theirs) = (by_key(self), by_key(other));
        if let Some(key) = mine.keys().find(|key| !theirs.contains_key(*key)) {
            return Some(format!("the variation {} is gone", named(key)));
        }
        if let Some(key) = theirs.keys().find(|key| !mine.contains_key(*key)) {
            return Some(format!("the variation {} is new", named(key)));
        }
        let differing = mine.iter().zip(theirs.values()).find_map(|((key, product), its)| {
            product.difference(its).map(|what| format!("the {what} of {} is another", named(key)))
        });
        differing.or_else(|| self.other_dependence(other))
    }

    fn other_dependence(&self, other: &Self) -> Option<String> {
        [
            ("price", &self.price_on_property, &other.price_on_property),
            ("quantity", &self.quantity_on_property, &other.quantity_on_property),
            ("SKU", &self.sku_on_property, &other.sku_on_property),
            (
                "processing profile",
                &self.readiness_state_on_property,
                &other.readiness_state_on_property,
            ),
        ]
        .into_iter()
        .find(|(_, mine, theirs)| as_set(mine) != as_set(theirs))
        .map(|(what, _, _)| format!("the {what} depends on other properties"))
    }
}

fn as_set(ids: &[i64]) -> BTreeSet<i64> {
    ids.iter().copied().collect()
}

/// What a person can find in the listing.
fn named(variant_key: &str) -> String {
    if variant_key.is_empty() { "the listing".to_owned() } else { format!("`{variant_key}`") }
}

impl ProductDocument {
    fn read(product: &Product<'_>, quantity_on_property: &[i64]) -> Result<Self, Unwritable> {
        let offering = product
            .living_offerings()
            .next()
            .ok_or_else(|| Unwritable("a product of it has no offering".to_owned()))?;
        let price = offering
            .price
            .money()
            .map_err(|error| Unwritable(format!("a price in it does not read: {error}")))?;
        Ok(Self {
            variant_key: product.variant_key(),
            quantity_group: product.quantity_group(quantity_on_property),
            sku: product.sku.as_deref().unwrap_or_default().to_owned(),
            properties: product.property_values.iter().map(PropertyDocument::from).collect(),
            price,
            quantity: offering.quantity,
            is_enabled: offering.is_enabled,
            readiness_state_id: offering.readiness_state_id,
        })
    }

    fn written(&self) -> Result<WrittenProduct<'_>, serde_json::Error> {
        Ok(WrittenProduct {
            sku: &self.sku,
            property_values: &self.properties,
            offerings: [WrittenOffering {
                price: RawValue::from_string(self.price.to_decimal().to_string())?,
                quantity: self.quantity,
                is_enabled: self.is_enabled,
                readiness_state_id: self.readiness_state_id,
            }],
        })
    }

    fn difference(&self, other: &Self) -> Option<&'static str> {
        let sorted = |product: &Self| -> BTreeSet<PropertyDocument> {
            product.properties.iter().cloned().collect()
        };
        if self.sku != other.sku {
            Some("SKU")
        } else if !self.price.same_value(other.price) {
            Some("price")
        } else if self.is_enabled != other.is_enabled {
            Some("visibility")
        } else if self.readiness_state_id != other.readiness_state_id {
            Some("processing profile")
        } else if sorted(self) != sorted(other) {
            Some("set of properties")
        } else {
            None
        }
    }
}

impl From<&InventoryProperty<'_>> for PropertyDocument {
    fn from(property: &InventoryProperty<'_>) -> Self {
        Self {
            property_id: property.property_id,
            property_name: property.property_name.as_deref().map(str::to_owned),
            scale_id: property.scale_id,
            value_ids: property.value_ids.clone(),
            values: property.values.iter().map(|value| value.clone().into_owned()).collect(),
        }
    }
}

/// As the reference has it (<https://developers.etsy.com/documentation/reference/#operation/updateListingInventory>).
#[derive(Serialize)]
struct WrittenInventory<'a> {
    products: Vec<WrittenProduct<'a>>,
    price_on_property: &'a [i64],
    quantity_on_property: &'a [i64],
    sku_on_property: &'a [i64],
    readiness_state_on_property: &'a [i64],
}

#[derive(Serialize)]
struct WrittenProduct<'a> {
    sku: &'a str,
    property_values: &'a [PropertyDocument],
    offerings: [WrittenOffering; 1],
}

#[derive(Serialize)]
struct WrittenOffering {
    price: Box<RawValue>,
    quantity: i32,
    is_enabled: bool,
    // null is a value here: it has to be there
    readiness_state_id: Option<i64>,
}

#[cfg(test)]
mod tests;
