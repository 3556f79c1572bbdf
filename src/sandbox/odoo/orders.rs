//! `sale.order` and its lines.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::arguments::{Arguments, database_id};
use super::call::{Call, CallError};
use super::refusal::Refusal;
use super::registry::Model;
use super::values::{Prepared, stamp_created};
use super::write::{
    SortedCommands, Values, create_records, insert, prepare_all, sort_commands, write_links,
    write_records,
};
use super::{deliveries, external_ids};

/// Creates orders with their lines. An order that is given as a sale is delivered at once, and keeps its date.
pub(super) async fn create(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    let prepared = prepare_all(model, values)?;
    call.require("res.partner", &referenced(&prepared, "partner_id")?).await?;
    call.require("product.pricelist", &referenced(&prepared, "pricelist_id")?).await?;
    let rows: Vec<Value> = prepared.iter().map(|record| stamped(call, record)).collect();
    let completed = call
        .documents(
            sql!("sandbox/odoo/order_defaults.sql"),
            &[&Value::Array(rows), &call.session.now, &call.session.uid],
        )
        .await?;
    let ids = insert(call, &model.table, completed).await?;
    write_links(call, &ids, &prepared).await?;
    check_companies(call, &ids).await?;
    write_order_lines(call, &ids, &prepared).await?;
    let sold: Vec<i32> = ids
        .iter()
        .zip(&prepared)
        .filter(|(_, record)| record.columns.get("state").is_some_and(|state| state == "sale"))
        .map(|(id, _)| *id)
        .collect();
    deliveries::launch(call, &sold).await?;
    Ok(ids)
}

/// Refuses partners of another company than the order's, as `_check_company` does.
async fn check_companies(call: Call<'_>, ids: &[i32]) -> Result<(), CallError> {
    let mut lines = Vec::new();
    for row in call.rows(sql!("sandbox/odoo/company_clashes.sql"), &[&ids]).await?.iter().take(5) {
        let word = |column: &str| row.try_get::<_, String>(column);
        lines.push(format!(
            "- “{}” belongs to company “{}” and “{}” ({}: '{}') belongs to another company.",
            word("order_name")?,
            word("company")?,
            word("label")?,
            word("field")?,
            word("partner")?
        ));
    }
    if lines.is_empty() {
        return Ok(());
    }
    lines.insert(0, "Incompatible companies on records:".to_owned());
    Err(Refusal::user(lines.join("\n")).into())
}

/// Carries out the commands that the `order_line` of orders holds.
async fn write_order_lines(
    call: Call<'_>,
    ids: &[i32],
    prepared: &[Prepared],
) -> Result<(), CallError> {
    let mut sorted = SortedCommands::default();
    for (id, record) in ids.iter().zip(prepared) {
        if let Some(commands) = record.children.get("order_line") {
            sort_commands(&mut sorted, commands, "order_id", *id);
        }
    }
    let SortedCommands { create, update, delete } = sorted;
    if create.is_empty() && update.is_empty() && delete.is_empty() {
        return Ok(());
    }
    let lines = call.model("sale.order.line").await?;
    if !delete.is_empty() {
        call.rows(sql!("sandbox/odoo/delete_rows.sql"), &[&lines.table, &delete]).await?;
    }
    if !update.is_empty() {
        let (line_ids, each): (Vec<i32>, Vec<Values>) = update.into_iter().unzip();
        Box::pin(write_records(call, &lines, &line_ids, &each)).await?;
    }
    create_records(call, &lines, &create).await?;
    renew_amounts(call, ids).await
}

/// Creates lines of existing orders, with the external ids that `load` gives them.
pub(super) async fn create_lines(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let prepared = prepare_all(model, values)?;
    call.require("product.product", &referenced(&prepared, "product_id")?).await?;
    let rows: Vec<Value> = prepared.iter().map(|record| stamped(call, record)).collect();
    let completed =
        call.documents(sql!("sandbox/odoo/line_defaults.sql"), &[&Value::Array(rows)]).await?;
    let ids = insert(call, &model.table, completed).await?;
    write_links(call, &ids, &prepared).await?;
    let mut taxed_as_product = Vec::new();
    let mut named = Vec::new();
    for (id, record) in ids.iter().zip(&prepared) {
        if !record.links.contains_key("tax_id") {
            taxed_as_product.push(*id);
        }
        if let Some(external_id) = &record.external_id {
            named.push((external_id.clone(), *id));
        }
    }
    call.rows(sql!("sandbox/odoo/line_taxes.sql"), &[&taxed_as_product]).await?;
    external_ids::assign(call, &model.name, &named).await?;
    let orders: BTreeSet<i32> = referenced(&prepared, "order_id")?.into_iter().collect();
    renew_amounts(call, &orders.into_iter().collect::<Vec<_>>()).await?;
    Ok(ids)
}

fn stamped(call: Call<'_>, record: &Prepared) -> Value {
    let mut row = record.columns.clone();
    stamp_created(&mut row, call.session);
    Value::Object(row)
}

/// The ids that a many2one of several records names.
fn referenced(prepared: &[Prepared], column: &str) -> Result<Vec<i32>, Refusal> {
    prepared
        .iter()
        .filter_map(|record| record.columns.get(column))
        .filter(|value| value.is_number())
        .map(database_id)
        .collect()
}

async fn renew_amounts(call: Call<'_>, orders: &[i32]) -> Result<(), CallError> {
    call.rows(sql!("sandbox/odoo/order_amounts.sql"), &[&orders]).await?;
    Ok(())
}

/// Where an order stands.
struct Standing {
    id: i32,
    state: String,
    lacks_product: bool,
}

impl Standing {
    fn is_quotation(&self) -> bool {
        matches!(self.state.as_str(), "draft" | "sent")
    }
}

async fn standings(call: Call<'_>, ids: &[i32]) -> Result<Vec<Standing>, CallError> {
    call.require("sale.order", ids).await?;
    let mut found = Vec::new();
    for row in call.rows(sql!("sandbox/odoo/confirm_check.sql"), &[&ids]).await? {
        found.push(Standing {
            id: row.try_get("id")?,
            state: row.try_get("state")?,
            lacks_product: row.try_get("lacks_product")?,
        });
    }
    Ok(found)
}

/// Confirms quotations, all or none.
pub(super) async fn action_confirm(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    for order in standings(call, &ids).await? {
        if !order.is_quotation() {
            return Err(
                Refusal::user("Some orders are not in a state requiring confirmation.").into()
            );
        }
        if order.lacks_product {
            return Err(Refusal::user(
                "A line on these orders missing a product, you cannot confirm it.",
            )
            .into());
        }
    }
    let session = call.session;
    call.rows(sql!("sandbox/odoo/confirm_orders.sql"), &[&ids, &session.now, &session.uid]).await?;
    if !session.context.is_set("skip_procurement") {
        deliveries::launch(call, &ids).await?;
    }
    Ok(Some(Value::Bool(true)))
}

/// Cancels orders, or offers the wizard that asks whether a mail shall be sent.
pub(super) async fn action_cancel(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    let orders = standings(call, &ids).await?;
    let asks_first = !call.session.context.is_set("disable_cancel_warning")
        && orders.iter().any(|order| order.state != "draft");
    if asks_first {
        return match orders.as_slice() {
            [single] => Ok(Some(cancel_wizard(single.id))),
            _ => {
                Err(Refusal::value(format!("Expected singleton: sale.order({})", listed(&ids)))
                    .into())
            }
        };
    }
    let session = call.session;
    call.rows(sql!("sandbox/odoo/cancel_orders.sql"), &[&ids, &session.now, &session.uid]).await?;
    Ok(Some(Value::Bool(true)))
}

fn listed(ids: &[i32]) -> String {
    ids.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")
}

fn cancel_wizard(order: i32) -> Value {
    json!({
        "name": "Cancel Sales Order",
        "view_mode": "form",
        "res_model": "sale.order.cancel",
        "view_id": 1125,
        "type": "ir.actions.act_window",
        "context": {
            "default_template_id": 14,
            "default_order_id": order,
            "mark_so_as_canceled": true,
            "default_email_layout_xmlid": "mail.mail_notification_layout_with_responsible_signature",
            "model_description": "Sales Order",
        },
        "target": "new",
    })
}

/// What may not be written on a confirmed order.
pub(super) async fn check_write(
    call: Call<'_>,
    ids: &[i32],
    values: &[Values],
) -> Result<(), CallError> {
    if !values.iter().any(|given| given.contains_key("pricelist_id")) {
        return Ok(());
    }
    if standings(call, ids).await?.iter().any(|order| order.state == "sale") {
        return Err(Refusal::user("You cannot change the pricelist of a confirmed order !").into());
    }
    Ok(())
}

/// Which orders may not be deleted.
pub(super) async fn check_unlink(call: Call<'_>, ids: &[i32]) -> Result<(), CallError> {
    let kept = standings(call, ids)
        .await?
        .iter()
        .any(|order| !matches!(order.state.as_str(), "draft" | "cancel"));
    if kept {
        return Err(Refusal::user(
            "You can not delete a sent quotation or a confirmed sales order. You must first cancel it.",
        )
        .into());
    }
    Ok(())
}

/// Renews what depends on what was written on orders.
pub(super) async fn written(
    call: Call<'_>,
    ids: &[i32],
    prepared: &[Prepared],
) -> Result<(), CallError> {
    let names = |column: &str| prepared.iter().any(|record| record.columns.contains_key(column));
    if names("partner_shipping_id") {
        check_companies(call, ids).await?;
        let session = call.session;
        if session.context.is_set("update_delivery_shipping_partner") {
            let redirect = sql!("sandbox/odoo/redirect_deliveries.sql");
            call.rows(redirect, &[&ids, &session.now, &session.uid]).await?;
        }
    }
    if names("pricelist_id") || names("currency_id") {
        call.rows(sql!("sandbox/odoo/order_currency.sql"), &[&ids]).await?;
        renew_amounts(call, ids).await?;
    }
    Box::pin(write_order_lines(call, ids, prepared)).await
}

/// Renews the amounts of the orders whose lines were written.
pub(super) async fn lines_written(call: Call<'_>, ids: &[i32]) -> Result<(), CallError> {
    let rows =
        call.documents(sql!("sandbox/odoo/read_rows.sql"), &[&"sale_order_line", &ids]).await?;
    let orders: BTreeSet<i32> = rows
        .iter()
        .filter_map(|row| row.get("order_id"))
        .map(database_id)
        .collect::<Result<_, _>>()?;
    renew_amounts(call, &orders.into_iter().collect::<Vec<_>>()).await
}
