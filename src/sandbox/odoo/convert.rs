//! `load`, third step: cells become the values that `create` and `write` take (`ir.fields.converter`).

use serde_json::{Map, Value, json};

use super::call::is_truthy;
use super::extract::{Cell, Extracted, Models};
use super::load::readable_moment;
use super::references::{References, Way, cell_text};
use super::registry::{Field, FieldKind, Model};
use super::write::Values;

/// Words that stand for false in a cell.
const FALSE_WORDS: [&str; 4] = ["", "0", "false", "no"];
/// Where a message names the field, path included.
const FIELD: &str = "%(field)s";

/// Why a cell cannot be used.
#[derive(Debug)]
pub(super) struct Trouble {
    /// With [`FIELD`] where the label of the field goes.
    message: String,
    more: Option<Value>,
}

impl Trouble {
    fn new(message: String, more: Option<Value>) -> Self {
        Self { message, more }
    }

    /// The message of `load` about a field of a record.
    pub(super) fn describe(&self, field: &Field, info: &Map<String, Value>) -> Value {
        let mut message = info.clone();
        message.insert("type".to_owned(), json!("error"));
        message.insert("field".to_owned(), json!(field.name));
        message.insert("message".to_owned(), json!(self.message.replace(FIELD, &field.label)));
        if let Some(more) = &self.more {
            message.insert("moreinfo".to_owned(), more.clone());
            message.insert("field_name".to_owned(), json!(field.label));
        }
        Value::Object(message)
    }
}

/// Converts one record. Each cell that cannot be used is reported; the others go on.
pub(super) fn convert(
    models: &Models,
    model: &Model,
    record: &Extracted,
    references: &References,
) -> (Values, Vec<(Field, Trouble)>) {
    let mut values = Values::new();
    let mut troubles = Vec::new();
    for (name, cell) in &record.cells {
        if matches!(name.as_str(), "id" | ".id" | "") {
            continue;
        }
        let Some(field) = model.fields.get(name) else { continue };
        match convert_cell(models, field, cell, references) {
            Ok(value) => {
                values.insert(name.clone(), value);
            }
            Err(trouble) => troubles.push((field.clone(), trouble)),
        }
    }
    (values, troubles)
}

fn convert_cell(
    models: &Models,
    field: &Field,
    cell: &Cell,
    references: &References,
) -> Result<Value, Trouble> {
    match cell {
        Cell::Plain(value) if !is_truthy(value) => Ok(Value::Bool(false)),
        Cell::Plain(value) => convert_plain(field, value, references),
        // An empty cell takes all links away; so a line with an empty tax cell bears no tax.
        Cell::Records(below) if field.kind == FieldKind::Many2many => {
            linked(field, below, references)
        }
        Cell::Records(below) if below.is_empty() => Ok(Value::Bool(false)),
        Cell::Records(below) if field.kind == FieldKind::One2many => {
            children(models, field, below, references)
        }
        Cell::Records(below) => referenced(field, below, references),
    }
}

fn convert_plain(field: &Field, value: &Value, references: &References) -> Result<Value, Trouble> {
    let text = cell_text(value);
    let not_a = |what: &str| {
        Trouble::new(format!("'{text}' does not seem to be {what} for field '{FIELD}'"), None)
    };
    match field.kind {
        FieldKind::Integer => text
            .trim()
            .parse::<i64>()
            .map(|number| json!(number))
            .ok()
            .ok_or_else(|| not_a("an integer")),
        // The text goes on to Postgres as it is, so that no digit is lost on the way.
        FieldKind::Float => {
            let is_number = text.trim().parse::<f64>().is_ok_and(f64::is_finite);
            if is_number { Ok(json!(text.trim())) } else { Err(not_a("a number")) }
        }
        FieldKind::Boolean => {
            let word = text.to_lowercase();
            if FALSE_WORDS.contains(&word.as_str()) {
                Ok(Value::Bool(false))
            } else if ["1", "true", "yes"].contains(&word.as_str()) {
                Ok(Value::Bool(true))
            } else {
                Err(Trouble::new(
                    format!("Unknown value '{text}' for boolean field '{FIELD}'"),
                    Some(json!("Use '1' for yes and '0' for no")),
                ))
            }
        }
        FieldKind::Date => match chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
            Ok(date) => Ok(json!(date)),
            Err(_) => Err(Trouble {
                more: Some(json!("Use the format '2012-12-31'")),
                ..not_a("a valid date")
            }),
        },
        FieldKind::Datetime => match readable_moment(&text) {
            Some(moment) => Ok(json!(references.utc(moment))),
            None => Err(Trouble {
                more: Some(json!("Use the format '2012-12-31 23:59:59'")),
                ..not_a("a valid datetime")
            }),
        },
        FieldKind::Selection => choice(field, &text),
        FieldKind::Text
        | FieldKind::Json
        | FieldKind::Many2one
        | FieldKind::One2many
        | FieldKind::Many2many => Ok(value.clone()),
    }
}

fn choice(field: &Field, text: &str) -> Result<Value, Trouble> {
    let wanted = text.to_lowercase();
    let found = field
        .choices
        .iter()
        .find(|(code, label)| code.to_lowercase() == wanted || label.to_lowercase() == wanted);
    found.map(|(code, _)| json!(code)).ok_or_else(|| {
        let labels: Vec<&String> = field.choices.iter().map(|(_, label)| label).collect();
        Trouble::new(
            format!("Value '{text}' not found in selection field '{FIELD}'"),
            Some(json!(labels)),
        )
    })
}

/// One id of a referenced record; nothing for a cell that stands for false.
fn database_id(
    field: &Field,
    way: Way,
    text: &str,
    references: &References,
) -> Result<Option<i32>, Trouble> {
    let relation = field.relation.as_deref().unwrap_or_default();
    if FALSE_WORDS.contains(&text.to_lowercase().as_str()) {
        return Ok(None);
    }
    let mut action = json!({
        "name": "Possible Values",
        "type": "ir.actions.act_window",
        "target": "new",
        "view_mode": "list,form",
        "views": [[false, "list"], [false, "form"]],
        "context": {"create": false},
        "help": "See all possible values",
    });
    if let Some(entries) = action.as_object_mut() {
        if way == Way::Name {
            entries.insert("res_model".to_owned(), json!(relation));
        } else {
            entries.insert("res_model".to_owned(), json!("ir.model.data"));
            entries.insert("domain".to_owned(), json!([["model", "=", relation]]));
        }
    }
    if way == Way::DatabaseId && text.trim().parse::<i64>().is_err() {
        return Err(Trouble::new(
            format!("Invalid database id '{text}' for the field '{FIELD}'"),
            Some(action),
        ));
    }
    references.resolve(relation, way, text).map(Some).ok_or_else(|| {
        Trouble::new(
            format!("No matching record found for {} '{text}' in field '{FIELD}'", way.shown()),
            Some(action),
        )
    })
}

/// The one way in which a cell refers to a record.
fn way_of(record: &Extracted) -> Result<(Way, String), Trouble> {
    let mut cells = record.cells.iter();
    let (Some((column, Cell::Plain(value))), None) = (cells.next(), cells.next()) else {
        return Err(Trouble::new(
            format!(
                "Ambiguous specification for field '{FIELD}', only provide one of name, external id or database id"
            ),
            None,
        ));
    };
    match Way::from_column(column) {
        Some(way) => Ok((way, cell_text(value))),
        None => Err(Trouble::new(
            "Can not create Many-To-One records indirectly, import the field separately".to_owned(),
            None,
        )),
    }
}

fn referenced(
    field: &Field,
    below: &[Extracted],
    references: &References,
) -> Result<Value, Trouble> {
    let Some(record) = below.first() else { return Ok(Value::Bool(false)) };
    let (way, text) = way_of(record)?;
    Ok(database_id(field, way, &text, references)?.map_or(Value::Bool(false), |id| json!(id)))
}

fn linked(field: &Field, below: &[Extracted], references: &References) -> Result<Value, Trouble> {
    let mut ids = Vec::new();
    for record in below {
        let (way, text) = way_of(record)?;
        for part in text.split(',') {
            ids.extend(database_id(field, way, part, references)?);
        }
    }
    Ok(json!([[6, 0, ids]]))
}

/// The commands of a one2many: known lines are linked and updated, new ones created under their external id.
fn children(
    models: &Models,
    field: &Field,
    below: &[Extracted],
    references: &References,
) -> Result<Value, Trouble> {
    let relation = field.relation.as_deref().unwrap_or_default();
    let Some(model) = models.get(relation) else { return Ok(json!([])) };
    let mut commands = Vec::new();
    for record in below {
        let (mut values, troubles) = convert(models, model, record, references);
        if let Some((inner, trouble)) = troubles.into_iter().next() {
            let path = format!("{FIELD}/{}", inner.label);
            return Err(Trouble { message: trouble.message.replace(FIELD, &path), ..trouble });
        }
        let mut known = None;
        if let Some(external_id) = record.filled("id") {
            let text = cell_text(external_id);
            known = references.resolve(relation, Way::ExternalId, &text);
            if known.is_none() {
                values.insert("id".to_owned(), json!(references.full(&text)));
            }
        } else if let Some(id) = record.filled(".id") {
            known = database_id(field, Way::DatabaseId, &cell_text(id), references)?;
        }
        match known {
            Some(id) => commands.extend([json!([4, id, 0]), json!([1, id, values])]),
            None => commands.push(json!([0, 0, values])),
        }
    }
    Ok(Value::Array(commands))
}
