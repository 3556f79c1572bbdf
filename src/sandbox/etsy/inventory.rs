//! Reading a written inventory, with all the refusals that Etsy has for it
//! (<https://developers.etsy.com/documentation/tutorials/listings#inventory>).

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};
use serde_json::Number;

use super::refusal::Refusal;
use crate::sandbox::world::{Listing, OnProperty, Product, PropertyValue, Shop, values_on};

/// Etsy's own pages allow no more; the published schema names no ceiling.
const MOST_UNITS: i64 = 999;

/// The body of a write. Fields that only a read has (`product_id`, `scale_name`, `is_deleted`…) are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    products: Option<Vec<WrittenProduct>>,
    #[serde(default)]
    price_on_property: Vec<i64>,
    #[serde(default)]
    quantity_on_property: Vec<i64>,
    #[serde(default)]
    sku_on_property: Vec<i64>,
    readiness_state_on_property: Option<Vec<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenProduct {
    sku: Option<String>,
    #[serde(default)]
    property_values: Vec<WrittenValue>,
    offerings: Vec<WrittenOffering>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenValue {
    property_id: i64,
    value_ids: Vec<i64>,
    values: Vec<String>,
    scale_id: Option<i64>,
    property_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOffering {
    price: Number,
    quantity: i64,
    is_enabled: bool,
    #[serde(deserialize_with = "present_or_null")]
    readiness_state_id: Option<i64>,
}

/// Null is fine, absence is not.
fn present_or_null<'de, D: Deserializer<'de>>(value: D) -> Result<Option<i64>, D::Error> {
    Option::deserialize(value)
}

/// The products and the properties they vary on, or Etsy's refusal. `most_properties` is 2, or 3 where the caller
/// says that it knows of third variations. The ids of the products are still to be given.
pub(super) fn read(
    body: &[u8],
    listing: &Listing,
    seller: &Shop,
    most_properties: usize,
) -> Result<(Vec<Product>, OnProperty), Refusal> {
    let written: Written =
        serde_json::from_slice(body).map_err(|error| Refusal::bad_request(error.to_string()))?;
    let on_property = OnProperty {
        price: written.price_on_property,
        quantity: written.quantity_on_property,
        sku: written.sku_on_property,
        readiness_state: written.readiness_state_on_property.unwrap_or_default(),
    };
    let products = written.products.unwrap_or_default();
    if products.is_empty() {
        return Err(Refusal::bad_request("Missing Input Parameter: [products]"));
    }
    let products = products
        .into_iter()
        .map(|product| read_product(product, listing, seller))
        .collect::<Result<Vec<_>, _>>()?;
    check_properties(&products, most_properties)?;
    check_on_property(&products, &on_property)?;
    if products.iter().all(|product| product.quantity == 0) {
        return Err(Refusal::bad_request("One offering must have quantity greater than 0"));
    }
    Ok((products, on_property))
}

fn read_product(
    written: WrittenProduct,
    listing: &Listing,
    seller: &Shop,
) -> Result<Product, Refusal> {
    let [offering] = written.offerings.as_slice() else {
        return Err(Refusal::bad_request("A product must have one offering"));
    };
    if !(0..=MOST_UNITS).contains(&offering.quantity) {
        return Err(Refusal::bad_request("The quantity must be between 0 and 999"));
    }
    let price = minor_units(&offering.price, seller.decimals)?;
    Ok(Product {
        id: 0,
        earlier_id: 0,
        offering_id: 0,
        sku: written.sku.unwrap_or_default(),
        quantity: offering.quantity,
        price,
        is_enabled: offering.is_enabled,
        readiness_state_id: offering.readiness_state_id,
        property_values: written
            .property_values
            .into_iter()
            .map(|value| read_value(value, listing))
            .collect::<Result<_, _>>()?,
    })
}

fn read_value(written: WrittenValue, listing: &Listing) -> Result<PropertyValue, Refusal> {
    // <https://github.com/etsy/open-api/issues/134>
    if written.values.is_empty() || written.values.iter().any(|value| value.trim().is_empty()) {
        return Err(Refusal::bad_request("Property values can't be empty"));
    }
    if written.values.iter().any(|value| value.contains(['(', ')'])) {
        return Err(Refusal::bad_request("Property values can't contain parentheses"));
    }
    let known = listing
        .products
        .iter()
        .flat_map(|product| &product.property_values)
        .find(|value| value.property_id == written.property_id);
    Ok(PropertyValue {
        property_id: written.property_id,
        property_name: written
            .property_name
            .or_else(|| known.map(|value| value.property_name.clone()))
            .unwrap_or_default(),
        scale_id: written.scale_id,
        value_ids: written.value_ids,
        values: written.values,
    })
}

/// The price in minor units, exact: a yen has no half.
fn minor_units(price: &Number, decimals: u8) -> Result<i64, Refusal> {
    let refusal = || Refusal::bad_request("The price must be a positive decimal of the currency");
    let price: Decimal = price.to_string().parse().ok().ok_or_else(refusal)?;
    let mut scaled = price.normalize();
    if scaled.scale() > u32::from(decimals) || scaled <= Decimal::ZERO {
        return Err(refusal());
    }
    scaled.rescale(u32::from(decimals));
    i64::try_from(scaled.mantissa()).ok().ok_or_else(refusal)
}

/// All products have the same properties, not too many of them, and no two have the same values.
fn check_properties(products: &[Product], most: usize) -> Result<(), Refusal> {
    let mut combinations = BTreeSet::new();
    let mut properties: Option<Vec<i64>> = None;
    for product in products {
        let own: Vec<i64> = product.property_values.iter().map(|value| value.property_id).collect();
        if own.len() > most {
            return Err(Refusal::bad_request(format!(
                "Could not update inventory with unsupported number of variations. \
                 The maximum number of supported variations is {most}."
            )));
        }
        if own.is_empty() && products.len() > 1 {
            return Err(Refusal::bad_request("Property values can't be empty"));
        }
        if !combinations.insert(values_on(&product.property_values, &own)) {
            return Err(Refusal::bad_request("Two products have the same property values"));
        }
        if *properties.get_or_insert_with(|| own.clone()) != own {
            return Err(Refusal::bad_request("All products must have the same properties"));
        }
    }
    Ok(())
}

/// What does not vary on a property is the same for all products that share the other values.
fn check_on_property(products: &[Product], on: &OnProperty) -> Result<(), Refusal> {
    let known: BTreeSet<i64> = products
        .iter()
        .flat_map(|product| &product.property_values)
        .map(|value| value.property_id)
        .collect();
    let lists = [&on.price, &on.quantity, &on.sku, &on.readiness_state];
    if lists.iter().any(|list| list.iter().any(|property| !known.contains(property))) {
        return Err(Refusal::bad_request("An on_property list names a property of no product"));
    }
    // <https://developers.etsy.com/documentation/tutorials/third-variation>
    let is_third = products.iter().any(|product| product.property_values.len() > 2);
    if is_third && lists.iter().any(|list| !matches!(list.len(), 0 | 1 | 3)) {
        return Err(Refusal::bad_request(
            "With three variations an on_property list names none of them, one, or all",
        ));
    }
    let is_coherent = is_same(products, &on.price, |product| product.price)
        && is_same(products, &on.quantity, |product| product.quantity)
        && is_same(products, &on.sku, |product| product.sku.clone())
        && is_same(products, &on.readiness_state, |product| product.readiness_state_id);
    if is_coherent {
        Ok(())
    } else {
        Err(Refusal::bad_request(
            "Offerings differ on a property that is not in its on_property list",
        ))
    }
}

fn is_same<T: PartialEq>(
    products: &[Product],
    properties: &[i64],
    field: impl Fn(&Product) -> T,
) -> bool {
    let mut seen = BTreeMap::new();
    products.iter().all(|product| {
        let value = field(product);
        let key = values_on(&product.property_values, properties);
        *seen.entry(key).or_insert_with(|| field(product)) == value
    })
}
