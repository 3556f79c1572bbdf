//! What to do about each of Etsy's refusals.

use chrono::{DateTime, Utc};

use crate::domain::{Advice, Subject};
use crate::etsy::error::Said;
use crate::etsy::scope::Scope;
use crate::etsy::wire::Unreadable;
use crate::http::is_transient;

fn log_in(shop: &str) -> String {
    format!(
        "log the shop in again: `etsy-odoo shop login {shop}` (on a server, add `--no-browser`)"
    )
}

pub(super) fn token_expired() -> Advice {
    Advice::try_again(
        "an access token lives for an hour and is renewed by itself; run the same command again, and if it \
         happens at once, compare this machine's clock with the true time: `etsy-odoo check` does",
    )
}

pub(super) fn unwritable() -> Advice {
    look("look at the listing on Etsy; the next run reads it again and decides anew")
}

pub(super) fn refresh_refused(shop: &str) -> Advice {
    Advice::needs_person(format!(
        "a refresh token ends after 90 days without use, when the seller changes the password or removes the \
         app; {}",
        log_in(shop)
    ))
}

pub(super) fn code_refused(shop: &str) -> Advice {
    Advice::needs_person(format!(
        "a code is good once and for a few minutes, for the login that asked for it: begin again with \
         `etsy-odoo shop login {shop}`"
    ))
}

pub(super) fn declined(shop: &str) -> Advice {
    Advice::needs_person(format!(
        "nothing was stored; the seller has to agree: `etsy-odoo shop login {shop}` asks again"
    ))
}

pub(super) fn nobody_came(shop: &str) -> Advice {
    Advice::try_again(format!(
        "begin again with `etsy-odoo shop login {shop}`; where the browser runs on another machine, with \
         `--no-browser`. If Etsy showed an error instead of its question, register `etsy.redirect_uri` with the \
         app, letter by letter"
    ))
}

pub(super) fn no_loopback(shop: &str) -> Advice {
    Advice::needs_person(format!(
        "use `etsy-odoo shop login {shop} --no-browser` and paste the address that the browser ends at, or set \
         `etsy.redirect_uri` to http://localhost:PORT/PATH and register that with the app"
    ))
}

pub(super) fn port(shop: &str) -> Advice {
    Advice::try_again(format!(
        "end the other login, or what else listens there; or use `etsy-odoo shop login {shop} --no-browser`; or \
         set `etsy.redirect_uri` to another port and register that with the app"
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
        "run the same command after {}: it goes on where it stopped; if this happens every day, see whether \
         `etsy.calls_per_day` is what Etsy grants the key, run less often, or ask Etsy for more",
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
pub(super) fn refused(status: u16, said: &Said, shop: &str) -> Advice {
    match status {
        400 => bad_request(said),
        401 | 403 if said.mentions("shared secret") => shared_secret(),
        401 | 403 if said.mentions("api key") => client_refused(),
        401 => Advice::needs_person(format!(
            "Etsy does not accept the shop's token, and a new one neither; {}",
            log_in(shop)
        )),
        403 => forbidden(said, shop),
        404 => look(
            "the record is gone, or it belongs to another shop: compare the shop's `shop_id` with the one in \
             Etsy's Shop Manager",
        ),
        409 if said.mentions("reset before changing type") => {
            look("a listing with stock cannot be made digital; remove its inventory on Etsy first")
        }
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
    if said.mentions("quantity greater than 0") {
        look(
            "Etsy takes no listing without a piece for sale; one that is sold out has to be set inactive instead",
        )
    } else if said.mentions("property values") || said.mentions("parenthes") {
        look("a variation of the listing has a name that Etsy no longer takes; rename it on Etsy")
    } else if said.mentions("on_property") {
        look(
            "variations of the listing that share a price, a quantity or a SKU are not the same in it; set it right on Etsy",
        )
    } else if said.mentions("number of variations") {
        look("the listing has more variations than this kind of call may write; change it on Etsy")
    } else if said.mentions("tracking number") {
        look("Etsy asks for a tracking number for this parcel; enter one in Odoo")
    } else if said.mentions("offset") {
        look(
            "more rows match than Etsy lets anyone page through (12,000); ask for shorter windows of time",
        )
    } else if said.mentions("time window") {
        look("Etsy's ledger is read in windows of at most 31 days; ask for shorter ones")
    } else {
        look("Etsy did not understand the call; look for a newer version of this program")
    }
}

fn shared_secret() -> Advice {
    Advice::needs_person(
        "set `etsy.shared_secret`, by ETSY_ODOO_ETSY__SHARED_SECRET or `shared_secret_file`; it stands beside \
         the keystring at https://www.etsy.com/developers/your-apps",
    )
}

fn forbidden(said: &Said, shop: &str) -> Advice {
    if said.mentions("scope") {
        let reading = [Subject::Products, Subject::Customers, Subject::Orders];
        let needed = Scope::needed_for(&reading);
        let words: Vec<&str> = needed.iter().map(|scope| scope.as_str()).collect();
        Advice::needs_person(format!(
            "the seller has not granted what this call needs, or Etsy asks for more than it used to; {}, which \
             asks for {}, and for {} where the shop's `stock_master` is odoo",
            log_in(shop),
            words.join(", "),
            Scope::ListingsW
        ))
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
