//! Orders with taxes, terms and notes: the amounts are those that a real Odoo 18 came to with the same lines.

use serde_json::{Value, json};

use super::client::{Sandbox, only};

/// Loads one order of the mug, with prices and the cells of their taxes; without cells, the column is left out.
async fn load(sandbox: &Sandbox, receipt: u32, lines: &[(&str, &str)], tax: Option<&str>) -> Value {
    let mug = sandbox.product("MUG").await;
    let mut columns = vec![
        "id",
        "partner_id/.id",
        "payment_term_id/.id",
        "tag_ids/.id",
        "order_line/id",
        "order_line/display_type",
        "order_line/product_id/.id",
        "order_line/name",
        "order_line/product_uom_qty",
        "order_line/price_unit",
        "order_line/discount",
    ];
    columns.extend(tax.map(|_| "order_line/tax_id/.id"));
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for (place, (quantity, price)) in lines.iter().enumerate() {
        let head = if place == 0 {
            [json!(format!("etsy.receipt_{receipt}")), json!("3"), json!("1"), json!("1")]
        } else {
            [(); 4].map(|()| json!(""))
        };
        let line = [
            json!(format!("etsy.line_{receipt}_{place}")),
            json!(""),
            mug.clone(),
            json!("Mug"),
            json!(quantity),
            json!(price),
            json!("0"),
        ];
        rows.push(head.into_iter().chain(line).chain(tax.map(|tax| json!(tax))).collect());
    }
    let note = ["", "", "", "", "etsy.note_1", "line_note", "", "<b>Hurry</b>", "0", "0", "0"];
    let mut note: Vec<Value> = note.iter().map(|cell| json!(cell)).collect();
    if receipt == 1 {
        note.extend(tax.map(|_| json!("")));
        rows.push(note);
    }
    let loaded = sandbox.load("sale.order", json!(columns), json!(rows)).await;
    assert!(loaded["ids"].is_array(), "{loaded}");
    loaded["ids"][0].clone()
}

async fn amounts(sandbox: &Sandbox, order: &Value) -> Value {
    let fields = ["amount_untaxed", "amount_tax", "amount_total"];
    let read = sandbox.result("sale.order", "read", json!([[order], fields])).await;
    only(&read[0], &fields)
}

async fn included_tax(sandbox: &Sandbox) -> String {
    let tax = json!([{"name": "19% incl", "amount": 19, "price_include_override": "tax_included"}]);
    sandbox.result("account.tax", "create", tax).await.to_string()
}

async fn round_globally(sandbox: &Sandbox) {
    let change = json!([[1], {"tax_calculation_rounding_method": "round_globally"}]);
    sandbox.result("res.company", "write", change).await;
}

const PRICES: [(&str, &str); 5] =
    [("3", "17.37"), ("1", "0.01"), ("1", "-5.55"), ("7", "3.33"), ("1", "4.99")];

#[tokio::test]
async fn an_included_tax_leaves_the_total_as_it_is() {
    let sandbox = Sandbox::start().await;
    let tag = json!([{"name": "Etsy"}]);
    assert_eq!(sandbox.result("crm.tag", "create", tag).await, json!(1));
    let tax = included_tax(&sandbox).await;
    let order = load(&sandbox, 1, &PRICES, Some(&tax)).await;
    let expected = json!({"amount_untaxed": 62.92, "amount_tax": 11.95, "amount_total": 74.87});
    assert_eq!(amounts(&sandbox, &order).await, expected);
    let terms = ["payment_term_id", "fiscal_position_id", "tag_ids"];
    let read = sandbox.result("sale.order", "read", json!([[order], terms])).await;
    assert_eq!(read[0]["payment_term_id"], json!([1, "Immediate Payment"]));
    assert_eq!((&read[0]["fiscal_position_id"], &read[0]["tag_ids"]), (&json!(false), &json!([1])));
    let fields = ["name", "product_id", "product_uom", "tax_id", "price_total"];
    let notes = json!([[["display_type", "=", "line_note"]], fields]);
    let note = sandbox.result("sale.order.line", "search_read", notes).await;
    assert_eq!(
        only(&note[0], &fields),
        json!({"name": "<b>Hurry</b>", "product_id": false, "product_uom": false, "tax_id": [], "price_total": 0.0})
    );
    round_globally(&sandbox).await;
    let order = load(&sandbox, 2, &PRICES, Some(&tax)).await;
    assert_eq!(amounts(&sandbox, &order).await, expected);
}

#[tokio::test]
async fn taxes_on_top_are_rounded_as_the_company_rounds_and_mapped_as_the_position_says() {
    let sandbox = Sandbox::start().await;
    sandbox.result("crm.tag", "create", json!([{"name": "Etsy"}])).await;
    let prices = [("3", "17.37"), ("1", "-5.55"), ("1", "4.99")];
    let order = load(&sandbox, 1, &prices, None).await;
    assert_eq!(
        amounts(&sandbox, &order).await,
        json!({"amount_untaxed": 51.55, "amount_tax": 7.74, "amount_total": 59.29})
    );
    round_globally(&sandbox).await;
    let order = load(&sandbox, 2, &prices, None).await;
    assert_eq!(
        amounts(&sandbox, &order).await,
        json!({"amount_untaxed": 51.55, "amount_tax": 7.73, "amount_total": 59.28})
    );
    let position = json!([{"name": "Export"}]);
    let position = sandbox.result("account.fiscal.position", "create", position).await;
    let mapping = json!([{"position_id": position, "tax_src_id": 1}]);
    sandbox.result("account.fiscal.position.tax", "create", mapping).await;
    let mug = sandbox.product("MUG").await;
    let order = json!([{"partner_id": 3, "fiscal_position_id": position, "order_line": [
        [0, 0, {"product_id": mug, "product_uom_qty": 3, "price_unit": 17.37}]]}]);
    let order = sandbox.result("sale.order", "create", order).await;
    assert_eq!(
        amounts(&sandbox, &order).await,
        json!({"amount_untaxed": 52.11, "amount_tax": 0.0, "amount_total": 52.11})
    );
}
