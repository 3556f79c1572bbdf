//! `create`, `write` and `unlink`, set-based: one statement for all records of a call.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::arguments::{Arguments, database_id};
use super::call::{Call, CallError};
use super::refusal::Refusal;
use super::registry::Model;
use super::values::{ChildCommand, Prepared, prepare, stamp_created, stamp_written};
use super::{entries, orders, partners, products, quants};

/// The values of one record.
pub(super) type Values = Map<String, Value>;

pub(super) async fn create_method(
    call: Call<'_>,
    model: &Model,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let given = arguments.required("create", 0, "vals_list")?;
    let single = given.as_object().is_some();
    let listed: Vec<Values> = match given.as_array() {
        Some(items) => items.iter().filter_map(Value::as_object).cloned().collect(),
        None => given.as_object().into_iter().cloned().collect(),
    };
    let ids = create_records(call, model, &listed).await?;
    Ok(Some(if single { json!(ids.first()) } else { json!(ids) }))
}

/// Creates records of any model; ids come back in the order of the values.
pub(super) async fn create_records(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    match model.name.as_str() {
        "sale.order" => Box::pin(orders::create(call, model, values)).await,
        "sale.order.line" => Box::pin(orders::create_lines(call, model, values)).await,
        "account.move" => Box::pin(entries::create(call, model, values)).await,
        "account.move.line" => entries::create_lines(call, model, values).await,
        "res.partner" => partners::create(call, model, values).await,
        "stock.quant" => quants::create(call, model, values).await,
        "product.template" => products::create_templates(call, model, values).await,
        "product.product" => Box::pin(products::create_variants(call, model, values)).await,
        _ => create_plain(call, model, values).await,
    }
}

/// Creates records of a model without defaults of its own.
pub(super) async fn create_plain(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    let mut prepared = prepare_all(model, values)?;
    let rows = prepared
        .iter_mut()
        .map(|record| {
            let mut row = std::mem::take(&mut record.columns);
            if model.fields.get("active").is_some_and(|field| field.stored) {
                row.entry("active").or_insert(Value::Bool(true));
            }
            stamp_created(&mut row, call.session);
            Value::Object(row)
        })
        .collect();
    let ids = insert(call, &model.table, rows).await?;
    write_links(call, &ids, &prepared).await?;
    Ok(ids)
}

/// Prepares the values of each record.
pub(super) fn prepare_all(model: &Model, values: &[Values]) -> Result<Vec<Prepared>, Refusal> {
    values.iter().map(|given| prepare(model, given)).collect()
}

/// Inserts finished rows.
pub(super) async fn insert(
    call: Call<'_>,
    table: &str,
    rows: Vec<Value>,
) -> Result<Vec<i32>, CallError> {
    call.column(sql!("sandbox/odoo/insert_rows.sql"), &[&table, &Value::Array(rows)]).await
}

/// What the table of a many2many is to hold for some records.
#[derive(Default)]
struct Relinked<'a> {
    parent_column: &'a str,
    child_column: &'a str,
    /// The records whose links are replaced.
    cleared: Vec<i32>,
    parents: Vec<i32>,
    children: Vec<i32>,
}

/// Sets the many2many fields that the values name.
pub(super) async fn write_links(
    call: Call<'_>,
    ids: &[i32],
    prepared: &[Prepared],
) -> Result<(), CallError> {
    let mut by_table: BTreeMap<&str, Relinked<'_>> = BTreeMap::new();
    for (id, record) in ids.iter().zip(prepared) {
        for (link, children) in record.links.values() {
            let relinked = by_table.entry(&link.table).or_default();
            relinked.parent_column = &link.parent_column;
            relinked.child_column = &link.child_column;
            relinked.cleared.push(*id);
            relinked.parents.extend(children.iter().map(|_| *id));
            relinked.children.extend(children);
        }
    }
    for (table, relinked) in by_table {
        let Relinked { parent_column, child_column, cleared, parents, children } = relinked;
        call.rows(sql!("sandbox/odoo/unlink_rows.sql"), &[&table, &parent_column, &cleared])
            .await?;
        call.rows(
            sql!("sandbox/odoo/link_rows.sql"),
            &[&table, &parent_column, &child_column, &parents, &children],
        )
        .await?;
    }
    Ok(())
}

pub(super) async fn write_method(
    call: Call<'_>,
    model: &Model,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    let values = arguments.required("write", 1, "vals")?.as_object().cloned().unwrap_or_default();
    let each = vec![values; ids.len()];
    write_records(call, model, &ids, &each).await?;
    Ok(Some(Value::Bool(true)))
}

/// Writes one set of values per record.
pub(super) async fn write_records(
    call: Call<'_>,
    model: &Model,
    ids: &[i32],
    values: &[Values],
) -> Result<(), CallError> {
    call.require(&model.name, ids).await?;
    match model.name.as_str() {
        "sale.order" => orders::check_write(call, ids, values).await?,
        "account.move" => entries::check_write(call, ids, values).await?,
        _ => {}
    }
    let prepared = prepare_all(model, values)?;
    // Records that name the same columns are written by one statement.
    let mut by_columns: BTreeMap<Vec<String>, Vec<Value>> = BTreeMap::new();
    for (id, record) in ids.iter().zip(&prepared) {
        let mut row = record.columns.clone();
        if model.name == "account.move.line" {
            // One decides about the others; they are written together later.
            row.retain(|column, _| !entries::AMOUNTS.contains(&column.as_str()));
        }
        let columns: Vec<String> = row.keys().cloned().collect();
        stamp_written(&mut row, call.session);
        row.insert("id".to_owned(), json!(id));
        by_columns.entry(columns).or_default().push(Value::Object(row));
    }
    for rows in by_columns.into_values() {
        call.rows(sql!("sandbox/odoo/update_rows.sql"), &[&model.table, &Value::Array(rows)])
            .await?;
    }
    write_links(call, ids, &prepared).await?;
    Box::pin(write_related(call, model, ids, &prepared)).await?;
    match model.name.as_str() {
        "res.partner" => partners::written(call, ids, values).await,
        "product.product" => products::written(call, ids, &prepared).await,
        "sale.order" => Box::pin(orders::written(call, ids, &prepared)).await,
        "sale.order.line" => orders::lines_written(call, ids).await,
        "account.move" => Box::pin(entries::written(call, ids, &prepared)).await,
        "account.move.line" => entries::lines_written(call, ids, &prepared).await,
        _ => Ok(()),
    }
}

/// Writes fields that other records keep, such as a template's fields given on its variant.
async fn write_related(
    call: Call<'_>,
    model: &Model,
    ids: &[i32],
    prepared: &[Prepared],
) -> Result<(), CallError> {
    if prepared.iter().all(|record| record.related.is_empty()) {
        return Ok(());
    }
    let rows = call.documents(sql!("sandbox/odoo/read_rows.sql"), &[&model.table, &ids]).await?;
    let mut targets: BTreeMap<&str, (Vec<i32>, Vec<Values>)> = BTreeMap::new();
    for (row, record) in rows.iter().zip(prepared) {
        for (through, values) in &record.related {
            let Some(end) = row.get(through) else {
                return Err(Refusal::not_simulated("writing through several records").into());
            };
            let (ends, each) = targets.entry(through).or_default();
            ends.push(database_id(end)?);
            each.push(values.clone());
        }
    }
    for (through, (ends, each)) in targets {
        let relation = model.field(through)?.relation.clone().unwrap_or_default();
        let target = call.model(&relation).await?;
        Box::pin(write_records(call, &target, &ends, &each)).await?;
    }
    Ok(())
}

pub(super) async fn unlink_method(
    call: Call<'_>,
    model: &Model,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    match model.name.as_str() {
        "sale.order" => orders::check_unlink(call, &ids).await?,
        "account.move" => entries::unlink_lines_of(call, &ids).await?,
        "account.move.line" => {
            entries::unlink_lines(call, &ids).await?;
            return Ok(Some(Value::Bool(true)));
        }
        _ => {}
    }
    call.rows(sql!("sandbox/odoo/delete_rows.sql"), &[&model.table, &ids]).await?;
    Ok(Some(Value::Bool(true)))
}

/// The commands of one2many fields, by what they do.
#[derive(Debug, Default)]
pub(super) struct SortedCommands {
    pub(super) create: Vec<Values>,
    pub(super) update: Vec<(i32, Values)>,
    pub(super) delete: Vec<i32>,
}

/// Sorts the commands of one record's children; new and linked children get their parent.
pub(super) fn sort_commands(
    sorted: &mut SortedCommands,
    commands: &[ChildCommand],
    inverse: &str,
    parent: i32,
) {
    let belonging = |values: &Values| {
        let mut values = values.clone();
        values.insert(inverse.to_owned(), json!(parent));
        values
    };
    for command in commands {
        match command {
            ChildCommand::Create(values) => sorted.create.push(belonging(values)),
            ChildCommand::Update(id, values) => sorted.update.push((*id, values.clone())),
            ChildCommand::Link(id) => sorted.update.push((*id, belonging(&Values::new()))),
            ChildCommand::Delete(id) => sorted.delete.push(*id),
        }
    }
}
