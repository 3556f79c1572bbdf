//! Orders: amounts, confirmation, cancellation.

use std::time::Instant;

use serde_json::{Value, json};

use super::client::{BOT, Sandbox, execute, only, order_columns, order_rows};

async fn confirm(sandbox: &Sandbox, ids: &Value) -> Value {
    let args = json!(["odoo18", BOT, "secret", "sale.order", "action_confirm", [ids], {}]);
    sandbox.post(&execute(&args)).await.unwrap()
}

async fn pricelist(sandbox: &Sandbox, currency: &str) -> Value {
    let domain = json!([[["currency_id.name", "=", currency]], ["currency_id"]]);
    sandbox.result("product.pricelist", "search_read", domain).await[0]["id"].clone()
}

async fn loaded(sandbox: &Sandbox, receipts: std::ops::Range<u64>) -> Value {
    let (mug, card) = (sandbox.product("MUG").await, sandbox.product("CARD").await);
    let rows = json!(order_rows(receipts, &mug, &card));
    sandbox.load("sale.order", order_columns(), rows).await["ids"].clone()
}

#[tokio::test]
async fn an_order_gets_number_currency_and_amounts() {
    let sandbox = Sandbox::with_fields().await;
    let ids = loaded(&sandbox, 100..101).await;
    let fields = json!([
        "name",
        "state",
        "amount_untaxed",
        "amount_tax",
        "amount_total",
        "date_order",
        "currency_id",
        "partner_id",
        "partner_shipping_id",
        "picking_ids"
    ]);
    let read = sandbox.result("sale.order", "read", json!([ids, fields])).await;
    let usd = sandbox
        .result("res.currency", "search_read", json!([[["name", "=", "USD"]], ["name"]]))
        .await;
    assert_eq!(
        read[0],
        json!({"id": ids[0], "name": "S00013", "state": "draft", "amount_untaxed": 39.25, "amount_tax": 0.0,
            "amount_total": 39.25, "date_order": "2026-03-04 05:06:07", "currency_id": [usd[0]["id"], "USD"],
            "partner_id": [3, "Administrator"], "partner_shipping_id": [3, "Administrator"], "picking_ids": []})
    );
}

#[tokio::test]
async fn yen_have_no_cents() {
    let sandbox = Sandbox::with_fields().await;
    let mug = sandbox.product("MUG").await;
    let columns = json!([
        "id",
        "partner_id/.id",
        "pricelist_id/.id",
        "order_line/id",
        "order_line/product_id/.id",
        "order_line/product_uom_qty",
        "order_line/price_unit",
        "order_line/tax_id/.id"
    ]);
    let rows = json!([[
        "etsy.receipt_1",
        "3",
        pricelist(&sandbox, "JPY").await,
        "etsy.tx_1",
        mug,
        "3",
        "1250.50",
        ""
    ]]);
    let ids = sandbox.load("sale.order", columns, rows).await["ids"].clone();
    let read = sandbox
        .result(
            "sale.order",
            "read",
            json!([ids, ["amount_total", "currency_id", "currency_rate"]]),
        )
        .await;
    assert_eq!(read[0]["amount_total"], 3752.0);
    assert_eq!(read[0]["currency_id"][1], "JPY");
    assert_eq!(read[0]["currency_rate"], 150.0);
}

#[tokio::test]
async fn lines_that_say_nothing_of_taxes_are_taxed_and_prices_default() {
    let sandbox = Sandbox::start().await;
    let mug = sandbox.product("MUG").await;
    let order = json!([{"partner_id": 3, "currency_id": 1, "order_line": [
        [0, 0, {"product_id": mug, "product_uom_qty": 5}],
        [0, 0, {"product_id": mug, "price_unit": -3.4567, "tax_id": [[6, 0, []]]}],
        [0, 0, {"display_type": "line_note", "name": "please wrap"}]]}]);
    let id = sandbox.result("sale.order", "create", order).await;
    let read = sandbox
        .result(
            "sale.order",
            "read",
            json!([[id], ["amount_untaxed", "amount_tax", "amount_total", "currency_id"]]),
        )
        .await;
    assert_eq!(
        only(&read[0], &["amount_untaxed", "amount_tax", "amount_total"]),
        json!({"amount_untaxed": 96.54, "amount_tax": 15.0, "amount_total": 111.54})
    );
    assert_eq!(read[0]["currency_id"][1], "USD");
    let fields =
        json!(["name", "price_unit", "price_total", "tax_id", "product_id", "display_type"]);
    let lines = sandbox
        .result("sale.order.line", "search_read", json!([[["order_id", "in", [id]]], fields]))
        .await;
    let keys = ["name", "price_unit", "price_total", "tax_id", "product_id", "display_type"];
    assert_eq!(
        only(&lines[0], &keys),
        json!({"name": "[MUG] Item MUG", "price_unit": 20.0, "price_total": 115.0, "tax_id": [1],
            "product_id": [mug, "[MUG] Item MUG"], "display_type": false})
    );
    assert_eq!(
        only(&lines[1], &["price_unit", "tax_id"]),
        json!({"price_unit": -3.46, "tax_id": []})
    );
    assert_eq!(
        only(&lines[2], &keys),
        json!({"name": "please wrap", "price_unit": 0.0, "price_total": 0.0, "tax_id": [], "product_id": false,
            "display_type": "line_note"})
    );
}

#[tokio::test]
async fn confirming_overwrites_the_date_and_a_load_puts_it_back() {
    let sandbox = Sandbox::with_fields().await;
    let ids = loaded(&sandbox, 100..102).await;
    assert_eq!(confirm(&sandbox, &ids).await["result"], true);
    let fields = json!(["state", "date_order", "picking_ids", "delivery_status", "invoice_status"]);
    let read = sandbox.result("sale.order", "read", json!([ids, fields])).await;
    assert_eq!(read[0]["state"], "sale");
    assert_eq!(read[0]["date_order"], "2026-11-23 20:10:25");
    assert_eq!(read[0]["picking_ids"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&read[0]["delivery_status"], &read[0]["invoice_status"]),
        (&json!("pending"), &json!("to invoice"))
    );

    let rows = json!([
        [ids[0].to_string(), "2026-03-04 05:06:07"],
        [ids[1].to_string(), "2026-03-05 06:07:08"]
    ]);
    let dated = sandbox.load("sale.order", json!([".id", "date_order"]), rows).await;
    assert_eq!(dated["ids"], ids);
    let read = sandbox.result("sale.order", "read", json!([ids, ["date_order"]])).await;
    assert_eq!(read[0]["date_order"], "2026-03-04 05:06:07");
    assert_eq!(read[1]["date_order"], "2026-03-05 06:07:08");
}

#[tokio::test]
async fn an_order_is_confirmed_once_and_a_list_all_or_none() {
    let sandbox = Sandbox::with_fields().await;
    let ids = loaded(&sandbox, 100..103).await;
    assert_eq!(confirm(&sandbox, &json!([ids[0]])).await["result"], true);
    let again = confirm(&sandbox, &ids).await;
    assert_eq!(
        Sandbox::refusal(&again),
        ("odoo.exceptions.UserError", "Some orders are not in a state requiring confirmation.")
    );
    let drafts = "select count(*) from sale_order where state = 'draft'";
    assert_eq!(sandbox.count(drafts).await, 2);
    assert_eq!(sandbox.count("select count(*) from stock_picking").await, 1);
    let one = json!([ids[1]]);
    let (first, second) = tokio::join!(confirm(&sandbox, &one), confirm(&sandbox, &one));
    let results = [first.get("result").is_some(), second.get("result").is_some()];
    assert_eq!(results.iter().filter(|applied| **applied).count(), 1, "{first} {second}");
    assert_eq!(sandbox.count("select count(*) from stock_picking").await, 2);
}

#[tokio::test]
async fn cancelling_asks_first_and_then_gives_the_goods_back() {
    let sandbox = Sandbox::with_fields().await;
    let ids = loaded(&sandbox, 100..102).await;
    confirm(&sandbox, &ids).await;
    let reserved = "select sum(reserved_quantity)::bigint from stock_quant";
    assert_eq!(sandbox.count(reserved).await, 6);

    let wizard = sandbox.result("sale.order", "action_cancel", json!([[ids[0]]])).await;
    assert_eq!(wizard["res_model"], "sale.order.cancel");
    assert_eq!(sandbox.count("select count(*) from sale_order where state = 'cancel'").await, 0);
    let both = sandbox.answer("sale.order", "action_cancel", json!([ids]), json!({})).await;
    let text = format!("Expected singleton: sale.order({}, {})", ids[0], ids[1]);
    assert_eq!(Sandbox::refusal(&both), ("builtins.ValueError", text.as_str()));

    let silent = json!({"context": {"disable_cancel_warning": true}});
    let done = sandbox.answer("sale.order", "action_cancel", json!([[ids[0]]]), silent).await;
    assert_eq!(done["result"], true);
    assert_eq!(sandbox.count(reserved).await, 3);
    assert_eq!(sandbox.count("select count(*) from stock_move_line").await, 2);
    let read = sandbox
        .result("stock.picking", "search_read", json!([[["sale_id", "=", ids[0]]], ["state"]]))
        .await;
    assert_eq!(read[0]["state"], "cancel");
}

#[tokio::test]
async fn a_confirmed_order_keeps_its_pricelist_and_cannot_be_deleted() {
    let sandbox = Sandbox::with_fields().await;
    let ids = loaded(&sandbox, 100..101).await;
    confirm(&sandbox, &ids).await;
    let repriced = sandbox
        .answer("sale.order", "write", json!([ids, {"pricelist_id": false}]), json!({}))
        .await;
    assert_eq!(
        Sandbox::refusal(&repriced).1,
        "You cannot change the pricelist of a confirmed order !"
    );
    let deleted = sandbox.answer("sale.order", "unlink", json!([ids]), json!({})).await;
    assert_eq!(
        Sandbox::refusal(&deleted).1,
        "You can not delete a sent quotation or a confirmed sales order. You must first cancel it."
    );
}

#[tokio::test]
async fn a_batch_of_a_hundred_is_quick() {
    let sandbox = Sandbox::with_fields().await;
    let (mug, card) = (sandbox.product("MUG").await, sandbox.product("CARD").await);
    let rows = json!(order_rows(1000..1100, &mug, &card));
    let started = Instant::now();
    let ids = sandbox.load("sale.order", order_columns(), rows).await["ids"].clone();
    let loading = started.elapsed();
    let started = Instant::now();
    assert_eq!(confirm(&sandbox, &ids).await["result"], true);
    let confirming = started.elapsed();
    println!("100 orders: load {loading:?}, confirm {confirming:?}");
    assert_eq!(ids.as_array().unwrap().len(), 100);
    // Far above what is measured: this catches a query per row, not a busy machine.
    assert!(
        loading.as_millis() < 2000 && confirming.as_millis() < 2000,
        "{loading:?} {confirming:?}"
    );
}
