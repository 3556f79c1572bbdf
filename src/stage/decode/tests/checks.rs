//! Every check of the border, one row each.

use serde_json::{Value, json};

use super::{Entity, Table, alone, decoded, origin, sample, with};

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
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
        (
            Receipt,
            "/country_iso",
            json!("x".repeat(101)),
            "country_iso",
            "is longer than 100 bytes",
        ),
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
