//! The border: what real answers look like, and what is turned away.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tokio_postgres::types::{FromSql, Type};

use super::*;
use crate::stage::sheet::Table;

mod checks;
mod samples;

use samples::{ENTRY, LISTING, PAYMENT, POLICY, RECEIPT};

fn sample(entity: Entity) -> Value {
    let text = match entity {
        Entity::Receipt => RECEIPT,
        Entity::Listing | Entity::Inventory => LISTING,
        Entity::LedgerEntry => ENTRY,
        Entity::Payment => PAYMENT,
        Entity::ReturnPolicy => POLICY,
        Entity::Shop
        | Entity::ShippingProfile
        | Entity::ProductionPartner
        | Entity::ReadinessState => panic!("there is no sample of a {entity}"),
    };
    serde_json::from_str(text).unwrap()
}

fn origin(entity: Entity) -> Origin {
    let fetched_at = DateTime::from_timestamp(1_788_300_000, 0).unwrap();
    Origin { shop_id: 7, page_id: 3, run_id: 1, fetched_at, entity, is_cancelled: None }
}

fn decoded(origin: Origin, rows: &[String]) -> Sheet {
    let body = format!("{{\"count\": {}, \"results\": [{}]}}", rows.len(), rows.join(","));
    page(origin, body.as_bytes(), None).unwrap()
}

fn alone(entity: Entity, row: &Value) -> Sheet {
    decoded(origin(entity), &[row.to_string()])
}

fn with(entity: Entity, path: &str, value: Value) -> Value {
    let mut sample = sample(entity);
    let (parent, name) = path.rsplit_once('/').unwrap();
    let parent = sample.pointer_mut(parent).unwrap();
    match name.parse::<usize>() {
        Ok(index) => parent[index] = value,
        Err(_) => parent[name] = value,
    }
    sample
}

/// The bytes of a column; nothing for null.
type Column = Option<Vec<u8>>;

/// The columns of the rows of a table.
fn rows(sheet: &Sheet, table: Table) -> Vec<Vec<Column>> {
    let mut bytes = sheet.rows(table);
    let mut rows = Vec::new();
    while !bytes.is_empty() {
        let columns = i16::from_be_bytes(bytes[..2].try_into().unwrap());
        bytes = &bytes[2..];
        let mut row = Vec::new();
        for _ in 0..columns {
            let length = i32::from_be_bytes(bytes[..4].try_into().unwrap());
            bytes = &bytes[4..];
            row.push(usize::try_from(length).ok().map(|length| {
                let value = bytes[..length].to_vec();
                bytes = &bytes[length..];
                value
            }));
        }
        rows.push(row);
    }
    rows
}

fn text(column: &Column) -> &str {
    std::str::from_utf8(column.as_deref().unwrap()).unwrap()
}

fn amount(column: &Column) -> String {
    Decimal::from_sql(&Type::NUMERIC, column.as_deref().unwrap()).unwrap().to_string()
}

#[test]
fn entities_are_decoded_once_and_amounts_are_exact() {
    let sheet = alone(Entity::Receipt, &sample(Entity::Receipt));
    assert!(sheet.bad.is_empty() && sheet.novelties.is_empty(), "{:?}", sheet.bad);
    let receipt = &rows(&sheet, Table::Receipt)[0];
    assert_eq!((text(&receipt[3]), text(&receipt[8])), ("paid", "USD"));
    let amounts: Vec<String> = receipt[9..18].iter().map(amount).collect();
    let expected = ["27.25", "18.00", "20.00", "5.00", "1.25", "0", "2.00", "3.00", "1.00"];
    assert_eq!(amounts, expected);
    assert_eq!((text(&receipt[18]), text(&receipt[19])), ("Dana O'Neil", "13 O'Connell Street"));
    assert_eq!((text(&receipt[24]), text(&receipt[26])), ("US", "12\" wide & flat?"));
    let at = DateTime::<Utc>::from_sql(&Type::TIMESTAMPTZ, receipt[7].as_deref().unwrap()).unwrap();
    assert_eq!(at.timestamp(), 1_788_264_025);
    let line = &rows(&sheet, Table::Transaction)[0];
    assert_eq!((text(&line[5]), text(&line[7])), ("BRD-1", "200=walnut"));
    assert_eq!(text(&line[8]), "Board & knife");
    assert_eq!(
        (text(&line[9]), text(&line[10])),
        ("Color: Walnut", "Personalization: For Ana & Bo")
    );
    let twice = alone(Entity::Receipt, &with(Entity::Receipt, "/name", json!("&amp;amp;")));
    assert_eq!(text(&rows(&twice, Table::Receipt)[0][18]), "&amp;");
}

#[test]
fn a_deleted_listing_and_a_withheld_address_are_taken() {
    let mut receipt = sample(Entity::Receipt);
    for field in ["listing_id", "product_id", "sku"] {
        receipt["transactions"][0][field] = Value::Null;
    }
    for field in ["first_line", "second_line", "city", "state", "zip", "country_iso"] {
        receipt[field] = Value::Null;
    }
    receipt["name"] = json!("");
    let sheet = alone(Entity::Receipt, &receipt);
    assert_eq!(text(&rows(&sheet, Table::Transaction)[0][6]), "placeholder");
    let row = &rows(&sheet, Table::Receipt)[0];
    assert_eq!((text(&row[18]), row[25].is_none()), ("Etsy buyer 990011223", true));
}

#[test]
fn what_a_reading_says_about_a_cancellation() {
    for (status, by_stream, expected) in [
        ("Paid", Some(false), Some(false)),
        ("Paid", Some(true), Some(true)),
        ("Paid", None, None),
        ("fully refunded", None, None),
        ("Canceled", None, Some(true)),
        ("CANCELED", Some(false), Some(true)),
    ] {
        let receipt = with(Entity::Receipt, "/status", json!(status));
        let origin = Origin { is_cancelled: by_stream, ..origin(Entity::Receipt) };
        let sheet = decoded(origin, &[receipt.to_string()]);
        assert_eq!(sheet.good[0].is_cancelled, expected, "{status} {by_stream:?}");
    }
}

#[test]
fn the_hash_is_of_what_is_kept() {
    let hash = |entity: Entity, value: &Value, stream: Option<bool>| {
        let origin = Origin { is_cancelled: stream, page_id: 99, run_id: 5, ..origin(entity) };
        let sheet = decoded(origin, &[value.to_string()]);
        let row = &rows(&sheet, entity.table())[0];
        // before page and run, and before the cancellation of a receipt
        let place = row.len() - if entity == Entity::Receipt { 4 } else { 3 };
        row[place].clone().unwrap()
    };
    let plain = sample(Entity::Receipt);
    let first = hash(Entity::Receipt, &plain, None);
    assert_eq!(first, hash(Entity::Receipt, &plain, Some(true)));
    let seen = with(Entity::Receipt, "/message_from_seller", json!("another"));
    assert_eq!(first, hash(Entity::Receipt, &seen, None), "what is not kept does not count");
    let gift = with(Entity::Receipt, "/gift_message", json!("another"));
    assert_ne!(first, hash(Entity::Receipt, &gift, None), "a gift message is kept");
    let line = with(Entity::Receipt, "/transactions/0/quantity", json!(3));
    assert_ne!(first, hash(Entity::Receipt, &line, None), "a line counts");
    let listing = hash(Entity::Listing, &sample(Entity::Listing), None);
    let viewed = with(Entity::Listing, "/views", json!(13));
    assert_eq!(listing, hash(Entity::Listing, &viewed, None));
    let inventory = hash(Entity::Inventory, &sample(Entity::Inventory), None);
    assert_eq!(inventory, hash(Entity::Inventory, &viewed, None));
    let sold = with(Entity::Inventory, "/inventory/products/0/offerings/0/quantity", json!(3));
    assert_ne!(inventory, hash(Entity::Inventory, &sold, None));
    let entry = hash(Entity::LedgerEntry, &sample(Entity::LedgerEntry), None);
    let origin = Origin { page_id: 4, ..origin(Entity::LedgerEntry) };
    let again = decoded(origin, &[sample(Entity::LedgerEntry).to_string()]);
    assert_eq!(entry, rows(&again, Table::LedgerEntry)[0][12].clone().unwrap());
}

#[test]
fn an_inventory_is_the_same_within_its_listing_and_apart() {
    let within = alone(Entity::Listing, &sample(Entity::Listing));
    let apart = alone(Entity::Inventory, &sample(Entity::Inventory));
    assert_eq!(within.rows(Table::Offering), apart.rows(Table::Offering));
    assert_eq!(within.rows(Table::Inventory), apart.rows(Table::Inventory));
    assert!(!within.rows(Table::Offering).is_empty() && apart.rows(Table::Listing).is_empty());
    let without = alone(Entity::Listing, &with(Entity::Listing, "/inventory", Value::Null));
    assert!(without.rows(Table::Inventory).is_empty() && without.good.len() == 1);
}

#[test]
fn a_line_that_stands_twice_rejects_its_receipt() {
    let mut receipt = sample(Entity::Receipt);
    let line = receipt["transactions"][0].clone();
    receipt["transactions"].as_array_mut().unwrap().push(line);
    let sheet = alone(Entity::Receipt, &receipt);
    assert_eq!(sheet.bad[0].fault.field, "transactions[1].transaction_id");
    assert_eq!(sheet.bad[0].entity_id, "4512345001");
}

#[test]
fn a_lone_surrogate_is_refused_where_it_is_kept_and_survived_where_it_is_not() {
    let plain = sample(Entity::Receipt).to_string();
    let kept = plain.replace("\"Portland\"", r#""Port\ud800land""#);
    let sheet = decoded(origin(Entity::Receipt), &[kept, plain.clone()]);
    assert_eq!((sheet.bad.len(), sheet.good.len()), (1, 1));
    assert_eq!(sheet.bad[0].fault.field, "city");
    assert_eq!(sheet.bad[0].entity_id, "4512345001");
    let skipped = plain.replacen('{', r#"{"message_from_seller": "\ud800","#, 1);
    assert!(decoded(origin(Entity::Receipt), &[skipped]).bad.is_empty());
}

#[test]
fn a_row_that_is_no_object_is_named_by_its_place() {
    for row in ["5", "null", "\"Dana\"", "[]", "{}"] {
        let sheet = decoded(
            origin(Entity::Receipt),
            &[sample(Entity::Receipt).to_string(), row.to_owned()],
        );
        assert_eq!((sheet.good.len(), sheet.bad.len()), (1, 1), "{row}");
        assert_eq!(sheet.bad[0].entity_id, "row 2 of page 3");
        assert!(!format!("{:?}", sheet.bad).contains("Dana"));
    }
}

#[test]
fn a_page_that_is_cut_short_is_an_error() {
    for body in ["", "{\"count\": 1, \"results\": [{\"receipt_id\": 1", "{\"count\": 1}", "[]"] {
        assert!(page(origin(Entity::Listing), body.as_bytes(), None).is_err(), "{body}");
    }
    assert!(page(origin(Entity::Receipt), b"{\"count\": 1, \"results\": [{", None).is_err());
}

#[test]
fn a_bare_receipt_and_the_shop_are_pages_of_one() {
    let sheet = page(origin(Entity::Receipt), RECEIPT.as_bytes(), None).unwrap();
    assert_eq!((sheet.good.len(), sheet.bad.len()), (1, 0));
    let shop = r#"{"shop_id": 61234567, "shop_name": "AlderAndOak", "currency_code": "USD", "title": "Boards"}"#;
    let sheet = page(origin(Entity::Shop), shop.as_bytes(), None).unwrap();
    let row = &rows(&sheet, Table::Reference)[0];
    assert_eq!((text(&row[1]), text(&row[3])), ("shop", "AlderAndOak (USD)"));
}

#[test]
fn what_is_new_is_counted_and_survived() {
    let mut receipt = sample(Entity::Receipt);
    receipt["status"] = json!("On Hold");
    receipt["brand_new_field"] = json!({"x": 1});
    receipt["dana@example.com"] = json!(1);
    receipt["transactions"][0]["surprise"] = json!(null);
    let row = receipt.to_string();
    let sheet = decoded(origin(Entity::Receipt), &[row.clone(), row]);
    assert!(sheet.bad.is_empty());
    let new = sheet.novelties.columns();
    let seen: Vec<_> = (0..new.rows.len())
        .map(|at| (new.entities[at], new.kinds[at], new.fields[at], new.words[at], new.rows[at]))
        .collect();
    assert_eq!(
        seen,
        [
            ("receipt", "field", "(not a plain word)", "", 2),
            ("receipt", "field", "brand_new_field", "", 2),
            ("receipt", "word", "status", "on hold", 2),
            ("transaction", "field", "surprise", "", 2),
        ]
    );
    for (entity, path, word) in [
        (Entity::Listing, "/state", "vacation"),
        (Entity::Listing, "/listing_type", "hologram"),
        (Entity::LedgerEntry, "/ledger_type", "METEOR_FEE"),
        (Entity::LedgerEntry, "/reference_type", "meteor"),
    ] {
        let sheet = alone(entity, &with(entity, path, json!(word)));
        let words = sheet.novelties.columns().words;
        assert_eq!((words, sheet.bad.len()), (vec![word.to_lowercase().as_str()], 0));
    }
    for known in ["SALES_TAX_REFUND", "transaction_refund", "DISBURSE2", ""] {
        let entry = with(Entity::LedgerEntry, "/ledger_type", json!(known));
        assert!(alone(Entity::LedgerEntry, &entry).novelties.is_empty(), "{known}");
    }
}
