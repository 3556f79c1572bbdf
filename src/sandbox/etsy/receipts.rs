//! Shops and their receipts.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::query::Parameters;
use super::refusal::Refusal;
use super::wire::{self, Page};
use super::{Caller, Etsy, shop_wire};
use crate::sandbox::world::{Receipt, ReceiptQuery, SortOn, World};

type Answer = Result<Response, Refusal>;
type Pairs = Query<BTreeMap<String, String>>;

#[derive(Serialize)]
struct Pong {
    application_id: i64,
}

#[derive(Serialize)]
struct Myself {
    user_id: i64,
    shop_id: Option<i64>,
}

/// `GET /openapi-ping`.
pub(super) async fn ping() -> Response {
    Json(Pong { application_id: 1_234_567_890 }).into_response()
}

/// `GET /users/me`.
pub(super) async fn me(State(etsy): State<Arc<Etsy>>, caller: Caller) -> Response {
    let world = etsy.world.lock().await;
    let shop = world.shops().iter().find(|shop| shop.user_id == caller.user_id);
    let shop_id = shop.map(|shop| shop.shop_id.0);
    Json(Myself { user_id: caller.user_id, shop_id }).into_response()
}

/// `GET /shops/{shop_id}`, which needs no token.
pub(super) async fn shop(State(etsy): State<Arc<Etsy>>, Path(shop_id): Path<i64>) -> Answer {
    let world = etsy.world.lock().await;
    let (place, shop) = world.shop(shop_id).ok_or_else(|| Refusal::no_shop(shop_id))?;
    Ok(Json(shop_wire::shop(place, shop, &world)).into_response())
}

/// `GET /shops/{shop_id}/receipts`.
pub(super) async fn receipts(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Path(shop_id): Path<i64>,
    Query(pairs): Pairs,
) -> Answer {
    let query = receipt_query(&Parameters(pairs))?;
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let (count, page) = world.page(place, &query);
    let results = page.into_iter().map(|receipt| wire::receipt(receipt, seller)).collect();
    Ok(Json(Page { count, results }).into_response())
}

fn receipt_query(given: &Parameters) -> Result<ReceiptQuery, Refusal> {
    let (limit, offset) = given.page()?;
    let sort_on = match given.word("sort_on") {
        None | Some("created") => SortOn::Created,
        Some("updated") => SortOn::Updated,
        Some("receipt_id") => SortOn::ReceiptId,
        Some(_) => return Err(Refusal::bad_request("Invalid value for parameter sort_on")),
    };
    let is_ascending = match given.word("sort_order") {
        None | Some("desc" | "descending" | "down") => false,
        Some("asc" | "ascending" | "up") => true,
        Some(_) => return Err(Refusal::bad_request("Invalid value for parameter sort_order")),
    };
    // Left out, it means false, as when Etsy introduced it; only a spoken `null` asks for both.
    let was_canceled = if given.0.get("was_canceled").is_some_and(|word| word == "null") {
        None
    } else {
        Some(given.boolean("was_canceled")?.unwrap_or(false))
    };
    Ok(ReceiptQuery {
        created: (given.moment("min_created")?, given.moment("max_created")?),
        updated: (given.moment("min_last_modified")?, given.moment("max_last_modified")?),
        was_paid: given.boolean("was_paid")?,
        was_shipped: given.boolean("was_shipped")?,
        was_canceled,
        sort_on,
        is_ascending,
        limit,
        offset,
    })
}

/// `GET /shops/{shop_id}/receipts/{receipt_id}`.
pub(super) async fn receipt(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Path((shop_id, receipt_id)): Path<(i64, i64)>,
) -> Answer {
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let receipt = find(&world, place, receipt_id, shop_id)?;
    Ok(Json(wire::receipt(receipt, seller)).into_response())
}

/// `GET /shops/{shop_id}/receipts/{receipt_id}/transactions`.
pub(super) async fn transactions(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Path((shop_id, receipt_id)): Path<(i64, i64)>,
) -> Answer {
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let results = wire::transactions(find(&world, place, receipt_id, shop_id)?, seller);
    Ok(Json(Page { count: results.len(), results }).into_response())
}

fn find(world: &World, place: usize, receipt_id: i64, shop_id: i64) -> Result<&Receipt, Refusal> {
    world.receipt(place, receipt_id).ok_or_else(|| Refusal::no_receipt(receipt_id, shop_id))
}
