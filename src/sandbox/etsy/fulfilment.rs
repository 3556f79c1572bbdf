//! Writing to receipts: parcels, and what was paid or sent without Etsy.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::query::Ids;
use super::refusal::Refusal;
use super::{Caller, Etsy, form, lock, wire};
use crate::sandbox::world::{Parcel, Receipt, ShipError, Shop};

type Answer = Result<Response, Refusal>;

/// Ten dollars, in cents: parcels of more need a tracking code in the US.
const UNTRACKED_UP_TO: i64 = 1_000;

/// The body of `createReceiptShipment`, as far as the sandbox reads it.
#[derive(Deserialize)]
struct Shipment {
    tracking_code: Option<String>,
    carrier_name: Option<String>,
}

/// `POST …/receipts/{receipt_id}/tracking`: every success sends the buyer a mail.
pub(super) async fn ship(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, receipt_id)): Ids<(i64, i64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let mut world = etsy.world.lock().await;
    let (place, seller) = caller.own_shop(&world, shop_id)?;
    // <https://github.com/etsy/open-api/discussions/1681>
    if lock(&etsy.quirks).tracking_is_refused {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "Unauthorized"));
    }
    let receipt =
        world.receipt(place, receipt_id).ok_or_else(|| Refusal::no_receipt(receipt_id, shop_id))?;
    // Under the type of a form the body is ignored, and the order is sent without a code
    // (<https://github.com/etsy/open-api/issues/466>).
    let parcel = if is_of_kind(&headers, "application/json") {
        parcel(&body, receipt, seller)?
    } else {
        None
    };
    world.ship_receipt(place, receipt_id, parcel, etsy.clock.now()).map_err(
        |error| match error {
            ShipError::NoReceipt => Refusal::no_receipt(receipt_id, shop_id),
            ShipError::NotToBeShipped | ShipError::AlreadyNoted => Refusal::conflict(),
        },
    )?;
    etsy.mails.fetch_add(1, Ordering::Relaxed);
    let (_, seller) = caller.own_shop(&world, shop_id)?;
    let receipt =
        world.receipt(place, receipt_id).ok_or_else(|| Refusal::no_receipt(receipt_id, shop_id))?;
    Ok(Json(wire::receipt(receipt, seller)).into_response())
}

fn parcel(body: &[u8], receipt: &Receipt, seller: &Shop) -> Result<Option<Parcel>, Refusal> {
    let shipment: Shipment =
        serde_json::from_slice(body).map_err(|error| Refusal::bad_request(error.to_string()))?;
    let told = |word: Option<String>| word.filter(|word| !word.trim().is_empty());
    match (told(shipment.tracking_code), told(shipment.carrier_name)) {
        (Some(tracking_code), Some(carrier_name)) => {
            Ok(Some(Parcel { carrier_name, tracking_code }))
        }
        (Some(_), None) => Err(Refusal::bad_request("Missing Input Parameter: [carrier_name]")),
        // <https://github.com/etsy/open-api/issues/451>
        (None, _) if needs_code(receipt, seller) => {
            Err(Refusal::bad_request("A tracking number is required"))
        }
        (None, _) => Ok(None),
    }
}

/// Within the US above ten dollars, and to India.
fn needs_code(receipt: &Receipt, seller: &Shop) -> bool {
    let country = receipt.address.as_ref().map(|address| address.country_iso.as_str());
    let is_domestic = seller.country_iso == "US" && country.is_none_or(|country| country == "US");
    country == Some("IN") || (is_domestic && receipt.grandtotal() > UNTRACKED_UP_TO)
}

#[derive(Deserialize)]
struct ReceiptChange {
    was_shipped: Option<bool>,
    was_paid: Option<bool>,
}

/// `PUT …/receipts/{receipt_id}`, a form.
pub(super) async fn update_receipt(
    State(etsy): State<Arc<Etsy>>,
    caller: Caller,
    Ids((shop_id, receipt_id)): Ids<(i64, i64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let is_ignored = lock(&etsy.quirks).receipt_put_is_ignored
        || !is_of_kind(&headers, "application/x-www-form-urlencoded");
    let change =
        if is_ignored { ReceiptChange { was_shipped: None, was_paid: None } } else { form(&body)? };
    let mut world = etsy.world.lock().await;
    let (place, _) = caller.own_shop(&world, shop_id)?;
    let missing = || Refusal::no_receipt(receipt_id, shop_id);
    world.receipt(place, receipt_id).ok_or_else(missing)?;
    if change.was_paid == Some(true) {
        world.note_payment(place, receipt_id, etsy.clock.now());
    }
    if change.was_shipped == Some(true) {
        let shipped = world.ship_receipt(place, receipt_id, None, etsy.clock.now());
        shipped.ok().ok_or_else(Refusal::conflict)?;
    }
    let (_, seller) = caller.own_shop(&world, shop_id)?;
    let receipt = world.receipt(place, receipt_id).ok_or_else(missing)?;
    Ok(Json(wire::receipt(receipt, seller)).into_response())
}

fn is_of_kind(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with(wanted))
}
