//! What a shop has set up for its listings: postage, processing times, returns, production partners. The same for every
//! shop, but for ids and country.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use super::query::{Ids, Parameters};
use super::refusal::Refusal;
use super::wire::{Money, Page, Unit};
use super::{Caller, Etsy};
use crate::sandbox::world::Shop;

type Answer = Result<Response, Refusal>;

pub(super) fn routes() -> Router<Arc<Etsy>> {
    const SHOP: &str = "/v3/application/shops/{shop_id}";
    const READINESS: &str = "readiness-state-definitions";
    Router::new()
        .route(&format!("{SHOP}/shipping-profiles"), get(shipping_profiles))
        .route(&format!("{SHOP}/shipping-profiles/{{profile_id}}"), get(shipping_profile))
        .route(&format!("{SHOP}/{READINESS}"), get(readiness_states))
        .route(&format!("{SHOP}/{READINESS}/{{readiness_state_id}}"), get(readiness_state))
        .route(&format!("{SHOP}/policies/return"), get(return_policies))
        .route(&format!("{SHOP}/policies/return/{{return_policy_id}}"), get(return_policy))
        .route(&format!("{SHOP}/production-partners"), get(production_partners))
}

/// `ShopShippingProfileDestination`.
#[derive(Serialize)]
struct DestinationBody<'a> {
    shipping_profile_destination_id: i64,
    shipping_profile_id: i64,
    origin_country_iso: &'a str,
    destination_country_iso: &'a str,
    destination_region: &'a str,
    primary_cost: Money<'a>,
    secondary_cost: Money<'a>,
    shipping_carrier_id: Option<i64>,
    mail_class: Option<&'a str>,
    min_delivery_days: Option<i64>,
    max_delivery_days: Option<i64>,
}

/// `ShopShippingProfile`.
#[derive(Serialize)]
struct ShippingProfileBody<'a> {
    shipping_profile_id: i64,
    title: &'a str,
    user_id: i64,
    origin_country_iso: &'a str,
    is_deleted: bool,
    shipping_profile_destinations: [DestinationBody<'a>; 2],
    shipping_profile_upgrades: [(); 0],
    origin_postal_code: Option<&'a str>,
    profile_type: &'a str,
    domestic_handling_fee: i64,
    international_handling_fee: i64,
}

/// `ShopProcessingProfile`.
#[derive(Serialize)]
struct ReadinessStateBody {
    shop_id: i64,
    readiness_state_id: i64,
    readiness_state: &'static str,
    min_processing_days: i64,
    max_processing_days: i64,
    processing_days_display_label: &'static str,
}

/// `ShopReturnPolicy`.
#[derive(Serialize)]
struct ReturnPolicyBody {
    return_policy_id: i64,
    shop_id: i64,
    accepts_returns: bool,
    accepts_exchanges: bool,
    return_deadline: Option<i64>,
}

/// `ShopProductionPartner`.
#[derive(Serialize)]
struct ProductionPartnerBody {
    production_partner_id: i64,
    partner_name: &'static str,
    location: &'static str,
}

fn shipping(shop: &Shop) -> ShippingProfileBody<'_> {
    let unit = Unit::of(shop);
    let id = shop.profiles.shipping;
    let destination = |number: i64, country, cost| DestinationBody {
        shipping_profile_destination_id: id * 10 + number,
        shipping_profile_id: id,
        origin_country_iso: shop.country_iso,
        destination_country_iso: country,
        destination_region: "none",
        primary_cost: unit.money(cost),
        secondary_cost: unit.money(cost / 2),
        shipping_carrier_id: None,
        mail_class: None,
        min_delivery_days: Some(3),
        max_delivery_days: Some(10),
    };
    ShippingProfileBody {
        shipping_profile_id: id,
        title: "Parcels",
        user_id: shop.user_id,
        origin_country_iso: shop.country_iso,
        is_deleted: false,
        // Everywhere else has no country.
        shipping_profile_destinations: [
            destination(1, shop.country_iso, 550),
            destination(2, "", 1_450),
        ],
        shipping_profile_upgrades: [],
        origin_postal_code: None,
        profile_type: "manual",
        domestic_handling_fee: 0,
        international_handling_fee: 0,
    }
}

fn readiness(shop: &Shop) -> ReadinessStateBody {
    ReadinessStateBody {
        shop_id: shop.shop_id.0,
        readiness_state_id: shop.profiles.readiness_state,
        readiness_state: "made_to_order",
        min_processing_days: 3,
        max_processing_days: 5,
        processing_days_display_label: "3 - 5 days",
    }
}

fn returns(shop: &Shop) -> ReturnPolicyBody {
    ReturnPolicyBody {
        return_policy_id: shop.profiles.return_policy,
        shop_id: shop.shop_id.0,
        accepts_returns: true,
        accepts_exchanges: false,
        return_deadline: Some(30),
    }
}

fn one<T: Serialize>(item: T) -> Response {
    Json(Page { count: 1, results: vec![item] }).into_response()
}

fn nothing(what: &str, id: i64) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, format!("Could not find a {what} with id = {id}"))
}

async fn shipping_profiles(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids(shop_id): Ids<i64>,
) -> Answer {
    let world = etsy.world.lock().await;
    Ok(one(shipping(caller.own_shop(&world, shop_id)?.1)))
}

async fn shipping_profile(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, profile_id)): Ids<(i64, i64)>,
) -> Answer {
    let world = etsy.world.lock().await;
    let (_, shop) = caller.own_shop(&world, shop_id)?;
    if shop.profiles.shipping != profile_id {
        return Err(nothing("Shipping Profile", profile_id));
    }
    Ok(Json(shipping(shop)).into_response())
}

/// `GET …/readiness-state-definitions`, a page.
async fn readiness_states(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids(shop_id): Ids<i64>,
    given: Parameters,
) -> Answer {
    let (limit, offset) = given.page()?;
    let world = etsy.world.lock().await;
    let (_, shop) = caller.own_shop(&world, shop_id)?;
    let results: Vec<_> = [readiness(shop)].into_iter().skip(offset).take(limit).collect();
    Ok(Json(Page { count: 1, results }).into_response())
}

async fn readiness_state(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, state_id)): Ids<(i64, i64)>,
) -> Answer {
    let world = etsy.world.lock().await;
    let (_, shop) = caller.own_shop(&world, shop_id)?;
    if shop.profiles.readiness_state != state_id {
        return Err(nothing("Readiness State Definition", state_id));
    }
    Ok(Json(readiness(shop)).into_response())
}

/// `GET …/policies/return`, which needs no token.
async fn return_policies(State(etsy): State<Arc<Etsy>>, Ids(shop_id): Ids<i64>) -> Answer {
    let world = etsy.world.lock().await;
    let (_, shop) = world.shop(shop_id).ok_or_else(|| Refusal::no_shop(shop_id))?;
    Ok(one(returns(shop)))
}

async fn return_policy(
    State(etsy): State<Arc<Etsy>>,
    Ids((shop_id, policy_id)): Ids<(i64, i64)>,
) -> Answer {
    let world = etsy.world.lock().await;
    let (_, shop) = world.shop(shop_id).ok_or_else(|| Refusal::no_shop(shop_id))?;
    if shop.profiles.return_policy != policy_id {
        return Err(nothing("Return Policy", policy_id));
    }
    Ok(Json(returns(shop)).into_response())
}

/// `GET …/production-partners`: shops that sell in euros have one.
async fn production_partners(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids(shop_id): Ids<i64>,
) -> Answer {
    let world = etsy.world.lock().await;
    let (_, shop) = caller.own_shop(&world, shop_id)?;
    let partner = ProductionPartnerBody {
        production_partner_id: shop.profiles.shipping % 1_000_000 + 1,
        partner_name: "Imprimerie du Canal",
        location: "Lille, France",
    };
    let results: Vec<_> = (shop.country_iso == "FR").then_some(partner).into_iter().collect();
    Ok(Json(Page { count: results.len(), results }).into_response())
}
