//! The simulated Etsy: Open API v3 as it is, with its limits, tokens, ceilings and deviations.
//!
//! Etsy offers no sandbox; this one is made from its published schema and from what developers report. It listens
//! on the loopback interface only. Beside the API it has levers:
//! `POST /_sandbox/live?buy=5&edit=2&cancel=1&refund=1&pay=1&ship=1&correct_address=1` lets the world go on, `POST /_sandbox/revoke?shop_id=1`
//! ends the tokens of a shop's seller, `POST /_sandbox/faults` takes a script of [`faults`], `POST /_sandbox/quirks` and
//! `POST /_sandbox/drift` take [`Quirks`] and [`DriftRates`], `GET /_sandbox/calls` counts, `DELETE /_sandbox/calls`
//! counts anew.

mod consent;
mod control;
mod drift;
mod fulfilment;
mod inventory;
mod ledger;
mod ledger_wire;
mod limiter;
mod listing_wire;
mod listings;
mod network;
mod options;
mod profiles;
mod query;
mod quirks;
mod receipts;
mod refusal;
mod scopes;
mod shop_wire;
#[cfg(test)]
mod tests;
mod tokens;
mod transactions;
mod wire;

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::time::Instant;

pub use drift::{DriftRates, DriftScript};
pub use options::{EtsyOptions, LedgerOrder, LimitHeaders, Network};
pub use quirks::{OmittedFilter, Quirks};

use crate::domain::{Advice, Clock};
use crate::sandbox::faults;
use crate::sandbox::world::{Shop, World};
use limiter::Limiter;
use network::Traffic;
use refusal::Refusal;
use tokens::Tokens;

/// What Etsy says of caches, on every answer.
const NEVER_CACHED: &str = "max-age=0, no-cache, no-store, private";

/// Why the simulated Etsy does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener is open to other machines.
    #[error("the simulated Etsy listens on the loopback interface only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The listener or the server failed.
    #[error("the simulated Etsy cannot serve")]
    Serve(#[source] std::io::Error),
}

impl ServeError {
    /// What to do about it.
    pub fn advice(&self) -> Advice {
        match self {
            Self::NotLoopback(_) => Advice::needs_person("bind the sandbox to 127.0.0.1 or [::1]"),
            Self::Serve(_) => Advice::failed(),
        }
    }
}

/// What all calls share.
struct Etsy {
    world: Arc<tokio::sync::Mutex<World>>,
    clock: Arc<dyn Clock>,
    options: EtsyOptions,
    limiter: Mutex<Limiter>,
    tokens: Mutex<Tokens>,
    calls: Mutex<BTreeMap<String, u64>>,
    answers: AtomicU64,
    quirks: Mutex<Quirks>,
    traffic: Mutex<Traffic>,
    /// Mails that Etsy sent to buyers because a parcel was noted.
    mails: AtomicU64,
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers as Etsy until `shutdown`. The tokens of the world's shops are good from this moment, by `clock`; the
/// limiter goes by tokio's clock.
///
/// # Errors
///
/// [`ServeError::NotLoopback`] when the listener is open to other machines.
pub async fn serve(
    listener: TcpListener,
    world: Arc<tokio::sync::Mutex<World>>,
    clock: Arc<dyn Clock>,
    options: EtsyOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let address = listener.local_addr().map_err(ServeError::Serve)?;
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    let tokens = {
        let mut world = world.lock().await;
        world.let_cancellations_move_updated(options.quirks.cancellation_moves_updated);
        Tokens::new(world.shops(), options.access_token_lifetime, clock.now())
    };
    let limiter =
        Limiter::new(options.calls_per_second, options.calls_per_day, options.limit_headers);
    let (quirks, traffic) = (options.quirks, Traffic::new(options.network));
    let etsy = Arc::new(Etsy {
        world,
        clock,
        options,
        limiter: Mutex::new(limiter),
        tokens: Mutex::new(tokens),
        calls: Mutex::new(BTreeMap::new()),
        answers: AtomicU64::new(0),
        quirks: Mutex::new(quirks),
        traffic: Mutex::new(traffic),
        mails: AtomicU64::new(0),
    });
    axum::serve(listener, router(&etsy))
        .with_graceful_shutdown(shutdown)
        .await
        .map_err(ServeError::Serve)
}

fn router(etsy: &Arc<Etsy>) -> Router {
    let application = Router::new()
        .route("/v3/application/openapi-ping", get(receipts::ping))
        .route("/v3/application/scopes", post(consent::scopes))
        .route("/v3/application/users/me", get(receipts::me))
        .route("/v3/application/users/{user_id}/shops", get(receipts::shop_of_user))
        .route("/v3/application/shops/{shop_id}", get(receipts::shop))
        .route("/v3/application/shops/{shop_id}/receipts", get(receipts::receipts))
        .route(
            "/v3/application/shops/{shop_id}/receipts/{receipt_id}",
            get(receipts::receipt).put(fulfilment::update_receipt),
        )
        .route(
            "/v3/application/shops/{shop_id}/receipts/{receipt_id}/tracking",
            post(fulfilment::ship),
        )
        .route(
            "/v3/application/shops/{shop_id}/receipts/{receipt_id}/listings",
            get(listings::listings_of_receipt),
        )
        .route("/v3/application/shops/{shop_id}/listings", get(listings::listings))
        .route(
            "/v3/application/shops/{shop_id}/listings/{listing_id}",
            patch(listings::update_listing),
        )
        .route("/v3/application/listings/{listing_id}", get(listings::listing))
        .route("/v3/application/listings/batch", get(listings::batch))
        .route("/v3/application/listings/batch/inventory", get(listings::batch_inventory))
        .route(
            "/v3/application/listings/{listing_id}/inventory",
            get(listings::read_inventory).put(listings::write_inventory),
        )
        .merge(ledger::routes())
        .merge(transactions::routes())
        .merge(profiles::routes())
        .route_layer(from_fn_with_state(Arc::clone(etsy), meet_faults))
        .route_layer(from_fn_with_state(Arc::clone(etsy), network::think))
        .route_layer(from_fn_with_state(Arc::clone(etsy), admit))
        .route_layer(from_fn_with_state(Arc::clone(etsy), network::travel));
    let tokens = Router::new()
        .route("/v3/public/oauth/token", post(consent::token))
        .route_layer(from_fn_with_state(Arc::clone(etsy), meet_faults));
    let levers = Router::new()
        .route("/oauth/connect", get(consent::connect))
        .route("/_sandbox/live", post(control::live))
        .route("/_sandbox/revoke", post(control::revoke))
        .route("/_sandbox/faults", post(control::faults))
        .route("/_sandbox/quirks", post(control::quirks))
        .route("/_sandbox/drift", post(control::drift))
        .route("/_sandbox/calls", get(control::calls).delete(control::forget_calls));
    application.merge(tokens).merge(levers).fallback(unknown_path).with_state(Arc::clone(etsy))
}

async fn unknown_path() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "Resource not found")
}

/// The API key first, then the limits: a call with a wrong key is not counted.
async fn admit(State(etsy): State<Arc<Etsy>>, request: Request, next: Next) -> Response {
    if let Err(refusal) = check_api_key(request.headers(), &etsy.options) {
        return refusal.into_response();
    }
    let (standing, admitted) = lock(&etsy.limiter).admit(Instant::now());
    let mut response = match admitted {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            count(&etsy, &request);
            refusal.into_response()
        }
    };
    let number = etsy.answers.fetch_add(1, Ordering::Relaxed);
    let headers = response.headers_mut();
    standing.write(headers);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(NEVER_CACHED));
    if let Ok(id) = HeaderValue::try_from(format!("00000000-0000-4000-8000-{number:012}")) {
        headers.insert("x-etsy-request-uuid", id);
    }
    response
}

fn check_api_key(headers: &HeaderMap, options: &EtsyOptions) -> Result<(), Refusal> {
    let key = headers.get("x-api-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let (keystring, secret) =
        key.split_once(':').map_or((key, None), |(keystring, secret)| (keystring, Some(secret)));
    let forbidden = |words: &str| Err(Refusal::new(StatusCode::FORBIDDEN, words));
    match secret {
        _ if keystring != options.keystring => forbidden("Invalid API key"),
        None | Some("") => forbidden("Shared secret is required in x-api-key header."),
        Some(secret) if secret != options.shared_secret.expose_secret() => {
            forbidden("Invalid API key")
        }
        Some(_) => Ok(()),
    }
}

/// Lets a call go wrong when the script says so.
async fn meet_faults(State(etsy): State<Arc<Etsy>>, request: Request, next: Next) -> Response {
    count(&etsy, &request);
    let operation = format!("{} {}", request.method(), request.uri().path());
    faults::act(etsy.options.faults.next(&operation), next.run(request)).await
}

fn count(etsy: &Etsy, request: &Request) {
    let kind = format!("{} {}", request.method(), path_kind(request.uri()));
    let mut calls = lock(&etsy.calls);
    let calls = calls.entry(kind).or_default();
    *calls = calls.saturating_add(1);
}

/// The path with `{id}` for numbers.
fn path_kind(uri: &Uri) -> String {
    let is_id = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> =
        uri.path().split('/').map(|part| if is_id(part) { "{id}" } else { part }).collect();
    parts.join("/")
}

/// The user whose access token came with the call. Who asks for it has also seen to it that the seller has granted what
/// the call needs, by the table in [`scopes`].
struct Caller {
    user_id: i64,
}

impl FromRequestParts<Arc<Etsy>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, etsy: &Arc<Etsy>) -> Result<Self, Refusal> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| Refusal::token("invalid token"))?;
        let needed = scopes::needed(parts.method.as_str(), &path_kind(&parts.uri));
        let user_id = lock(&etsy.tokens).user(token, needed, etsy.clock.now())?;
        Ok(Self { user_id })
    }
}

impl Caller {
    /// The shop, if it is the caller's.
    fn own_shop<'w>(&self, world: &'w World, shop_id: i64) -> Result<(usize, &'w Shop), Refusal> {
        let (place, shop) = world.shop(shop_id).ok_or_else(|| Refusal::no_shop(shop_id))?;
        self.must_own(shop)?;
        Ok((place, shop))
    }

    fn must_own(&self, shop: &Shop) -> Result<(), Refusal> {
        if shop.user_id == self.user_id { Ok(()) } else { Err(Refusal::token("invalid token")) }
    }
}

/// Reads a form of few fields.
fn form<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_urlencoded::from_bytes(body)
        .map_err(|error| Refusal::bad_request(format!("The form does not read: {error}")))
}
