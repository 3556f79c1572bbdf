//! Shops and their receipts.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::query::{Ids, Parameters};
use super::quirks::{self, OmittedFilter, Quirks};
use super::refusal::Refusal;
use super::wire::{self, Page};
use super::{Caller, Etsy, lock, shop_wire};
use crate::domain::ShopId;
use crate::sandbox::world::{Receipt, ReceiptQuery, Shop, SortOn};

type Answer = Result<Response, Refusal>;

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
pub(super) async fn shop(State(etsy): State<Arc<Etsy>>, Ids(shop_id): Ids<i64>) -> Answer {
    let world = etsy.world.lock().await;
    let (place, shop) = world.shop(shop_id).ok_or_else(|| Refusal::no_shop(shop_id))?;
    Ok(Json(shop_wire::shop(place, shop, &world)).into_response())
}

/// `GET /users/{user_id}/shops`, which needs no token: the one shop of a seller.
pub(super) async fn shop_of_user(State(etsy): State<Arc<Etsy>>, Ids(user_id): Ids<i64>) -> Answer {
    let world = etsy.world.lock().await;
    let seller = world.shops().iter().find(|shop| shop.user_id == user_id);
    let Some(ShopId(shop_id)) = seller.map(|shop| shop.shop_id) else {
        return Err(Refusal::new(StatusCode::NOT_FOUND, "Resource not found"));
    };
    let (place, shop) = world.shop(shop_id).ok_or_else(|| Refusal::no_shop(shop_id))?;
    Ok(Json(shop_wire::shop(place, shop, &world)).into_response())
}

/// `GET /shops/{shop_id}/receipts`.
pub(super) async fn receipts(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids(shop_id): Ids<i64>,
    given: Parameters,
) -> Answer {
    let quirks = *lock(&etsy.quirks);
    let now = etsy.clock.now();
    let mut query = receipt_query(&given, quirks.omitted_was_canceled, now.timestamp())?;
    if query.offset > 0 && quirks.repeats_a_row(etsy.answers.load(Ordering::Relaxed)) {
        query.offset -= 1;
    }
    let mut world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let (count, page) = world.page(place, &query);
    let response = if quirks == Quirks::default() {
        let results = page.into_iter().map(|receipt| wire::receipt(receipt, seller)).collect();
        Json(Page { count, results }).into_response()
    } else {
        let results = page.into_iter().map(|receipt| bent(receipt, seller, &quirks)).collect();
        quirks::answer(&Page { count, results })
    };
    etsy.options.drift.after_page(&mut world, place, now);
    Ok(response)
}

fn bent(receipt: &Receipt, seller: &Shop, quirks: &Quirks) -> Value {
    let mut body = serde_json::to_value(wire::receipt(receipt, seller)).unwrap_or_default();
    quirks.bend_receipt(&mut body, receipt.receipt_id.0, receipt.has_entities);
    body
}

fn receipt_query(
    given: &Parameters,
    omitted: OmittedFilter,
    now: i64,
) -> Result<ReceiptQuery, Refusal> {
    let (limit, offset) = given.page()?;
    let sort_on = match given.word("sort_on") {
        None | Some("created") => SortOn::Created,
        Some("updated") => SortOn::Updated,
        Some("receipt_id") => SortOn::ReceiptId,
        Some(_) => return Err(Refusal::bad_request("Invalid value for parameter sort_on")),
    };
    // Left out, it means what the day's Etsy takes it for; a spoken `null` always asks for both.
    let was_canceled = match (given.0.get("was_canceled").map(String::as_str), omitted) {
        (Some("null"), _) => None,
        (_, OmittedFilter::MeansFalse) => Some(given.boolean("was_canceled")?.unwrap_or(false)),
        (_, OmittedFilter::MeansAll) => given.boolean("was_canceled")?,
    };
    Ok(ReceiptQuery {
        created: (given.moment("min_created")?, given.moment("max_created")?),
        updated: (given.moment("min_last_modified")?, given.moment("max_last_modified")?),
        was_paid: given.boolean("was_paid")?,
        was_shipped: given.boolean("was_shipped")?,
        was_delivered: given.boolean("was_delivered")?.map(|asked| (asked, now)),
        was_canceled,
        sort_on,
        is_ascending: given.is_ascending()?,
        limit,
        offset,
    })
}

/// `GET /shops/{shop_id}/receipts/{receipt_id}`.
pub(super) async fn receipt(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, receipt_id)): Ids<(i64, i64)>,
) -> Answer {
    let quirks = *lock(&etsy.quirks);
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let receipt =
        world.receipt(place, receipt_id).ok_or_else(|| Refusal::no_receipt(receipt_id, shop_id))?;
    Ok(quirks::answer(&bent(receipt, seller, &quirks)))
}
