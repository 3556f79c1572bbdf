//! `load`, second step: what cells refer to is looked up for all records at once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::call::{Call, CallError};
use super::external_ids::{self, Known};
use super::extract::{Cell, Extracted, Models};
use super::registry::{Field, FieldKind};

/// The records that cells name, as far as they exist.
#[derive(Debug, Default)]
pub(super) struct References {
    /// Database ids that exist, by model.
    database_ids: BTreeMap<String, BTreeSet<i32>>,
    external_ids: BTreeMap<String, Known>,
    /// By model and shown name.
    names: BTreeMap<(String, String), i32>,
    /// Wall clock times of the caller's zone as UTC.
    moments: BTreeMap<String, String>,
    zone: String,
    module: String,
}

/// How a cell refers to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    DatabaseId,
    ExternalId,
    Name,
}

impl Way {
    /// By the sub-column.
    pub(super) fn from_column(column: &str) -> Option<Self> {
        match column {
            ".id" => Some(Self::DatabaseId),
            "id" => Some(Self::ExternalId),
            "" => Some(Self::Name),
            _ => None,
        }
    }

    /// The word of Odoo's messages.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::DatabaseId => "database id",
            Self::ExternalId => "external id",
            Self::Name => "name",
        }
    }
}

#[derive(Debug, Default)]
struct Wanted {
    database_ids: BTreeMap<String, BTreeSet<i32>>,
    external_ids: BTreeSet<String>,
    names: BTreeMap<String, BTreeSet<String>>,
    moments: BTreeSet<String>,
}

/// A cell as text, whatever JSON type it came as.
pub(super) fn cell_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl References {
    /// Looks up everything that the records refer to.
    pub(super) async fn find(
        call: Call<'_>,
        models: &Models,
        model: &str,
        records: &[Extracted],
    ) -> Result<Self, CallError> {
        let context = &call.session.context;
        let mut found = Self {
            zone: context.text("tz").unwrap_or("UTC").to_owned(),
            module: context.text("module").unwrap_or("__import__").to_owned(),
            ..Self::default()
        };
        let mut wanted = Wanted::default();
        for record in records {
            if let Some(id) = record.filled(".id") {
                found.want(&mut wanted, model, Way::DatabaseId, id);
            }
            found.collect(&mut wanted, models, model, record);
        }
        for (relation, ids) in wanted.database_ids {
            let listed: Vec<i32> = ids.iter().copied().collect();
            let table = relation.replace('.', "_");
            let missing: Vec<i32> =
                call.column(sql!("sandbox/odoo/missing_ids.sql"), &[&table, &listed]).await?;
            let there = ids.into_iter().filter(|id| !missing.contains(id)).collect();
            found.database_ids.insert(relation, there);
        }
        let external: Vec<String> = wanted.external_ids.into_iter().collect();
        found.external_ids = external_ids::find(call, &external).await?;
        for (relation, names) in wanted.names {
            let listed: Vec<String> = names.into_iter().collect();
            let table = relation.replace('.', "_");
            for row in call.rows(sql!("sandbox/odoo/find_by_name.sql"), &[&table, &listed]).await? {
                let key = (relation.clone(), row.try_get("name")?);
                found.names.entry(key).or_insert(row.try_get("id")?);
            }
        }
        found.find_moments(call, wanted.moments).await?;
        Ok(found)
    }

    async fn find_moments(
        &mut self,
        call: Call<'_>,
        moments: BTreeSet<String>,
    ) -> Result<(), CallError> {
        if self.zone == "UTC" || moments.is_empty() {
            return Ok(());
        }
        let shown: Vec<String> = moments.into_iter().collect();
        let utc: Vec<String> =
            call.column(sql!("sandbox/odoo/to_utc.sql"), &[&shown, &self.zone]).await?;
        self.moments = shown.into_iter().zip(utc).collect();
        Ok(())
    }

    fn collect(&self, wanted: &mut Wanted, models: &Models, model: &str, record: &Extracted) {
        let Some(described) = models.get(model) else { return };
        for (name, cell) in &record.cells {
            let Some(field) = described.fields.get(name).filter(|_| name != "id") else { continue };
            match cell {
                Cell::Plain(value) if field.kind == FieldKind::Datetime => {
                    if let Some(moment) = super::load::readable_moment(&cell_text(value)) {
                        wanted.moments.insert(moment);
                    }
                }
                Cell::Plain(_) => {}
                Cell::Records(below) => self.collect_below(wanted, models, field, below),
            }
        }
    }

    fn collect_below(
        &self,
        wanted: &mut Wanted,
        models: &Models,
        field: &Field,
        below: &[Extracted],
    ) {
        let relation = field.relation.as_deref().unwrap_or_default();
        for record in below {
            for (column, cell) in &record.cells {
                let (Some(way), Cell::Plain(value)) = (Way::from_column(column), cell) else {
                    continue;
                };
                if field.kind == FieldKind::Many2many {
                    for part in cell_text(value).split(',') {
                        self.want(wanted, relation, way, &Value::String(part.to_owned()));
                    }
                } else {
                    self.want(wanted, relation, way, value);
                }
            }
            self.collect(wanted, models, relation, record);
        }
    }

    fn want(&self, wanted: &mut Wanted, relation: &str, way: Way, value: &Value) {
        let text = cell_text(value);
        match way {
            Way::DatabaseId => {
                if let Ok(id) = text.trim().parse() {
                    wanted.database_ids.entry(relation.to_owned()).or_default().insert(id);
                }
            }
            Way::ExternalId => {
                wanted.external_ids.insert(self.full(&text));
            }
            Way::Name => {
                wanted.names.entry(relation.to_owned()).or_default().insert(text);
            }
        }
    }

    /// The full form of an external id.
    pub(super) fn full(&self, external_id: &str) -> String {
        let (module, name) = external_ids::split(external_id, &self.module);
        format!("{module}.{name}")
    }

    /// The record that a cell names, if it exists.
    pub(super) fn resolve(&self, relation: &str, way: Way, text: &str) -> Option<i32> {
        match way {
            Way::DatabaseId => {
                let id = text.trim().parse().ok()?;
                self.database_ids.get(relation)?.contains(&id).then_some(id)
            }
            Way::ExternalId => self
                .external_ids
                .get(&self.full(text))
                .filter(|known| known.model == relation)
                .map(|known| known.id),
            Way::Name => self.names.get(&(relation.to_owned(), text.to_owned())).copied(),
        }
    }

    /// A time of the caller's zone as UTC.
    pub(super) fn utc(&self, moment: String) -> String {
        self.moments.get(&moment).cloned().unwrap_or(moment)
    }
}
