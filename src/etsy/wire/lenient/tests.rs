//! Numbers, digits, nothing.

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
        ("\"Dana\"", "`sure`: found string, expected an id above 0"),
        ("1.5", "`sure`: found floating point, expected an id above 0"),
        ("9223372036854775808", "`sure`: found integer, expected an id above 0"),
        ("-5", "`sure`: found integer, expected an id above 0"),
        ("0", "`sure`: found integer, expected an id above 0"),
        ("null", "`sure`: found null, expected an id above 0"),
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
