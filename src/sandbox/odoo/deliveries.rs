//! What confirming an order sets off in the warehouse.

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::call::{Call, CallError};
use super::refusal::Refusal;

/// Makes deliveries for orders that sell goods, and reserves what there is.
pub(super) async fn launch(call: Call<'_>, orders: &[i32]) -> Result<(), CallError> {
    if orders.is_empty() {
        return Ok(());
    }
    let session = call.session;
    call.rows(sql!("sandbox/odoo/deliver_orders.sql"), &[&orders, &session.now, &session.uid])
        .await?;
    call.rows(sql!("sandbox/odoo/reserve_stock.sql"), &[&orders, &session.now, &session.uid])
        .await?;
    Ok(())
}

/// `button_validate` of transfers: ships what is reserved. Where not all of it is, Odoo asks whether the rest shall follow,
/// and so does this.
pub(super) async fn button_validate(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    call.require("stock.picking", &ids).await?;
    let unready = call.rows(sql!("sandbox/odoo/unready_pickings.sql"), &[&ids]).await?;
    if let Some(first) = unready.first() {
        if first.try_get("is_closed")? {
            return Err(Refusal::not_simulated("validating a transfer that is closed").into());
        }
        return Ok(Some(json!({
            "name": "Create Backorder?",
            "type": "ir.actions.act_window",
            "view_mode": "form",
            "res_model": "stock.backorder.confirmation",
            "target": "new",
            "context": {"button_validate_picking_ids": ids},
        })));
    }
    let session = call.session;
    call.rows(sql!("sandbox/odoo/validate_pickings.sql"), &[&ids, &session.now, &session.uid])
        .await?;
    Ok(Some(Value::Bool(true)))
}
