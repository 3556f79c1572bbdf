//! The values of policy keys, read from the words of the command line.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::{PolicyKey, ShopError};

fn refuse(key: PolicyKey, value: &str, expected: impl Into<String>) -> ShopError {
    ShopError::Value { key: key.as_str(), value: value.to_owned(), expected: expected.into() }
}

pub(super) fn word<T: std::str::FromStr<Err = crate::domain::UnknownWord>>(
    key: PolicyKey,
    value: &str,
) -> Result<T, ShopError> {
    value.parse().map_err(|unknown: crate::domain::UnknownWord| {
        refuse(key, value, format!("one of: {}", unknown.known))
    })
}

pub(super) fn day(key: PolicyKey, value: &str) -> Result<Option<DateTime<Utc>>, ShopError> {
    if value.is_empty() {
        return Ok(None);
    }
    NaiveDate::parse_from_str(value, "%Y-%m-%d")
        .ok()
        .and_then(|date| date.and_hms_opt(0, 0, 0))
        .map(|midnight| Some(midnight.and_utc()))
        .ok_or_else(|| refuse(key, value, "a day such as 2026-01-31 (midnight UTC), or nothing"))
}

pub(super) fn odoo_id(key: PolicyKey, value: &str) -> Result<Option<i32>, ShopError> {
    if value.is_empty() {
        return Ok(None);
    }
    value
        .parse()
        .ok()
        .filter(|id| *id > 0)
        .map(Some)
        .ok_or_else(|| refuse(key, value, "the number of a record in Odoo, or nothing"))
}

/// `de_DE`, `sr@latin`, `es_419`: how Odoo names languages. Which of them it has shows when it is read.
pub(super) fn language(key: PolicyKey, value: &str) -> Result<Option<String>, ShopError> {
    if value.is_empty() {
        return Ok(None);
    }
    let (code, script) =
        value.split_once('@').map_or((value, "latin"), |(code, script)| (code, script));
    let (tongue, place) =
        code.split_once('_').map_or((code, "XX"), |(tongue, place)| (tongue, place));
    let is_code = (2..=3).contains(&tongue.len())
        && tongue.bytes().all(|letter| letter.is_ascii_lowercase())
        && (2..=4).contains(&place.len())
        && place.bytes().all(|letter| letter.is_ascii_alphanumeric())
        && !script.is_empty()
        && script.bytes().all(|letter| letter.is_ascii_lowercase());
    if is_code {
        Ok(Some(value.to_owned()))
    } else {
        Err(refuse(key, value, "the code of a language in Odoo, such as de_DE, or nothing"))
    }
}

pub(super) fn count(key: PolicyKey, value: &str) -> Result<i32, ShopError> {
    value
        .parse()
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| refuse(key, value, "a whole number above 0"))
}

pub(super) fn days(key: PolicyKey, value: &str) -> Result<i32, ShopError> {
    value
        .parse()
        .ok()
        .filter(|days| (1..=3650).contains(days))
        .ok_or_else(|| refuse(key, value, "a number of days from 1 to 3650"))
}

pub(super) fn share(key: PolicyKey, value: &str) -> Result<Decimal, ShopError> {
    value
        .parse()
        .ok()
        .filter(|share| (Decimal::ZERO..=Decimal::ONE).contains(share))
        .map(|share: Decimal| share.round_dp(3))
        .ok_or_else(|| refuse(key, value, "a share from 0 to 1, such as 0.3"))
}

pub(super) fn odoo_ids(key: PolicyKey, value: &str) -> Result<Vec<i32>, ShopError> {
    let ids: Option<BTreeSet<i32>> = value
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .map(|id| id.parse().ok().filter(|id| *id > 0))
        .collect();
    ids.map(|ids| ids.into_iter().collect()).ok_or_else(|| {
        refuse(key, value, "the numbers of records in Odoo, such as 1,4, or nothing")
    })
}

pub(super) fn units(key: PolicyKey, value: &str) -> Result<Decimal, ShopError> {
    value
        .parse()
        .ok()
        .filter(|units: &Decimal| *units >= Decimal::ZERO && *units <= Decimal::ONE_THOUSAND)
        .ok_or_else(|| refuse(key, value, "a number of units from 0 to 1000"))
}

pub(super) fn whole(key: PolicyKey, value: &str, least: i32, most: i32) -> Result<i32, ShopError> {
    value
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| refuse(key, value, format!("a whole number from {least} to {most}")))
}
