//! The shapes of listings and their inventories.

use serde::Serialize;

use super::wire::{Money, PropertyBody, Unit, text};
use crate::sandbox::world::{Listing, Product, Shop};

#[derive(Serialize)]
struct OfferingBody<'a> {
    offering_id: i64,
    quantity: i64,
    is_enabled: bool,
    is_deleted: bool,
    price: Money<'a>,
    readiness_state_id: Option<i64>,
}

#[derive(Serialize)]
struct ProductBody<'a> {
    product_id: i64,
    sku: &'a str,
    is_deleted: bool,
    offerings: [OfferingBody<'a>; 1],
    property_values: Vec<PropertyBody<'a>>,
}

/// `ListingInventory`.
#[derive(Serialize)]
pub(super) struct InventoryBody<'a> {
    products: Vec<ProductBody<'a>>,
    price_on_property: &'a [i64],
    quantity_on_property: &'a [i64],
    sku_on_property: &'a [i64],
    readiness_state_on_property: &'a [i64],
}

/// `ListingInventoryWithAssociations`: always with its listing, which is null unless asked for.
#[derive(Serialize)]
pub(super) struct InventoryWithListing<'a> {
    #[serde(flatten)]
    pub(super) inventory: InventoryBody<'a>,
    pub(super) listing: Option<ListingBody<'a>>,
}

/// What a caller may see: SKUs of other people's listings are blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Viewer {
    Owner,
    Other,
}

/// An inventory as Etsy answers it.
pub(super) fn inventory<'a>(
    listing: &'a Listing,
    seller: &'a Shop,
    viewer: Viewer,
) -> InventoryBody<'a> {
    let unit = Unit::of(seller);
    InventoryBody {
        products: listing
            .products
            .iter()
            .map(|product| product_body(product, unit, viewer))
            .collect(),
        price_on_property: &listing.on_property.price,
        quantity_on_property: &listing.on_property.quantity,
        sku_on_property: &listing.on_property.sku,
        readiness_state_on_property: &listing.on_property.readiness_state,
    }
}

fn product_body<'a>(product: &'a Product, unit: Unit<'a>, viewer: Viewer) -> ProductBody<'a> {
    let offering = OfferingBody {
        offering_id: product.offering_id,
        quantity: product.quantity,
        is_enabled: product.is_enabled,
        is_deleted: false,
        price: unit.money(product.price),
        readiness_state_id: product.readiness_state_id,
    };
    ProductBody {
        product_id: product.id,
        sku: if viewer == Viewer::Owner { &product.sku } else { "" },
        is_deleted: false,
        offerings: [offering],
        property_values: product.property_values.iter().map(PropertyBody::from).collect(),
    }
}

/// `ShopListingWithAssociations`.
#[expect(clippy::struct_excessive_bools, reason = "the shape is Etsy's")]
#[derive(Serialize)]
pub(super) struct ListingBody<'a> {
    listing_id: i64,
    user_id: i64,
    shop_id: i64,
    title: String,
    description: String,
    state: &'a str,
    creation_timestamp: i64,
    created_timestamp: i64,
    ending_timestamp: i64,
    original_creation_timestamp: i64,
    last_modified_timestamp: i64,
    updated_timestamp: i64,
    state_timestamp: i64,
    quantity: i64,
    shop_section_id: Option<i64>,
    featured_rank: i64,
    url: String,
    num_favorers: i64,
    non_taxable: bool,
    is_taxable: bool,
    is_customizable: bool,
    is_personalizable: bool,
    listing_type: &'a str,
    tags: [&'a str; 1],
    materials: [&'a str; 0],
    shipping_profile_id: Option<i64>,
    return_policy_id: i64,
    processing_min: Option<i64>,
    processing_max: Option<i64>,
    who_made: &'a str,
    when_made: &'a str,
    is_supply: bool,
    item_weight: Option<i64>,
    item_weight_unit: Option<&'a str>,
    item_length: Option<i64>,
    item_width: Option<i64>,
    item_height: Option<i64>,
    item_dimensions_unit: Option<&'a str>,
    is_private: bool,
    style: [&'a str; 0],
    file_data: &'a str,
    has_variations: bool,
    should_auto_renew: bool,
    language: &'a str,
    price: Money<'a>,
    taxonomy_id: i64,
    readiness_state_id: Option<i64>,
    suggested_title: Option<&'a str>,
    rich_description: Option<&'a str>,
    skus: Vec<&'a str>,
    views: i64,
    inventory: Option<InventoryBody<'a>>,
}

impl ListingBody<'_> {
    /// The same with `edit` for `inactive`.
    pub(super) fn with_edit(mut self) -> Self {
        if self.state == "inactive" {
            self.state = "edit";
        }
        self
    }

    /// The same without the processing profiles of its offerings.
    pub(super) fn without_readiness(mut self) -> Self {
        let products = self.inventory.iter_mut().flat_map(|inventory| &mut inventory.products);
        products.for_each(|product| {
            let [offering] = &mut product.offerings;
            offering.readiness_state_id = None;
        });
        self
    }
}

/// A listing as Etsy answers it; `viewer` is given when its inventory was asked for.
pub(super) fn listing<'a>(
    listing: &'a Listing,
    seller: &'a Shop,
    with_inventory: Option<Viewer>,
) -> ListingBody<'a> {
    let parcel = |value: i64| (!listing.is_digital).then_some(value);
    let lowest = listing.products.iter().map(|product| product.price).min().unwrap_or_default();
    let mut skus: Vec<&str> = listing.products.iter().map(|product| product.sku.as_str()).collect();
    skus.sort_unstable();
    skus.dedup();
    skus.retain(|sku| !sku.is_empty() && with_inventory != Some(Viewer::Other));
    ListingBody {
        listing_id: listing.id,
        user_id: seller.user_id,
        shop_id: seller.shop_id.0,
        title: text(&listing.title, listing.has_entities),
        description: text(&listing.description, listing.has_entities),
        state: listing.state.word().unwrap_or_default(),
        creation_timestamp: listing.created,
        created_timestamp: listing.created,
        ending_timestamp: listing.ending,
        original_creation_timestamp: listing.created,
        last_modified_timestamp: listing.updated,
        updated_timestamp: listing.updated,
        state_timestamp: listing.state_changed,
        quantity: listing.quantity(),
        shop_section_id: None,
        featured_rank: -1,
        url: format!("https://www.etsy.com/listing/{}/x", listing.id),
        num_favorers: 3,
        non_taxable: false,
        is_taxable: true,
        is_customizable: false,
        is_personalizable: listing.is_personalizable,
        listing_type: if listing.is_digital { "download" } else { "physical" },
        tags: ["handmade"],
        materials: [],
        shipping_profile_id: parcel(seller.profiles.shipping),
        return_policy_id: seller.profiles.return_policy,
        processing_min: parcel(3),
        processing_max: parcel(5),
        who_made: "i_did",
        when_made: "made_to_order",
        is_supply: false,
        item_weight: None,
        item_weight_unit: None,
        item_length: None,
        item_width: None,
        item_height: None,
        item_dimensions_unit: None,
        is_private: false,
        style: [],
        file_data: "",
        has_variations: listing.products.len() > 1,
        should_auto_renew: true,
        language: "en-US",
        price: Unit::of(seller).money(lowest),
        taxonomy_id: 1055,
        readiness_state_id: parcel(seller.profiles.readiness_state),
        suggested_title: None,
        rich_description: None,
        skus,
        views: 12,
        inventory: with_inventory.map(|viewer| inventory(listing, seller, viewer)),
    }
}
