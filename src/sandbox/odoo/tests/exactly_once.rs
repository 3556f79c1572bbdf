//! `load`: create-if-missing, all or nothing, one winner.

use serde_json::{Value, json};

use super::client::{Sandbox, order_columns, order_rows};
use crate::sandbox::faults::{Fault, FaultRule};

const ORDERS: &str = "select count(*) from sale_order where x_etsy_receipt_id is not null";
const LINES: &str = "select count(*) from sale_order_line where x_etsy_transaction_id is not null";
const EXTERNAL_IDS: &str = "select count(*) from ir_model_data where module = 'etsy'";

async fn goods(sandbox: &Sandbox) -> (Value, Value) {
    (sandbox.product("MUG").await, sandbox.product("CARD").await)
}

#[tokio::test]
async fn a_repeated_load_answers_the_same_ids_and_changes_nothing() {
    let sandbox = Sandbox::with_fields().await;
    let (mug, card) = goods(&sandbox).await;
    let rows = order_rows(100..102, &mug, &card);
    let first = sandbox.load("sale.order", order_columns(), json!(rows)).await;
    assert_eq!(first["messages"], json!([]));
    assert_eq!(first["nextrow"], 0);
    let written = "select extract(epoch from max(write_date))::bigint from sale_order";
    let before = sandbox.count(written).await;

    sandbox.clock.advance(chrono::TimeDelta::minutes(5));
    let again = sandbox.load("sale.order", order_columns(), json!(rows)).await;
    assert_eq!(again, first);
    assert_eq!(sandbox.count(written).await, before);
    assert_eq!(sandbox.count(LINES).await, 4);

    let one_more = order_rows(100..103, &mug, &card);
    let third = sandbox.load("sale.order", order_columns(), json!(one_more)).await;
    assert_eq!(third["ids"].as_array().unwrap()[..2], first["ids"].as_array().unwrap()[..]);
    assert_eq!((sandbox.count(ORDERS).await, sandbox.count(LINES).await), (3, 6));
    assert_eq!(sandbox.count(EXTERNAL_IDS).await, 9);
    let noupdate = "select count(*) from ir_model_data where module = 'etsy' and noupdate";
    assert_eq!(sandbox.count(noupdate).await, 9);
}

#[tokio::test]
async fn an_external_id_that_stands_twice_in_a_call_is_one_record() {
    let sandbox = Sandbox::start().await;
    let rows = json!([["etsy.buyer_1", "Cleo Buyer"], ["etsy.buyer_1", "Cleo Buyer"]]);
    let loaded = sandbox.load("res.partner", json!(["id", "name"]), rows).await;
    assert_eq!(loaded["ids"][0], loaded["ids"][1]);
    assert_eq!(
        sandbox.count("select count(*) from res_partner where name = 'Cleo Buyer'").await,
        1
    );
}

#[tokio::test]
async fn of_identical_loads_at_once_exactly_one_creates() {
    let sandbox = Sandbox::with_fields().await;
    let (mug, card) = goods(&sandbox).await;
    for round in 0..3_u64 {
        let rows = json!(order_rows(1000 * (round + 1)..1000 * (round + 1) + 30, &mug, &card));
        let (first, second) = tokio::join!(
            sandbox.load("sale.order", order_columns(), rows.clone()),
            sandbox.load("sale.order", order_columns(), rows.clone()),
        );
        let created = i64::try_from(30 * (round + 1)).unwrap();
        assert_eq!(sandbox.count(ORDERS).await, created);
        assert_eq!(sandbox.count(LINES).await, 2 * created);
        assert_eq!(sandbox.count(EXTERNAL_IDS).await, 3 * created);
        for answer in [&first, &second] {
            if answer["ids"] == false {
                let text = "could not serialize access due to concurrent update\n";
                assert_eq!(answer["messages"][0]["message"], text, "{answer}");
                assert_eq!(answer["messages"].as_array().unwrap().len(), 11);
            }
        }
        assert!(first["ids"] != false || second["ids"] != false);
        let repeated = sandbox.load("sale.order", order_columns(), rows).await;
        assert_eq!(repeated["ids"].as_array().unwrap().len(), 30);
    }
}

#[tokio::test]
async fn one_bad_row_is_named_and_rolls_everything_back() {
    let sandbox = Sandbox::with_fields().await;
    let (mug, card) = goods(&sandbox).await;
    let mut rows = order_rows(100..103, &mug, &card);
    rows[2][6] = json!("99999");
    let answer = sandbox.load("sale.order", order_columns(), json!(rows)).await;
    assert_eq!(
        answer,
        json!({"ids": false, "nextrow": 0, "messages": [{
            "rows": {"from": 2, "to": 3},
            "type": "error",
            "record": 1,
            "field": "order_line",
            "message": "No matching record found for database id '99999' in field 'Order Lines/Product'",
            "moreinfo": {"name": "Possible Values", "type": "ir.actions.act_window", "target": "new",
                "view_mode": "list,form", "views": [[false, "list"], [false, "form"]], "context": {"create": false},
                "help": "See all possible values", "res_model": "ir.model.data",
                "domain": [["model", "=", "product.product"]]},
            "field_name": "Order Lines",
        }]})
    );
    assert_eq!((sandbox.count(ORDERS).await, sandbox.count(EXTERNAL_IDS).await), (0, 0));

    let mut rows = order_rows(100..101, &mug, &card);
    rows[0][2] = json!("2026-13-45 00:00:00");
    let answer = sandbox.load("sale.order", order_columns(), json!(rows)).await;
    assert_eq!(
        answer,
        json!({"ids": false, "nextrow": 0, "messages": [{
            "rows": {"from": 0, "to": 1}, "type": "error", "record": 0, "field": "date_order",
            "message": "'2026-13-45 00:00:00' does not seem to be a valid datetime for field 'Order Date'",
            "moreinfo": "Use the format '2012-12-31 23:59:59'", "field_name": "Order Date",
        }]})
    );
}

#[tokio::test]
async fn a_row_that_only_the_database_refuses_is_named_too() {
    let sandbox = Sandbox::start().await;
    let rows = json!([["etsy.buyer_1", "Ann", "1 Main St"], ["etsy.buyer_2", "", "2 Main St"]]);
    let answer = sandbox.load("res.partner", json!(["id", "name", "street"]), rows).await;
    assert_eq!(answer["ids"], false);
    assert_eq!(
        answer["messages"],
        json!([{"rows": {"from": 1, "to": 1}, "record": 1, "type": "error", "message": "'Contacts require a name'"}])
    );
    assert_eq!(sandbox.count(EXTERNAL_IDS).await, 0);
}

#[tokio::test]
async fn times_are_read_in_the_time_zone_of_the_context() {
    let sandbox = Sandbox::with_fields().await;
    let (mug, card) = goods(&sandbox).await;
    let rows = json!(order_rows(100..101, &mug, &card));
    let context = json!({"context": {"mode": "update", "noupdate": true, "tz": "Europe/Berlin"}});
    let answer =
        sandbox.answer("sale.order", "load", json!([order_columns(), rows]), context).await;
    let read = sandbox
        .result("sale.order", "read", json!([answer["result"]["ids"], ["date_order"]]))
        .await;
    assert_eq!(read[0]["date_order"], "2026-03-04 04:06:07");
}

#[tokio::test]
async fn without_its_mode_a_repeated_load_writes() {
    let sandbox = Sandbox::with_fields().await;
    let (mug, card) = goods(&sandbox).await;
    let loaded =
        sandbox.load("sale.order", order_columns(), json!(order_rows(100..101, &mug, &card))).await;
    let rows = json!([["etsy.receipt_100", "changed"]]);
    let again =
        sandbox.result("sale.order", "load", json!([["id", "client_order_ref"], rows])).await;
    assert_eq!(again["ids"], loaded["ids"]);
    let read =
        sandbox.result("sale.order", "read", json!([loaded["ids"], ["client_order_ref"]])).await;
    assert_eq!(read[0]["client_order_ref"], "changed");
}

#[tokio::test]
async fn a_lost_answer_has_its_effect_and_a_lost_request_has_none() {
    let sandbox = Sandbox::start().await;
    let create =
        json!(["odoo18", 2, "admin", "res.partner", "create", [{"name": "Lost and found"}], {}]);
    let found = "select count(*) from res_partner where name = 'Lost and found'";
    sandbox.faults.replace(vec![FaultRule::nth("res.partner.create", 1, Fault::ResetBefore)]);
    assert!(sandbox.post(&super::client::execute(&create)).await.is_err());
    assert_eq!(sandbox.count(found).await, 0);
    sandbox.faults.replace(vec![FaultRule::nth("res.partner.create", 1, Fault::ResetAfter)]);
    assert!(sandbox.post(&super::client::execute(&create)).await.is_err());
    assert_eq!(sandbox.count(found).await, 1);
}
