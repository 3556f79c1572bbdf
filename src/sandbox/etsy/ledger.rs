//! The payment account of a shop: its ledger and its payments.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::options::LedgerOrder;
use super::query::{Ids, Parameters};
use super::quirks::{self, Quirks};
use super::refusal::Refusal;
use super::wire::Page;
use super::{Caller, Etsy, ledger_wire as wire, lock};
use crate::sandbox::world::{Ledger, LedgerEntry, Payment, Shop, World};

type Answer = Result<Response, Refusal>;

/// 31 days, the widest window (<https://github.com/etsy/open-api/issues/346>).
const WIDEST_WINDOW: i64 = 2_678_400;

/// All that concerns money.
pub(super) fn routes() -> Router<Arc<Etsy>> {
    const ENTRIES: &str = "/v3/application/shops/{shop_id}/payment-account/ledger-entries";
    Router::new()
        .route(ENTRIES, get(entries))
        .route(&format!("{ENTRIES}/payments"), get(payments_of_entries))
        .route(&format!("{ENTRIES}/{{entry_id}}"), get(entry))
        .route("/v3/application/shops/{shop_id}/payments", get(payments))
        .route(
            "/v3/application/shops/{shop_id}/receipts/{receipt_id}/payments",
            get(payments_of_receipt),
        )
}

/// `GET …/ledger-entries`: both bounds are needed.
async fn entries(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids(shop_id): Ids<i64>,
    given: Parameters,
) -> Answer {
    let (limit, offset) = given.page()?;
    let (from, to) = (given.needed_moment("min_created")?, given.needed_moment("max_created")?);
    if to < from {
        return Err(Refusal::bad_request("max_created must not be before min_created"));
    }
    if to - from > WIDEST_WINDOW {
        return Err(Refusal::bad_request(
            "Time window between min_created and max_created must be no more than 2678400 seconds (31 days).",
        ));
    }
    let quirks = *lock(&etsy.quirks);
    let mut world = etsy.world.lock().await;
    let (place, _) = caller.own_shop(&world, shop_id)?;
    world.close_weeks(place, etsy.clock.now());
    let (ledger, seller) = account(&world, place, shop_id)?;
    let window = ledger.window(from, to);
    let body = |entry: &LedgerEntry| bent(entry, ledger, seller, &quirks);
    let results: Vec<Value> = match etsy.options.ledger_order {
        LedgerOrder::NewestFirst => {
            window.iter().rev().skip(offset).take(limit).map(body).collect()
        }
        LedgerOrder::OldestFirst => window.iter().skip(offset).take(limit).map(body).collect(),
    };
    Ok(quirks::answer(&Page { count: window.len(), results }))
}

/// `GET …/ledger-entries/{entry_id}`.
async fn entry(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, entry_id)): Ids<(i64, i64)>,
) -> Answer {
    let quirks = *lock(&etsy.quirks);
    let mut world = etsy.world.lock().await;
    let (place, _) = caller.own_shop(&world, shop_id)?;
    world.close_weeks(place, etsy.clock.now());
    let (ledger, seller) = account(&world, place, shop_id)?;
    let found = ledger.entry(entry_id).ok_or_else(|| {
        let words = format!("Could not find a Ledger Entry with entry_id = {entry_id}");
        // The published schema of this operation knows no 404.
        Refusal::bad_request(words)
    })?;
    Ok(quirks::answer(&bent(found, ledger, seller, &quirks)))
}

/// `GET …/ledger-entries/payments?ledger_entry_ids=…`: entries that are of no payment add nothing.
async fn payments_of_entries(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids(shop_id): Ids<i64>,
    given: Parameters,
) -> Answer {
    let ids = given.ids("ledger_entry_ids")?;
    answer_payments(&etsy, &caller, shop_id, |ledger| {
        let entries = ids.iter().filter_map(|id| ledger.entry(*id));
        entries.filter_map(|entry| ledger.payment_of(entry)).collect()
    })
    .await
}

/// `GET /shops/{shop_id}/payments?payment_ids=…`: payments cannot be listed, only named.
async fn payments(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids(shop_id): Ids<i64>,
    given: Parameters,
) -> Answer {
    let ids = given.ids("payment_ids")?;
    answer_payments(&etsy, &caller, shop_id, |ledger| {
        ids.iter().filter_map(|id| ledger.payment(*id)).collect()
    })
    .await
}

/// `GET /shops/{shop_id}/receipts/{receipt_id}/payments`.
async fn payments_of_receipt(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, receipt_id)): Ids<(i64, i64)>,
) -> Answer {
    let receipt = {
        let world = etsy.world.lock().await;
        let (place, _) = caller.own_shop(&world, shop_id)?;
        let found = world.receipt(place, receipt_id);
        found.ok_or_else(|| Refusal::no_receipt(receipt_id, shop_id))?.receipt_id
    };
    answer_payments(&etsy, &caller, shop_id, |ledger| {
        ledger.payment_for(receipt).into_iter().collect()
    })
    .await
}

async fn answer_payments(
    etsy: &Etsy,
    caller: &Caller,
    shop_id: i64,
    wanted: impl Fn(&Ledger) -> Vec<&Payment>,
) -> Answer {
    let mut world = etsy.world.lock().await;
    let (place, _) = caller.own_shop(&world, shop_id)?;
    world.close_weeks(place, etsy.clock.now());
    let (ledger, seller) = account(&world, place, shop_id)?;
    let mut found = wanted(ledger);
    found.sort_unstable_by_key(|payment| payment.id);
    found.dedup_by_key(|payment| payment.id);
    let results: Vec<_> = found
        .into_iter()
        .filter_map(|payment| {
            let receipt = world.receipt(place, payment.receipt_id.0)?;
            Some(wire::payment(payment, receipt, seller))
        })
        .collect();
    Ok(Json(Page { count: results.len(), results }).into_response())
}

fn bent(entry: &LedgerEntry, ledger: &Ledger, seller: &Shop, quirks: &Quirks) -> Value {
    let mut body = serde_json::to_value(wire::entry(entry, ledger, seller)).unwrap_or_default();
    quirks.bend_entry(&mut body, entry.entry_id);
    body
}

fn account(world: &World, place: usize, shop_id: i64) -> Result<(&Ledger, &Shop), Refusal> {
    let seller = world.shops().get(place);
    world.ledger(place).zip(seller).ok_or_else(|| Refusal::no_shop(shop_id))
}
