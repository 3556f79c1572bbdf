//! How the simulated Etsy is set up.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::SecretString;

use super::drift::DriftScript;
use super::events::EventScript;
use super::quirks::Quirks;
use crate::sandbox::faults::FaultScript;

/// How the simulated Etsy is set up.
#[derive(Debug, Clone)]
pub struct EtsyOptions {
    /// The application's keystring, the first half of `x-api-key` and the `client_id`.
    pub keystring: String,
    /// The application's shared secret, the second half of `x-api-key`.
    pub shared_secret: SecretString,
    /// Calls in any second; nothing: no limit.
    pub calls_per_second: Option<u32>,
    /// Calls in any 24 hours; nothing: no limit.
    pub calls_per_day: Option<u32>,
    /// How the limits are told.
    pub limit_headers: LimitHeaders,
    /// The way to Etsy and back.
    pub network: Network,
    /// The redirect addresses that are registered with the application, compared letter by letter; nothing: any address
    /// of this machine.
    pub redirect_uris: Option<Vec<String>>,
    /// Whether answers are dated by the clock that the server was given; else by this machine's.
    pub dates_by_its_clock: bool,
    /// How long an access token is good, by the clock that the server was given.
    pub access_token_lifetime: TimeDelta,
    /// In which order the ledger is answered: Etsy does not say, and offers no choice.
    pub ledger_order: LedgerOrder,
    /// Whether `includes=Inventory` of a shop's listings is still obeyed; if not, `inventory` is null.
    pub offers_inventory_with_listings: bool,
    /// Which calls go wrong. A clone kept by the caller can change the script of the running server.
    pub faults: FaultScript,
    /// What happens between two pages of receipts. A clone kept by the caller can switch it on and off.
    pub drift: DriftScript,
    /// What happens between two calls. A clone kept by the caller can add to it.
    pub events: EventScript,
    /// How answers deviate from the published schema.
    pub quirks: Quirks,
}

impl Default for EtsyOptions {
    fn default() -> Self {
        Self {
            keystring: "sandbox-keystring".to_owned(),
            shared_secret: "sandbox-secret".into(),
            calls_per_second: Some(10),
            calls_per_day: Some(10_000),
            limit_headers: LimitHeaders::default(),
            network: Network::default(),
            redirect_uris: None,
            dates_by_its_clock: true,
            access_token_lifetime: TimeDelta::seconds(3600),
            ledger_order: LedgerOrder::default(),
            offers_inventory_with_listings: true,
            faults: FaultScript::default(),
            drift: DriftScript::default(),
            events: EventScript::default(),
            quirks: Quirks::default(),
        }
    }
}

/// The order of a page of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LedgerOrder {
    /// The last entry of the window first.
    #[default]
    NewestFirst,
    /// The first entry of the window first.
    OldestFirst,
}

/// How the limits are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LimitHeaders {
    /// `x-limit-per-second`, `x-remaining-this-second`, `x-limit-per-day`, `x-remaining-today`, `retry-after`.
    #[default]
    Etsy,
    /// The same with `x-remaining-this-secon`, as Etsy's page prints it.
    EtsyMisprinted,
    /// `X-RateLimit-Limit-Second`, `X-RateLimit-Remaining-Second`, and the same with `-Day`.
    RateLimit,
    /// As in 2021: a refusal of the second says nothing of when to come back or of the day
    /// (<https://github.com/etsy/open-api/issues/198>).
    SilentOnRefusal,
    /// None at all.
    Silent,
}

/// The way to Etsy and back. Calls wait before they are counted and after they are answered, each for a time of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Network {
    /// The dice for the waits.
    pub seed: u64,
    /// A call travels up to so long before it arrives, and its answer as long again.
    pub one_way_jitter: Duration,
    /// Etsy thinks for up to so long after it counted a call.
    pub answer_delay: Duration,
}
