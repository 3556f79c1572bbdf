//! Listings and their inventories.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::inventory;
use super::listing_wire::{self as wire, InventoryWithListing, Viewer};
use super::query::Parameters;
use super::refusal::Refusal;
use super::wire::Page;
use super::{Caller, Etsy, form};
use crate::sandbox::world::{Listing, ListingState, Shop, World};

type Answer = Result<Response, Refusal>;
type Pairs = Query<BTreeMap<String, String>>;

/// Seconds that Etsy runs a listing after it was renewed.
const RENEWAL: i64 = 120 * 86_400;

/// `GET /shops/{shop_id}/listings`: one state per call, youngest first.
pub(super) async fn listings(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Path(shop_id): Path<i64>,
    Query(pairs): Pairs,
) -> Answer {
    let given = Parameters(pairs);
    let (limit, offset) = given.page()?;
    let state = given.word("state").unwrap_or("active");
    if !["active", "inactive", "sold_out", "draft", "expired"].contains(&state) {
        return Err(Refusal::bad_request("Invalid value for parameter state"));
    }
    let with_inventory = given.list("includes").contains(&"Inventory").then_some(Viewer::Owner);
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let wanted = || {
        let of_shop = world.listings().iter().rev().filter(|listing| listing.shop == place);
        of_shop.filter(|listing| listing.state.word() == Some(state))
    };
    let page = wanted().skip(offset).take(limit);
    let results = page.map(|listing| wire::listing(listing, seller, with_inventory)).collect();
    Ok(Json(Page { count: wanted().count(), results }).into_response())
}

/// `GET /listings/batch/inventory`: an unknown id refuses the whole call. The order is not that of the question.
pub(super) async fn batch_inventory(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Query(pairs): Pairs,
) -> Answer {
    let given = Parameters(pairs);
    let mut ids = Vec::new();
    for word in given.list("listing_ids") {
        let id: i64 = word
            .trim()
            .parse()
            .ok()
            .ok_or_else(|| Refusal::bad_request("Invalid value for parameter listing_ids"))?;
        ids.push(id);
    }
    if ids.is_empty() || ids.len() > 100 {
        return Err(Refusal::bad_request("listing_ids must hold between 1 and 100 ids"));
    }
    ids.sort_unstable();
    ids.dedup();
    let world = etsy.world.lock().await;
    let mut results = Vec::with_capacity(ids.len());
    for id in ids.iter().rev() {
        let (_, listing, seller) = find(&world, *id)?;
        results.push(wire::listing(listing, seller, Some(viewer(&caller, seller))));
    }
    Ok(Json(Page { count: results.len(), results }).into_response())
}

/// `GET /listings/{listing_id}/inventory`.
pub(super) async fn read_inventory(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Path(listing_id): Path<i64>,
    Query(pairs): Pairs,
) -> Answer {
    let given = Parameters(pairs);
    let world = etsy.world.lock().await;
    let (_, listing, seller) = find(&world, listing_id)?;
    let with_listing = given.list("includes").contains(&"Listing");
    Ok(Json(InventoryWithListing {
        inventory: wire::inventory(listing, seller, viewer(&caller, seller)),
        listing: with_listing.then(|| wire::listing(listing, seller, None)),
    })
    .into_response())
}

/// `PUT /listings/{listing_id}/inventory`: the whole inventory at once; all ids change.
pub(super) async fn write_inventory(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Path(listing_id): Path<i64>,
    Query(pairs): Pairs,
    body: Bytes,
) -> Answer {
    let most = if Parameters(pairs).word("max_variations_supported") == Some("3") { 3 } else { 2 };
    let now = etsy.clock.now();
    let mut world = etsy.world.lock().await;
    let (place, listing, seller) = find(&world, listing_id)?;
    caller.must_own(seller)?;
    let (products, on_property) = inventory::read(&body, listing, seller, most)?;
    world.replace_inventory(place, products, on_property, now);
    let (_, listing, seller) = find(&world, listing_id)?;
    Ok(Json(wire::inventory(listing, seller, Viewer::Owner)).into_response())
}

#[derive(Deserialize)]
struct ListingChange {
    state: Option<String>,
}

/// `PATCH /shops/{shop_id}/listings/{listing_id}`, a form, of which the sandbox reads the state.
pub(super) async fn update_listing(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Path((shop_id, listing_id)): Path<(i64, i64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let now = etsy.clock.now().timestamp();
    let mut world = etsy.world.lock().await;
    let (shop, _) = caller.own_shop(&world, shop_id)?;
    let (place, listing, _) = find(&world, listing_id)?;
    if listing.shop != shop {
        return Err(Refusal::no_listing(listing_id));
    }
    // Anything but a form is accepted and ignored (<https://github.com/etsy/open-api/issues/135>).
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let change: ListingChange = form(&body)?;
        match change.state.as_deref() {
            None => {}
            Some("active") => world.change_listing(place, |listing| activate(listing, now)),
            Some("inactive") => world.change_listing(place, |listing| deactivate(listing, now)),
            Some(_) => return Err(Refusal::bad_request("Invalid value for parameter state")),
        }
    }
    let (_, listing, seller) = find(&world, listing_id)?;
    Ok(Json(wire::listing(listing, seller, None)).into_response())
}

/// A listing without units comes back with one, and is renewed; so is an expired one.
fn activate(listing: &mut Listing, now: i64) {
    if listing.is_active() {
        return;
    }
    if listing.quantity() == 0
        && let Some(first) = listing.products.first().map(|product| product.id)
    {
        listing.take(first, -1);
    }
    if matches!(listing.state, ListingState::SoldOut | ListingState::Expired | ListingState::Draft)
    {
        listing.ending = now + RENEWAL;
    }
    enter_state(listing, ListingState::Active, now);
}

fn deactivate(listing: &mut Listing, now: i64) {
    if listing.state != ListingState::Inactive {
        enter_state(listing, ListingState::Inactive, now);
    }
}

fn enter_state(listing: &mut Listing, state: ListingState, now: i64) {
    listing.state = state;
    listing.state_changed = now;
    listing.updated = now;
}

fn viewer(caller: &Caller, seller: &Shop) -> Viewer {
    if caller.user_id == seller.user_id { Viewer::Owner } else { Viewer::Other }
}

fn find(world: &World, listing_id: i64) -> Result<(usize, &Listing, &Shop), Refusal> {
    let (place, listing) =
        world.listing(listing_id).ok_or_else(|| Refusal::no_listing(listing_id))?;
    let seller = world.shops().get(listing.shop).ok_or_else(|| Refusal::no_listing(listing_id))?;
    Ok((place, listing, seller))
}
