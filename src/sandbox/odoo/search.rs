//! `search`, `search_read` and `search_count`.

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::call::{Call, CallError};
use super::domain_tree::{read_domain, read_ordering};
use super::read::read_records;
use super::registry::Model;

/// Where the arguments of a search stand: `search_read` has `fields` second.
struct Places {
    offset: usize,
    limit: usize,
    order: usize,
}

pub(super) async fn search_method(
    call: Call<'_>,
    model: &Model,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let places = Places { offset: 1, limit: 2, order: 3 };
    Ok(Some(json!(search(call, model, arguments, &places).await?)))
}

pub(super) async fn search_read_method(
    call: Call<'_>,
    model: &Model,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let places = Places { offset: 2, limit: 3, order: 4 };
    let ids = search(call, model, arguments, &places).await?;
    let records =
        read_records(call, model, &ids, arguments.field_names(1), arguments.with_names()).await?;
    Ok(Some(Value::Array(records)))
}

pub(super) async fn search_count_method(
    call: Call<'_>,
    model: &Model,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let tree = read_domain(call, model, arguments.optional(0, "domain")).await?;
    let found: Vec<i64> =
        call.column(sql!("sandbox/odoo/count_ids.sql"), &[&model.table, &tree]).await?;
    Ok(Some(json!(found.first())))
}

async fn search(
    call: Call<'_>,
    model: &Model,
    arguments: &Arguments,
    places: &Places,
) -> Result<Vec<i32>, CallError> {
    let tree = read_domain(call, model, arguments.optional(0, "domain")).await?;
    let number = |place, name| arguments.optional(place, name).and_then(Value::as_i64);
    let offset = number(places.offset, "offset").unwrap_or_default();
    // As in Odoo, 0 is no limit.
    let limit = number(places.limit, "limit").filter(|limit| *limit != 0);
    let order = arguments.optional(places.order, "order").and_then(Value::as_str);
    let ordering = read_ordering(model, order.unwrap_or(&model.ordering))?;
    call.column(
        sql!("sandbox/odoo/search_ids.sql"),
        &[&model.table, &tree, &ordering, &offset, &limit],
    )
    .await
}
