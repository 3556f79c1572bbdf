//! What a model is made of, read from `ir_model` and `ir_model_fields`.

use std::collections::BTreeMap;

use super::call::{Call, CallError};
use super::refusal::Refusal;

/// The types of fields that the simulated models have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// `char`, `text` and `html`.
    Text,
    Integer,
    /// `float` and `monetary`.
    Float,
    Boolean,
    Date,
    Datetime,
    Selection,
    Many2one,
    One2many,
    Many2many,
    /// A company dependent value, or any other document.
    Json,
}

impl FieldKind {
    fn from_ttype(ttype: &str) -> Self {
        match ttype {
            "integer" => Self::Integer,
            "float" | "monetary" => Self::Float,
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "datetime" => Self::Datetime,
            "selection" => Self::Selection,
            "many2one" => Self::Many2one,
            "one2many" => Self::One2many,
            "many2many" => Self::Many2many,
            "json" => Self::Json,
            _ => Self::Text,
        }
    }

    /// Whether the value is another record, or several.
    pub(super) fn is_relational(self) -> bool {
        matches!(self, Self::Many2one | Self::One2many | Self::Many2many)
    }
}

/// The table of a many2many.
#[derive(Debug, Clone)]
pub(super) struct LinkTable {
    pub(super) table: String,
    pub(super) parent_column: String,
    pub(super) child_column: String,
}

/// One field of a model.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: FieldKind,
    /// What people call it.
    pub(super) label: String,
    /// The model at the other end.
    pub(super) relation: Option<String>,
    /// The many2one that points back from the other end.
    pub(super) inverse: Option<String>,
    pub(super) link: Option<LinkTable>,
    /// The field through which, and the field as which, it is kept elsewhere.
    pub(super) related: Option<(String, String)>,
    /// Whether it is a column of the model's own table.
    pub(super) stored: bool,
    /// The column of a value by company, where that is not the field's own.
    pub(super) kept_in: Option<String>,
    /// Whether the column is `{"en_US": …}`.
    pub(super) translated: bool,
    /// The values of a selection with what people see.
    pub(super) choices: Vec<(String, String)>,
}

impl Field {
    /// The column of the model's own table that holds the value, and the key within it where it is a document.
    pub(super) fn column(&self) -> Option<(&str, Option<&'static str>)> {
        match &self.kept_in {
            Some(column) => Some((column, Some("1"))),
            None if !self.stored => None,
            None => Some((&self.name, self.translated.then_some("en_US"))),
        }
    }
}

/// One model.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) name: String,
    pub(super) table: String,
    pub(super) label: String,
    /// The columns it is sorted by when nobody says otherwise.
    pub(super) ordering: String,
    pub(super) fields: BTreeMap<String, Field>,
}

impl Model {
    /// A field, or the refusal that create, write and read share.
    pub(super) fn field(&self, name: &str) -> Result<&Field, Refusal> {
        self.fields.get(name).ok_or_else(|| {
            Refusal::value(format!("Invalid field '{name}' on model '{}'", self.name))
        })
    }
}

impl Call<'_> {
    /// The description of a model, if there is one by that name.
    pub(super) async fn find_model(&self, name: &str) -> Result<Option<Model>, CallError> {
        let described = self.rows(sql!("sandbox/odoo/model.sql"), &[&name]).await?;
        let Some(row) = described.first() else { return Ok(None) };
        let mut fields = BTreeMap::new();
        for row in self.rows(sql!("sandbox/odoo/model_fields.sql"), &[&name]).await? {
            let field = read_field(&row)?;
            fields.insert(field.name.clone(), field);
        }
        Ok(Some(Model {
            name: name.to_owned(),
            table: name.replace('.', "_"),
            label: row.try_get("label")?,
            ordering: row.try_get("ordering")?,
            fields,
        }))
    }

    /// The description of a model that has to be there.
    pub(super) async fn model(&self, name: &str) -> Result<Model, CallError> {
        self.find_model(name)
            .await?
            .ok_or_else(|| Refusal::user(format!("Object {name} doesn't exist")).into())
    }
}

fn read_field(row: &tokio_postgres::Row) -> Result<Field, tokio_postgres::Error> {
    let link = match (
        row.try_get::<_, Option<String>>("relation_table")?,
        row.try_get::<_, Option<String>>("column1")?,
        row.try_get::<_, Option<String>>("column2")?,
    ) {
        (Some(table), Some(parent_column), Some(child_column)) => {
            Some(LinkTable { table, parent_column, child_column })
        }
        _ => None,
    };
    let related = row.try_get::<_, Option<String>>("related")?.and_then(|path| {
        path.split_once('.').map(|(through, name)| (through.to_owned(), name.to_owned()))
    });
    let codes: Vec<String> = row.try_get("codes")?;
    let labels: Vec<String> = row.try_get("labels")?;
    Ok(Field {
        name: row.try_get("name")?,
        kind: FieldKind::from_ttype(row.try_get("ttype")?),
        label: row.try_get("label")?,
        relation: row.try_get("relation")?,
        inverse: row.try_get("relation_field")?,
        link,
        related,
        stored: row.try_get("stored")?,
        kept_in: row.try_get("kept_in")?,
        translated: row.try_get("translated")?,
        choices: codes.into_iter().zip(labels).collect(),
    })
}
