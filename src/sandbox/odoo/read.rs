//! `read`: rows as Odoo shows them, with `false` for nothing and `[id, name]` for a many2one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::call::{Call, CallError};
use super::registry::{Field, FieldKind, Model};

/// The names of records, by table.
type Names = BTreeMap<String, BTreeMap<i64, String>>;

pub(super) async fn read_method(
    call: Call<'_>,
    model: &Model,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    let records =
        read_records(call, model, &ids, arguments.field_names(1), arguments.with_names()).await?;
    Ok(Some(Value::Array(records)))
}

/// Reads fields of records, or all fields; an id that does not exist is left out.
pub(super) async fn read_records(
    call: Call<'_>,
    model: &Model,
    ids: &[i32],
    names: Option<Vec<String>>,
    with_names: bool,
) -> Result<Vec<Value>, CallError> {
    let names = names.unwrap_or_else(|| model.fields.keys().cloned().collect());
    let rows = call.documents(sql!("sandbox/odoo/read_rows.sql"), &[&model.table, &ids]).await?;
    let mut shown: Vec<Map<String, Value>> = rows
        .iter()
        .map(|row| Map::from_iter([("id".to_owned(), row.get("id").cloned().unwrap_or_default())]))
        .collect();
    for name in &names {
        let field = model.field(name)?;
        let values = Box::pin(field_values(call, model, field, &rows)).await?;
        let titles = if with_names && field.kind == FieldKind::Many2one {
            titles(call, field, &values).await?
        } else {
            Names::new()
        };
        for (record, value) in shown.iter_mut().zip(values) {
            record.insert(name.clone(), show(field, value, with_names, &titles));
        }
    }
    Ok(shown.into_iter().map(Value::Object).collect())
}

/// The raw value of a field for each row.
async fn field_values(
    call: Call<'_>,
    model: &Model,
    field: &Field,
    rows: &[Value],
) -> Result<Vec<Value>, CallError> {
    let ids: Vec<i32> = rows.iter().filter_map(|row| integer(row.get("id"))).collect();
    if let Some((through, kept_as)) = &field.related {
        return related_values(call, model, through, kept_as, rows).await;
    }
    if let Some(column) = &field.kept_in {
        let by_company = rows.iter().map(|row| row.get(column).and_then(|kept| kept.get("1")));
        return Ok(by_company.map(|value| value.cloned().unwrap_or_default()).collect());
    }
    if field.name == "display_name" {
        let names = display_names(call, &model.table, &ids).await?;
        return Ok(ids.iter().map(|id| json!(names.get(&i64::from(*id)))).collect());
    }
    let ends = match (&field.link, field.kind, &field.relation, &field.inverse) {
        (Some(link), _, _, _) => {
            Some((link.table.clone(), link.parent_column.clone(), link.child_column.clone()))
        }
        (None, FieldKind::One2many, Some(relation), Some(inverse)) => {
            Some((relation.replace('.', "_"), inverse.clone(), "id".to_owned()))
        }
        _ => None,
    };
    if let Some((table, parent_column, child_column)) = ends {
        let mut listed: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
        for row in call
            .rows(sql!("sandbox/odoo/children.sql"), &[&table, &parent_column, &child_column, &ids])
            .await?
        {
            listed.entry(row.try_get("parent")?).or_default().push(row.try_get("child")?);
        }
        return Ok(ids
            .iter()
            .map(|id| json!(listed.get(id).cloned().unwrap_or_default()))
            .collect());
    }
    Ok(rows.iter().map(|row| row.get(&field.name).cloned().unwrap_or_default()).collect())
}

/// The values of a field that another record keeps; several records at the other end show nothing.
async fn related_values(
    call: Call<'_>,
    model: &Model,
    through: &str,
    kept_as: &str,
    rows: &[Value],
) -> Result<Vec<Value>, CallError> {
    let way = model.field(through)?;
    let steps = Box::pin(field_values(call, model, way, rows)).await?;
    let ends: Vec<Option<i32>> = steps
        .iter()
        .map(|step| match step.as_array().map(Vec::as_slice) {
            Some([single]) => integer(Some(single)),
            Some(_) => None,
            None => integer(Some(step)),
        })
        .collect();
    let target = call.model(way.relation.as_deref().unwrap_or_default()).await?;
    let wanted: Vec<i32> =
        ends.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let kept =
        call.documents(sql!("sandbox/odoo/read_rows.sql"), &[&target.table, &wanted]).await?;
    let values = Box::pin(field_values(call, &target, target.field(kept_as)?, &kept)).await?;
    let by_id: BTreeMap<i32, Value> =
        kept.iter().filter_map(|row| integer(row.get("id"))).zip(values).collect();
    Ok(ends
        .iter()
        .map(|end| end.and_then(|id| by_id.get(&id).cloned()).unwrap_or_default())
        .collect())
}

async fn titles(call: Call<'_>, field: &Field, values: &[Value]) -> Result<Names, CallError> {
    let Some(relation) = &field.relation else { return Ok(Names::new()) };
    let ids: BTreeSet<i32> = values.iter().filter_map(|value| integer(Some(value))).collect();
    let ids: Vec<i32> = ids.into_iter().collect();
    let names = display_names(call, &relation.replace('.', "_"), &ids).await?;
    Ok(Names::from_iter([(relation.clone(), names)]))
}

async fn display_names(
    call: Call<'_>,
    table: &str,
    ids: &[i32],
) -> Result<BTreeMap<i64, String>, CallError> {
    let mut names = BTreeMap::new();
    for row in call.rows(sql!("sandbox/odoo/display_names.sql"), &[&table, &ids]).await? {
        let name: Option<String> = row.try_get("name")?;
        names.insert(i64::from(row.try_get::<_, i32>("id")?), name.unwrap_or_default());
    }
    Ok(names)
}

/// A raw value as `read` shows it.
fn show(field: &Field, value: Value, with_names: bool, titles: &Names) -> Value {
    if value.is_null() {
        return match field.kind {
            FieldKind::Integer => json!(0),
            FieldKind::Float => json!(0.0),
            FieldKind::One2many | FieldKind::Many2many => json!([]),
            FieldKind::Text
            | FieldKind::Boolean
            | FieldKind::Date
            | FieldKind::Datetime
            | FieldKind::Selection
            | FieldKind::Many2one
            | FieldKind::Json => Value::Bool(false),
        };
    }
    match field.kind {
        FieldKind::Float => value.as_f64().map_or(value, |number| json!(number)),
        FieldKind::Text if field.translated => value.get("en_US").cloned().unwrap_or(value),
        FieldKind::Json => value.get("1").cloned().unwrap_or(Value::Bool(false)),
        FieldKind::Datetime => json!(shown_moment(value.as_str().unwrap_or_default())),
        FieldKind::Many2one if with_names => {
            let name = field
                .relation
                .as_ref()
                .and_then(|relation| titles.get(relation))
                .zip(value.as_i64())
                .and_then(|(names, id)| names.get(&id));
            json!([value, name])
        }
        FieldKind::Text
        | FieldKind::Integer
        | FieldKind::Boolean
        | FieldKind::Date
        | FieldKind::Selection
        | FieldKind::Many2one
        | FieldKind::One2many
        | FieldKind::Many2many => value,
    }
}

/// Odoo shows no fraction of a second and no `T`.
fn shown_moment(iso: &str) -> String {
    let whole = iso.split_once('.').map_or(iso, |(whole, _)| whole);
    whole.replace('T', " ")
}

fn integer(value: Option<&Value>) -> Option<i32> {
    value.and_then(Value::as_i64).and_then(|id| i32::try_from(id).ok())
}
