//! The border: what real answers look like, and what is turned away.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tokio_postgres::types::{FromSql, Type};

use super::*;
use crate::stage::sheet::Table;

/// A receipt with a coupon, a personalisation, a refund, and a field that nobody knows yet.
const RECEIPT: &str = r#"{
    "receipt_id": 4512345001, "buyer_user_id": 990011223, "status": "Paid", "is_paid": true, "is_shipped": false,
    "created_timestamp": 1788264000, "updated_timestamp": 1788264025, "name": "Dana O&#39;Neil",
    "first_line": "13 O&#39;Connell Street", "second_line": null, "city": "Portland", "state": "OR", "zip": "97205",
    "country_iso": "us", "message_from_buyer": "12&quot; wide &amp; flat?",
    "grandtotal": {"amount": 2725, "divisor": 100, "currency_code": "USD"},
    "subtotal": {"amount": 1800, "divisor": 100, "currency_code": "USD"},
    "total_price": {"amount": 2000, "divisor": 100, "currency_code": "USD"},
    "total_shipping_cost": {"amount": 500, "divisor": 100, "currency_code": "USD"},
    "total_tax_cost": {"amount": 125, "divisor": 100, "currency_code": "USD"},
    "total_vat_cost": {"amount": 0, "divisor": 100, "currency_code": "USD"},
    "discount_amt": {"amount": 200, "divisor": 100, "currency_code": "USD"},
    "gift_wrap_price": {"amount": 300, "divisor": 100, "currency_code": "USD"},
    "transactions": [{
        "transaction_id": 5512345001, "title": "Board &amp; knife", "quantity": 2, "listing_id": 4712345001,
        "product_id": 9, "sku": " BRD-1 ", "is_digital": false,
        "price": {"amount": 1000, "divisor": 100, "currency_code": "USD"},
        "variations": [
            {"property_id": 200, "value_id": 1, "formatted_name": "Color", "formatted_value": "Walnut"},
            {"property_id": 54, "value_id": null, "formatted_name": "Personalization", "formatted_value": "For Ana & Bo"}
        ],
        "product_data": [{"property_id": 200, "property_name": "Color", "value_ids": [1], "values": ["Walnut"]}]
    }],
    "refunds": [{
        "amount": {"amount": 100, "divisor": 100, "currency_code": "USD"}, "created_timestamp": 1788264100
    }]
}"#;

const LISTING: &str = r#"{
    "listing_id": 1712345001, "state": "active", "title": "Serving board", "listing_type": "physical", "quantity": 8,
    "price": {"amount": 2100, "divisor": 100, "currency_code": "USD"}, "updated_timestamp": 1788260400,
    "inventory": {"products": [{
        "product_id": 21876543001, "sku": "BRD-WAL-L", "is_deleted": false,
        "offerings": [{
            "offering_id": 23456789001, "quantity": 4, "is_enabled": true, "is_deleted": false,
            "price": {"amount": 2400, "divisor": 100, "currency_code": "USD"}, "readiness_state_id": 71234567890
        }],
        "property_values": [{
            "property_id": 513, "property_name": "Board size", "scale_id": null, "scale_name": null,
            "value_ids": [61234000313], "values": ["Large"]
        }]
    }]}
}"#;

const ENTRY: &str = r#"{
    "entry_id": 21000001016, "ledger_id": 8080291000, "sequence_number": 1016, "amount": -4445, "currency": "USD",
    "description": "REFUND_GROSS", "balance": 6715, "create_date": 1788264091, "created_timestamp": 1788264091,
    "ledger_type": "REFUND_GROSS", "reference_type": "payment_adjustment", "reference_id": "100307830003",
    "parent_entry_id": 0, "payment_adjustments": [{
        "payment_adjustment_id": 100307830003, "payment_id": 101096640003, "status": "SETTLED", "is_success": true,
        "user_id": 812345678, "reason_code": "Buyer wanted to cancel", "total_adjustment_amount": 4445,
        "shop_total_adjustment_amount": 4445, "buyer_total_adjustment_amount": 4445, "total_fee_adjustment_amount": 133,
        "create_timestamp": 1788184000, "created_timestamp": 1788184000, "update_timestamp": 1788185000,
        "updated_timestamp": 1788185000, "payment_adjustment_items": []
    }]
}"#;

const PAYMENT: &str = r#"{
    "payment_id": 101096640003, "buyer_user_id": 990011223, "shop_id": 61234567, "receipt_id": 3712345003,
    "amount_gross": {"amount": 4445, "divisor": 100, "currency_code": "USD"},
    "amount_fees": {"amount": 158, "divisor": 100, "currency_code": "USD"},
    "amount_net": {"amount": 4287, "divisor": 100, "currency_code": "USD"},
    "posted_gross": null, "posted_fees": null, "posted_net": null,
    "adjusted_gross": {"amount": 0, "divisor": 100, "currency_code": "USD"},
    "adjusted_fees": {"amount": 25, "divisor": 100, "currency_code": "USD"},
    "adjusted_net": {"amount": -25, "divisor": 100, "currency_code": "USD"},
    "status": "settled", "created_timestamp": 1788177600, "updated_timestamp": 1788177660, "payment_adjustments": []
}"#;

const POLICY: &str = r#"{
    "return_policy_id": 1512345, "shop_id": 61234567, "accepts_returns": true, "accepts_exchanges": false,
    "return_deadline": 30
}"#;

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

/// The columns of the rows of a table.
fn rows(sheet: &Sheet, table: Table) -> Vec<Vec<Option<Vec<u8>>>> {
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

fn text(column: &Option<Vec<u8>>) -> &str {
    std::str::from_utf8(column.as_deref().unwrap()).unwrap()
}

fn amount(column: &Option<Vec<u8>>) -> String {
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
    let seen = with(Entity::Receipt, "/gift_message", json!("another"));
    assert_eq!(first, hash(Entity::Receipt, &seen, None), "what is not kept does not count");
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
fn every_check_names_its_field_and_never_the_value() {
    use Entity::{Inventory, LedgerEntry, Listing, Payment, Receipt, ReturnPolicy};
    let money = |amount: i64, divisor: i64, code: &str| json!({"amount": amount, "divisor": divisor, "currency_code": code});
    let secret = "Dana Secret";
    let long = secret.repeat(2_000);
    let divisor = "has a divisor that is no power of ten from 1 to 10000";
    let code = "found string, expected a currency code of three capital letters";
    let exact = "is larger than Odoo can hold exactly";
    let other = "is in another currency than the grand total";
    let id = "found string, expected an id above 0";
    let early = "is before the year 2000";
    let late = "is more than a day after the page was fetched";
    let lone = json!({"lone": "\u{1}"}); // stands for a lone surrogate, see below
    for (entity, path, value, field, reason) in [
        (Receipt, "/receipt_id", json!(secret), "receipt_id", id),
        (Receipt, "/receipt_id", json!(-1), "receipt_id", "found integer, expected an id above 0"),
        (Receipt, "/receipt_id", json!(0), "receipt_id", "found integer, expected an id above 0"),
        (
            Receipt,
            "/buyer_user_id",
            Value::Null,
            "buyer_user_id",
            "found null, expected an id above 0",
        ),
        (Receipt, "/status", json!(secret.repeat(20)), "status", "is longer than 100 bytes"),
        (Receipt, "/status", json!(5), "status", "found integer, expected a string"),
        (Receipt, "/is_paid", json!("yes"), "is_paid", "found string, expected a boolean"),
        (Receipt, "/is_shipped", json!(1), "is_shipped", "found integer, expected a boolean"),
        (
            Receipt,
            "/created_timestamp",
            json!(secret),
            "created_timestamp",
            "found string, expected i64",
        ),
        (Receipt, "/created_timestamp", json!(946_684_799), "created_timestamp", early),
        (Receipt, "/updated_timestamp", json!(1_788_386_401), "updated_timestamp", late),
        (
            Receipt,
            "/updated_timestamp",
            json!(1.5),
            "updated_timestamp",
            "found floating point, expected i64",
        ),
        (Receipt, "/name", json!("Dana\u{0}Whitlock"), "name", "holds a NUL byte"),
        (Receipt, "/name", json!("Dana&#0;Whitlock"), "name", "holds a NUL byte"),
        (Receipt, "/name", json!("Dana&#x0;Whitlock"), "name", "holds a NUL byte"),
        (Receipt, "/city", lone, "city", "found map, expected a string"),
        (Receipt, "/first_line", json!(long), "first_line", "is longer than 20000 bytes"),
        (Receipt, "/second_line", json!("\u{0}"), "second_line", "holds a NUL byte"),
        (Receipt, "/state", json!("\u{0}"), "state", "holds a NUL byte"),
        (Receipt, "/zip", json!(97_205), "zip", "found integer, expected a string"),
        (Receipt, "/country_iso", json!("USA"), "country_iso", "is no country code of two letters"),
        (Receipt, "/message_from_buyer", json!("&#0;"), "message_from_buyer", "holds a NUL byte"),
        (Receipt, "/grandtotal", money(1, 0, "USD"), "grandtotal", divisor),
        (Receipt, "/grandtotal", money(1, 7, "USD"), "grandtotal", divisor),
        (Receipt, "/grandtotal", money(1, -100, "USD"), "grandtotal", divisor),
        (Receipt, "/grandtotal", money(-1, 100, "USD"), "grandtotal", "is negative"),
        (Receipt, "/grandtotal", money(1 << 54, 100, "USD"), "grandtotal", exact),
        (Receipt, "/grandtotal", money(i64::MIN, 100, "USD"), "grandtotal", exact),
        (
            Receipt,
            "/grandtotal",
            Value::Null,
            "grandtotal",
            "found null, expected struct WireMoney",
        ),
        (Receipt, "/subtotal", money(1, 100, "usd"), "subtotal.currency_code", code),
        (Receipt, "/subtotal", money(1, 100, "Dana"), "subtotal.currency_code", code),
        (Receipt, "/subtotal", money(1, 100, "EUR"), "subtotal", other),
        (
            Receipt,
            "/total_price",
            json!({"amount": 1, "divisor": 100}),
            "total_price.currency_code",
            "missing",
        ),
        (
            Receipt,
            "/total_shipping_cost",
            money(-1, 100, "USD"),
            "total_shipping_cost",
            "is negative",
        ),
        (Receipt, "/total_tax_cost", money(1, 100, "EUR"), "total_tax_cost", other),
        (Receipt, "/total_vat_cost", money(1, 3, "USD"), "total_vat_cost", divisor),
        (
            Receipt,
            "/discount_amt",
            json!("4.50"),
            "discount_amt",
            "found string, expected struct WireMoney",
        ),
        (Receipt, "/gift_wrap_price", money(1, 100, "EUR"), "gift_wrap_price", other),
        (Receipt, "/refunds/0/amount", money(-1, 100, "USD"), "refunds[0].amount", "is negative"),
        (
            Receipt,
            "/transactions",
            json!(secret),
            "transactions",
            "found string, expected a sequence",
        ),
        (
            Receipt,
            "/transactions/0",
            json!(secret),
            "transactions[0]",
            "found string, expected an object",
        ),
        (
            Receipt,
            "/transactions/0/transaction_id",
            json!(secret),
            "transactions[0].transaction_id",
            id,
        ),
        (Receipt, "/transactions/0/quantity", json!(0), "transactions[0].quantity", "is below 1"),
        (
            Receipt,
            "/transactions/0/quantity",
            json!(2_147_483_648_u32),
            "transactions[0].quantity",
            "found integer, expected i32",
        ),
        (
            Receipt,
            "/transactions/0/listing_id",
            json!(-5),
            "transactions[0].listing_id",
            "found integer, expected an id, 0 or null",
        ),
        (Receipt, "/transactions/0/price", money(1, 100, "EUR"), "transactions[0].price", other),
        (
            Receipt,
            "/transactions/0/title",
            json!("\u{0}"),
            "transactions[0].title",
            "holds a NUL byte",
        ),
        (Receipt, "/transactions/0/sku", json!("&#0;"), "transactions[0].sku", "holds a NUL byte"),
        (
            Receipt,
            "/transactions/0/is_digital",
            json!(2),
            "transactions[0].is_digital",
            "found integer, expected a boolean",
        ),
        (
            Receipt,
            "/transactions/0/variations/0/formatted_value",
            json!("\u{0}"),
            "transactions[0].variations",
            "holds a NUL byte",
        ),
        (
            Receipt,
            "/transactions/0/product_data/0/values",
            json!(["&#0;"]),
            "transactions[0].product_data",
            "holds a NUL byte",
        ),
        (
            Receipt,
            "/transactions/0/product_data/0/property_id",
            json!(0),
            "transactions[0].product_data[0].property_id",
            "found integer, expected an id above 0",
        ),
        (Listing, "/listing_id", json!(0), "listing_id", "found integer, expected an id above 0"),
        (Listing, "/quantity", json!(-1), "quantity", "is below 0"),
        (Listing, "/price", money(-1, 100, "USD"), "price", "is negative"),
        (Listing, "/state", Value::Null, "state", "missing"),
        (Listing, "/title", json!("\u{0}"), "title", "holds a NUL byte"),
        (Listing, "/listing_type", json!(long), "listing_type", "is longer than 100 bytes"),
        (Listing, "/updated_timestamp", json!(5), "updated_timestamp", early),
        (
            Listing,
            "/inventory/products/0/offerings/0/quantity",
            json!(-1),
            "inventory.products[0].offerings.quantity",
            "is below 0",
        ),
        (
            Listing,
            "/inventory/products/0/offerings/0/price",
            money(1, 100, "EUR"),
            "inventory.products[0].offerings.price",
            "is in another currency than its listing",
        ),
        (Inventory, "/inventory", Value::Null, "inventory", "found null, expected an object"),
        (
            Inventory,
            "/inventory/products/0/sku",
            json!("\u{0}"),
            "inventory.products[0].sku",
            "holds a NUL byte",
        ),
        (LedgerEntry, "/entry_id", json!(secret), "entry_id", id),
        (LedgerEntry, "/sequence_number", json!(-1), "sequence_number", "is negative"),
        (LedgerEntry, "/amount", json!(44.45), "amount", "found floating point, expected i64"),
        (LedgerEntry, "/balance", json!(i64::MAX), "balance", exact),
        (LedgerEntry, "/currency", json!("$"), "currency", code),
        (LedgerEntry, "/ledger_type", json!(long), "ledger_type", "is longer than 100 bytes"),
        (LedgerEntry, "/reference_id", json!(long), "reference_id", "is longer than 100 bytes"),
        (LedgerEntry, "/created_timestamp", json!(0), "created_timestamp", early),
        (
            LedgerEntry,
            "/payment_adjustments/0/payment_id",
            json!(0),
            "payment_adjustments[0].payment_id",
            "found integer, expected an id above 0",
        ),
        (
            LedgerEntry,
            "/payment_adjustments/0/total_fee_adjustment_amount",
            json!(i64::MIN),
            "payment_adjustments[0].total_fee_adjustment_amount",
            exact,
        ),
        (Payment, "/payment_id", json!(0), "payment_id", "found integer, expected an id above 0"),
        (
            Payment,
            "/amount_fees",
            money(1, 100, "EUR"),
            "amount_fees",
            "is in another currency than its neighbours",
        ),
        (Payment, "/adjusted_net", money(1, 0, "USD"), "adjusted_net", divisor),
        (Payment, "/updated_timestamp", json!(4_000_000_000_u32), "updated_timestamp", late),
        (
            ReturnPolicy,
            "/return_deadline",
            json!(-1),
            "return_deadline",
            "is no number of days below ten years",
        ),
    ] {
        let neighbour = sample(entity);
        let bad = with(entity, path, value.clone());
        let sheet = decoded(origin(entity), &[bad.to_string(), neighbour.to_string()]);
        let good = sheet.good.iter().filter(|good| good.is_row).count();
        assert_eq!((sheet.bad.len(), good), (1, 1), "{entity} {path} {value}: {:?}", sheet.bad);
        let fault = &sheet.bad[0].fault;
        assert_eq!(
            (fault.field.as_str(), fault.reason.as_str()),
            (field, reason),
            "{entity} {path}"
        );
        assert!(!format!("{:?}", sheet.bad).contains("Secret"), "{:?}", sheet.bad);
        let only = alone(entity, &neighbour);
        for table in Table::ALL {
            assert_eq!(sheet.rows(table), only.rows(table), "{path} leaves something in {table:?}");
        }
    }
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
    let skipped = plain.replacen('{', r#"{"gift_message": "\ud800","#, 1);
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
    let (entities, kinds, fields, words, counts) = sheet.novelties.columns();
    let seen: Vec<_> = (0..entities.len())
        .map(|index| (entities[index], kinds[index], fields[index], words[index], counts[index]))
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
        let (.., words, _) = sheet.novelties.columns();
        assert_eq!((words, sheet.bad.len()), (vec![word.to_lowercase().as_str()], 0));
    }
    for known in ["SALES_TAX_REFUND", "transaction_refund", "DISBURSE2", ""] {
        let entry = with(Entity::LedgerEntry, "/ledger_type", json!(known));
        assert!(alone(Entity::LedgerEntry, &entry).novelties.is_empty(), "{known}");
    }
}
