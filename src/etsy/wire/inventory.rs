//! What a listing offers (<https://developers.etsy.com/documentation/reference/#tag/ShopListing-Inventory>): all of it, for
//! a write replaces the whole.

use std::borrow::Cow;

use super::lenient::{Count, Flag, FlagOrNo, Id, Ids, Many, MaybeId, MaybeText, Texts, Whatever};
use super::object::wire_object;
use super::receipt::PERSONALISATION_PROPERTY;
use crate::etsy::wire::WireMoney;

wire_object! {
    /// The products of a listing.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Inventory {
        /// One per combination of property values; a plain listing has one.
        products: Vec<Product<'text>> => Many<Product<'text>>,
        /// The properties on which the price depends.
        price_on_property: Vec<i64> => Ids,
        /// The properties on which the quantity depends: products that share their values share the quantity.
        quantity_on_property: Vec<i64> => Ids,
        /// The properties on which the SKU depends.
        sku_on_property: Vec<i64> => Ids,
        /// The properties on which the processing profile depends.
        readiness_state_on_property: Vec<i64> => Ids,
    }
    known:
        "listing"
}

wire_object! {
    /// One combination of property values.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Product {
        /// Changes with each inventory write.
        product_id: i64 => Id,
        /// As the seller wrote it; empty when there is none.
        sku: Option<Cow<'text, str>> => MaybeText<'text>,
        /// Whether it is only a memory.
        is_deleted: bool => FlagOrNo,
        /// Etsy gives each product exactly one.
        offerings: Vec<Offering<'text>> => Many<Offering<'text>>,
        /// What tells it from its siblings.
        property_values: Vec<InventoryProperty<'text>> => Many<InventoryProperty<'text>>,
    }
    known:
}

impl<'text> Product<'text> {
    /// The offerings that are more than a memory.
    pub fn living_offerings(&self) -> impl Iterator<Item = &Offering<'text>> {
        self.offerings.iter().filter(|offering| !offering.is_deleted)
    }
}

wire_object! {
    /// The price and quantity of a product.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Offering {
        /// Changes with each inventory write.
        offering_id: i64 => Id,
        /// How many are for sale.
        quantity: i32 => Count,
        /// Whether buyers can choose it.
        is_enabled: bool => Flag,
        /// Whether it is only a memory.
        is_deleted: bool => FlagOrNo,
        /// Of one unit.
        price: WireMoney => Whatever<WireMoney>,
        /// The processing profile; none for what is downloaded, and where Etsy does not tell.
        readiness_state_id: Option<i64> => MaybeId,
    }
    known:
}

wire_object! {
    /// A property and its value in an inventory, for instance colour and walnut.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct InventoryProperty {
        /// The property.
        property_id: i64 => Id,
        /// Its name, in the language of the listing.
        property_name: Option<Cow<'text, str>> => MaybeText<'text>,
        /// The measure of the values, such as shoe sizes of one country.
        scale_id: Option<i64> => MaybeId,
        /// Its name.
        scale_name: Option<Cow<'text, str>> => MaybeText<'text>,
        /// Etsy's ids of the values.
        value_ids: Vec<i64> => Ids,
        /// The values, in the same order.
        values: Vec<Cow<'text, str>> => Texts<'text>,
    }
    known:
        "value_pairs"
}

impl InventoryProperty<'_> {
    /// Whether it is a text that the buyer wrote, rather than a property that tells products apart.
    pub fn is_personalisation(&self) -> bool {
        self.property_id == PERSONALISATION_PROPERTY
    }
}
