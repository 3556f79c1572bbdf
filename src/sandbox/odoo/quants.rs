//! `stock.quant`: counts that are entered, applied and taken back.

use serde_json::{Value, json};

use super::access;
use super::arguments::{Arguments, database_id};
use super::call::{Call, CallError};
use super::refusal::Refusal;
use super::registry::Model;
use super::values::prepare;
use super::write::{Values, create_plain};

/// What may be given with a count.
const COUNTED: [&str; 10] = [
    "product_id",
    "owner_id",
    "inventory_quantity",
    "inventory_diff_quantity",
    "inventory_date",
    "user_id",
    "inventory_quantity_set",
    "lot_id",
    "location_id",
    "package_id",
];

/// Creates quants, or in inventory mode enters counts. Quants that are there are counted, and none is made beside them.
pub(super) async fn create(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    let may_count = access::is_in(call, "stock.group_stock_user").await?;
    let is_inventory_mode = call.session.context.is_set("inventory_mode") && may_count;
    let (mut counts, mut raw) = (Vec::new(), Vec::new());
    for given in values {
        if !(is_inventory_mode && given.contains_key("inventory_quantity")) {
            raw.push(given.clone());
            continue;
        }
        if given.keys().any(|name| !COUNTED.contains(&name.as_str())) {
            return Err(Refusal::user(
                "Quant's creation is restricted, you can't do this operation.",
            )
            .into());
        }
        counts.push(Value::Object(prepare(model, given)?.columns));
    }
    check(call, values).await?;
    let mut ids = Vec::new();
    if !counts.is_empty() {
        let session = call.session;
        let entered: Vec<i32> = call
            .column(
                sql!("sandbox/odoo/enter_counts.sql"),
                &[&Value::Array(counts), &session.now, &session.uid],
            )
            .await?;
        ids.extend(entered);
    }
    for given in &mut raw {
        // what Odoo requires of the table, and a client does not give
        given.entry("reserved_quantity").or_insert(json!(0));
        given.entry("in_date").or_insert(json!(moment(call)));
        given.insert("inventory_quantity_set".to_owned(), json!(false));
    }
    ids.extend(create_plain(call, model, &raw).await?);
    Ok(ids)
}

fn moment(call: Call<'_>) -> String {
    call.session.now.format(super::values::DATETIME).to_string()
}

/// Refuses what has no stock, and places that hold none.
async fn check(call: Call<'_>, values: &[Values]) -> Result<(), CallError> {
    let ids = |name: &str| -> Result<Vec<i32>, Refusal> {
        values.iter().filter_map(|given| given.get(name)).map(database_id).collect()
    };
    let (products, locations) = (ids("product_id")?, ids("location_id")?);
    call.require("product.product", &products).await?;
    call.require("stock.location", &locations).await?;
    let refused = call.rows(sql!("sandbox/odoo/uncountable.sql"), &[&products, &locations]).await?;
    let Some(first) = refused.first() else { return Ok(()) };
    let words = match first.try_get::<_, Option<String>>("view_location")? {
        None => "Quants cannot be created for consumables or services.".to_owned(),
        Some(location) => format!(
            "You cannot take products from or deliver products to a location of type \"view\" ({location})."
        ),
    };
    Err(Refusal::validation(words).into())
}

/// Applies counts: all of them and says nothing, or none and asks what to do.
pub(super) async fn action_apply_inventory(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    call.require("stock.quant", &ids).await?;
    let outdated: Vec<i32> = call.column(sql!("sandbox/odoo/outdated_counts.sql"), &[&ids]).await?;
    if !outdated.is_empty() {
        return Ok(Some(json!({
            "name": "Conflict in Inventory Adjustment",
            "type": "ir.actions.act_window",
            "view_mode": "form",
            "views": [[false, "form"]],
            "res_model": "stock.inventory.conflict",
            "target": "new",
            "context": {"default_quant_ids": ids, "default_quant_to_fix_ids": outdated},
        })));
    }
    let session = call.session;
    call.rows(sql!("sandbox/odoo/apply_counts.sql"), &[&ids, &session.now, &session.uid]).await?;
    Ok(None)
}

/// Takes counts back.
pub(super) async fn action_clear_inventory_quantity(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    call.require("stock.quant", &ids).await?;
    let session = call.session;
    call.rows(sql!("sandbox/odoo/clear_counts.sql"), &[&ids, &session.now, &session.uid]).await?;
    Ok(None)
}
