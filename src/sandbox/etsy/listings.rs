//! Listings and their inventories.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::inventory;
use super::listing_wire::{self as wire, InventoryWithListing, Viewer};
use super::query::{Ids, Parameters};
use super::refusal::Refusal;
use super::wire::Page;
use super::{Caller, Etsy, form, lock};
use crate::sandbox::world::{LISTING_RUNS, Listing, ListingState, Shop, World};

type Answer = Result<Response, Refusal>;

/// `GET /shops/{shop_id}/listings`: one state per call, youngest first unless asked otherwise.
pub(super) async fn listings(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids(shop_id): Ids<i64>,
    given: Parameters,
) -> Answer {
    let (limit, offset) = given.page()?;
    let state = given.word("state").unwrap_or("active");
    if !["active", "inactive", "sold_out", "draft", "expired"].contains(&state) {
        return Err(Refusal::bad_request("Invalid value for parameter state"));
    }
    let sort_on = given.word("sort_on").unwrap_or("created");
    if !["created", "updated", "price", "score"].contains(&sort_on) {
        return Err(Refusal::bad_request("Invalid value for parameter sort_on"));
    }
    let is_ascending = given.is_ascending()?;
    let is_asked = given.list("includes").contains(&"Inventory");
    let with_inventory =
        (is_asked && etsy.options.offers_inventory_with_listings).then_some(Viewer::Owner);
    let repeats = lock(&etsy.quirks).repeats_a_row(etsy.answers.load(Ordering::Relaxed));
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let mut wanted: Vec<&Listing> = world
        .listings()
        .iter()
        .filter(|listing| listing.shop == place && listing.state.word() == Some(state))
        .collect();
    wanted.sort_unstable_by_key(|listing| (sort_key(listing, sort_on), listing.id));
    if !is_ascending {
        wanted.reverse();
    }
    let start = if repeats { offset.saturating_sub(1) } else { offset };
    let page = wanted.iter().skip(start).take(limit);
    let as_edit = lock(&etsy.quirks).inactive_reads_as_edit;
    let results = page
        .map(|listing| as_read(wire::listing(listing, seller, with_inventory), as_edit))
        .collect();
    Ok(Json(Page { count: wanted.len(), results }).into_response())
}

/// Etsy's score is its own affair: here it is the id.
fn sort_key(listing: &Listing, sort_on: &str) -> i64 {
    match sort_on {
        "updated" => listing.updated,
        "price" => listing.products.iter().map(|product| product.price).min().unwrap_or_default(),
        "score" => listing.id,
        _ => listing.created,
    }
}

/// `GET /listings/{listing_id}`, which needs no token and gives no inventory any more.
pub(super) async fn listing(State(etsy): State<Arc<Etsy>>, Ids(listing_id): Ids<i64>) -> Answer {
    let world = etsy.world.lock().await;
    let (_, listing, seller) = find(&world, listing_id)?;
    Ok(Json(wire::listing(listing, seller, None)).into_response())
}

/// `GET /listings/batch`, the same for up to 100.
pub(super) async fn batch(State(etsy): State<Arc<Etsy>>, given: Parameters) -> Answer {
    let ids = given.ids("listing_ids")?;
    let world = etsy.world.lock().await;
    let mut results = Vec::with_capacity(ids.len());
    for id in ids {
        let (_, listing, seller) = find(&world, id)?;
        results.push(wire::listing(listing, seller, None));
    }
    Ok(Json(Page { count: results.len(), results }).into_response())
}

/// `GET /shops/{shop_id}/receipts/{receipt_id}/listings`: those of its lines that are still there.
pub(super) async fn listings_of_receipt(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, receipt_id)): Ids<(i64, i64)>,
    given: Parameters,
) -> Answer {
    let (limit, offset) = given.page()?;
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let receipt =
        world.receipt(place, receipt_id).ok_or_else(|| Refusal::no_receipt(receipt_id, shop_id))?;
    let found: Vec<&Listing> = receipt
        .lines
        .iter()
        .filter_map(|line| world.listing(line.listing_id?).map(|(_, listing)| listing))
        .collect();
    let page = found.iter().skip(offset).take(limit);
    let results = page.map(|listing| wire::listing(listing, seller, None)).collect();
    Ok(Json(Page { count: found.len(), results }).into_response())
}

/// `GET /listings/batch/inventory`: an unknown id refuses the whole call. The order is not that of the question.
pub(super) async fn batch_inventory(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    given: Parameters,
) -> Answer {
    let ids = given.ids("listing_ids")?;
    let quirks = *lock(&etsy.quirks);
    let world = etsy.world.lock().await;
    let mut results = Vec::with_capacity(ids.len());
    for id in ids.iter().rev() {
        let (_, listing, seller) = find(&world, *id)?;
        let body = wire::listing(listing, seller, Some(viewer(&caller, seller)));
        let body = as_read(body, quirks.inactive_reads_as_edit);
        results.push(if quirks.batch_hides_readiness { body.without_readiness() } else { body });
    }
    Ok(Json(Page { count: results.len(), results }).into_response())
}

/// `GET /listings/{listing_id}/inventory`.
pub(super) async fn read_inventory(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids(listing_id): Ids<i64>,
    given: Parameters,
) -> Answer {
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
    Ids(listing_id): Ids<i64>,
    given: Parameters,
    body: Bytes,
) -> Answer {
    let most = if given.word("max_variations_supported") == Some("3") { 3 } else { 2 };
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
    Ids((shop_id, listing_id)): Ids<(i64, i64)>,
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
            Some("active") => {
                let before = listing.ending;
                world.change_listing(place, |listing| activate(listing, now));
                if find(&world, listing_id)?.1.ending != before {
                    world.charge_renewal(place, etsy.clock.now());
                }
            }
            Some("inactive") => world.change_listing(place, |listing| deactivate(listing, now)),
            Some(_) => return Err(Refusal::bad_request("Invalid value for parameter state")),
        }
    }
    let (_, listing, seller) = find(&world, listing_id)?;
    let as_edit = lock(&etsy.quirks).inactive_reads_as_edit;
    Ok(Json(as_read(wire::listing(listing, seller, None), as_edit)).into_response())
}

fn as_read(body: wire::ListingBody<'_>, as_edit: bool) -> wire::ListingBody<'_> {
    if as_edit { body.with_edit() } else { body }
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
        listing.ending = now + LISTING_RUNS;
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
