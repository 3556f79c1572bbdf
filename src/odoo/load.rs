//! The answers of `load`: ids, or which records it could not read, and why.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::faults::{Doubt, Fault};
use super::rpc::id;
use super::scrub::scrub;
use super::{Chatter, Denial, Sheet};

/// What `load` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Load {
    /// Every record is there, made now or before; their ids in the order in which they were sent.
    Loaded(Vec<i32>),
    /// Nothing was written, because of these records.
    Rejected(Vec<LoadMessage>),
    /// Nothing was written, because another transaction was faster. The same call, repeated, finds what that one made.
    Conflict,
}

/// Why `load` wrote nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadMessage {
    /// The place of the record among those sent; nothing if the message is about the call.
    pub record: Option<usize>,
    /// The rows of the record, first and last.
    pub rows: Option<(usize, usize)>,
    /// The field, as Odoo names it.
    pub field: Option<String>,
    /// Odoo's words, scrubbed.
    pub words: String,
}

/// Keys of the context that make times UTC and messages English, whatever the user has set; and, unless Odoo shall note
/// everything, those that keep a call from mailing people, subscribing its user and writing chatter.
pub(super) fn context(chatter: Chatter, company_id: Option<i32>) -> Map<String, Value> {
    let mut context = Map::new();
    context.insert("tz".to_owned(), json!("UTC"));
    context.insert("lang".to_owned(), json!("en_US"));
    match chatter {
        Chatter::Full => {}
        Chatter::Quiet => {
            for key in
                ["tracking_disable", "mail_create_nosubscribe", "mail_auto_subscribe_no_notify"]
            {
                context.insert(key.to_owned(), json!(true));
            }
            context.insert("mail_notify_force_send".to_owned(), json!(false));
        }
    }
    if let Some(company_id) = company_id {
        context.insert("allowed_company_ids".to_owned(), json!([company_id]));
    }
    context
}

/// The context in which `load` creates what is missing and leaves alone what is there.
pub(super) fn creating_context(chatter: Chatter, sheet: &Sheet) -> Map<String, Value> {
    let mut context = context(chatter, sheet.company_id());
    context.insert("mode".to_owned(), json!("update"));
    context.insert("noupdate".to_owned(), json!(true));
    context
}

#[derive(Deserialize)]
struct Answer {
    // `false` when nothing was written
    #[serde(default)]
    ids: Value,
    #[serde(default)]
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default, rename = "type")]
    severity: String,
    #[serde(default, rename = "message")]
    said: String,
    record: Option<usize>,
    rows: Option<Rows>,
    // `false` where no field is to blame
    #[serde(default)]
    field: Value,
}

#[derive(Deserialize)]
struct Rows {
    from: usize,
    to: usize,
}

/// Reads the answer to a call that sent `sent` records.
pub(super) fn read_answer(answer: Value, sent: usize) -> Result<Load, Fault> {
    let unreadable = || Fault::Ambiguous(Doubt::Shape("the answer of a load"));
    let answer: Answer = serde_json::from_value(answer).map_err(|_shape_error| unreadable())?;
    if let Value::Array(values) = &answer.ids {
        let ids: Vec<i32> = values.iter().filter_map(id).collect();
        return if ids.len() == sent { Ok(Load::Loaded(ids)) } else { Err(unreadable()) };
    }
    let errors: Vec<&Message> =
        answer.messages.iter().filter(|message| message.severity != "warning").collect();
    if errors.iter().any(|message| is_conflict(&message.said)) {
        return Ok(Load::Conflict);
    }
    if let Some(message) = errors.iter().find(|message| Denial::is_one(&message.said)) {
        return Err(Fault::NotAllowed(Box::new(Denial::read(&message.said))));
    }
    Ok(Load::Rejected(errors.into_iter().map(Message::read).collect()))
}

impl Message {
    fn read(&self) -> LoadMessage {
        LoadMessage {
            record: self.record,
            rows: self.rows.as_ref().map(|rows| (rows.from, rows.to)),
            field: self.field.as_str().map(str::to_owned),
            words: words(&self.said),
        }
    }
}

/// Odoo's words on a record. What psycopg2 said quotes the record itself: of that, only the class is kept.
fn words(message: &str) -> String {
    let postgres = message.find("psycopg2.").and_then(|start| message.get(start..));
    match postgres {
        Some(from_class) => {
            let ends = |each: char| !(each.is_alphanumeric() || each == '.' || each == '_');
            let class = from_class.split(ends).next().unwrap_or_default();
            format!("Odoo refused it with {class}")
        }
        None => scrub(message),
    }
}

/// What Postgres says to the slower of two transactions. `load` passes it on as a message, where every other method
/// of Odoo would have tried again.
fn is_conflict(message: &str) -> bool {
    ["could not serialize access", "deadlock detected", "could not obtain lock"]
        .iter()
        .any(|sentence| message.contains(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_in_order() {
        let answer = json!({"ids": [4, 9], "messages": [], "nextrow": 0});
        assert_eq!(read_answer(answer.clone(), 2), Ok(Load::Loaded(vec![4, 9])));
        assert!(matches!(read_answer(answer, 3), Err(Fault::Ambiguous(Doubt::Shape(_)))));
    }

    #[test]
    fn full_chatter_switches_nothing_off() {
        let keys = |chatter| context(chatter, Some(3)).into_iter().map(|(key, _)| key);
        let full: Vec<String> = keys(Chatter::Full).collect();
        assert_eq!(full, ["allowed_company_ids", "lang", "tz"]);
        assert!(keys(Chatter::Quiet).any(|key| key == "tracking_disable"));
    }

    #[test]
    fn a_warning_rejects_nothing() {
        let answer =
            json!({"ids": [4], "messages": [{"type": "warning", "message": "first wins"}]});
        assert_eq!(read_answer(answer, 1), Ok(Load::Loaded(vec![4])));
    }

    #[test]
    fn a_rejected_record_is_named() {
        let answer = json!({"ids": false, "nextrow": 0, "messages": [{
            "rows": {"from": 2, "to": 3}, "type": "error", "record": 1, "field": "order_line",
            "message": "No matching record found for database id '99999' in field 'Order Lines/Product'",
            "moreinfo": {"name": "Possible Values"}, "field_name": "Order Lines"}]});
        let Ok(Load::Rejected(messages)) = read_answer(answer, 2) else { panic!("not rejected") };
        assert_eq!((messages[0].record, messages[0].rows), (Some(1), Some((2, 3))));
        assert_eq!(messages[0].field.as_deref(), Some("order_line"));
        assert!(messages[0].words.contains("99999"));
    }

    #[test]
    fn the_slower_of_two_is_told_so() {
        let answer = json!({"ids": false, "messages": [{"rows": {"from": 0, "to": 1}, "record": 0,
            "type": "error", "message": "could not serialize access due to concurrent update\n"}]});
        assert_eq!(read_answer(answer, 1), Ok(Load::Conflict));
    }

    #[test]
    fn a_missing_right_is_no_matter_of_one_record() {
        let answer = json!({"ids": false, "messages": [{"record": 0, "type": "error",
            "message": "You are not allowed to create 'Contact' (res.partner) records.\n\nThis"}]});
        assert!(matches!(read_answer(answer, 1), Err(Fault::NotAllowed(_))));
    }

    #[test]
    fn words_of_postgres_are_not_kept() {
        let said =
            "Unknown error during import: <class 'psycopg2.errors.DataError'>: INSERT ('Ann')";
        assert_eq!(words(said), "Odoo refused it with psycopg2.errors.DataError");
    }
}
