//! Which right each call needs, by Etsy's `OpenAPI` document
//! (<https://www.etsy.com/openapi/generated/oas/3.0.0.json>). What is not in the table needs a key and no seller, or a
//! seller and no right of his.

use std::collections::BTreeSet;

use super::refusal::Refusal;

/// What a seller can grant. Scopes that left the document in 2026-08 are not taken any more.
const KNOWN: &[&str] = &[
    "address_r",
    "address_w",
    "email_r",
    "listings_d",
    "listings_r",
    "listings_w",
    "profile_r",
    "profile_w",
    "shops_r",
    "shops_w",
    "transactions_r",
    "transactions_w",
];

/// Method, path below `/v3/application` with `{id}` for numbers, and the right.
const NEEDED: &[(&str, &str, &str)] = &[
    ("GET", "/users/me", "shops_r"),
    ("GET", "/shops/{id}/receipts", "transactions_r"),
    ("GET", "/shops/{id}/receipts/{id}", "transactions_r"),
    ("PUT", "/shops/{id}/receipts/{id}", "transactions_w"),
    ("GET", "/shops/{id}/receipts/{id}/listings", "transactions_r"),
    ("GET", "/shops/{id}/receipts/{id}/payments", "transactions_r"),
    ("POST", "/shops/{id}/receipts/{id}/tracking", "transactions_w"),
    ("GET", "/shops/{id}/receipts/{id}/transactions", "transactions_r"),
    ("GET", "/shops/{id}/listings/{id}/transactions", "transactions_r"),
    ("GET", "/shops/{id}/transactions", "transactions_r"),
    ("GET", "/shops/{id}/transactions/{id}", "transactions_r"),
    ("GET", "/shops/{id}/payments", "transactions_r"),
    ("GET", "/shops/{id}/payment-account/ledger-entries", "transactions_r"),
    ("GET", "/shops/{id}/payment-account/ledger-entries/{id}", "transactions_r"),
    ("GET", "/shops/{id}/payment-account/ledger-entries/payments", "transactions_r"),
    ("GET", "/shops/{id}/listings", "listings_r"),
    ("POST", "/shops/{id}/listings", "listings_w"),
    ("PATCH", "/shops/{id}/listings/{id}", "listings_w"),
    ("DELETE", "/listings/{id}", "listings_d"),
    ("GET", "/listings/{id}/inventory", "listings_r"),
    ("PUT", "/listings/{id}/inventory", "listings_w"),
    ("GET", "/listings/batch/inventory", "listings_r"),
    ("GET", "/listings/{id}/inventory/products/{id}", "listings_r"),
    ("GET", "/listings/batch/shipping", "shops_r"),
    ("GET", "/shops/{id}/holiday-preferences", "shops_r"),
    ("GET", "/shops/{id}/policies/return/{id}/listings", "listings_r"),
    ("GET", "/shops/{id}/production-partners", "shops_r"),
    ("GET", "/shops/{id}/readiness-state-definitions", "shops_r"),
    ("GET", "/shops/{id}/readiness-state-definitions/{id}", "shops_r"),
    ("GET", "/shops/{id}/shipping-profiles", "shops_r"),
    ("GET", "/shops/{id}/shipping-profiles/{id}", "shops_r"),
    ("GET", "/shops/{id}/shipping-profiles/{id}/destinations", "shops_r"),
    ("GET", "/shops/{id}/shipping-profiles/{id}/upgrades", "shops_r"),
];

/// What a token may do.
pub(super) type Scopes = BTreeSet<&'static str>;

/// What the tokens that the world begins with may do: all that the API of this sandbox has calls for.
pub(super) fn usual() -> Scopes {
    ["transactions_r", "transactions_w", "listings_r", "listings_w", "shops_r"].into()
}

/// Reads what an app asks for, separated by spaces.
pub(super) fn asked(text: &str) -> Result<Scopes, Refusal> {
    let known = |word: &str| KNOWN.iter().copied().find(|known| *known == word);
    let scopes: Option<Scopes> = text.split_whitespace().map(known).collect();
    scopes
        .filter(|scopes| !scopes.is_empty())
        .ok_or_else(|| Refusal::grant("invalid_scope", "scope is missing or not known"))
}

/// The right that a call needs; `kind` is its path with `{id}` for numbers.
pub(super) fn needed(method: &str, kind: &str) -> Option<&'static str> {
    let path = kind.strip_prefix("/v3/application")?;
    NEEDED
        .iter()
        .find(|(verb, known, _)| *verb == method && *known == path)
        .map(|(.., scope)| *scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_needs_the_right_of_its_method_and_path() {
        let path = "/v3/application/listings/{id}/inventory";
        assert_eq!(needed("GET", path), Some("listings_r"));
        assert_eq!(needed("PUT", path), Some("listings_w"));
        assert_eq!(needed("GET", "/v3/application/shops/{id}"), None);
        assert_eq!(needed("GET", "/listings/{id}/inventory"), None);
        assert!(NEEDED.iter().all(|(.., scope)| KNOWN.contains(scope)));
    }

    #[test]
    fn an_app_asks_for_scopes_there_are() {
        let expected: Scopes = ["listings_r", "shops_r"].into();
        assert_eq!(asked("shops_r  listings_r"), Ok(expected));
        for wrong in ["", " ", "shops_r billing_r"] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }
}
