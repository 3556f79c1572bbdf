//! `ir.model.fields`: a custom field is a column of its model's table, made and dropped at once.

use serde_json::{Value, json};

use super::arguments::{Arguments, database_id};
use super::call::{Call, CallError, is_truthy};
use super::refusal::Refusal;
use super::values::stamp_created;
use super::write::{Values, insert, prepare_all};

/// Creates fields, one or a list, and answers alike.
pub(super) async fn create(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let given = arguments.required("create", 0, "vals_list")?;
    let listed: Vec<Values> = match given.as_array() {
        Some(items) => items.iter().filter_map(Value::as_object).cloned().collect(),
        None => given.as_object().into_iter().cloned().collect(),
    };
    let mut ids = Vec::new();
    for values in &listed {
        ids.push(create_field(call, values).await?);
    }
    Ok(Some(if given.is_array() { json!(ids) } else { json!(ids.first()) }))
}

async fn create_field(call: Call<'_>, values: &Values) -> Result<i32, CallError> {
    let registry = call.model("ir.model.fields").await?;
    let prepared = prepare_all(&registry, std::slice::from_ref(values))?;
    let mut row = prepared.into_iter().next().map(|record| record.columns).unwrap_or_default();
    let text = |key: &str| values.get(key).and_then(Value::as_str).unwrap_or_default();
    let name = text("name");
    let column_type = match text("ttype") {
        "char" => "character varying",
        "text" | "html" => "text",
        "integer" => "integer",
        "boolean" => "boolean",
        "float" => "numeric",
        "date" => "date",
        "datetime" => "timestamp",
        other => {
            return Err(Refusal::not_simulated(&format!("a custom field of type {other}")).into());
        }
    };
    let model_id = values.get("model_id").map_or(Ok(0), database_id)?;
    call.require("ir.model", &[model_id]).await?;
    let described =
        call.documents(sql!("sandbox/odoo/read_rows.sql"), &[&"ir_model", &vec![model_id]]).await?;
    let model = described
        .first()
        .and_then(|found| found.get("model"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    row.insert("model".to_owned(), json!(model));
    row.entry("state").or_insert(json!("manual"));
    row.insert("store".to_owned(), json!(true));
    row.insert("translate".to_owned(), json!(false));
    row.insert("company_dependent".to_owned(), json!(false));
    stamp_created(&mut row, call.session);
    let created = insert(call, "ir_model_fields", vec![Value::Object(row)]).await?;
    let indexed = values.get("index").is_some_and(is_truthy);
    call.rows(
        sql!("sandbox/odoo/add_column.sql"),
        &[&model.replace('.', "_"), &name, &column_type, &indexed],
    )
    .await?;
    call.rows(sql!("sandbox/odoo/inherit_field.sql"), &[&created]).await?;
    created
        .first()
        .copied()
        .ok_or_else(|| Refusal::not_simulated("a field that is not registered").into())
}

/// Drops custom fields with their columns.
pub(super) async fn unlink(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    let fields =
        call.documents(sql!("sandbox/odoo/read_rows.sql"), &[&"ir_model_fields", &ids]).await?;
    for field in &fields {
        let text = |key: &str| field.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("state") != "manual" {
            return Err(
                Refusal::user("This column contains module data and cannot be removed!").into()
            );
        }
        call.rows(
            sql!("sandbox/odoo/drop_column.sql"),
            &[&text("model").replace('.', "_"), &text("name")],
        )
        .await?;
    }
    call.rows(sql!("sandbox/odoo/delete_rows.sql"), &[&"ir_model_fields", &ids]).await?;
    Ok(Some(Value::Bool(true)))
}
