//! `res.partner`.

use serde_json::Value;

use super::access;
use super::arguments::database_id;
use super::call::{Call, CallError};
use super::registry::Model;
use super::values::stamp_created;
use super::write::{Values, insert, prepare_all};

pub(super) async fn create(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    let prepared = prepare_all(model, values)?;
    let mut parents = Vec::new();
    let mut rows = Vec::new();
    for mut record in prepared {
        if let Some(parent) = record.columns.get("parent_id").filter(|parent| parent.is_number()) {
            parents.push(database_id(parent)?);
        }
        stamp_created(&mut record.columns, call.session);
        rows.push(Value::Object(record.columns));
    }
    call.require(&model.name, &parents).await?;
    if !parents.is_empty() {
        access::require_credit(call).await?;
    }
    let completed =
        call.documents(sql!("sandbox/odoo/partner_defaults.sql"), &[&Value::Array(rows)]).await?;
    let ids = insert(call, &model.table, completed).await?;
    call.rows(sql!("sandbox/odoo/partner_finish.sql"), &[&ids]).await?;
    Ok(ids)
}

/// Renews what is computed from what was written.
pub(super) async fn written(
    call: Call<'_>,
    ids: &[i32],
    values: &[Values],
) -> Result<(), CallError> {
    let renames = |given: &Values| {
        ["name", "parent_id", "type"].iter().any(|field| given.contains_key(*field))
    };
    if values.iter().any(renames) {
        call.rows(sql!("sandbox/odoo/partner_names.sql"), &[&ids]).await?;
        call.rows(sql!("sandbox/odoo/partner_finish.sql"), &[&ids]).await?;
    }
    Ok(())
}
