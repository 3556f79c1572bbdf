//! What to do about each of Etsy's refusals.

use chrono::{DateTime, Utc};

use crate::domain::Advice;
use crate::etsy::error::Said;
use crate::etsy::wire::Unreadable;
use crate::http::is_transient;

const LOG_IN: &str = "log the shop in again: `etsy-odoo shop login NAME --refresh-token-stdin`";

pub(super) fn token_expired() -> Advice {
    Advice::try_again(
        "an access token lives for an hour and is renewed by itself; run the same command again, and if it \
         happens at once, compare this machine's clock with the true time",
    )
}

pub(super) fn refresh_refused() -> Advice {
    Advice::needs_person(format!(
        "a refresh token ends after 90 days without use, when the seller changes the password or removes the \
         app; {LOG_IN}"
    ))
}

pub(super) fn client_refused() -> Advice {
    Advice::needs_person(
        "compare `etsy.keystring` and `etsy.shared_secret` with the two at \
         https://www.etsy.com/developers/your-apps, and see there that the app is neither pending nor banned",
    )
}

pub(super) fn day_spent(until: DateTime<Utc>) -> Advice {
    Advice::try_again(format!(
        "run the same command after {}: it goes on where it stopped; if this happens every day, ask Etsy for a \
         higher limit, or read fewer days again",
        until.format("%Y-%m-%d %H:%M UTC")
    ))
}

pub(super) fn reserved(until: DateTime<Utc>) -> Advice {
    Advice::try_again(format!(
        "run the same command after {}: it goes on where it stopped; `etsy.reserved_for_orders` is what is kept",
        until.format("%Y-%m-%d %H:%M UTC")
    ))
}

pub(super) fn held_back(until: DateTime<Utc>) -> Advice {
    Advice::try_again(format!("run the same command after {}", until.format("%Y-%m-%d %H:%M UTC")))
}

pub(super) fn unreadable(source: &Unreadable) -> Advice {
    if source.is_unfinished() {
        Advice::try_again(
            "something between here and Etsy cuts answers short; run the same command again later",
        )
    } else {
        Advice {
            hint: Some(
                "Etsy's answer has a shape that this version does not know; look for a newer version, and \
                 check that `etsy.api_url` leads to Etsy"
                    .to_owned(),
            ),
            ..Advice::failed()
        }
    }
}

/// A refusal by its status and, where one status has several meanings, by its words.
pub(super) fn refused(status: u16, said: &Said) -> Advice {
    match status {
        400 => bad_request(said),
        401 => Advice::needs_person(format!("Etsy does not accept the shop's token; {LOG_IN}")),
        403 => forbidden(said),
        404 => look(
            "the record is gone, or it belongs to another shop: compare the shop's `shop_id` with the one in \
             Etsy's Shop Manager",
        ),
        409 => Advice::try_again(
            "the listing changed while it was being written; the next run reads it again and decides anew",
        ),
        429 if said.mentions("daily") => Advice::try_again(
            "the calls of this key are spent for the day, which rolls and does not end at midnight; run the \
             same command again tomorrow, and set `etsy.calls_per_day` to what Etsy grants the key",
        ),
        429 => Advice::try_again(
            "another program uses the same key: lower `etsy.calls_per_second` so that both fit, then run the \
             same command again",
        ),
        500 => Advice::try_again("Etsy has trouble of its own; run the same command again later"),
        _ if is_transient(status) => Advice::try_again(
            "Etsy is not reachable behind its gateway; see https://www.etsystatus.com and run the same \
             command again later",
        ),
        _ => Advice::failed(),
    }
}

fn bad_request(said: &Said) -> Advice {
    if said.mentions("offset") {
        look(
            "more rows match than Etsy lets anyone page through (12,000); ask for shorter windows of time",
        )
    } else if said.mentions("time window") {
        look("Etsy's ledger is read in windows of at most 31 days; ask for shorter ones")
    } else {
        look("Etsy did not understand the call; look for a newer version of this program")
    }
}

fn forbidden(said: &Said) -> Advice {
    if said.mentions("scope") {
        Advice::needs_person(format!(
            "the seller has not granted what this call needs, or Etsy asks for more than it used to; {LOG_IN}, \
             which asks for transactions_r, transactions_w, listings_r, listings_w and shops_r"
        ))
    } else if said.mentions("shared secret") {
        Advice::needs_person(
            "set `etsy.shared_secret`, by ETSY_ODOO_ETSY__SHARED_SECRET or `shared_secret_file`; it stands beside \
             the keystring at https://www.etsy.com/developers/your-apps",
        )
    } else if said.mentions("api key") {
        client_refused()
    } else {
        Advice::needs_person(
            "Etsy has not approved this app for such calls: ask for the category or the commercial access at \
             https://www.etsy.com/developers/your-apps; for a shop that is not yours, its owner must log in",
        )
    }
}

fn look(hint: &str) -> Advice {
    Advice { hint: Some(hint.to_owned()), ..Advice::failed() }
}
