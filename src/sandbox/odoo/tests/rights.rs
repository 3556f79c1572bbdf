//! What a user may ask about himself, and what he is refused.

use serde_json::{Value, json};

use super::client::{BOT, Sandbox, execute};

async fn as_bot(sandbox: &Sandbox, model: &str, method: &str, args: Value, kwargs: Value) -> Value {
    let call = execute(&json!(["odoo18", BOT, "secret", model, method, args, kwargs]));
    sandbox.post(&call).await.unwrap()
}

async fn leave(sandbox: &Sandbox, group: &str) {
    let (client, _driver) = sandbox.database().await;
    client
        .execute(
            "delete from res_groups_users_rel where gid = (select res_id from ir_model_data \
             where model = 'res.groups' and module || '.' || name = $1)",
            &[&group],
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_right_is_refused_with_the_groups_that_have_it() {
    let sandbox = Sandbox::start().await;
    let asked = json!([[], "create"]);
    let none = json!({});
    let may =
        as_bot(&sandbox, "product.product", "check_access", asked.clone(), none.clone()).await;
    assert!(may.get("error").is_none() && may.get("result").is_none_or(Value::is_null), "{may}");
    leave(&sandbox, "product.group_product_manager").await;
    // as recorded
    let said = "You are not allowed to create 'Product Variant' (product.product) records.\n\nThis operation is allowed \
        for the following groups:\n\t- Extra Rights/Product Creation\n\t- Inventory/Administrator\n\t- \
        Invoicing/Administrator\n\t- Sales/Administrator\n\nContact your administrator to request access if necessary.";
    let refused = as_bot(&sandbox, "product.product", "check_access", asked, none.clone()).await;
    assert_eq!(Sandbox::refusal(&refused), ("odoo.exceptions.AccessError", said));
    // `load` tells it as a message of the row, and only when there is something to create
    let rows = json!([["id", "name", "type"], [["etsy.svc", "Svc", "service"]]]);
    let context = json!({"context": {"mode": "update", "noupdate": true}});
    let loaded = as_bot(&sandbox, "product.product", "load", rows.clone(), context.clone()).await;
    assert_eq!(loaded["result"]["ids"], json!(false));
    assert_eq!(loaded["result"]["messages"][0]["message"], said);
    let made = sandbox.answer("product.product", "load", rows.clone(), context.clone()).await;
    let again = as_bot(&sandbox, "product.product", "load", rows, context).await;
    assert_eq!(again["result"]["ids"], made["result"]["ids"]);
    let write = as_bot(&sandbox, "sale.order", "check_access", json!([[], "write"]), none).await;
    assert!(write.get("error").is_none());
}

#[tokio::test]
async fn a_user_knows_his_groups_and_fields_without_an_administrator() {
    let sandbox = Sandbox::with_fields().await;
    let group = async |uid: i64, name: &str| {
        as_bot(&sandbox, "res.users", "has_group", json!([[uid], name]), json!({})).await["result"]
            .clone()
    };
    assert_eq!(group(BOT, "sales_team.group_sale_salesman_all_leads").await, json!(true));
    assert_eq!(group(BOT, "base.group_system").await, json!(false));
    let fields = as_bot(
        &sandbox,
        "sale.order",
        "fields_get",
        json!([["x_etsy_receipt_id", "x_nope"], ["type", "size", "store", "readonly"]]),
        json!({}),
    )
    .await;
    assert_eq!(
        fields["result"],
        json!({"x_etsy_receipt_id": {"type": "char", "store": true, "readonly": false}})
    );
    // a field of the template shows on the variant, where it is not stored
    let shown = json!([["x_etsy_listing_id"], ["store", "related"]]);
    let fields = as_bot(&sandbox, "product.product", "fields_get", shown, json!({})).await;
    let related = "product_tmpl_id.x_etsy_listing_id";
    assert_eq!(
        fields["result"],
        json!({"x_etsy_listing_id": {"store": false, "related": related}})
    );
}

#[tokio::test]
async fn an_external_id_is_resolved_for_whoever_may_read_the_record() {
    let sandbox = Sandbox::start().await;
    let rows = json!([["id", "name", "type"], [["etsy.svc", "Svc", "service"]]]);
    let context = json!({"context": {"mode": "update", "noupdate": true}});
    let made = sandbox.answer("product.product", "load", rows, context).await;
    let id = made["result"]["ids"][0].clone();
    let find = async |name: &str, context: Value| {
        let args = json!(["etsy", name]);
        as_bot(
            &sandbox,
            "ir.model.data",
            "check_object_reference",
            args,
            json!({"context": context}),
        )
        .await
    };
    assert_eq!(find("svc", json!({})).await["result"], json!(["product.product", id]));
    let archived = json!([[id], {"active": false}]);
    sandbox.answer("product.product", "write", archived, json!({})).await;
    assert_eq!(find("svc", json!({})).await["result"], json!(["product.product", false]));
    let all = json!({"active_test": false});
    assert_eq!(find("svc", all).await["result"], json!(["product.product", id]));
    assert_eq!(
        Sandbox::refusal(&find("nope", json!({})).await),
        ("builtins.ValueError", "External ID not found in the system: etsy.nope")
    );
}
