//! Error shapes, as recorded.

use serde_json::{Value, json};

use super::client::{ADMIN, BOT, Sandbox, execute};

async fn refused(sandbox: &Sandbox, model: &str, method: &str, args: Value) -> (String, String) {
    let answer = sandbox.answer(model, method, args, json!({})).await;
    let (class, message) = Sandbox::refusal(&answer);
    (class.to_owned(), message.to_owned())
}

fn pair(class: &str, message: &str) -> (String, String) {
    (class.to_owned(), message.to_owned())
}

#[tokio::test]
async fn the_common_service_tells_the_version_and_who_somebody_is() {
    let sandbox = Sandbox::start().await;
    let common = async |method: &str, args: Value| {
        let body = json!({"jsonrpc": "2.0", "method": "call", "id": 3,
            "params": {"service": "common", "method": method, "args": args}});
        sandbox.post(&body).await.unwrap()
    };
    let version = common("version", json!([])).await;
    assert_eq!(version["id"], 3);
    assert_eq!(version["result"]["server_serie"], "18.0");
    assert_eq!(version["result"]["server_version_info"], json!([18, 0, 0, "final", 0, ""]));
    let uid = common("authenticate", json!(["odoo18", "bot", "secret", {}])).await;
    assert_eq!(uid, json!({"jsonrpc": "2.0", "id": 3, "result": BOT}));
    let wrong = common("authenticate", json!(["odoo18", "bot", "wrong", {}])).await;
    assert_eq!(wrong, json!({"jsonrpc": "2.0", "id": 3, "result": false}));
    let nowhere = common("authenticate", json!(["nope", "bot", "secret", {}])).await;
    let (class, message) = Sandbox::refusal(&nowhere);
    assert_eq!(class, "psycopg2.OperationalError");
    assert!(message.ends_with("failed: FATAL:  database \"nope\" does not exist\n"), "{message}");
}

#[tokio::test]
async fn bodies_and_paths_that_are_none_are_refused_by_http() {
    let sandbox = Sandbox::start().await;
    let bad = sandbox.raw("/jsonrpc", "not json").await;
    assert_eq!(bad.status(), 400);
    assert_eq!(bad.headers()["connection"], "close");
    assert_eq!(bad.text().await.unwrap(), "Invalid JSON data");
    let unknown = sandbox.raw("/jsonrpcx", "{}").await;
    assert_eq!(unknown.status(), 404);
    assert!(unknown.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    let empty = sandbox.raw("/jsonrpc", "{}").await;
    assert_eq!(empty.status(), 200);
    let answer: Value = empty.json().await.unwrap();
    assert_eq!(answer["id"], Value::Null);
    let message =
        "RPC.jsonrpc() missing 3 required positional arguments: 'service', 'method', and 'args'";
    assert_eq!(Sandbox::refusal(&answer), ("builtins.TypeError", message));
    assert!(
        answer["error"]["data"]["debug"]
            .as_str()
            .unwrap()
            .ends_with(&format!("TypeError: {message}"))
    );
}

#[tokio::test]
async fn callers_who_are_not_who_they_say_are_refused() {
    let sandbox = Sandbox::start().await;
    let call = async |uid: i64, password: &str, model: &str, method: &str, args: Value| {
        sandbox
            .post(&execute(&json!(["odoo18", uid, password, model, method, args, {}])))
            .await
            .unwrap()
    };
    let wrong = call(ADMIN, "wrong", "res.partner", "read", json!([[1], ["name"]])).await;
    assert_eq!(Sandbox::refusal(&wrong), ("odoo.exceptions.AccessDenied", "Access Denied"));
    let nobody = call(99999, "admin", "res.partner", "read", json!([[1], ["name"]])).await;
    assert_eq!(
        Sandbox::refusal(&nobody),
        (
            "odoo.exceptions.MissingError",
            "Record does not exist or has been deleted.\n(Record: res.users(99999,), User: 99999)"
        )
    );
    let bot = call(BOT, "secret", "ir.model.fields", "create", json!([{}])).await;
    let (class, message) = Sandbox::refusal(&bot);
    assert_eq!(class, "odoo.exceptions.AccessError");
    assert!(
        message.starts_with("You are not allowed to create 'Fields' (ir.model.fields) records."),
        "{message}"
    );
    let service = json!({"jsonrpc": "2.0", "id": 1, "params": {"service": "nosvc", "method": "x", "args": []}});
    assert_eq!(
        Sandbox::refusal(&sandbox.post(&service).await.unwrap()),
        ("builtins.KeyError", "nosvc")
    );
}

#[tokio::test]
async fn what_does_not_exist_is_refused_in_odoo_s_words() {
    let sandbox = Sandbox::start().await;
    assert_eq!(
        refused(&sandbox, "no.model", "read", json!([[1]])).await,
        pair("odoo.exceptions.UserError", "Object no.model doesn't exist")
    );
    assert_eq!(
        refused(&sandbox, "res.partner", "frobnicate", json!([[1]])).await,
        pair("builtins.AttributeError", "The method 'res.partner.frobnicate' does not exist")
    );
    assert_eq!(
        refused(&sandbox, "res.partner", "_create", json!([[]])).await,
        pair(
            "odoo.exceptions.AccessError",
            "Private methods (such as 'res.partner._create') cannot be called remotely."
        )
    );
    assert_eq!(
        refused(&sandbox, "res.partner", "create", json!([])).await,
        pair("builtins.TypeError", "create() missing 1 required positional argument: 'vals_list'")
    );
    assert_eq!(
        refused(&sandbox, "res.partner", "create", json!([{"name": "x", "nofield": 1}])).await,
        pair("builtins.ValueError", "Invalid field 'nofield' on model 'res.partner'")
    );
    assert_eq!(
        refused(&sandbox, "res.partner", "search_read", json!([[["nofield", "=", 1]]])).await,
        pair(
            "builtins.ValueError",
            "Invalid field res.partner.nofield in leaf ('nofield', '=', 1)"
        )
    );
    assert_eq!(
        refused(&sandbox, "sale.order", "load", json!([["id", "nofield"], [["etsy.x", "x"]]]))
            .await,
        pair("builtins.ValueError", "Invalid field name 'nofield'")
    );
    assert_eq!(
        sandbox.result("res.partner", "read", json!([[999_999], ["name"]])).await,
        json!([])
    );
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a list of refusals reads best in one piece")]
async fn values_that_do_not_fit_are_refused_in_odoo_s_words() {
    let sandbox = Sandbox::start().await;
    assert_eq!(
        refused(&sandbox, "res.partner", "create", json!([{"street": "x"}])).await,
        pair(
            "odoo.exceptions.ValidationError",
            "The operation cannot be completed: Contacts require a name"
        )
    );
    assert_eq!(
        refused(&sandbox, "res.partner", "create", json!([{"name": "x", "country_id": 99999}]))
            .await,
        pair(
            "odoo.exceptions.ValidationError",
            "The operation cannot be completed: another model requires the record being deleted. If possible, archive it \
             instead.\n\nModel: Contact (res.partner)\nConstraint: res_partner_country_id_fkey\n"
        )
    );
    let (class, message) =
        refused(&sandbox, "res.partner", "create", json!([{"name": "x", "country_id": "US"}]))
            .await;
    assert_eq!(class, "psycopg2.errors.InvalidTextRepresentation");
    assert!(message.starts_with("invalid input syntax for type integer: \"US\""), "{message}");
    assert_eq!(
        refused(&sandbox, "sale.order", "create", json!([{}])).await,
        pair(
            "odoo.exceptions.ValidationError",
            "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: another model \
             requires the record being deleted. If possible, archive it instead.\n\nModel: Sales Order \
             (sale.order)\nField: Customer (partner_id)\n"
        )
    );
    assert_eq!(
        refused(&sandbox, "sale.order", "create", json!([{"partner_id": 99_999_999}])).await,
        pair(
            "odoo.exceptions.MissingError",
            "Record does not exist or has been deleted.\n(Record: res.partner(99999999,), User: 2)"
        )
    );
    let wrong_date = json!([{"partner_id": 3, "date_order": "2026-03-04T05:06:07Z"}]);
    assert_eq!(
        refused(&sandbox, "sale.order", "create", wrong_date).await,
        pair(
            "builtins.ValueError",
            "time data '2026-03-04T05:06:07Z' does not match format '%Y-%m-%d %H:%M:%S'"
        )
    );
    let wrong_tax = json!([{"partner_id": 3, "order_line": [[0, 0, {"product_id": 1, "tax_ids": [[6, 0, []]]}]]}]);
    assert_eq!(
        refused(&sandbox, "sale.order", "create", wrong_tax).await,
        pair("builtins.ValueError", "Invalid field 'tax_ids' on model 'sale.order.line'")
    );
    assert_eq!(
        refused(
            &sandbox,
            "product.template",
            "create",
            json!([{"name": "Old", "type": "product"}])
        )
        .await,
        pair("builtins.ValueError", "Wrong value for product.template.type: 'product'")
    );
    assert_eq!(
        refused(
            &sandbox,
            "product.template",
            "create",
            json!([{"name": "Dup", "barcode": "4006381333931"}])
        )
        .await,
        pair(
            "odoo.exceptions.ValidationError",
            "Barcode(s) already assigned:\n\n- Barcode \"4006381333931\" already assigned to product(s): [MUG] Item MUG \
             and Dup\n\nNote: products that you don't have access to will not be shown above."
        )
    );
}

#[tokio::test]
async fn a_custom_field_is_a_column_at_once_and_cannot_be_made_twice() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.make_field("sale.order", "x_etsy_receipt_id").await;
    assert!(id.is_i64(), "{id}");
    let columns = "select count(*) from information_schema.columns where table_name = 'sale_order' \
        and column_name = 'x_etsy_receipt_id' and data_type = 'character varying'";
    assert_eq!(sandbox.count(columns).await, 1);
    let indexes =
        "select count(*) from pg_indexes where indexname = 'sale_order__x_etsy_receipt_id_index'";
    assert_eq!(sandbox.count(indexes).await, 1);

    let listed =
        json!([[["model", "=", "sale.order"], ["name", "like", "x_etsy_%"]], ["name", "ttype"]]);
    let fields = sandbox.result("ir.model.fields", "search_read", listed).await;
    assert_eq!(fields, json!([{"id": id, "name": "x_etsy_receipt_id", "ttype": "char"}]));

    let model = sandbox
        .result("ir.model", "search_read", json!([[["model", "=", "sale.order"]], ["model"]]))
        .await;
    let field = |name: &str| json!([{"model_id": model[0]["id"], "name": name, "field_description": "q", "ttype": "char", "state": "manual"}]);
    assert_eq!(
        refused(&sandbox, "ir.model.fields", "create", field("x_etsy_receipt_id")).await,
        pair(
            "odoo.exceptions.ValidationError",
            "The operation cannot be completed: Field names must be unique per model."
        )
    );
    assert_eq!(
        refused(&sandbox, "ir.model.fields", "create", field("etsy_id")).await,
        pair(
            "odoo.exceptions.ValidationError",
            "The operation cannot be completed: Custom fields must have a name that starts with 'x_'!"
        )
    );
    assert_eq!(sandbox.result("ir.model.fields", "unlink", json!([[id]])).await, true);
    assert_eq!(sandbox.count(columns).await, 0);
}
