//! `load`: create-if-missing by external id, in one transaction, with its own way of telling what went wrong.
//!
//! <https://github.com/odoo/odoo/blob/18.0/odoo/models.py>, `BaseModel.load` and `_load_records`.

use chrono::NaiveDateTime;
use deadpool_postgres::Transaction;
use serde_json::{Map, Value, json};
use tokio_postgres::error::{DbError, SqlState};

use super::arguments::Arguments;
use super::call::{Call, CallError, Session};
use super::convert::convert;
use super::extract::{Extracted, extract, read_path, touched_models};
use super::references::{References, Way, cell_text};
use super::refusal::{constraint_sentence, psycopg_text};
use super::registry::Model;
use super::save::load_records;
use super::values::DATETIME;
use super::write::Values;

/// Odoo gives up record by record after this many errors.
const MOST_ERRORS: usize = 10;

/// One record on its way in.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    pub(super) external_id: Option<String>,
    pub(super) database_id: Option<i32>,
    pub(super) values: Values,
    /// `rows` and `record`, which every message about it carries.
    info: Map<String, Value>,
}

/// Loads rows; errors of rows are messages in a result that is a success for JSON-RPC.
pub(super) async fn load(
    transaction: &mut Transaction<'_>,
    session: &Session,
    model: &Model,
    arguments: &Arguments,
) -> Result<Value, CallError> {
    let paths: Vec<Vec<String>> = arguments
        .required("load", 0, "fields")?
        .as_array()
        .into_iter()
        .flatten()
        .map(|column| read_path(&cell_text(column)))
        .collect();
    let rows: Vec<Vec<Value>> = arguments
        .required("load", 1, "data")?
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| row.as_array().cloned().unwrap_or_default())
        .collect();
    let mut messages = Vec::new();
    let batch = {
        let call = Call { transaction, session };
        incoming(call, model, &paths, &rows, &mut messages).await?
    };
    let mut whole = transaction.savepoint("load").await?;
    let ids = flush(&mut whole, session, model, &batch, &mut messages).await?;
    if messages.iter().any(|message| message.get("type").is_some_and(|kind| kind == "error")) {
        whole.rollback().await?;
        return Ok(json!({"ids": false, "messages": messages, "nextrow": 0}));
    }
    whole.commit().await?;
    Ok(json!({"ids": ids, "messages": messages, "nextrow": 0}))
}

/// Reads a moment as Odoo does: with seconds, or a date alone.
pub(super) fn readable_moment(text: &str) -> Option<String> {
    let full = if text.len() == 10 { format!("{text} 00:00:00") } else { text.to_owned() };
    NaiveDateTime::parse_from_str(&full, DATETIME).ok().map(|_| full)
}

/// Extracts, looks up and converts all rows.
async fn incoming(
    call: Call<'_>,
    model: &Model,
    paths: &[Vec<String>],
    rows: &[Vec<Value>],
    messages: &mut Vec<Value>,
) -> Result<Vec<Incoming>, CallError> {
    let models = touched_models(call, model, paths).await?;
    let extracted = extract(&models, &model.name, paths, rows)?;
    let references = References::find(call, &models, &model.name, &extracted).await?;
    let mut batch = Vec::new();
    for (place, record) in extracted.iter().enumerate() {
        let info = record_info(record, place);
        let (values, troubles) = convert(&models, model, record, &references);
        messages.extend(troubles.iter().map(|(field, trouble)| trouble.describe(field, &info)));
        let mut database_id = None;
        if let Some(given) = record.filled(".id") {
            let text = cell_text(given);
            database_id = references.resolve(&model.name, Way::DatabaseId, &text);
            if database_id.is_none() {
                let mut message = info.clone();
                message.insert("type".to_owned(), json!("error"));
                message.insert("field".to_owned(), json!(".id"));
                message.insert(
                    "message".to_owned(),
                    json!(format!("Unknown database identifier '{text}'")),
                );
                messages.push(Value::Object(message));
            }
        }
        let external_id = record.filled("id").map(|given| references.full(&cell_text(given)));
        batch.push(Incoming { external_id, database_id, values, info });
    }
    Ok(batch)
}

fn record_info(record: &Extracted, place: usize) -> Map<String, Value> {
    let (from, to) = record.rows;
    Map::from_iter([
        ("rows".to_owned(), json!({"from": from, "to": to})),
        ("record".to_owned(), json!(place)),
    ])
}

/// Saves all records at once, or, to find the bad ones, one by one.
async fn flush(
    whole: &mut Transaction<'_>,
    session: &Session,
    model: &Model,
    batch: &[Incoming],
    messages: &mut Vec<Value>,
) -> Result<Vec<i32>, CallError> {
    let shared = match save(whole, session, model, batch).await {
        Ok(ids) => return Ok(ids),
        Err(CallError::Refused(refusal)) if refusal.is_user_error() => {
            let info = batch.first().map(|record| record.info.clone()).unwrap_or_default();
            Some(message_about(info, "error", &refusal.message))
        }
        Err(CallError::Refused(_)) => None,
        Err(CallError::Database(error)) if error.as_db_error().is_some() => None,
        Err(CallError::Database(error)) => return Err(error.into()),
    };
    let mut ids = Vec::new();
    let mut errors = 0;
    for (place, record) in batch.iter().enumerate() {
        match save(whole, session, model, std::slice::from_ref(record)).await {
            Ok(saved) => ids.extend(saved),
            Err(error) => {
                messages.push(describe(model, record, error)?);
                errors += 1;
            }
        }
        if errors >= MOST_ERRORS && errors * 10 > place {
            messages.push(json!({
                "type": "warning",
                "message": "Found more than 10 errors and more than one error per 10 records, interrupted to avoid \
                            showing too many errors.",
            }));
            break;
        }
    }
    if let Some(message) = shared.filter(|message| errors > 0 && !messages.contains(message)) {
        messages.insert(0, message);
    }
    Ok(ids)
}

fn message_about(mut info: Map<String, Value>, kind: &str, text: &str) -> Value {
    info.insert("type".to_owned(), json!(kind));
    info.insert("message".to_owned(), json!(text));
    Value::Object(info)
}

/// What `load` says of a record that could not be saved.
fn describe(model: &Model, record: &Incoming, error: CallError) -> Result<Value, CallError> {
    let info = record.info.clone();
    match error {
        CallError::Refused(refusal) if refusal.is_user_error() => {
            Ok(message_about(info, "error", &refusal.message))
        }
        CallError::Refused(refusal) => {
            let mut message = info;
            message.insert("moreinfo".to_owned(), json!("Resolve other errors first"));
            Ok(message_about(message, "error", &refusal.unexpected()))
        }
        CallError::Database(error) => match error.as_db_error() {
            Some(refused) => Ok(describe_refused(model, info, refused)),
            None => Err(error.into()),
        },
    }
}

/// `PGERROR_TO_OE`: some constraints have words of their own.
fn describe_refused(model: &Model, mut info: Map<String, Value>, error: &DbError) -> Value {
    if *error.code() == SqlState::NOT_NULL_VIOLATION {
        let column = error.column().unwrap_or_default();
        let table = error.table().unwrap_or_default();
        if table != model.table {
            let text = format!(
                "Missing required value for the field '{column}' on a linked model [{table}]"
            );
            return message_about(info, "error", &text);
        }
        let label = model.fields.get(column).map_or(column, |field| field.label.as_str());
        info.insert("field".to_owned(), json!(column));
        let text = format!("Missing required value for the field '{label}' ({column})");
        return message_about(info, "error", &text);
    }
    if *error.code() == SqlState::CHECK_VIOLATION
        && let Some(sentence) = error.constraint().and_then(constraint_sentence)
    {
        return message_about(info, "error", &format!("'{sentence}'"));
    }
    message_about(info, "error", &psycopg_text(error))
}

/// Saves records inside a savepoint of their own.
async fn save(
    whole: &mut Transaction<'_>,
    session: &Session,
    model: &Model,
    batch: &[Incoming],
) -> Result<Vec<i32>, CallError> {
    let savepoint = whole.savepoint("records").await?;
    let result =
        Box::pin(load_records(Call { transaction: &savepoint, session }, model, batch)).await;
    match result {
        Ok(ids) => {
            savepoint.commit().await?;
            Ok(ids)
        }
        Err(error) => {
            savepoint.rollback().await?;
            Err(error)
        }
    }
}
