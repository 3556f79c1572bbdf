//! `load`, last step: records are created, updated or left alone (`_load_records`).

use std::collections::BTreeMap;

use super::access;
use super::arguments::database_id;
use super::call::{Call, CallError};
use super::external_ids::{self, Known};
use super::load::Incoming;
use super::refusal::Refusal;
use super::registry::Model;
use super::write::{Values, create_records, write_records};

/// Where the id of a record comes from.
enum Source {
    /// It is known.
    Known(i32),
    /// It is that of the n-th new record.
    New(usize),
}

/// What is to be done with the records of a call.
#[derive(Default)]
struct Sorted<'a> {
    /// One per record, in their order.
    sources: Vec<Source>,
    written: (Vec<i32>, Vec<Values>),
    missing: Vec<&'a Incoming>,
    /// The place of an external id among the missing: given twice, it is still one record.
    places: BTreeMap<&'a str, usize>,
}

/// Creates what is missing, updates what may be updated, and answers the ids in the order of the records.
pub(super) async fn load_records(
    call: Call<'_>,
    model: &Model,
    batch: &[Incoming],
) -> Result<Vec<i32>, CallError> {
    let updating = call.session.context.text("mode") == Some("update");
    let named: Vec<String> = batch.iter().filter_map(|record| record.external_id.clone()).collect();
    let existing = external_ids::find(call, &named).await?;
    let mut sorted = Sorted::default();
    for record in batch {
        sorted.add(model, record, &existing, updating)?;
    }
    let Sorted { sources, written, missing, .. } = sorted;
    if !written.0.is_empty() {
        access::require(call, model, "write").await?;
        write_records(call, model, &written.0, &written.1).await?;
    }
    let created = create_named(call, model, &missing).await?;
    let ids = sources.into_iter().map(|source| match source {
        Source::Known(id) => Some(id),
        Source::New(place) => created.get(place).copied(),
    });
    ids.map(|id| id.ok_or_else(|| Refusal::key("record").into())).collect()
}

impl<'a> Sorted<'a> {
    fn add(
        &mut self,
        model: &Model,
        record: &'a Incoming,
        existing: &BTreeMap<String, Known>,
        updating: bool,
    ) -> Result<(), Refusal> {
        let named = record.external_id.as_ref().map(|name| (name, existing.get(name)));
        match (named, record.database_id) {
            (Some((external_id, Some(known))), _) => {
                check_model(model, external_id, known)?;
                self.sources.push(Source::Known(known.id));
                if !(updating && known.noupdate) {
                    self.write(known.id, record);
                }
            }
            (Some((external_id, None)), _) => {
                let next = self.missing.len();
                let place = *self.places.entry(external_id).or_insert(next);
                if place == next {
                    self.missing.push(record);
                }
                self.sources.push(Source::New(place));
            }
            (None, Some(id)) => {
                self.sources.push(Source::Known(id));
                self.write(id, record);
            }
            // What Odoo stumbles over: nothing was made of such a record.
            (None, None) if updating => return Err(Refusal::key("record")),
            (None, None) => {
                self.sources.push(Source::New(self.missing.len()));
                self.missing.push(record);
            }
        }
        Ok(())
    }

    fn write(&mut self, id: i32, record: &Incoming) {
        self.written.0.push(id);
        self.written.1.push(record.values.clone());
    }
}

fn check_model(model: &Model, external_id: &str, known: &Known) -> Result<(), Refusal> {
    if known.model == model.name {
        return Ok(());
    }
    Err(Refusal::validation(format!(
        "For external id {external_id} when trying to create/update a record of model {} found record of different \
         model {} ({})",
        model.name, known.model, known.id
    )))
}

/// Creates records with their external ids; a variant that brings a template names it too.
async fn create_named(
    call: Call<'_>,
    model: &Model,
    records: &[&Incoming],
) -> Result<Vec<i32>, CallError> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    access::require(call, model, "create").await?;
    let values: Vec<Values> = records.iter().map(|record| record.values.clone()).collect();
    let ids = create_records(call, model, &values).await?;
    if model.name == "product.product" {
        let rows =
            call.documents(sql!("sandbox/odoo/read_rows.sql"), &[&model.table, &ids]).await?;
        let mut templates = Vec::new();
        for (record, row) in records.iter().zip(&rows) {
            let brings_template =
                record.values.get("product_tmpl_id").is_none_or(|given| !given.is_number());
            if let (Some(external_id), true, Some(template)) =
                (&record.external_id, brings_template, row.get("product_tmpl_id"))
            {
                let template = database_id(template)?;
                templates.push((format!("{external_id}_product_template"), template));
            }
        }
        external_ids::assign(call, "product.template", &templates).await?;
    }
    let named: Vec<(String, i32)> = records
        .iter()
        .zip(&ids)
        .filter_map(|(record, id)| record.external_id.clone().map(|external_id| (external_id, *id)))
        .collect();
    external_ids::assign(call, &model.name, &named).await?;
    Ok(ids)
}
