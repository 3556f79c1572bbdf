//! JSON-RPC as Odoo speaks it: HTTP 200 for every application error, and no `result` at all for `None`.

use serde_json::{Value, json};

use super::refusal::Refusal;

/// A call as it came.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) id: Value,
    pub(super) service: String,
    pub(super) method: String,
    pub(super) arguments: Vec<Value>,
}

/// What is wrong with a body.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// Not JSON, or not an object: HTTP 400.
    NotJson,
    /// JSON that lacks parameters: an application error.
    Incomplete(Value, Refusal),
}

/// Reads a body.
pub(super) fn read_request(body: &[u8]) -> Result<Request, Unreadable> {
    let Ok(Value::Object(envelope)) = serde_json::from_slice(body) else {
        return Err(Unreadable::NotJson);
    };
    let id = envelope.get("id").cloned().unwrap_or(Value::Null);
    let parameter = |name: &str| envelope.get("params").and_then(|given| given.get(name)).cloned();
    let (service, method, arguments) =
        (parameter("service"), parameter("method"), parameter("args"));
    let missing: Vec<&str> = [("service", &service), ("method", &method), ("args", &arguments)]
        .iter()
        .filter(|(_, value)| value.is_none())
        .map(|(name, _)| *name)
        .collect();
    if !missing.is_empty() {
        return Err(Unreadable::Incomplete(id, missing_parameters(&missing)));
    }
    let text = |value: Option<Value>| match value {
        Some(Value::String(text)) => text,
        other => other.unwrap_or_default().to_string(),
    };
    Ok(Request {
        id,
        service: text(service),
        method: text(method),
        arguments: arguments.and_then(|given| given.as_array().cloned()).unwrap_or_default(),
    })
}

fn missing_parameters(names: &[&str]) -> Refusal {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let listed = match quoted.as_slice() {
        [single] => single.clone(),
        [first, second] => format!("{first} and {second}"),
        [firsts @ .., last] => format!("{}, and {last}", firsts.join(", ")),
        [] => String::new(),
    };
    let plural = if names.len() == 1 { "" } else { "s" };
    Refusal::type_error(format!(
        "RPC.jsonrpc() missing {} required positional argument{plural}: {listed}",
        names.len()
    ))
}

/// The body of a success; `None` leaves the key out, as Odoo does.
pub(super) fn success(id: &Value, result: Option<Value>) -> Value {
    match result {
        Some(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
        None => json!({"jsonrpc": "2.0", "id": id}),
    }
}

/// The body of an application error.
pub(super) fn failure(id: &Value, refusal: &Refusal) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "error": {
        "code": 200,
        "message": "Odoo Server Error",
        "data": {
            "name": refusal.class,
            "debug": refusal.traceback(),
            "message": refusal.message,
            "arguments": [refusal.message],
            "context": {},
        },
    }})
}

/// What werkzeug says of a path that it does not know.
pub(super) const NOT_FOUND_PAGE: &str = "<!DOCTYPE html>\n<html>\n    <head>\n        \
    <meta charset=\"utf-8\"/>\n        <title>404 Not Found</title>\n    </head>\n    <body>\n        \
    <h1>Page not found</h1>\n    </body>\n</html>\n";
