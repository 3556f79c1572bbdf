//! Who may do what: `ir_model_access`, and the methods that ask about it.

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::call::{Call, CallError};
use super::external_ids;
use super::refusal::Refusal;
use super::registry::Model;

/// What Odoo's words call the four things that can be done to records.
fn phrase(verb: &str) -> &'static str {
    match verb {
        "create" => "create",
        "write" => "modify",
        "unlink" => "delete",
        _ => "access",
    }
}

/// What a method does to the records of its model. `load` asks for itself, when it knows what it will do.
fn verb_of(method: &str) -> Option<&'static str> {
    match method {
        "create" => Some("create"),
        "write"
        | "action_confirm"
        | "action_cancel"
        | "action_apply_inventory"
        | "action_clear_inventory_quantity"
        | "button_validate"
        | "action_post"
        | "button_draft"
        | "button_cancel" => Some("write"),
        "unlink" => Some("unlink"),
        "read" | "search" | "search_read" | "search_count" => Some("read"),
        _ => None,
    }
}

/// Refuses a method that the user has no right to.
pub(super) async fn check_method(
    call: Call<'_>,
    model: &Model,
    method: &str,
) -> Result<(), CallError> {
    match verb_of(method) {
        Some(verb) => require(call, model, verb).await,
        None => Ok(()),
    }
}

/// Whether the user is in a group; an administrator is in all of them.
pub(super) async fn is_in(call: Call<'_>, group: &str) -> Result<bool, CallError> {
    if call.session.is_admin {
        return Ok(true);
    }
    let has: Vec<bool> =
        call.column(sql!("sandbox/odoo/has_group.sql"), &[&call.session.uid, &group]).await?;
    Ok(has.first() == Some(&true))
}

/// Refuses a contact below another one to a user who may not read what Odoo copies to it.
pub(super) async fn require_credit(call: Call<'_>) -> Result<(), CallError> {
    for group in ["account.group_account_readonly", "account.group_account_invoice"] {
        if is_in(call, group).await? {
            return Ok(());
        }
    }
    Err(Refusal::access(format!(
        "You do not have enough rights to access the fields \"credit_limit\" on Contact (res.partner). Please contact \
         your system administrator.\n\nOperation: read\nUser: {}\nFields:\n- credit_limit (allowed for groups \
         'Technical / Show Accounting Features - Readonly', 'Invoicing / Invoicing')",
        call.session.uid
    ))
    .into())
}

/// Refuses what the user has no right to, and names the groups that have it.
pub(super) async fn require(call: Call<'_>, model: &Model, verb: &str) -> Result<(), CallError> {
    if call.session.is_admin {
        return Ok(());
    }
    let parameters = (&call.session.uid, &model.name, &verb);
    let allowed: Vec<bool> = call
        .column(sql!("sandbox/odoo/may.sql"), &[parameters.0, parameters.1, parameters.2])
        .await?;
    if allowed.first() == Some(&true) {
        return Ok(());
    }
    let groups: Vec<String> =
        call.column(sql!("sandbox/odoo/groups_that_may.sql"), &[&model.name, &verb]).await?;
    let allowed_for = if groups.is_empty() {
        "No group currently allows this operation.".to_owned()
    } else {
        format!(
            "This operation is allowed for the following groups:\n\t- {}",
            groups.join("\n\t- ")
        )
    };
    Err(Refusal::access(format!(
        "You are not allowed to {} '{}' ({}) records.\n\n{allowed_for}\n\nContact your administrator to request access \
         if necessary.",
        phrase(verb),
        model.label,
        model.name
    ))
    .into())
}

/// `check_access`: nothing, or a refusal.
pub(super) async fn check_access(
    call: Call<'_>,
    model: &Model,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let verb = arguments.required("check_access", 1, "operation")?;
    require(call, model, verb.as_str().unwrap_or_default()).await?;
    Ok(None)
}

/// `has_group` of `res.users`.
pub(super) async fn has_group(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let user = arguments.ids()?.first().copied().unwrap_or_default();
    let group = arguments.required("Users.has_group", 1, "group_ext_id")?;
    let group = group.as_str().unwrap_or_default();
    if call.session.is_admin && user == call.session.uid {
        return Ok(Some(json!(true)));
    }
    let found: Vec<bool> =
        call.column(sql!("sandbox/odoo/has_group.sql"), &[&user, &group]).await?;
    Ok(Some(json!(found.first() == Some(&true))))
}

/// `fields_get`, which needs no right to `ir.model.fields`.
pub(super) async fn fields_get(
    call: Call<'_>,
    model: &Model,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    require(call, model, "read").await?;
    let words = |place, name| -> Vec<String> {
        let listed = arguments.optional(place, name).and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (names, attributes) = (words(0, "allfields"), words(1, "attributes"));
    let mut described = Map::new();
    for row in call.rows(sql!("sandbox/odoo/field_attributes.sql"), &[&model.name, &names]).await? {
        let attributes_of: Value = row.try_get("attributes")?;
        let mut field = attributes_of.as_object().cloned().unwrap_or_default();
        field.retain(|name, _| attributes.is_empty() || attributes.contains(name));
        described.insert(row.try_get("name")?, Value::Object(field));
    }
    Ok(Some(Value::Object(described)))
}

/// `check_object_reference` of `ir.model.data`: the record behind an external id, for whoever may read the record.
pub(super) async fn check_object_reference(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let word = |place, name| -> Result<String, Refusal> {
        let given = arguments.required("IrModelData.check_object_reference", place, name)?;
        Ok(given.as_str().unwrap_or_default().to_owned())
    };
    let external_id = format!("{}.{}", word(0, "module")?, word(1, "xml_id")?);
    let found = external_ids::find(call, std::slice::from_ref(&external_id)).await?;
    let Some(known) = found.get(&external_id) else {
        let words = format!("External ID not found in the system: {external_id}");
        return Err(Refusal::value(words).into());
    };
    let model = call.model(&known.model).await?;
    require(call, &model, "read").await?;
    let rows = call
        .documents(sql!("sandbox/odoo/read_rows.sql"), &[&model.table, &vec![known.id]])
        .await?;
    let is_hidden = call.session.context.hides_archived()
        && rows.first().is_some_and(|row| row.get("active") == Some(&Value::Bool(false)));
    let is_there = !rows.is_empty() && !is_hidden;
    Ok(Some(json!([known.model, if is_there { json!(known.id) } else { json!(false) }])))
}
