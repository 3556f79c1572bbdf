//! Products, reservation, contacts, and the role that only reads.

use serde_json::json;

use super::client::{Sandbox, connect};
use crate::sandbox::odoo::{ReadRole, grant_read_role};

#[tokio::test]
async fn a_loaded_product_brings_its_template_and_names_both() {
    let sandbox = Sandbox::with_fields().await;
    let columns = json!([
        "id",
        "name",
        "type",
        "is_storable",
        "default_code",
        "list_price",
        "x_etsy_listing_id",
        "x_etsy_variant_key"
    ]);
    let rows = json!([
        ["etsy.sku_A", "Vase", "consu", "1", "A", "12.50", "777", "color=red"],
        ["etsy.sku_B", "Pattern", "service", "0", "B", "3", "778", ""]
    ]);
    let loaded = sandbox.load("product.product", columns.clone(), rows.clone()).await;
    assert_eq!(loaded["messages"], json!([]));
    assert_eq!(sandbox.load("product.product", columns, rows).await, loaded);
    let fields = json!([
        "name",
        "type",
        "is_storable",
        "default_code",
        "list_price",
        "x_etsy_listing_id",
        "x_etsy_variant_key",
        "display_name"
    ]);
    let read = sandbox.result("product.product", "read", json!([loaded["ids"], fields])).await;
    assert_eq!(
        read[0],
        json!({"id": loaded["ids"][0], "name": "Vase", "type": "consu", "is_storable": true, "default_code": "A",
            "list_price": 12.5, "x_etsy_listing_id": "777", "x_etsy_variant_key": "color=red",
            "display_name": "[A] Vase"})
    );
    assert_eq!(
        (&read[1]["type"], &read[1]["x_etsy_variant_key"]),
        (&json!("service"), &json!(false))
    );
    let named = sandbox
        .result(
            "ir.model.data",
            "search_read",
            json!([[["module", "=", "etsy"]], ["name", "model"]]),
        )
        .await;
    let names: Vec<&str> =
        named.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["sku_A", "sku_B", "sku_A_product_template", "sku_B_product_template"]);
    let found = sandbox
        .result(
            "product.product",
            "search_read",
            json!([[["x_etsy_listing_id", "in", ["777"]]], ["name"]]),
        )
        .await;
    assert_eq!(found[0]["id"], loaded["ids"][0]);
}

#[tokio::test]
async fn an_unknown_choice_is_named_with_the_known_ones() {
    let sandbox = Sandbox::start().await;
    let rows = json!([["etsy.sku_A", "Vase", "product"]]);
    let answer = sandbox.load("product.product", json!(["id", "name", "type"]), rows).await;
    assert_eq!(
        answer["messages"],
        json!([{"rows": {"from": 0, "to": 0}, "type": "error", "record": 0, "field": "type",
            "message": "Value 'product' not found in selection field 'Product Type'",
            "moreinfo": ["Goods", "Service", "Combo"], "field_name": "Product Type"}])
    );
}

#[tokio::test]
async fn goods_are_reserved_as_far_as_they_go() {
    let sandbox = Sandbox::start().await;
    let mug = sandbox.product("MUG").await;
    let order = |quantity: i64| json!({"partner_id": 3, "order_line": [[0, 0, {"product_id": mug, "product_uom_qty": quantity}]]});
    let ids = sandbox.result("sale.order", "create", json!([[order(7), order(5), order(2)]])).await;
    assert_eq!(sandbox.result("sale.order", "action_confirm", json!([ids])).await, true);
    let moves = sandbox
        .result(
            "stock.move",
            "search_read",
            json!([[], ["state", "product_qty", "quantity", "reference"], 0, 0, "id"]),
        )
        .await;
    let shown: Vec<_> = moves
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!([row["state"], row["product_qty"], row["quantity"]]))
        .collect();
    assert_eq!(
        json!(shown),
        json!([["assigned", 7.0, 7.0], ["partially_available", 5.0, 3.0], ["confirmed", 2.0, 0.0]])
    );
    assert_eq!(moves[0]["reference"], "WH/OUT/00001");
    let pickings = sandbox
        .result(
            "stock.picking",
            "search_read",
            json!([[], ["name", "state", "origin", "scheduled_date"], 0, 0, "id"]),
        )
        .await;
    assert_eq!(
        pickings[0],
        json!({"id": pickings[0]["id"], "name": "WH/OUT/00001", "state": "assigned", "origin": "S00013",
            "scheduled_date": "2026-11-23 20:10:25"})
    );
    assert_eq!(pickings[2]["state"], "confirmed");
    let over = "select (sum(quantity) - sum(reserved_quantity))::bigint from stock_quant join product_product as variant \
        on variant.id = product_id where variant.default_code = 'MUG'";
    assert_eq!(sandbox.count(over).await, 0);
}

#[tokio::test]
async fn a_delivery_address_below_a_buyer_is_where_orders_go() {
    let sandbox = Sandbox::start().await;
    let countries = sandbox
        .result("res.country", "search_read", json!([[["code", "in", ["US", "DE"]]], ["code"]]))
        .await;
    assert_eq!(countries.as_array().unwrap().len(), 2);
    let buyers = json!([["etsy.buyer_1", "Ann Buyer", "", "", countries[0]["id"]]]);
    let columns = json!(["id", "name", "parent_id/id", "type", "country_id/.id"]);
    let buyer = sandbox.load("res.partner", columns.clone(), buyers).await["ids"][0].clone();
    let addresses = json!([[
        "etsy.address_1",
        "Ann (gift for Joe)",
        "etsy.buyer_1",
        "delivery",
        countries[0]["id"]
    ]]);
    let address = sandbox.load("res.partner", columns, addresses).await["ids"][0].clone();
    let order = sandbox.result("sale.order", "create", json!([{"partner_id": buyer}])).await;
    let read = sandbox
        .result(
            "sale.order",
            "read",
            json!([[order], ["partner_shipping_id", "partner_invoice_id"]]),
        )
        .await;
    assert_eq!(read[0]["partner_shipping_id"], json!([address, "Ann Buyer, Ann (gift for Joe)"]));
    assert_eq!(read[0]["partner_invoice_id"], json!([buyer, "Ann Buyer"]));
}

#[tokio::test]
async fn archived_records_are_found_only_by_those_who_ask() {
    let sandbox = Sandbox::start().await;
    let domain = json!([[["name", "in", ["USD", "CAD"]]], ["active"]]);
    let shown = sandbox.result("res.currency", "search_read", domain.clone()).await;
    assert_eq!(shown.as_array().unwrap().len(), 1);
    let all = json!({"context": {"active_test": false}});
    let answer = sandbox.answer("res.currency", "search_read", domain, all).await;
    assert_eq!(answer["result"].as_array().unwrap().len(), 2);
    let either = json!([["|", ["code", "=", "JP"], "!", ["code", "!=", "BR"]]]);
    assert_eq!(sandbox.result("res.country", "search_count", either).await, 2);
}

#[tokio::test]
async fn the_reading_role_reads_what_it_needs_and_writes_nothing() {
    let sandbox = Sandbox::with_fields().await;
    let role = ReadRole { name: "odd role\"name".to_owned(), password: "p'w".to_owned().into() };
    grant_read_role(&sandbox.config, &role).await.unwrap();
    grant_read_role(&sandbox.config, &role).await.unwrap();
    let mut config = sandbox.config.clone();
    config.user(&role.name).password("p'w");
    let (reader, _connection) = connect(&config).await;
    for allowed in [
        "select xmin, id, x_etsy_receipt_id, amount_total from sale_order",
        "select id, name, street from res_partner",
        "select * from stock_quant",
        "select id, module, name, res_id from ir_model_data",
    ] {
        reader.query(allowed, &[]).await.unwrap();
    }
    for denied in [
        "select email from res_partner",
        "select login from res_users",
        "select access_token from sale_order",
        "insert into res_country_state (country_id, name, code) values (1, 'x', 'x')",
        "create table mine (id integer)",
    ] {
        assert!(reader.query(denied, &[]).await.is_err(), "{denied}");
    }
}
