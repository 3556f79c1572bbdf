//! Counts of stock, and transfers that are completed.

use serde_json::{Value, json};

use super::client::{BOT, Sandbox, execute};

async fn enter(sandbox: &Sandbox, counts: Value) -> Value {
    let context = json!({"context": {"inventory_mode": true}});
    sandbox.answer("stock.quant", "create", json!([counts]), context).await
}

async fn quantities(sandbox: &Sandbox, quants: &Value) -> Vec<Value> {
    let fields = ["quantity", "inventory_quantity", "inventory_quantity_set"];
    let read = sandbox.result("stock.quant", "read", json!([quants, fields])).await;
    let plain = |row: &Value| {
        json!([row["quantity"], row["inventory_quantity"], row["inventory_quantity_set"]])
    };
    read.as_array().unwrap().iter().map(plain).collect()
}

async fn apply(sandbox: &Sandbox, quants: &Value) -> Value {
    sandbox.answer("stock.quant", "action_apply_inventory", json!([quants]), json!({})).await
}

#[tokio::test]
async fn a_count_is_entered_and_then_applied_with_an_answer_that_says_nothing() {
    let sandbox = Sandbox::start().await;
    let (mug, card) = (sandbox.product("MUG").await, sandbox.product("CARD").await);
    let counts = json!([
        {"product_id": mug, "location_id": 8, "inventory_quantity": 7},
        {"product_id": card, "location_id": 5, "inventory_quantity": 2.5},
    ]);
    let quants = enter(&sandbox, counts).await["result"].clone();
    let entered = quantities(&sandbox, &quants).await;
    assert_eq!(entered, [json!([10.0, 7.0, true]), json!([0.0, 2.5, true])]);
    let answer = apply(&sandbox, &quants).await;
    assert_eq!(answer.get("result"), None);
    assert_eq!(answer.get("error"), None);
    let applied = quantities(&sandbox, &quants).await;
    assert_eq!(applied, [json!([7.0, 0.0, false]), json!([2.5, 0.0, false])]);
    let moves = "select count(*) from stock_move where is_inventory and state = 'done' and product_qty in (3, 2.5)";
    assert_eq!(sandbox.count(moves).await, 2);
    // what is missing went to the adjustments
    let gone = "select sum(quantity)::bigint from stock_quant where location_id = 14 and product_id = \
        (select id from product_product where default_code = 'MUG')";
    assert_eq!(sandbox.count(gone).await, 3);
}

#[tokio::test]
async fn a_quantity_that_moved_since_it_was_counted_is_asked_about_and_nothing_is_applied() {
    let sandbox = Sandbox::start().await;
    let (mug, card) = (sandbox.product("MUG").await, sandbox.product("CARD").await);
    let counts = json!([
        {"product_id": mug, "location_id": 8, "inventory_quantity": 4},
        {"product_id": card, "location_id": 8, "inventory_quantity": 4},
    ]);
    let quants = enter(&sandbox, counts).await["result"].clone();
    let (client, _connection) = sandbox.database().await;
    client
        .execute(
            "update stock_quant set quantity = quantity - 1 where product_id::text = $1",
            &[&mug.to_string()],
        )
        .await
        .unwrap();
    let asked = apply(&sandbox, &quants).await["result"].clone();
    assert_eq!(asked["res_model"], "stock.inventory.conflict");
    assert_eq!(asked["context"]["default_quant_to_fix_ids"], json!([quants[0]]));
    let kept = quantities(&sandbox, &quants).await;
    assert_eq!(kept, [json!([9.0, 4.0, true]), json!([1000.0, 4.0, true])]);
    let cleared = json!([quants]);
    sandbox.result("stock.quant", "action_clear_inventory_quantity", cleared).await;
    let kept = quantities(&sandbox, &quants).await;
    assert_eq!(kept, [json!([9.0, 0.0, false]), json!([1000.0, 0.0, false])]);
}

#[tokio::test]
async fn counts_of_what_has_no_stock_are_refused_whole_and_strangers_may_not_count() {
    let sandbox = Sandbox::start().await;
    let (mug, pattern) = (sandbox.product("MUG").await, sandbox.product("PATTERN").await);
    let counts = json!([
        {"product_id": mug, "location_id": 8, "inventory_quantity": 4},
        {"product_id": pattern, "location_id": 8, "inventory_quantity": 4},
    ]);
    let answer = enter(&sandbox, counts).await;
    let (name, message) = Sandbox::refusal(&answer);
    assert_eq!(name, "odoo.exceptions.ValidationError");
    assert_eq!(message, "Quants cannot be created for consumables or services.");
    assert_eq!(
        sandbox.count("select count(*) from stock_quant where inventory_quantity_set").await,
        0
    );
    let view = json!([{"product_id": mug, "location_id": 7, "inventory_quantity": 4}]);
    let answer = enter(&sandbox, view).await;
    assert!(Sandbox::refusal(&answer).1.contains("of type \"view\" (WH)"), "{answer}");
    let (client, _connection) = sandbox.database().await;
    client
        .batch_execute("delete from res_groups_users_rel where gid in (select id from res_groups where name ->> 'en_US' = 'User')")
        .await
        .unwrap();
    let count = json!([[{"product_id": mug, "location_id": 8, "inventory_quantity": 4}]]);
    let args = json!(["odoo18", BOT, "secret", "stock.quant", "create", count,
        {"context": {"inventory_mode": true}}]);
    let answer = sandbox.post(&execute(&args)).await.unwrap();
    assert_eq!(Sandbox::refusal(&answer).0, "odoo.exceptions.AccessError");
}

#[tokio::test]
async fn what_is_delivered_leaves_the_stock() {
    let sandbox = Sandbox::start().await;
    let mug = sandbox.product("MUG").await;
    let order = |quantity: i64| json!({"partner_id": 3, "order_line": [[0, 0, {"product_id": mug, "product_uom_qty": quantity}]]});
    let ids = sandbox.result("sale.order", "create", json!([[order(7), order(5)]])).await;
    sandbox.result("sale.order", "action_confirm", json!([ids])).await;
    let pickings = sandbox
        .result("stock.picking", "search", json!([[["sale_id", "in", ids]], 0, 0, "id"]))
        .await;
    let (all_there, in_part) = (pickings[0].clone(), pickings[1].clone());
    let asked = sandbox.result("stock.picking", "button_validate", json!([[in_part]])).await;
    assert_eq!(asked["res_model"], "stock.backorder.confirmation");
    let done = sandbox.result("stock.picking", "button_validate", json!([[all_there]])).await;
    assert_eq!(done, true);
    let left = "select (sum(quantity) * 100 + sum(reserved_quantity))::bigint from stock_quant where location_id = 8 \
        and product_id = (select id from product_product where default_code = 'MUG')";
    assert_eq!(sandbox.count(left).await, 303);
    let arrived = "select sum(quantity)::bigint from stock_quant where location_id = 5";
    assert_eq!(sandbox.count(arrived).await, 7);
    let order = sandbox.result("sale.order", "read", json!([[ids[0]], ["delivery_status"]])).await;
    assert_eq!(order[0]["delivery_status"], "full");
}
