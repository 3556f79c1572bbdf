//! Search domains: Polish notation in, a checked tree out, which Postgres turns into a condition.

use serde_json::{Value, json};

use super::call::{Call, CallError};
use super::refusal::Refusal;
use super::registry::{FieldKind, Model};
use super::values::python_repr;

/// The operators that a leaf may use, and the tree understands.
const OPERATORS: [&str; 14] = [
    "=",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "in",
    "not in",
    "like",
    "not like",
    "ilike",
    "not ilike",
    "=like",
    "=ilike",
];

/// Reads a domain of a model. Archived records stay out unless the domain or the context asks for them.
pub(super) async fn read_domain(
    call: Call<'_>,
    model: &Model,
    domain: Option<&Value>,
) -> Result<Value, CallError> {
    let terms = domain.and_then(Value::as_array).cloned().unwrap_or_default();
    // Operators stand before their operands: reading backwards, an operator finds its operands on the stack.
    let mut stack: Vec<Value> = Vec::new();
    for term in terms.iter().rev() {
        let joined = match term.as_str() {
            Some("!") => stack.pop().map(|part| json!({"not": part})),
            Some(operator @ ("&" | "|")) => {
                let key = if operator == "&" { "all" } else { "any" };
                let (first, second) = (stack.pop(), stack.pop());
                first.zip(second).map(|pair| json!({key: [pair.0, pair.1]}))
            }
            _ => Some(Box::pin(read_leaf(call, model, term)).await?),
        };
        let Some(joined) = joined else {
            return Err(Refusal::value(format!(
                "Domain {} is not correct",
                python_repr(&json!(terms))
            ))
            .into());
        };
        stack.push(joined);
    }
    let asks_for_archived = terms
        .iter()
        .any(|term| term.get(0).and_then(Value::as_str).is_some_and(|name| name == "active"));
    if call.session.context.hides_archived()
        && !asks_for_archived
        && model.fields.get("active").is_some_and(|field| field.stored)
    {
        stack.push(json!({"column": "active", "operator": "=", "value": true}));
    }
    Ok(json!({"all": stack}))
}

async fn read_leaf(call: Call<'_>, model: &Model, term: &Value) -> Result<Value, CallError> {
    let parts = term.as_array().map(Vec::as_slice).unwrap_or_default();
    let [left, operator, value] = parts else {
        return Err(Refusal::value(format!("Invalid leaf {}", python_repr(term))).into());
    };
    let (Some(path), Some(operator)) = (left.as_str(), operator.as_str()) else {
        return Err(Refusal::value(format!("Invalid leaf {}", python_repr(term))).into());
    };
    let operator = if operator == "<>" { "!=" } else { operator };
    if !OPERATORS.contains(&operator) {
        return Err(Refusal::value(format!("Invalid leaf {}", python_repr(term))).into());
    }
    let tuple = format!("('{path}', '{operator}', {})", python_repr(value));
    let (first, rest) =
        path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let Some(field) = model.fields.get(first) else {
        return Err(Refusal::value(format!(
            "Invalid field {}.{first} in leaf {tuple}",
            model.name
        ))
        .into());
    };
    // A field that another record keeps is searched there.
    let way = match (&field.related, rest) {
        (Some((through, kept_as)), None) => Some((through.as_str(), kept_as.as_str())),
        (None, Some(rest)) => Some((first, rest)),
        (None, None) => None,
        (Some(_), Some(_)) => {
            return Err(Refusal::not_simulated("a path through a related field").into());
        }
    };
    if let Some((through, name)) = way {
        let column = model.field(through)?;
        let (FieldKind::Many2one, Some(relation)) = (column.kind, column.relation.as_deref())
        else {
            return Err(Refusal::not_simulated("a search through several records").into());
        };
        let target = call.model(relation).await?;
        let inner = json!([name, operator, value]);
        let inner = Box::pin(read_leaf(call, &target, &inner)).await?;
        return Ok(json!({"through": {"column": through, "table": target.table, "where": inner}}));
    }
    let Some((column, key)) = field.column() else {
        return Err(Refusal::not_simulated("a search by a field without a column").into());
    };
    Ok(json!({
        "column": column,
        "key": key,
        "boolean": field.kind == FieldKind::Boolean,
        "operator": operator,
        "value": value,
    }))
}

/// Reads an `order` such as `date_order desc, id`.
pub(super) fn read_ordering(model: &Model, order: &str) -> Result<Value, Refusal> {
    let mut columns = Vec::new();
    for part in order.split(',') {
        let mut words = part.split_whitespace();
        let name = words.next().unwrap_or_default();
        let descending = words.next().is_some_and(|word| word.eq_ignore_ascii_case("desc"));
        let field = model.field(name)?;
        let Some((column, _)) = field.column() else {
            return Err(Refusal::value(format!(
                "Cannot convert {}.{name} to SQL because it is not stored",
                model.name
            )));
        };
        columns.push(json!({"column": column, "descending": descending}));
    }
    Ok(json!(columns))
}
