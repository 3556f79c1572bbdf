//! The lines of receipts on their own. None of these calls knows a window of time
//! (<https://github.com/etsy/open-api/issues/131>).

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::query::{Ids, Parameters};
use super::refusal::Refusal;
use super::wire::{self, Page, TransactionBody};
use super::{Caller, Etsy};
use crate::sandbox::world::{Line, Receipt, Shop, World};

type Answer = Result<Response, Refusal>;

pub(super) fn routes() -> Router<Arc<Etsy>> {
    const SHOP: &str = "/v3/application/shops/{shop_id}";
    Router::new()
        .route(&format!("{SHOP}/transactions"), get(of_shop))
        .route(&format!("{SHOP}/transactions/{{transaction_id}}"), get(one))
        .route(&format!("{SHOP}/listings/{{listing_id}}/transactions"), get(of_listing))
        .route(&format!("{SHOP}/receipts/{{receipt_id}}/transactions"), get(of_receipt))
}

/// `GET /shops/{shop_id}/transactions`, youngest first.
async fn of_shop(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids(shop_id): Ids<i64>,
    given: Parameters,
) -> Answer {
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    page(&world, place, seller, &given, |_| true)
}

/// `GET /shops/{shop_id}/listings/{listing_id}/transactions`, youngest first.
async fn of_listing(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, listing_id)): Ids<(i64, i64)>,
    given: Parameters,
) -> Answer {
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let is_here = world.listing(listing_id).is_some_and(|(_, listing)| listing.shop == place);
    if !is_here {
        return Err(Refusal::no_listing(listing_id));
    }
    page(&world, place, seller, &given, |line| line.listing_id == Some(listing_id))
}

fn page(
    world: &World,
    place: usize,
    seller: &Shop,
    given: &Parameters,
    suits: impl Fn(&Line) -> bool,
) -> Answer {
    let (limit, offset) = given.page()?;
    let wanted = || {
        let receipts = world.receipts().iter().rev().filter(|receipt| receipt.shop == place);
        let lines = receipts.flat_map(|receipt| receipt.lines.iter().map(move |it| (receipt, it)));
        lines.filter(|(_, line)| suits(line))
    };
    let results: Vec<TransactionBody> = wanted()
        .skip(offset)
        .take(limit)
        .map(|(receipt, line)| wire::transaction(line, receipt, seller))
        .collect();
    Ok(Json(Page { count: wanted().count(), results }).into_response())
}

/// `GET /shops/{shop_id}/receipts/{receipt_id}/transactions`.
async fn of_receipt(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, receipt_id)): Ids<(i64, i64)>,
) -> Answer {
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let receipt =
        world.receipt(place, receipt_id).ok_or_else(|| Refusal::no_receipt(receipt_id, shop_id))?;
    let results = wire::transactions(receipt, seller);
    Ok(Json(Page { count: results.len(), results }).into_response())
}

/// `GET /shops/{shop_id}/transactions/{transaction_id}`.
async fn one(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, transaction_id)): Ids<(i64, i64)>,
) -> Answer {
    let world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    let found = find(&world, transaction_id).filter(|(receipt, _)| receipt.shop == place);
    let (receipt, line) = found.ok_or_else(|| {
        let words = format!("Could not find a Transaction with transaction_id = {transaction_id}");
        Refusal::new(StatusCode::NOT_FOUND, words)
    })?;
    Ok(Json(wire::transaction(line, receipt, seller)).into_response())
}

/// Receipts and their lines got their ids in the same order.
fn find(world: &World, transaction_id: i64) -> Option<(&Receipt, &Line)> {
    let first = |receipt: &Receipt| receipt.lines.first().map(|line| line.transaction_id);
    let after = world.receipts().partition_point(|receipt| first(receipt) <= Some(transaction_id));
    let receipt = world.receipts().get(after.checked_sub(1)?)?;
    let line = receipt.lines.iter().find(|line| line.transaction_id == transaction_id)?;
    Some((receipt, line))
}
