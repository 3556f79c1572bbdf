//! The shape of a shop.

use serde::Serialize;

use crate::sandbox::world::{Shop, World};

/// `Shop`, as far as its answers are filled.
#[derive(Serialize)]
pub(super) struct ShopBody<'a> {
    shop_id: i64,
    user_id: i64,
    shop_name: &'a str,
    create_date: i64,
    created_timestamp: i64,
    title: &'a str,
    announcement: Option<&'a str>,
    currency_code: &'a str,
    is_vacation: bool,
    vacation_message: Option<&'a str>,
    sale_message: Option<&'a str>,
    digital_sale_message: Option<&'a str>,
    update_date: i64,
    updated_timestamp: i64,
    listing_active_count: usize,
    digital_listing_count: usize,
    login_name: String,
    accepts_custom_requests: bool,
    url: String,
    transaction_sold_count: i64,
    shipping_from_country_iso: &'a str,
    shop_location_country_iso: &'a str,
}

/// A shop as Etsy answers it.
pub(super) fn shop<'a>(place: usize, shop: &'a Shop, world: &World) -> ShopBody<'a> {
    let created = shop.created.timestamp();
    let active =
        || world.listings().iter().filter(|listing| listing.shop == place && listing.is_active());
    let sold = world.receipts().iter().filter(|receipt| receipt.shop == place);
    let updated = active().map(|listing| listing.updated).max().unwrap_or(created);
    ShopBody {
        shop_id: shop.shop_id.0,
        user_id: shop.user_id,
        shop_name: &shop.name,
        create_date: created,
        created_timestamp: created,
        title: &shop.title,
        announcement: None,
        currency_code: shop.currency.as_str(),
        is_vacation: false,
        vacation_message: None,
        sale_message: None,
        digital_sale_message: None,
        update_date: updated,
        updated_timestamp: updated,
        listing_active_count: active().filter(|listing| !listing.is_digital).count(),
        digital_listing_count: active().filter(|listing| listing.is_digital).count(),
        login_name: shop.name.to_lowercase(),
        accepts_custom_requests: false,
        url: format!("https://www.etsy.com/shop/{}", shop.name),
        transaction_sold_count: sold
            .flat_map(|receipt| &receipt.lines)
            .map(|line| line.quantity)
            .sum(),
        shipping_from_country_iso: shop.country_iso,
        shop_location_country_iso: shop.country_iso,
    }
}
