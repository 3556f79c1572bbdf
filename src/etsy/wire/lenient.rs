//! Ways to read what Etsy writes in more than one manner. Complaints name what was found, never its value.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde_json::value::RawValue;

/// An id, as a number or as digits in a string (<https://github.com/etsy/open-api/issues/295>).
pub(super) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct Id;

    impl Visitor<'_> for Id {
        type Value = i64;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an id")
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
            Ok(number)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
            i64::try_from(number)
                .ok()
                .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
        }

        fn visit_str<E: Error>(self, digits: &str) -> Result<i64, E> {
            digits.parse().ok().ok_or_else(|| E::invalid_value(Unexpected::Str(digits), &self))
        }
    }

    deserializer.deserialize_any(Id)
}

/// An id that may be absent: `null`, and 0 for what has been deleted.
pub(super) fn id_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    struct Id(#[serde(deserialize_with = "id")] i64);
    let found = Option::<Id>::deserialize(deserializer)?;
    Ok(found.map(|Id(number)| number).filter(|number| *number != 0))
}

/// `null` where the reference promises a value that can be empty.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Seconds since 1970.
pub(super) fn moment<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<DateTime<Utc>, D::Error> {
    let seconds = i64::deserialize(deserializer)?;
    DateTime::from_timestamp(seconds, 0)
        .ok_or_else(|| D::Error::invalid_value(Unexpected::Signed(seconds), &"seconds since 1970"))
}

/// The id of a row that may not read otherwise, to name it by.
pub(super) fn id_of(row: &RawValue, field: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Id(#[serde(deserialize_with = "id")] i64);
    let fields: std::collections::BTreeMap<String, &RawValue> =
        serde_json::from_str(row.get()).ok()?;
    let Id(number) = serde_json::from_str(fields.get(field)?.get()).ok()?;
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etsy::wire;

    #[derive(Debug, Deserialize)]
    struct Row {
        #[serde(deserialize_with = "id")]
        sure: i64,
        #[serde(default, deserialize_with = "id_or_none")]
        maybe: Option<i64>,
        #[serde(default, deserialize_with = "or_default")]
        list: Vec<u8>,
        #[serde(deserialize_with = "moment")]
        at: DateTime<Utc>,
    }

    fn reading(text: &str) -> Result<Row, wire::Unreadable> {
        wire::read(text.as_bytes())
    }

    #[test]
    fn ids_are_numbers_or_digits() {
        let row = reading(r#"{"sure": "101096640001", "maybe": 7, "list": [1], "at": 0}"#).unwrap();
        assert_eq!((row.sure, row.maybe, row.list), (101_096_640_001, Some(7), vec![1]));
        assert_eq!(row.at, DateTime::UNIX_EPOCH);
        for nothing in ["null", "0", "\"0\""] {
            let text = format!(r#"{{"sure": 1, "maybe": {nothing}, "list": null, "at": 0}}"#);
            let row = reading(&text).unwrap();
            assert_eq!((row.maybe, row.list), (None, Vec::new()));
        }
    }

    #[test]
    fn what_is_no_id_is_refused_by_name() {
        for (sure, complaint) in [
            ("\"Dana\"", "`sure`: found string, expected an id"),
            ("1.5", "`sure`: found floating point, expected an id"),
            ("9223372036854775808", "`sure`: found integer, expected an id"),
            ("null", "`sure`: found null, expected an id"),
        ] {
            let error = reading(&format!(r#"{{"sure": {sure}, "at": 0}}"#)).unwrap_err();
            assert_eq!(error.to_string(), complaint);
        }
        let error = reading(r#"{"sure": 1, "at": 9223372036854775807}"#).unwrap_err();
        assert_eq!(error.to_string(), "`at`: found integer, expected seconds since 1970");
    }

    #[test]
    fn a_row_can_be_named_although_it_does_not_read() {
        let row: &RawValue =
            serde_json::from_str(r#"{"receipt_id": 5, "name": "\ud800", "x": {"receipt_id": 6}}"#)
                .unwrap();
        assert_eq!(id_of(row, "receipt_id"), Some(5));
        assert_eq!(id_of(row, "listing_id"), None);
    }
}
