//! Listings and what they offer (<https://developers.etsy.com/documentation/reference/#tag/ShopListing>).

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::etsy::wire::receipt::PERSONALISATION_PROPERTY;
use crate::etsy::wire::{Unreadable, WireMoney, lenient, read};

/// Something that a shop sells.
#[derive(Debug, Clone, Deserialize)]
pub struct Listing {
    /// Its id.
    #[serde(deserialize_with = "lenient::id")]
    pub listing_id: i64,
    /// As written: `active`, `inactive`, `sold_out`, `draft`, `expired`, or `edit`, which means inactive
    /// (<https://github.com/etsy/open-api/issues/473>).
    pub state: String,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub title: String,
    /// `physical`, `download` or `both`.
    pub listing_type: Option<String>,
    /// The sum over its offerings.
    pub quantity: i32,
    /// The lowest price among its offerings.
    pub price: WireMoney,
    /// When it last changed.
    #[serde(deserialize_with = "lenient::moment")]
    pub updated_timestamp: DateTime<Utc>,
    /// Its products; absent when the inventory was not asked for.
    pub inventory: Option<Inventory>,
}

impl Listing {
    /// Reads a row of a page.
    pub fn read(row: &RawValue) -> Result<Self, Unreadable> {
        read(row.get().as_bytes())
    }

    /// The id of a row that may not read otherwise.
    pub fn id_of(row: &RawValue) -> Option<i64> {
        lenient::id_of(row, "listing_id")
    }

    /// Whether nothing of it is shipped.
    pub fn is_digital(&self) -> bool {
        self.listing_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("download"))
    }
}

/// The products of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Inventory {
    /// One per combination of property values; a plain listing has one.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub products: Vec<Product>,
}

/// One combination of property values.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// Changes with each inventory write.
    #[serde(deserialize_with = "lenient::id")]
    pub product_id: i64,
    /// As the seller wrote it; empty when there is none.
    pub sku: Option<String>,
    /// Whether it is only a memory.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub is_deleted: bool,
    /// Etsy gives each product exactly one.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub offerings: Vec<Offering>,
    /// What tells it from its siblings.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub property_values: Vec<PropertyValue>,
}

/// The price and quantity of a product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Offering {
    /// Changes with each inventory write.
    #[serde(deserialize_with = "lenient::id")]
    pub offering_id: i64,
    /// How many are for sale.
    pub quantity: i32,
    /// Whether buyers can choose it.
    pub is_enabled: bool,
    /// Whether it is only a memory.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub is_deleted: bool,
    /// Of one unit.
    pub price: WireMoney,
}

/// A property and its value, for instance colour and walnut.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PropertyValue {
    /// The property.
    #[serde(deserialize_with = "lenient::id")]
    pub property_id: i64,
    /// Its name.
    pub property_name: Option<String>,
    /// The unit that sizes are given in.
    #[serde(default, deserialize_with = "lenient::id_or_none")]
    pub scale_id: Option<i64>,
    /// The unit's name.
    pub scale_name: Option<String>,
    /// Ids of the values.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub value_ids: Vec<i64>,
    /// The values, in the same order.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub values: Vec<String>,
}

impl PropertyValue {
    /// Whether it is a text that the buyer wrote, rather than a property that tells products apart.
    pub fn is_personalisation(&self) -> bool {
        self.property_id == PERSONALISATION_PROPERTY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Result<Listing, Unreadable> {
        Listing::read(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_listing_brings_its_offerings() {
        let listing = reading(
            r#"{
              "listing_id": 1712345001, "user_id": 812345678, "shop_id": 61234567,
              "title": "Serving board", "state": "active", "updated_timestamp": 1788260400, "quantity": 8,
              "listing_type": "physical", "tags": ["board"], "item_weight": 1.5,
              "price": {"amount": 2100, "divisor": 100, "currency_code": "USD"},
              "inventory": {
                "products": [{
                  "product_id": 21876543001, "sku": "BRD-WAL-L", "is_deleted": false,
                  "offerings": [{
                    "offering_id": 23456789001, "quantity": 4, "is_enabled": true, "is_deleted": false,
                    "price": {"amount": 2400, "divisor": 100, "currency_code": "USD"},
                    "readiness_state_id": 71234567890
                  }],
                  "property_values": [{
                    "property_id": 513, "property_name": "Board size", "scale_id": null, "scale_name": null,
                    "value_ids": [61234000313], "values": ["Large"]
                  }]
                }],
                "price_on_property": [200], "quantity_on_property": [513]
              }
            }"#,
        )
        .unwrap();
        assert!(!listing.is_digital());
        let product = &listing.inventory.as_ref().unwrap().products[0];
        let offering = &product.offerings[0];
        assert_eq!((product.sku.as_deref(), offering.quantity), (Some("BRD-WAL-L"), 4));
        assert_eq!(offering.price.money().unwrap().to_string(), "24.00 USD");
        let value = &product.property_values[0];
        assert_eq!((value.property_id, value.scale_id), (513, None));
        assert_eq!(value.values, ["Large"]);
    }

    #[test]
    fn a_listing_without_inventory_reads_and_one_without_price_does_not() {
        let head = r#"{"listing_id": 1, "state": "sold_out", "quantity": 0, "updated_timestamp": 1788260400,
                       "listing_type": "download", "inventory": null"#;
        let price = r#""price": {"amount": 1, "divisor": 1, "currency_code": "JPY"}"#;
        let listing = reading(&format!("{head}, {price}}}")).unwrap();
        assert!(listing.is_digital() && listing.inventory.is_none());
        let error = reading(&format!("{head}}}")).unwrap_err();
        assert_eq!(error.to_string(), "`price`: missing");
    }
}
