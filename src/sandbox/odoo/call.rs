//! One call: its transaction, who makes it, and in which context.

use chrono::NaiveDateTime;
use deadpool_postgres::Transaction;
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::refusal::Refusal;

/// Why a call has no result.
#[derive(Debug)]
pub(super) enum CallError {
    /// Odoo says no.
    Refused(Refusal),
    /// Postgres says no: a conflict that is worth another try, or a constraint.
    Database(tokio_postgres::Error),
}

impl From<Refusal> for CallError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<tokio_postgres::Error> for CallError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error)
    }
}

/// The `context` keyword of a call.
#[derive(Debug, Clone, Default)]
pub(super) struct Context(pub(super) Map<String, Value>);

impl Context {
    /// Whether a key holds something that Python would call true.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(is_truthy)
    }

    /// The text under a key.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    /// Whether archived records are left out, which is the rule.
    pub(super) fn hides_archived(&self) -> bool {
        self.0.get("active_test").is_none_or(is_truthy)
    }
}

/// Python's `bool(value)`.
pub(super) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

/// Who calls, how, and when.
#[derive(Debug)]
pub(super) struct Session {
    /// The id in `res_users`.
    pub(super) uid: i32,
    /// Whether the caller holds Odoo's administration rights.
    pub(super) is_admin: bool,
    /// The context of the call.
    pub(super) context: Context,
    /// The start of the transaction: what Odoo writes as `create_date` and `write_date`.
    pub(super) now: NaiveDateTime,
}

/// A session inside a transaction, or inside a savepoint of one.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) session: &'a Session,
}

impl Call<'_> {
    /// Runs a query of `sql/sandbox/odoo`; prepared once per connection.
    pub(super) async fn rows(
        &self,
        statement: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, CallError> {
        let prepared = self.transaction.prepare_cached(statement).await?;
        Ok(self.transaction.query(&prepared, parameters).await?)
    }

    /// Runs a query for its one column of JSON.
    pub(super) async fn documents(
        &self,
        statement: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Value>, CallError> {
        self.column(statement, parameters).await
    }

    /// Runs a query for its first column.
    pub(super) async fn column<T>(
        &self,
        statement: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<T>, CallError>
    where
        T: for<'b> tokio_postgres::types::FromSql<'b>,
    {
        let rows = self.rows(statement, parameters).await?;
        rows.iter().map(|row| row.try_get(0).map_err(CallError::from)).collect()
    }

    /// Refuses ids of a model that do not exist, as reading them in Odoo does.
    pub(super) async fn require(&self, model: &str, ids: &[i32]) -> Result<(), CallError> {
        let table = model.replace('.', "_");
        let missing: Vec<i32> =
            self.column(sql!("sandbox/odoo/missing_ids.sql"), &[&table, &ids]).await?;
        match missing.first() {
            None => Ok(()),
            Some(first) => Err(Refusal::missing(model, &[*first], self.session.uid).into()),
        }
    }
}
