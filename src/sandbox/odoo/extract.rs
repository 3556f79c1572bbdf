//! `load`, first step: a table of cells becomes records with sub-records (`_extract_records`).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use super::call::{Call, CallError, is_truthy};
use super::refusal::Refusal;
use super::registry::{FieldKind, Model};

/// The models that the columns of a load touch, by name.
pub(super) type Models = BTreeMap<String, Model>;

/// What stands in a column of a record.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Plain(Value),
    /// The rows of a relational column, by its sub-columns.
    Records(Vec<Extracted>),
}

/// A record that still holds what the client wrote.
#[derive(Debug, Clone, Default)]
pub(super) struct Extracted {
    /// By field, `id`, `.id`, or nothing for the name of a referenced record.
    pub(super) cells: BTreeMap<String, Cell>,
    /// The rows it came from, both included.
    pub(super) rows: (usize, usize),
}

impl Extracted {
    /// A plain cell that is not empty.
    pub(super) fn filled(&self, name: &str) -> Option<&Value> {
        match self.cells.get(name) {
            Some(Cell::Plain(value)) if is_truthy(value) => Some(value),
            Some(Cell::Plain(_) | Cell::Records(_)) | None => None,
        }
    }
}

/// A column as a path: `order_line/product_id/.id`.
pub(super) fn read_path(column: &str) -> Vec<String> {
    let slashed = column.strip_suffix(":id").map_or_else(
        || {
            column
                .strip_suffix(".id")
                .filter(|field| !field.is_empty() && !field.ends_with('/'))
                .map_or_else(|| column.to_owned(), |field| format!("{field}/.id"))
        },
        |field| format!("{field}/id"),
    );
    slashed.split('/').map(str::to_owned).collect()
}

/// Describes every model that the columns lead to.
pub(super) async fn touched_models(
    call: Call<'_>,
    model: &Model,
    paths: &[Vec<String>],
) -> Result<Models, CallError> {
    let mut models = Models::from([(model.name.clone(), model.clone())]);
    for path in paths {
        let mut here = model.name.clone();
        for name in path {
            let relation = models
                .get(&here)
                .and_then(|described| described.fields.get(name))
                .and_then(|field| field.relation.clone());
            let Some(relation) = relation else { break };
            if !models.contains_key(&relation) {
                let described = call.model(&relation).await?;
                models.insert(relation.clone(), described);
            }
            here = relation;
        }
    }
    Ok(models)
}

/// Cuts the rows into records of a model.
pub(super) fn extract(
    models: &Models,
    model: &str,
    paths: &[Vec<String>],
    rows: &[Vec<Value>],
) -> Result<Vec<Extracted>, Refusal> {
    let kinds = column_kinds(models, model, paths)?;
    let mut records = Vec::new();
    let mut index = 0;
    while let Some(row) = rows.get(index) {
        let following =
            rows.iter().skip(index + 1).take_while(|next| holds_only_children(&kinds, next));
        let span: Vec<&Vec<Value>> = std::iter::once(row).chain(following).collect();
        let mut record =
            Extracted { rows: (index, index + span.len() - 1), ..Extracted::default() };
        for (place, (path, kind)) in paths.iter().zip(&kinds).enumerate() {
            let name = path.first().cloned().unwrap_or_default();
            if !kind.is_some_and(FieldKind::is_relational) {
                let value = row.get(place).cloned().unwrap_or_default();
                record.cells.insert(name, Cell::Plain(value));
            } else if let Entry::Vacant(vacant) = record.cells.entry(name.clone()) {
                let below = extract_below(models, model, &name, paths, &span)?;
                vacant.insert(Cell::Records(below));
            }
        }
        index += span.len();
        records.push(record);
    }
    Ok(records)
}

/// What each column holds; nothing for ids and for the name of a referenced record.
fn column_kinds(
    models: &Models,
    model: &str,
    paths: &[Vec<String>],
) -> Result<Vec<Option<FieldKind>>, Refusal> {
    let described = models.get(model);
    paths
        .iter()
        .map(|path| {
            let name = path.first().map(String::as_str).unwrap_or_default();
            let field = described.and_then(|known| known.fields.get(name));
            if field.is_none() && !name.is_empty() && !name.contains('.') {
                return Err(Refusal::value(format!("Invalid field name '{name}'")));
            }
            Ok(field.filter(|_| name != "id").map(|known| known.kind))
        })
        .collect()
}

/// Whether a row goes on with the record above it.
fn holds_only_children(kinds: &[Option<FieldKind>], row: &[Value]) -> bool {
    let filled = |wanted: bool| {
        kinds
            .iter()
            .zip(row)
            .any(|(kind, value)| (*kind == Some(FieldKind::One2many)) == wanted && is_truthy(value))
    };
    filled(true) && !filled(false)
}

/// The records of one relational column: rows of its sub-columns that hold anything.
fn extract_below(
    models: &Models,
    model: &str,
    name: &str,
    paths: &[Vec<String>],
    span: &[&Vec<Value>],
) -> Result<Vec<Extracted>, Refusal> {
    let relation = models
        .get(model)
        .and_then(|known| known.fields.get(name))
        .and_then(|field| field.relation.clone())
        .unwrap_or_default();
    let mut places = Vec::new();
    let mut below = Vec::new();
    for (place, path) in paths.iter().enumerate() {
        if let Some((first, rest)) = path.split_first()
            && first == name
        {
            places.push(place);
            below.push(if rest.is_empty() { vec![String::new()] } else { rest.to_vec() });
        }
    }
    let rows: Vec<Vec<Value>> = span
        .iter()
        .map(|row| {
            places.iter().map(|place| row.get(*place).cloned().unwrap_or_default()).collect()
        })
        .filter(|cells: &Vec<Value>| cells.iter().any(is_truthy))
        .collect();
    extract(models, &relation, &below, &rows)
}
