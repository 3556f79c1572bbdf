//! Values as a client gives them, made ready for the columns of a table.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde_json::{Map, Value, json};

use super::arguments::database_id;
use super::call::Session;
use super::refusal::Refusal;
use super::registry::{Field, FieldKind, LinkTable, Model};

/// How Odoo writes a moment.
pub(super) const DATETIME: &str = "%Y-%m-%d %H:%M:%S";

/// What a one2many is to hold.
#[derive(Debug, Clone)]
pub(super) enum ChildCommand {
    /// `(0, 0, values)`.
    Create(Map<String, Value>),
    /// `(1, id, values)`.
    Update(i32, Map<String, Value>),
    /// `(4, id)`.
    Link(i32),
    /// `(2, id)`.
    Delete(i32),
}

/// One record's values by where they go.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    /// Columns of the model's own table.
    pub(super) columns: Map<String, Value>,
    /// Fields kept by another record, under the many2one that leads there.
    pub(super) related: BTreeMap<String, Map<String, Value>>,
    /// One2many fields.
    pub(super) children: BTreeMap<String, Vec<ChildCommand>>,
    /// Many2many fields with the ids they shall hold.
    pub(super) links: BTreeMap<String, (LinkTable, Vec<i32>)>,
    /// The external id that `load` puts among the values of a line.
    pub(super) external_id: Option<String>,
}

/// Sorts and converts one record's values.
pub(super) fn prepare(model: &Model, values: &Map<String, Value>) -> Result<Prepared, Refusal> {
    let mut prepared = Prepared::default();
    for (name, value) in values {
        if name == "id" {
            prepared.external_id = value.as_str().map(str::to_owned);
            continue;
        }
        let field = model.field(name)?;
        if matches!(name.as_str(), "create_uid" | "create_date" | "write_uid" | "write_date") {
            continue;
        }
        match (field.kind, &field.link, &field.related) {
            (_, _, Some((through, kept_as))) => {
                prepared
                    .related
                    .entry(through.clone())
                    .or_default()
                    .insert(kept_as.clone(), value.clone());
                // An unknown choice is refused by the model that was asked.
                column_value(model, field, value)?;
            }
            (FieldKind::One2many, _, _) => {
                prepared.children.insert(name.clone(), child_commands(value)?);
            }
            (FieldKind::Many2many, Some(link), _) => {
                prepared.links.insert(name.clone(), (link.clone(), linked_ids(value)?));
            }
            _ if field.kept_in.is_some() => {
                let column = field.kept_in.clone().unwrap_or_default();
                prepared.columns.insert(column, json!({"1": text_of(value)}));
            }
            _ if field.stored => {
                prepared.columns.insert(name.clone(), column_value(model, field, value)?);
            }
            _ => {}
        }
    }
    Ok(prepared)
}

/// Adds who creates a row, and when.
pub(super) fn stamp_created(row: &mut Map<String, Value>, session: &Session) {
    row.insert("create_uid".to_owned(), json!(session.uid));
    row.insert("create_date".to_owned(), json!(session.now));
    stamp_written(row, session);
}

/// Adds who writes a row, and when.
pub(super) fn stamp_written(row: &mut Map<String, Value>, session: &Session) {
    row.insert("write_uid".to_owned(), json!(session.uid));
    row.insert("write_date".to_owned(), json!(session.now));
}

/// One value as `jsonb_populate_recordset` takes it. Odoo's `False` is null but for numbers and booleans.
fn column_value(model: &Model, field: &Field, value: &Value) -> Result<Value, Refusal> {
    let is_empty = value.is_null() || value.as_bool() == Some(false);
    Ok(match field.kind {
        FieldKind::Boolean => Value::Bool(super::call::is_truthy(value)),
        FieldKind::Integer | FieldKind::Float if is_empty => json!(0),
        _ if is_empty => Value::Null,
        FieldKind::Text if field.translated => json!({"en_US": text_of(value)}),
        FieldKind::Text => text_of(value),
        FieldKind::Selection => {
            let known = field.choices.iter().any(|(code, _)| value.as_str() == Some(code));
            if !known {
                return Err(Refusal::value(format!(
                    "Wrong value for {}.{}: {}",
                    model.name,
                    field.name,
                    python_repr(value)
                )));
            }
            value.clone()
        }
        FieldKind::Datetime => datetime_value(value)?,
        // What differs by company is kept by company; this Odoo has one.
        FieldKind::Json if !value.is_object() => json!({"1": value}),
        FieldKind::Integer
        | FieldKind::Float
        | FieldKind::Date
        | FieldKind::Many2one
        | FieldKind::One2many
        | FieldKind::Many2many
        | FieldKind::Json => value.clone(),
    })
}

fn text_of(value: &Value) -> Value {
    value.as_str().map_or_else(|| Value::String(value.to_string()), |text| json!(text))
}

/// `YYYY-MM-DD HH:MM:SS`, or a date alone; nothing else.
fn datetime_value(value: &Value) -> Result<Value, Refusal> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let full = if text.len() == 10 { format!("{text} 00:00:00") } else { text.clone() };
    match NaiveDateTime::parse_from_str(&full, DATETIME) {
        Ok(moment) => Ok(json!(moment)),
        Err(_) => {
            Err(Refusal::value(format!("time data '{text}' does not match format '{DATETIME}'")))
        }
    }
}

fn child_commands(value: &Value) -> Result<Vec<ChildCommand>, Refusal> {
    let mut commands = Vec::new();
    for command in value.as_array().into_iter().flatten() {
        let part = |place: usize| command.get(place).unwrap_or(&Value::Null);
        let values = || part(2).as_object().cloned().unwrap_or_default();
        match part(0).as_i64() {
            Some(0) => commands.push(ChildCommand::Create(values())),
            Some(1) => commands.push(ChildCommand::Update(database_id(part(1))?, values())),
            Some(2) => commands.push(ChildCommand::Delete(database_id(part(1))?)),
            Some(4) => commands.push(ChildCommand::Link(database_id(part(1))?)),
            _ => return Err(Refusal::not_simulated("this command of a one2many")),
        }
    }
    Ok(commands)
}

fn linked_ids(value: &Value) -> Result<Vec<i32>, Refusal> {
    let mut ids = Vec::new();
    for command in value.as_array().into_iter().flatten() {
        let part = |place: usize| command.get(place).unwrap_or(&Value::Null);
        match part(0).as_i64() {
            Some(6) => {
                for id in part(2).as_array().into_iter().flatten() {
                    ids.push(database_id(id)?);
                }
            }
            Some(4) => ids.push(database_id(part(1))?),
            Some(5) => ids.clear(),
            _ => return Err(Refusal::not_simulated("this command of a many2many")),
        }
    }
    Ok(ids)
}

/// A JSON value as Python would print it in a message.
pub(super) fn python_repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Value::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(python_repr).collect::<Vec<_>>().join(", "))
        }
        Value::Object(entries) => {
            let shown: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("'{key}': {}", python_repr(value)))
                .collect();
            format!("{{{}}}", shown.join(", "))
        }
    }
}
