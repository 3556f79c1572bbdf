//! The positional and keyword arguments of `execute_kw`.

use serde_json::{Map, Value};

use super::call::Context;
use super::refusal::Refusal;

/// What a method is called with.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    positional: Vec<Value>,
    keyword: Map<String, Value>,
}

impl Arguments {
    /// From the sixth and seventh element of `execute_kw`'s arguments.
    pub(super) fn new(positional: Option<&Value>, keyword: Option<&Value>) -> Self {
        Self {
            positional: positional.and_then(Value::as_array).cloned().unwrap_or_default(),
            keyword: keyword.and_then(Value::as_object).cloned().unwrap_or_default(),
        }
    }

    /// The context among the keywords.
    pub(super) fn context(&self) -> Context {
        Context(self.keyword.get("context").and_then(Value::as_object).cloned().unwrap_or_default())
    }

    /// An argument by its place or its name; null and false count as not given.
    pub(super) fn optional(&self, place: usize, name: &str) -> Option<&Value> {
        self.positional
            .get(place)
            .or_else(|| self.keyword.get(name))
            .filter(|value| !value.is_null() && value.as_bool() != Some(false))
    }

    /// An argument that Python would miss.
    pub(super) fn required(
        &self,
        method: &str,
        place: usize,
        name: &str,
    ) -> Result<&Value, Refusal> {
        self.positional.get(place).or_else(|| self.keyword.get(name)).ok_or_else(|| {
            Refusal::type_error(format!(
                "{method}() missing 1 required positional argument: '{name}'"
            ))
        })
    }

    /// The records a method is called on: the first positional argument, one id or a list.
    pub(super) fn ids(&self) -> Result<Vec<i32>, Refusal> {
        let given = self.positional.first().or_else(|| self.keyword.get("ids"));
        match given {
            Some(Value::Array(items)) => items.iter().map(database_id).collect(),
            Some(single) => Ok(vec![database_id(single)?]),
            None => Ok(Vec::new()),
        }
    }

    /// A list of field names.
    pub(super) fn field_names(&self, place: usize) -> Option<Vec<String>> {
        let listed = self.optional(place, "fields")?.as_array()?;
        (!listed.is_empty())
            .then(|| listed.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Whether many2one fields are read as `[id, name]`, which is the rule.
    pub(super) fn with_names(&self) -> bool {
        self.keyword.get("load").is_none_or(|load| load.as_str() == Some("_classic_read"))
    }
}

/// A JSON value as a record's id.
pub(super) fn database_id(value: &Value) -> Result<i32, Refusal> {
    value
        .as_i64()
        .and_then(|id| i32::try_from(id).ok())
        .ok_or_else(|| Refusal::type_error(format!("{value} is not the id of a record")))
}
