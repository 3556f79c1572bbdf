//! `product.template` and its variants, `product.product`, each of which brings the other.

use serde_json::{Value, json};

use super::arguments::database_id;
use super::call::{Call, CallError};
use super::refusal::Refusal;
use super::registry::Model;
use super::values::{Prepared, stamp_created};
use super::write::{Values, insert, prepare_all, write_links};

/// Creates templates, each with its one variant.
pub(super) async fn create_templates(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    let prepared = prepare_all(model, values)?;
    let codes: Vec<Values> = prepared
        .iter()
        .map(|record| {
            let mut variant =
                record.related.get("product_variant_ids").cloned().unwrap_or_default();
            if let Some(code) = record.columns.get("default_code") {
                variant.insert("default_code".to_owned(), code.clone());
            }
            variant
        })
        .collect();
    let templates = insert_templates(call, model, prepared).await?;
    let variants = templates
        .iter()
        .zip(codes)
        .map(|(template, mut row)| {
            row.insert("product_tmpl_id".to_owned(), json!(template));
            row
        })
        .collect();
    insert_variants(call, variants).await?;
    Ok(templates)
}

/// Creates variants; one that names no template brings its own.
pub(super) async fn create_variants(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    let prepared = prepare_all(model, values)?;
    let template_model = call.model("product.template").await?;
    let wanted: Vec<Values> = prepared
        .iter()
        .filter(|record| names_no_template(record))
        .map(|record| {
            let mut template = record.related.get("product_tmpl_id").cloned().unwrap_or_default();
            if let Some(code) = record.columns.get("default_code") {
                template.insert("default_code".to_owned(), code.clone());
            }
            template
        })
        .collect();
    let templates = prepare_all(&template_model, &wanted)?;
    let mut new_templates = insert_templates(call, &template_model, templates).await?.into_iter();
    let mut rows = Vec::new();
    for record in prepared {
        let is_alone = names_no_template(&record);
        let mut row = record.columns;
        if is_alone {
            row.insert("product_tmpl_id".to_owned(), json!(new_templates.next()));
        }
        rows.push(row);
    }
    insert_variants(call, rows).await
}

fn names_no_template(record: &Prepared) -> bool {
    record.columns.get("product_tmpl_id").is_none_or(Value::is_null)
}

async fn insert_templates(
    call: Call<'_>,
    model: &Model,
    mut prepared: Vec<Prepared>,
) -> Result<Vec<i32>, CallError> {
    let rows: Vec<Value> = prepared
        .iter_mut()
        .map(|record| {
            let mut row = std::mem::take(&mut record.columns);
            stamp_created(&mut row, call.session);
            Value::Object(row)
        })
        .collect();
    let completed =
        call.documents(sql!("sandbox/odoo/template_defaults.sql"), &[&Value::Array(rows)]).await?;
    let ids = insert(call, &model.table, completed).await?;
    write_links(call, &ids, &prepared).await?;
    let untaxed: Vec<i32> = ids
        .iter()
        .zip(&prepared)
        .filter(|(_, record)| !record.links.contains_key("taxes_id"))
        .map(|(id, _)| *id)
        .collect();
    call.rows(sql!("sandbox/odoo/template_taxes.sql"), &[&untaxed]).await?;
    Ok(ids)
}

async fn insert_variants(call: Call<'_>, rows: Vec<Values>) -> Result<Vec<i32>, CallError> {
    let barcodes = barcodes_of(&rows);
    let mut templates = Vec::new();
    let mut stamped = Vec::new();
    for mut row in rows {
        if let Some(template) = row.get("product_tmpl_id") {
            templates.push(database_id(template)?);
        }
        stamp_created(&mut row, call.session);
        stamped.push(Value::Object(row));
    }
    let completed = call
        .documents(sql!("sandbox/odoo/variant_defaults.sql"), &[&Value::Array(stamped)])
        .await?;
    let ids = insert(call, "product_product", completed).await?;
    call.rows(sql!("sandbox/odoo/variant_codes.sql"), &[&templates]).await?;
    check_barcodes(call, &barcodes).await?;
    Ok(ids)
}

fn barcodes_of(rows: &[Values]) -> Vec<String> {
    rows.iter()
        .filter_map(|row| row.get("barcode").and_then(Value::as_str))
        .map(str::to_owned)
        .collect()
}

/// Odoo keeps barcodes apart in Python, not by a constraint.
async fn check_barcodes(call: Call<'_>, barcodes: &[String]) -> Result<(), CallError> {
    if barcodes.is_empty() {
        return Ok(());
    }
    let clashes = call.rows(sql!("sandbox/odoo/barcode_clashes.sql"), &[&barcodes]).await?;
    if clashes.is_empty() {
        return Ok(());
    }
    let mut lines = Vec::new();
    for row in &clashes {
        let (barcode, names): (String, String) = (row.try_get("barcode")?, row.try_get("names")?);
        lines.push(format!("- Barcode \"{barcode}\" already assigned to product(s): {names}"));
    }
    Err(Refusal::validation(format!(
        "Barcode(s) already assigned:\n\n{}\n\nNote: products that you don't have access to will not be shown above.",
        lines.join("\n")
    ))
    .into())
}

/// Renews the templates' copies of what was written on their variants.
pub(super) async fn written(
    call: Call<'_>,
    ids: &[i32],
    prepared: &[Prepared],
) -> Result<(), CallError> {
    let columns: Vec<Values> = prepared.iter().map(|record| record.columns.clone()).collect();
    check_barcodes(call, &barcodes_of(&columns)).await?;
    if columns.iter().any(|row| row.contains_key("default_code")) {
        let rows =
            call.documents(sql!("sandbox/odoo/read_rows.sql"), &[&"product_product", &ids]).await?;
        let templates: Vec<i32> = rows
            .iter()
            .filter_map(|row| row.get("product_tmpl_id"))
            .map(database_id)
            .collect::<Result<_, _>>()?;
        call.rows(sql!("sandbox/odoo/variant_codes.sql"), &[&templates]).await?;
    }
    Ok(())
}
