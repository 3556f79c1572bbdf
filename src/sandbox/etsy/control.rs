//! Levers for people and tests, beside the API: let the world live, let calls go wrong, count the calls.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::drift::DriftRates;
use super::quirks::Quirks;
use super::refusal::Refusal;
use super::{Etsy, lock};
use crate::domain::ReceiptId;
use crate::sandbox::faults::FaultScript;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub(super) struct Happenings {
    buy: usize,
    #[serde(alias = "seller_edit")]
    edit: usize,
    cancel: usize,
    refund: usize,
    pay: usize,
    ship: usize,
    correct_address: usize,
}

#[derive(Serialize)]
struct Happened {
    bought: Vec<ReceiptId>,
    edited: Vec<i64>,
    cancelled: Vec<ReceiptId>,
    refunded: Vec<ReceiptId>,
    paid: Vec<ReceiptId>,
    shipped: Vec<ReceiptId>,
    readdressed: Vec<ReceiptId>,
}

/// `POST /_sandbox/live?buy=5&edit=2&cancel=1&refund=1&pay=1&ship=1&correct_address=1`: answers the ids of what was touched.
pub(super) async fn live(
    State(etsy): State<Arc<Etsy>>,
    Query(asked): Query<Happenings>,
) -> Response {
    let now = etsy.clock.now();
    let mut world = etsy.world.lock().await;
    let paid = world.pay(asked.pay, now);
    let cancelled = world.cancel(asked.cancel, now);
    let refunded = world.refund(asked.refund, now);
    let edited = world.edit(asked.edit, now);
    let shipped = world.ship_some(asked.ship, now);
    let readdressed = world.correct_address(asked.correct_address, now);
    let bought = world.buy(asked.buy, now);
    Json(Happened { bought, edited, cancelled, refunded, paid, shipped, readdressed })
        .into_response()
}

#[derive(Deserialize)]
pub(super) struct Revocation {
    shop_id: i64,
}

#[derive(Serialize)]
struct Revoked {
    tokens: usize,
}

/// `POST /_sandbox/revoke?shop_id=1`: what happens when the seller removes the app or changes the password.
pub(super) async fn revoke(
    State(etsy): State<Arc<Etsy>>,
    Query(asked): Query<Revocation>,
) -> Result<Response, Refusal> {
    let world = etsy.world.lock().await;
    let (_, shop) = world.shop(asked.shop_id).ok_or_else(|| Refusal::no_shop(asked.shop_id))?;
    let tokens = lock(&etsy.tokens).revoke(shop.user_id);
    Ok(Json(Revoked { tokens }).into_response())
}

/// `POST /_sandbox/faults` with a list of rules, which take the place of the old ones.
pub(super) async fn faults(
    State(etsy): State<Arc<Etsy>>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let rules = FaultScript::rules_from_json(&body).map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        Refusal::bad_request(format!("{error}: {cause}"))
    })?;
    etsy.options.faults.replace(rules);
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /_sandbox/quirks` with [`Quirks`], which take the place of the old ones.
pub(super) async fn quirks(
    State(etsy): State<Arc<Etsy>>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let quirks: Quirks =
        serde_json::from_slice(&body).map_err(|error| Refusal::bad_request(error.to_string()))?;
    *lock(&etsy.quirks) = quirks;
    let mut world = etsy.world.lock().await;
    world.let_cancellations_move_updated(quirks.cancellation_moves_updated);
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /_sandbox/drift` with [`DriftRates`], which hold from the next page on.
pub(super) async fn drift(
    State(etsy): State<Arc<Etsy>>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let rates: DriftRates =
        serde_json::from_slice(&body).map_err(|error| Refusal::bad_request(error.to_string()))?;
    etsy.options.drift.set_rates(rates);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct CallCount {
    /// Calls that arrived, by method and path, with `{id}` for numbers; those that were refused are among them.
    calls: BTreeMap<String, u64>,
    total: u64,
    refused_per_second: u64,
    refused_per_day: u64,
    struck_by_faults: u64,
    /// Mails that buyers got because a parcel was noted.
    mails_to_buyers: u64,
}

/// `GET /_sandbox/calls`.
pub(super) async fn calls(State(etsy): State<Arc<Etsy>>) -> Response {
    let calls = lock(&etsy.calls).clone();
    let total = calls.values().sum();
    let limiter = lock(&etsy.limiter);
    Json(CallCount {
        calls,
        total,
        refused_per_second: limiter.refused_per_second,
        refused_per_day: limiter.refused_per_day,
        struck_by_faults: etsy.options.faults.struck(),
        mails_to_buyers: etsy.mails.load(Ordering::Relaxed),
    })
    .into_response()
}

/// `DELETE /_sandbox/calls`: counts begin anew. What the limits remember stays.
pub(super) async fn forget_calls(State(etsy): State<Arc<Etsy>>) -> StatusCode {
    lock(&etsy.calls).clear();
    etsy.mails.store(0, Ordering::Relaxed);
    let mut limiter = lock(&etsy.limiter);
    limiter.refused_per_second = 0;
    limiter.refused_per_day = 0;
    StatusCode::NO_CONTENT
}
