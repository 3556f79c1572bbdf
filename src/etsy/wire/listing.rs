//! Listings and what they offer (<https://developers.etsy.com/documentation/reference/#tag/ShopListing>).

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::inventory::Inventory;
use super::lenient::{Count, Id, Maybe, MaybeText, Moment, Text, Texts, Whatever};
use super::object::wire_object;
use crate::etsy::wire::receipt::PERSONALISATION_PROPERTY;
use crate::etsy::wire::{Unreadable, WireMoney, lenient, read};

wire_object! {
    /// Something that a shop sells.
    #[derive(Debug, Clone)]
    pub struct Listing {
        /// Its id.
        listing_id: i64 => Id,
        /// As written: `active`, `inactive`, `sold_out`, `draft`, `expired`, or `edit`, which means inactive
        /// (<https://github.com/etsy/open-api/issues/473>).
        state: Cow<'text, str> => Text<'text>,
        /// Its title.
        title: Cow<'text, str> => Text<'text>,
        /// What the seller tells of it, as plain text.
        description: Option<Cow<'text, str>> => MaybeText<'text>,
        /// `physical`, `download` or `both`.
        listing_type: Option<Cow<'text, str>> => MaybeText<'text>,
        /// The sum over its offerings.
        quantity: i32 => Count,
        /// The lowest price among its offerings.
        price: WireMoney => Whatever<WireMoney>,
        /// When it last changed.
        updated_timestamp: DateTime<Utc> => Moment,
        /// Its products; absent when the inventory was not asked for.
        inventory: Option<Inventory<'text>> => Maybe<Inventory<'text>>,
    }
    known:
        "user_id" | "shop_id" | "rich_description" | "creation_timestamp"
        | "created_timestamp" | "ending_timestamp" | "original_creation_timestamp"
        | "last_modified_timestamp" | "state_timestamp" | "shop_section_id" | "featured_rank"
        | "url" | "num_favorers" | "non_taxable" | "is_taxable" | "is_customizable"
        | "is_personalizable" | "tags" | "materials" | "shipping_profile_id" | "return_policy_id"
        | "processing_min" | "processing_max" | "who_made" | "when_made" | "is_supply"
        | "item_weight" | "item_weight_unit" | "item_length" | "item_width" | "item_height"
        | "item_dimensions_unit" | "is_private" | "style" | "file_data" | "has_variations"
        | "should_auto_renew" | "language" | "converted_price" | "taxonomy_id"
        | "readiness_state_id" | "suggested_title" | "shipping_profile" | "user" | "shop"
        | "images" | "videos" | "production_partners" | "skus" | "translations" | "views"
        | "personalization" | "buyer_price"
}

impl<'text> Listing<'text> {
    /// Reads a row of a page.
    pub fn read(row: &'text RawValue) -> Result<Self, Unreadable> {
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

wire_object! {
    /// A listing as the batch of inventories answers it: what is not its inventory is read by the listings' own pages.
    #[derive(Debug, Clone)]
    pub struct ListingInventory {
        /// The listing.
        listing_id: i64 => Id,
        /// Its products.
        inventory: Inventory<'text> => Whatever<Inventory<'text>>,
    }
    known:
        "state" | "title" | "listing_type" | "quantity" | "price" | "updated_timestamp" | "user_id" | "shop_id" | "description" | "rich_description" | "creation_timestamp"
        | "created_timestamp" | "ending_timestamp" | "original_creation_timestamp"
        | "last_modified_timestamp" | "state_timestamp" | "shop_section_id" | "featured_rank"
        | "url" | "num_favorers" | "non_taxable" | "is_taxable" | "is_customizable"
        | "is_personalizable" | "tags" | "materials" | "shipping_profile_id" | "return_policy_id"
        | "processing_min" | "processing_max" | "who_made" | "when_made" | "is_supply"
        | "item_weight" | "item_weight_unit" | "item_length" | "item_width" | "item_height"
        | "item_dimensions_unit" | "is_private" | "style" | "file_data" | "has_variations"
        | "should_auto_renew" | "language" | "converted_price" | "taxonomy_id"
        | "readiness_state_id" | "suggested_title" | "shipping_profile" | "user" | "shop"
        | "images" | "videos" | "production_partners" | "skus" | "translations" | "views"
        | "personalization" | "buyer_price"
}

wire_object! {
    /// A property and its value on a line of a receipt, for instance colour and walnut.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct PropertyValue {
        /// The property.
        property_id: i64 => Id,
        /// The values, in the same order.
        values: Vec<Cow<'text, str>> => Texts<'text>,
    }
    known:
        "property_name" | "scale_id" | "scale_name" | "value_ids"
}

impl PropertyValue<'_> {
    /// Whether it is a text that the buyer wrote, rather than a property that tells products apart.
    pub fn is_personalisation(&self) -> bool {
        self.property_id == PERSONALISATION_PROPERTY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Result<Listing<'_>, Unreadable> {
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
        assert_eq!(value.property_id, 513);
        assert_eq!(value.values, ["Large"]);
    }

    #[test]
    fn a_listing_without_inventory_reads_and_one_without_price_does_not() {
        let head = r#"{"listing_id": 1, "state": "sold_out", "quantity": 0, "updated_timestamp": 1788260400,
                       "listing_type": "download", "inventory": null"#;
        let price = r#""price": {"amount": 1, "divisor": 1, "currency_code": "JPY"}"#;
        let text = format!("{head}, {price}}}");
        let listing = reading(&text).unwrap();
        assert!(listing.is_digital() && listing.inventory.is_none());
        let error = reading(&format!("{head}}}")).unwrap_err();
        assert_eq!(error.to_string(), "`price`: missing");
    }
}
